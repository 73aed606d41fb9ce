//! Tells which ECS task definition has privileged containers.
//!
//! Left to a person: what needs the host stops working without it, and a revision cannot be changed.

use remedy::{
    Case, Never, Plan, Remediation, Risk, Settings, Severity, Spec, Trigger, Undo, Wrong,
};

use super::{
    TaskDefinition,
    task_definition::{containers, list},
};

/// See the [module](self).
#[derive(Debug)]
pub struct DropContainerPrivileges;

impl Remediation for DropContainerPrivileges {
    type Facet = TaskDefinition;

    const SPEC: Spec = Spec {
        id: "compute/drop_container_privileges",
        title: "Tell which ECS task definition has privileged containers",
        triggers: &[
            Trigger::control("ECS.4"),
            Trigger::config_rule("ECS_CONTAINERS_NONPRIVILEGED"),
        ],
        severity: Severity::High,
        risk: Risk::Interrupts,
        parameters: &[],
        undo: Undo::Nothing,
        care: "The proposed revision keeps everything else, tags included, and names the services that use the old one. Only the privileged containers are edited.",
        since: "0.4.0",
    };

    fn configured(_: &Settings) -> Result<Self, Wrong> {
        Ok(Self)
    }

    fn plan(&self, definition: &TaskDefinition, case: &Case<'_>) -> Plan<Never> {
        let wrong = definition.those(|container| container.is_privileged);
        if wrong.is_empty() || !definition.is_active {
            return Plan::none();
        }
        definition.revise(
            &case.signal.place,
            &format!("{} privileged", list(&wrong)),
            "what it does to its host it can no longer do afterwards",
            &containers(&wrong, ".privileged = false"),
        )
    }
}

#[cfg(test)]
mod tests {
    use remedy::check::{check, now, signal};

    use super::{super::testing::left, *};

    const ARN: &str = "arn:aws:ecs:eu-west-1:111122223333:task-definition/web:3";

    #[test]
    fn a_privileged_container_is_told_with_the_way_out() {
        let definition = TaskDefinition::with(|definition| {
            definition.containers[0].is_privileged = true;
        });
        let signal = signal(ARN);
        check(&DropContainerPrivileges, &definition, &signal, &[]);
        let left = left(&DropContainerPrivileges, &definition, &signal);
        assert!(left[0].starts_with("revision web:3: container app privileged: "), "{left:?}");
        let plan = DropContainerPrivileges.plan(&definition, &Case { signal: &signal, now: now() });
        assert!(
            plan.by_hand[0].contains(r#"select(.name | IN("app"))) |= (.privileged = false)"#),
            "{}",
            plan.by_hand[0]
        );
    }

    #[test]
    fn others_and_old_revisions_are_left_alone() {
        for definition in [
            TaskDefinition::with(|_| {}),
            TaskDefinition::with(|definition| {
                definition.containers[0].is_privileged = true;
                definition.is_active = false;
            }),
        ] {
            check(&DropContainerPrivileges, &definition, &signal(ARN), &[]);
            assert_eq!(left(&DropContainerPrivileges, &definition, &signal(ARN)), [""; 0]);
        }
    }
}
