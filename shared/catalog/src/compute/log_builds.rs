//! Has the logs of builds kept in `CloudWatch` Logs.
//!
//! A person is asked first: builds fail if the project's role may not write logs. A log group that was named
//! before is used again.

use remedy::{Case, Plan, Remediation, Risk, Settings, Severity, Spec, Swap, Trigger, Undo, Wrong};

use super::{BuildLogs, BuildProject, BuildSetting, CloudWatchLogs};

/// See the [module](self).
#[derive(Debug)]
pub struct LogBuilds;

impl Remediation for LogBuilds {
    type Facet = BuildProject;

    const SPEC: Spec = Spec {
        id: "compute/log_builds",
        title: "Keep the logs of builds in CloudWatch Logs",
        triggers: &[
            Trigger::control("CodeBuild.4"),
            Trigger::config_rule("CODEBUILD_PROJECT_LOGGING_ENABLED"),
        ],
        severity: Severity::Medium,
        risk: Risk::MayInterrupt,
        parameters: &[],
        undo: Undo::Yes,
        care: "A person is asked first and told which role must be allowed to write, as builds fail without that; logs in S3 are enough, too.",
        since: "0.4.0",
    };

    fn configured(_: &Settings) -> Result<Self, Wrong> {
        Ok(Self)
    }

    fn plan(&self, project: &BuildProject, _: &Case<'_>) -> Plan<Swap<BuildSetting>> {
        let BuildLogs { cloud_watch, s3 } = &project.logs;
        if cloud_watch.is_on || s3.is_on {
            return Plan::none();
        }
        let cloud_watch = CloudWatchLogs { is_on: true, ..cloud_watch.clone() };
        let to = BuildLogs { cloud_watch, ..project.logs.clone() };
        let swap = Swap::of(BuildSetting::Logs(project.logs.clone()), BuildSetting::Logs(to));
        let plan: Plan<_> = swap.into_iter().collect();
        let role = project.role.rsplit('/').next().unwrap_or_default();
        plan.asking(format!("builds fail unless role {role} may call logs:CreateLogGroup, logs:CreateLogStream and logs:PutLogEvents"))
    }
}

#[cfg(test)]
mod tests {
    use remedy::check::{check, now, signal};

    use super::*;
    use crate::compute::S3Logs;

    const ARN: &str = "arn:aws:codebuild:eu-west-1:111122223333:project/web";

    fn project(cloud_watch: bool, s3: bool) -> BuildProject {
        let cloud_watch =
            CloudWatchLogs { is_on: cloud_watch, group: Some("builds".into()), stream: None };
        let s3 = S3Logs { is_on: s3, ..S3Logs::default() };
        BuildProject {
            role: "arn:aws:iam::111122223333:role/web-build".into(),
            logs: BuildLogs { cloud_watch, s3 },
            ..BuildProject::default()
        }
    }

    #[test]
    fn builds_without_logs_get_them_if_a_person_agrees() {
        let signal = signal(ARN);
        let expected = ["set logs of builds in CloudWatch (it is no logs of builds)"];
        check(&LogBuilds, &project(false, false), &signal, &expected);
        let plan = LogBuilds.plan(&project(false, false), &Case { signal: &signal, now: now() });
        assert!(plan.ask.as_deref().unwrap().starts_with("builds fail unless role web-build may"));
        let BuildSetting::Logs(to) = &plan.changes[0].to else { panic!("logs") };
        assert_eq!(to.cloud_watch.group.as_deref(), Some("builds"));
    }

    #[test]
    fn builds_with_logs_are_left_alone() {
        for project in [project(true, false), project(false, true)] {
            check(&LogBuilds, &project, &signal(ARN), &[]);
        }
    }
}
