//! Facet: where a bucket's access logs go.

use std::fmt;

use remedy::{Action, Facet, Place, Setting, Swap, Tags, quoted};
use serde::{Deserialize, Serialize};

use super::{
    BucketId,
    bucket::{READ_TAGS, on_buckets},
};

/// A bucket, as far as it is written down who uses it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct BucketLogging {
    /// Where that is written.
    pub to: AccessLog,
    /// The bucket's tags.
    pub tags: Tags,
}

/// Where the access log of a bucket is written.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AccessLog {
    /// Nowhere.
    #[default]
    Off,
    /// Into a bucket.
    To {
        /// Its name.
        bucket: String,
        /// What the names of the logs begin with.
        prefix: String,
    },
}

const LOGGING: &[Action] = &[on_buckets("s3:PutBucketLogging")];

impl Facet for BucketLogging {
    type Id = BucketId;
    type Change = Swap<AccessLog>;

    const NAME: &'static str = "access log of a bucket";
    const READS: &'static [Action] = &[on_buckets("s3:GetBucketLogging"), READ_TAGS];

    fn tags(&self) -> Option<&Tags> {
        Some(&self.tags)
    }

    fn after(self, change: &Swap<AccessLog>) -> Self {
        Self { to: change.to.clone(), ..self }
    }

    fn commands(place: &Place, id: &BucketId, changes: &[Swap<AccessLog>]) -> Vec<String> {
        changes.iter().map(|change| change.to.command(place, id)).collect()
    }
}

impl AccessLog {
    pub(super) fn command(&self, place: &Place, id: &BucketId) -> String {
        let call = id.command(place, "put-bucket-logging");
        match self {
            Self::Off => format!("{call} --bucket-logging-status '{{}}'"),
            Self::To { bucket, prefix } => {
                let enabled =
                    format!("LoggingEnabled={{TargetBucket={bucket},TargetPrefix={prefix}}}");
                format!("{call} --bucket-logging-status {}", quoted(&enabled))
            }
        }
    }
}

impl Setting for AccessLog {
    const MAKE: &'static [Action] = LOGGING;
    const UNDO: &'static [Action] = LOGGING;

    fn needs(&self) -> &'static [Action] {
        LOGGING
    }
}

impl fmt::Display for AccessLog {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Off => f.write_str("access log off"),
            Self::To { bucket, prefix } => write!(f, "access log to s3://{bucket}/{prefix}"),
        }
    }
}
