//! Asks for the root user's MFA device before versions of objects are deleted for good.
//!
//! Only the root user can set that, with the device at hand, and no lifecycle rule works on the bucket any
//! more: it is told, and never done here.

use remedy::{Case, Plan, Remediation, Risk, Settings, Severity, Spec, Swap, Trigger, Undo, Wrong};

use super::{BucketVersioning, BucketVersions};

/// See the [module](self).
#[derive(Debug)]
pub struct RequireMfaDelete;

impl Remediation for RequireMfaDelete {
    type Facet = BucketVersioning;

    const SPEC: Spec = Spec {
        id: "s3/require_mfa_delete",
        title: "Tell how to require MFA to delete a bucket's versions",
        triggers: &[
            Trigger::control("S3.20"),
            Trigger::config_rule("S3_BUCKET_MFA_DELETE_ENABLED"),
        ],
        severity: Severity::Low,
        risk: Risk::Safe,
        parameters: &[],
        undo: Undo::Nothing,
        care: "It is only told: the root user must do it. A bucket without versions has nothing to guard.",
        since: "0.4.0",
    };

    fn configured(_: &Settings) -> Result<Self, Wrong> {
        Ok(Self)
    }

    fn plan(&self, bucket: &BucketVersioning, case: &Case<'_>) -> Plan<Swap<BucketVersions>> {
        if bucket.mfa_delete || !bucket.enabled {
            return Plan::none();
        }
        let commands = self.target(case.signal).map(|id| {
            let call = id.command(&case.signal.place, "put-bucket-versioning");
            format!(
                "{call} --versioning-configuration Status=Enabled,MFADelete=Enabled \
                 --mfa 'SERIAL CODE'"
            )
        });
        Plan::by_hand(
            "versions are deleted without MFA",
            "only the root user can require it, with an MFA device at hand; lifecycle rules do not \
             work on such a bucket",
            commands,
        )
    }
}

#[cfg(test)]
mod tests {
    use remedy::check::{check, now, signal};

    use super::*;

    #[test]
    fn it_is_told_where_there_are_versions_that_nothing_guards() {
        for (enabled, mfa_delete, left) in [(true, false, 1), (true, true, 0), (false, false, 0)] {
            let bucket = BucketVersioning { enabled, mfa_delete, tags: [].into() };
            check(&RequireMfaDelete, &bucket, &signal("web"), &[]);
            let plan = RequireMfaDelete.plan(&bucket, &Case { signal: &signal("web"), now: now() });
            assert_eq!((plan.left.len(), plan.by_hand.len()), (left, left), "{bucket:?}");
        }
    }
}
