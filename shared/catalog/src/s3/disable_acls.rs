//! Lets access control lists of a bucket, and of its objects, count no more.
//!
//! A person looks first: the lists of objects cannot be seen from the bucket. Where the bucket's own list
//! lets in others, they must be let in by a policy before, and that is left to a person.

use remedy::{Case, Plan, Remediation, Risk, Settings, Severity, Spec, Swap, Trigger, Undo, Wrong};

use super::{BucketOwnership, Ownership};

/// See the [module](self).
#[derive(Debug)]
pub struct DisableAcls;

impl Remediation for DisableAcls {
    type Facet = BucketOwnership;

    const SPEC: Spec = Spec {
        id: "s3/disable_acls",
        title: "Disable the access control lists of a bucket",
        triggers: &[Trigger::control("S3.12"), Trigger::config_rule("S3_BUCKET_ACL_PROHIBITED")],
        severity: Severity::Medium,
        risk: Risk::MayInterrupt,
        parameters: &[],
        undo: Undo::Yes,
        care: "A person looks first, and whoever the bucket's list lets in is named: they need a policy before the lists go.",
        since: "0.4.0",
    };

    fn configured(_: &Settings) -> Result<Self, Wrong> {
        Ok(Self)
    }

    fn plan(&self, bucket: &BucketOwnership, case: &Case<'_>) -> Plan<Swap<Ownership>> {
        let enforce = Swap::of(bucket.ownership, Ownership::BucketOwnerEnforced);
        if enforce.is_some() && !bucket.granted.is_empty() {
            let place = &case.signal.place;
            let commands = self.target(case.signal).map(|id| {
                let private = format!("{} --acl private", id.command(place, "put-bucket-acl"));
                [private, Ownership::BucketOwnerEnforced.command(place, &id)]
            });
            return Plan::by_hand(
                format!("the bucket's access control list grants {}", bucket.granted.join(", ")),
                "S3 disables lists only once the bucket's own is private: grant the same by the \
                 bucket's policy first",
                commands.into_iter().flatten(),
            );
        }
        enforce.into_iter().collect::<Plan<_>>().asking(
            "access control lists of objects stop to count: whoever reads or writes by one is cut off, \
             and so is whoever sends one with an upload",
        )
    }
}

#[cfg(test)]
mod tests {
    use remedy::check::{check, now, signal};

    use super::*;

    fn plan(bucket: &BucketOwnership) -> Plan<Swap<Ownership>> {
        DisableAcls.plan(bucket, &Case { signal: &signal("web"), now: now() })
    }

    #[test]
    fn lists_stop_to_count_once_a_person_agrees() {
        for (ownership, was) in [
            (Ownership::Unset, "not set"),
            (Ownership::ObjectWriter, "ObjectWriter"),
            (Ownership::BucketOwnerPreferred, "BucketOwnerPreferred"),
        ] {
            let bucket = BucketOwnership { ownership, ..BucketOwnership::default() };
            let expected =
                format!("set object ownership BucketOwnerEnforced (it is object ownership {was})");
            check(&DisableAcls, &bucket, &signal("web"), &[&expected]);
            assert!(plan(&bucket).ask.is_some());
        }
    }

    #[test]
    fn where_they_do_not_count_already_nothing_is_done() {
        let ownership = Ownership::BucketOwnerEnforced;
        let bucket = BucketOwnership { ownership, ..BucketOwnership::default() };
        check(&DisableAcls, &bucket, &signal("web"), &[]);
        assert_eq!(plan(&bucket), Plan::none());
    }

    #[test]
    fn whoever_is_let_in_by_a_list_is_named_and_not_cut_off() {
        let granted = vec!["WRITE to the group LogDelivery".to_owned()];
        let bucket = BucketOwnership { granted, ..BucketOwnership::default() };
        check(&DisableAcls, &bucket, &signal("web"), &[]);
        let plan = plan(&bucket);
        assert_eq!(plan.left.len(), 1);
        assert!(plan.left[0].what.contains("LogDelivery"));
        assert_eq!(
            plan.by_hand,
            [
                "aws s3api put-bucket-acl --region eu-west-1 --bucket web --acl private",
                "aws s3api put-bucket-ownership-controls --region eu-west-1 --bucket web \
                 --ownership-controls 'Rules=[{ObjectOwnership=BucketOwnerEnforced}]'",
            ]
        );
    }
}
