//! One rule of a security group: which traffic, with whom.

use std::{fmt, str::FromStr};

use ipnet::{Ipv4Net, Ipv6Net};
use remedy::Tags;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// A rule, as EC2 keeps it: exactly one source each.
///
/// Written `tcp/22 from 0.0.0.0/0`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Rule {
    /// `sgr-...`; empty for a rule that is not made yet.
    pub id: String,
    /// What it lets through.
    pub traffic: Traffic,
    /// From whom, or to whom.
    pub peer: Peer,
    /// Text from outside; given back when the rule is.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub description: String,
    /// The rule's own tags, not the group's; given back when the rule is.
    #[serde(default, skip_serializing_if = "Tags::is_empty")]
    pub tags: Tags,
}

impl Rule {
    /// Whether both let the same traffic through to the same peer: a group cannot hold both.
    pub fn grants_the_same(&self, other: &Self) -> bool {
        self.traffic == other.traffic && self.peer == other.peer
    }

    /// The rule once it is put back: AWS gives it another id.
    #[must_use]
    pub fn made_again(self) -> Self {
        Self { id: String::new(), ..self }
    }

    /// The tags that can be given with the rule when it is made; only AWS gives those of its own.
    pub fn own_tags(&self) -> Tags {
        let own = self.tags.iter().filter(|(key, _)| !key.starts_with("aws:"));
        own.map(|(key, value)| (key.clone(), value.clone())).collect()
    }

    /// As a list entry of `--ip-permissions`.
    pub fn permission(&self) -> Value {
        let (protocol, from, to) = self.traffic.fields();
        let mut permission = json!({ "IpProtocol": protocol });
        if let (Some(from), Some(to)) = (from, to) {
            permission["FromPort"] = from.into();
            permission["ToPort"] = to.into();
        }
        let (list, key, value) = match &self.peer {
            Peer::V4(net) => ("IpRanges", "CidrIp", net.to_string()),
            Peer::V6(net) => ("Ipv6Ranges", "CidrIpv6", net.to_string()),
            Peer::PrefixList(id) => ("PrefixListIds", "PrefixListId", id.clone()),
            Peer::Group { id, .. } => ("UserIdGroupPairs", "GroupId", id.clone()),
        };
        let mut entry = json!({ key: value });
        if let Peer::Group { account: Some(account), .. } = &self.peer {
            entry["UserId"] = account.clone().into();
        }
        if !self.description.is_empty() {
            entry["Description"] = self.description.clone().into();
        }
        permission[list] = json!([entry]);
        permission
    }
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} from {}", self.traffic, self.peer)
    }
}

/// Who is on the other end.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Peer {
    /// IPv4 addresses.
    V4(Ipv4Net),
    /// IPv6 addresses.
    V6(Ipv6Net),
    /// A list of addresses, `pl-...`, kept elsewhere.
    PrefixList(String),
    /// Whoever is in another security group, `sg-...`.
    Group {
        /// The group.
        id: String,
        /// Its account, if that is another one.
        account: Option<String>,
    },
}

impl fmt::Display for Peer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::V4(net) => write!(f, "{net}"),
            Self::V6(net) => write!(f, "{net}"),
            Self::PrefixList(id) | Self::Group { id, account: None } => f.write_str(id),
            Self::Group { id, account: Some(account) } => write!(f, "{id} of {account}"),
        }
    }
}

/// What a rule lets through.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Traffic {
    /// Everything.
    All,
    /// TCP to these ports.
    Tcp(u16, u16),
    /// UDP to these ports.
    Udp(u16, u16),
    /// ICMP: type and code, -1 for any. A type is not a port.
    Icmp(i32, i32),
    /// `ICMPv6`: type and code, -1 for any.
    Icmp6(i32, i32),
    /// Another protocol, by its number. It has no ports, so it reaches whatever listens.
    Protocol(u8),
}

impl Traffic {
    /// What EC2 means by a protocol and its `FromPort` and `ToPort`; `None` if it means nothing.
    ///
    /// Protocols come by name or number, and ports may be missing or -1 for all of them
    /// ([`IpPermission`](https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_IpPermission.html)).
    pub fn of(protocol: &str, from: Option<i32>, to: Option<i32>) -> Option<Self> {
        let ports = || match (from.unwrap_or(-1), to.unwrap_or(-1)) {
            (-1, _) => Some((0, u16::MAX)),
            (first, last) => {
                let (first, last) = (u16::try_from(first).ok()?, u16::try_from(last).ok()?);
                (first <= last).then_some((first, last))
            }
        };
        let (kind, code) = (from.unwrap_or(-1), to.unwrap_or(-1));
        match protocol.to_ascii_lowercase().as_str() {
            "-1" | "all" => Some(Self::All),
            "tcp" | "6" => ports().map(|(first, last)| Self::Tcp(first, last)),
            "udp" | "17" => ports().map(|(first, last)| Self::Udp(first, last)),
            "icmp" | "1" => Some(Self::Icmp(kind, code)),
            "icmpv6" | "58" => Some(Self::Icmp6(kind, code)),
            number => number.parse().ok().map(Self::Protocol),
        }
    }

    /// The protocol, `FromPort` and `ToPort` that EC2 takes it by.
    pub fn fields(&self) -> (String, Option<i32>, Option<i32>) {
        let ported = |name: &str, first: i32, last: i32| (name.into(), Some(first), Some(last));
        match *self {
            Self::All => ("-1".into(), None, None),
            Self::Tcp(first, last) => ported("tcp", first.into(), last.into()),
            Self::Udp(first, last) => ported("udp", first.into(), last.into()),
            Self::Icmp(kind, code) => ported("icmp", kind, code),
            Self::Icmp6(kind, code) => ported("icmpv6", kind, code),
            Self::Protocol(number) => (number.to_string(), None, None),
        }
    }
}

impl fmt::Display for Traffic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ranged = |f: &mut fmt::Formatter<'_>, name, first, last| match first == last {
            true => write!(f, "{name}/{first}"),
            false => write!(f, "{name}/{first}-{last}"),
        };
        let typed = |f: &mut fmt::Formatter<'_>, name, kind, code| match (kind, code) {
            (-1, _) => write!(f, "{name}"),
            (kind, -1) => write!(f, "{name} type {kind}"),
            (kind, code) => write!(f, "{name} type {kind} code {code}"),
        };
        match *self {
            Self::All => f.write_str("all traffic"),
            Self::Tcp(first, last) => ranged(f, "tcp", first, last),
            Self::Udp(first, last) => ranged(f, "udp", first, last),
            Self::Icmp(kind, code) => typed(f, "icmp", kind, code),
            Self::Icmp6(kind, code) => typed(f, "icmpv6", kind, code),
            Self::Protocol(number) => write!(f, "protocol {number}"),
        }
    }
}

/// Reads what [`Display`](fmt::Display) writes. For tests and the command line, not for AWS's answers.
impl FromStr for Rule {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("`{text}` is no rule; write it like `tcp/22 from 0.0.0.0/0`");
        let (traffic, peer) = text.split_once(" from ").ok_or_else(wrong)?;
        let traffic = traffic.parse().map_err(|()| wrong())?;
        let peer = peer.parse().map_err(|()| wrong())?;
        Ok(Self { id: String::new(), traffic, peer, description: String::new(), tags: Tags::new() })
    }
}

impl FromStr for Traffic {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let words: Vec<&str> = text.split([' ', '/', '-']).collect();
        let number = |text: &str| text.parse::<i32>().ok();
        match words.as_slice() {
            ["all", "traffic"] => Some(Self::All),
            ["protocol", number] => number.parse().ok().map(Self::Protocol),
            [name @ ("icmp" | "icmpv6")] => Self::of(name, None, None),
            [name @ ("icmp" | "icmpv6"), "type", kind] => Self::of(name, number(kind), None),
            [name, "type", kind, "code", code] => Self::of(name, number(kind), number(code)),
            [name @ ("tcp" | "udp"), port] => Self::of(name, number(port), number(port)),
            [name @ ("tcp" | "udp"), first, last] => Self::of(name, number(first), number(last)),
            _ => None,
        }
        .ok_or(())
    }
}

impl FromStr for Peer {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        if text.starts_with("pl-") {
            return Ok(Self::PrefixList(text.into()));
        }
        if text.starts_with("sg-") {
            let (id, account) = match text.split_once(" of ") {
                Some((id, account)) => (id, Some(account.to_owned())),
                None => (text, None),
            };
            return Ok(Self::Group { id: id.into(), account });
        }
        let v4 = text.parse().map(|net: Ipv4Net| Self::V4(net.trunc()));
        v4.or_else(|_| text.parse().map(|net: Ipv6Net| Self::V6(net.trunc()))).map_err(drop)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_read_as_they_are_written() {
        for text in [
            "tcp/22 from 0.0.0.0/0",
            "udp/0-65535 from sg-1",
            "all traffic from ::/0",
            "icmp from 10.0.0.0/8",
            "icmp type 3 code 4 from 10.0.0.0/8",
            "icmpv6 type 128 from ::/0",
            "protocol 50 from pl-1",
            "tcp/443 from sg-1 of 444455556666",
        ] {
            assert_eq!(text.parse::<Rule>().map(|r| r.to_string()).as_deref(), Ok(text));
        }
    }

    #[test]
    fn protocols_are_the_same_by_name_and_by_number_with_and_without_ports() {
        let all_tcp = Some(Traffic::Tcp(0, 65535));
        for (protocol, from, to, expected) in [
            ("tcp", Some(22), Some(22), Some(Traffic::Tcp(22, 22))),
            ("6", Some(22), Some(22), Some(Traffic::Tcp(22, 22))),
            ("TCP", None, None, all_tcp.clone()),
            ("tcp", Some(-1), Some(-1), all_tcp.clone()),
            ("tcp", Some(0), Some(65535), all_tcp),
            ("17", Some(53), Some(53), Some(Traffic::Udp(53, 53))),
            ("-1", Some(-1), Some(-1), Some(Traffic::All)),
            ("-1", None, None, Some(Traffic::All)),
            ("1", Some(8), Some(-1), Some(Traffic::Icmp(8, -1))),
            ("58", Some(-1), Some(-1), Some(Traffic::Icmp6(-1, -1))),
            ("50", Some(-1), Some(-1), Some(Traffic::Protocol(50))),
            ("50", Some(22), Some(22), Some(Traffic::Protocol(50))),
            ("tcp", Some(70_000), Some(70_001), None),
            ("sctp?", None, None, None),
        ] {
            assert_eq!(Traffic::of(protocol, from, to), expected, "{protocol} {from:?}-{to:?}");
        }
    }
}
