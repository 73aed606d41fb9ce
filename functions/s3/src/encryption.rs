//! Facet: how a bucket encrypts what is written to it.

use aws_sdk_s3::types::{
    ServerSideEncryption, ServerSideEncryptionByDefault, ServerSideEncryptionConfiguration,
    ServerSideEncryptionRule,
};
use catalog::s3::{BucketEncryption, Encryption, Layers};
use futures_util::future;
use remedy::Swap;
use runtime::Error;

use crate::bucket::{Bucket, Makes, Reads, Unread};

const PART: &str = "default encryption";

impl Reads<BucketEncryption> for Bucket {
    async fn read(&self) -> Result<BucketEncryption, Unread> {
        let (rule, tags) =
            future::try_join(Box::pin(self.encryption_rule()), Box::pin(self.tags())).await?;
        let bucket_key = rule.as_ref().is_some_and(|rule| rule.bucket_key_enabled == Some(true));
        let default = match rule.and_then(|rule| rule.apply_server_side_encryption_by_default) {
            None => Encryption::Off,
            Some(by_default) => {
                let key = by_default.kms_master_key_id;
                match by_default.sse_algorithm {
                    ServerSideEncryption::Aes256 => Encryption::S3 { bucket_key },
                    ServerSideEncryption::AwsKms => {
                        Encryption::Kms { layers: Layers::One, key, bucket_key }
                    }
                    ServerSideEncryption::AwsKmsDsse => {
                        Encryption::Kms { layers: Layers::Two, key, bucket_key }
                    }
                    other => return Err(self.odd(PART, &format!("`{other}` is not known here"))),
                }
            }
        };
        Ok(BucketEncryption { default, tags })
    }
}

impl Bucket {
    async fn encryption_rule(&self) -> Result<Option<ServerSideEncryptionRule>, Unread> {
        let call = self.s3.client.get_bucket_encryption().bucket(&self.name);
        let answer = call.expected_bucket_owner(&self.owner).send().await;
        let none = "ServerSideEncryptionConfigurationNotFoundError";
        let found = self.found(PART, "s3:GetEncryptionConfiguration", none, answer)?;
        let rules = found.and_then(|found| found.server_side_encryption_configuration);
        Ok(rules.and_then(|rules| rules.rules.into_iter().next()))
    }
}

impl Makes<Swap<Encryption>> for Bucket {
    /// What else the rule says, such as what it refuses, is written back with it.
    async fn make(&self, change: &Swap<Encryption>) -> Result<(), Error> {
        let to = &change.to;
        let what = format!("set {to}");
        let needs = "s3:PutEncryptionConfiguration";
        let (algorithm, key, bucket_key) = match to {
            Encryption::Off => {
                let call = self.s3.client.delete_bucket_encryption().bucket(&self.name);
                let answer = call.expected_bucket_owner(&self.owner).send().await;
                return self.set(&what, needs, answer);
            }
            Encryption::S3 { bucket_key } => (ServerSideEncryption::Aes256, None, bucket_key),
            Encryption::Kms { layers, key, bucket_key } => {
                (layers.algorithm().into(), key.clone(), bucket_key)
            }
        };
        let odd = |why: &dyn std::fmt::Display| self.s3.odd(&what, &why.to_string());
        let by_default = ServerSideEncryptionByDefault::builder()
            .sse_algorithm(algorithm)
            .set_kms_master_key_id(key)
            .build()
            .map_err(|why| odd(&why))?;
        let found = self.there(self.encryption_rule().await)?;
        let rule = ServerSideEncryptionRule::builder()
            .apply_server_side_encryption_by_default(by_default)
            .bucket_key_enabled(*bucket_key)
            .set_blocked_encryption_types(found.and_then(|rule| rule.blocked_encryption_types))
            .build();
        let rules = ServerSideEncryptionConfiguration::builder().rules(rule).build();
        let call = self.s3.client.put_bucket_encryption().bucket(&self.name);
        let call = call.expected_bucket_owner(&self.owner);
        let call = call.server_side_encryption_configuration(rules.map_err(|why| odd(&why))?);
        self.set(&what, needs, call.send().await)
    }
}
