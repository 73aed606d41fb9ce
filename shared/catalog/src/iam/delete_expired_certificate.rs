//! Tells of a server certificate that is over: a load balancer may still show it, so a person deletes it.

use remedy::{
    Case, Never, Plan, Remediation, Risk, Settings, Severity, Spec, Trigger, Undo, Wrong, quoted,
};

use super::ServerCertificate;

/// See the [module](self).
#[derive(Debug)]
pub struct DeleteExpiredCertificate;

impl Remediation for DeleteExpiredCertificate {
    type Facet = ServerCertificate;

    const SPEC: Spec = Spec {
        id: "iam/delete_expired_certificate",
        title: "Tell how to delete a server certificate that is over",
        triggers: &[
            Trigger::control("IAM.26"),
            Trigger::config_rule("IAM_SERVER_CERTIFICATE_EXPIRATION_CHECK"),
        ],
        severity: Severity::Medium,
        risk: Risk::Safe,
        parameters: &[],
        undo: Undo::Nothing,
        care: "Nothing is deleted: a certificate that is still attached would leave its listener without one.",
        since: "0.4.0",
    };

    fn configured(_: &Settings) -> Result<Self, Wrong> {
        Ok(Self)
    }

    fn plan(&self, certificate: &ServerCertificate, case: &Case<'_>) -> Plan<Never> {
        let Some(id) = self.target(case.signal) else { return Plan::none() };
        if certificate.expires > case.now {
            return Plan::none();
        }
        Plan::by_hand(
            format!("the certificate ended on {}", certificate.expires.format("%Y-%m-%d")),
            "make sure that no load balancer or distribution shows it, then delete it",
            [format!(
                "aws iam delete-server-certificate --server-certificate-name {}",
                quoted(&id.name)
            )],
        )
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;
    use remedy::check::{check, now, signal};

    use super::*;

    const WWW: &str = "arn:aws:iam::111122223333:server-certificate/cloudfront/www";

    fn plan(expires_in: TimeDelta) -> Plan<Never> {
        let certificate =
            ServerCertificate { expires: now() + expires_in, ..ServerCertificate::default() };
        check(&DeleteExpiredCertificate, &certificate, &signal(WWW), &[]);
        DeleteExpiredCertificate.plan(&certificate, &Case { signal: &signal(WWW), now: now() })
    }

    #[test]
    fn one_that_is_over_is_told_of() {
        let plan = plan(TimeDelta::hours(-30));
        assert_eq!(plan.left[0].what, "the certificate ended on 2026-11-19");
        assert_eq!(
            plan.by_hand,
            ["aws iam delete-server-certificate --server-certificate-name www"]
        );
    }

    #[test]
    fn one_that_is_valid_is_right() {
        assert_eq!(plan(TimeDelta::hours(1)), Plan::none());
    }
}
