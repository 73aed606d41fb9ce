//! Keeps the versions of a bucket's objects.
//!
//! A person looks first: versioning cannot be taken out of a bucket again, every version costs, and what
//! was deleted is not gone any more, also where it must be.

use remedy::{Case, Plan, Remediation, Risk, Settings, Severity, Spec, Swap, Trigger, Undo, Wrong};

use super::{BucketVersioning, BucketVersions};

/// See the [module](self).
#[derive(Debug)]
pub struct KeepVersions;

impl Remediation for KeepVersions {
    type Facet = BucketVersioning;

    const SPEC: Spec = Spec {
        id: "s3/keep_versions",
        title: "Turn on versioning of a bucket",
        triggers: &[
            Trigger::control("S3.14"),
            Trigger::config_rule("S3_BUCKET_VERSIONING_ENABLED"),
        ],
        severity: Severity::Low,
        risk: Risk::Safe,
        parameters: &[],
        undo: Undo::Partly(
            "versioning can only be suspended; the versions made meanwhile stay, and cost",
        ),
        care: "A person looks first, since S3 never lets go of versioning; a bucket whose versioning is in the hands of an MFA device is left to its owner.",
        since: "0.4.0",
    };

    fn configured(_: &Settings) -> Result<Self, Wrong> {
        Ok(Self)
    }

    fn plan(&self, bucket: &BucketVersioning, case: &Case<'_>) -> Plan<Swap<BucketVersions>> {
        if bucket.enabled {
            return Plan::none();
        }
        if bucket.mfa_delete {
            let commands = self.target(case.signal).map(|id| {
                let call = id.command(&case.signal.place, "put-bucket-versioning");
                format!(
                    "{call} --versioning-configuration Status=Enabled,MFADelete=Enabled \
                     --mfa 'SERIAL CODE'"
                )
            });
            let why = "only the root user can change it, with the MFA device that it is held by";
            return Plan::by_hand("versioning is suspended", why, commands);
        }
        let keep = Swap::of(BucketVersions::Suspended, BucketVersions::Enabled);
        keep.into_iter().collect::<Plan<_>>().asking(
            "versioning cannot be taken out of a bucket again, only suspended; every version costs, and \
             what is deleted or expires stays as a version unless a lifecycle rule expires those, too",
        )
    }
}

#[cfg(test)]
mod tests {
    use remedy::check::{check, now, signal};

    use super::*;

    const WEB: &str = "arn:aws:s3:::web";

    #[test]
    fn versions_are_kept_once_a_person_agrees() {
        let bucket = BucketVersioning::default();
        let expected = ["set versioning on (it is versioning off)"];
        check(&KeepVersions, &bucket, &signal(WEB), &expected);
        let plan = KeepVersions.plan(&bucket, &Case { signal: &signal(WEB), now: now() });
        assert!(plan.ask.is_some());
    }

    #[test]
    fn a_bucket_that_keeps_them_or_is_held_by_a_device_is_left_alone() {
        for (enabled, mfa_delete, left) in [(true, false, 0), (true, true, 0), (false, true, 1)] {
            let bucket = BucketVersioning { enabled, mfa_delete, tags: [].into() };
            check(&KeepVersions, &bucket, &signal(WEB), &[]);
            let plan = KeepVersions.plan(&bucket, &Case { signal: &signal(WEB), now: now() });
            assert_eq!((plan.left.len(), plan.by_hand.len()), (left, left), "{bucket:?}");
        }
    }
}
