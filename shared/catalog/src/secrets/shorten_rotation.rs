//! Rotates a secret as often as it should be, once a person agrees. It is not rotated at once: that is for
//! its own window.

use remedy::{Case, Plan, Remediation, Risk, Settings, Severity, Spec, Swap, Trigger, Undo, Wrong};

use super::{
    Secret, SecretSetting,
    days::{given, is_past},
    rotate_secret::{shorten, turn_on},
    secret::secret_of,
};

/// See the [module](self).
#[derive(Debug)]
pub struct ShortenRotation;

/// Where Security Hub passes nothing else.
const DAYS: u32 = 90;

impl Remediation for ShortenRotation {
    type Facet = Secret;

    const SPEC: Spec = Spec {
        id: "secrets/shorten_rotation",
        title: "Rotate a secret as often as it should be",
        triggers: &[
            Trigger::control("SecretsManager.4"),
            Trigger::config_rule("SECRETSMANAGER_SECRET_PERIODIC_ROTATION"),
        ],
        severity: Severity::Medium,
        risk: Risk::MayInterrupt,
        parameters: &[],
        undo: Undo::Yes,
        care: "A person agrees first, and nothing is rotated out of its window. Where rotation fails, that is told and not hidden behind a schedule.",
        since: "0.4.0",
    };

    fn configured(_: &Settings) -> Result<Self, Wrong> {
        Ok(Self)
    }

    fn plan(&self, secret: &Secret, case: &Case<'_>) -> Plan<Swap<SecretSetting>> {
        let most = given(case.signal, "maxDaysSinceRotation").unwrap_or(DAYS);
        let last = secret.rotated.unwrap_or(secret.created);
        if secret.is_leaving || !is_past(last, most, case.now) {
            return Plan::none();
        }
        let Some(rule) = &secret.rotation else { return turn_on(secret, Some(most), case) };
        if !rule.is_within(most) {
            return shorten(secret, most);
        }
        let (Some(id), Some(next)) = (self.target(case.signal), secret.next) else {
            return Plan::none();
        };
        if next > case.now {
            return Plan::none();
        }
        Plan::by_hand(
            format!("the secret should have been rotated on {}", next.format("%Y-%m-%d")),
            "its rotation fails: see the logs of its function, mend that, then rotate it",
            [format!("aws secretsmanager rotate-secret {}", secret_of(&case.signal.place, &id))],
        )
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;
    use remedy::{
        Signal, Timestamp,
        check::{check, now, signal},
    };

    use super::{super::RotationRule, *};

    const DB: &str = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:web/db-a1B2c3";

    fn ago(days: i64) -> Timestamp {
        now() - TimeDelta::days(days)
    }

    fn every(days: u32, rotated: i64) -> Secret {
        Secret {
            rotation: Some(RotationRule { window: Some("3h".into()), ..RotationRule::every(days) }),
            rotated: Some(ago(rotated)),
            ..Secret::default()
        }
    }

    fn plan(secret: &Secret) -> Plan<Swap<SecretSetting>> {
        ShortenRotation.plan(secret, &Case { signal: &signal(DB), now: now() })
    }

    #[test]
    fn a_schedule_that_is_too_seldom_is_shortened() {
        let expected = ["set rotation every 90 days (it is rotation every 365 days)"];
        check(&ShortenRotation, &every(365, 100), &signal(DB), &expected);
        assert!(plan(&every(365, 100)).ask.is_some());
        let parameters = [("maxDaysSinceRotation".into(), vec!["180".into()])].into();
        check(&ShortenRotation, &every(365, 100), &Signal { parameters, ..signal(DB) }, &[]);
    }

    #[test]
    fn one_that_was_rotated_lately_or_is_about_to_be_is_right() {
        assert_eq!(plan(&every(365, 89)), Plan::none());
        let due = Secret { next: Some(now() + TimeDelta::days(1)), ..every(30, 100) };
        assert_eq!(plan(&due), Plan::none());
    }

    #[test]
    fn one_whose_rotation_fails_is_told_of() {
        let late = Secret { next: Some(ago(60)), ..every(30, 100) };
        check(&ShortenRotation, &late, &signal(DB), &[]);
        assert_eq!(plan(&late).left[0].what, "the secret should have been rotated on 2026-09-21");
    }

    #[test]
    fn one_that_is_not_rotated_at_all_begins_to_be_if_it_can() {
        let old = Secret { created: ago(100), ..Secret::default() };
        check(&ShortenRotation, &old, &signal(DB), &[]);
        assert_eq!(plan(&old).left.len(), 1);
        let able = Secret { function: Some("arn:fn".into()), ..old };
        let expected = ["set rotation every 90 days (it is rotation off)"];
        check(&ShortenRotation, &able, &signal(DB), &expected);
    }
}
