//! Tells a person of an Auto Scaling group that is in too few Availability Zones.
//!
//! Which subnets it may be in is for people to say.

use remedy::{
    Case, Id as _, Plan, Remediation, Risk, Settings, Severity, Spec, Swap, Trigger, Undo, Wrong,
    quoted,
};

use super::{AutoScalingGroup, AutoScalingGroupId, AutoScalingGroupSetting, zones_wanted};

/// See the [module](self).
#[derive(Debug)]
pub struct SpreadGroup;

impl Remediation for SpreadGroup {
    type Facet = AutoScalingGroup;

    const SPEC: Spec = Spec {
        id: "edge/spread_group",
        title: "Tell of an Auto Scaling group in too few Availability Zones",
        triggers: &[
            Trigger::control("AutoScaling.2"),
            Trigger::config_rule("AUTOSCALING_MULTIPLE_AZ"),
        ],
        severity: Severity::Medium,
        risk: Risk::Safe,
        parameters: &[],
        undo: Undo::Nothing,
        care: "The zones that it may be in now are counted, against the control's own parameter.",
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
        let wanted = zones_wanted(case);
        if group.zones.len() >= wanted {
            return Plan::none();
        }
        let command = AutoScalingGroupId::locate(&case.signal.resource).map(|id| {
            format!(
                "aws autoscaling update-auto-scaling-group --region {} --auto-scaling-group-name {} \
                 --vpc-zone-identifier SUBNET_OF_EACH_ZONE,SUBNET_OF_EACH_ZONE",
                case.signal.place.region,
                quoted(&id.name)
            )
        });
        let zones: Vec<&str> = group.zones.iter().map(String::as_str).collect();
        Plan::by_hand(
            format!(
                "it is in {} of at least {wanted} Availability Zones: {}",
                zones.len(),
                zones.join(", ")
            ),
            "people know which subnets it may be in; name the present ones, too: the list replaces them",
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
    fn a_person_is_told_of_a_group_in_one_zone() {
        for (zones, told) in [(&["a"][..], 1), (&["a", "b"], 0)] {
            let zones = zones.iter().map(|zone| (*zone).into()).collect();
            let group = AutoScalingGroup { zones, ..AutoScalingGroup::default() };
            check(&SpreadGroup, &group, &signal(WEB), &[]);
            let plan = SpreadGroup.plan(&group, &Case { signal: &signal(WEB), now: now() });
            assert_eq!((plan.left.len(), plan.by_hand.len()), (told, told));
        }
    }
}
