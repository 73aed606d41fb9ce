//! Facet: what a bucket refuses the public.

use std::fmt;

use remedy::{Action, Facet, Place, Setting, Swap, Tags};
use serde::{Deserialize, Serialize};

use super::{
    AccessBlock, BucketId,
    bucket::{READ_TAGS, on_buckets},
};

/// A bucket, as far as the public can get at it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct BucketAccess {
    /// What it refuses.
    pub block: AccessBlock,
    /// Whether it serves a website.
    pub website: bool,
    /// Whether S3 takes its policy for one that is open to the public.
    pub public_policy: bool,
    /// The bucket's tags.
    pub tags: Tags,
}

impl BucketAccess {
    /// What the public sees of it by intent, in words, if it does.
    pub(super) fn shown(&self) -> Option<&'static str> {
        let by_policy = !self.block.restrict_public_buckets;
        let by_acl = !self.block.ignore_public_acls;
        if self.website && (by_policy || by_acl) {
            return Some("the bucket serves a website, which goes dark");
        }
        (self.public_policy && by_policy)
            .then_some("the bucket's policy opens it to the public, and what uses that is cut off")
    }
}

/// What the block of a bucket is set to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BucketBlock(pub AccessBlock);

const BLOCK: &[Action] = &[on_buckets("s3:PutBucketPublicAccessBlock")];

impl Facet for BucketAccess {
    type Id = BucketId;
    type Change = Swap<BucketBlock>;

    const NAME: &'static str = "public access block of a bucket";
    const READS: &'static [Action] = &[
        on_buckets("s3:GetBucketPolicyStatus"),
        on_buckets("s3:GetBucketPublicAccessBlock"),
        READ_TAGS,
        on_buckets("s3:GetBucketWebsite"),
    ];

    fn tags(&self) -> Option<&Tags> {
        Some(&self.tags)
    }

    fn after(self, change: &Swap<BucketBlock>) -> Self {
        Self { block: change.to.0, ..self }
    }

    fn commands(place: &Place, id: &BucketId, changes: &[Swap<BucketBlock>]) -> Vec<String> {
        let command = |change: &Swap<BucketBlock>| {
            let call = id.command(place, "put-public-access-block");
            format!("{call} --public-access-block-configuration {}", change.to.0.argument())
        };
        changes.iter().map(command).collect()
    }
}

impl Setting for BucketBlock {
    const MAKE: &'static [Action] = BLOCK;
    const UNDO: &'static [Action] = BLOCK;

    fn needs(&self) -> &'static [Action] {
        BLOCK
    }
}

impl fmt::Display for BucketBlock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
