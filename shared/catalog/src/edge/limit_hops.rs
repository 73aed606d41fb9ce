//! Tells a person of a launch configuration whose instances send metadata further than to themselves, and how
//! to go over to a launch template that does not.
//!
//! A launch configuration cannot be changed. Containers may need the second hop.

use remedy::{
    Case, Never, Plan, Remediation, Risk, Settings, Severity, Spec, Trigger, Undo, Wrong,
};

use super::{LaunchConfiguration, launch::Mended};

/// See the [module](self).
#[derive(Debug)]
pub struct LimitHops;

impl Remediation for LimitHops {
    type Facet = LaunchConfiguration;

    const SPEC: Spec = Spec {
        id: "edge/limit_hops",
        title: "Tell of a launch configuration whose metadata goes further than one hop",
        triggers: &[
            Trigger::control("AutoScaling.4"),
            Trigger::config_rule("AUTOSCALING_LAUNCH_CONFIG_HOP_LIMIT"),
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
        if launch.hops.is_none_or(|hops| hops <= 1) {
            return Plan::none();
        }
        let groups: Vec<&str> = groups.iter().map(String::as_str).collect();
        Plan::by_hand(
            "metadata goes further than one hop (containers may need two)",
            "launch configurations cannot be changed; a launch template can say it, and takes effect with the next instances",
            launch.commands(
                &case.signal.place,
                &groups,
                Mended { hops: true, ..Mended::default() },
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
    fn a_person_is_told_of_more_than_one_hop() {
        for (launch, commands) in [
            (Launch { hops: Some(2), ..Launch::default() }, 4),
            (Launch { hops: Some(1), ..Launch::default() }, 0),
            (Launch::default(), 0),
        ] {
            let groups = vec!["blue".into(), "green".into()];
            let configuration =
                LaunchConfiguration { launch, groups, ..LaunchConfiguration::default() };
            check(&LimitHops, &configuration, &signal(WEB), &[]);
            let plan = LimitHops.plan(&configuration, &Case { signal: &signal(WEB), now: now() });
            assert_eq!(plan.by_hand.len(), commands);
            assert!(
                commands == 0 || plan.by_hand[0].contains("HttpPutResponseHopLimit:`1`"),
                "{:?}",
                plan.by_hand
            );
        }
    }
}
