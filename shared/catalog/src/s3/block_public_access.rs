//! Refuses the public in a bucket.
//!
//! A bucket that serves a website, or whose policy somebody wrote for the public, is not closed before a
//! person agreed; one that an ACL leaves open is: the owner of an old bucket seldom knows of it.

use remedy::{Case, Plan, Remediation, Risk, Settings, Severity, Spec, Swap, Trigger, Undo, Wrong};

use super::{AccessBlock, BucketAccess, BucketBlock};

/// See the [module](self).
#[derive(Debug)]
pub struct BlockPublicAccess;

impl Remediation for BlockPublicAccess {
    type Facet = BucketAccess;

    const SPEC: Spec = Spec {
        id: "s3/block_public_access",
        title: "Block public access to a bucket",
        triggers: &[
            Trigger::control("S3.2"),
            Trigger::control("S3.3"),
            Trigger::control("S3.8"),
            Trigger::control("CloudTrail.6"),
            Trigger::config_rule("S3_BUCKET_LEVEL_PUBLIC_ACCESS_PROHIBITED"),
            Trigger::config_rule("S3_BUCKET_PUBLIC_READ_PROHIBITED"),
            Trigger::config_rule("S3_BUCKET_PUBLIC_WRITE_PROHIBITED"),
        ],
        severity: Severity::High,
        risk: Risk::MayInterrupt,
        parameters: &[],
        undo: Undo::Yes,
        care: "A website, and a policy written for the public, does not go dark by itself: a person looks first. What was on before stays on.",
        since: "0.4.0",
    };

    fn configured(_: &Settings) -> Result<Self, Wrong> {
        Ok(Self)
    }

    fn plan(&self, bucket: &BucketAccess, _: &Case<'_>) -> Plan<Swap<BucketBlock>> {
        let block = Swap::of(BucketBlock(bucket.block), BucketBlock(AccessBlock::ALL));
        let plan: Plan<_> = block.into_iter().collect();
        match bucket.shown() {
            Some(why) => plan.asking(why),
            None => plan,
        }
    }
}

#[cfg(test)]
mod tests {
    use remedy::check::{check, now, signal};

    use super::*;

    const WEB: &str = "arn:aws:s3:::web";
    const ON: &str = "set public access block on (it is public access block off)";

    #[test]
    fn a_bucket_is_closed_and_keeps_what_it_refused_before() {
        let some = AccessBlock { restrict_public_buckets: true, ..AccessBlock::default() };
        for (block, expected) in [
            (AccessBlock::default(), &[ON][..]),
            (
                some,
                &["set public access block on (it is public access block on for \
                   RestrictPublicBuckets only)"],
            ),
            (AccessBlock::ALL, &[]),
        ] {
            let bucket = BucketAccess { block, ..BucketAccess::default() };
            check(&BlockPublicAccess, &bucket, &signal(WEB), expected);
            check(&BlockPublicAccess, &bucket, &signal("web"), expected);
        }
    }

    #[test]
    fn what_the_public_is_meant_to_see_does_not_go_dark_by_itself() {
        let no_policies = AccessBlock { restrict_public_buckets: true, ..AccessBlock::default() };
        let neither = AccessBlock { ignore_public_acls: true, ..no_policies };
        let open = AccessBlock::default();
        let case = Case { signal: &signal(WEB), now: now() };
        for (website, public_policy, block, asks) in [
            (false, false, open, false),
            (true, false, open, true),
            (false, true, open, true),
            // A site can be opened object by object, too.
            (true, false, no_policies, true),
            // Nobody sees it as it is.
            (false, true, no_policies, false),
            (true, true, neither, false),
        ] {
            let bucket = BucketAccess { block, website, public_policy, tags: [].into() };
            let plan = BlockPublicAccess.plan(&bucket, &case);
            assert_eq!(plan.changes.len(), 1, "{bucket:?}");
            assert_eq!(plan.ask.is_some(), asks, "{bucket:?}");
            check(
                &BlockPublicAccess,
                &bucket,
                case.signal,
                &plan.lines().iter().map(String::as_str).collect::<Vec<_>>(),
            );
        }
    }
}
