//! Tells which ECS task definition reaches a file system in the clear.
//!
//! Left to a person: every task that uses the volume is replaced.

use remedy::{
    Case, Never, Plan, Remediation, Risk, Settings, Severity, Spec, Trigger, Undo, Wrong,
};

use super::TaskDefinition;

/// See the [module](self).
#[derive(Debug)]
pub struct EncryptFileMounts;

impl Remediation for EncryptFileMounts {
    type Facet = TaskDefinition;

    const SPEC: Spec = Spec {
        id: "compute/encrypt_file_mounts",
        title: "Tell which ECS task definition reaches a file system in the clear",
        triggers: &[
            Trigger::control("ECS.18"),
            Trigger::config_rule("ECS_TASK_DEFINITION_EFS_ENCRYPTION_ENABLED"),
        ],
        severity: Severity::Medium,
        risk: Risk::MayInterrupt,
        parameters: &[],
        undo: Undo::Nothing,
        care: "The proposed revision keeps everything else, tags included, and names the services that use the old one. Only volumes on EFS that are in the clear are edited.",
        since: "0.4.0",
    };

    fn configured(_: &Settings) -> Result<Self, Wrong> {
        Ok(Self)
    }

    fn plan(&self, definition: &TaskDefinition, case: &Case<'_>) -> Plan<Never> {
        if definition.clear_volumes.is_empty() || !definition.is_active {
            return Plan::none();
        }
        let volumes: Vec<_> = definition.clear_volumes.iter().map(String::as_str).collect();
        let names: Vec<_> = volumes.iter().map(|name| format!("{:?}", *name)).collect();
        definition.revise(
            &case.signal.place,
            &format!("volumes {} in the clear", volumes.join(", ")),
            "the tasks are replaced by such as reach the file system by TLS",
            &format!(
                r#"(.volumes[] | select(.name | IN({}))).efsVolumeConfiguration.transitEncryption = "ENABLED""#,
                names.join(", ")
            ),
        )
    }
}

#[cfg(test)]
mod tests {
    use remedy::check::{check, now, signal};

    use super::{super::testing::left, *};

    const ARN: &str = "arn:aws:ecs:eu-west-1:111122223333:task-definition/web:3";

    #[test]
    fn a_volume_in_the_clear_is_told_with_the_way_out() {
        let definition = TaskDefinition::with(|definition| {
            definition.clear_volumes = ["data".into()].into();
        });
        let signal = signal(ARN);
        check(&EncryptFileMounts, &definition, &signal, &[]);
        let left = left(&EncryptFileMounts, &definition, &signal);
        assert!(left[0].starts_with("revision web:3: volumes data in the clear: "), "{left:?}");
        let plan = EncryptFileMounts.plan(&definition, &Case { signal: &signal, now: now() });
        assert!(plan.by_hand[0].contains(r#"select(.name | IN("data"))).efsVolumeConfiguration.transitEncryption = "ENABLED""#), "{}", plan.by_hand[0]);
    }

    #[test]
    fn others_and_old_revisions_are_left_alone() {
        for definition in [
            TaskDefinition::with(|_| {}),
            TaskDefinition::with(|definition| {
                definition.clear_volumes = ["data".into()].into();
                definition.is_active = false;
            }),
        ] {
            check(&EncryptFileMounts, &definition, &signal(ARN), &[]);
            assert_eq!(left(&EncryptFileMounts, &definition, &signal(ARN)), [""; 0]);
        }
    }
}
