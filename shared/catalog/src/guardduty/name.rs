//! What a threat list can hold: an IPv4 address, a network of them, or a domain.

use std::{fmt, net::Ipv4Addr, str::FromStr};

use ipnet::Ipv4Net;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};

/// What a threat list can hold. Sorted as numbers, then as text.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Name {
    /// A network, without host bits; an address is one of 32 bits.
    Net(Ipv4Net),
    /// A domain, in lower case and without a dot at its end.
    Domain(Box<str>),
}

/// Why a text names nothing that a list can hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unfit {
    /// Lists take IPv4 only.
    #[error("is an IPv6 address, and GuardDuty's lists take IPv4 only")]
    V6,
    /// None of the forms.
    #[error("is neither an IPv4 address, nor a network, nor a domain")]
    Unknown,
}

/// The longest that DNS knows.
const LONGEST: usize = 253;

impl Name {
    /// An address alone.
    pub fn address(address: Ipv4Addr) -> Self {
        Self::Net(Ipv4Net::from(address))
    }

    /// The network, if it is one.
    pub fn net(&self) -> Option<Ipv4Net> {
        match self {
            Self::Net(net) => Some(*net),
            Self::Domain(_) => None,
        }
    }
}

impl FromStr for Name {
    type Err = Unfit;

    fn from_str(text: &str) -> Result<Self, Unfit> {
        if let Ok(address) = text.parse::<Ipv4Addr>() {
            return Ok(Self::address(address));
        }
        if let Ok(net) = text.parse::<Ipv4Net>() {
            return Ok(Self::Net(net.trunc()));
        }
        if text.parse::<ipnet::Ipv6Net>().is_ok() || text.parse::<std::net::Ipv6Addr>().is_ok() {
            return Err(Unfit::V6);
        }
        domain(text).ok_or(Unfit::Unknown)
    }
}

fn domain(text: &str) -> Option<Name> {
    let name = text.strip_suffix('.').unwrap_or(text).to_ascii_lowercase();
    let is_label = |label: &str| {
        let plain = |b: u8| b.is_ascii_alphanumeric() || b == b'-' || b == b'_';
        (1..=63).contains(&label.len()) && label.bytes().all(plain) && !label.starts_with('-')
    };
    let (_, top) = name.rsplit_once('.')?;
    let fits = name.len() <= LONGEST
        && name.split('.').all(is_label)
        // A number at the end is an address gone wrong.
        && top.bytes().any(|b| b.is_ascii_alphabetic());
    fits.then(|| Name::Domain(name.into()))
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Net(net) if net.prefix_len() == 32 => net.addr().fmt(f),
            Self::Net(net) => net.fmt(f),
            Self::Domain(name) => f.write_str(name),
        }
    }
}

impl Serialize for Name {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Name {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = <std::borrow::Cow<'de, str>>::deserialize(from)?;
        text.parse().map_err(|why| D::Error::custom(format!("`{text}` {why}")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_networks_and_domains_are_told_apart_and_written_plainly() {
        for (text, written) in [
            ("198.51.100.10", "198.51.100.10"),
            ("198.51.100.10/32", "198.51.100.10"),
            ("198.51.100.77/24", "198.51.100.0/24"),
            ("Bad.Example.COM.", "bad.example.com"),
            ("xn--bcher-kva.example", "xn--bcher-kva.example"),
            ("_dmarc.example.org", "_dmarc.example.org"),
        ] {
            assert_eq!(text.parse::<Name>().map(|name| name.to_string()), Ok(written.into()));
        }
    }

    #[test]
    fn what_is_none_of_them_is_refused() {
        for (text, why) in [
            ("2001:db8::1", Unfit::V6),
            ("2001:db8::/32", Unfit::V6),
            ("", Unfit::Unknown),
            ("localhost", Unfit::Unknown),
            ("192.0.2.444", Unfit::Unknown),
            ("192.0.2.1/33", Unfit::Unknown),
            ("192.0.2.01", Unfit::Unknown),
            ("bad example.com", Unfit::Unknown),
            ("-x.example.com", Unfit::Unknown),
            ("a..example.com", Unfit::Unknown),
        ] {
            assert_eq!(text.parse::<Name>(), Err(why), "{text}");
        }
    }

    #[test]
    fn they_sort_as_numbers_and_domains_come_last() {
        let sorted = |texts: &[&str]| {
            let mut names: Vec<Name> = texts.iter().map(|text| text.parse().unwrap()).collect();
            names.sort();
            names.iter().map(ToString::to_string).collect::<Vec<_>>()
        };
        assert_eq!(
            sorted(&["a.example", "198.51.100.10", "198.51.100.9", "9.9.9.9", "198.51.100.0/24"]),
            ["9.9.9.9", "198.51.100.0/24", "198.51.100.9", "198.51.100.10", "a.example"]
        );
    }
}
