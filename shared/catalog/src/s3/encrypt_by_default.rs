//! Encrypts what is written to a bucket with S3's own keys, where nothing else is set.
//!
//! S3 does so by itself since 2023; a bucket that says nothing can only be found where something stands
//! in for S3, or where its answer is older than that.

use remedy::{Case, Plan, Remediation, Risk, Settings, Severity, Spec, Swap, Trigger, Undo, Wrong};

use super::{BucketEncryption, Encryption};

/// See the [module](self).
#[derive(Debug)]
pub struct EncryptByDefault;

impl Remediation for EncryptByDefault {
    type Facet = BucketEncryption;

    const SPEC: Spec = Spec {
        id: "s3/encrypt_by_default",
        title: "Turn on default encryption of a bucket",
        triggers: &[
            Trigger::control("S3.4"),
            Trigger::config_rule("S3_BUCKET_SERVER_SIDE_ENCRYPTION_ENABLED"),
        ],
        severity: Severity::Medium,
        risk: Risk::Safe,
        parameters: &[],
        undo: Undo::Yes,
        care: "Encryption that is set stays as it is, whatever its key.",
        since: "0.4.0",
    };

    fn configured(_: &Settings) -> Result<Self, Wrong> {
        Ok(Self)
    }

    fn plan(&self, bucket: &BucketEncryption, _: &Case<'_>) -> Plan<Swap<Encryption>> {
        match bucket.default {
            Encryption::Off => {
                let to = Encryption::S3 { bucket_key: false };
                Swap::of(Encryption::Off, to).into_iter().collect()
            }
            Encryption::S3 { .. } | Encryption::Kms { .. } => Plan::none(),
        }
    }
}

#[cfg(test)]
mod tests {
    use remedy::check::{check, signal};

    use super::*;
    use crate::s3::Layers;

    #[test]
    fn only_a_bucket_that_does_not_encrypt_is_told_to() {
        let kms = |key: Option<&str>| Encryption::Kms {
            layers: Layers::One,
            key: key.map(str::to_owned),
            bucket_key: true,
        };
        let expected = ["set default encryption with S3's own keys (it is default encryption off)"];
        check(&EncryptByDefault, &BucketEncryption::default(), &signal("web"), &expected);
        for default in [Encryption::S3 { bucket_key: true }, kms(None), kms(Some("k"))] {
            let bucket = BucketEncryption { default, ..BucketEncryption::default() };
            check(&EncryptByDefault, &bucket, &signal("web"), &[]);
        }
    }
}
