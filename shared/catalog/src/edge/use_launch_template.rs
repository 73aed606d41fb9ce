//! Tells a person of an Auto Scaling group that uses a launch configuration, and how to go over to a launch
//! template that says the same.

use remedy::{
    Case, Id as _, Plan, Remediation, Risk, Settings, Severity, Spec, Swap, Trigger, Undo, Wrong,
};

use super::{AutoScalingGroup, AutoScalingGroupId, AutoScalingGroupSetting, launch::Mended};

/// See the [module](self).
#[derive(Debug)]
pub struct UseLaunchTemplate;

impl Remediation for UseLaunchTemplate {
    type Facet = AutoScalingGroup;

    const SPEC: Spec = Spec {
        id: "edge/use_launch_template",
        title: "Tell of an Auto Scaling group that uses a launch configuration",
        triggers: &[
            Trigger::control("AutoScaling.9"),
            Trigger::config_rule("AUTOSCALING_LAUNCH_TEMPLATE"),
        ],
        severity: Severity::Medium,
        risk: Risk::Safe,
        parameters: &[],
        undo: Undo::Nothing,
        care: "The commands make a launch template that says the same; user data is copied and never shown.",
        since: "0.4.0",
    };

    fn configured(_: &Settings) -> Result<Self, Wrong> {
        Ok(Self)
    }

    fn plan(
        &self,
        group: &AutoScalingGroup,
        case: &Case<'_>,
    ) -> Plan<Swap<AutoScalingGroupSetting>> {
        let id = AutoScalingGroupId::locate(&case.signal.resource);
        let (Some(launch), Some(id)) = (&group.launch, id) else { return Plan::none() };
        Plan::by_hand(
            format!("it uses launch configuration {}", launch.name),
            "its instances follow from what a person puts into the launch template",
            launch.commands(&case.signal.place, &[&id.name], Mended::default()),
        )
    }
}

#[cfg(test)]
mod tests {
    use remedy::check::{check, now, signal};

    use super::*;
    use crate::edge::Launch;

    const WEB: &str =
        "arn:aws:autoscaling:eu-west-1:111122223333:autoScalingGroup:0-a:autoScalingGroupName/web";

    #[test]
    fn a_person_is_told_of_a_launch_configuration_only() {
        for (launch, commands) in
            [(Some(Launch { name: "v1".into(), ..Launch::default() }), 3), (None, 0)]
        {
            let group = AutoScalingGroup { launch, ..AutoScalingGroup::default() };
            check(&UseLaunchTemplate, &group, &signal(WEB), &[]);
            let plan = UseLaunchTemplate.plan(&group, &Case { signal: &signal(WEB), now: now() });
            assert_eq!(plan.by_hand.len(), commands);
        }
    }
}
