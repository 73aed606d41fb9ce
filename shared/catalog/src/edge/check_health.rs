//! Lets an Auto Scaling group that a load balancer sends requests replace what the load balancer finds
//! unhealthy.
//!
//! Other checks and the grace period stay. Where instances would be replaced at once, or their health
//! cannot be seen from here, a person is asked.

use remedy::{Case, Plan, Remediation, Risk, Settings, Severity, Spec, Swap, Trigger, Undo, Wrong};

use super::{AutoScalingGroup, AutoScalingGroupSetting};

/// See the [module](self).
#[derive(Debug)]
pub struct CheckHealth;

impl Remediation for CheckHealth {
    type Facet = AutoScalingGroup;

    const SPEC: Spec = Spec {
        id: "edge/check_health",
        title: "Use the health check of the load balancer in an Auto Scaling group",
        triggers: &[
            Trigger::control("AutoScaling.1"),
            Trigger::config_rule("AUTOSCALING_GROUP_ELB_HEALTHCHECK_REQUIRED"),
        ],
        severity: Severity::Low,
        risk: Risk::MayInterrupt,
        parameters: &[],
        undo: Undo::Yes,
        care: "Other checks and the grace period stay, and a person is asked where instances fail the check now and would be replaced.",
        since: "0.4.0",
    };

    fn configured(_: &Settings) -> Result<Self, Wrong> {
        Ok(Self)
    }

    fn plan(&self, group: &AutoScalingGroup, _: &Case<'_>) -> Plan<Swap<AutoScalingGroupSetting>> {
        if !group.balanced {
            return Plan::none();
        }
        let mut checks = group.checks.clone();
        checks.insert("ELB".into());
        let is = AutoScalingGroupSetting::Checks(group.checks.clone());
        let change = Swap::of(is, AutoScalingGroupSetting::Checks(checks));
        let plan: Plan<_> = change.into_iter().collect();
        if !group.failing.is_empty() {
            let failing =
                group.failing.iter().take(5).map(String::as_str).collect::<Vec<_>>().join(", ");
            return plan.asking(format!(
                "{} of its instances fail the check of the load balancer now and would be replaced: {failing}",
                group.failing.len()
            ));
        }
        if group.classic {
            return plan.asking(
                "what a Classic Load Balancer finds unhealthy now would be replaced at once",
            );
        }
        plan
    }
}

#[cfg(test)]
mod tests {
    use remedy::check::{check, now, signal};

    use super::*;

    const WEB: &str =
        "arn:aws:autoscaling:eu-west-1:111122223333:autoScalingGroup:0-a:autoScalingGroupName/web";

    fn group(checks: &[&str]) -> AutoScalingGroup {
        let checks = checks.iter().map(|check| (*check).into()).collect();
        AutoScalingGroup { checks, balanced: true, ..AutoScalingGroup::default() }
    }

    fn asks(group: &AutoScalingGroup) -> Option<String> {
        CheckHealth.plan(group, &Case { signal: &signal(WEB), now: now() }).ask
    }

    #[test]
    fn the_check_of_the_load_balancer_is_added_to_those_there_are() {
        for (is, expected) in [
            (&[][..], &["set health checks ELB (it is health checks EC2)"][..]),
            (&["EBS"], &["set health checks EBS,ELB (it is health checks EBS)"]),
            (&["ELB"], &[]),
            (&["ELB", "VPC_LATTICE"], &[]),
        ] {
            check(&CheckHealth, &group(is), &signal(WEB), expected);
            assert_eq!(asks(&group(is)), None);
        }
    }

    #[test]
    fn a_group_without_a_load_balancer_is_left_alone() {
        let alone = AutoScalingGroup { balanced: false, ..group(&[]) };
        check(&CheckHealth, &alone, &signal(WEB), &[]);
    }

    #[test]
    fn a_person_is_asked_where_instances_may_be_replaced() {
        let failing = AutoScalingGroup { failing: vec!["i-1".into()], ..group(&[]) };
        let why =
            "1 of its instances fail the check of the load balancer now and would be replaced: i-1";
        assert_eq!(asks(&failing).as_deref(), Some(why));
        assert!(asks(&AutoScalingGroup { classic: true, ..group(&[]) }).is_some());
    }
}
