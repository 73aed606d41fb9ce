//! Lets a subnet give no public address to what is launched in it, unless whoever launches it asks for one.
//!
//! What runs there keeps its addresses. A subnet that knows nothing but IPv6 keeps giving those: without, nothing
//! in it could be reached at all, and AWS does not allow it.

use remedy::{Case, Plan, Remediation, Risk, Settings, Severity, Spec, Swap, Trigger, Undo, Wrong};

use super::{Subnet, SubnetSetting};

/// See the [module](self).
#[derive(Debug)]
pub struct LaunchWithoutPublicAddresses;

impl Remediation for LaunchWithoutPublicAddresses {
    type Facet = Subnet;

    const SPEC: Spec = Spec {
        id: "ec2/launch_without_public_addresses",
        title: "Stop a subnet from giving public addresses to what is launched in it",
        triggers: &[
            Trigger::control("EC2.15"),
            Trigger::config_rule("SUBNET_AUTO_ASSIGN_PUBLIC_IP_DISABLED"),
        ],
        severity: Severity::Medium,
        risk: Risk::MayInterrupt,
        parameters: &[],
        undo: Undo::Yes,
        care: "What runs in the subnet keeps its addresses, and a subnet that is shared with the account is left to its owner.",
        since: "0.4.0",
    };

    fn configured(_: &Settings) -> Result<Self, Wrong> {
        Ok(Self)
    }

    fn plan(&self, subnet: &Subnet, _: &Case<'_>) -> Plan<Swap<SubnetSetting>> {
        let v4 =
            Swap::of(SubnetSetting::PublicV4(subnet.public_v4), SubnetSetting::PublicV4(false));
        let v6 = Swap::of(SubnetSetting::GivesV6(subnet.gives_v6), SubnetSetting::GivesV6(false));
        v4.into_iter().chain(v6.filter(|_| !subnet.only_v6)).collect()
    }
}

#[cfg(test)]
mod tests {
    use remedy::check::{check, signal};

    use super::*;

    #[test]
    fn a_subnet_gives_no_public_addresses_any_more() {
        let v4 =
            "set public IPv4 addresses at launch off (it is public IPv4 addresses at launch on)";
        let v6 = "set IPv6 addresses at launch off (it is IPv6 addresses at launch on)";
        let cases: &[(bool, bool, bool, &[&str])] = &[
            (true, false, false, &[v4]),
            (true, true, false, &[v4, v6]),
            (false, true, false, &[v6]),
            (false, false, false, &[]),
            (false, true, true, &[]),
        ];
        for (public_v4, gives_v6, only_v6, expected) in cases.iter().copied() {
            let subnet = Subnet { public_v4, gives_v6, only_v6, ..Subnet::default() };
            check(&LaunchWithoutPublicAddresses, &subnet, &signal("subnet-1"), expected);
        }
    }
}
