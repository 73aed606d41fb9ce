//! Where a resource lives, and the names AWS gives to resources.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A partition, an account and a Region of AWS.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Place {
    /// `aws`, `aws-cn`, `aws-us-gov`, `aws-eusc`, ...
    pub partition: String,
    /// Twelve digits.
    pub account: String,
    /// Such as `eu-west-1`.
    pub region: String,
}

impl Place {
    /// A place in the partition that `region` belongs to.
    pub fn new(account: impl Into<String>, region: impl Into<String>) -> Self {
        let region = region.into();
        Self { partition: partition_of(&region).into(), account: account.into(), region }
    }

    /// Whether account and Region look like AWS's: twelve digits, and lower-case words with dashes.
    pub fn is_plausible(&self) -> bool {
        let name = |text: &str| {
            !text.is_empty()
                && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
        };
        self.account.len() == 12
            && self.account.bytes().all(|b| b.is_ascii_digit())
            && name(&self.region)
            && name(&self.partition)
    }

    /// The host of the web console in this Region.
    pub fn console(&self) -> String {
        let domain = match self.partition.as_str() {
            "aws-cn" => "console.amazonaws.cn",
            "aws-us-gov" => "console.amazonaws-us-gov.com",
            "aws-eusc" => "console.amazonaws-eusc.eu",
            _ => "console.aws.amazon.com",
        };
        format!("https://{}.{domain}", self.region)
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.account, self.region)
    }
}

fn partition_of(region: &str) -> &'static str {
    match region.split('-').next() {
        Some("cn") => "aws-cn",
        Some("eusc") => "aws-eusc",
        Some("us") if region.starts_with("us-gov-") => "aws-us-gov",
        _ => "aws",
    }
}

/// An Amazon Resource Name, taken apart: `arn:partition:service:region:account:resource`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Arn<'a> {
    /// Such as `aws`.
    pub partition: &'a str,
    /// Such as `ec2`.
    pub service: &'a str,
    /// Empty for global services.
    pub region: &'a str,
    /// Empty where the name alone is unique, as for S3 buckets.
    pub account: &'a str,
    /// What is left, colons included, such as `security-group/sg-1`.
    pub resource: &'a str,
}

impl<'a> Arn<'a> {
    /// `None` if `text` is not an ARN.
    pub fn parse(text: &'a str) -> Option<Self> {
        let mut parts = text.splitn(6, ':');
        let mut next = || parts.next();
        (next()? == "arn").then_some(())?;
        let arn = Self {
            partition: next()?,
            service: next()?,
            region: next()?,
            account: next()?,
            resource: next()?,
        };
        let named =
            !arn.partition.is_empty() && !arn.service.is_empty() && !arn.resource.is_empty();
        named.then_some(arn)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_arn_keeps_the_colons_of_its_resource() {
        let arn = Arn::parse("arn:aws-cn:rds:cn-north-1:111122223333:db:a:b").unwrap();
        assert_eq!((arn.partition, arn.service, arn.resource), ("aws-cn", "rds", "db:a:b"));
    }

    #[test]
    fn what_is_no_arn_is_none() {
        for text in ["", "sg-1", "arn:aws:ec2", "AWS::::Account:111122223333", "arn:::::"] {
            assert_eq!(Arn::parse(text), None, "{text}");
        }
    }

    #[test]
    fn a_region_tells_its_partition() {
        for (region, partition) in [
            ("eu-west-1", "aws"),
            ("us-east-1", "aws"),
            ("cn-north-1", "aws-cn"),
            ("us-gov-west-1", "aws-us-gov"),
            ("eusc-de-east-1", "aws-eusc"),
        ] {
            assert_eq!(Place::new("111122223333", region).partition, partition);
        }
    }

    #[test]
    fn a_place_with_anything_odd_in_it_is_not_plausible() {
        assert!(Place::new("111122223333", "eu-west-1").is_plausible());
        for (account, region) in [
            ("", "eu-west-1"),
            ("1111", "eu-west-1"),
            ("111122223333", ""),
            ("111122223333", "a/b"),
        ] {
            assert!(!Place::new(account, region).is_plausible(), "{account}/{region}");
        }
    }
}
