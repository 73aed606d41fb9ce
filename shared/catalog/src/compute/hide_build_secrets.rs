//! Tells which build project has keys of AWS in its variables in the clear.
//!
//! Left to a person: the keys must be replaced, not moved. They are neither read nor copied.

use remedy::{Case, Plan, Remediation, Risk, Settings, Severity, Spec, Swap, Trigger, Undo, Wrong};

use super::{BuildProject, BuildSetting, build_project::with_environment};

/// See the [module](self).
#[derive(Debug)]
pub struct HideBuildSecrets;

const SECRETS: [&str; 2] = ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"];

impl Remediation for HideBuildSecrets {
    type Facet = BuildProject;

    const SPEC: Spec = Spec {
        id: "compute/hide_build_secrets",
        title: "Tell which build project has keys of AWS in the clear",
        triggers: &[
            Trigger::control("CodeBuild.2"),
            Trigger::config_rule("CODEBUILD_PROJECT_ENVVAR_AWSCRED_CHECK"),
        ],
        severity: Severity::Critical,
        risk: Risk::Interrupts,
        parameters: &[],
        undo: Undo::Nothing,
        care: "Only the names of variables are read; a key is never copied into a parameter, a record or a log.",
        since: "0.4.0",
    };

    fn configured(_: &Settings) -> Result<Self, Wrong> {
        Ok(Self)
    }

    fn plan(&self, project: &BuildProject, case: &Case<'_>) -> Plan<Swap<BuildSetting>> {
        let found: Vec<_> =
            SECRETS.into_iter().filter(|name| project.plain_variables.contains(*name)).collect();
        if found.is_empty() {
            return Plan::none();
        }
        let names: Vec<_> = found.iter().map(|name| format!("{name:?}")).collect();
        let edit =
            format!(".environmentVariables |= map(select(.name | IN({}) | not))", names.join(", "));
        let role = project.role.rsplit('/').next().unwrap_or_default();
        Plan::by_hand(
            format!("variables {} in the clear", found.join(", ")),
            format!(
                "first let role {role} do what the key may do, then take the variables out, then deactivate the key, as everybody who can see the project can read it"
            ),
            [with_environment(&case.signal.place, &project.name, &edit)],
        )
    }
}

#[cfg(test)]
mod tests {
    use remedy::check::{check, now, signal};

    use super::{super::testing::left, *};

    const ARN: &str = "arn:aws:codebuild:eu-west-1:111122223333:project/web";

    #[test]
    fn keys_in_the_clear_are_told_by_their_names() {
        let project = BuildProject {
            name: "web".into(),
            role: "arn:aws:iam::111122223333:role/service-role/web-build".into(),
            plain_variables: ["AWS_SECRET_ACCESS_KEY".into(), "STAGE".into()].into(),
            ..BuildProject::default()
        };
        let signal = signal(ARN);
        check(&HideBuildSecrets, &project, &signal, &[]);
        let left = left(&HideBuildSecrets, &project, &signal);
        assert!(
            left[0].starts_with(
                "variables AWS_SECRET_ACCESS_KEY in the clear: first let role web-build do"
            ),
            "{left:?}"
        );
        let plan = HideBuildSecrets.plan(&project, &Case { signal: &signal, now: now() });
        assert_eq!(
            plan.by_hand,
            [
                r#"aws codebuild update-project --region eu-west-1 --name web --environment "$(aws codebuild batch-get-projects --region eu-west-1 --names web --query 'projects[0].environment' --output json | jq '.environmentVariables |= map(select(.name | IN("AWS_SECRET_ACCESS_KEY") | not))')" --query project.name"#
            ]
        );
    }

    #[test]
    fn other_variables_are_left_alone() {
        let project =
            BuildProject { plain_variables: ["STAGE".into()].into(), ..BuildProject::default() };
        check(&HideBuildSecrets, &project, &signal(ARN), &[]);
        assert_eq!(left(&HideBuildSecrets, &project, &signal(ARN)), [""; 0]);
    }
}
