//! Lets an Application Load Balancer drop header fields that are not valid, which servers may take for
//! something else.
//!
//! Other kinds of load balancer are left alone: they look at no headers.

use remedy::{Case, Plan, Remediation, Risk, Settings, Severity, Spec, Swap, Trigger, Undo, Wrong};

use super::{LoadBalancer, LoadBalancerSetting};

/// See the [module](self).
#[derive(Debug)]
pub struct DropInvalidHeaders;

impl Remediation for DropInvalidHeaders {
    type Facet = LoadBalancer;

    const SPEC: Spec = Spec {
        id: "edge/drop_invalid_headers",
        title: "Let an Application Load Balancer drop invalid header fields",
        triggers: &[
            Trigger::control("ELB.4"),
            Trigger::config_rule("ALB_HTTP_DROP_INVALID_HEADER_ENABLED"),
        ],
        severity: Severity::Medium,
        risk: Risk::MayInterrupt,
        parameters: &[],
        undo: Undo::Yes,
        care: "Only this attribute is set; load balancers that look at no headers are left alone.",
        since: "0.4.0",
    };

    fn configured(_: &Settings) -> Result<Self, Wrong> {
        Ok(Self)
    }

    fn plan(&self, balancer: &LoadBalancer, _: &Case<'_>) -> Plan<Swap<LoadBalancerSetting>> {
        let Some(is) = balancer.drops_invalid_headers else { return Plan::none() };
        let to = LoadBalancerSetting::DropInvalidHeaders(true);
        Swap::of(LoadBalancerSetting::DropInvalidHeaders(is), to).into_iter().collect()
    }
}

#[cfg(test)]
mod tests {
    use remedy::check::{check, signal};

    use super::*;

    const WEB: &str = "arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/app/web/1";

    #[test]
    fn invalid_headers_are_dropped_where_headers_are_looked_at() {
        for (drops_invalid_headers, expected) in [
            (
                Some(false),
                &[
                    "set dropping of invalid header fields on (it is dropping of invalid header fields off)",
                ][..],
            ),
            (Some(true), &[]),
            (None, &[]),
        ] {
            let balancer = LoadBalancer { drops_invalid_headers, ..LoadBalancer::default() };
            check(&DropInvalidHeaders, &balancer, &signal(WEB), expected);
        }
    }
}
