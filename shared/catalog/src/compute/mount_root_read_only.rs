//! Tells which ECS task definition lets containers write to their root file system.
//!
//! Left to a person: what writes there fails on the next deployment, unless it gets a volume for it.

use remedy::{
    Case, Never, Plan, Remediation, Risk, Settings, Severity, Spec, Trigger, Undo, Wrong,
};

use super::{
    TaskDefinition,
    task_definition::{containers, list},
};

/// See the [module](self).
#[derive(Debug)]
pub struct MountRootReadOnly;

impl Remediation for MountRootReadOnly {
    type Facet = TaskDefinition;

    const SPEC: Spec = Spec {
        id: "compute/mount_root_read_only",
        title: "Tell which ECS task definition lets containers write to their root file system",
        triggers: &[
            Trigger::control("ECS.5"),
            Trigger::config_rule("ECS_CONTAINERS_READONLY_ACCESS"),
        ],
        severity: Severity::High,
        risk: Risk::Interrupts,
        parameters: &[],
        undo: Undo::Nothing,
        care: "The proposed revision keeps everything else, tags included, and names the services that use the old one. Windows is left out, as it cannot do it.",
        since: "0.4.0",
    };

    fn configured(_: &Settings) -> Result<Self, Wrong> {
        Ok(Self)
    }

    fn plan(&self, definition: &TaskDefinition, case: &Case<'_>) -> Plan<Never> {
        let wrong = definition.those(|container| !container.is_read_only);
        if wrong.is_empty() || !definition.is_active || definition.is_windows {
            return Plan::none();
        }
        definition.revise(
            &case.signal.place,
            &format!("{} can write to the root file system", list(&wrong)),
            "what writes there, logs and temporary files included, needs a volume of its own first",
            &containers(&wrong, ".readonlyRootFilesystem = true"),
        )
    }
}

#[cfg(test)]
mod tests {
    use remedy::check::{check, now, signal};

    use super::{super::testing::left, *};

    const ARN: &str = "arn:aws:ecs:eu-west-1:111122223333:task-definition/web:3";

    #[test]
    fn a_root_that_can_be_written_to_is_told_with_the_way_out() {
        let definition = TaskDefinition::with(|definition| {
            definition.containers[0].is_read_only = false;
        });
        let signal = signal(ARN);
        check(&MountRootReadOnly, &definition, &signal, &[]);
        let left = left(&MountRootReadOnly, &definition, &signal);
        assert!(
            left[0]
                .starts_with("revision web:3: container app can write to the root file system: "),
            "{left:?}"
        );
        let plan = MountRootReadOnly.plan(&definition, &Case { signal: &signal, now: now() });
        assert!(
            plan.by_hand[0].contains("|= (.readonlyRootFilesystem = true)"),
            "{}",
            plan.by_hand[0]
        );
    }

    #[test]
    fn others_and_windows_and_old_revisions_are_left_alone() {
        for definition in [
            TaskDefinition::with(|_| {}),
            TaskDefinition::with(|definition| {
                definition.containers[0].is_read_only = false;
                definition.is_active = false;
            }),
            TaskDefinition::with(|definition| {
                definition.containers[0].is_read_only = false;
                definition.is_windows = true;
            }),
        ] {
            check(&MountRootReadOnly, &definition, &signal(ARN), &[]);
            assert_eq!(left(&MountRootReadOnly, &definition, &signal(ARN)), [""; 0]);
        }
    }
}
