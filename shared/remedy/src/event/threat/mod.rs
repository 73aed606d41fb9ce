//! What a finding of `GuardDuty` says of the other end: the same whether `GuardDuty` sends it itself, or
//! Security Hub does in ASFF or OCSF.

mod asff;
mod ocsf;
mod service;

use std::net::IpAddr;

pub(super) use self::{
    asff::{is_guardduty_asff, of_asff},
    ocsf::{is_guardduty_ocsf, of_ocsf},
    service::{additional_info, of_service},
};
use super::shape::short;
use crate::{Direction, Host, Peer, Role, Threat};

/// How the ARN of the product ends that `GuardDuty` is to Security Hub, in ASFF and in OCSF.
pub(crate) const PRODUCT: &str = "/aws/guardduty";

/// What is said of one other end. Texts are from outside, and empty where nothing is said.
#[derive(Debug, Clone, Copy, Default)]
struct Seen<'a> {
    /// Its address, which must be one.
    address: &'a str,
    /// Its name, which counts only if it can be one in DNS.
    domain: &'a str,
    direction: Direction,
    blocked: bool,
}

impl Seen<'_> {
    fn hosts(&self) -> Result<impl Iterator<Item = Host> + use<>, String> {
        let address = address(self.address)?.map(Host::Address);
        Ok(address.into_iter().chain(domain(self.domain).map(Host::Domain)))
    }
}

/// The threat with these parts, each peer and list once.
fn threat<'a>(
    role: Role,
    seen: impl IntoIterator<Item = Seen<'a>>,
    lists: &[String],
) -> Result<Threat, String> {
    let mut peers = Vec::new();
    for seen in seen {
        let Seen { direction, blocked, .. } = seen;
        peers.extend(seen.hosts()?.map(|host| Peer { host, direction, blocked }));
    }
    let lists = lists.iter().filter(|name| !name.trim().is_empty());
    let lists = lists.map(|name| short(name, 256)).collect();
    Ok(ordered(Threat { role, peers, lists }))
}

/// What two findings about the same say together.
pub(super) fn joined(one: Option<Threat>, other: Option<Threat>) -> Option<Threat> {
    let (mut one, other) = match (one, other) {
        (Some(one), Some(other)) => (one, other),
        (one, other) => return one.or(other),
    };
    if one.role != other.role {
        one.role = Role::Unknown;
    }
    one.peers.extend(other.peers);
    one.lists.extend(other.lists);
    Some(ordered(one))
}

/// Security Hub tells in another order than `GuardDuty`, and twice; neither says anything.
fn ordered(mut threat: Threat) -> Threat {
    threat.peers.sort_unstable();
    threat.peers.dedup();
    threat.lists.sort_unstable();
    threat.lists.dedup();
    threat
}

fn role(text: &str) -> Role {
    match text.to_ascii_uppercase().as_str() {
        "TARGET" => Role::Target,
        "ACTOR" => Role::Actor,
        _ => Role::Unknown,
    }
}

/// `INBOUND` and `OUTBOUND` are `GuardDuty`'s words; ASFF documents `IN` and `OUT`.
fn direction(text: &str) -> Direction {
    match text.to_ascii_uppercase().as_str() {
        "INBOUND" | "IN" => Direction::Inbound,
        "OUTBOUND" | "OUT" => Direction::Outbound,
        _ => Direction::Unknown,
    }
}

/// The address that `text` is; none if it is empty. An IPv4 address in IPv6's clothes is the IPv4 address.
fn address(text: &str) -> Result<Option<IpAddr>, String> {
    if text.is_empty() {
        return Ok(None);
    }
    let address: Result<IpAddr, _> = text.parse();
    let address = address.map_err(|_| format!("`{}` is no IP address", short(text, 50)))?;
    Ok(Some(address.to_canonical()))
}

/// The name that `text` is, as we write names, if it can be one in DNS. Malware asks for all kinds of
/// things, and what is no name is no peer.
fn domain(text: &str) -> Option<String> {
    let name = text.strip_suffix('.').unwrap_or(text).to_ascii_lowercase();
    let is_label = |label: &str| {
        (1..=63).contains(&label.len())
            && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
    };
    let is_name = name.len() <= 253
        && name.contains('.')
        && name.split('.').all(is_label)
        && name.parse::<IpAddr>().is_err();
    is_name.then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_domain_is_what_dns_could_answer() {
        for (text, expected) in [
            ("bad.example.com", "bad.example.com"),
            ("BAD.Example.COM.", "bad.example.com"),
            ("_x-1._tcp.example.com", "_x-1._tcp.example.com"),
        ] {
            assert_eq!(domain(text).as_deref(), Some(expected));
        }
        let long_label = format!("{}.example.com", "x".repeat(64));
        let long_name = format!("{}com", "abcdefg.".repeat(32));
        for text in [
            "",
            ".",
            "..",
            "localhost",
            "bad..example.com",
            ".example.com",
            "bad.example.com..",
            "bad example.com",
            "bad.example.com/x",
            "bäd.example.com",
            "bad.example.com\n",
            "192.0.2.1",
            &long_label,
            &long_name,
        ] {
            assert_eq!(domain(text), None, "{text}");
        }
    }

    #[test]
    fn an_address_is_empty_or_one() {
        assert_eq!(address(""), Ok(None));
        for (text, expected) in [
            ("192.0.2.1", "192.0.2.1"),
            ("2001:DB8::1", "2001:db8::1"),
            ("::ffff:192.0.2.1", "192.0.2.1"),
        ] {
            assert_eq!(address(text), Ok(Some(expected.parse().unwrap())));
        }
        for text in ["x", "192.0.2.444", "192.0.2.0/24", " "] {
            assert_eq!(address(text), Err(format!("`{text}` is no IP address")));
        }
    }

    #[test]
    fn a_host_is_told_once_for_each_direction_and_lists_once() {
        let seen = |address, direction| Seen { address, direction, ..Seen::default() };
        let told = threat(
            Role::Target,
            [
                seen("2001:db8::1", Direction::Inbound),
                seen("192.0.2.1", Direction::Outbound),
                seen("", Direction::Inbound),
                seen("192.0.2.1", Direction::Inbound),
                seen("192.0.2.1", Direction::Inbound),
            ],
            &["b", "a", "", " ", "b"].map(String::from),
        )
        .unwrap();
        let peers: Vec<_> =
            told.peers.iter().map(|peer| (peer.host.to_string(), peer.direction)).collect();
        assert_eq!(
            peers,
            [
                ("192.0.2.1".into(), Direction::Inbound),
                ("192.0.2.1".into(), Direction::Outbound),
                ("2001:db8::1".into(), Direction::Inbound),
            ]
        );
        assert_eq!(told.lists, ["a", "b"]);
    }

    #[test]
    fn the_name_of_a_list_is_one_short_line() {
        let name = format!("x\n{}", "y".repeat(500));
        let told = threat(Role::Unknown, [], &[name]).unwrap();
        assert!(told.lists[0].chars().count() == 256 && !told.lists[0].contains('\n'));
    }

    #[test]
    fn what_is_joined_keeps_a_role_only_if_both_agree() {
        let of = |role| Some(Threat { role, ..Threat::default() });
        let target = of(Role::Target);
        assert_eq!(joined(target.clone(), of(Role::Target)), target);
        assert_eq!(joined(target.clone(), of(Role::Actor)), of(Role::Unknown));
        assert_eq!(joined(target.clone(), None), target);
        assert_eq!(joined(None, target.clone()), target);
        assert_eq!(joined(None, None), None);
    }
}
