//! Facet: what AWS Config records in an account and a Region.

use std::fmt;

use remedy::{Action, Change, Facet, Place, Tags, quoted};
use serde::{Deserialize, Serialize};

remedy::account_id!(
    /// What AWS Config records in an account and a Region.
    RecordersId, "config", "recorder", regional, "/config/home?region={region}#/settings"
);

/// What AWS Config records in an account and a Region.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Recorders {
    /// The recorder of the account's own, if there is one: there is no room for a second.
    pub recorder: Option<Recorder>,
    /// Whether there is a channel by which what is recorded is delivered. Without one nothing is recorded.
    pub delivers: bool,
}

/// A recorder.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Recorder {
    /// Such as `default`.
    pub name: String,
    /// The ARN of the role as which it looks at resources.
    pub role: String,
    /// Whether it records at the moment.
    pub recording: bool,
    /// Whether it records every kind of resource that there is in the Region.
    pub every_kind: bool,
    /// Whether it records IAM's users, groups, roles and policies, too.
    pub global: bool,
    /// The recorder's tags.
    pub tags: Tags,
}

/// An edit of what AWS Config records.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RecorderChange {
    /// Lets the recorder of this name record.
    Start(String),
    /// Lets it record no more.
    Stop(String),
}

const RECORDERS: &str = "arn:${AWS::Partition}:config:*:${AWS::AccountId}:configuration-recorder/*";
const START: Action = Action::on(RECORDERS, "config:StartConfigurationRecorder").tagged();
const STOP: Action = Action::on(RECORDERS, "config:StopConfigurationRecorder").tagged();

impl Facet for Recorders {
    type Id = RecordersId;
    type Change = RecorderChange;

    const NAME: &'static str = "recording by AWS Config";
    const READS: &'static [Action] = &[
        Action::on(RECORDERS, "config:DescribeConfigurationRecorderStatus"),
        Action::on(RECORDERS, "config:DescribeConfigurationRecorders"),
        Action::on("*", "config:DescribeDeliveryChannels"),
        Action::on(RECORDERS, "config:ListTagsForResource"),
    ];

    fn tags(&self) -> Option<&Tags> {
        None
    }

    fn after(mut self, change: &RecorderChange) -> Self {
        let (RecorderChange::Start(name) | RecorderChange::Stop(name)) = change;
        if let Some(recorder) = self.recorder.as_mut().filter(|recorder| recorder.name == *name) {
            recorder.recording = matches!(change, RecorderChange::Start(_));
        }
        self
    }

    fn commands(
        Place { region, .. }: &Place,
        _: &RecordersId,
        changes: &[RecorderChange],
    ) -> Vec<String> {
        let command = |change: &RecorderChange| {
            let (verb, name) = match change {
                RecorderChange::Start(name) => ("start", name),
                RecorderChange::Stop(name) => ("stop", name),
            };
            format!(
                "aws configservice {verb}-configuration-recorder --region {region} \
                 --configuration-recorder-name {}",
                quoted(name)
            )
        };
        changes.iter().map(command).collect()
    }
}

impl Change for RecorderChange {
    const MAKE: &'static [Action] = &[START];
    const UNDO: &'static [Action] = &[START, STOP];

    fn needs(&self) -> &'static [Action] {
        match self {
            Self::Start(_) => &[START],
            Self::Stop(_) => &[STOP],
        }
    }

    fn inverse(&self) -> Option<Self> {
        Some(match self.clone() {
            Self::Start(name) => Self::Stop(name),
            Self::Stop(name) => Self::Start(name),
        })
    }
}

impl fmt::Display for RecorderChange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Start(name) => write!(f, "start recorder {name}"),
            Self::Stop(name) => write!(f, "stop recorder {name}"),
        }
    }
}
