//! Facet: whether what is in a bucket can be locked.

use remedy::{Action, Facet, Never, Place, Tags};
use serde::{Deserialize, Serialize};

use super::{
    BucketId,
    bucket::{READ_TAGS, on_buckets},
};

/// A bucket, as far as Object Lock goes.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct BucketLock {
    /// Whether it is on.
    pub enabled: bool,
    /// How what is written is locked of its own accord, such as `GOVERNANCE`, if it is.
    pub mode: Option<String>,
    /// The bucket's tags.
    pub tags: Tags,
}

impl Facet for BucketLock {
    type Id = BucketId;
    type Change = Never;

    const NAME: &'static str = "Object Lock of a bucket";
    const READS: &'static [Action] =
        &[on_buckets("s3:GetBucketObjectLockConfiguration"), READ_TAGS];

    fn tags(&self) -> Option<&Tags> {
        Some(&self.tags)
    }

    fn after(self, change: &Never) -> Self {
        match *change {}
    }

    fn commands(_: &Place, _: &BucketId, _: &[Never]) -> Vec<String> {
        Vec::new()
    }
}
