//! Facet: for how long a log group keeps its logs.

use std::fmt;

use remedy::{Action, Arn, Facet, Id, Place, Setting, Signal, Swap, Tags, quoted};
use serde::{Deserialize, Serialize};

/// The name of a log group, such as `/aws/lambda/web`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogGroupId(pub String);

impl LogGroupId {
    fn named(name: &str) -> Option<Self> {
        let is_plain = |b: u8| b.is_ascii_alphanumeric() || b".-_/#".contains(&b);
        let named = (1..=512).contains(&name.len()) && name.bytes().all(is_plain);
        named.then(|| Self(name.to_owned()))
    }

    /// The log group that a finding is about: AWS Config may give no more than its name.
    pub(super) fn reported(signal: &Signal) -> Option<Self> {
        Self::locate(&signal.resource).or_else(|| Self::named(&signal.resource))
    }
}

impl Id for LogGroupId {
    const TYPE: &'static str = "AWS::Logs::LogGroup";

    fn locate(resource: &str) -> Option<Self> {
        let arn = Arn::parse(resource).filter(|arn| arn.service == "logs")?;
        let name = arn.resource.strip_prefix("log-group:")?;
        Self::named(name.strip_suffix(":*").unwrap_or(name))
    }

    fn arn(&self, Place { partition, account, region }: &Place) -> String {
        format!("arn:{partition}:logs:{region}:{account}:log-group:{self}")
    }

    fn link(&self, place: &Place) -> String {
        let (region, name) = (&place.region, self.0.replace('/', "$252F").replace('#', "$2523"));
        format!(
            "{}/cloudwatch/home?region={region}#logsV2:log-groups/log-group/{name}",
            place.console()
        )
    }
}

impl fmt::Display for LogGroupId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A log group, as far as keeping its logs goes.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LogGroup {
    /// For how many days it keeps logs; none: for ever.
    pub days: Option<u32>,
    /// Whether it only passes logs on: then it keeps them for a day, whatever is set.
    pub passes_on: bool,
    /// The group's tags.
    pub tags: Tags,
}

/// For how many days logs are kept; none: for ever.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Retention(pub Option<u32>);

impl Retention {
    /// The days that `CloudWatch` Logs lets be chosen.
    const DAYS: [u32; 22] = [
        1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557,
        2922, 3288, 3653,
    ];

    /// The shortest one that can be chosen and keeps logs for `days`.
    pub(super) fn of_at_least(days: u32) -> Option<Self> {
        Self::DAYS.into_iter().find(|choice| *choice >= days).map(|choice| Self(Some(choice)))
    }
}

/// Log groups of the account, by ARN; calls about a group name what is in it, too.
pub(super) const GROUPS: &str = "arn:${AWS::Partition}:logs:*:${AWS::AccountId}:log-group:*";
const PUT: Action = Action::on(GROUPS, "logs:PutRetentionPolicy").tagged();
const DELETE: Action = Action::on(GROUPS, "logs:DeleteRetentionPolicy").tagged();

impl Facet for LogGroup {
    type Id = LogGroupId;
    type Change = Swap<Retention>;

    const NAME: &'static str = "log group";
    const READS: &'static [Action] = &[
        Action::on("*", "logs:DescribeLogGroups"),
        Action::on(GROUPS, "logs:ListTagsForResource"),
    ];

    fn tags(&self) -> Option<&Tags> {
        Some(&self.tags)
    }

    fn after(mut self, change: &Swap<Retention>) -> Self {
        self.days = change.to.0;
        self
    }

    fn commands(place: &Place, id: &LogGroupId, changes: &[Swap<Retention>]) -> Vec<String> {
        let (region, name) = (&place.region, quoted(&id.0));
        let command = |change: &Swap<Retention>| match change.to.0 {
            Some(days) => format!(
                "aws logs put-retention-policy --region {region} --log-group-name {name} --retention-in-days \
                 {days}"
            ),
            None => format!(
                "aws logs delete-retention-policy --region {region} --log-group-name {name}"
            ),
        };
        changes.iter().map(command).collect()
    }
}

impl Setting for Retention {
    const MAKE: &'static [Action] = &[PUT];
    const UNDO: &'static [Action] = &[PUT, DELETE];

    fn needs(&self) -> &'static [Action] {
        match self.0 {
            Some(_) => &[PUT],
            None => &[DELETE],
        }
    }
}

impl fmt::Display for Retention {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(1) => f.write_str("retention of 1 day"),
            Some(days) => write!(f, "retention of {days} days"),
            None => f.write_str("retention without end"),
        }
    }
}

#[cfg(test)]
mod tests {
    use remedy::check::signal;

    use super::*;

    #[test]
    fn only_a_log_group_is_located() {
        let group = LogGroupId("/aws/lambda/web_1#a".into());
        let arn = "arn:aws-cn:logs:cn-north-1:111122223333:log-group:/aws/lambda/web_1#a";
        assert_eq!(LogGroupId::locate(arn), Some(group.clone()));
        assert_eq!(LogGroupId::locate(&format!("{arn}:*")), Some(group));
        for other in [
            "/aws/lambda/web",
            "arn:aws:logs:eu-west-1:111122223333:log-group:",
            "arn:aws:logs:eu-west-1:111122223333:log-group:web:log-stream:a",
            "arn:aws:logs:eu-west-1:111122223333:destination:web",
            "arn:aws:logs:eu-west-1:111122223333:log-group:a b",
            "",
        ] {
            assert_eq!(LogGroupId::locate(other), None, "{other}");
        }
    }

    #[test]
    fn where_it_is_known_to_be_one_its_name_is_enough() {
        assert_eq!(LogGroupId::reported(&signal("/web")), Some(LogGroupId("/web".into())));
        assert_eq!(LogGroupId::reported(&signal("AWS::::Account:111122223333")), None);
    }

    #[test]
    fn its_page_is_found_by_its_name_whatever_is_in_it() {
        let link = LogGroupId("/aws/web".into()).link(&Place::new("111122223333", "eu-west-1"));
        assert!(link.ends_with("log-groups/log-group/$252Faws$252Fweb"), "{link}");
    }

    #[test]
    fn the_shortest_that_can_be_chosen_is() {
        for (days, choice) in [(365, Some(365)), (366, Some(400)), (3653, Some(3653)), (3654, None)]
        {
            assert_eq!(Retention::of_at_least(days), choice.map(|days| Retention(Some(days))));
        }
    }
}
