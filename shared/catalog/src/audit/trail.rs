//! Facet: how a trail keeps what it records.

use std::fmt;

use remedy::{Action, Arn, Case, Facet, Id, Place, Plan, Setting, Signal, Swap, Tags, quoted};
use serde::{Deserialize, Serialize};

/// The name of a trail, such as `main`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrailId(pub String);

impl TrailId {
    fn named(name: &str) -> Option<Self> {
        let is_plain = |c: u8| c.is_ascii_alphanumeric() || b"._-".contains(&c);
        let named = (3..=128).contains(&name.len()) && name.bytes().all(is_plain);
        named.then(|| Self(name.to_owned()))
    }

    /// The trail that a finding is about: AWS Config may give no more than its name.
    pub(super) fn reported(signal: &Signal) -> Option<Self> {
        Self::locate(&signal.resource).or_else(|| Self::named(&signal.resource))
    }
}

impl Id for TrailId {
    const TYPE: &'static str = "AWS::CloudTrail::Trail";

    fn locate(resource: &str) -> Option<Self> {
        let arn = Arn::parse(resource).filter(|arn| arn.service == "cloudtrail")?;
        Self::named(arn.resource.strip_prefix("trail/")?)
    }

    fn arn(&self, Place { partition, account, region }: &Place) -> String {
        format!("arn:{partition}:cloudtrail:{region}:{account}:trail/{self}")
    }

    fn link(&self, place: &Place) -> String {
        let region = &place.region;
        let arn = self.arn(place);
        format!("{}/cloudtrailv2/home?region={region}#/trails/{arn}", place.console())
    }
}

impl fmt::Display for TrailId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A trail, as far as its records go.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Trail {
    /// The account that it belongs to.
    pub account: String,
    /// The Region in which it was made; only there it can be changed.
    pub home: String,
    /// Whether it records all accounts of an organization.
    pub organization: bool,
    /// Whether digests of its log files are kept, by which edits are found out.
    pub validated: bool,
    /// Where else its records go.
    pub delivery: Option<Delivery>,
    /// The ARN of the KMS key of its log files, if it is not S3's own.
    pub key: Option<String>,
    /// The trail's tags.
    pub tags: Tags,
}

/// How records get into `CloudWatch` Logs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Delivery {
    /// The ARN of the log group, `:*` at its end.
    pub group: String,
    /// The ARN of the role as which CloudTrail writes to it.
    pub role: String,
}

/// What a trail is set to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TrailSetting {
    /// Whether digests of its log files are kept.
    Validation(bool),
    /// Where else its records go.
    Delivery(Option<Delivery>),
    /// The ARN of the KMS key of its log files.
    Key(Option<String>),
}

/// Trails of the account, by ARN.
pub(super) const TRAILS: &str = "arn:${AWS::Partition}:cloudtrail:*:${AWS::AccountId}:trail/*";
/// Changes one of them.
pub(super) const UPDATE: Action = Action::on(TRAILS, "cloudtrail:UpdateTrail").tagged();
const PASS: Action = Action::on(
    "arn:${AWS::Partition}:iam::${AWS::AccountId}:role/*",
    "iam:PassRole",
)
.only("StringEquals", "iam:PassedToService", "cloudtrail.amazonaws.com");
const ALL: &[Action] = &[UPDATE, PASS];

impl Trail {
    /// The plan that sets what is `is` to `to`; by hand where the trail is not this account's alone, or
    /// not to be changed from here.
    pub(super) fn set(
        &self,
        is: TrailSetting,
        to: TrailSetting,
        case: &Case<'_>,
    ) -> Plan<Swap<TrailSetting>> {
        let what = to.to_string();
        let place = &case.signal.place;
        let plan: Plan<_> = Swap::of(is, to).into_iter().collect();
        let why = if self.organization {
            "the trail is an organization's: what is changed of it is changed for every account"
        } else if self.home != place.region {
            "what is seen here is a shadow: the trail can only be changed in its home Region"
        } else {
            return plan;
        };
        if plan.is_empty() {
            return plan;
        }
        let home = Place { region: self.home.clone(), ..place.clone() };
        let commands =
            TrailId::reported(case.signal).map(|id| Self::commands(&home, &id, &plan.changes));
        Plan::by_hand(what, why, commands.unwrap_or_default())
    }
}

impl Facet for Trail {
    type Id = TrailId;
    type Change = Swap<TrailSetting>;

    const NAME: &'static str = "trail";
    const READS: &'static [Action] =
        &[Action::on(TRAILS, "cloudtrail:GetTrail"), Action::on(TRAILS, "cloudtrail:ListTags")];

    fn tags(&self) -> Option<&Tags> {
        Some(&self.tags)
    }

    fn account(&self) -> Option<&str> {
        Some(&self.account).filter(|account| !account.is_empty()).map(String::as_str)
    }

    fn after(mut self, change: &Swap<TrailSetting>) -> Self {
        match change.to.clone() {
            TrailSetting::Validation(on) => self.validated = on,
            TrailSetting::Delivery(delivery) => self.delivery = delivery,
            TrailSetting::Key(key) => self.key = key,
        }
        self
    }

    fn commands(place: &Place, id: &TrailId, changes: &[Swap<TrailSetting>]) -> Vec<String> {
        let flags = |to: &TrailSetting| match to {
            TrailSetting::Validation(true) => "--enable-log-file-validation".into(),
            TrailSetting::Validation(false) => "--no-enable-log-file-validation".into(),
            TrailSetting::Delivery(Some(Delivery { group, role })) => format!(
                "--cloud-watch-logs-log-group-arn {} --cloud-watch-logs-role-arn {}",
                quoted(group),
                quoted(role)
            ),
            TrailSetting::Delivery(None) => {
                "--cloud-watch-logs-log-group-arn '' --cloud-watch-logs-role-arn ''".into()
            }
            TrailSetting::Key(key) => {
                format!("--kms-key-id {}", quoted(key.as_deref().unwrap_or_default()))
            }
        };
        let (region, name) = (&place.region, quoted(&id.0));
        let command = |change: &Swap<TrailSetting>| {
            format!(
                "aws cloudtrail update-trail --region {region} --name {name} {}",
                flags(&change.to)
            )
        };
        changes.iter().map(command).collect()
    }
}

impl Setting for TrailSetting {
    const MAKE: &'static [Action] = ALL;
    const UNDO: &'static [Action] = ALL;

    fn needs(&self) -> &'static [Action] {
        match self {
            Self::Delivery(Some(_)) => ALL,
            Self::Validation(_) | Self::Delivery(None) | Self::Key(_) => &[UPDATE],
        }
    }
}

impl fmt::Display for TrailSetting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Validation(true) => f.write_str("log file validation on"),
            Self::Validation(false) => f.write_str("log file validation off"),
            Self::Delivery(Some(Delivery { group, .. })) => write!(f, "delivery to {group}"),
            Self::Delivery(None) => f.write_str("delivery to no log group"),
            Self::Key(Some(key)) => write!(f, "encryption with {key}"),
            Self::Key(None) => f.write_str("encryption with S3's own keys"),
        }
    }
}

#[cfg(test)]
mod tests {
    use remedy::check::signal;

    use super::*;

    #[test]
    fn only_a_trail_is_located() {
        let arn = "arn:aws-cn:cloudtrail:cn-north-1:111122223333:trail/main";
        assert_eq!(TrailId::locate(arn), Some(TrailId("main".into())));
        for other in [
            "main",
            "arn:aws:cloudtrail:eu-west-1:111122223333:eventdatastore/a",
            "arn:aws:cloudtrail:eu-west-1:111122223333:trail/",
            "arn:aws:cloudtrail:eu-west-1:111122223333:trail/a b c",
            "arn:aws:ec2:eu-west-1:111122223333:trail/main",
            "",
        ] {
            assert_eq!(TrailId::locate(other), None, "{other}");
        }
    }

    #[test]
    fn where_it_is_known_to_be_one_its_name_is_enough() {
        assert_eq!(TrailId::reported(&signal("main")), Some(TrailId("main".into())));
        assert_eq!(TrailId::reported(&signal("AWS::::Account:111122223333")), None);
    }

    #[test]
    fn the_way_back_is_a_command_too() {
        let place = Place::new("111122223333", "eu-west-1");
        let delivery =
            Delivery { group: "arn:aws:logs:g:*".into(), role: "arn:aws:iam::1:role/r".into() };
        let back = [
            Swap { from: TrailSetting::Delivery(Some(delivery)), to: TrailSetting::Delivery(None) },
            Swap { from: TrailSetting::Key(Some("k".into())), to: TrailSetting::Key(None) },
            Swap { from: TrailSetting::Validation(true), to: TrailSetting::Validation(false) },
        ];
        let start = "aws cloudtrail update-trail --region eu-west-1 --name main";
        assert_eq!(
            Trail::commands(&place, &TrailId("main".into()), &back),
            [
                format!(
                    "{start} --cloud-watch-logs-log-group-arn '' --cloud-watch-logs-role-arn ''"
                ),
                format!("{start} --kms-key-id ''"),
                format!("{start} --no-enable-log-file-validation"),
            ]
        );
    }
}
