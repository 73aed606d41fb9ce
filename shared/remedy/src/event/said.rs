//! Where the resources of findings are, from all that is said of it.

use super::shape::short;
use crate::{Arn, Place};

/// How Security Hub names an account, before its number.
const ACCOUNT: &str = "AWS::::Account:";

/// Where something is said to be. What is not said is `None`.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Said<'a> {
    pub(super) partition: Option<&'a str>,
    pub(super) account: Option<&'a str>,
    pub(super) region: Option<&'a str>,
}

impl<'a> Said<'a> {
    /// Where `resource` is. Its own ARN counts most, then what is said here, then in `others`.
    pub(super) fn place(self, resource: &'a str, others: &[Said<'a>]) -> Result<Place, String> {
        let all = [named_place(resource), self];
        let first = |part: fn(&Said<'a>) -> Option<&'a str>| {
            let said = all.iter().chain(others).filter_map(part).find(|said| !said.is_empty());
            said.unwrap_or_default().to_owned()
        };
        let mut place = Place::new(first(|said| said.account), first(|said| said.region));
        let partition = first(|said| said.partition);
        if !partition.is_empty() {
            place.partition = partition;
        }
        if place.is_plausible() {
            return Ok(place);
        }
        Err(format!(
            "no account and Region of AWS: account `{}`, Region `{}`, partition `{}` (resource `{}`)",
            short(&place.account, 20),
            short(&place.region, 30),
            short(&place.partition, 20),
            short(resource, 100)
        ))
    }
}

/// The name of the first account that is said: what a signal is about that names no resource.
pub(super) fn account(said: &[Said<'_>]) -> String {
    let account = said.iter().filter_map(|said| said.account).find(|account| !account.is_empty());
    format!("{ACCOUNT}{}", account.unwrap_or_default())
}

fn named_place(resource: &str) -> Said<'_> {
    if let Some(account) = resource.strip_prefix(ACCOUNT) {
        return Said { account: Some(account), ..Said::default() };
    }
    Arn::parse(resource).map_or_else(Said::default, |arn| Said {
        partition: Some(arn.partition),
        // What AWS itself made is in account `aws`.
        account: (arn.account != "aws").then_some(arn.account),
        region: Some(arn.region),
    })
}

/// The ARN of what `resource` names, where a bare id says what it is an id of.
pub(super) fn full_name(resource: &str, place: &Place) -> String {
    let kinds = [("sg-", "security-group"), ("i-", "instance")];
    let is_id = |rest: &str| !rest.is_empty() && rest.bytes().all(|b| b.is_ascii_alphanumeric());
    let kind = kinds.iter().find(|(prefix, _)| resource.strip_prefix(prefix).is_some_and(is_id));
    let Place { partition, account, region } = place;
    kind.map_or_else(
        || resource.to_owned(),
        |(_, kind)| format!("arn:{partition}:ec2:{region}:{account}:{kind}/{resource}"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_the_first_that_is_said_and_the_arn_says_it_first() {
        let said = |account, region| Said { account, region, ..Said::default() };
        let finding = said(Some("444455556666"), Some("eu-west-1"));
        let envelope = said(Some("999988887777"), Some("us-east-1"));
        for (resource, expected) in [
            ("arn:aws:ec2:us-west-2:111122223333:security-group/sg-1", "111122223333/us-west-2"),
            ("arn:aws:iam::111122223333:user/bob", "111122223333/eu-west-1"),
            ("arn:aws:iam::aws:policy/ReadOnlyAccess", "444455556666/eu-west-1"),
            ("arn:aws:s3:::bucket", "444455556666/eu-west-1"),
            ("AWS::::Account:111122223333", "111122223333/eu-west-1"),
            ("sg-1", "444455556666/eu-west-1"),
        ] {
            assert_eq!(finding.place(resource, &[envelope]).unwrap().to_string(), expected);
        }
        let place = said(None, Some("")).place("sg-1", &[envelope]).unwrap();
        assert_eq!(place.to_string(), "999988887777/us-east-1");
    }

    #[test]
    fn the_partition_is_the_arns_else_the_one_that_is_said_else_the_regions() {
        let said = Said { account: Some("111122223333"), ..Said::default() };
        let gov = Said { region: Some("us-gov-west-1"), ..said };
        let iso = Said { region: Some("us-iso-east-1"), partition: Some("aws-iso"), ..said };
        assert_eq!(gov.place("sg-1", &[]).unwrap().partition, "aws-us-gov");
        assert_eq!(iso.place("sg-1", &[]).unwrap().partition, "aws-iso");
        let arn = "arn:aws-cn:ec2:cn-north-1:111122223333:security-group/sg-1";
        assert_eq!(iso.place(arn, &[]).unwrap().partition, "aws-cn");
    }

    #[test]
    fn a_place_that_is_none_is_an_error_that_shows_it() {
        let said = Said { account: Some("12"), region: Some("x/y"), ..Said::default() };
        let why = said.place("sg-1", &[]).unwrap_err();
        assert!(why.contains("account `12`, Region `x/y`"), "{why}");
    }

    #[test]
    fn bare_ids_that_say_what_they_are_become_arns() {
        let place = Place::new("111122223333", "cn-north-1");
        for (id, name) in [
            ("sg-0a1", "arn:aws-cn:ec2:cn-north-1:111122223333:security-group/sg-0a1"),
            ("i-0a1", "arn:aws-cn:ec2:cn-north-1:111122223333:instance/i-0a1"),
            ("sg-", "sg-"),
            ("sg-../x", "sg-../x"),
            ("AIDAEXAMPLE", "AIDAEXAMPLE"),
            ("arn:aws:s3:::b", "arn:aws:s3:::b"),
        ] {
            assert_eq!(full_name(id, &place), name);
        }
    }
}
