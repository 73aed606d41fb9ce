//! Facet: what becomes of a bucket's objects as they age.

use std::fmt;

use remedy::{Action, Change, Facet, Place, Tags, quoted};
use serde::{Deserialize, Serialize};

use super::{
    BucketId,
    bucket::{READ_TAGS, on_buckets},
};

/// A bucket, as far as its lifecycle rules go.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct BucketLifecycle {
    /// Its rules, in their order.
    pub rules: Vec<LifecycleRule>,
    /// The bucket's tags.
    pub tags: Tags,
}

/// A lifecycle rule, as far as it matters here; more of it is kept, and never looked at.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LifecycleRule {
    /// Its id.
    pub id: String,
    /// Whether it is carried out.
    pub enabled: bool,
    /// What the names of the objects begin with that it is about.
    pub prefix: String,
    /// After how many days uploads are aborted that nobody completed.
    pub aborts_after: Option<i32>,
    /// After how many days objects are deleted.
    pub expires_after: Option<i32>,
    /// After how many days objects are kept elsewhere, and in which class.
    pub moves: Vec<(i32, String)>,
    /// Whether it does anything else, or is about a part of the objects in another way.
    pub more: bool,
}

/// A rule of ours: it aborts the uploads that nobody completed for so many days.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AbortRule {
    /// Its id.
    pub id: String,
    /// The days.
    pub days: i32,
}

/// An edit of a bucket's lifecycle rules.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LifecycleChange {
    /// Makes the first rule.
    Begin(AbortRule),
    /// Adds a rule to others.
    Add(AbortRule),
    /// Takes an [`Add`](Self::Add) back.
    Remove(AbortRule),
    /// Takes a [`Begin`](Self::Begin) back.
    End(AbortRule),
}

impl AbortRule {
    /// As it is found in the bucket.
    pub fn rule(&self) -> LifecycleRule {
        LifecycleRule {
            id: self.id.clone(),
            enabled: true,
            aborts_after: Some(self.days),
            ..LifecycleRule::default()
        }
    }

    fn json(&self) -> String {
        format!(
            r#"{{"ID":"{}","Status":"Enabled","Filter":{{"Prefix":""}},"AbortIncompleteMultipartUpload":{{"DaysAfterInitiation":{}}}}}"#,
            self.id, self.days
        )
    }
}

const LIFECYCLE: &[Action] = &[on_buckets("s3:PutLifecycleConfiguration")];

impl Facet for BucketLifecycle {
    type Id = BucketId;
    type Change = LifecycleChange;

    const NAME: &'static str = "lifecycle rules of a bucket";
    const READS: &'static [Action] = &[READ_TAGS, on_buckets("s3:GetLifecycleConfiguration")];

    fn tags(&self) -> Option<&Tags> {
        Some(&self.tags)
    }

    fn after(mut self, change: &LifecycleChange) -> Self {
        match change {
            LifecycleChange::Begin(rule) | LifecycleChange::Add(rule) => {
                if !self.rules.contains(&rule.rule()) {
                    self.rules.push(rule.rule());
                }
            }
            LifecycleChange::Remove(rule) | LifecycleChange::End(rule) => {
                self.rules.retain(|one| *one != rule.rule());
            }
        }
        self
    }

    fn commands(place: &Place, id: &BucketId, changes: &[LifecycleChange]) -> Vec<String> {
        let get = id.command(place, "get-bucket-lifecycle-configuration");
        let put = id.command(place, "put-bucket-lifecycle-configuration");
        let edited = |how: &str| format!("rules=$({get} --output json | jq -c {})", quoted(how));
        let command = |change: &LifecycleChange| match change {
            LifecycleChange::Begin(rule) => {
                let rules = format!(r#"{{"Rules":[{}]}}"#, rule.json());
                format!("{put} --lifecycle-configuration {}", quoted(&rules))
            }
            LifecycleChange::Add(rule) => {
                let edited = edited(&format!("{{Rules: (.Rules + [{}])}}", rule.json()));
                format!("{edited} && {put} --lifecycle-configuration \"$rules\"")
            }
            LifecycleChange::Remove(rule) | LifecycleChange::End(rule) => {
                let how = format!(r#"{{Rules: (.Rules | map(select(.ID != "{}")))}}"#, rule.id);
                let edited = edited(&how);
                let delete = id.command(place, "delete-bucket-lifecycle");
                format!(
                    "{edited} && case \"$rules\" in '{{\"Rules\":[]}}') {delete};; \
                     ?*) {put} --lifecycle-configuration \"$rules\";; esac"
                )
            }
        };
        changes.iter().map(command).collect()
    }
}

impl Change for LifecycleChange {
    const MAKE: &'static [Action] = LIFECYCLE;
    const UNDO: &'static [Action] = LIFECYCLE;

    fn needs(&self) -> &'static [Action] {
        LIFECYCLE
    }

    fn inverse(&self) -> Option<Self> {
        Some(match self.clone() {
            Self::Begin(rule) => Self::End(rule),
            Self::Add(rule) => Self::Remove(rule),
            Self::Remove(rule) => Self::Add(rule),
            Self::End(rule) => Self::Begin(rule),
        })
    }
}

impl fmt::Display for LifecycleChange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Begin(AbortRule { id, days }) | Self::Add(AbortRule { id, days }) => {
                write!(f, "add the rule {id}: abort uploads that nobody completed for {days} days")
            }
            Self::Remove(AbortRule { id, .. }) | Self::End(AbortRule { id, .. }) => {
                write!(f, "take out the rule {id}")
            }
        }
    }
}
