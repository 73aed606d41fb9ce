//! Takes from builds what only root may do on their host.
//!
//! A person is asked first: builds that make container images fail without it.

use remedy::{Case, Plan, Remediation, Risk, Settings, Severity, Spec, Swap, Trigger, Undo, Wrong};

use super::{BuildProject, BuildSetting};

/// See the [module](self).
#[derive(Debug)]
pub struct DropBuildPrivileges;

impl Remediation for DropBuildPrivileges {
    type Facet = BuildProject;

    const SPEC: Spec = Spec {
        id: "compute/drop_build_privileges",
        title: "Turn off privileged mode of a build project",
        triggers: &[
            Trigger::control("CodeBuild.5"),
            Trigger::config_rule("CODEBUILD_PROJECT_ENVIRONMENT_PRIVILEGED_CHECK"),
        ],
        severity: Severity::High,
        risk: Risk::Interrupts,
        parameters: &[],
        undo: Undo::Yes,
        care: "A person is asked first, as builds that make container images fail afterwards; the rest of the environment goes back as it came, and is kept nowhere.",
        since: "0.4.0",
    };

    fn configured(_: &Settings) -> Result<Self, Wrong> {
        Ok(Self)
    }

    fn plan(&self, project: &BuildProject, _: &Case<'_>) -> Plan<Swap<BuildSetting>> {
        let is = BuildSetting::Privileged(project.is_privileged);
        let plan: Plan<_> = Swap::of(is, BuildSetting::Privileged(false)).into_iter().collect();
        plan.asking("builds that make container images, or run Docker otherwise, fail afterwards")
    }
}

#[cfg(test)]
mod tests {
    use remedy::{
        Facet,
        check::{check, now, signal},
    };

    use super::*;
    use crate::compute::BuildProjectName;

    const ARN: &str = "arn:aws:codebuild:eu-west-1:111122223333:project/web";

    #[test]
    fn privileged_builds_are_so_no_longer_if_a_person_agrees() {
        let project = BuildProject { is_privileged: true, ..BuildProject::default() };
        let signal = signal(ARN);
        check(
            &DropBuildPrivileges,
            &project,
            &signal,
            &["set privileged builds off (it is privileged builds on)"],
        );
        let plan = DropBuildPrivileges.plan(&project, &Case { signal: &signal, now: now() });
        assert!(plan.ask.is_some());
        let commands =
            BuildProject::commands(&signal.place, &BuildProjectName("web".into()), &plan.changes);
        assert!(
            commands[0].contains("| jq '.privilegedMode = false')\" --query project.name"),
            "{commands:?}"
        );
    }

    #[test]
    fn others_are_left_alone() {
        check(&DropBuildPrivileges, &BuildProject::default(), &signal(ARN), &[]);
    }
}
