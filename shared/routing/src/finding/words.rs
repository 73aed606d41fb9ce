//! What people call what findings name.

use std::fmt::Write;

use remedy::{Arn, Place};

/// The id of what an ARN names, such as `sg-1`, or the name itself.
pub(super) fn id_of(resource: &str) -> &str {
    let Some(arn) = Arn::parse(resource) else {
        return resource.rsplit(':').next().unwrap_or(resource);
    };
    if arn.service == "s3" {
        return arn.resource;
    }
    match arn.resource.split_once(['/', ':']) {
        Some((_, id)) if !id.is_empty() => id,
        _ => arn.resource,
    }
}

/// `AwsEc2SecurityGroup` and `AWS::EC2::SecurityGroup` as people say it: `security group`. Empty for what says
/// nothing.
pub(super) fn kind_of(kind: &str) -> String {
    let (name, without) = match kind.rsplit_once("::") {
        Some((_, name)) => (name, 0),
        None => (kind, 2),
    };
    let words = words(name);
    let skip = if words.len() > without { without } else { words.len().saturating_sub(1) };
    let kind = words.get(skip..).unwrap_or_default().join(" ").to_ascii_lowercase();
    if kind == "other" { String::new() } else { kind }
}

/// The words of `SecurityGroup`.
fn words(name: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut after_small = true;
    for letter in name.chars().filter(char::is_ascii_alphanumeric) {
        let is_big = letter.is_ascii_uppercase();
        match words.last_mut() {
            Some(word) if !(is_big && after_small) => word.push(letter),
            _ => words.push(letter.into()),
        }
        after_small = !is_big;
    }
    words
}

/// The page of the web console that shows the finding, if it is one that Security Hub keeps by an ARN.
pub(super) fn console(place: &Place, id: &str) -> Option<String> {
    Arn::parse(id)?;
    // The console takes this apart twice.
    let search = escaped(&escaped(&format!("\\operator\\:EQUALS\\:{id}")));
    let (home, region) = (place.console(), &place.region);
    Some(format!("{home}/securityhub/home?region={region}#/findings?search=Id%3D{search}"))
}

/// `text` with all but letters, digits and `-._~` as in URLs.
fn escaped(text: &str) -> String {
    text.bytes().fold(String::with_capacity(text.len() * 2), |mut out, byte| {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(byte.into());
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
        out
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_are_said_as_people_say_them() {
        for (kind, said) in [
            ("AwsEc2SecurityGroup", "security group"),
            ("AWS::EC2::SecurityGroup", "security group"),
            ("AwsS3Bucket", "bucket"),
            ("AWS::S3::Bucket", "bucket"),
            ("AwsRdsDbInstance", "db instance"),
            ("AWS::RDS::DBInstance", "dbinstance"),
            ("AwsAccount", "account"),
            ("AWS::::Account", "account"),
            ("Other", ""),
            ("", ""),
        ] {
            assert_eq!(kind_of(kind), said, "{kind}");
        }
    }

    #[test]
    fn ids_are_what_comes_after_the_kind() {
        for (resource, id) in [
            ("arn:aws:ec2:eu-west-1:111122223333:security-group/sg-1", "sg-1"),
            ("arn:aws:s3:::bucket", "bucket"),
            ("arn:aws:s3:::bucket/key", "bucket/key"),
            ("arn:aws:logs:eu-west-1:111122223333:log-group:/aws/x", "/aws/x"),
            ("arn:aws:iam::111122223333:user/path/bob", "path/bob"),
            ("arn:aws:sns:eu-west-1:111122223333:topic", "topic"),
            ("AWS::::Account:111122223333", "111122223333"),
            ("sg-1", "sg-1"),
            ("", ""),
        ] {
            assert_eq!(id_of(resource), id, "{resource}");
        }
    }

    #[test]
    fn the_console_is_asked_for_the_finding_by_its_id() {
        let place = Place::new("111122223333", "eu-west-1");
        let link = console(&place, "arn:aws:securityhub:eu-west-1:1:x/y").unwrap();
        assert_eq!(
            link,
            "https://eu-west-1.console.aws.amazon.com/securityhub/home?region=eu-west-1#/findings?\
             search=Id%3D%255Coperator%255C%253AEQUALS%255C%253A\
             arn%253Aaws%253Asecurityhub%253Aeu-west-1%253A1%253Ax%252Fy"
        );
        assert_eq!(console(&place, "a-guid"), None);
    }
}
