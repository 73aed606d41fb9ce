//! Takes every rule out of a VPC's default security group, so that what lands in it by accident reaches
//! nothing and is reached by nothing.
//!
//! A default group that is in use is held for a person: whatever stands in it would be cut off.

use remedy::{Case, Plan, Remediation, Risk, Settings, Severity, Spec, Trigger, Undo, Wrong};

use super::{DefaultGroup, RuleChange, Way};

/// See the [module](self).
#[derive(Debug)]
pub struct EmptyDefaultGroup;

impl Remediation for EmptyDefaultGroup {
    type Facet = DefaultGroup;

    const SPEC: Spec = Spec {
        id: "ec2/empty_default_group",
        title: "Revoke all rules of a default security group that nothing uses",
        triggers: &[
            Trigger::control("EC2.2"),
            Trigger::config_rule("VPC_DEFAULT_SECURITY_GROUP_CLOSED"),
        ],
        severity: Severity::High,
        risk: Risk::MayInterrupt,
        parameters: &[],
        undo: Undo::Yes,
        care: "A group that any network interface is in is held for a person.",
        since: "0.1.0",
    };

    fn configured(_: &Settings) -> Result<Self, Wrong> {
        Ok(Self)
    }

    fn plan(&self, group: &DefaultGroup, _: &Case<'_>) -> Plan<RuleChange> {
        if group.name != "default" {
            return Plan::none();
        }
        let ingress =
            group.ingress.iter().map(|rule| RuleChange::Revoke(Way::Ingress, rule.clone()));
        let egress = group.egress.iter().map(|rule| RuleChange::Revoke(Way::Egress, rule.clone()));
        Plan { ask: in_use(&group.interfaces), ..ingress.chain(egress).collect() }
    }
}

fn in_use(interfaces: &[String]) -> Option<String> {
    let some = interfaces.iter().take(5).map(String::as_str).collect::<Vec<_>>().join(", ");
    match interfaces.len() {
        0 => None,
        1 => Some(format!("network interface {some} is in it and would be cut off")),
        n if n <= 5 => {
            Some(format!("{n} network interfaces are in it and would be cut off: {some}"))
        }
        n => Some(format!("{n} network interfaces are in it and would be cut off: {some}, ...")),
    }
}

#[cfg(test)]
mod tests {
    use remedy::check::{check, now, signal};

    use super::*;

    fn group(name: &str, interfaces: &[&str]) -> DefaultGroup {
        DefaultGroup {
            name: name.into(),
            ingress: ["all traffic from sg-1".parse().unwrap()].into(),
            egress: ["all traffic from 0.0.0.0/0".parse().unwrap()].into(),
            interfaces: interfaces.iter().map(|id| (*id).into()).collect(),
            ..DefaultGroup::default()
        }
    }

    #[test]
    fn an_unused_default_group_loses_its_rules_both_ways() {
        let expected = ["revoke all traffic from sg-1", "revoke all traffic to 0.0.0.0/0"];
        check(&EmptyDefaultGroup, &group("default", &[]), &signal("sg-1"), &expected);
    }

    #[test]
    fn another_group_is_left_alone() {
        check(&EmptyDefaultGroup, &group("web", &[]), &signal("sg-1"), &[]);
    }

    #[test]
    fn a_group_in_use_wants_a_person() {
        let group = group("default", &["eni-1", "eni-2"]);
        let plan = EmptyDefaultGroup.plan(&group, &Case { signal: &signal("sg-1"), now: now() });
        assert_eq!(
            plan.ask.as_deref(),
            Some("2 network interfaces are in it and would be cut off: eni-1, eni-2")
        );
    }
}
