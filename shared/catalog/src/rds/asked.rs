//! What a signal asks for: the control's own parameters, and which of the alike remediations is meant.

use remedy::{Id, Signal, Spec};

/// The values of the control's parameter `name`, if Security Hub passes it.
pub(super) fn list<'a>(signal: &'a Signal, name: &str) -> Option<Vec<&'a str>> {
    let (_, values) = signal.parameters.iter().find(|(key, _)| key.eq_ignore_ascii_case(name))?;
    let items = values.iter().flat_map(|value| value.split(',')).map(str::trim);
    Some(items.filter(|item| !item.is_empty()).collect())
}

/// The number that the control's parameter `name` is, if Security Hub passes it and it is within `range`.
pub(super) fn number(
    signal: &Signal,
    name: &str,
    range: std::ops::RangeInclusive<u32>,
) -> Option<u32> {
    match list(signal, name)?.as_slice() {
        [only] => only.parse().ok().filter(|number| range.contains(number)),
        _ => None,
    }
}

/// Whether `signal` calls for the remediation of `spec`.
pub(super) fn calls(spec: &Spec, signal: &Signal) -> bool {
    spec.triggers.iter().any(|trigger| trigger.is(&signal.trigger))
}

/// Whether it is about what an `I` names.
pub(super) fn is_about<I: Id>(signal: &Signal) -> bool {
    I::locate(&signal.resource).is_some()
}

/// For how many days backups must be kept at least: as the control's parameter `name` says, else a week.
pub(super) fn backup_days(signal: &Signal, name: &str) -> u32 {
    number(signal, name, 1..=35).unwrap_or(7)
}

#[cfg(test)]
mod tests {
    use remedy::check;

    use super::*;

    #[test]
    fn what_cannot_be_read_is_as_if_it_was_not_passed() {
        let given = |value: &str| Signal {
            parameters: [("BackupRetentionMinimum".into(), vec![value.into()])].into(),
            ..check::signal("x")
        };
        for (value, days) in
            [("14", 14), ("35", 35), ("0", 7), ("36", 7), ("-1", 7), ("", 7), ("7,8", 7), ("x", 7)]
        {
            assert_eq!(backup_days(&given(value), "backupRetentionMinimum"), days, "{value}");
        }
        assert_eq!(backup_days(&check::signal("x"), "backupRetentionMinimum"), 7);
    }
}
