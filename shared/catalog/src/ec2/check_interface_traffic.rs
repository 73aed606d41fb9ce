//! Lets a network interface take and send only what is for or from itself, once a person agrees: what routes for
//! others, such as a NAT instance or a firewall, would stop to.

use remedy::{Case, Plan, Remediation, Risk, Settings, Severity, Spec, Swap, Trigger, Undo, Wrong};

use super::{NetworkInterface, NetworkInterfaceSetting};

/// See the [module](self).
#[derive(Debug)]
pub struct CheckInterfaceTraffic;

impl Remediation for CheckInterfaceTraffic {
    type Facet = NetworkInterface;

    const SPEC: Spec = Spec {
        id: "ec2/check_interface_traffic",
        title: "Turn on source/destination checking of a network interface",
        triggers: &[
            Trigger::control("EC2.180"),
            Trigger::config_rule("EC2_ENIS_SOURCE_DESTINATION_CHECK_ENABLED"),
        ],
        severity: Severity::Medium,
        risk: Risk::Interrupts,
        parameters: &[],
        undo: Undo::Yes,
        care: "Never without a person, as NAT instances, firewalls and container networks need it off. What a service made for itself is left to it.",
        since: "0.4.0",
    };

    fn configured(_: &Settings) -> Result<Self, Wrong> {
        Ok(Self)
    }

    fn plan(
        &self,
        interface: &NetworkInterface,
        _: &Case<'_>,
    ) -> Plan<Swap<NetworkInterfaceSetting>> {
        if interface.is_services {
            return Plan::none();
        }
        let is = NetworkInterfaceSetting::Checks(interface.checks);
        let change = Swap::of(is, NetworkInterfaceSetting::Checks(true));
        let of = interface.instance.as_ref().map_or_else(String::new, |id| format!(" of {id}"));
        let why = format!(
            "if the interface{of} routes for others, as a NAT instance, a firewall or a container network does, \
             they are cut off"
        );
        change.into_iter().collect::<Plan<_>>().asking(why)
    }
}

#[cfg(test)]
mod tests {
    use remedy::check::{check, now, signal};

    use super::*;

    #[test]
    fn checking_is_turned_on_once_a_person_agrees() {
        let signal = signal("eni-1");
        let off = NetworkInterface { instance: Some("i-1".into()), ..NetworkInterface::default() };
        let expected =
            ["set source/destination checking on (it is source/destination checking off)"];
        check(&CheckInterfaceTraffic, &off, &signal, &expected);
        let plan = CheckInterfaceTraffic.plan(&off, &Case { signal: &signal, now: now() });
        assert!(plan.ask.unwrap().starts_with("if the interface of i-1 routes for others"));
        for right in [
            NetworkInterface { checks: true, ..off.clone() },
            NetworkInterface { is_services: true, ..off },
        ] {
            check(&CheckInterfaceTraffic, &right, &signal, &[]);
        }
    }
}
