//! Takes the internet out of a security group's ingress rules.
//!
//! Only rules open to everyone go, and only those that reach a port the trigger is about: port 22 for
//! EC2.13, and whatever was opened for an API call or a rule that means any port. Rules for offices,
//! other groups and ICMP stay as they are.

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
pub struct CloseWorldIngress {
    wide_rule: WideRule,
    restricted: Ports,
    keep_open: Ports,
    any_port_rules: Vec<String>,
}

const RESTRICTED_PORTS: Parameter = Parameter {
    name: "RestrictedPorts",
    default: "20,21,3306,3389,4333",
    allowed: "ports and ranges of ports, such as 20,21,3300-3399",
    about: "TCP ports that the Config rule RESTRICTED_INCOMING_TRAFFIC is about, here",
};
const KEEP_OPEN_PORTS: Parameter = Parameter {
    name: "KeepOpenPorts",
    default: "",
    allowed: "ports and ranges of ports, such as 80,443",
    about: "ports that may be opened to the world: API calls and rules in AnyPortRules leave them alone",
};
const ANY_PORT_RULES: Parameter = Parameter {
    name: "AnyPortRules",
    default: "",
    allowed: "names of Config rules, separated by commas",
    about: "Config rules, also custom ones, that mean: open to the world on any port",
};

/// The ports of Security Hub's EC2.19.
const HIGH_RISK: &[u16] = &[
    20, 21, 22, 23, 25, 110, 135, 143, 445, 1433, 1434, 3000, 3306, 3389, 4333, 5000, 5432, 5500,
    5601, 8080, 8088, 8888, 9200, 9300,
];

impl Remediation for CloseWorldIngress {
    type Facet = SecurityGroup;

    const SPEC: Spec = Spec {
        id: "ec2/close_world_ingress",
        title: "Revoke ingress from anywhere to ports that are not for everyone",
        triggers: &[
            Trigger::control("EC2.13"),
            Trigger::control("EC2.14"),
            Trigger::control("EC2.19"),
            Trigger::control("EC2.53"),
            Trigger::control("EC2.54"),
            Trigger::config_rule("INCOMING_SSH_DISABLED"),
            Trigger::config_rule("RESTRICTED_INCOMING_TRAFFIC"),
            Trigger::call("AuthorizeSecurityGroupIngress"),
            Trigger::call("CreateSecurityGroup"),
            Trigger::call("ModifySecurityGroupRules"),
        ],
        severity: Severity::High,
        risk: Risk::MayInterrupt,
        parameters: &[WIDE_RULE, RESTRICTED_PORTS, KEEP_OPEN_PORTS, ANY_PORT_RULES],
        undo: Undo::Yes,
        care: "Only the rules that open a port of the control go, by their ids; ranges can be split, sources inside networks and ICMP stay, prefix lists are looked into.",
        since: "0.1.0",
    };

    fn configured(settings: &Settings) -> Result<Self, Wrong> {
        Ok(Self {
            wide_rule: WideRule::configured(settings)?,
            restricted: settings.each(&RESTRICTED_PORTS, Ports::range)?.into_iter().collect(),
            keep_open: settings.each(&KEEP_OPEN_PORTS, Ports::range)?.into_iter().collect(),
            any_port_rules: settings.list(&ANY_PORT_RULES).map(str::to_owned).collect(),
        })
    }

    fn answers(&self, signal: &Signal) -> bool {
        Self::SPEC.triggers.iter().any(|trigger| trigger.is(&signal.trigger))
            || self.means_any_port(&signal.trigger)
    }

    fn plan(&self, group: &SecurityGroup, case: &Case<'_>) -> Plan<IngressChange> {
        self.wide_rule.close(group, &self.concern(&case.signal.trigger), case)
    }
}

impl CloseWorldIngress {
    fn means_any_port(&self, trigger: &Trigger) -> bool {
        let named = |rule: &String| rule.eq_ignore_ascii_case(trigger.name());
        matches!(trigger, Trigger::ConfigRule(_)) && self.any_port_rules.iter().any(named)
    }

    /// What `trigger` says must not be open to the world.
    fn concern(&self, trigger: &Trigger) -> Concern {
        let tcp = |ports| Concern { tcp: ports, udp: Ports::NONE, v4: true, v6: true };
        let both = |ports: Ports| Concern { udp: ports.clone(), ..tcp(ports) };
        let administration = || both(Ports::of(&[22, 3389]));
        if self.means_any_port(trigger) {
            return both(Ports::all().without(&self.keep_open));
        }
        match trigger.name().to_ascii_uppercase().as_str() {
            "EC2.13" | "INCOMING_SSH_DISABLED" => tcp(Ports::of(&[22])),
            "EC2.14" => tcp(Ports::of(&[3389])),
            "EC2.19" => both(Ports::of(HIGH_RISK)),
            "EC2.53" => Concern { v6: false, ..administration() },
            "EC2.54" => Concern { v4: false, ..administration() },
            "RESTRICTED_INCOMING_TRAFFIC" => tcp(self.restricted.clone()),
            _ => both(Ports::all().without(&self.keep_open)),
        }
    }
}

#[cfg(test)]
mod tests {
    use remedy::check::{check, now, signal};

    use super::*;

    fn remediation(settings: &[(&str, &str)]) -> CloseWorldIngress {
        CloseWorldIngress::configured(&settings.iter().copied().collect()).unwrap()
    }

    /// What `trigger` changes of a group with these rules.
    #[track_caller]
    fn changes(trigger: Trigger, ingress: &[&str], expected: &[&str]) {
        let group = SecurityGroup {
            prefix_lists: [
                ("pl-world".into(), vec!["0.0.0.0/0".parse().unwrap()]),
                ("pl-corp".into(), vec!["10.0.0.0/8".parse().unwrap()]),
            ]
            .into(),
            ..SecurityGroup::with(ingress)
        };
        let signal = Signal { trigger, ..signal("sg-1") };
        check(&remediation(&[]), &group, &signal, expected);
    }

    fn ssh(ingress: &[&str], expected: &[&str]) {
        changes(Trigger::control("EC2.13"), ingress, expected);
    }

    fn any_port(ingress: &[&str], expected: &[&str]) {
        changes(Trigger::call("AuthorizeSecurityGroupIngress"), ingress, expected);
    }

    #[test]
    fn only_the_world_goes_and_offices_and_other_groups_stay() {
        ssh(
            &[
                "tcp/22 from 0.0.0.0/0 # world",
                "tcp/22 from 10.0.0.0/24 # corp",
                "tcp/22 from 2001:db8::/32",
                "tcp/22 from ::/0",
                "tcp/22 from sg-2",
                "tcp/443 from 0.0.0.0/0",
            ],
            &["revoke tcp/22 from 0.0.0.0/0", "revoke tcp/22 from ::/0"],
        );
    }

    #[test]
    fn all_traffic_and_protocols_without_ports_reach_every_port() {
        ssh(
            &["all traffic from 0.0.0.0/0", "all traffic from 10.0.0.0/8"],
            &["revoke all traffic from 0.0.0.0/0"],
        );
        ssh(&["all traffic from ::/0"], &["revoke all traffic from ::/0"]);
        ssh(&["protocol 50 from 0.0.0.0/0"], &["revoke protocol 50 from 0.0.0.0/0"]);
        ssh(&["tcp/0-65535 from 0.0.0.0/0"], &["revoke tcp/0-65535 from 0.0.0.0/0"]);
    }

    #[test]
    fn sources_that_are_the_world_together_are_the_world() {
        ssh(
            &["tcp/22 from 0.0.0.0/1", "tcp/22 from 10.0.0.0/8", "tcp/22 from 128.0.0.0/1"],
            &["revoke tcp/22 from 0.0.0.0/1", "revoke tcp/22 from 128.0.0.0/1"],
        );
        ssh(
            &["tcp/22 from ::/1", "tcp/22 from 8000::/1", "tcp/22 from 2001:db8::/32"],
            &["revoke tcp/22 from ::/1", "revoke tcp/22 from 8000::/1"],
        );
        ssh(&["tcp/22 from 2000::/3"], &["revoke tcp/22 from 2000::/3"]);
        ssh(&["tcp/22 from 0.0.0.0/1"], &[]);
        ssh(&["tcp/22 from 3000::/4"], &[]);
    }

    #[test]
    fn halves_count_even_on_rules_of_different_width() {
        ssh(
            &["tcp/20-30 from 0.0.0.0/1", "all traffic from 128.0.0.0/1"],
            &["revoke tcp/20-30 from 0.0.0.0/1", "revoke all traffic from 128.0.0.0/1"],
        );
        ssh(&["tcp/22 from 0.0.0.0/1", "tcp/23 from 128.0.0.0/1"], &[]);
        ssh(&["tcp/22 from 0.0.0.0/1", "udp/22 from 128.0.0.0/1"], &[]);
    }

    #[test]
    fn the_whole_and_its_halves_go_together() {
        ssh(
            &["tcp/22 from 0.0.0.0/0", "tcp/22 from 0.0.0.0/1", "tcp/22 from 128.0.0.0/1"],
            &[
                "revoke tcp/22 from 0.0.0.0/0",
                "revoke tcp/22 from 0.0.0.0/1",
                "revoke tcp/22 from 128.0.0.0/1",
            ],
        );
    }

    #[test]
    fn a_private_network_is_never_part_of_the_world() {
        let rest: Vec<String> = (0..=255).map(|a| format!("tcp/22 from {a}.0.0.0/8")).collect();
        let rest: Vec<&str> = rest.iter().map(String::as_str).collect();
        let group = SecurityGroup::with(&rest);
        let signal = Signal { trigger: Trigger::control("EC2.13"), ..signal("sg-1") };
        let plan = remediation(&[]).plan(&group, &Case { signal: &signal, now: now() });
        assert!(!plan.lines().contains(&"revoke tcp/22 from 10.0.0.0/8".into()));
        assert_eq!(plan.changes.len(), 254, "all but 10.0.0.0/8 and 127.0.0.0/8");
    }

    #[test]
    fn a_prefix_list_is_what_is_in_it() {
        ssh(
            &["tcp/22 from pl-corp", "tcp/22 from pl-unknown", "tcp/22 from pl-world"],
            &["revoke tcp/22 from pl-world"],
        );
    }

    #[test]
    fn icmp_stays_because_a_type_is_no_port() {
        any_port(
            &[
                "icmp from 0.0.0.0/0",
                "icmp type 3 code 4 from 0.0.0.0/0",
                "icmp type 8 from 0.0.0.0/0",
                "icmpv6 from ::/0",
            ],
            &[],
        );
    }

    #[test]
    fn each_trigger_closes_its_own_ports() {
        let open = [
            "tcp/22 from 0.0.0.0/0",
            "tcp/22 from ::/0",
            "tcp/3306 from 0.0.0.0/0",
            "tcp/3389 from ::/0",
            "tcp/443 from 0.0.0.0/0",
            "udp/3389 from 0.0.0.0/0",
        ];
        for (trigger, expected) in [
            (Trigger::control("ec2.13"), &[0, 1][..]),
            (Trigger::config_rule("INCOMING_SSH_DISABLED"), &[0, 1]),
            (Trigger::control("EC2.14"), &[3]),
            (Trigger::control("EC2.19"), &[0, 1, 2, 3, 5]),
            (Trigger::control("EC2.53"), &[0, 5]),
            (Trigger::control("EC2.54"), &[1, 3]),
            (Trigger::config_rule("RESTRICTED_INCOMING_TRAFFIC"), &[2, 3]),
            (Trigger::call("ModifySecurityGroupRules"), &[0, 1, 2, 3, 4, 5]),
        ] {
            let expected: Vec<_> =
                expected.iter().map(|n| format!("revoke {}", open[*n])).collect();
            let expected: Vec<_> = expected.iter().map(String::as_str).collect();
            changes(trigger, &open, &expected);
        }
    }

    #[test]
    fn ports_that_may_stay_open_stay_when_any_port_is_meant() {
        let remediation =
            remediation(&[("KEEP_OPEN_PORTS", "80,443"), ("ANY_PORT_RULES", "no-world")]);
        let group = SecurityGroup::with(&["tcp/443 from 0.0.0.0/0", "tcp/8080 from 0.0.0.0/0"]);
        let signal = Signal { trigger: Trigger::config_rule("No-World"), ..signal("sg-1") };
        assert!(Remediation::answers(&remediation, &signal));
        check(&remediation, &group, &signal, &["revoke tcp/8080 from 0.0.0.0/0"]);
    }

    #[test]
    fn a_wide_rule_goes_or_keeps_the_rest_as_the_operator_chose() {
        let group = SecurityGroup::with(&["tcp/20-30 from 0.0.0.0/0 # build farm"]);
        let signal = Signal { trigger: Trigger::control("EC2.13"), ..signal("sg-1") };
        check(&remediation(&[]), &group, &signal, &["revoke tcp/20-30 from 0.0.0.0/0"]);
        let split = remediation(&[("WIDE_RULE", "split")]);
        check(
            &split,
            &group,
            &signal,
            &["narrow tcp/20-30 from 0.0.0.0/0 to tcp/20-21 and tcp/23-30"],
        );
        let plan = split.plan(&group, &Case { signal: &signal, now: now() });
        let [IngressChange::Split { narrow, .. }] = plan.changes.as_slice() else { panic!() };
        assert!(narrow.iter().all(|rule| rule.description == "build farm"));
    }

    #[test]
    fn what_has_no_ports_cannot_be_split() {
        let group = SecurityGroup::with(&["all traffic from 0.0.0.0/0", "tcp/22 from ::/0"]);
        let signal = Signal { trigger: Trigger::control("EC2.13"), ..signal("sg-1") };
        let expected = ["revoke all traffic from 0.0.0.0/0", "revoke tcp/22 from ::/0"];
        check(&remediation(&[("WIDE_RULE", "split")]), &group, &signal, &expected);
    }

    #[test]
    fn an_exempt_rule_stays_until_its_day_has_passed() {
        ssh(
            &["tcp/22 from 0.0.0.0/0 # exempt-until=2026-11-19", "tcp/22 from ::/0 # x"],
            &["revoke tcp/22 from 0.0.0.0/0", "revoke tcp/22 from ::/0"],
        );
        ssh(
            &["tcp/22 from 0.0.0.0/0 # partner, exempt-until=2026-11-20", "tcp/22 from ::/0 # x"],
            &["revoke tcp/22 from ::/0"],
        );
        ssh(&["tcp/22 from 0.0.0.0/0 # exempt-until=soon"], &[]);
    }

    #[test]
    fn what_is_exempt_is_named_with_its_end() {
        let group = SecurityGroup::with(&["tcp/22 from 0.0.0.0/0 # exempt-until=2026-12-24"]);
        let signal = Signal { trigger: Trigger::control("EC2.13"), ..signal("sg-1") };
        let plan = remediation(&[]).plan(&group, &Case { signal: &signal, now: now() });
        assert_eq!(
            plan.left.iter().map(|left| format!("{}: {}", left.what, left.why)).collect::<Vec<_>>(),
            ["tcp/22 from 0.0.0.0/0: it is exempt until 2026-12-25 00:00 UTC (the description of \
              rule sgr-0)"]
        );
    }

    #[test]
    fn a_setting_that_is_no_port_is_refused() {
        let wrong =
            CloseWorldIngress::configured(&[("KEEP_OPEN_PORTS", "80,https")].into_iter().collect());
        assert_eq!(
            wrong.unwrap_err().to_string(),
            "parameter KeepOpenPorts (environment KEEP_OPEN_PORTS) is `https`; allowed: ports and \
             ranges of ports, such as 80,443"
        );
    }
}
