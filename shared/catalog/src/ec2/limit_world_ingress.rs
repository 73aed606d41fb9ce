//! Leaves the internet only the ports that are meant for it.
//!
//! Which these are is the control's own parameter where Security Hub passes it, else the stack's. A
//! rule that lets more than those through goes whole, unless wide rules are to be split.

use remedy::{
    Case, Parameter, Plan, Remediation, Risk, Settings, Severity, Signal, Spec, Trigger, Undo,
    Wrong,
};

use super::{
    IngressChange, Ports, SecurityGroup,
    wide_rule::{WIDE_RULE, WideRule},
    world::Concern,
};

/// See the [module](self).
#[derive(Debug)]
pub struct LimitWorldIngress {
    wide_rule: WideRule,
    tcp: Ports,
    udp: Ports,
}

const AUTHORIZED_TCP_PORTS: Parameter = Parameter {
    name: "AuthorizedTcpPorts",
    default: "80,443",
    allowed: "ports and ranges of ports, such as 80,443,1024-2048",
    about: "TCP ports that may be open to the world under EC2.18",
};
const AUTHORIZED_UDP_PORTS: Parameter = Parameter {
    name: "AuthorizedUdpPorts",
    default: "",
    allowed: "ports and ranges of ports, such as 443,1024-2048",
    about: "UDP ports that may be open to the world under EC2.18",
};

impl Remediation for LimitWorldIngress {
    type Facet = SecurityGroup;

    const SPEC: Spec = Spec {
        id: "ec2/limit_world_ingress",
        title: "Revoke ingress from anywhere to all but the authorised ports",
        triggers: &[
            Trigger::control("EC2.18"),
            Trigger::config_rule("VPC_SG_OPEN_ONLY_TO_AUTHORIZED_PORTS"),
        ],
        severity: Severity::High,
        risk: Risk::MayInterrupt,
        parameters: &[WIDE_RULE, AUTHORIZED_TCP_PORTS, AUTHORIZED_UDP_PORTS],
        undo: Undo::Yes,
        care: "Ports that are allowed stay open, also within a range where rules are split; the allowed ports that Security Hub passes are honoured, single ports and ranges alike.",
        since: "0.1.0",
    };

    fn configured(settings: &Settings) -> Result<Self, Wrong> {
        Ok(Self {
            wide_rule: WideRule::configured(settings)?,
            tcp: settings.each(&AUTHORIZED_TCP_PORTS, Ports::range)?.into_iter().collect(),
            udp: settings.each(&AUTHORIZED_UDP_PORTS, Ports::range)?.into_iter().collect(),
        })
    }

    fn plan(&self, group: &SecurityGroup, case: &Case<'_>) -> Plan<IngressChange> {
        let others = |name, stack| Ports::all().without(&authorized(case.signal, name, stack));
        let concern = Concern {
            tcp: others("authorizedTcpPorts", &self.tcp),
            udp: others("authorizedUdpPorts", &self.udp),
            v4: true,
            v6: true,
        };
        self.wide_rule.close(group, &concern, case)
    }
}

/// The ports of the control's parameter `name`, if Security Hub passes it and it can be read.
fn authorized(signal: &Signal, name: &str, stack: &Ports) -> Ports {
    let given = signal.parameters.iter().find(|(key, _)| key.eq_ignore_ascii_case(name));
    let ranges = given.and_then(|(_, values)| {
        let items = values.iter().flat_map(|value| value.split(',')).map(str::trim);
        items.filter(|item| !item.is_empty()).map(Ports::range).collect::<Option<Ports>>()
    });
    ranges.unwrap_or_else(|| stack.clone())
}

#[cfg(test)]
mod tests {
    use remedy::check::{check, signal};

    use super::*;

    #[track_caller]
    fn limits(settings: &[(&str, &str)], ingress: &[&str], expected: &[&str]) {
        let remediation =
            LimitWorldIngress::configured(&settings.iter().copied().collect()).unwrap();
        let signal = Signal { trigger: Trigger::control("EC2.18"), ..signal("sg-1") };
        check(&remediation, &SecurityGroup::with(ingress), &signal, expected);
    }

    #[test]
    fn keeps_what_is_authorised_and_what_is_not_the_world() {
        limits(
            &[],
            &[
                "tcp/0-62000 from 10.2.0.0/16",
                "tcp/1234-4321 from 0.0.0.0/0",
                "tcp/443 from 0.0.0.0/0",
                "tcp/80 from 0.0.0.0/0",
                "tcp/8080 from 0.0.0.0/0",
            ],
            &["revoke tcp/1234-4321 from 0.0.0.0/0", "revoke tcp/8080 from 0.0.0.0/0"],
        );
    }

    #[test]
    fn tcp_and_udp_are_authorised_each_for_themselves() {
        limits(
            &[("AUTHORIZED_UDP_PORTS", "80,443")],
            &[
                "tcp/123 from 0.0.0.0/0",
                "tcp/443 from 0.0.0.0/0",
                "udp/123 from 0.0.0.0/0",
                "udp/443 from 0.0.0.0/0",
            ],
            &["revoke tcp/123 from 0.0.0.0/0", "revoke udp/123 from 0.0.0.0/0"],
        );
        limits(&[], &["udp/443 from 0.0.0.0/0"], &["revoke udp/443 from 0.0.0.0/0"]);
    }

    #[test]
    fn ranges_are_authorised_as_a_whole() {
        let settings = [("AUTHORIZED_TCP_PORTS", "443,1024-2048")];
        limits(&settings, &["tcp/1024-2048 from ::/0", "tcp/1500 from ::/0"], &[]);
        limits(&settings, &["tcp/1024-2049 from ::/0"], &["revoke tcp/1024-2049 from ::/0"]);
    }

    #[test]
    fn a_rule_that_is_too_wide_is_narrowed_to_what_is_authorised_where_rules_are_split() {
        let split = [("WIDE_RULE", "split")];
        limits(
            &split,
            &["tcp/443-444 from 0.0.0.0/0"],
            &["narrow tcp/443-444 from 0.0.0.0/0 to tcp/443"],
        );
        limits(&split, &["all traffic from ::/0"], &["revoke all traffic from ::/0"]);
    }

    #[test]
    fn icmp_stays() {
        limits(&[], &["icmp from 0.0.0.0/0", "icmpv6 from ::/0"], &[]);
    }

    #[test]
    fn the_controls_own_ports_come_before_the_stacks() {
        let remediation = LimitWorldIngress::configured(&Settings::default()).unwrap();
        let group = SecurityGroup::with(&["tcp/443 from 0.0.0.0/0", "tcp/8443 from 0.0.0.0/0"]);
        let given = |value: &str| Signal {
            parameters: [("authorizedTcpPorts".into(), vec![value.into()])].into(),
            ..signal("sg-1")
        };
        check(&remediation, &group, &given("8443"), &["revoke tcp/443 from 0.0.0.0/0"]);
        check(&remediation, &group, &given("443,8443"), &[]);
        check(&remediation, &group, &given("what?"), &["revoke tcp/8443 from 0.0.0.0/0"]);
    }
}
