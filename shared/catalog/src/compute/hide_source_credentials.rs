//! Tells which build project has credentials in the address of a source.
//!
//! Left to a person: the credentials must be replaced, and another sign-in be set up; they are not read.

use remedy::{
    Case, Plan, Remediation, Risk, Settings, Severity, Spec, Swap, Trigger, Undo, Wrong, quoted,
};

use super::{BuildProject, BuildSetting};

/// See the [module](self).
#[derive(Debug)]
pub struct HideSourceCredentials;

impl Remediation for HideSourceCredentials {
    type Facet = BuildProject;

    const SPEC: Spec = Spec {
        id: "compute/hide_source_credentials",
        title: "Tell which build project has credentials in the address of a source",
        triggers: &[
            Trigger::control("CodeBuild.1"),
            Trigger::config_rule("CODEBUILD_PROJECT_SOURCE_REPO_URL_CHECK"),
        ],
        severity: Severity::Critical,
        risk: Risk::Interrupts,
        parameters: &[],
        undo: Undo::Nothing,
        care: "The address is neither kept nor shown anywhere, as it is the secret.",
        since: "0.4.0",
    };

    fn configured(_: &Settings) -> Result<Self, Wrong> {
        Ok(Self)
    }

    fn plan(&self, project: &BuildProject, case: &Case<'_>) -> Plan<Swap<BuildSetting>> {
        if project.telling_sources.is_empty() {
            return Plan::none();
        }
        let called = |id: &String| if id.is_empty() { "the first".to_owned() } else { id.clone() };
        let sources: Vec<_> = project.telling_sources.iter().map(called).collect();
        let (region, name) = (&case.signal.place.region, quoted(&project.name));
        let read = |list: &str| {
            format!(
                "aws codebuild batch-get-projects --region {region} --names {name} --query 'projects[0].{list}' --output json"
            )
        };
        let clean = r#"sub("://[^/@]*@"; "://")"#;
        let mut commands = vec![format!(
            "aws codebuild import-source-credentials --region {region} --server-type BITBUCKET --auth-type CODECONNECTIONS --token CONNECTION_ARN"
        )];
        if project.telling_sources.contains("") {
            let edit = quoted(&format!(".location |= {clean}"));
            commands.push(format!("aws codebuild update-project --region {region} --name {name} --source \"$({} | jq {edit})\" --query project.name", read("source")));
        }
        if project.telling_sources.iter().any(|id| !id.is_empty()) {
            let edit = quoted(&format!(".[].location |= {clean}"));
            commands.push(format!("aws codebuild update-project --region {region} --name {name} --secondary-sources \"$({} | jq {edit})\" --query project.name", read("secondarySources")));
        }
        Plan::by_hand(
            format!("credentials in the address of source {}", sources.join(", ")),
            "replace them where they were made, as everybody who can see the project can read them, and sign in by a connection",
            commands,
        )
    }
}

#[cfg(test)]
mod tests {
    use remedy::check::{check, now, signal};

    use super::{super::testing::left, *};

    const ARN: &str = "arn:aws:codebuild:eu-west-1:111122223333:project/web";

    #[test]
    fn sources_that_tell_are_named_and_not_shown() {
        let project = BuildProject {
            name: "web".into(),
            telling_sources: [String::new(), "libs".into()].into(),
            ..BuildProject::default()
        };
        let signal = signal(ARN);
        check(&HideSourceCredentials, &project, &signal, &[]);
        assert!(
            left(&HideSourceCredentials, &project, &signal)[0]
                .starts_with("credentials in the address of source the first, libs: ")
        );
        let plan = HideSourceCredentials.plan(&project, &Case { signal: &signal, now: now() });
        assert_eq!(plan.by_hand.len(), 3);
        assert_eq!(
            plan.by_hand[1],
            r#"aws codebuild update-project --region eu-west-1 --name web --source "$(aws codebuild batch-get-projects --region eu-west-1 --names web --query 'projects[0].source' --output json | jq '.location |= sub("://[^/@]*@"; "://")')" --query project.name"#
        );
    }

    #[test]
    fn one_without_is_left_alone() {
        check(&HideSourceCredentials, &BuildProject::default(), &signal(ARN), &[]);
        assert_eq!(left(&HideSourceCredentials, &BuildProject::default(), &signal(ARN)), [""; 0]);
    }
}
