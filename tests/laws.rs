//! What holds for arbitrary security groups.

use catalog::ec2::{CloseWorldIngress, LimitWorldIngress, Peer, Rule, SecurityGroup, Traffic};
use ipnet::IpNet;
use proptest::prelude::*;
use remedy::{Case, Facet, Remediation, Settings, Signal, Trigger, check};

fn traffic() -> impl Strategy<Value = Traffic> {
    let port = prop_oneof![
        Just(22_u16),
        Just(80),
        Just(443),
        Just(3389),
        Just(0),
        Just(u16::MAX),
        any::<u16>(),
    ];
    let range = (port.clone(), port).prop_map(|(a, b)| (a.min(b), a.max(b)));
    prop_oneof![
        1 => Just(Traffic::All),
        6 => range.clone().prop_map(|(a, b)| Traffic::Tcp(a, b)),
        3 => range.prop_map(|(a, b)| Traffic::Udp(a, b)),
        1 => (-1..44, -1..17).prop_map(|(kind, code)| Traffic::Icmp(kind, code)),
        1 => Just(Traffic::Icmp6(-1, -1)),
        1 => any::<u8>().prop_map(Traffic::Protocol),
    ]
}

fn peer() -> impl Strategy<Value = Peer> {
    let v4 = (any::<u32>(), prop_oneof![Just(0_u8), Just(1), Just(2), Just(8), 0..=32_u8]);
    let v6 = (any::<u128>(), prop_oneof![Just(0_u8), Just(1), Just(3), Just(4), 0..=128_u8]);
    prop_oneof![
        5 => v4.prop_map(|(address, length)| {
            Peer::V4(ipnet::Ipv4Net::new_assert(address.into(), length).trunc())
        }),
        4 => v6.prop_map(|(address, length)| {
            Peer::V6(ipnet::Ipv6Net::new_assert(address.into(), length).trunc())
        }),
        1 => (0..3).prop_map(|n| Peer::PrefixList(format!("pl-{n}"))),
        1 => Just(Peer::Group { id: "sg-9".into(), account: None }),
    ]
}

prop_compose! {
    fn group()(
        rules in prop::collection::vec((traffic(), peer(), "[a-z ]{0,9}"), 0..24),
        lists in prop::collection::vec(prop::collection::vec(peer(), 0..4), 0..3),
    ) -> SecurityGroup {
        let mut group = SecurityGroup::default();
        for (nth, (traffic, peer, description)) in rules.into_iter().enumerate() {
            let rule = Rule { id: format!("sgr-{nth}"), traffic, peer, description, tags: [].into() };
            if !group.ingress.iter().any(|other| other.grants_the_same(&rule)) {
                group.ingress.insert(rule);
            }
        }
        for (nth, list) in lists.into_iter().enumerate() {
            let nets = list.into_iter().filter_map(|peer| net(&peer)).collect();
            group.prefix_lists.insert(format!("pl-{nth}"), nets);
        }
        group
    }
}

fn net(peer: &Peer) -> Option<IpNet> {
    match peer {
        Peer::V4(net) => Some((*net).into()),
        Peer::V6(net) => Some((*net).into()),
        Peer::PrefixList(_) | Peer::Group { .. } => None,
    }
}

/// Whether `address` reaches `port` of TCP: the question itself, asked address by address.
fn reaches(group: &SecurityGroup, address: std::net::IpAddr, port: u16) -> bool {
    group.ingress.iter().any(|rule| {
        let ported = match rule.traffic {
            Traffic::Tcp(first, last) => (first..=last).contains(&port),
            Traffic::All | Traffic::Protocol(_) => true,
            Traffic::Udp(..) | Traffic::Icmp(..) | Traffic::Icmp6(..) => false,
        };
        let from = match &rule.peer {
            Peer::PrefixList(id) => {
                group.prefix_lists.get(id).is_some_and(|l| l.iter().any(|n| n.contains(&address)))
            }
            other => net(other).is_some_and(|net| net.contains(&address)),
        };
        ported && from
    })
}

/// Addresses of every corner of IPv4: who is let in from all of them is let in from nearly anywhere.
fn corners(group: &SecurityGroup) -> Vec<std::net::IpAddr> {
    let edges = group.ingress.iter().filter_map(|rule| net(&rule.peer));
    let listed = group.prefix_lists.values().flatten().copied();
    let mut all: Vec<u32> = vec![0, u32::MAX];
    for edge in edges.chain(listed) {
        if let IpNet::V4(net) = edge {
            let (first, last) = (u32::from(net.network()), u32::from(net.broadcast()));
            all.extend([first, last, first.wrapping_sub(1), last.wrapping_add(1)]);
        }
    }
    all.into_iter().map(|address| std::net::Ipv4Addr::from(address).into()).collect()
}

fn signal(control: &'static str) -> Signal {
    Signal { trigger: Trigger::control(control), ..check::signal("sg-1") }
}

proptest! {
    #[test]
    fn after_the_plan_ssh_is_not_open_to_the_world(group in group(), split in any::<bool>()) {
        let settings = [("WIDE_RULE", if split { "split" } else { "remove" })];
        let settings: Settings = settings.into_iter().collect();
        let remediation = CloseWorldIngress::configured(&settings).unwrap();
        let signal = signal("EC2.13");
        let case = Case { signal: &signal, now: check::now() };
        check::laws(&remediation, &group, &case);
        let plan = remediation.plan(&group, &case);
        let corners = corners(&group);
        let is_open = |group: &SecurityGroup| corners.iter().all(|a| reaches(group, *a, 22));
        let fixed = plan.changes.iter().fold(group.clone(), Facet::after);
        prop_assert!(!is_open(&fixed), "still open: {:?}", fixed.ingress);
    }

    #[test]
    fn a_group_that_is_not_open_to_the_world_is_not_changed(group in group()) {
        let remediation = CloseWorldIngress::configured(&Settings::default()).unwrap();
        let signal = signal("EC2.53");
        let case = Case { signal: &signal, now: check::now() };
        let corners = corners(&group);
        let tcp = [22, 3389].iter().any(|port| corners.iter().all(|a| reaches(&group, *a, *port)));
        let udp = SecurityGroup {
            ingress: group.ingress.iter().cloned().map(swapped).collect(),
            ..group.clone()
        };
        let udp = [22, 3389].iter().any(|port| corners.iter().all(|a| reaches(&udp, *a, *port)));
        let plan = remediation.plan(&group, &case);
        prop_assert_eq!(plan.is_empty(), !(tcp || udp), "{:?}", plan.lines());
    }

    #[test]
    fn only_rules_that_reach_a_concerned_port_from_the_world_are_touched(group in group()) {
        let remediation = LimitWorldIngress::configured(&Settings::default()).unwrap();
        let signal = signal("EC2.18");
        let case = Case { signal: &signal, now: check::now() };
        check::laws(&remediation, &group, &case);
        let plan = remediation.plan(&group, &case);
        let fixed = plan.changes.iter().fold(group.clone(), Facet::after);
        prop_assert!(fixed.ingress.is_subset(&group.ingress));
        for rule in group.ingress.difference(&fixed.ingress) {
            prop_assert!(!matches!(rule.traffic, Traffic::Icmp(..) | Traffic::Icmp6(..)));
            prop_assert!(!matches!(rule.traffic, Traffic::Tcp(80 | 443, last) if last == 80 || last == 443)
                || !matches!(rule.traffic, Traffic::Tcp(a, b) if a == b), "{rule}");
            prop_assert!(!matches!(rule.peer, Peer::Group { .. }), "{rule}");
        }
    }
}

/// TCP and UDP in each other's place.
fn swapped(rule: Rule) -> Rule {
    let traffic = match rule.traffic {
        Traffic::Tcp(first, last) => Traffic::Udp(first, last),
        Traffic::Udp(first, last) => Traffic::Tcp(first, last),
        other => other,
    };
    Rule { traffic, ..rule }
}
