//! Takes entries out of a network ACL that let the world in to SSH or RDP and to nothing else, once a person
//! agrees.
//!
//! An entry that lets more in, such as all traffic, is left to a person: without it everything else would stop at
//! the subnets' door. So is what stands in a VPC's own first ACL, which the control does not look at.

use remedy::{
    Case, Hold, Left, Plan, Remediation, Risk, Settings, Severity, Spec, Trigger, Undo, Wrong,
};

use super::{AclChange, AclEntry, NetworkAcl, NetworkAclId, some_of};

/// See the [module](self).
#[derive(Debug)]
pub struct CloseNetworkAcl;

impl Remediation for CloseNetworkAcl {
    type Facet = NetworkAcl;

    const SPEC: Spec = Spec {
        id: "ec2/close_network_acl",
        title: "Delete entries of a network ACL that let the world in to SSH or RDP",
        triggers: &[
            Trigger::control("EC2.21"),
            Trigger::config_rule("NACL_NO_UNRESTRICTED_SSH_RDP"),
        ],
        severity: Severity::Medium,
        risk: Risk::Interrupts,
        parameters: &[],
        undo: Undo::Yes,
        care: "Only entries for these ports and nothing else go, and only once a person agrees. A wider entry is left, with what would narrow it.",
        since: "0.4.0",
    };

    fn configured(_: &Settings) -> Result<Self, Wrong> {
        Ok(Self)
    }

    fn plan(&self, acl: &NetworkAcl, case: &Case<'_>) -> Plan<AclChange> {
        let Some(id) = self.target(case.signal).filter(|_| !acl.is_default) else {
            return Plan::none();
        };
        let mut plan = Plan::none();
        for entry in acl.ingress.iter().filter(|entry| lets_in(entry)) {
            if is_narrow(entry) {
                plan.changes.push(AclChange::Delete(entry.clone()));
                continue;
            }
            plan.left
                .push(Left { what: entry.to_string(), why: Hold::ByHand { why: WIDE.into() } });
            plan.by_hand.extend(narrower(&id, entry, &case.signal.place.region));
        }
        plan.asking(why(acl))
    }
}

/// SSH and RDP.
const PORTS: [i32; 2] = [22, 3389];

const WIDE: &str =
    "it lets in more than SSH and RDP, which would stop with it; put narrower entries in its place";

/// Whether an entry lets the world in to one of the ports.
fn lets_in(AclEntry { allows, protocol, from, ports, .. }: &AclEntry) -> bool {
    let is_world = ["0.0.0.0/0", "::/0"].contains(&from.as_str());
    let reaches = match (protocol, ports) {
        (-1, _) | (6, None) => true,
        (6, Some((first, last))) => PORTS.iter().any(|port| (first..=last).contains(&port)),
        _ => false,
    };
    *allows && is_world && reaches
}

/// Whether it lets in to nothing else.
fn is_narrow(entry: &AclEntry) -> bool {
    entry.protocol == 6
        && entry.ports.is_some_and(|(first, last)| first == last && PORTS.contains(&first))
}

fn why(acl: &NetworkAcl) -> String {
    let before = match acl.subnets.as_slice() {
        [] => "it stands before no subnet now".to_owned(),
        subnets => format!("it stands before {}", some_of(subnets)),
    };
    format!("{before}; whoever comes in by SSH or RDP from the internet would be kept out")
}

/// What puts entries in the place of a wide one that let in all but the ports.
fn narrower(NetworkAclId(id): &NetworkAclId, entry: &AclEntry, region: &str) -> Vec<String> {
    let family = if entry.from.contains(':') { "--ipv6-cidr-block" } else { "--cidr-block" };
    let (first, last) = entry.ports.unwrap_or((0, 65_535));
    let mut parts = Vec::new();
    let mut from = first;
    for port in PORTS.into_iter().filter(|port| (first..=last).contains(port)) {
        if from < port {
            parts.push((from, port - 1));
        }
        from = port + 1;
    }
    if from <= last {
        parts.push((from, last));
    }
    let command = |(nth, (first, last)): (usize, &(i32, i32))| {
        // The first part takes the entry's place; the others need numbers of their own after it.
        let (verb, number) = match nth {
            0 => ("replace", entry.number.to_string()),
            nth => ("create", format!("$(({} + {nth}))", entry.number)),
        };
        format!(
            "aws ec2 {verb}-network-acl-entry --region {region} --network-acl-id {id} --ingress \
             --rule-number {number} --protocol 6 {family} {} --rule-action allow --port-range \
             From={first},To={last}",
            entry.from
        )
    };
    parts.iter().enumerate().rev().map(command).collect()
}

#[cfg(test)]
mod tests {
    use remedy::check::{check, now, signal};

    use super::*;

    fn entry(number: i32, protocol: i32, ports: Option<(i32, i32)>, from: &str) -> AclEntry {
        AclEntry { number, allows: true, protocol, from: from.into(), ports, icmp: None }
    }

    fn acl(ingress: &[AclEntry]) -> NetworkAcl {
        NetworkAcl {
            subnets: vec!["subnet-1".into()],
            ingress: ingress.iter().cloned().collect(),
            ..NetworkAcl::default()
        }
    }

    #[test]
    fn entries_for_nothing_but_ssh_and_rdp_from_the_world_go() {
        let denied = AclEntry { allows: false, ..entry(90, 6, Some((22, 22)), "0.0.0.0/0") };
        let found = acl(&[
            denied,
            entry(100, 6, Some((22, 22)), "0.0.0.0/0"),
            entry(110, 6, Some((3389, 3389)), "::/0"),
            entry(120, 6, Some((22, 22)), "10.0.0.0/8"),
            entry(130, 6, Some((443, 443)), "0.0.0.0/0"),
            entry(140, 17, Some((22, 22)), "0.0.0.0/0"),
            entry(150, 1, None, "0.0.0.0/0"),
        ]);
        let expected = [
            "delete entry 100, which allows tcp/22 from 0.0.0.0/0",
            "delete entry 110, which allows tcp/3389 from ::/0",
        ];
        let signal = signal("acl-1");
        check(&CloseNetworkAcl, &found, &signal, &expected);
        let plan = CloseNetworkAcl.plan(&found, &Case { signal: &signal, now: now() });
        assert!(plan.ask.unwrap().starts_with("it stands before subnet-1; "));
    }

    #[test]
    fn wider_entries_are_left_with_what_narrows_them() {
        let found = acl(&[
            entry(100, -1, None, "0.0.0.0/0"),
            entry(200, 6, Some((20, 22)), "::/0"),
            entry(300, 6, Some((0, 65_535)), "10.0.0.0/8"),
        ]);
        let signal = signal("acl-1");
        check(&CloseNetworkAcl, &found, &signal, &[]);
        let plan = CloseNetworkAcl.plan(&found, &Case { signal: &signal, now: now() });
        let left: Vec<_> = plan.left.iter().map(|left| left.what.as_str()).collect();
        assert_eq!(
            left,
            [
                "entry 100, which allows all traffic from 0.0.0.0/0",
                "entry 200, which allows tcp/20-22 from ::/0"
            ]
        );
        let ports: Vec<_> = plan.by_hand.iter().map(|c| c.rsplit(' ').next().unwrap()).collect();
        assert_eq!(
            ports,
            ["From=3390,To=65535", "From=23,To=3388", "From=0,To=21", "From=20,To=21"]
        );
        assert!(
            plan.by_hand[0].starts_with("aws ec2 create")
                && plan.by_hand[0].contains("$((100 + 2))")
        );
        assert!(plan.by_hand[2].starts_with("aws ec2 replace"));
    }

    #[test]
    fn the_first_acl_of_a_vpc_is_not_looked_at() {
        let found = NetworkAcl { is_default: true, ..acl(&[entry(100, -1, None, "0.0.0.0/0")]) };
        let signal = signal("acl-1");
        let case = Case { signal: &signal, now: now() };
        assert_eq!(CloseNetworkAcl.plan(&found, &case), Plan::none());
    }
}
