//! Tells a person of an Application Load Balancer that no web ACL stands before.
//!
//! Which rules its callers can live with is for people to say.

use remedy::{
    Case, Id as _, Plan, Remediation, Risk, Settings, Severity, Spec, Swap, Trigger, Undo, Wrong,
};

use super::{Kind, LoadBalancer, LoadBalancerId, LoadBalancerSetting};

/// See the [module](self).
#[derive(Debug)]
pub struct AssociateBalancerAcl;

impl Remediation for AssociateBalancerAcl {
    type Facet = LoadBalancer;

    const SPEC: Spec = Spec {
        id: "edge/associate_balancer_acl",
        title: "Tell of an Application Load Balancer without a web ACL",
        triggers: &[Trigger::control("ELB.16"), Trigger::config_rule("ALB_WAF_ENABLED")],
        severity: Severity::Medium,
        risk: Risk::Safe,
        parameters: &[],
        undo: Undo::Nothing,
        care: "No web ACL is chosen or made: one that does not fit shuts callers out.",
        since: "0.4.0",
    };

    fn configured(_: &Settings) -> Result<Self, Wrong> {
        Ok(Self)
    }

    fn plan(&self, balancer: &LoadBalancer, case: &Case<'_>) -> Plan<Swap<LoadBalancerSetting>> {
        let id = LoadBalancerId::locate(&case.signal.resource);
        let Some(id) = id.filter(|_| balancer.kind == Kind::Application) else {
            return Plan::none();
        };
        let (region, arn) = (&case.signal.place.region, id.arn(&case.signal.place));
        Plan::by_hand(
            "no web ACL is reported before it",
            "people know which rules its callers can live with; look whether it has one by now first",
            [
                format!(
                    "aws wafv2 get-web-acl-for-resource --region {region} --resource-arn {arn}"
                ),
                format!("aws wafv2 list-web-acls --region {region} --scope REGIONAL"),
                format!(
                    "aws wafv2 associate-web-acl --region {region} --web-acl-arn WEB_ACL_ARN --resource-arn {arn}"
                ),
            ],
        )
    }
}

#[cfg(test)]
mod tests {
    use remedy::check::{check, now, signal};

    use super::*;

    #[test]
    fn a_person_is_told_of_application_load_balancers_only() {
        for (kind, path, commands) in
            [(Kind::Application, "app/web/1", 3), (Kind::Network, "net/web/1", 0)]
        {
            let arn =
                format!("arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/{path}");
            let (signal, balancer) =
                (signal(&arn), LoadBalancer { kind, ..LoadBalancer::default() });
            check(&AssociateBalancerAcl, &balancer, &signal, &[]);
            let plan = AssociateBalancerAcl.plan(&balancer, &Case { signal: &signal, now: now() });
            assert_eq!(plan.by_hand.len(), commands);
        }
    }
}
