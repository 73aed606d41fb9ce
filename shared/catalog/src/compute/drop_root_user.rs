//! Tells which ECS task definition runs containers as root.
//!
//! Left to a person: the image must be made for another user, and its files must be that user's.

use remedy::{
    Case, Never, Plan, Remediation, Risk, Settings, Severity, Spec, Trigger, Undo, Wrong,
};

use super::{
    Container, TaskDefinition,
    task_definition::{containers, list},
};

/// See the [module](self).
#[derive(Debug)]
pub struct DropRootUser;

impl Remediation for DropRootUser {
    type Facet = TaskDefinition;

    const SPEC: Spec = Spec {
        id: "compute/drop_root_user",
        title: "Tell which ECS task definition runs containers as root",
        triggers: &[
            Trigger::control("ECS.20"),
            Trigger::config_rule("ECS_TASK_DEFINITION_LINUX_USER_NON_ROOT"),
        ],
        severity: Severity::Medium,
        risk: Risk::Interrupts,
        parameters: &[],
        undo: Undo::Nothing,
        care: "The proposed revision keeps everything else, tags included, and names the services that use the old one. Which user an image is made for is not guessed.",
        since: "0.4.0",
    };

    fn configured(_: &Settings) -> Result<Self, Wrong> {
        Ok(Self)
    }

    fn plan(&self, definition: &TaskDefinition, case: &Case<'_>) -> Plan<Never> {
        let wrong = definition.those(Container::runs_as_root);
        if wrong.is_empty() || !definition.is_active || definition.is_windows {
            return Plan::none();
        }
        definition.revise(
            &case.signal.place,
            &format!("{} as root", list(&wrong)),
            "choose the user that the image is made for in place of 1000:1000: its files must be that user's, and ports below 1024 may be closed to it",
            &containers(&wrong, r#".user = "1000:1000""#),
        )
    }
}

#[cfg(test)]
mod tests {
    use remedy::check::{check, now, signal};

    use super::{super::testing::left, *};

    const ARN: &str = "arn:aws:ecs:eu-west-1:111122223333:task-definition/web:3";

    #[test]
    fn a_container_that_runs_as_root_is_told_with_the_way_out() {
        let definition = TaskDefinition::with(|definition| {
            definition.containers[0].user = None;
        });
        let signal = signal(ARN);
        check(&DropRootUser, &definition, &signal, &[]);
        let left = left(&DropRootUser, &definition, &signal);
        assert!(left[0].starts_with("revision web:3: container app as root: "), "{left:?}");
        let plan = DropRootUser.plan(&definition, &Case { signal: &signal, now: now() });
        assert!(plan.by_hand[0].contains(r#"|= (.user = "1000:1000")"#), "{}", plan.by_hand[0]);
    }

    #[test]
    fn others_and_windows_and_old_revisions_are_left_alone() {
        for definition in [
            TaskDefinition::with(|_| {}),
            TaskDefinition::with(|definition| {
                definition.containers[0].user = None;
                definition.is_active = false;
            }),
            TaskDefinition::with(|definition| {
                definition.containers[0].user = None;
                definition.is_windows = true;
            }),
        ] {
            check(&DropRootUser, &definition, &signal(ARN), &[]);
            assert_eq!(left(&DropRootUser, &definition, &signal(ARN)), [""; 0]);
        }
    }
}
