//! Exemptions with an end, written where the thing itself is: in a description or a tag.

use chrono::{Days, NaiveDate, NaiveTime};
use serde::{Deserialize, Serialize};

use crate::Timestamp;

/// What a text says about being exempt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Exemption {
    /// Exempt before this time, and no longer.
    Until(Timestamp),
    /// It asks for an exemption, and its end cannot be read: a person must say what was meant.
    Unclear(String),
}

impl Exemption {
    /// The words that begin an exemption within a longer text, such as a rule's description:
    /// `exempt-until=2027-03-31`, in any case, with `=`, `:` or a space before the date.
    pub const MARK: &'static str = "exempt-until";

    /// The exemption that a description asks for, if it does.
    pub fn within(text: &str) -> Option<Self> {
        let lower = text.to_ascii_lowercase();
        let [dashed, spaced] = [Self::MARK, "exempt until"].map(|mark| (lower.find(mark), mark));
        let (at, mark) = if dashed.0.is_some() { dashed } else { spaced };
        let rest = text.get(at? + mark.len()..)?;
        let rest = rest.trim_start_matches([' ', '=', ':']);
        let ends = |c: char| !(c.is_ascii_alphanumeric() || "-:+.".contains(c));
        let word = rest.split(ends).next().unwrap_or_default();
        Some(Self::parse(word.trim_end_matches(['.', ':'])))
    }

    /// A day, which is exempt to its end (UTC), or a point in time (RFC 3339).
    pub fn parse(text: &str) -> Self {
        let text = text.trim();
        let end_of = |day: NaiveDate| {
            let next = day.checked_add_days(Days::new(1))?;
            Some(next.and_time(NaiveTime::MIN).and_utc())
        };
        let day = text.parse::<NaiveDate>().ok().and_then(end_of);
        let until = day.or_else(|| text.to_ascii_uppercase().parse().ok());
        until.map_or_else(|| Self::Unclear(text.into()), Self::Until)
    }

    /// Whether it holds at `now`. What is unclear holds: nothing is changed on a guess.
    pub fn holds(&self, now: Timestamp) -> bool {
        match self {
            Self::Until(end) => now < *end,
            Self::Unclear(_) => true,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn an_exemption_is_found_within_a_description() {
        for text in [
            "exempt-until=2027-03-31",
            "partner x, Exempt-Until: 2027-03-31, ticket 7",
            "exempt until 2027-03-31.",
            "EXEMPT-UNTIL:2027-03-31",
        ] {
            let expected = Exemption::Until(at("2027-04-01T00:00:00Z"));
            assert_eq!(Exemption::within(text), Some(expected), "{text}");
        }
        assert_eq!(
            Exemption::within("exempt-until=2027-03-31T12:00:00Z"),
            Some(Exemption::Until(at("2027-03-31T12:00:00Z")))
        );
        assert_eq!(Exemption::within("exempt from review"), None);
    }

    #[test]
    fn an_exemption_ends_with_its_last_day() {
        let exemption = Exemption::parse("2027-03-31");
        assert!(exemption.holds(at("2027-03-31T23:59:59Z")));
        assert!(!exemption.holds(at("2027-04-01T00:00:00Z")));
    }

    #[test]
    fn an_end_nobody_can_read_holds_and_says_so() {
        for text in ["exempt-until=soon", "exempt-until", "exempt-until 2027-13-01"] {
            let exemption = Exemption::within(text).unwrap();
            assert!(matches!(exemption, Exemption::Unclear(_)), "{text}");
            assert!(exemption.holds(at("2099-01-01T00:00:00Z")));
        }
    }
}
