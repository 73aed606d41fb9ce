//! Facet: what records the calls that are made in an account.

use std::fmt;

use remedy::{Action, Arn, Change, Facet, Place, Tags, quoted};
use serde::{Deserialize, Serialize};

use super::trail::{TRAILS, UPDATE};

remedy::account_id!(
    /// What records an account's calls.
    TrailsId, "cloudtrail", "trails", regional, "/cloudtrailv2/home?region={region}#/trails"
);

/// The trails that record the calls made in an account, as seen from one Region.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Trails {
    /// All of them, shadows and those of an organization included.
    pub trails: Vec<AccountTrail>,
}

/// One of an account's trails.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct AccountTrail {
    /// Its ARN: names are unique within a Region only.
    pub arn: String,
    /// The Region in which it was made; only there it can be changed.
    pub home: String,
    /// Whether it records all accounts of an organization.
    pub organization: bool,
    /// Where it records.
    pub reach: Reach,
    /// Whether it records at all at the moment.
    pub logging: bool,
    /// Whether it records all management events, those that read and those that write.
    pub complete: bool,
    /// The ARN of the log group it delivers to, if it does.
    pub group: Option<String>,
    /// The trail's tags.
    pub tags: Tags,
}

/// Where a trail records.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Reach {
    /// In every Region, not in its own only.
    pub every_region: bool,
    /// What global services such as IAM are asked, too. A trail of every Region must.
    pub global: bool,
}

/// An edit of one of the trails.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TrailsChange {
    /// Lets it record elsewhere.
    Reach {
        /// Its ARN.
        trail: String,
        /// As it was found.
        from: Reach,
        /// As it should be.
        to: Reach,
    },
    /// Lets it record.
    Start {
        /// Its ARN.
        trail: String,
    },
    /// Lets it record no more.
    Stop {
        /// Its ARN.
        trail: String,
    },
}

impl AccountTrail {
    /// Its name.
    pub fn name(&self) -> &str {
        name(&self.arn)
    }

    /// Whether it belongs to the account of `place`.
    pub(super) fn is_of(&self, place: &Place) -> bool {
        Arn::parse(&self.arn).is_some_and(|arn| arn.account == place.account)
    }

    /// The account that it belongs to.
    pub(super) fn account(&self) -> &str {
        Arn::parse(&self.arn).map_or("", |arn| arn.account)
    }
}

fn name(arn: &str) -> &str {
    arn.rsplit('/').next().unwrap_or_default()
}

const START: Action = Action::on(TRAILS, "cloudtrail:StartLogging").tagged();
const STOP: Action = Action::on(TRAILS, "cloudtrail:StopLogging").tagged();
/// What reading the trails of an account needs. Those of an organization belong to another one.
pub(super) const DESCRIBE: Action = Action::on("*", "cloudtrail:DescribeTrails");
/// As [`DESCRIBE`].
pub(super) const SELECTORS: Action = Action::on(ANYBODYS, "cloudtrail:GetEventSelectors");
/// As [`DESCRIBE`].
pub(super) const STATUS: Action = Action::on(ANYBODYS, "cloudtrail:GetTrailStatus");
/// As [`DESCRIBE`].
pub(super) const TAGS: Action = Action::on(TRAILS, "cloudtrail:ListTags");
const ANYBODYS: &str = "arn:${AWS::Partition}:cloudtrail:*:*:trail/*";

impl Facet for Trails {
    type Id = TrailsId;
    type Change = TrailsChange;

    const NAME: &'static str = "recording of an account's calls";
    const READS: &'static [Action] = &[DESCRIBE, SELECTORS, STATUS, TAGS];

    fn tags(&self) -> Option<&Tags> {
        None
    }

    fn after(mut self, change: &TrailsChange) -> Self {
        let (TrailsChange::Reach { trail, .. }
        | TrailsChange::Start { trail }
        | TrailsChange::Stop { trail }) = change;
        if let Some(found) = self.trails.iter_mut().find(|found| found.arn == *trail) {
            match change {
                TrailsChange::Reach { to, .. } => found.reach = *to,
                TrailsChange::Start { .. } => found.logging = true,
                TrailsChange::Stop { .. } => found.logging = false,
            }
        }
        self
    }

    fn commands(place: &Place, _: &TrailsId, changes: &[TrailsChange]) -> Vec<String> {
        let region = &place.region;
        let start = |verb: &str, trail: &str| {
            format!("aws cloudtrail {verb} --region {region} --name {}", quoted(name(trail)))
        };
        let flag =
            |on: bool, flag: &str| if on { format!("--{flag}") } else { format!("--no-{flag}") };
        let command = |change: &TrailsChange| match change {
            TrailsChange::Reach { trail, to, .. } => format!(
                "{} {} {}",
                start("update-trail", trail),
                flag(to.every_region, "is-multi-region-trail"),
                flag(to.global, "include-global-service-events")
            ),
            TrailsChange::Start { trail } => start("start-logging", trail),
            TrailsChange::Stop { trail } => start("stop-logging", trail),
        };
        changes.iter().map(command).collect()
    }
}

impl Change for TrailsChange {
    const MAKE: &'static [Action] = &[UPDATE, START];
    const UNDO: &'static [Action] = &[UPDATE, START, STOP];

    fn needs(&self) -> &'static [Action] {
        match self {
            Self::Reach { .. } => &[UPDATE],
            Self::Start { .. } => &[START],
            Self::Stop { .. } => &[STOP],
        }
    }

    fn inverse(&self) -> Option<Self> {
        Some(match self.clone() {
            Self::Reach { trail, from, to } => Self::Reach { trail, from: to, to: from },
            Self::Start { trail } => Self::Stop { trail },
            Self::Stop { trail } => Self::Start { trail },
        })
    }
}

impl fmt::Display for TrailsChange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Reach { trail, to: Reach { every_region: true, .. }, .. } => {
                write!(f, "let trail {} record every Region", name(trail))
            }
            Self::Reach { trail, .. } => {
                write!(f, "let trail {} record its own Region", name(trail))
            }
            Self::Start { trail } => write!(f, "start trail {}", name(trail)),
            Self::Stop { trail } => write!(f, "stop trail {}", name(trail)),
        }
    }
}

#[cfg(test)]
mod tests {
    use remedy::Id;

    use super::*;

    #[test]
    fn the_way_back_is_a_command_too() {
        let place = Place::new("111122223333", "eu-west-1");
        let trail = "arn:aws:cloudtrail:eu-west-1:111122223333:trail/main".to_owned();
        let here = Reach { global: true, ..Reach::default() };
        let all = Reach { every_region: true, global: true };
        let back = [
            TrailsChange::Stop { trail: trail.clone() },
            TrailsChange::Reach { trail, from: all, to: here },
        ];
        let id = TrailsId::locate("AWS::::Account:111122223333").unwrap();
        assert_eq!(
            Trails::commands(&place, &id, &back),
            [
                "aws cloudtrail stop-logging --region eu-west-1 --name main",
                "aws cloudtrail update-trail --region eu-west-1 --name main --no-is-multi-region-trail \
                 --include-global-service-events",
            ]
        );
        assert_eq!(back[1].to_string(), "let trail main record its own Region");
    }
}
