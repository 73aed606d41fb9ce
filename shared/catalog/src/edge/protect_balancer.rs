//! Keeps a load balancer of any kind from being deleted by mistake.

use remedy::{Case, Plan, Remediation, Risk, Settings, Severity, Spec, Swap, Trigger, Undo, Wrong};

use super::{LoadBalancer, LoadBalancerSetting};

/// See the [module](self).
#[derive(Debug)]
pub struct ProtectBalancer;

impl Remediation for ProtectBalancer {
    type Facet = LoadBalancer;

    const SPEC: Spec = Spec {
        id: "edge/protect_balancer",
        title: "Turn on deletion protection of a load balancer",
        triggers: &[
            Trigger::control("ELB.6"),
            Trigger::config_rule("ELB_DELETION_PROTECTION_ENABLED"),
        ],
        severity: Severity::Medium,
        risk: Risk::Safe,
        parameters: &[],
        undo: Undo::Yes,
        care: "Only this attribute is set. One that Kubernetes or a stack made is held: deleting it there would fail.",
        since: "0.4.0",
    };

    fn configured(_: &Settings) -> Result<Self, Wrong> {
        Ok(Self)
    }

    fn plan(&self, balancer: &LoadBalancer, _: &Case<'_>) -> Plan<Swap<LoadBalancerSetting>> {
        let is = LoadBalancerSetting::DeletionProtection(balancer.deletion_protection);
        Swap::of(is, LoadBalancerSetting::DeletionProtection(true)).into_iter().collect()
    }
}

#[cfg(test)]
mod tests {
    use remedy::check::{check, signal};

    use super::*;
    use crate::edge::Kind;

    const WEB: &str = "arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/net/web/1";

    #[test]
    fn every_kind_is_protected_once() {
        for kind in [Kind::Application, Kind::Network, Kind::Gateway] {
            let open = LoadBalancer { kind, ..LoadBalancer::default() };
            let expected = ["set deletion protection on (it is deletion protection off)"];
            check(&ProtectBalancer, &open, &signal(WEB), &expected);
            let shut = LoadBalancer { deletion_protection: true, ..open };
            check(&ProtectBalancer, &shut, &signal(WEB), &[]);
        }
    }
}
