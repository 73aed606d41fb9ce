//! What a control asks for in its own parameters.

use remedy::Signal;

/// The days that the control's parameter `name` asks for, if it can be read and is within `range`; else `default`.
pub(super) fn days(
    signal: &Signal,
    name: &str,
    range: std::ops::RangeInclusive<i32>,
    default: i32,
) -> i32 {
    let given = values(signal, name).and_then(|values| values.first());
    let days = given.and_then(|value| value.trim().parse().ok());
    days.filter(|days| range.contains(days)).unwrap_or(default)
}

/// The values of the control's parameter `name`, if it is passed.
pub(super) fn values<'a>(signal: &'a Signal, name: &str) -> Option<&'a Vec<String>> {
    let given = signal.parameters.iter().find(|(key, _)| key.eq_ignore_ascii_case(name));
    given.map(|(_, values)| values)
}

/// So many days, in words.
pub(super) fn in_words(days: i32) -> String {
    if days == 1 { "1 day".into() } else { format!("{days} days") }
}

#[cfg(test)]
mod tests {
    use remedy::check::signal;

    use super::*;

    #[test]
    fn days_that_cannot_be_are_the_default() {
        for (given, expected) in
            [("14", 14), (" 7 ", 7), ("0", 7), ("36", 7), ("many", 7), ("", 7), ("99999999999", 7)]
        {
            let parameters = [("MinRetentionPeriod".into(), vec![given.into()])].into();
            let signal = Signal { parameters, ..signal("x") };
            assert_eq!(days(&signal, "minRetentionPeriod", 1..=35, 7), expected, "{given}");
        }
        assert_eq!(days(&signal("x"), "minRetentionPeriod", 1..=35, 7), 7);
    }
}
