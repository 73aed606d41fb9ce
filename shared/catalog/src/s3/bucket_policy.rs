//! Facet: the policy of a bucket.

use std::fmt;

use remedy::{Action, Change, Facet, Place, Tags, quoted};
use serde::{Deserialize, Serialize};

use super::{
    BucketId, Document,
    bucket::{READ_TAGS, on_buckets},
};

/// A bucket, as far as its policy goes.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct BucketPolicy {
    /// The policy, if there is one.
    pub document: Option<Document>,
    /// Whether the bucket serves a website.
    pub website: bool,
    /// The bucket's tags.
    pub tags: Tags,
}

/// A statement of ours that denies something.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Denial {
    /// As it is named in the policy.
    pub sid: String,
    /// What it is for, such as `refuse plain HTTP`.
    pub says: String,
    /// As it is written there.
    pub text: String,
}

/// An edit of a bucket's policy. It is joined to the policy that is there by the time it is made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PolicyChange {
    /// Makes a policy, where there is none.
    Create(Denial),
    /// Adds a statement.
    Add(Denial),
    /// Takes an [`Add`](Self::Add) back.
    Remove(Denial),
    /// Takes a [`Create`](Self::Create) back.
    Delete(Denial),
}

impl PolicyChange {
    /// What becomes of `policy`.
    #[must_use]
    pub fn to(&self, policy: Option<Document>) -> Option<Document> {
        match self {
            Self::Create(denial) | Self::Add(denial) => Document::with(policy, &denial.text),
            Self::Remove(denial) | Self::Delete(denial) => policy?.without(&denial.text),
        }
    }
}

const PUT: Action = on_buckets("s3:PutBucketPolicy");
const DELETE: Action = on_buckets("s3:DeleteBucketPolicy");

impl Facet for BucketPolicy {
    type Id = BucketId;
    type Change = PolicyChange;

    const NAME: &'static str = "policy of a bucket";
    const READS: &'static [Action] =
        &[on_buckets("s3:GetBucketPolicy"), READ_TAGS, on_buckets("s3:GetBucketWebsite")];

    fn tags(&self) -> Option<&Tags> {
        Some(&self.tags)
    }

    fn after(self, change: &PolicyChange) -> Self {
        Self { document: change.to(self.document), ..self }
    }

    fn same(&self, other: &Self) -> bool {
        let policies = match (&self.document, &other.document) {
            (Some(one), Some(other)) => one.same(other),
            (None, None) => true,
            (Some(_), None) | (None, Some(_)) => false,
        };
        policies && (self.website, &self.tags) == (other.website, &other.tags)
    }

    fn commands(place: &Place, id: &BucketId, changes: &[PolicyChange]) -> Vec<String> {
        let put = id.command(place, "put-bucket-policy");
        let get =
            format!("{} --query Policy --output text", id.command(place, "get-bucket-policy"));
        let edited = |denial: &Denial, how: &str| {
            let one = quoted(&denial.text);
            format!("policy=$({get} | jq -c --argjson one {one} '{how}')")
        };
        let command = |change: &PolicyChange| match change {
            PolicyChange::Create(_) => {
                let policy = change.to(None).map(|policy| policy.to_string());
                format!("{put} --policy {}", quoted(&policy.unwrap_or_default()))
            }
            PolicyChange::Add(denial) => {
                let edited = edited(denial, ".Statement = ([.Statement] | flatten(1)) + [$one]");
                format!("{edited} && {put} --policy \"$policy\"")
            }
            PolicyChange::Remove(denial) | PolicyChange::Delete(denial) => {
                let how = ".Statement = ([.Statement] | flatten(1) | map(select(. != $one)))";
                let edited = edited(denial, how);
                let delete = id.command(place, "delete-bucket-policy");
                format!(
                    "{edited} && case \"$policy\" in *'\"Statement\":[]'*) {delete};; \
                     ?*) {put} --policy \"$policy\";; esac"
                )
            }
        };
        changes.iter().map(command).collect()
    }
}

impl Change for PolicyChange {
    const MAKE: &'static [Action] = &[PUT];
    const UNDO: &'static [Action] = &[DELETE, PUT];

    fn needs(&self) -> &'static [Action] {
        match self {
            Self::Create(_) | Self::Add(_) => &[PUT],
            // What is left is written, or nothing is left.
            Self::Remove(_) | Self::Delete(_) => &[DELETE, PUT],
        }
    }

    fn inverse(&self) -> Option<Self> {
        Some(match self.clone() {
            Self::Create(denial) => Self::Delete(denial),
            Self::Add(denial) => Self::Remove(denial),
            Self::Remove(denial) => Self::Add(denial),
            Self::Delete(denial) => Self::Create(denial),
        })
    }
}

impl fmt::Display for PolicyChange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Create(Denial { sid, says, .. }) => {
                write!(f, "make a policy with the statement {sid}: {says}")
            }
            Self::Add(Denial { sid, says, .. }) => {
                write!(f, "add the statement {sid} to the policy: {says}")
            }
            Self::Remove(Denial { sid, .. }) => {
                write!(f, "take the statement {sid} out of the policy")
            }
            Self::Delete(Denial { sid, .. }) => {
                write!(
                    f,
                    "take the statement {sid} out again, and the policy if it is all there is"
                )
            }
        }
    }
}
