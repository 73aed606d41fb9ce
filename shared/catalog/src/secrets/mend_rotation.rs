//! Tells that the rotation of a secret fails. Why, only the logs of its function say.

use remedy::{
    Case, Plan, Remediation, Risk, Settings, Severity, Spec, Swap, Trigger, Undo, Wrong, quoted,
};

use super::{Secret, SecretSetting, secret::secret_of};

/// See the [module](self).
#[derive(Debug)]
pub struct MendRotation;

impl Remediation for MendRotation {
    type Facet = Secret;

    const SPEC: Spec = Spec {
        id: "secrets/mend_rotation",
        title: "Tell that the rotation of a secret fails",
        triggers: &[
            Trigger::control("SecretsManager.2"),
            Trigger::config_rule("SECRETSMANAGER_SCHEDULED_ROTATION_SUCCESS_CHECK"),
        ],
        severity: Severity::Medium,
        risk: Risk::Safe,
        parameters: &[],
        undo: Undo::Nothing,
        care: "A secret that has been rotated since the finding bothers nobody.",
        since: "0.4.0",
    };

    fn configured(_: &Settings) -> Result<Self, Wrong> {
        Ok(Self)
    }

    fn plan(&self, secret: &Secret, case: &Case<'_>) -> Plan<Swap<SecretSetting>> {
        let is_mended = secret.rotated.is_some_and(|rotated| rotated > case.signal.seen);
        let (Some(id), Some(_)) = (self.target(case.signal), &secret.rotation) else {
            return Plan::none();
        };
        if secret.is_leaving || is_mended {
            return Plan::none();
        }
        let place = &case.signal.place;
        let since = match secret.rotated {
            Some(rotated) => format!("since {}", rotated.format("%Y-%m-%d")),
            None => "ever".into(),
        };
        let named = secret.function.as_deref().and_then(|arn| arn.rsplit(':').next());
        let logs = named.map(|name| {
            let group = quoted(&format!("/aws/lambda/{name}"));
            format!("aws logs tail {group} --region {} --since 2d", place.region)
        });
        let secret = secret_of(place, &id);
        let rest = [
            format!("aws secretsmanager list-secret-version-ids {secret}"),
            format!("aws secretsmanager rotate-secret {secret}"),
        ];
        Plan::by_hand(
            format!("the secret has not been rotated {since}"),
            "see why in the logs of its function, mend that, then rotate it",
            logs.into_iter().chain(rest),
        )
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;
    use remedy::check::{check, now, signal};

    use super::{super::RotationRule, *};

    const DB: &str = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:web/db-a1B2c3";

    fn plan(secret: &Secret) -> Plan<Swap<SecretSetting>> {
        check(&MendRotation, secret, &signal(DB), &[]);
        MendRotation.plan(secret, &Case { signal: &signal(DB), now: now() })
    }

    #[test]
    fn one_whose_rotation_fails_is_told_of_with_the_logs_of_its_function() {
        let secret = Secret {
            rotation: Some(RotationRule::every(30)),
            function: Some("arn:aws:lambda:eu-west-1:111122223333:function:rotate".into()),
            rotated: Some(now() - TimeDelta::days(60)),
            ..Secret::default()
        };
        let plan = plan(&secret);
        assert_eq!(plan.left[0].what, "the secret has not been rotated since 2026-09-21");
        assert_eq!(
            plan.by_hand[0],
            "aws logs tail /aws/lambda/rotate --region eu-west-1 --since 2d"
        );
        assert_eq!(plan.by_hand.len(), 3);
    }

    #[test]
    fn one_that_was_rotated_since_or_is_not_rotated_is_right() {
        let since = Secret {
            rotation: Some(RotationRule::every(30)),
            rotated: Some(now() + TimeDelta::hours(1)),
            ..Secret::default()
        };
        assert_eq!(plan(&since), Plan::none());
        assert_eq!(plan(&Secret::default()), Plan::none());
    }
}
