//! Buckets: their names, and what may be done to them.

use std::fmt;

use remedy::{Action, Arn, Id, Place, quoted};

/// The name of a bucket, such as `web`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BucketId(pub String);

impl BucketId {
    /// As policies name it.
    pub(super) fn resource(&self, place: &Place) -> String {
        format!("arn:{}:s3:::{self}", place.partition)
    }

    /// The beginning of a command that makes `call` on it.
    pub(super) fn command(&self, place: &Place, call: &str) -> String {
        format!("aws s3api {call} --region {} --bucket {}", place.region, quoted(&self.0))
    }
}

impl Id for BucketId {
    const TYPE: &'static str = "AWS::S3::Bucket";

    fn locate(resource: &str) -> Option<Self> {
        let name = match Arn::parse(resource) {
            Some(arn) if arn.service == "s3" && arn.region.is_empty() => arn.resource,
            Some(_) => return None,
            None => resource,
        };
        // Buckets of the first years have capitals and underscores in their names, too.
        let is_plain = |b: u8| b.is_ascii_alphanumeric() || b".-_".contains(&b);
        let named = (3..=255).contains(&name.len()) && name.bytes().all(is_plain);
        let begins = name.starts_with(|c: char| c.is_ascii_alphanumeric());
        (named && begins).then(|| Self(name.to_owned()))
    }

    fn arn(&self, place: &Place) -> String {
        self.resource(place)
    }

    fn link(&self, place: &Place) -> String {
        format!("{}/s3/buckets/{self}?region={}", place.console(), place.region)
    }
}

impl fmt::Display for BucketId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// An action on the account's own buckets. The tags of a bucket count in IAM only where its owner turned
/// that on, so that no action can be held to them; the policies are, with the tags as they are.
pub(super) const fn on_buckets(name: &'static str) -> Action {
    Action::on("arn:${AWS::Partition}:s3:::*", name).only(
        "StringEquals",
        "s3:ResourceAccount",
        "${AWS::AccountId}",
    )
}

/// What reading the tags of a bucket needs.
pub(super) const READ_TAGS: Action = on_buckets("s3:GetBucketTagging");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_bucket_is_located() {
        for (text, name) in [
            ("arn:aws-cn:s3:::logs.example.com", "logs.example.com"),
            ("arn:aws:s3:::web", "web"),
            ("web", "web"),
            ("Old_Bucket", "Old_Bucket"),
        ] {
            assert_eq!(BucketId::locate(text), Some(BucketId(name.into())));
        }
        for other in [
            "AWS::::Account:111122223333",
            "arn:aws:s3:::web/index.html",
            "arn:aws:s3:eu-west-1:111122223333:accesspoint/web",
            "arn:aws:ec2:eu-west-1:111122223333:instance/i-1",
            "web/../logs",
            "-web",
            "we",
            "a b c",
            "",
        ] {
            assert_eq!(BucketId::locate(other), None, "{other}");
        }
    }
}
