//! Facet: what a state machine logs.

use std::collections::BTreeSet;

use aws_sdk_sfn::{
    error::ProvideErrorMetadata,
    types::{
        self, CloudWatchLogsLogGroup, LogDestination, LoggingConfiguration, StateMachineStatus, Tag,
    },
};
use catalog::compute::{LogLevel, StateMachine, StateMachineName, StateMachineSetting};
use futures_util::future;
use remedy::{Id, Place, Signal, Swap};
use runtime::{Cloud, Error};

use crate::Compute;

impl Cloud<StateMachine> for Compute {
    async fn load(
        &self,
        place: &Place,
        id: &StateMachineName,
        _: &[&Signal],
    ) -> Result<Option<StateMachine>, Error> {
        let sfn = self.sfn.at(place).await?;
        let what = format!("read state machine {id}");
        let arn = id.arn(place);
        let (found, tags) = future::join(
            sfn.client.describe_state_machine().state_machine_arn(&arn).send(),
            sfn.client.list_tags_for_resource().resource_arn(&arn).send(),
        )
        .await;
        let found = match found {
            Ok(found) => found,
            Err(error) if error.code() == Some("StateMachineDoesNotExist") => return Ok(None),
            Err(error) => return Err(sfn.failed(&what, "states:DescribeStateMachine", &error)),
        };
        let tags = tags.map_err(|error| sfn.failed(&what, "states:ListTagsForResource", &error))?;
        let logging = found.logging_configuration;
        // What never logged says nothing of it.
        let level = logging.as_ref().and_then(|logging| logging.level.as_ref());
        let level = level.map_or(Some(LogLevel::Off), |level| LogLevel::of(level.as_str()));
        let level = level.ok_or_else(|| sfn.odd(&what, "it logs at a level that is not known"))?;
        let pair = |tag: Tag| Some((tag.key?, tag.value.unwrap_or_default()));
        Ok(Some(StateMachine {
            name: id.0.clone(),
            is_active: found.status != Some(StateMachineStatus::Deleting),
            role: found.role_arn,
            level,
            with_data: logging.as_ref().is_some_and(|logging| logging.include_execution_data),
            groups: groups(logging),
            tags: tags.tags.unwrap_or_default().into_iter().filter_map(pair).collect(),
        }))
    }

    async fn apply(
        &self,
        place: &Place,
        id: &StateMachineName,
        changes: &[Swap<StateMachineSetting>],
    ) -> Vec<Result<(), Error>> {
        let sfn = match self.sfn.at(place).await {
            Ok(sfn) => sfn,
            Err(error) => return vec![Err(error); changes.len()],
        };
        let mut results = Vec::with_capacity(changes.len());
        for Swap { to, .. } in changes {
            let call = sfn.client.update_state_machine().state_machine_arn(id.arn(place));
            let made = call.logging_configuration(logging(to)).send().await;
            let what = format!("set {to} of state machine {id}");
            let needs = "states:UpdateStateMachine";
            results.push(made.map(drop).map_err(|error| sfn.failed(&what, needs, &error)));
        }
        results
    }
}

fn groups(logging: Option<LoggingConfiguration>) -> BTreeSet<String> {
    let destinations = logging.and_then(|logging| logging.destinations).unwrap_or_default();
    let groups = destinations.into_iter().filter_map(|to| to.cloud_watch_logs_log_group);
    groups.filter_map(|group| group.log_group_arn).collect()
}

fn logging(to: &StateMachineSetting) -> LoggingConfiguration {
    let StateMachineSetting::Logs { level, with_data, groups } = to;
    let destination = |arn: &String| {
        let group = CloudWatchLogsLogGroup::builder().log_group_arn(arn).build();
        LogDestination::builder().cloud_watch_logs_log_group(group).build()
    };
    LoggingConfiguration::builder()
        .level(types::LogLevel::from(level.word()))
        .include_execution_data(*with_data)
        .set_destinations(Some(groups.iter().map(destination).collect()))
        .build()
}
