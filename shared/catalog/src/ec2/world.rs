//! When the whole world reaches a port, and through which rules.
//!
//! What counts is the union of the sources that reach a port: `0.0.0.0/1` and `128.0.0.0/1` are the
//! world together, and so is a prefix list that holds `0.0.0.0/0`.

use std::collections::BTreeMap;

use ipnet::{IpNet, Ipv4Net, Ipv6Net};

use super::{Peer, Ports, Rule, SecurityGroup, Traffic};

/// What must not be open to the world.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Concern {
    pub(super) tcp: Ports,
    pub(super) udp: Ports,
    /// The world of IPv4 is looked at.
    pub(super) v4: bool,
    /// The world of IPv6 is looked at.
    pub(super) v6: bool,
}

impl Concern {
    /// Whether `traffic` reaches something of it.
    pub(super) fn meets(&self, traffic: &Traffic) -> bool {
        match *traffic {
            Traffic::Tcp(first, last) => self.tcp.meets((first, last)),
            Traffic::Udp(first, last) => self.udp.meets((first, last)),
            Traffic::All | Traffic::Protocol(_) => !(self.tcp.is_empty() && self.udp.is_empty()),
            // A type is not a port.
            Traffic::Icmp(..) | Traffic::Icmp6(..) => false,
        }
    }
}

/// The rules of `group` through which the world reaches what `concern` is about, in the group's order.
///
/// Taking out those that `stays` does not keep leaves nothing of it open to the world, but for what
/// those that stay hold open.
pub(super) fn open<'a>(
    group: &'a SecurityGroup,
    concern: &Concern,
    stays: impl Fn(&Rule) -> bool,
) -> Vec<&'a Rule> {
    let mut rules: Vec<Reach<'a>> = group
        .ingress
        .iter()
        .filter(|rule| concern.meets(&rule.traffic))
        .map(|rule| Reach::of(rule, &group.prefix_lists))
        .collect();
    let mut found: Vec<&Rule> = Vec::new();
    for (number, ports) in [(6, &concern.tcp), (17, &concern.udp)] {
        for port in segments(&rules, number, ports) {
            loop {
                let here = |reach: &&Reach<'_>| reaches(&reach.rule.traffic, number, port);
                let open = culprits(&rules.iter().filter(here).collect::<Vec<_>>(), concern);
                found.extend(open.iter().filter(|rule| !found.contains(rule)).collect::<Vec<_>>());
                let go = |rule: &Rule| open.contains(&rule) && !stays(rule);
                let before = rules.len();
                rules.retain(|reach| !go(reach.rule));
                if rules.len() == before {
                    break;
                }
            }
        }
    }
    found.sort();
    found
}

/// One port of every stretch of `ports` that the same rules reach.
fn segments(rules: &[Reach<'_>], number: u8, ports: &Ports) -> Vec<u16> {
    let mut starts: Vec<u16> = ports.ranges().iter().map(|(first, _)| *first).collect();
    for reach in rules {
        if let (Traffic::Tcp(first, last), 6) | (Traffic::Udp(first, last), 17) =
            (&reach.rule.traffic, number)
        {
            starts.extend([Some(*first), last.checked_add(1)].into_iter().flatten());
        }
    }
    starts.retain(|port| ports.meets((*port, *port)));
    starts.sort_unstable();
    starts.dedup();
    starts
}

fn reaches(traffic: &Traffic, number: u8, port: u16) -> bool {
    match (traffic, number) {
        (Traffic::Tcp(first, last), 6) | (Traffic::Udp(first, last), 17) => {
            (*first..=*last).contains(&port)
        }
        (Traffic::All | Traffic::Protocol(_), _) => true,
        _ => false,
    }
}

/// The rules that make the world of `rules`; none if they do not. A rule whose addresses lie within
/// those of the others is not among them, nor is one of private addresses: neither makes a world.
fn culprits<'a>(rules: &[&Reach<'a>], concern: &Concern) -> Vec<&'a Rule> {
    let v4 = concern.v4 && is_world_v4(rules.iter().flat_map(|reach| &reach.v4));
    let v6 = concern.v6 && is_world_v6(rules.iter().flat_map(|reach| &reach.v6));
    let covered_v4 = |net: Ipv4Net| rules.iter().any(|reach| reach.covers_v4(net));
    let covered_v6 = |net: &Ipv6Net| rules.iter().any(|reach| reach.covers_v6(net));
    let makes = |reach: &&&Reach<'a>| {
        (v4 && reach.v4.iter().any(|net| !is_private_v4(*net) && !covered_v4(*net)))
            || (v6 && reach.v6.iter().any(|net| !is_private_v6(net) && !covered_v6(net)))
    };
    rules.iter().filter(makes).map(|reach| reach.rule).collect()
}

fn is_world_v4<'a>(nets: impl Iterator<Item = &'a Ipv4Net>) -> bool {
    let nets: Vec<_> = nets.copied().collect();
    Ipv4Net::aggregate(&nets).iter().any(|net| net.prefix_len() == 0)
}

/// Every global address: `2000::/3` is all that is given out
/// ([IANA](https://www.iana.org/assignments/ipv6-unicast-address-assignments)).
fn is_world_v6<'a>(nets: impl Iterator<Item = &'a Ipv6Net>) -> bool {
    let nets: Vec<_> = nets.copied().collect();
    let global = Ipv6Net::new_assert(std::net::Ipv6Addr::new(0x2000, 0, 0, 0, 0, 0, 0, 0), 3);
    Ipv6Net::aggregate(&nets).iter().any(|net| net.contains(&global))
}

fn is_private_v4(net: Ipv4Net) -> bool {
    let (first, last) = (net.network(), net.broadcast());
    let within = |test: fn(&std::net::Ipv4Addr) -> bool| test(&first) && test(&last);
    net.prefix_len() >= 8
        && (within(std::net::Ipv4Addr::is_private)
            || within(std::net::Ipv4Addr::is_loopback)
            || within(std::net::Ipv4Addr::is_link_local))
}

fn is_private_v6(net: &Ipv6Net) -> bool {
    (net.prefix_len() >= 7 && net.network().is_unique_local())
        || (net.prefix_len() >= 10 && net.network().is_unicast_link_local())
}

/// A rule, and the addresses it reaches from.
struct Reach<'a> {
    rule: &'a Rule,
    v4: Vec<Ipv4Net>,
    v6: Vec<Ipv6Net>,
}

impl<'a> Reach<'a> {
    fn of(rule: &'a Rule, lists: &BTreeMap<String, Vec<IpNet>>) -> Self {
        let (mut v4, mut v6) = (Vec::new(), Vec::new());
        match &rule.peer {
            Peer::V4(net) => v4.push(net.trunc()),
            Peer::V6(net) => v6.push(net.trunc()),
            Peer::PrefixList(id) => {
                for net in lists.get(id).into_iter().flatten() {
                    match net {
                        IpNet::V4(net) => v4.push(net.trunc()),
                        IpNet::V6(net) => v6.push(net.trunc()),
                    }
                }
            }
            Peer::Group { .. } => {}
        }
        Self { rule, v4, v6 }
    }

    /// Whether one of its nets is wider than `net` and holds it.
    fn covers_v4(&self, net: Ipv4Net) -> bool {
        self.v4.iter().any(|other| *other != net && other.contains(&net))
    }

    fn covers_v6(&self, net: &Ipv6Net) -> bool {
        self.v6.iter().any(|other| other != net && other.contains(net))
    }
}
