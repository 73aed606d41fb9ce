//! Tells which ECS task definition keeps no logs of a container.
//!
//! Left to a person: where logs go, and who may write them, is not guessed.

use remedy::{
    Case, Never, Plan, Remediation, Risk, Settings, Severity, Spec, Trigger, Undo, Wrong,
};

use super::{
    TaskDefinition,
    task_definition::{containers, list},
};

/// See the [module](self).
#[derive(Debug)]
pub struct LogContainers;

impl Remediation for LogContainers {
    type Facet = TaskDefinition;

    const SPEC: Spec = Spec {
        id: "compute/log_containers",
        title: "Tell which ECS task definition keeps no logs of a container",
        triggers: &[
            Trigger::control("ECS.9"),
            Trigger::config_rule("ECS_TASK_DEFINITION_LOG_CONFIGURATION"),
        ],
        severity: Severity::High,
        risk: Risk::Safe,
        parameters: &[],
        undo: Undo::Nothing,
        care: "The proposed revision keeps everything else, tags included, and names the services that use the old one. Containers that have a log driver keep it.",
        since: "0.4.0",
    };

    fn configured(_: &Settings) -> Result<Self, Wrong> {
        Ok(Self)
    }

    fn plan(&self, definition: &TaskDefinition, case: &Case<'_>) -> Plan<Never> {
        let wrong = definition.those(|container| container.logs.is_none());
        if wrong.is_empty() || !definition.is_active {
            return Plan::none();
        }
        let (region, family) = (&case.signal.place.region, &definition.family);
        let options = format!(
            r#"{{"awslogs-group": "/ecs/{family}", "awslogs-region": "{region}", "awslogs-stream-prefix": "ecs"}}"#
        );
        let mut plan = definition.revise(
            &case.signal.place,
            &format!("{} without logs", list(&wrong)),
            "the task's execution role must be allowed to write to the log group",
            &containers(
                &wrong,
                &format!(r#".logConfiguration = {{"logDriver": "awslogs", "options": {options}}}"#),
            ),
        );
        plan.by_hand.insert(
            0,
            format!("aws logs create-log-group --region {region} --log-group-name /ecs/{family}"),
        );
        plan
    }
}

#[cfg(test)]
mod tests {
    use remedy::check::{check, now, signal};

    use super::{super::testing::left, *};

    const ARN: &str = "arn:aws:ecs:eu-west-1:111122223333:task-definition/web:3";

    #[test]
    fn a_container_without_logs_is_told_with_the_way_to_them() {
        let definition = TaskDefinition::with(|definition| {
            definition.containers[0].logs = None;
        });
        let signal = signal(ARN);
        check(&LogContainers, &definition, &signal, &[]);
        let left = left(&LogContainers, &definition, &signal);
        assert!(left[0].starts_with("revision web:3: container app without logs: "), "{left:?}");
        let plan = LogContainers.plan(&definition, &Case { signal: &signal, now: now() });
        assert!(
            plan.by_hand[0]
                .contains("create-log-group --region eu-west-1 --log-group-name /ecs/web"),
            "{}",
            plan.by_hand[0]
        );
    }

    #[test]
    fn others_and_old_revisions_are_left_alone() {
        for definition in [
            TaskDefinition::with(|_| {}),
            TaskDefinition::with(|definition| {
                definition.containers[0].logs = None;
                definition.is_active = false;
            }),
        ] {
            check(&LogContainers, &definition, &signal(ARN), &[]);
            assert_eq!(left(&LogContainers, &definition, &signal(ARN)), [""; 0]);
        }
    }
}
