//! Tells which ECS task definition passes secrets to containers as plain variables.
//!
//! Left to a person: the secret must be replaced, as it has been readable; it is neither read nor copied here.

use std::collections::BTreeSet;

use remedy::{
    Case, Never, Plan, Remediation, Risk, Settings, Severity, Signal, Spec, Trigger, Undo, Wrong,
    quoted,
};

use super::{
    Container, TaskDefinition,
    task_definition::{containers, list},
};

/// See the [module](self).
#[derive(Debug)]
pub struct HideContainerSecrets;

impl Remediation for HideContainerSecrets {
    type Facet = TaskDefinition;

    const SPEC: Spec = Spec {
        id: "compute/hide_container_secrets",
        title: "Tell which ECS task definition passes secrets as plain variables",
        triggers: &[Trigger::control("ECS.8"), Trigger::config_rule("ECS_NO_ENVIRONMENT_SECRETS")],
        severity: Severity::High,
        risk: Risk::Interrupts,
        parameters: &[],
        undo: Undo::Nothing,
        care: "The proposed revision keeps everything else, tags included, and names the services that use the old one. Of variables only the names are read, and old revisions are to be deleted, as the secret stays readable in them.",
        since: "0.4.0",
    };

    fn configured(_: &Settings) -> Result<Self, Wrong> {
        Ok(Self)
    }

    fn plan(&self, definition: &TaskDefinition, case: &Case<'_>) -> Plan<Never> {
        let secret = |name: &str| names(case.signal).iter().any(|other| other == name);
        let is_wrong = |container: &Container| container.variables.iter().any(|name| secret(name));
        let wrong = definition.those(is_wrong);
        if wrong.is_empty() || !definition.is_active {
            return Plan::none();
        }
        let found: BTreeSet<_> = (definition.containers.iter())
            .flat_map(|container| container.variables.iter().filter(|name| secret(name)))
            .collect();
        let found: Vec<_> = found.into_iter().map(|name| format!("{name:?}")).collect();
        let edit = format!(".environment |= map(select(.name | IN({}) | not))", found.join(", "));
        let (region, family) = (&case.signal.place.region, &definition.family);
        let mut plan = definition.revise(
            &case.signal.place,
            &format!("{} with secrets in variables {}", list(&wrong), found.join(", ")),
            "replace the secret, as it has been readable: give keys of AWS up for the task role, keep others in Secrets Manager and name them under secrets",
            &containers(&wrong, &edit),
        );
        plan.by_hand.push(format!(
            "aws ecs delete-task-definitions --region {region} --task-definitions {}",
            quoted(&format!("{family}:{}", definition.revision))
        ));
        plan
    }
}

/// What Security Hub says is secret, else as its control does by default.
fn names(signal: &Signal) -> Vec<String> {
    let given = signal.parameters.iter().find(|(key, _)| key.eq_ignore_ascii_case("secretKeys"));
    let values = given.map(|(_, values)| values.as_slice()).unwrap_or_default();
    let mut names: Vec<_> = values
        .iter()
        .flat_map(|value| value.split(','))
        .map(|name| name.trim().to_owned())
        .collect();
    names.retain(|name| !name.is_empty());
    if names.is_empty() {
        names = ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "ECS_ENGINE_AUTH_DATA"]
            .map(Into::into)
            .into();
    }
    names
}

#[cfg(test)]
mod tests {
    use remedy::check::{check, now, signal};

    use super::{super::testing::left, *};

    const ARN: &str = "arn:aws:ecs:eu-west-1:111122223333:task-definition/web:3";

    #[test]
    fn a_plain_secret_is_told_by_its_name_alone() {
        let definition = TaskDefinition::with(|definition| {
            definition.containers[0].variables =
                ["AWS_SECRET_ACCESS_KEY".into(), "PORT".into()].into();
        });
        let signal = signal(ARN);
        check(&HideContainerSecrets, &definition, &signal, &[]);
        let left = left(&HideContainerSecrets, &definition, &signal);
        assert!(left[0].starts_with("revision web:3: container app with secrets in variables \"AWS_SECRET_ACCESS_KEY\": "), "{left:?}");
        let plan = HideContainerSecrets.plan(&definition, &Case { signal: &signal, now: now() });
        assert!(
            plan.by_hand[0].contains(
                r#".environment |= map(select(.name | IN("AWS_SECRET_ACCESS_KEY") | not))"#
            ),
            "{}",
            plan.by_hand[0]
        );
    }

    #[test]
    fn other_variables_and_old_revisions_are_left_alone() {
        for definition in [
            TaskDefinition::with(|_| {}),
            TaskDefinition::with(|definition| {
                definition.containers[0].variables =
                    ["AWS_SECRET_ACCESS_KEY".into(), "PORT".into()].into();
                definition.is_active = false;
            }),
            TaskDefinition::with(|definition| {
                definition.containers[0].variables = ["PORT".into()].into();
            }),
        ] {
            check(&HideContainerSecrets, &definition, &signal(ARN), &[]);
            assert_eq!(left(&HideContainerSecrets, &definition, &signal(ARN)), [""; 0]);
        }
    }
}
