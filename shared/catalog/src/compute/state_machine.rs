//! Facet: what a state machine logs.

use std::{collections::BTreeSet, fmt};

use remedy::{Action, Arn, Facet, Id, Place, Setting, Swap, Tags, quoted};
use serde::{Deserialize, Serialize};

/// The name of a state machine, such as `orders`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StateMachineName(pub String);

impl Id for StateMachineName {
    const TYPE: &'static str = "AWS::StepFunctions::StateMachine";

    fn locate(resource: &str) -> Option<Self> {
        let arn = Arn::parse(resource).filter(|arn| arn.service == "states")?;
        let name = arn.resource.strip_prefix("stateMachine:")?;
        let is_part = |b: u8| b.is_ascii_alphanumeric() || b"-_.".contains(&b);
        let named = (1..=80).contains(&name.len()) && name.bytes().all(is_part);
        named.then(|| Self(name.to_owned()))
    }

    fn arn(&self, Place { partition, account, region }: &Place) -> String {
        format!("arn:{partition}:states:{region}:{account}:stateMachine:{self}")
    }

    fn link(&self, place: &Place) -> String {
        let region = &place.region;
        format!(
            "{}/states/home?region={region}#/statemachines/view/{}",
            place.console(),
            self.arn(place)
        )
    }
}

impl fmt::Display for StateMachineName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A state machine, as far as its logs go.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct StateMachine {
    /// Its name.
    pub name: String,
    /// Whether it is there to run; one that is being deleted is not.
    pub is_active: bool,
    /// The role it runs as.
    pub role: String,
    /// How much it logs.
    pub level: LogLevel,
    /// Whether it also logs what executions are given and give.
    pub with_data: bool,
    /// The log groups it logs to, by ARN.
    pub groups: BTreeSet<String>,
    /// The state machine's tags.
    pub tags: Tags,
}

/// How much a state machine logs, from nothing to everything.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LogLevel {
    /// Nothing.
    #[default]
    Off,
    /// What ends an execution.
    Fatal,
    /// What goes wrong.
    Error,
    /// Everything.
    All,
}

impl LogLevel {
    /// As Step Functions calls it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Off => "OFF",
            Self::Fatal => "FATAL",
            Self::Error => "ERROR",
            Self::All => "ALL",
        }
    }

    /// The one that Step Functions calls so.
    pub fn of(word: &str) -> Option<Self> {
        let all = [Self::Off, Self::Fatal, Self::Error, Self::All];
        all.into_iter().find(|level| level.word().eq_ignore_ascii_case(word.trim()))
    }
}

/// What a state machine is set to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum StateMachineSetting {
    /// How much it logs; the rest is what goes with it unchanged.
    Logs {
        /// How much.
        level: LogLevel,
        /// Whether with the data of executions.
        with_data: bool,
        /// Where to.
        groups: BTreeSet<String>,
    },
}

const MACHINES: &str = "arn:${AWS::Partition}:states:*:${AWS::AccountId}:stateMachine:*";
const UPDATE: &[Action] = &[Action::on(MACHINES, "states:UpdateStateMachine").tagged()];

impl Facet for StateMachine {
    type Id = StateMachineName;
    type Change = Swap<StateMachineSetting>;

    const NAME: &'static str = "state machine";
    const READS: &'static [Action] = &[
        Action::on(MACHINES, "states:DescribeStateMachine"),
        Action::on(MACHINES, "states:ListTagsForResource"),
    ];

    fn tags(&self) -> Option<&Tags> {
        Some(&self.tags)
    }

    fn after(mut self, change: &Swap<StateMachineSetting>) -> Self {
        let StateMachineSetting::Logs { level, with_data, groups } = &change.to;
        self.level = *level;
        self.with_data = *with_data;
        self.groups.clone_from(groups);
        self
    }

    fn commands(
        place: &Place,
        id: &StateMachineName,
        changes: &[Swap<StateMachineSetting>],
    ) -> Vec<String> {
        changes.iter().map(|change| change.to.command(place, id)).collect()
    }
}

impl StateMachine {
    /// Its logs as they are, at `level`.
    pub(super) fn logs(&self, level: LogLevel) -> StateMachineSetting {
        StateMachineSetting::Logs { level, with_data: self.with_data, groups: self.groups.clone() }
    }
}

impl StateMachineSetting {
    /// The command that sets it.
    pub(super) fn command(&self, place: &Place, id: &StateMachineName) -> String {
        let Self::Logs { level, with_data, groups } = self;
        let groups: Vec<_> = (groups.iter())
            .map(|arn| format!(r#"{{"cloudWatchLogsLogGroup":{{"logGroupArn":{arn:?}}}}}"#))
            .collect();
        let logging = format!(
            r#"{{"level":"{}","includeExecutionData":{with_data},"destinations":[{}]}}"#,
            level.word(),
            groups.join(",")
        );
        format!(
            "aws stepfunctions update-state-machine --region {} --state-machine-arn {} --logging-configuration {}",
            place.region,
            quoted(&id.arn(place)),
            quoted(&logging)
        )
    }
}

impl Setting for StateMachineSetting {
    const MAKE: &'static [Action] = UPDATE;
    const UNDO: &'static [Action] = UPDATE;

    fn needs(&self) -> &'static [Action] {
        UPDATE
    }
}

impl fmt::Display for StateMachineSetting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self::Logs { level, .. } = self;
        write!(f, "logging of executions {}", level.word())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_state_machine_is_located() {
        let arn = "arn:aws-cn:states:cn-north-1:111122223333:stateMachine:orders";
        assert_eq!(StateMachineName::locate(arn), Some(StateMachineName("orders".into())));
        for other in [
            "orders",
            "arn:aws:states:eu-west-1:1:stateMachine:orders:live",
            "arn:aws:states:eu-west-1:1:activity:orders",
            "arn:aws:states:eu-west-1:1:stateMachine:",
            "",
        ] {
            assert_eq!(StateMachineName::locate(other), None, "{other}");
        }
    }
}
