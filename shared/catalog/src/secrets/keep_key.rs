//! Keeps a KMS key that is about to be deleted, once a person agrees. It stays disabled: whoever needs it
//! enables it.

use remedy::{Case, Plan, Remediation, Risk, Settings, Severity, Spec, Swap, Trigger, Undo, Wrong};

use super::{Key, KeySetting};

/// See the [module](self).
#[derive(Debug)]
pub struct KeepKey;

impl Remediation for KeepKey {
    type Facet = Key;

    const SPEC: Spec = Spec {
        id: "secrets/keep_key",
        title: "Cancel the deletion of a KMS key",
        triggers: &[
            Trigger::control("KMS.3"),
            Trigger::config_rule("KMS_CMK_NOT_SCHEDULED_FOR_DELETION"),
        ],
        severity: Severity::Critical,
        risk: Risk::Safe,
        parameters: &[],
        undo: Undo::No(
            "nothing here ever deletes a key: whoever wants it deleted says so in KMS again",
        ),
        care: "A person says whether the deletion was meant, and is told until when they can.",
        since: "0.4.0",
    };

    fn configured(_: &Settings) -> Result<Self, Wrong> {
        Ok(Self)
    }

    fn plan(&self, key: &Key, _: &Case<'_>) -> Plan<Swap<KeySetting>> {
        if !key.is_leaving() {
            return Plan::none();
        }
        let (is, to) = (KeySetting::State(key.state.clone()), KeySetting::State("Disabled".into()));
        let when = match key.deletion {
            Some(date) => format!("on {}", date.format("%Y-%m-%d")),
            None => "when its copies are".into(),
        };
        let plan: Plan<_> = Swap::of(is, to).into_iter().collect();
        plan.asking(format!(
            "somebody may have meant it; the key is deleted {when}, and nothing that was encrypted with it \
             can be read after that"
        ))
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;
    use remedy::check::{check, now, signal};

    use super::*;

    const KEY: &str = "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab";

    #[test]
    fn a_person_says_whether_a_deletion_was_meant() {
        let key = Key {
            state: "PendingDeletion".into(),
            deletion: Some(now() + TimeDelta::days(7)),
            ..Key::default()
        };
        let expected = ["set state Disabled (it is state PendingDeletion)"];
        check(&KeepKey, &key, &signal(KEY), &expected);
        let plan = KeepKey.plan(&key, &Case { signal: &signal(KEY), now: now() });
        assert!(plan.ask.as_ref().unwrap().contains("is deleted on 2026-11-27"), "{plan:?}");
        assert_eq!(plan.inverse(), None);
    }

    #[test]
    fn a_key_that_stays_is_left_alone() {
        for state in ["Enabled", "Disabled", "PendingImport", "Unavailable"] {
            check(&KeepKey, &Key { state: state.into(), ..Key::default() }, &signal(KEY), &[]);
        }
    }
}
