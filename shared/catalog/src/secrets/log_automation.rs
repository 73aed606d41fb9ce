//! Lets Automation log what scripts in runbooks print. The group of logs that is set is kept.

use remedy::{Case, Plan, Remediation, Risk, Settings, Severity, Spec, Swap, Trigger, Undo, Wrong};

use super::{AutomationLogs, AutomationLogsSetting};

/// See the [module](self).
#[derive(Debug)]
pub struct LogAutomation;

impl Remediation for LogAutomation {
    type Facet = AutomationLogs;

    const SPEC: Spec = Spec {
        id: "secrets/log_automation",
        title: "Log what scripts in runbooks print",
        triggers: &[
            Trigger::control("SSM.6"),
            Trigger::config_rule("SSM_AUTOMATION_LOGGING_ENABLED"),
        ],
        severity: Severity::Medium,
        risk: Risk::Safe,
        parameters: &[],
        undo: Undo::Yes,
        care: "The name of the group that the logs go to is not touched.",
        since: "0.4.0",
    };

    fn configured(_: &Settings) -> Result<Self, Wrong> {
        Ok(Self)
    }

    fn plan(&self, logs: &AutomationLogs, _: &Case<'_>) -> Plan<Swap<AutomationLogsSetting>> {
        let is = AutomationLogsSetting::Kept(logs.kept);
        Swap::of(is, AutomationLogsSetting::Kept(true)).into_iter().collect()
    }
}

#[cfg(test)]
mod tests {
    use remedy::check::{check, signal};

    use super::*;

    const ACCOUNT: &str = "AWS::::Account:111122223333";

    #[test]
    fn scripts_that_are_logged_nowhere_are_logged() {
        let expected = ["set logs of scripts in CloudWatch (it is logs of scripts nowhere)"];
        check(&LogAutomation, &AutomationLogs::default(), &signal(ACCOUNT), &expected);
        check(&LogAutomation, &AutomationLogs { kept: true }, &signal(ACCOUNT), &[]);
    }
}
