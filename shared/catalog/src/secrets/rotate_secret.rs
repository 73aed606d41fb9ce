//! Turns the rotation of a secret on again, once a person agrees.
//!
//! That takes a function that can rotate it: where there is none, a person has to write one first. Somebody
//! turned it off, and may have had a reason: the value changes at the next window.

use remedy::{Case, Plan, Remediation, Risk, Settings, Severity, Spec, Swap, Trigger, Undo, Wrong};

use super::{RotationRule, Secret, SecretSetting, days::given, secret::secret_of};

/// See the [module](self).
#[derive(Debug)]
pub struct RotateSecret;

/// Where neither Security Hub nor the secret says how often.
const DAYS: u32 = 90;

impl Remediation for RotateSecret {
    type Facet = Secret;

    const SPEC: Spec = Spec {
        id: "secrets/rotate_secret",
        title: "Turn on the rotation of a secret",
        triggers: &[
            Trigger::control("SecretsManager.1"),
            Trigger::config_rule("SECRETSMANAGER_ROTATION_ENABLED_CHECK"),
        ],
        severity: Severity::Medium,
        risk: Risk::MayInterrupt,
        parameters: &[],
        undo: Undo::Yes,
        care: "A person agrees first, and nothing is rotated at once. The schedule that the secret had is kept if it is often enough.",
        since: "0.4.0",
    };

    fn configured(_: &Settings) -> Result<Self, Wrong> {
        Ok(Self)
    }

    fn plan(&self, secret: &Secret, case: &Case<'_>) -> Plan<Swap<SecretSetting>> {
        let most = given(case.signal, "maximumAllowedRotationFrequency");
        match &secret.rotation {
            Some(rule) => match most.filter(|most| !rule.is_within(*most)) {
                Some(most) => shorten(secret, most),
                None => Plan::none(),
            },
            None => turn_on(secret, most, case),
        }
    }
}

/// Turns rotation on, at least every `most` days.
pub(super) fn turn_on(
    secret: &Secret,
    most: Option<u32>,
    case: &Case<'_>,
) -> Plan<Swap<SecretSetting>> {
    const WHAT: &str = "the secret is not rotated";
    if secret.is_leaving {
        return Plan::none();
    }
    if let Some(service) = &secret.service {
        return Plan::by_hand(WHAT, format!("{service} made it: see there how it is rotated"), []);
    }
    if let Some(region) = &secret.copy_of {
        return Plan::by_hand(
            WHAT,
            format!("it is a copy of a secret in {region}: rotate that one"),
            [],
        );
    }
    if secret.function.is_none() {
        let place = &case.signal.place;
        let id = RotateSecret.target(case.signal);
        let command = id.map(|id| {
            let (secret, days) = (secret_of(place, &id), most.unwrap_or(DAYS));
            format!(
                "aws secretsmanager rotate-secret {secret} --rotation-lambda-arn \"$FUNCTION\" --rotation-rules AutomaticallyAfterDays={days}"
            )
        });
        let why = "there is no function that rotates it: write one for what the secret opens, set FUNCTION to its ARN";
        return Plan::by_hand(WHAT, why, command);
    }
    let most = most.unwrap_or(DAYS);
    let former = secret.former.clone().filter(|rule| *rule != RotationRule::default());
    let rule = former.filter(|rule| rule.is_within(most));
    let to = SecretSetting::Rotation(Some(rule.unwrap_or_else(|| RotationRule::every(most))));
    let plan: Plan<_> = Swap::of(SecretSetting::Rotation(None), to).into_iter().collect();
    plan.asking(
        "somebody turned rotation off; once it is on, the value changes at the next window, and whoever \
         keeps a copy of it has the old one",
    )
}

/// Rotates every `most` days from now on.
pub(super) fn shorten(secret: &Secret, most: u32) -> Plan<Swap<SecretSetting>> {
    let window = secret.rotation.as_ref().and_then(|rule| rule.window.clone());
    let to = RotationRule { window, ..RotationRule::every(most) };
    let is = SecretSetting::Rotation(secret.rotation.clone());
    let plan: Plan<_> = Swap::of(is, SecretSetting::Rotation(Some(to))).into_iter().collect();
    plan.asking("the value changes more often, for the first time at the next window")
}

#[cfg(test)]
mod tests {
    use remedy::{
        Signal,
        check::{check, now, signal},
    };

    use super::*;

    const DB: &str = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:web/db-a1B2c3";

    fn given(days: &str) -> Signal {
        let parameter = ("maximumAllowedRotationFrequency".into(), vec![days.into()]);
        Signal { parameters: [parameter].into(), ..signal(DB) }
    }

    fn stopped(former: RotationRule) -> Secret {
        Secret { former: Some(former), function: Some("arn:fn".into()), ..Secret::default() }
    }

    fn plan(secret: &Secret) -> Plan<Swap<SecretSetting>> {
        RotateSecret.plan(secret, &Case { signal: &signal(DB), now: now() })
    }

    #[test]
    fn rotation_is_turned_on_as_it_was_once_a_person_agrees() {
        let former =
            RotationRule { schedule: Some("rate(10 days)".into()), ..RotationRule::default() };
        let secret = stopped(former);
        let expected = ["set rotation by rate(10 days) (it is rotation off)"];
        check(&RotateSecret, &secret, &signal(DB), &expected);
        assert!(plan(&secret).ask.is_some());
    }

    #[test]
    fn what_was_too_seldom_is_not_turned_on_again() {
        let expected = ["set rotation every 30 days (it is rotation off)"];
        check(&RotateSecret, &stopped(RotationRule::every(60)), &given("30"), &expected);
        let expected = ["set rotation every 90 days (it is rotation off)"];
        check(&RotateSecret, &stopped(RotationRule::default()), &given("what?"), &expected);
    }

    #[test]
    fn rotation_that_is_on_is_only_made_more_frequent() {
        let secret = Secret { rotation: Some(RotationRule::every(60)), ..Secret::default() };
        check(&RotateSecret, &secret, &signal(DB), &[]);
        check(&RotateSecret, &secret, &given("60"), &[]);
        let expected = ["set rotation every 30 days (it is rotation every 60 days)"];
        check(&RotateSecret, &secret, &given("30"), &expected);
    }

    #[test]
    fn what_cannot_be_rotated_here_is_left_to_a_person() {
        for (secret, why) in [
            (Secret::default(), "there is no function"),
            (
                Secret { service: Some("rds".into()), ..stopped(RotationRule::every(7)) },
                "rds made it",
            ),
            (Secret { copy_of: Some("us-east-1".into()), ..Secret::default() }, "it is a copy"),
        ] {
            check(&RotateSecret, &secret, &signal(DB), &[]);
            let left = plan(&secret).left[0].why.to_string();
            assert!(left.contains(why), "{left}");
        }
        let leaving = Secret { is_leaving: true, ..Secret::default() };
        assert_eq!(plan(&leaving), Plan::none());
    }
}
