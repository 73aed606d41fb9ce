//! Lets an Application Load Balancer refuse requests that servers are known to understand differently.
//!
//! One that is stricter already stays so.

use remedy::{Case, Plan, Remediation, Risk, Settings, Severity, Spec, Swap, Trigger, Undo, Wrong};

use super::{Desync, LoadBalancer, LoadBalancerSetting};

/// See the [module](self).
#[derive(Debug)]
pub struct MitigateDesync;

impl Remediation for MitigateDesync {
    type Facet = LoadBalancer;

    const SPEC: Spec = Spec {
        id: "edge/mitigate_desync",
        title: "Turn on desync mitigation of an Application Load Balancer",
        triggers: &[Trigger::control("ELB.12"), Trigger::config_rule("ALB_DESYNC_MODE_CHECK")],
        severity: Severity::Medium,
        risk: Risk::MayInterrupt,
        parameters: &[],
        undo: Undo::Yes,
        care: "It is set to AWS's own default, defensive; one that is at strictest stays there.",
        since: "0.4.0",
    };

    fn configured(_: &Settings) -> Result<Self, Wrong> {
        Ok(Self)
    }

    fn plan(&self, balancer: &LoadBalancer, _: &Case<'_>) -> Plan<Swap<LoadBalancerSetting>> {
        match balancer.desync {
            None | Some(Desync::Defensive | Desync::Strictest) => Plan::none(),
            Some(Desync::Monitor) => {
                let to = LoadBalancerSetting::Desync(Desync::Defensive);
                Swap::of(LoadBalancerSetting::Desync(Desync::Monitor), to).into_iter().collect()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use remedy::check::{check, signal};

    use super::*;

    const WEB: &str = "arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/app/web/1";

    #[test]
    fn a_mode_that_lets_all_pass_becomes_defensive_and_a_stricter_one_stays() {
        for (desync, expected) in [
            (
                Some(Desync::Monitor),
                &["set desync mitigation defensive (it is desync mitigation monitor)"][..],
            ),
            (Some(Desync::Defensive), &[]),
            (Some(Desync::Strictest), &[]),
            (None, &[]),
        ] {
            let balancer = LoadBalancer { desync, ..LoadBalancer::default() };
            check(&MitigateDesync, &balancer, &signal(WEB), expected);
        }
    }
}
