//! Facet: where Automation writes what scripts in runbooks print.

use std::fmt;

use remedy::{Action, Facet, Place, Setting, Swap, Tags, account_id};
use serde::{Deserialize, Serialize};

account_id!(
    /// The account whose runbooks they are.
    AutomationLogsId, "ssm", "automation-logs", regional, "/systems-manager/automation/preferences?region={region}"
);

/// Where scripts in runbooks are logged.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct AutomationLogs {
    /// Whether they are logged to `CloudWatch`.
    pub kept: bool,
}

/// Where scripts in runbooks are logged.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AutomationLogsSetting {
    /// Whether they are logged to `CloudWatch`.
    Kept(bool),
}

impl AutomationLogs {
    /// What Systems Manager calls the setting.
    pub const SETTING: &'static str = "/ssm/automation/customer-script-log-destination";
    /// What it is set to where scripts are logged.
    pub const CLOUDWATCH: &'static str = "CloudWatch";
}

const SETTING: &str = "arn:${AWS::Partition}:ssm:*:${AWS::AccountId}:servicesetting/ssm/automation/customer-script-log-destination";
const UPDATE: &[Action] = &[Action::on(SETTING, "ssm:UpdateServiceSetting")];
const RESET: &[Action] = &[Action::on(SETTING, "ssm:ResetServiceSetting")];

impl Facet for AutomationLogs {
    type Id = AutomationLogsId;
    type Change = Swap<AutomationLogsSetting>;

    const NAME: &'static str = "logs of Automation";
    const READS: &'static [Action] = &[Action::on(SETTING, "ssm:GetServiceSetting")];

    fn tags(&self) -> Option<&Tags> {
        None
    }

    fn after(self, change: &Swap<AutomationLogsSetting>) -> Self {
        let AutomationLogsSetting::Kept(kept) = change.to;
        Self { kept }
    }

    fn commands(
        place: &Place,
        _: &AutomationLogsId,
        changes: &[Swap<AutomationLogsSetting>],
    ) -> Vec<String> {
        let command = |change: &Swap<AutomationLogsSetting>| {
            let (region, setting) = (&place.region, Self::SETTING);
            let (verb, value) = match change.to {
                AutomationLogsSetting::Kept(true) => {
                    ("update", format!(" --setting-value {}", Self::CLOUDWATCH))
                }
                AutomationLogsSetting::Kept(false) => ("reset", String::new()),
            };
            format!(
                "aws ssm {verb}-service-setting --region {region} --setting-id {setting}{value}"
            )
        };
        changes.iter().map(command).collect()
    }
}

impl Setting for AutomationLogsSetting {
    const MAKE: &'static [Action] = UPDATE;
    const UNDO: &'static [Action] = RESET;

    fn needs(&self) -> &'static [Action] {
        match self {
            Self::Kept(true) => UPDATE,
            Self::Kept(false) => RESET,
        }
    }
}

impl fmt::Display for AutomationLogsSetting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Kept(true) => "logs of scripts in CloudWatch",
            Self::Kept(false) => "logs of scripts nowhere",
        })
    }
}
