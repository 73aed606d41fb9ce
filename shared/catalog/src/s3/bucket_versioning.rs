//! Facet: whether a bucket keeps what is overwritten and deleted.

use std::fmt;

use remedy::{Action, Facet, Place, Setting, Swap, Tags};
use serde::{Deserialize, Serialize};

use super::{
    BucketId,
    bucket::{READ_TAGS, on_buckets},
};

/// A bucket, as far as versions of its objects go.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct BucketVersioning {
    /// Whether versions are kept. They are not where this was never turned on, nor where it was suspended.
    pub enabled: bool,
    /// Whether deleting a version for good takes the root user's MFA device.
    pub mfa_delete: bool,
    /// The bucket's tags.
    pub tags: Tags,
}

/// What the versioning of a bucket is set to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum BucketVersions {
    /// They are kept.
    Enabled,
    /// No more are kept; those that are there stay.
    Suspended,
}

impl BucketVersions {
    /// As S3 calls it.
    pub fn status(&self) -> &'static str {
        match self {
            Self::Enabled => "Enabled",
            Self::Suspended => "Suspended",
        }
    }
}

const VERSIONING: &[Action] = &[on_buckets("s3:PutBucketVersioning")];

impl Facet for BucketVersioning {
    type Id = BucketId;
    type Change = Swap<BucketVersions>;

    const NAME: &'static str = "versioning of a bucket";
    const READS: &'static [Action] = &[READ_TAGS, on_buckets("s3:GetBucketVersioning")];

    fn tags(&self) -> Option<&Tags> {
        Some(&self.tags)
    }

    fn after(self, change: &Swap<BucketVersions>) -> Self {
        Self { enabled: change.to == BucketVersions::Enabled, ..self }
    }

    fn commands(place: &Place, id: &BucketId, changes: &[Swap<BucketVersions>]) -> Vec<String> {
        let command = |change: &Swap<BucketVersions>| {
            let call = id.command(place, "put-bucket-versioning");
            format!("{call} --versioning-configuration Status={}", change.to.status())
        };
        changes.iter().map(command).collect()
    }
}

impl Setting for BucketVersions {
    const MAKE: &'static [Action] = VERSIONING;
    const UNDO: &'static [Action] = VERSIONING;

    fn needs(&self) -> &'static [Action] {
        VERSIONING
    }
}

impl fmt::Display for BucketVersions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Enabled => "versioning on",
            Self::Suspended => "versioning off",
        })
    }
}
