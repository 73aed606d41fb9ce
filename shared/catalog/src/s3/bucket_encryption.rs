//! Facet: how a bucket encrypts what is written to it.

use std::fmt;

use remedy::{Action, Facet, Place, Setting, Swap, Tags, quoted};
use serde::{Deserialize, Serialize};

use super::{
    BucketId,
    bucket::{READ_TAGS, on_buckets},
};

/// A bucket, as far as it encrypts of its own accord.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct BucketEncryption {
    /// How it does.
    pub default: Encryption,
    /// The bucket's tags.
    pub tags: Tags,
}

/// How a bucket encrypts what comes without a wish of its own.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Encryption {
    /// Not at all.
    #[default]
    Off,
    /// With S3's own keys.
    S3 {
        /// Whether a key is kept for the bucket; S3 keeps that setting although nothing comes of it.
        bucket_key: bool,
    },
    /// With a key of KMS.
    Kms {
        /// Once, or twice.
        layers: Layers,
        /// Which; none is the one that AWS manages for S3.
        key: Option<String>,
        /// Whether S3 asks KMS for a key for the bucket rather than for each object.
        bucket_key: bool,
    },
}

/// How often something is encrypted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Layers {
    /// Once: `aws:kms`.
    One,
    /// Twice: `aws:kms:dsse`.
    Two,
}

impl Layers {
    /// As S3 calls the algorithm.
    pub fn algorithm(self) -> &'static str {
        match self {
            Self::One => "aws:kms",
            Self::Two => "aws:kms:dsse",
        }
    }
}

const ENCRYPTION: &[Action] = &[on_buckets("s3:PutEncryptionConfiguration")];

impl Facet for BucketEncryption {
    type Id = BucketId;
    type Change = Swap<Encryption>;

    const NAME: &'static str = "default encryption of a bucket";
    const READS: &'static [Action] = &[READ_TAGS, on_buckets("s3:GetEncryptionConfiguration")];

    fn tags(&self) -> Option<&Tags> {
        Some(&self.tags)
    }

    fn after(self, change: &Swap<Encryption>) -> Self {
        Self { default: change.to.clone(), ..self }
    }

    fn commands(place: &Place, id: &BucketId, changes: &[Swap<Encryption>]) -> Vec<String> {
        changes.iter().map(|change| change.to.command(place, id)).collect()
    }
}

impl Encryption {
    fn command(&self, place: &Place, id: &BucketId) -> String {
        let (algorithm, key, bucket_key) = match self {
            Self::Off => return id.command(place, "delete-bucket-encryption"),
            Self::S3 { bucket_key } => ("AES256", None, bucket_key),
            Self::Kms { layers, key, bucket_key } => {
                (layers.algorithm(), key.as_deref(), bucket_key)
            }
        };
        let key = key.map(|key| format!(",KMSMasterKeyID={key}")).unwrap_or_default();
        let rule = format!(
            "Rules=[{{ApplyServerSideEncryptionByDefault={{SSEAlgorithm={algorithm}{key}}},\
             BucketKeyEnabled={bucket_key}}}]"
        );
        let call = id.command(place, "put-bucket-encryption");
        format!("{call} --server-side-encryption-configuration {}", quoted(&rule))
    }
}

impl Setting for Encryption {
    const MAKE: &'static [Action] = ENCRYPTION;
    const UNDO: &'static [Action] = ENCRYPTION;

    fn needs(&self) -> &'static [Action] {
        ENCRYPTION
    }
}

impl fmt::Display for Encryption {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Off => f.write_str("default encryption off"),
            Self::S3 { .. } => f.write_str("default encryption with S3's own keys"),
            Self::Kms { key, .. } => {
                let key = key.as_deref().unwrap_or("the key that AWS manages for S3");
                write!(f, "default encryption with {key}")
            }
        }
    }
}
