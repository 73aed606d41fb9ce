//! Facet: where else the objects of a bucket are kept.

use remedy::{Action, Facet, Never, Place, Tags};
use serde::{Deserialize, Serialize};

use super::{
    BucketId,
    bucket::{READ_TAGS, on_buckets},
};

/// A bucket, as far as its objects are copied to others.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct BucketReplication {
    /// Where to, by rules that are carried out.
    pub to: Vec<Replica>,
    /// The bucket's tags.
    pub tags: Tags,
}

/// A bucket that objects are copied to.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Replica {
    /// Its name.
    pub bucket: String,
    /// Its Region, if S3 tells.
    pub region: Option<String>,
}

impl Facet for BucketReplication {
    type Id = BucketId;
    type Change = Never;

    const NAME: &'static str = "replication of a bucket";
    const READS: &'static [Action] = &[
        // The bucket that objects are copied to can be another account's.
        Action::on("arn:${AWS::Partition}:s3:::*", "s3:GetBucketLocation"),
        READ_TAGS,
        on_buckets("s3:GetReplicationConfiguration"),
    ];

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
