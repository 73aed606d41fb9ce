//! Lets VPCs of other accounts be attached to a transit gateway only after somebody accepts them.
//!
//! What is attached stays attached.

use remedy::{Case, Plan, Remediation, Risk, Settings, Severity, Spec, Swap, Trigger, Undo, Wrong};

use super::{TransitGateway, TransitGatewaySetting};

/// See the [module](self).
#[derive(Debug)]
pub struct AskBeforeAttaching;

impl Remediation for AskBeforeAttaching {
    type Facet = TransitGateway;

    const SPEC: Spec = Spec {
        id: "ec2/ask_before_attaching",
        title: "Stop a transit gateway from accepting attachments by itself",
        triggers: &[
            Trigger::control("EC2.23"),
            Trigger::config_rule("EC2_TRANSIT_GATEWAY_AUTO_VPC_ATTACH_DISABLED"),
        ],
        severity: Severity::High,
        risk: Risk::Safe,
        parameters: &[],
        undo: Undo::Yes,
        care: "Only this option changes: attachments that are there, routes and DNS stay as they are.",
        since: "0.4.0",
    };

    fn configured(_: &Settings) -> Result<Self, Wrong> {
        Ok(Self)
    }

    fn plan(&self, gateway: &TransitGateway, _: &Case<'_>) -> Plan<Swap<TransitGatewaySetting>> {
        let is = TransitGatewaySetting::AcceptsAnybody(gateway.accepts_anybody);
        Swap::of(is, TransitGatewaySetting::AcceptsAnybody(false)).into_iter().collect()
    }
}

#[cfg(test)]
mod tests {
    use remedy::check::{check, signal};

    use super::*;

    #[test]
    fn a_gateway_asks_from_now_on() {
        let expected = ["set acceptance of shared attachments manual (it is acceptance of shared \
             attachments automatic)"];
        let gateway =
            |accepts_anybody| TransitGateway { accepts_anybody, ..TransitGateway::default() };
        let arn = signal("arn:aws:ec2:eu-west-1:111122223333:transit-gateway/tgw-1");
        check(&AskBeforeAttaching, &gateway(true), &arn, &expected);
        check(&AskBeforeAttaching, &gateway(false), &arn, &[]);
    }
}
