//! Facet: what an alarm does when its state changes.

use std::fmt;

use remedy::{Action, Arn, Facet, Id, Place, Setting, Signal, Swap, Tags, quoted};
use serde::{Deserialize, Serialize};

/// The name of an alarm, which can be any text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AlarmId(pub String);

impl AlarmId {
    fn named(name: &str) -> Option<Self> {
        let named =
            (1..=255).contains(&name.chars().count()) && !name.chars().any(char::is_control);
        named.then(|| Self(name.to_owned()))
    }

    /// The alarm that a finding is about: AWS Config may give no more than its name.
    pub(super) fn reported(signal: &Signal) -> Option<Self> {
        let resource = signal.resource.as_str();
        let bare = !resource.starts_with("arn:") && !resource.starts_with("AWS::");
        Self::locate(resource).or_else(|| bare.then(|| Self::named(resource)).flatten())
    }
}

impl Id for AlarmId {
    const TYPE: &'static str = "AWS::CloudWatch::Alarm";

    fn locate(resource: &str) -> Option<Self> {
        let arn = Arn::parse(resource).filter(|arn| arn.service == "cloudwatch")?;
        Self::named(arn.resource.strip_prefix("alarm:")?)
    }

    fn arn(&self, Place { partition, account, region }: &Place) -> String {
        format!("arn:{partition}:cloudwatch:{region}:{account}:alarm:{self}")
    }

    fn link(&self, place: &Place) -> String {
        let is_plain = |b: u8| b.is_ascii_alphanumeric() || b"-_.~".contains(&b);
        let letter =
            |b: u8| if is_plain(b) { char::from(b).to_string() } else { format!("%{b:02X}") };
        let name: String = self.0.bytes().map(letter).collect();
        format!("{}/cloudwatch/home?region={}#alarmsV2:alarm/{name}", place.console(), place.region)
    }
}

impl fmt::Display for AlarmId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// An alarm, as far as what it does goes.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Alarm {
    /// Whether it is made of other alarms, and of no metric.
    pub composite: bool,
    /// The alarms that are made of this one. They are known only of one that does nothing itself.
    pub parents: Vec<String>,
    /// Whether it does at all what it should.
    pub enabled: bool,
    /// What it does when it goes off, by ARN.
    pub alarm: Vec<String>,
    /// What it does when all is well again.
    pub ok: Vec<String>,
    /// What it does when it cannot tell.
    pub no_data: Vec<String>,
    /// The alarm's tags.
    pub tags: Tags,
}

/// A state that an alarm can come into.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AlarmState {
    /// It goes off.
    Alarm,
    /// All is well.
    Ok,
    /// It cannot tell.
    NoData,
}

impl AlarmState {
    /// As `CloudWatch` calls it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Alarm => "ALARM",
            Self::Ok => "OK",
            Self::NoData => "INSUFFICIENT_DATA",
        }
    }

    /// As `CloudWatch` calls what is done then.
    fn actions(self) -> &'static str {
        match self {
            Self::Alarm => "AlarmActions",
            Self::Ok => "OKActions",
            Self::NoData => "InsufficientDataActions",
        }
    }
}

/// What an alarm is set to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AlarmSetting {
    /// Whether it does what it should.
    Enabled(bool),
    /// What it does when it comes into a state, by ARN.
    Actions(AlarmState, Vec<String>),
}

const ALARMS: &str = "arn:${AWS::Partition}:cloudwatch:*:${AWS::AccountId}:alarm:*";
const ENABLE: Action = Action::on(ALARMS, "cloudwatch:EnableAlarmActions").tagged();
const DISABLE: Action = Action::on(ALARMS, "cloudwatch:DisableAlarmActions").tagged();
const PUT: Action = Action::on(ALARMS, "cloudwatch:PutMetricAlarm").tagged();

impl Alarm {
    /// What it does when it comes into `state`.
    pub(super) fn actions(&self, state: AlarmState) -> &Vec<String> {
        match state {
            AlarmState::Alarm => &self.alarm,
            AlarmState::Ok => &self.ok,
            AlarmState::NoData => &self.no_data,
        }
    }
}

impl Facet for Alarm {
    type Id = AlarmId;
    type Change = Swap<AlarmSetting>;

    const NAME: &'static str = "alarm";
    const READS: &'static [Action] = &[
        Action::on(ALARMS, "cloudwatch:DescribeAlarms"),
        Action::on(ALARMS, "cloudwatch:ListTagsForResource"),
    ];

    fn tags(&self) -> Option<&Tags> {
        Some(&self.tags)
    }

    fn after(mut self, change: &Swap<AlarmSetting>) -> Self {
        match &change.to {
            AlarmSetting::Enabled(on) => self.enabled = *on,
            AlarmSetting::Actions(AlarmState::Alarm, actions) => self.alarm.clone_from(actions),
            AlarmSetting::Actions(AlarmState::Ok, actions) => self.ok.clone_from(actions),
            AlarmSetting::Actions(AlarmState::NoData, actions) => self.no_data.clone_from(actions),
        }
        self
    }

    fn commands(place: &Place, id: &AlarmId, changes: &[Swap<AlarmSetting>]) -> Vec<String> {
        let (region, name) = (&place.region, quoted(&id.0));
        let command = |change: &Swap<AlarmSetting>| match &change.to {
            AlarmSetting::Enabled(true) => {
                format!(
                    "aws cloudwatch enable-alarm-actions --region {region} --alarm-names {name}"
                )
            }
            AlarmSetting::Enabled(false) => {
                format!(
                    "aws cloudwatch disable-alarm-actions --region {region} --alarm-names {name}"
                )
            }
            AlarmSetting::Actions(state, actions) => put(region, &name, *state, actions),
        };
        changes.iter().map(command).collect()
    }
}

/// The command that sets an alarm to what it is set to, but for one list of actions: `CloudWatch` changes
/// alarms as a whole only.
fn put(region: &str, name: &str, state: AlarmState, actions: &[String]) -> String {
    let list = serde_json::to_string(actions).unwrap_or_default();
    let edit = format!(
        ".MetricAlarms[0] | del(.AlarmArn, .AlarmConfigurationUpdatedTimestamp, .EvaluationState, .StateReason, \
         .StateReasonData, .StateTransitionedTimestamp, .StateUpdatedTimestamp, .StateValue) | .{} = {list}",
        state.actions()
    );
    format!(
        "aws cloudwatch put-metric-alarm --region {region} --cli-input-json \"$(aws cloudwatch describe-alarms \
         --region {region} --alarm-names {name} --output json | jq {})\"",
        quoted(&edit)
    )
}

impl Setting for AlarmSetting {
    const MAKE: &'static [Action] = &[ENABLE, PUT];
    const UNDO: &'static [Action] = &[ENABLE, DISABLE, PUT];

    fn needs(&self) -> &'static [Action] {
        match self {
            Self::Enabled(true) => &[ENABLE],
            Self::Enabled(false) => &[DISABLE],
            Self::Actions(..) => &[PUT],
        }
    }
}

impl fmt::Display for AlarmSetting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Enabled(true) => f.write_str("actions on"),
            Self::Enabled(false) => f.write_str("actions off"),
            Self::Actions(state, actions) if actions.is_empty() => {
                write!(f, "no action for {}", state.name())
            }
            Self::Actions(state, actions) => {
                write!(f, "actions for {}: {}", state.name(), actions.join(", "))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use remedy::check::signal;

    use super::*;

    #[test]
    fn an_alarm_is_located_whatever_its_name_is() {
        for name in ["web-5xx", "Web: 5xx of \"shop\" > 3", "負荷"] {
            let arn = format!("arn:aws:cloudwatch:eu-west-1:111122223333:alarm:{name}");
            assert_eq!(AlarmId::locate(&arn), Some(AlarmId(name.into())));
        }
        for other in [
            "web-5xx",
            "arn:aws:cloudwatch:eu-west-1:111122223333:alarm:",
            "arn:aws:cloudwatch:eu-west-1:111122223333:alarm:a\nb",
            "arn:aws:cloudwatch::111122223333:dashboard/web",
            "",
        ] {
            assert_eq!(AlarmId::locate(other), None, "{other}");
        }
    }

    #[test]
    fn where_it_is_known_to_be_one_its_name_is_enough() {
        assert_eq!(AlarmId::reported(&signal("a: b")), Some(AlarmId("a: b".into())));
        for other in ["AWS::::Account:111122223333", "arn:aws:sns:eu-west-1:111122223333:a", ""] {
            assert_eq!(AlarmId::reported(&signal(other)), None);
        }
    }

    #[test]
    fn its_page_is_found_and_its_name_is_one_word_to_a_shell() {
        let (place, id) = (Place::new("111122223333", "eu-west-1"), AlarmId("it's 5".into()));
        assert!(id.link(&place).ends_with("#alarmsV2:alarm/it%27s%205"));
        let off = Swap { from: AlarmSetting::Enabled(true), to: AlarmSetting::Enabled(false) };
        let none = AlarmSetting::Actions(AlarmState::Ok, Vec::new());
        let none = Swap { from: none.clone(), to: none };
        let commands = Alarm::commands(&place, &id, &[off, none]);
        assert_eq!(
            commands[0],
            r"aws cloudwatch disable-alarm-actions --region eu-west-1 --alarm-names 'it'\''s 5'"
        );
        assert!(
            commands[1].contains(r"--alarm-names 'it'\''s 5'")
                && commands[1].contains(".OKActions = []")
        );
    }
}
