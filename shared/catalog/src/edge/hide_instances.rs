//! Tells a person of a launch configuration that gives instances public addresses, and how to go over to a
//! launch template that does not.
//!
//! A launch configuration cannot be changed.

use remedy::{
    Case, Never, Plan, Remediation, Risk, Settings, Severity, Spec, Trigger, Undo, Wrong,
};

use super::{LaunchConfiguration, launch::Mended};

/// See the [module](self).
#[derive(Debug)]
pub struct HideInstances;

impl Remediation for HideInstances {
    type Facet = LaunchConfiguration;

    const SPEC: Spec = Spec {
        id: "edge/hide_instances",
        title: "Tell of a launch configuration that gives out public addresses",
        triggers: &[
            Trigger::control("AutoScaling.5"),
            Trigger::config_rule("AUTOSCALING_LAUNCH_CONFIG_PUBLIC_IP_DISABLED"),
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
        if launch.public_address != Some(true) {
            return Plan::none();
        }
        let groups: Vec<&str> = groups.iter().map(String::as_str).collect();
        Plan::by_hand(
            "instances get public addresses",
            "launch configurations cannot be changed; a launch template can say it, and takes effect with the next instances",
            launch.commands(
                &case.signal.place,
                &groups,
                Mended { hidden: true, ..Mended::default() },
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
    fn a_person_is_told_of_public_addresses() {
        for (launch, commands) in [
            (Launch { public_address: Some(true), ..Launch::default() }, 4),
            (Launch { public_address: Some(false), ..Launch::default() }, 0),
            (Launch::default(), 0),
        ] {
            let groups = vec!["blue".into(), "green".into()];
            let configuration =
                LaunchConfiguration { launch, groups, ..LaunchConfiguration::default() };
            check(&HideInstances, &configuration, &signal(WEB), &[]);
            let plan =
                HideInstances.plan(&configuration, &Case { signal: &signal(WEB), now: now() });
            assert_eq!(plan.by_hand.len(), commands);
            assert!(
                commands == 0 || plan.by_hand[0].contains("AssociatePublicIpAddress:`false`"),
                "{:?}",
                plan.by_hand
            );
        }
    }
}
