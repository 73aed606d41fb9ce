//! Facet: whether access control lists count in a bucket.

use std::fmt;

use remedy::{Action, Facet, Place, Setting, Swap, Tags};
use serde::{Deserialize, Serialize};

use super::{
    BucketId,
    bucket::{READ_TAGS, on_buckets},
};

/// A bucket, as far as its access control lists go.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct BucketOwnership {
    /// Who owns the objects, and whether lists count.
    pub ownership: Ownership,
    /// Whom the bucket's own list lets in beside its owner, such as `WRITE to the group LogDelivery`.
    pub granted: Vec<String>,
    /// The bucket's tags.
    pub tags: Tags,
}

/// Who owns the objects of a bucket.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Ownership {
    /// Nothing is set: whoever wrote them, as in buckets of before 2023.
    #[default]
    Unset,
    /// Whoever wrote them.
    ObjectWriter,
    /// The bucket's owner, if the writer agrees.
    BucketOwnerPreferred,
    /// The bucket's owner; lists do not count.
    BucketOwnerEnforced,
}

impl Ownership {
    /// As S3 calls it; none where nothing is set.
    pub fn name(self) -> Option<&'static str> {
        match self {
            Self::Unset => None,
            Self::ObjectWriter => Some("ObjectWriter"),
            Self::BucketOwnerPreferred => Some("BucketOwnerPreferred"),
            Self::BucketOwnerEnforced => Some("BucketOwnerEnforced"),
        }
    }

    pub(super) fn command(self, place: &Place, id: &BucketId) -> String {
        match self.name() {
            None => id.command(place, "delete-bucket-ownership-controls"),
            Some(name) => {
                let call = id.command(place, "put-bucket-ownership-controls");
                format!("{call} --ownership-controls 'Rules=[{{ObjectOwnership={name}}}]'")
            }
        }
    }
}

const OWNERSHIP: &[Action] = &[on_buckets("s3:PutBucketOwnershipControls")];

impl Facet for BucketOwnership {
    type Id = BucketId;
    type Change = Swap<Ownership>;

    const NAME: &'static str = "object ownership of a bucket";
    const READS: &'static [Action] =
        &[on_buckets("s3:GetBucketAcl"), on_buckets("s3:GetBucketOwnershipControls"), READ_TAGS];

    fn tags(&self) -> Option<&Tags> {
        Some(&self.tags)
    }

    fn after(self, change: &Swap<Ownership>) -> Self {
        Self { ownership: change.to, ..self }
    }

    fn commands(place: &Place, id: &BucketId, changes: &[Swap<Ownership>]) -> Vec<String> {
        changes.iter().map(|change| change.to.command(place, id)).collect()
    }
}

impl Setting for Ownership {
    const MAKE: &'static [Action] = OWNERSHIP;
    const UNDO: &'static [Action] = OWNERSHIP;

    fn needs(&self) -> &'static [Action] {
        OWNERSHIP
    }
}

impl fmt::Display for Ownership {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "object ownership {}", self.name().unwrap_or("not set"))
    }
}
