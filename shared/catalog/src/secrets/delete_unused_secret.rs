//! Tells of a secret that nobody has read for long. A person deletes it: nobody else knows what it opens.

use remedy::{Case, Plan, Remediation, Risk, Settings, Severity, Spec, Swap, Trigger, Undo, Wrong};

use super::{
    Secret, SecretSetting,
    days::{given, is_past},
    secret::secret_of,
};

/// See the [module](self).
#[derive(Debug)]
pub struct DeleteUnusedSecret;

/// Where Security Hub passes nothing else.
const DAYS: u32 = 90;

impl Remediation for DeleteUnusedSecret {
    type Facet = Secret;

    const SPEC: Spec = Spec {
        id: "secrets/delete_unused_secret",
        title: "Tell how to delete a secret that nobody reads",
        triggers: &[
            Trigger::control("SecretsManager.3"),
            Trigger::config_rule("SECRETSMANAGER_SECRET_UNUSED"),
        ],
        severity: Severity::Medium,
        risk: Risk::Safe,
        parameters: &[],
        undo: Undo::Nothing,
        care: "Nothing is deleted. A secret that nobody ever read counts from when it was made.",
        since: "0.4.0",
    };

    fn configured(_: &Settings) -> Result<Self, Wrong> {
        Ok(Self)
    }

    fn plan(&self, secret: &Secret, case: &Case<'_>) -> Plan<Swap<SecretSetting>> {
        let most = given(case.signal, "unusedForDays").unwrap_or(DAYS);
        let Some(id) = self.target(case.signal) else { return Plan::none() };
        if secret.is_leaving || !is_past(secret.idle_since(), most, case.now) {
            return Plan::none();
        }
        let since = secret.idle_since().format("%Y-%m-%d");
        let what = match secret.accessed {
            Some(_) => format!("nobody has read the secret since {since}"),
            None => format!("nobody has ever read the secret, which was made on {since}"),
        };
        let why = match (&secret.service, &secret.copy_of) {
            (Some(service), _) => format!("{service} made it: delete what it is for there"),
            (None, Some(region)) => {
                format!(
                    "it is a copy of a secret in {region}, where it may be read: end the copy there"
                )
            }
            (None, None) => "make sure that nobody needs it; it can be restored for 30 days".into(),
        };
        let is_plain = secret.service.is_none() && secret.copy_of.is_none();
        let secret = secret_of(&case.signal.place, &id);
        let delete =
            format!("aws secretsmanager delete-secret {secret} --recovery-window-in-days 30");
        Plan::by_hand(what, why, is_plain.then_some(delete))
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;
    use remedy::{
        Signal, Timestamp,
        check::{check, now, signal},
    };

    use super::*;

    const DB: &str = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:web/db-a1B2c3";

    fn ago(days: i64) -> Timestamp {
        now() - TimeDelta::days(days)
    }

    fn secret(created: i64, accessed: Option<i64>) -> Secret {
        Secret { created: ago(created), accessed: accessed.map(ago), ..Secret::default() }
    }

    fn what(secret: &Secret, signal: &Signal) -> Option<String> {
        check(&DeleteUnusedSecret, secret, signal, &[]);
        let plan = DeleteUnusedSecret.plan(secret, &Case { signal, now: now() });
        plan.left.into_iter().next().map(|left| left.what)
    }

    #[test]
    fn one_that_nobody_reads_is_told_of_and_not_deleted() {
        let expected = Some("nobody has read the secret since 2026-08-12".to_owned());
        assert_eq!(what(&secret(400, Some(100)), &signal(DB)), expected);
        let expected = "nobody has ever read the secret, which was made on 2026-08-12".to_owned();
        assert_eq!(what(&secret(100, None), &signal(DB)), Some(expected));
    }

    #[test]
    fn one_that_is_young_or_read_or_about_to_go_is_right() {
        let leaving = Secret { is_leaving: true, ..secret(400, None) };
        for secret in [secret(10, None), secret(400, Some(10)), leaving] {
            assert_eq!(what(&secret, &signal(DB)), None);
        }
        let parameters = [("unusedForDays".into(), vec!["365".into()])].into();
        let year = Signal { parameters, ..signal(DB) };
        assert_eq!(what(&secret(400, Some(100)), &year), None);
    }
}
