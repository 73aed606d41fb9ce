//! What RDS says, in our words.

use std::collections::BTreeSet;

use aws_sdk_rds::{
    Client,
    error::ProvideErrorMetadata,
    types::{CloudwatchLogsExportConfiguration, PendingCloudwatchLogsExports, Tag},
};
use catalog::rds::{Monitoring, Value};
use lambda::Local;
use remedy::Tags;
use runtime::Error;

/// An answer that is being read.
pub(crate) struct Answer<'a> {
    pub(crate) rds: &'a Local<Client>,
    /// What was to be done.
    pub(crate) what: &'a str,
}

impl Answer<'_> {
    /// `said`, which must be said.
    pub(crate) fn must<T>(&self, said: Option<T>, whether: &str) -> Result<T, Error> {
        said.ok_or_else(|| self.rds.odd(self.what, &format!("it does not say {whether}")))
    }

    /// The tags of what the ARN names; none: it is gone, as the code `gone` says.
    pub(crate) async fn tags_of(
        &self,
        arn: &str,
        gone: Option<&str>,
    ) -> Result<Option<Tags>, Error> {
        match self.rds.client.list_tags_for_resource().resource_name(arn).send().await {
            Ok(answer) => Ok(Some(tags(answer.tag_list))),
            Err(error) if error.code() == gone => Ok(None),
            Err(error) => Err(self.rds.failed(self.what, "rds:ListTagsForResource", &error)),
        }
    }

    /// How many days, which is no less than none.
    pub(crate) fn days(&self, said: Option<i32>) -> Result<u32, Error> {
        let days = said.and_then(|days| u32::try_from(days).ok());
        self.must(days, "for how long backups are kept")
    }

    /// Enhanced monitoring, if it is on.
    pub(crate) fn monitoring(
        &self,
        seconds: Option<i32>,
        role: Option<String>,
    ) -> Result<Option<Monitoring>, Error> {
        match seconds.and_then(|seconds| u32::try_from(seconds).ok()).filter(|s| *s > 0) {
            None => Ok(None),
            Some(seconds) => {
                let role = self.must(role, "as which role it is monitored")?;
                Ok(Some(Monitoring { seconds, role }))
            }
        }
    }
}

/// The logs that are sent, once what is under way is done.
pub(crate) fn logs(
    sent: Option<Vec<String>>,
    pending: Option<PendingCloudwatchLogsExports>,
) -> BTreeSet<String> {
    let mut logs: BTreeSet<_> = sent.into_iter().flatten().collect();
    if let Some(pending) = pending {
        logs.extend(pending.log_types_to_enable.into_iter().flatten());
        for log in pending.log_types_to_disable.into_iter().flatten() {
            logs.remove(&log);
        }
    }
    logs
}

/// What makes the logs among `values` be sent, or not any more.
pub(crate) fn exports<'a>(
    values: impl Iterator<Item = &'a Value>,
) -> CloudwatchLogsExportConfiguration {
    values
        .fold(CloudwatchLogsExportConfiguration::builder(), |exports, value| match value {
            Value::Log(log, true) => exports.enable_log_types(log),
            Value::Log(log, false) => exports.disable_log_types(log),
            Value::Switch(..) | Value::BackupDays(_) | Value::Monitoring(_) => exports,
        })
        .build()
}

pub(crate) fn tags(tags: Option<Vec<Tag>>) -> Tags {
    let pair = |tag: Tag| Some((tag.key?, tag.value.unwrap_or_default()));
    tags.unwrap_or_default().into_iter().filter_map(pair).collect()
}

/// RDS takes numbers with a sign; none of ours is large.
pub(crate) fn signed(number: u32) -> i32 {
    i32::try_from(number).unwrap_or(i32::MAX)
}
