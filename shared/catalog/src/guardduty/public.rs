//! Which addresses belong to somebody in the internet.
//!
//! From IANA's registry of special-purpose addresses. The three documentation ranges count as public:
//! nobody has them, and they stand for attackers in tests and demos.

use std::net::Ipv4Addr;

use ipnet::Ipv4Net;

const fn net(a: u8, b: u8, c: u8, length: u8) -> Ipv4Net {
    Ipv4Net::new_assert(Ipv4Addr::new(a, b, c, 0), length)
}

const SPECIAL: &[(Ipv4Net, &str)] = &[
    (net(0, 0, 0, 8), "reserved"),
    (net(10, 0, 0, 8), "private"),
    (net(100, 64, 0, 10), "shared by a carrier's customers (CGNAT)"),
    (net(127, 0, 0, 8), "loopback"),
    (net(169, 254, 0, 16), "link-local"),
    (net(172, 16, 0, 12), "private"),
    (net(192, 0, 0, 24), "reserved"),
    (net(192, 88, 99, 24), "reserved"),
    (net(192, 168, 0, 16), "private"),
    (net(198, 18, 0, 15), "reserved"),
    (net(224, 0, 0, 4), "multicast"),
    (net(240, 0, 0, 4), "reserved"),
];

/// Networks that hold more than 2^24 addresses are somebody's mistake.
const WIDEST: u8 = 8;

/// Why `given` is not somebody's in the internet, if it is not: `is private (10.0.0.0/8)`.
pub(super) fn why_not(given: Ipv4Net) -> Option<String> {
    if given.prefix_len() < WIDEST {
        return Some(format!("is wider than a /{WIDEST}"));
    }
    let overlaps = |special: &Ipv4Net| special.contains(&given) || given.contains(special);
    let (special, what) = SPECIAL.iter().find(|(special, _)| overlaps(special))?;
    Some(format!("is {what} ({special})"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_addresses_of_the_internet_are_public() {
        for (given, why) in [
            ("10.1.2.3/32", Some("is private (10.0.0.0/8)")),
            ("172.31.255.255/32", Some("is private (172.16.0.0/12)")),
            ("172.32.0.0/32", None),
            ("192.168.1.1/32", Some("is private (192.168.0.0/16)")),
            ("127.0.0.1/32", Some("is loopback (127.0.0.0/8)")),
            ("169.254.169.254/32", Some("is link-local (169.254.0.0/16)")),
            ("100.64.0.1/32", Some("is shared by a carrier's customers (CGNAT) (100.64.0.0/10)")),
            ("100.128.0.1/32", None),
            ("224.0.0.1/32", Some("is multicast (224.0.0.0/4)")),
            ("255.255.255.255/32", Some("is reserved (240.0.0.0/4)")),
            ("0.0.0.0/32", Some("is reserved (0.0.0.0/8)")),
            ("192.168.0.0/15", Some("is private (192.168.0.0/16)")),
            ("0.0.0.0/1", Some("is wider than a /8")),
            ("192.0.2.1/32", None),
            ("198.51.100.1/32", None),
            ("203.0.113.0/24", None),
            ("8.8.8.8/32", None),
        ] {
            assert_eq!(why_not(given.parse().unwrap()).as_deref(), why, "{given}");
        }
    }
}
