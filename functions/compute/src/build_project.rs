//! Facet: what a build project lets its builds do, and what is kept of them.

use std::collections::BTreeSet;

use aws_sdk_codebuild::{
    Client,
    error::{BuildError, ProvideErrorMetadata},
    types::{
        BucketOwnerAccess, CloudWatchLogsConfig, EnvironmentVariableType, LogsConfig,
        LogsConfigStatusType, Project, ProjectEnvironment, S3LogsConfig, Tag,
    },
};
use catalog::compute::{
    BuildLogs, BuildProject, BuildProjectName, BuildSetting, CloudWatchLogs, S3Logs, is_telling,
};
use lambda::Local;
use remedy::{Place, Signal, Swap, Tags};
use runtime::{Cloud, Error};

use crate::{Compute, busy};

impl Cloud<BuildProject> for Compute {
    async fn load(
        &self,
        place: &Place,
        id: &BuildProjectName,
        _: &[&Signal],
    ) -> Result<Option<BuildProject>, Error> {
        let codebuild = self.codebuild.at(place).await?;
        let what = format!("read build project {id}");
        let Some(found) = find(&codebuild, id, &what).await? else { return Ok(None) };
        let telling_sources = telling(&found);
        let environment = found.environment;
        let environment = environment
            .ok_or_else(|| codebuild.odd(&what, "it does not say what builds run in"))?;
        let is_privileged = environment.privileged_mode.unwrap_or_default();
        Ok(Some(BuildProject {
            name: id.0.clone(),
            role: found.service_role.unwrap_or_default(),
            is_privileged,
            logs: logs(found.logs_config),
            plain_variables: plain(environment),
            telling_sources,
            tags: tags(found.tags),
        }))
    }

    async fn apply(
        &self,
        place: &Place,
        id: &BuildProjectName,
        changes: &[Swap<BuildSetting>],
    ) -> Vec<Result<(), Error>> {
        let codebuild = match self.codebuild.at(place).await {
            Ok(codebuild) => codebuild,
            Err(error) => return vec![Err(error); changes.len()],
        };
        let mut results = Vec::with_capacity(changes.len());
        for change in changes {
            results.push(set(&codebuild, id, &change.to).await);
        }
        results
    }
}

async fn find(
    codebuild: &Local<Client>,
    id: &BuildProjectName,
    what: &str,
) -> Result<Option<Project>, Error> {
    let answer = codebuild.client.batch_get_projects().names(&id.0).send().await;
    let answer =
        answer.map_err(|error| codebuild.failed(what, "codebuild:BatchGetProjects", &error))?;
    Ok(answer.projects.unwrap_or_default().into_iter().next())
}

/// The sources whose address holds credentials, by what they are called. The addresses go no further.
fn telling(found: &Project) -> BTreeSet<String> {
    let sources = found.source.iter().chain(found.secondary_sources.iter().flatten());
    let telling = sources.filter(|source| source.location.as_deref().is_some_and(is_telling));
    telling.map(|source| source.source_identifier.clone().unwrap_or_default()).collect()
}

/// The names of the variables whose value is in the clear. The values go no further.
fn plain(environment: ProjectEnvironment) -> BTreeSet<String> {
    let variables = environment.environment_variables.unwrap_or_default();
    let is_plain = |kind: Option<&EnvironmentVariableType>| {
        kind.is_none_or(|kind| *kind == EnvironmentVariableType::Plaintext)
    };
    let plain = variables.into_iter().filter(|variable| is_plain(variable.r#type.as_ref()));
    plain.map(|variable| variable.name).collect()
}

/// A project that says nothing of its logs has them in `CloudWatch`.
fn logs(found: Option<LogsConfig>) -> BuildLogs {
    let on = |status: &LogsConfigStatusType| *status == LogsConfigStatusType::Enabled;
    let (cloud_watch, s3) =
        found.map_or((None, None), |logs| (logs.cloud_watch_logs, logs.s3_logs));
    let by_default = CloudWatchLogs { is_on: true, ..CloudWatchLogs::default() };
    BuildLogs {
        cloud_watch: cloud_watch.map_or(by_default, |logs| CloudWatchLogs {
            is_on: on(&logs.status),
            group: logs.group_name,
            stream: logs.stream_name,
        }),
        s3: s3.map_or_else(S3Logs::default, |logs| S3Logs {
            is_on: on(&logs.status),
            location: logs.location,
            is_clear: logs.encryption_disabled.unwrap_or_default(),
            owner_access: logs.bucket_owner_access.map(|access| access.as_str().to_owned()),
        }),
    }
}

pub(crate) fn tags(tags: Option<Vec<Tag>>) -> Tags {
    let pair = |tag: Tag| Some((tag.key?, tag.value.unwrap_or_default()));
    tags.unwrap_or_default().into_iter().filter_map(pair).collect()
}

async fn set(
    codebuild: &Local<Client>,
    id: &BuildProjectName,
    to: &BuildSetting,
) -> Result<(), Error> {
    let what = format!("set {to} of build project {id}");
    let call = codebuild.client.update_project().name(&id.0);
    let call = match to {
        BuildSetting::Logs(logs) => {
            let logs = config(logs).map_err(|error| codebuild.odd(&what, &error.to_string()))?;
            call.logs_config(logs)
        }
        // An environment is replaced as a whole: it goes back as it came, but for this.
        BuildSetting::Privileged(on) => {
            let found = find(codebuild, id, &what).await?.and_then(|found| found.environment);
            let mut environment = found.ok_or_else(|| codebuild.odd(&what, "it is gone"))?;
            environment.privileged_mode = Some(*on);
            call.environment(environment)
        }
    };
    call.send().await.map(drop).map_err(|error| {
        let failed = codebuild.failed(&what, "codebuild:UpdateProject", &error);
        if error.code() == Some("ConcurrentModificationException") { busy(failed) } else { failed }
    })
}

fn config(logs: &BuildLogs) -> Result<LogsConfig, BuildError> {
    let status = |is_on: bool| match is_on {
        true => LogsConfigStatusType::Enabled,
        false => LogsConfigStatusType::Disabled,
    };
    let BuildLogs { cloud_watch, s3 } = logs;
    let cloud_watch = CloudWatchLogsConfig::builder()
        .status(status(cloud_watch.is_on))
        .set_group_name(cloud_watch.group.clone())
        .set_stream_name(cloud_watch.stream.clone())
        .build()?;
    let access = s3.owner_access.as_deref().map(BucketOwnerAccess::from);
    let s3 = S3LogsConfig::builder()
        .status(status(s3.is_on))
        .set_location(s3.location.clone())
        .encryption_disabled(s3.is_clear)
        .set_bucket_owner_access(access)
        .build()?;
    Ok(LogsConfig::builder().cloud_watch_logs(cloud_watch).s3_logs(s3).build())
}
