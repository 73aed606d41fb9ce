//! Makes access keys inactive that are too old and that nobody needs any more.
//!
//! A key that was used lately is left to a person: only who uses it can put another in its place. Once the
//! other is in use, the old one is made inactive like any that nobody needs.

use remedy::{
    Case, Hold, Left, Parameter, Plan, Remediation, Risk, Settings, Severity, Spec, Trigger, Undo,
    Wrong, quoted,
};

use super::{AccessKey, KeyChange, UserCredentials, UserId, days, user_credentials::update_key};

/// See the [module](self).
#[derive(Debug)]
pub struct DeactivateOldKeys {
    use_days: u32,
}

const KEY_USE_DAYS: Parameter = Parameter {
    name: "KeyUseDays",
    default: "35",
    allowed: "a number of days, 1 to 365",
    about: "an access key that was used within so many days counts as needed and is never made inactive for its age",
};

/// Where Security Hub passes nothing else.
const MAX_AGE: u32 = 90;

impl Remediation for DeactivateOldKeys {
    type Facet = UserCredentials;

    const SPEC: Spec = Spec {
        id: "iam/deactivate_old_keys",
        title: "Deactivate access keys of a user that are too old",
        triggers: &[Trigger::control("IAM.3"), Trigger::config_rule("ACCESS_KEYS_ROTATED")],
        severity: Severity::Medium,
        risk: Risk::MayInterrupt,
        parameters: &[KEY_USE_DAYS],
        undo: Undo::Yes,
        care: "A key that is in use is never made inactive: its owner is told how to put another in its place.",
        since: "0.4.0",
    };

    fn configured(settings: &Settings) -> Result<Self, Wrong> {
        let days = |text: &str| text.parse().ok().filter(|days| (1..=365).contains(days));
        Ok(Self { use_days: settings.read(&KEY_USE_DAYS, days)? })
    }

    fn plan(&self, user: &UserCredentials, case: &Case<'_>) -> Plan<KeyChange> {
        let max_age = days::given(case.signal, "maxAccessKeyAge").unwrap_or(MAX_AGE);
        let is_old = |key: &&AccessKey| key.active && days::is_past(key.created, max_age, case.now);
        let is_idle = |key: &&AccessKey| days::is_past(key.idle_since(), self.use_days, case.now);
        let (idle, needed): (Vec<_>, Vec<_>) = user.keys.iter().filter(is_old).partition(is_idle);
        let deactivate = |key: &AccessKey| KeyChange::Deactivate(key.id.clone());
        let mut plan: Plan<_> = idle.into_iter().map(deactivate).collect();
        for key in needed {
            plan.left.push(left(key, case, max_age));
            if let Some(id) = self.target(case.signal) {
                plan.by_hand.extend(rotation(&id, key));
            }
        }
        plan
    }
}

fn left(key: &AccessKey, case: &Case<'_>, max_age: u32) -> Left {
    let service = match key.service.as_str() {
        "" | "N/A" => String::new(),
        service => format!(" for {service}"),
    };
    let used = key.idle_since().format("%Y-%m-%d");
    let age = (case.now - key.created).num_days();
    let why = match key.used {
        Some(_) => format!(
            "it was used on {used}{service}: give its user another, then deactivate this one"
        ),
        None => format!("it was made on {used} and may be about to be used"),
    };
    Left {
        what: format!("access key {} is {age} days old, {max_age} are allowed", key.id),
        why: Hold::ByHand { why },
    }
}

/// How to put another key in the place of `key`.
fn rotation(user: &UserId, key: &AccessKey) -> [String; 2] {
    [
        format!("aws iam create-access-key --user-name {}", quoted(&user.name)),
        update_key(user, &KeyChange::Deactivate(key.id.clone())),
    ]
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;
    use remedy::{
        Signal,
        check::{check, now, signal},
    };

    use super::*;

    const ALICE: &str = "arn:aws:iam::111122223333:user/ops/alice";

    fn key(id: &str, age: i64, used: Option<i64>) -> AccessKey {
        let ago = |days| now() - TimeDelta::days(days);
        AccessKey {
            id: id.into(),
            active: true,
            created: ago(age),
            used: used.map(ago),
            service: "s3".into(),
        }
    }

    fn user(keys: &[AccessKey]) -> UserCredentials {
        UserCredentials { keys: keys.to_vec(), ..UserCredentials::default() }
    }

    fn remediation(settings: &[(&str, &str)]) -> DeactivateOldKeys {
        DeactivateOldKeys::configured(&settings.iter().copied().collect()).unwrap()
    }

    #[test]
    fn old_keys_that_nobody_needs_are_deactivated() {
        let keys = [key("AKIA1", 91, None), key("AKIA2", 400, Some(36))];
        let expected = ["deactivate access key AKIA1", "deactivate access key AKIA2"];
        check(&remediation(&[]), &user(&keys), &signal(ALICE), &expected);
    }

    #[test]
    fn young_keys_and_inactive_ones_are_left_alone() {
        let inactive = AccessKey { active: false, ..key("AKIA2", 400, None) };
        let user = user(&[key("AKIA1", 89, None), inactive]);
        check(&remediation(&[]), &user, &signal(ALICE), &[]);
        let plan = remediation(&[]).plan(&user, &Case { signal: &signal(ALICE), now: now() });
        assert_eq!(plan, Plan::none());
    }

    #[test]
    fn an_old_key_that_was_just_used_is_left_to_a_person_and_the_other_is_not() {
        let user = user(&[key("AKIA1", 400, Some(0)), key("AKIA2", 400, Some(200))]);
        check(&remediation(&[]), &user, &signal(ALICE), &["deactivate access key AKIA2"]);
        let plan = remediation(&[]).plan(&user, &Case { signal: &signal(ALICE), now: now() });
        assert_eq!(plan.left[0].what, "access key AKIA1 is 400 days old, 90 are allowed");
        let why =
            "it was used on 2026-11-20 for s3: give its user another, then deactivate this one";
        assert_eq!(plan.left[0].why, Hold::ByHand { why: why.into() });
        assert_eq!(
            plan.by_hand,
            [
                "aws iam create-access-key --user-name alice",
                "aws iam update-access-key --user-name alice --access-key-id AKIA1 --status Inactive",
            ]
        );
    }

    #[test]
    fn the_age_is_the_controls_and_what_counts_as_use_is_the_stacks() {
        let given = |days: &str| Signal {
            parameters: [("maxAccessKeyAge".into(), vec![days.into()])].into(),
            ..signal(ALICE)
        };
        let user = user(&[key("AKIA1", 60, Some(10))]);
        let week = remediation(&[("KEY_USE_DAYS", "7")]);
        check(&week, &user, &given("45"), &["deactivate access key AKIA1"]);
        check(&week, &user, &given("60"), &["deactivate access key AKIA1"]);
        check(&week, &user, &given("61"), &[]);
        check(&week, &user, &given("what?"), &[]);
        check(&remediation(&[]), &user, &given("45"), &[]);
        for wrong in ["0", "366", "", "week"] {
            let settings = [("KEY_USE_DAYS", wrong)].into_iter().collect();
            assert!(DeactivateOldKeys::configured(&settings).is_err(), "{wrong}");
        }
    }
}
