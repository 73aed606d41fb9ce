//! Periods that controls ask for.

use remedy::{Signal, Timestamp};

/// The days of the control's own parameter `name`, if Security Hub passes it and it can be read.
pub(crate) fn given(signal: &Signal, name: &str) -> Option<u32> {
    let (_, values) = signal.parameters.iter().find(|(key, _)| key.eq_ignore_ascii_case(name))?;
    let [value] = values.as_slice() else { return None };
    value.trim().parse().ok().filter(|days| (1..=3_650).contains(days))
}

/// Whether `then` was at least `days` before `now`.
pub(crate) fn is_past(then: Timestamp, days: u32, now: Timestamp) -> bool {
    (now - then).num_days() >= i64::from(days)
}

#[cfg(test)]
mod tests {
    use remedy::check::{now, signal};

    use super::*;

    #[test]
    fn what_cannot_be_read_is_not_given() {
        let with = |values: &[&str]| {
            let values = values.iter().map(|value| (*value).to_owned()).collect();
            Signal { parameters: [("maxAccessKeyAge".into(), values)].into(), ..signal("") }
        };
        for (values, days) in [
            (&["90"] as &[&str], Some(90)),
            (&[" 45 "], Some(45)),
            (&["0"], None),
            (&["-1"], None),
            (&["90.0"], None),
            (&["99999999999"], None),
            (&["1", "2"], None),
            (&[], None),
        ] {
            assert_eq!(given(&with(values), "MAXACCESSKEYAGE"), days, "{values:?}");
        }
        assert_eq!(given(&with(&["90"]), "other"), None);
    }

    #[test]
    fn a_day_is_over_after_all_of_its_hours() {
        let before = |hours| now() - chrono::TimeDelta::hours(hours);
        assert!(is_past(before(48), 2, now()));
        assert!(!is_past(before(47), 2, now()));
        assert!(!is_past(before(-48), 2, now()));
    }
}
