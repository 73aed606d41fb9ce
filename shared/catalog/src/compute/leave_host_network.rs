//! Tells which ECS task definition puts containers into the network of their host.
//!
//! Left to a person: in another network a task needs subnets, security groups and other ports of the load balancer.

use remedy::{
    Case, Never, Plan, Remediation, Risk, Settings, Severity, Spec, Trigger, Undo, Wrong,
};

use super::{TaskDefinition, task_definition::list};

/// See the [module](self).
#[derive(Debug)]
pub struct LeaveHostNetwork;

impl Remediation for LeaveHostNetwork {
    type Facet = TaskDefinition;

    const SPEC: Spec = Spec {
        id: "compute/leave_host_network",
        title: "Tell which ECS task definition uses the network of its host",
        triggers: &[
            Trigger::control("ECS.1"),
            Trigger::control("ECS.17"),
            Trigger::config_rule(FOR_ROOT),
            Trigger::config_rule("ECS_TASK_DEFINITION_NETWORK_MODE_NOT_HOST"),
        ],
        severity: Severity::Medium,
        risk: Risk::Interrupts,
        parameters: &[],
        undo: Undo::Nothing,
        care: "The proposed revision keeps everything else, tags included, and names the services that use the old one. ECS.1 only concerns those whose containers could be root there.",
        since: "0.4.0",
    };

    fn configured(_: &Settings) -> Result<Self, Wrong> {
        Ok(Self)
    }

    fn plan(&self, definition: &TaskDefinition, case: &Case<'_>) -> Plan<Never> {
        if definition.network != "host" || !definition.is_active {
            return Plan::none();
        }
        let roots =
            definition.those(|container| !container.is_privileged && container.runs_as_root());
        let for_root = [Trigger::control("ECS.1"), Trigger::config_rule(FOR_ROOT)];
        if roots.is_empty() && for_root.iter().any(|trigger| trigger.is(&case.signal.trigger)) {
            return Plan::none();
        }
        let as_root =
            if roots.is_empty() { String::new() } else { format!(", {} as root", list(&roots)) };
        definition.revise(
            &case.signal.place,
            &format!("network of the host{as_root}"),
            "in a network of its own the task needs subnets and security groups, and its load balancer targets by address",
            r#".networkMode = "awsvpc" | .containerDefinitions[].portMappings[]? |= del(.hostPort)"#,
        )
    }
}

/// The rule that is only about containers that could be root.
const FOR_ROOT: &str = "ECS_TASK_DEFINITION_USER_FOR_HOST_MODE_CHECK";

#[cfg(test)]
mod tests {
    use remedy::check::{check, now, signal};

    use super::{super::testing::left, *};

    const ARN: &str = "arn:aws:ecs:eu-west-1:111122223333:task-definition/web:3";

    #[test]
    fn a_shared_network_is_told_with_the_way_out() {
        let definition = TaskDefinition::with(|definition| {
            definition.network = "host".into();
            definition.containers[0].user = None;
        });
        let signal = signal(ARN);
        check(&LeaveHostNetwork, &definition, &signal, &[]);
        let left = left(&LeaveHostNetwork, &definition, &signal);
        assert!(
            left[0].starts_with("revision web:3: network of the host, container app as root: "),
            "{left:?}"
        );
        let plan = LeaveHostNetwork.plan(&definition, &Case { signal: &signal, now: now() });
        assert!(plan.by_hand[0].contains(r#"| .networkMode = "awsvpc""#), "{}", plan.by_hand[0]);
    }

    #[test]
    fn others_and_old_revisions_are_left_alone() {
        for definition in [
            TaskDefinition::with(|_| {}),
            TaskDefinition::with(|definition| {
                definition.network = "host".into();
                definition.is_active = false;
            }),
        ] {
            check(&LeaveHostNetwork, &definition, &signal(ARN), &[]);
            assert_eq!(left(&LeaveHostNetwork, &definition, &signal(ARN)), [""; 0]);
        }
    }

    #[test]
    fn the_older_control_is_about_root_only() {
        let mut signal = signal(ARN);
        let host = |user: &str| {
            TaskDefinition::with(|definition| {
                definition.network = "host".into();
                definition.containers[0].user = Some(user.into());
            })
        };
        for (control, user, told) in
            [("ECS.1", "1000", 0), ("ECS.1", "root", 1), ("ECS.17", "1000", 1)]
        {
            signal.trigger = Trigger::control(control);
            assert_eq!(
                left(&LeaveHostNetwork, &host(user), &signal).len(),
                told,
                "{control} {user}"
            );
        }
    }
}
