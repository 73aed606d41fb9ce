//! Sets of ports.

use std::fmt;

/// Ports, as sorted ranges that neither overlap nor touch.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ports(Vec<(u16, u16)>);

impl Ports {
    /// No port.
    pub const NONE: Self = Self(Vec::new());

    /// Every port.
    pub fn all() -> Self {
        Self(vec![(0, u16::MAX)])
    }

    /// These ports.
    pub fn of(ports: &[u16]) -> Self {
        ports.iter().map(|port| (*port, *port)).collect()
    }

    /// Reads `80` or `1024-2048`.
    pub fn range(text: &str) -> Option<(u16, u16)> {
        let (first, last) = text.split_once('-').unwrap_or((text, text));
        let (first, last) = (first.trim().parse().ok()?, last.trim().parse().ok()?);
        (first <= last).then_some((first, last))
    }

    /// The ranges, lowest first.
    pub fn ranges(&self) -> &[(u16, u16)] {
        &self.0
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether some port of `first` to `last` is among them.
    pub fn meets(&self, (first, last): (u16, u16)) -> bool {
        self.0.iter().any(|&(a, b)| a <= last && first <= b)
    }

    /// Those of them that are not among `others`.
    #[must_use]
    pub fn without(&self, others: &Self) -> Self {
        let mut rest = Vec::new();
        for &(first, last) in &self.0 {
            let mut next = u32::from(first);
            for &(a, b) in others.0.iter().filter(|&&(a, b)| a <= last && first <= b) {
                if next < u32::from(a) {
                    rest.push((clamp(next), a - 1));
                }
                next = u32::from(b) + 1;
            }
            if next <= u32::from(last) {
                rest.push((clamp(next), last));
            }
        }
        Self(rest)
    }
}

/// A port that is known to be one.
fn clamp(port: u32) -> u16 {
    u16::try_from(port).unwrap_or(u16::MAX)
}

impl FromIterator<(u16, u16)> for Ports {
    fn from_iter<I: IntoIterator<Item = (u16, u16)>>(ranges: I) -> Self {
        let mut ranges: Vec<_> = ranges.into_iter().filter(|(first, last)| first <= last).collect();
        ranges.sort_unstable();
        let mut merged: Vec<(u16, u16)> = Vec::new();
        for (first, last) in ranges {
            match merged.last_mut() {
                Some((_, end)) if u32::from(first) <= u32::from(*end) + 1 => *end = last.max(*end),
                _ => merged.push((first, last)),
            }
        }
        Self(merged)
    }
}

impl fmt::Display for Ports {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (nth, (first, last)) in self.0.iter().enumerate() {
            let comma = if nth == 0 { "" } else { "," };
            match first == last {
                true => write!(f, "{comma}{first}")?,
                false => write!(f, "{comma}{first}-{last}")?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ports(text: &str) -> Ports {
        text.split(',').filter(|t| !t.is_empty()).map(|t| Ports::range(t).unwrap()).collect()
    }

    #[test]
    fn ranges_that_overlap_or_touch_are_one() {
        assert_eq!(ports("443,80,81-90,85-100,65535").to_string(), "80-100,443,65535");
    }

    #[test]
    fn what_is_taken_away_leaves_the_rest_on_both_sides() {
        for (all, taken, rest) in [
            ("20-30", "22", "20-21,23-30"),
            ("443-444", "443", "444"),
            ("0-65535", "80,443", "0-79,81-442,444-65535"),
            ("22", "22", ""),
            ("0-65535", "0-65535", ""),
            ("0-65535", "65535", "0-65534"),
            ("1-5,10-20", "4-11,20", "1-3,12-19"),
            ("80", "", "80"),
        ] {
            assert_eq!(ports(all).without(&ports(taken)).to_string(), rest, "{all} - {taken}");
        }
    }

    #[test]
    fn what_is_no_port_is_not_read() {
        for text in ["", "x", "80-", "-1", "65536", "30-20", "1-2-3"] {
            assert_eq!(Ports::range(text), None, "{text}");
        }
    }
}
