//! Blocks what comes in through the internet gateways of an account, once a person agrees: everything that is
//! meant to be reached from the internet would be cut off, unless it is excluded first.
//!
//! What is blocked more strictly stays so, and what the organization declares is left to it.

use remedy::{
    Case, Plan, Remediation, Risk, Settings, Severity, Signal, Spec, Swap, Trigger, Undo, Wrong,
};

use super::{GatewayMode, VpcExposure, VpcExposureSetting, some_of};

/// See the [module](self).
#[derive(Debug)]
pub struct BlockInternetGateways;

impl Remediation for BlockInternetGateways {
    type Facet = VpcExposure;

    const SPEC: Spec = Spec {
        id: "ec2/block_internet_gateways",
        title: "Block internet gateways from letting traffic in to the account's VPCs",
        triggers: &[Trigger::control("EC2.172")],
        severity: Severity::Medium,
        risk: Risk::Interrupts,
        parameters: &[],
        undo: Undo::Yes,
        care: "Never without a person, who is told which VPCs have an internet gateway and would need an exclusion. The mode that Security Hub passes is honoured.",
        since: "0.4.0",
    };

    fn configured(_: &Settings) -> Result<Self, Wrong> {
        Ok(Self)
    }

    fn plan(&self, exposure: &VpcExposure, case: &Case<'_>) -> Plan<Swap<VpcExposureSetting>> {
        let mode = wanted(case.signal).max(exposure.mode);
        let is = VpcExposureSetting::Mode(exposure.mode);
        let Some(change) = Swap::of(is, VpcExposureSetting::Mode(mode)) else {
            return Plan::none();
        };
        if exposure.is_declared {
            let what = format!("the block of internet gateways is {}", exposure.mode.name());
            return Plan::by_hand(what, DECLARED, []);
        }
        [change].into_iter().collect::<Plan<_>>().asking(why(&exposure.vpcs))
    }
}

const DECLARED: &str = "a declarative policy of the organization decides it, and no account can change it; \
     change the policy in the management account";

/// The mode that the control wants, as Security Hub passes it.
fn wanted(signal: &Signal) -> GatewayMode {
    let name = |key: &str| key.eq_ignore_ascii_case("vpcBpaInternetGatewayBlockMode");
    let given = signal.parameters.iter().find(|(key, _)| name(key));
    let given = given.and_then(|(_, values)| values.first());
    given.and_then(|given| GatewayMode::named(given.trim())).unwrap_or(GatewayMode::OutOnly)
}

fn why(vpcs: &[String]) -> String {
    let cut_off = "what the internet should reach needs an exclusion first \
         (aws ec2 create-vpc-block-public-access-exclusion)";
    match vpcs {
        [] => format!(
            "no VPC has an internet gateway now, but none could use one any more; {cut_off}"
        ),
        vpcs => format!(
            "traffic through the internet gateways of {} would stop; {cut_off}",
            some_of(vpcs)
        ),
    }
}

#[cfg(test)]
mod tests {
    use remedy::check::{check, now, signal};

    use super::*;

    fn exposure(mode: GatewayMode) -> VpcExposure {
        VpcExposure { mode, vpcs: vec!["vpc-1".into()], is_declared: false }
    }

    fn given(value: &str) -> Signal {
        let parameters = [("vpcBpaInternetGatewayBlockMode".into(), vec![value.into()])].into();
        Signal { parameters, ..signal("111122223333") }
    }

    #[test]
    fn ingress_is_blocked_unless_the_control_wants_more_and_nothing_is_loosened() {
        let line = |to: &str, from: &str| {
            format!("set block of internet gateways {to} (it is block of internet gateways {from})")
        };
        for (signal, mode, expected) in [
            (signal("111122223333"), GatewayMode::Open, Some(line("block-ingress", "off"))),
            (given("what?"), GatewayMode::Open, Some(line("block-ingress", "off"))),
            (
                given("block-bidirectional"),
                GatewayMode::Open,
                Some(line("block-bidirectional", "off")),
            ),
            (
                given("block-bidirectional"),
                GatewayMode::OutOnly,
                Some(line("block-bidirectional", "block-ingress")),
            ),
            (given("block-ingress"), GatewayMode::Shut, None),
            (signal("111122223333"), GatewayMode::OutOnly, None),
        ] {
            let expected: Vec<_> = expected.iter().map(String::as_str).collect();
            check(&BlockInternetGateways, &exposure(mode), &signal, &expected);
        }
    }

    #[test]
    fn a_person_is_always_asked_and_told_whom_it_concerns() {
        let signal = signal("AWS::::Account:111122223333");
        let case = Case { signal: &signal, now: now() };
        let ask = BlockInternetGateways.plan(&exposure(GatewayMode::Open), &case).ask.unwrap();
        assert!(
            ask.starts_with("traffic through the internet gateways of vpc-1 would stop; "),
            "{ask}"
        );
        let none = VpcExposure::default();
        assert!(BlockInternetGateways.plan(&none, &case).ask.unwrap().starts_with("no VPC has"));
        let declared = VpcExposure { is_declared: true, ..none };
        let plan = BlockInternetGateways.plan(&declared, &case);
        assert_eq!((plan.changes.len(), plan.left.len()), (0, 1));
    }
}
