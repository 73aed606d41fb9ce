//! Tells which ECS task definition lets containers see the processes of their host.
//!
//! Left to a person: what watches the host, such as a monitoring agent, stops working without it.

use remedy::{
    Case, Never, Plan, Remediation, Risk, Settings, Severity, Spec, Trigger, Undo, Wrong,
};

use super::TaskDefinition;

/// See the [module](self).
#[derive(Debug)]
pub struct LeaveHostProcesses;

impl Remediation for LeaveHostProcesses {
    type Facet = TaskDefinition;

    const SPEC: Spec = Spec {
        id: "compute/leave_host_processes",
        title: "Tell which ECS task definition shares the processes of its host",
        triggers: &[
            Trigger::control("ECS.3"),
            Trigger::config_rule("ECS_TASK_DEFINITION_PID_MODE_CHECK"),
        ],
        severity: Severity::High,
        risk: Risk::Interrupts,
        parameters: &[],
        undo: Undo::Nothing,
        care: "The proposed revision keeps everything else, tags included, and names the services that use the old one.",
        since: "0.4.0",
    };

    fn configured(_: &Settings) -> Result<Self, Wrong> {
        Ok(Self)
    }

    fn plan(&self, definition: &TaskDefinition, case: &Case<'_>) -> Plan<Never> {
        if definition.processes.as_deref() != Some("host") || !definition.is_active {
            return Plan::none();
        }
        definition.revise(
            &case.signal.place,
            "processes of the host",
            "what watches the host, such as a monitoring agent, sees nothing of it afterwards",
            "del(.pidMode)",
        )
    }
}

#[cfg(test)]
mod tests {
    use remedy::check::{check, now, signal};

    use super::{super::testing::left, *};

    const ARN: &str = "arn:aws:ecs:eu-west-1:111122223333:task-definition/web:3";

    #[test]
    fn shared_processes_are_told_with_the_way_out() {
        let definition = TaskDefinition::with(|definition| {
            definition.processes = Some("host".into());
        });
        let signal = signal(ARN);
        check(&LeaveHostProcesses, &definition, &signal, &[]);
        let left = left(&LeaveHostProcesses, &definition, &signal);
        assert!(left[0].starts_with("revision web:3: processes of the host: "), "{left:?}");
        let plan = LeaveHostProcesses.plan(&definition, &Case { signal: &signal, now: now() });
        assert!(plan.by_hand[0].contains("| del(.pidMode)'"), "{}", plan.by_hand[0]);
    }

    #[test]
    fn others_and_old_revisions_are_left_alone() {
        for definition in [
            TaskDefinition::with(|_| {}),
            TaskDefinition::with(|definition| {
                definition.processes = Some("host".into());
                definition.is_active = false;
            }),
            TaskDefinition::with(|definition| definition.processes = Some("task".into())),
        ] {
            check(&LeaveHostProcesses, &definition, &signal(ARN), &[]);
            assert_eq!(left(&LeaveHostProcesses, &definition, &signal(ARN)), [""; 0]);
        }
    }
}
