//! Encrypts what is written to a bucket with a key of KMS: the one that the control names, else the one
//! that AWS manages for S3.
//!
//! A person looks first: whoever reads what is written from then on must be allowed to use the key. Two
//! layers, and a key that is chosen already, stay.

use remedy::{
    Arn, Case, Plan, Remediation, Risk, Settings, Severity, Signal, Spec, Swap, Trigger, Undo,
    Wrong,
};

use super::{BucketEncryption, Encryption, Layers};

/// See the [module](self).
#[derive(Debug)]
pub struct EncryptWithKms;

impl Remediation for EncryptWithKms {
    type Facet = BucketEncryption;

    const SPEC: Spec = Spec {
        id: "s3/encrypt_with_kms",
        title: "Encrypt what is written to a bucket with a key of KMS",
        triggers: &[Trigger::control("S3.17"), Trigger::config_rule("S3_DEFAULT_ENCRYPTION_KMS")],
        severity: Severity::Medium,
        risk: Risk::MayInterrupt,
        parameters: &[],
        undo: Undo::Partly("objects written meanwhile stay encrypted with the key"),
        care: "A person looks first, since readers need the key from then on. The key that the control names is used, and a key that is chosen already is never replaced.",
        since: "0.4.0",
    };

    fn configured(_: &Settings) -> Result<Self, Wrong> {
        Ok(Self)
    }

    fn plan(&self, bucket: &BucketEncryption, case: &Case<'_>) -> Plan<Swap<Encryption>> {
        if matches!(bucket.default, Encryption::Kms { .. }) {
            return Plan::none();
        }
        let key = key(case.signal);
        let whose = match key {
            Some(_) => "whoever reads new objects must be allowed to use that key",
            None => {
                "other accounts cannot read new objects: they may not use the key that AWS manages; \
                 deliveries of logs may fail, too"
            }
        };
        let to = Encryption::Kms { layers: Layers::One, key, bucket_key: true };
        let swap = Swap::of(bucket.default.clone(), to);
        swap.into_iter().collect::<Plan<_>>().asking(whose)
    }
}

/// The key that the control wants, where Security Hub passes just one, of this place.
fn key(signal: &Signal) -> Option<String> {
    let given = signal.parameters.iter().filter(|(key, _)| key.eq_ignore_ascii_case("kmsKeyArns"));
    let mut keys = given.flat_map(|(_, values)| values).flat_map(|value| value.split(','));
    let (Some(key), None) = (keys.next(), keys.next()) else { return None };
    let arn = Arn::parse(key.trim()).filter(|arn| arn.service == "kms")?;
    let id = arn.resource.strip_prefix("key/")?;
    let named = !id.is_empty() && id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    (named && arn.region == signal.place.region).then(|| key.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use remedy::check::{check, now, signal};

    use super::*;

    const KEY: &str = "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab";

    fn with_keys(keys: &str) -> Signal {
        Signal { parameters: [("kmsKeyArns".into(), vec![keys.into()])].into(), ..signal("web") }
    }

    #[test]
    fn what_is_written_is_encrypted_with_the_key_that_is_wanted() {
        let managed = "set default encryption with the key that AWS manages for S3 (it is default \
                       encryption with S3's own keys)";
        let theirs = format!(
            "set default encryption with {KEY} (it is default encryption with S3's own keys)"
        );
        let default = Encryption::S3 { bucket_key: false };
        let bucket = BucketEncryption { default, ..BucketEncryption::default() };
        check(&EncryptWithKms, &bucket, &signal("web"), &[managed]);
        check(&EncryptWithKms, &bucket, &with_keys(KEY), &[&theirs]);
        for odd in
            ["", "alias/mine", &format!("{KEY},{KEY}2"), &KEY.replace("eu-west-1", "us-east-1")]
        {
            check(&EncryptWithKms, &bucket, &with_keys(odd), &[managed]);
        }
        let case = Case { signal: &signal("web"), now: now() };
        assert!(EncryptWithKms.plan(&bucket, &case).ask.is_some());
    }

    #[test]
    fn a_key_that_is_chosen_and_two_layers_stay() {
        for layers in [Layers::One, Layers::Two] {
            let default = Encryption::Kms { layers, key: Some("mine".into()), bucket_key: false };
            let bucket = BucketEncryption { default, ..BucketEncryption::default() };
            check(&EncryptWithKms, &bucket, &with_keys(KEY), &[]);
        }
    }
}
