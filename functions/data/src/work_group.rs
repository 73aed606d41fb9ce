//! Facet: how a work group of Athena is set up.

use aws_sdk_athena::{Client, error::ProvideErrorMetadata, types::WorkGroupConfigurationUpdates};
use catalog::data::{WorkGroup, WorkGroupId, WorkGroupSetting};
use futures_util::future;
use lambda::Local;
use remedy::{Id, Place, Signal, Swap, Tags};
use runtime::{Cloud, Error};

use crate::Data;

impl Cloud<WorkGroup> for Data {
    async fn load(
        &self,
        place: &Place,
        id: &WorkGroupId,
        _: &[&Signal],
    ) -> Result<Option<WorkGroup>, Error> {
        let athena = self.athena.at(place).await?;
        let what = format!("read work group {id}");
        let call = athena.client.get_work_group().work_group(&id.0);
        let (found, tags) =
            future::join(Box::pin(call.send()), Box::pin(tags(&athena, &what, id.arn(place))))
                .await;
        let found = match found {
            Ok(answer) => answer.work_group,
            Err(error) if error.message().is_some_and(is_gone) => None,
            Err(error) => return Err(athena.failed(&what, "athena:GetWorkGroup", &error)),
        };
        let Some(found) = found else { return Ok(None) };
        let metrics = found.configuration.and_then(|all| all.publish_cloud_watch_metrics_enabled);
        let why = "Athena does not tell whether it publishes metrics";
        Ok(Some(WorkGroup { metrics: metrics.ok_or_else(|| athena.odd(&what, why))?, tags: tags? }))
    }

    async fn apply(
        &self,
        place: &Place,
        id: &WorkGroupId,
        changes: &[Swap<WorkGroupSetting>],
    ) -> Vec<Result<(), Error>> {
        let athena = match self.athena.at(place).await {
            Ok(athena) => athena,
            Err(error) => return vec![Err(error); changes.len()],
        };
        let mut results = Vec::with_capacity(changes.len());
        for change in changes {
            let WorkGroupSetting::Metrics(on) = change.to;
            let updates = WorkGroupConfigurationUpdates::builder();
            let updates = updates.publish_cloud_watch_metrics_enabled(on).build();
            let call = athena.client.update_work_group().work_group(&id.0);
            let answer = call.configuration_updates(updates).send().await;
            let what = format!("set {} of work group {id}", change.to);
            let failed = |error| athena.failed(&what, "athena:UpdateWorkGroup", &error);
            results.push(answer.map(drop).map_err(failed));
        }
        results
    }
}

/// Athena has no code for it.
fn is_gone(message: &str) -> bool {
    message.to_ascii_lowercase().contains("is not found")
}

async fn tags(athena: &Local<Client>, what: &str, arn: String) -> Result<Tags, Error> {
    let (mut tags, mut next) = (Tags::new(), None);
    loop {
        let call = athena.client.list_tags_for_resource().resource_arn(&arn);
        let answer = call.set_next_token(next).send().await;
        let answer =
            answer.map_err(|error| athena.failed(what, "athena:ListTagsForResource", &error))?;
        let page = answer.tags.unwrap_or_default();
        tags.extend(
            page.into_iter().filter_map(|tag| Some((tag.key?, tag.value.unwrap_or_default()))),
        );
        next = answer.next_token;
        if next.is_none() {
            return Ok(tags);
        }
    }
}
