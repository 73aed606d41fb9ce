//! Makes access keys inactive that nobody has used for long.
//!
//! A password for the console cannot be brought back once it is deleted: that is left to a person. A
//! credential that is younger than the period is left alone, whenever one before it was used.

use remedy::{
    Case, Hold, Left, Plan, Remediation, Risk, Settings, Severity, Signal, Spec, Trigger, Undo,
    Wrong, quoted,
};

use super::{KeyChange, UserCredentials, days};

/// See the [module](self).
#[derive(Debug)]
pub struct DeactivateUnusedCredentials;

impl Remediation for DeactivateUnusedCredentials {
    type Facet = UserCredentials;

    const SPEC: Spec = Spec {
        id: "iam/deactivate_unused_credentials",
        title: "Deactivate access keys of a user that nobody uses",
        triggers: &[
            Trigger::control("IAM.8"),
            Trigger::control("IAM.22"),
            Trigger::config_rule("IAM_USER_UNUSED_CREDENTIALS_CHECK"),
        ],
        severity: Severity::Medium,
        risk: Risk::MayInterrupt,
        parameters: &[],
        undo: Undo::Yes,
        care: "A password that is newer than the period stays, even if an older one was used long ago; and no password is deleted without a person.",
        since: "0.4.0",
    };

    fn configured(_: &Settings) -> Result<Self, Wrong> {
        Ok(Self)
    }

    fn plan(&self, user: &UserCredentials, case: &Case<'_>) -> Plan<KeyChange> {
        let most = most(case.signal);
        let idle = |since| days::is_past(since, most, case.now);
        let keys = user.keys.iter().filter(|key| key.active && idle(key.idle_since()));
        let mut plan: Plan<_> = keys.map(|key| KeyChange::Deactivate(key.id.clone())).collect();
        let unused = user.password.as_ref().filter(|password| idle(password.idle_since()));
        if let Some(password) = unused {
            let since = password.idle_since().format("%Y-%m-%d");
            plan.left.push(Left {
                what: format!("the console password is unused since {since}"),
                why: Hold::ByHand {
                    why: "one that is deleted does not come back: ask its user, then delete it"
                        .into(),
                },
            });
            let name = self.target(case.signal).map(|id| quoted(&id.name));
            let command = |name| format!("aws iam delete-login-profile --user-name {name}");
            plan.by_hand.extend(name.map(command));
        }
        plan
    }
}

/// The days without use that are allowed; where nobody says, the longer period.
fn most(signal: &Signal) -> u32 {
    let usual = if signal.trigger.is(&Trigger::control("IAM.22")) { 45 } else { 90 };
    days::given(signal, "maxCredentialUsageAge").unwrap_or(usual)
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;
    use remedy::check::{check, now, signal};

    use super::{
        super::{AccessKey, Password},
        *,
    };

    const ALICE: &str = "arn:aws:iam::111122223333:user/alice";

    fn by(control: &'static str) -> Signal {
        Signal { trigger: Trigger::control(control), ..signal(ALICE) }
    }

    fn ago(days: i64) -> remedy::Timestamp {
        now() - TimeDelta::days(days)
    }

    fn key(id: &str, created: i64, used: Option<i64>) -> AccessKey {
        let (created, used) = (ago(created), used.map(ago));
        AccessKey { id: id.into(), active: true, created, used, service: String::new() }
    }

    fn password(created: i64, used: Option<i64>) -> UserCredentials {
        let password = Password { created: ago(created), used: used.map(ago) };
        UserCredentials { password: Some(password), ..UserCredentials::default() }
    }

    #[test]
    fn unused_keys_are_deactivated_and_inactive_ones_are_not_written_again() {
        let keys = vec![
            key("AKIA1", 400, None),
            key("AKIA2", 400, Some(60)),
            AccessKey { active: false, ..key("AKIA3", 400, None) },
            key("AKIA4", 10, None),
        ];
        let user = UserCredentials { keys, ..UserCredentials::default() };
        let (first, second) = ("deactivate access key AKIA1", "deactivate access key AKIA2");
        check(&DeactivateUnusedCredentials, &user, &by("IAM.8"), &[first]);
        check(&DeactivateUnusedCredentials, &user, &by("IAM.22"), &[first, second]);
        let config = Signal {
            trigger: Trigger::config_rule("IAM_USER_UNUSED_CREDENTIALS_CHECK"),
            ..signal(ALICE)
        };
        check(&DeactivateUnusedCredentials, &user, &config, &[first]);
    }

    #[test]
    fn the_period_that_security_hub_passes_counts() {
        let user = UserCredentials {
            keys: vec![key("AKIA1", 400, Some(60))],
            ..UserCredentials::default()
        };
        let given = |days: &str| Signal {
            parameters: [("maxCredentialUsageAge".into(), vec![days.into()])].into(),
            ..by("IAM.22")
        };
        check(&DeactivateUnusedCredentials, &user, &given("61"), &[]);
        check(&DeactivateUnusedCredentials, &user, &given(""), &["deactivate access key AKIA1"]);
    }

    #[test]
    fn an_unused_password_is_left_to_a_person_while_the_keys_are_not() {
        let user =
            UserCredentials { keys: vec![key("AKIA1", 400, None)], ..password(400, Some(100)) };
        let signal = by("IAM.8");
        check(&DeactivateUnusedCredentials, &user, &signal, &["deactivate access key AKIA1"]);
        let plan = DeactivateUnusedCredentials.plan(&user, &Case { signal: &signal, now: now() });
        assert_eq!(plan.left[0].what, "the console password is unused since 2026-08-12");
        assert_eq!(plan.by_hand, ["aws iam delete-login-profile --user-name alice"]);
    }

    #[test]
    fn a_password_that_is_newer_than_the_period_stays_whenever_the_last_sign_in_was() {
        for user in [password(1, Some(200)), password(400, Some(1)), password(44, None)] {
            let signal = by("IAM.22");
            let plan =
                DeactivateUnusedCredentials.plan(&user, &Case { signal: &signal, now: now() });
            assert_eq!(plan, Plan::none());
        }
    }
}
