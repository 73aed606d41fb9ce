//! Tells a person of an Auto Scaling group that knows one type of instance, or one Availability Zone.
//!
//! Which other types its software runs on is for people to say.

use remedy::{
    Case, Id as _, Plan, Remediation, Risk, Settings, Severity, Spec, Swap, Trigger, Undo, Wrong,
    quoted,
};

use super::{AutoScalingGroup, AutoScalingGroupId, AutoScalingGroupSetting};

/// See the [module](self).
#[derive(Debug)]
pub struct VaryInstances;

impl Remediation for VaryInstances {
    type Facet = AutoScalingGroup;

    const SPEC: Spec = Spec {
        id: "edge/vary_instances",
        title: "Tell of an Auto Scaling group with one type of instance or one Availability Zone",
        triggers: &[
            Trigger::control("AutoScaling.6"),
            Trigger::config_rule("AUTOSCALING_MULTIPLE_INSTANCE_TYPES"),
        ],
        severity: Severity::Medium,
        risk: Risk::Safe,
        parameters: &[],
        undo: Undo::Nothing,
        care: "No type of instance is chosen: it may not run what the group runs.",
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
        let (types, zones) = (group.types, group.zones.len());
        if types > 1 && zones > 1 {
            return Plan::none();
        }
        let command = AutoScalingGroupId::locate(&case.signal.resource).map(|id| {
            format!(
                "aws autoscaling update-auto-scaling-group --region {} --auto-scaling-group-name {} \
                 --mixed-instances-policy {}",
                case.signal.place.region,
                quoted(&id.name),
                quoted(
                    r#"{"LaunchTemplate":{"LaunchTemplateSpecification":{"LaunchTemplateName":"TEMPLATE","Version":"$Latest"},"Overrides":[{"InstanceType":"TYPE"},{"InstanceType":"OTHER_TYPE"}]}}"#
                )
            )
        });
        Plan::by_hand(
            format!("it may launch {types} type(s) of instance in {zones} Availability Zone(s)"),
            "people know which other types its software runs on; one that is scarce can then stand in for another",
            command,
        )
    }
}

#[cfg(test)]
mod tests {
    use remedy::check::{check, now, signal};

    use super::*;

    const WEB: &str =
        "arn:aws:autoscaling:eu-west-1:111122223333:autoScalingGroup:0-a:autoScalingGroupName/web";

    #[test]
    fn a_person_is_told_where_there_is_one_of_either() {
        for (types, zones, told) in [(1, &["a", "b"][..], 1), (2, &["a"], 1), (2, &["a", "b"], 0)] {
            let zones = zones.iter().map(|zone| (*zone).into()).collect();
            let group = AutoScalingGroup { zones, types, ..AutoScalingGroup::default() };
            check(&VaryInstances, &group, &signal(WEB), &[]);
            let plan = VaryInstances.plan(&group, &Case { signal: &signal(WEB), now: now() });
            assert_eq!((plan.left.len(), plan.by_hand.len()), (told, told));
        }
    }
}
