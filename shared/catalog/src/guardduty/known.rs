//! What must never be on the list, as far as it is read from AWS.

use std::{
    collections::{BTreeMap, BTreeSet},
    net::Ipv4Addr,
    sync::Arc,
};

use ipnet::Ipv4Net;
use remedy::Place;

use super::Name;

/// What must never be on the list, as far as it is read from AWS.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Known {
    /// Our own public addresses and what they belong to, by account and Region; or why they could not be
    /// read.
    pub own: BTreeMap<Place, Result<Arc<BTreeMap<Ipv4Addr, String>>, String>>,
    /// What is on GuardDuty's list of trusted addresses.
    pub trusted: Arc<Trusted>,
    /// The ranges that AWS publishes; empty if they are not to be refused.
    pub aws: Arc<Ranges>,
}

impl Known {
    /// What guards `name`, as in `is our own: ...`; `place` is where it was seen.
    pub(super) fn guards(&self, name: &Name, place: &Place) -> Option<String> {
        if self.trusted.holds(name) {
            return Some("is on GuardDuty's list of trusted addresses".into());
        }
        let Name::Net(net) = name else { return None };
        match self.own.get(place) {
            Some(Ok(_)) => {}
            Some(Err(why)) => return Some(format!("may be our own: {why}")),
            None => return Some(format!("may be our own: the addresses of {place} are not known")),
        }
        let own = self.own.iter().find_map(|(place, own)| {
            let own = own.as_ref().ok()?;
            let (_, what) = own.iter().find(|(address, _)| net.contains(*address))?;
            Some(format!("is our own: {what} in {place}"))
        });
        let aws = || self.aws.touches(*net).then(|| "lies in AWS's own ranges".to_owned());
        own.or_else(aws)
    }
}

/// Whether `guard` holds `name`, or a part of it.
pub(super) fn overlaps(guard: &Name, name: &Name) -> bool {
    match (guard, name) {
        (Name::Net(guard), Name::Net(net)) => guard.contains(net) || net.contains(guard),
        (guard, name) => guard == name,
    }
}

/// Many networks, to look things up in.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ranges(Vec<Ipv4Net>);

impl Ranges {
    /// Whether any of them has an address of `net`.
    pub fn touches(&self, net: Ipv4Net) -> bool {
        // They are sorted, and none lies in another.
        let at = self.0.partition_point(|range| range.network() <= net.network());
        let before = at.checked_sub(1).and_then(|before| self.0.get(before));
        let after = self.0.get(at);
        before.is_some_and(|range| range.contains(&net.network()))
            || after.is_some_and(|range| net.contains(&range.network()))
    }
}

impl FromIterator<Ipv4Net> for Ranges {
    fn from_iter<I: IntoIterator<Item = Ipv4Net>>(nets: I) -> Self {
        let mut nets = Ipv4Net::aggregate(&nets.into_iter().collect());
        nets.sort();
        Self(nets)
    }
}

/// A list of trusted addresses, in whichever format.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Trusted {
    nets: Ranges,
    domains: BTreeSet<Name>,
}

impl Trusted {
    /// Reads every word that could be an address or a domain: to trust one too many only keeps it off
    /// the list.
    pub fn read(texts: &[String]) -> Self {
        let is_part = |c: char| c.is_ascii_alphanumeric() || "./:-_".contains(c);
        let words = texts.iter().flat_map(|text| text.split(|c: char| !is_part(c)));
        let names: BTreeSet<Name> = words.filter_map(|word| word.parse().ok()).collect();
        let nets = names.iter().filter_map(Name::net).collect();
        let domains = names.into_iter().filter(|name| name.net().is_none()).collect();
        Self { nets, domains }
    }

    /// Whether `name`, or a part of it, is on the list.
    pub fn holds(&self, name: &Name) -> bool {
        match name {
            Name::Net(net) => self.nets.touches(*net),
            Name::Domain(_) => self.domains.contains(name),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn touches(ranges: &[&str], net: &str) -> bool {
        let ranges: Ranges = ranges.iter().map(|text| text.parse::<Ipv4Net>().unwrap()).collect();
        ranges.touches(net.parse().unwrap())
    }

    #[test]
    fn a_range_touches_what_it_holds_and_what_holds_it() {
        let ranges = ["3.5.140.0/22", "15.230.39.60/32", "15.230.0.0/16", "200.0.0.0/8"];
        for (net, expected) in [
            ("3.5.140.0/32", true),
            ("3.5.143.255/32", true),
            ("3.5.144.0/32", false),
            ("3.5.139.255/32", false),
            ("15.230.39.60/32", true),
            ("15.229.255.255/32", false),
            ("3.0.0.0/8", true),
            ("201.0.0.1/32", false),
        ] {
            assert_eq!(touches(&ranges, net), expected, "{net}");
        }
        assert!(!touches(&[], "192.0.2.1/32"));
    }

    #[test]
    fn a_trusted_list_is_read_in_any_format() {
        let text = "192.0.2.0/28\r\nname,198.51.100.7,x\n<address>203.0.113.1</address>\n*.partner.example";
        let trusted = Trusted::read(&[text.to_owned(), "office.example.org\n".into()]);
        for (name, expected) in [
            ("192.0.2.15", true),
            ("192.0.2.16", false),
            ("198.51.100.7", true),
            ("203.0.113.1", true),
            ("office.example.org", true),
            ("bad.example.org", false),
        ] {
            assert_eq!(trusted.holds(&name.parse().unwrap()), expected, "{name}");
        }
    }
}
