//! Encrypts the logs that builds write to S3.
//!
//! Where the bucket is another account's, a person is asked first: its owner may not have the key.

use remedy::{Case, Plan, Remediation, Risk, Settings, Severity, Spec, Swap, Trigger, Undo, Wrong};

use super::{BuildLogs, BuildProject, BuildSetting, S3Logs};

/// See the [module](self).
#[derive(Debug)]
pub struct EncryptBuildLogs;

impl Remediation for EncryptBuildLogs {
    type Facet = BuildProject;

    const SPEC: Spec = Spec {
        id: "compute/encrypt_build_logs",
        title: "Encrypt the logs that builds write to S3",
        triggers: &[
            Trigger::control("CodeBuild.3"),
            Trigger::config_rule("CODEBUILD_PROJECT_S3_LOGS_ENCRYPTED"),
        ],
        severity: Severity::Low,
        risk: Risk::Safe,
        parameters: &[],
        undo: Undo::Yes,
        care: "Where the logs go stays as it is; a bucket of another account asks a person first, as its owner may not have the key.",
        since: "0.4.0",
    };

    fn configured(_: &Settings) -> Result<Self, Wrong> {
        Ok(Self)
    }

    fn plan(&self, project: &BuildProject, _: &Case<'_>) -> Plan<Swap<BuildSetting>> {
        let s3 = &project.logs.s3;
        if !s3.is_on {
            return Plan::none();
        }
        let to = BuildLogs { s3: S3Logs { is_clear: false, ..s3.clone() }, ..project.logs.clone() };
        let swap = Swap::of(BuildSetting::Logs(project.logs.clone()), BuildSetting::Logs(to));
        let plan: Plan<_> = swap.into_iter().collect();
        match s3.owner_access {
            Some(_) => plan.asking("the bucket is another account's, which reads no log that is encrypted with a key it has not"),
            None => plan,
        }
    }
}

#[cfg(test)]
mod tests {
    use remedy::{
        Facet,
        check::{check, now, signal},
    };

    use super::*;
    use crate::compute::{BuildProjectName, CloudWatchLogs};

    const ARN: &str = "arn:aws:codebuild:eu-west-1:111122223333:project/web";

    fn project(is_on: bool, is_clear: bool, owner: Option<&str>) -> BuildProject {
        let s3 = S3Logs {
            is_on,
            is_clear,
            location: Some("logs/web".into()),
            owner_access: owner.map(Into::into),
        };
        let cloud_watch =
            CloudWatchLogs { is_on: true, group: Some("builds".into()), stream: None };
        BuildProject { logs: BuildLogs { cloud_watch, s3 }, ..BuildProject::default() }
    }

    #[test]
    fn clear_logs_are_encrypted_and_go_where_they_went() {
        let signal = signal(ARN);
        let clear = project(true, true, None);
        let expected = [
            "set logs of builds in CloudWatch and S3 encrypted (it is logs of builds in CloudWatch and S3 in the clear)",
        ];
        check(&EncryptBuildLogs, &clear, &signal, &expected);
        let plan = EncryptBuildLogs.plan(&clear, &Case { signal: &signal, now: now() });
        assert_eq!(plan.ask, None);
        assert_eq!(
            BuildProject::commands(&signal.place, &BuildProjectName("web".into()), &plan.changes),
            [
                r#"aws codebuild update-project --region eu-west-1 --name web --logs-config '{"cloudWatchLogs":{"status":"ENABLED","groupName":"builds"},"s3Logs":{"status":"ENABLED","encryptionDisabled":false,"location":"logs/web"}}'"#
            ]
        );
    }

    #[test]
    fn a_bucket_of_another_account_asks_first() {
        let signal = signal(ARN);
        let plan = EncryptBuildLogs
            .plan(&project(true, true, Some("FULL")), &Case { signal: &signal, now: now() });
        assert!(plan.ask.is_some());
    }

    #[test]
    fn encrypted_logs_and_none_are_left_alone() {
        for project in [project(true, false, None), project(false, true, None)] {
            check(&EncryptBuildLogs, &project, &signal(ARN), &[]);
        }
    }
}
