//! Tells a person of a launch configuration whose instances answer for metadata without a token, and how to
//! go over to a launch template that requires one.
//!
//! A launch configuration cannot be changed.

use remedy::{
    Case, Never, Plan, Remediation, Risk, Settings, Severity, Spec, Trigger, Undo, Wrong,
};

use super::{LaunchConfiguration, launch::Mended};

/// See the [module](self).
#[derive(Debug)]
pub struct RequireTokens;

impl Remediation for RequireTokens {
    type Facet = LaunchConfiguration;

    const SPEC: Spec = Spec {
        id: "edge/require_tokens",
        title: "Tell of a launch configuration that does not require IMDSv2",
        triggers: &[
            Trigger::control("AutoScaling.3"),
            Trigger::config_rule("AUTOSCALING_LAUNCHCONFIG_REQUIRES_IMDSV2"),
        ],
        severity: Severity::High,
        risk: Risk::Safe,
        parameters: &[],
        undo: Undo::Nothing,
        care: "Nothing is cloned, repointed or deleted; the commands copy all that the launch configuration has, for the groups that use it.",
        since: "0.4.0",
    };

    fn configured(_: &Settings) -> Result<Self, Wrong> {
        Ok(Self)
    }

    fn plan(&self, configuration: &LaunchConfiguration, case: &Case<'_>) -> Plan<Never> {
        let LaunchConfiguration { launch, groups, .. } = configuration;
        if launch.tokens.as_deref() == Some("required") {
            return Plan::none();
        }
        let groups: Vec<&str> = groups.iter().map(String::as_str).collect();
        Plan::by_hand(
            "instances answer for metadata without a token",
            "launch configurations cannot be changed; a launch template can say it, and takes effect with the next instances",
            launch.commands(
                &case.signal.place,
                &groups,
                Mended { tokens: true, ..Mended::default() },
            ),
        )
    }
}

#[cfg(test)]
mod tests {
    use remedy::check::{check, now, signal};

    use super::*;
    use crate::edge::Launch;

    const WEB: &str = "arn:aws:autoscaling:eu-west-1:111122223333:launchConfiguration:0-a:launchConfigurationName/web";

    #[test]
    fn a_person_is_told_unless_tokens_are_required() {
        for (launch, commands) in [
            (Launch { tokens: Some("optional".into()), ..Launch::default() }, 4),
            (Launch::default(), 4),
            (Launch { tokens: Some("required".into()), ..Launch::default() }, 0),
        ] {
            let groups = vec!["blue".into(), "green".into()];
            let configuration =
                LaunchConfiguration { launch, groups, ..LaunchConfiguration::default() };
            check(&RequireTokens, &configuration, &signal(WEB), &[]);
            let plan =
                RequireTokens.plan(&configuration, &Case { signal: &signal(WEB), now: now() });
            assert_eq!(plan.by_hand.len(), commands);
            assert!(commands == 0 || plan.by_hand[0].contains("required"), "{:?}", plan.by_hand);
        }
    }
}
