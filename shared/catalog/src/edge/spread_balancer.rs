//! Tells a person of a load balancer that is in too few Availability Zones.
//!
//! Which subnets it may be in is for people to say, and where its targets are.

use remedy::{
    Case, Id as _, Plan, Remediation, Risk, Settings, Severity, Spec, Swap, Trigger, Undo, Wrong,
};

use super::{LoadBalancer, LoadBalancerId, LoadBalancerSetting, zones_wanted};

/// See the [module](self).
#[derive(Debug)]
pub struct SpreadBalancer;

impl Remediation for SpreadBalancer {
    type Facet = LoadBalancer;

    const SPEC: Spec = Spec {
        id: "edge/spread_balancer",
        title: "Tell of a load balancer in too few Availability Zones",
        triggers: &[Trigger::control("ELB.13"), Trigger::config_rule("ELBV2_MULTIPLE_AZ")],
        severity: Severity::Medium,
        risk: Risk::Safe,
        parameters: &[],
        undo: Undo::Nothing,
        care: "The zones that it is in now are counted, against the control's own parameter.",
        since: "0.4.0",
    };

    fn configured(_: &Settings) -> Result<Self, Wrong> {
        Ok(Self)
    }

    fn plan(&self, balancer: &LoadBalancer, case: &Case<'_>) -> Plan<Swap<LoadBalancerSetting>> {
        let wanted = zones_wanted(case);
        if balancer.zones.len() >= wanted {
            return Plan::none();
        }
        let place = &case.signal.place;
        let command = LoadBalancerId::locate(&case.signal.resource).map(|id| {
            format!(
                "aws elbv2 set-subnets --region {} --load-balancer-arn {} --subnets SUBNET_OF_EACH_ZONE",
                place.region,
                id.arn(place)
            )
        });
        let zones: Vec<&str> = balancer.zones.iter().map(String::as_str).collect();
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
    use remedy::{
        Signal,
        check::{check, now, signal},
    };

    use super::*;

    const WEB: &str = "arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/app/web/1";

    #[test]
    fn zones_are_counted_against_what_the_control_asks() {
        let balancer = |zones: &[&str]| LoadBalancer {
            zones: zones.iter().map(|zone| (*zone).into()).collect(),
            ..LoadBalancer::default()
        };
        let asked = |least: &str| Signal {
            parameters: [("minAvailabilityZones".into(), vec![least.into()])].into(),
            ..signal(WEB)
        };
        for (zones, signal, left) in [
            (&["a"][..], signal(WEB), 1),
            (&["a", "b"], signal(WEB), 0),
            (&["a", "b"], asked("3"), 1),
            (&["a", "b"], asked("what?"), 0),
            (&["a", "b"], asked("99"), 0),
        ] {
            let balancer = balancer(zones);
            check(&SpreadBalancer, &balancer, &signal, &[]);
            let plan = SpreadBalancer.plan(&balancer, &Case { signal: &signal, now: now() });
            assert_eq!((plan.left.len(), plan.by_hand.len()), (left, left), "{zones:?}");
        }
    }
}
