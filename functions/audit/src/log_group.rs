//! Facet: for how long a log group keeps its logs.

use aws_sdk_cloudwatchlogs::{
    Client,
    error::ProvideErrorMetadata,
    types::{LogGroup as Found, LogGroupClass},
};
use catalog::audit::{LogGroup, LogGroupId, Retention};
use lambda::Local;
use remedy::{Id, Place, Signal, Swap, Tags};
use runtime::{Cloud, Error};

use crate::{Audit, Pages};

impl Cloud<LogGroup> for Audit {
    async fn load(
        &self,
        place: &Place,
        id: &LogGroupId,
        _: &[&Signal],
    ) -> Result<Option<LogGroup>, Error> {
        let logs = self.cloudwatchlogs.at(place).await?;
        let Some(found) = Box::pin(find(&logs, id)).await? else { return Ok(None) };
        let Some(tags) = tags(&logs, place, id).await? else { return Ok(None) };
        let days = found.retention_in_days.map(u32::try_from).transpose();
        let what = format!("read log group {id}");
        Ok(Some(LogGroup {
            days: days.map_err(|_| logs.odd(&what, "its retention is negative"))?,
            passes_on: found.log_group_class == Some(LogGroupClass::Delivery),
            tags,
        }))
    }

    async fn apply(
        &self,
        place: &Place,
        id: &LogGroupId,
        changes: &[Swap<Retention>],
    ) -> Vec<Result<(), Error>> {
        let logs = match self.cloudwatchlogs.at(place).await {
            Ok(logs) => logs,
            Err(error) => return vec![Err(error); changes.len()],
        };
        let mut results = Vec::with_capacity(changes.len());
        for change in changes {
            results.push(Box::pin(set(&logs, id, &change.to)).await);
        }
        results
    }
}

/// `CloudWatch` Logs finds groups by how their names begin only.
async fn find(logs: &Local<Client>, id: &LogGroupId) -> Result<Option<Found>, Error> {
    let what = format!("read log group {id}");
    let mut pages = Pages::default();
    while !pages.over {
        let call = logs.client.describe_log_groups().log_group_name_prefix(&id.0);
        let answer = call.set_next_token(pages.token.clone()).send().await;
        let answer =
            answer.map_err(|error| logs.failed(&what, "logs:DescribeLogGroups", &error))?;
        let mut found = answer.log_groups.unwrap_or_default().into_iter();
        if let Some(found) = found.find(|found| found.log_group_name() == Some(&id.0)) {
            return Ok(Some(found));
        }
        pages.turn(answer.next_token).map_err(|why| logs.odd(&what, why))?;
    }
    Ok(None)
}

/// The tags of a log group; none if it is gone.
pub(crate) async fn tags(
    logs: &Local<Client>,
    place: &Place,
    id: &LogGroupId,
) -> Result<Option<Tags>, Error> {
    let what = format!("read the tags of log group {id}");
    match logs.client.list_tags_for_resource().resource_arn(id.arn(place)).send().await {
        Ok(answer) => Ok(Some(answer.tags.unwrap_or_default().into_iter().collect())),
        Err(error) if error.code() == Some("ResourceNotFoundException") => Ok(None),
        Err(error) => Err(logs.failed(&what, "logs:ListTagsForResource", &error)),
    }
}

async fn set(logs: &Local<Client>, id: &LogGroupId, to: &Retention) -> Result<(), Error> {
    let what = format!("set {to} of log group {id}");
    let Some(days) = to.0 else {
        let answer = logs.client.delete_retention_policy().log_group_name(&id.0).send().await;
        return answer
            .map(drop)
            .map_err(|error| logs.failed(&what, "logs:DeleteRetentionPolicy", &error));
    };
    let days = i32::try_from(days).map_err(|_| logs.odd(&what, "that is too long"))?;
    let call = logs.client.put_retention_policy().log_group_name(&id.0).retention_in_days(days);
    let answer = call.send().await;
    answer.map(drop).map_err(|error| logs.failed(&what, "logs:PutRetentionPolicy", &error))
}
