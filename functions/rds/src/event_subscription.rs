//! Facet: what an event subscription tells of.

use aws_sdk_rds::error::ProvideErrorMetadata;
use catalog::rds::{EventSubscription, EventSubscriptionId, EventSubscriptionSetting};
use futures_util::future;
use remedy::{Id, Place, Signal, Swap};
use runtime::{Cloud, Error};

use crate::{Rds, said::Answer};

impl Cloud<EventSubscription> for Rds {
    async fn load(
        &self,
        place: &Place,
        id: &EventSubscriptionId,
        _: &[&Signal],
    ) -> Result<Option<EventSubscription>, Error> {
        const GONE: Option<&str> = Some("SubscriptionNotFound");
        let rds = self.clients.at(place).await?;
        let what = format!("read event subscription {id}");
        let answer = Answer { rds: &rds, what: &what };
        let arn = id.arn(place);
        let (found, tags) = future::join(
            rds.client.describe_event_subscriptions().subscription_name(&id.0).send(),
            answer.tags_of(&arn, GONE),
        )
        .await;
        let found = match found {
            Ok(found) => found.event_subscriptions_list.unwrap_or_default().into_iter().next(),
            Err(error) if error.code() == GONE => None,
            Err(error) => return Err(rds.failed(&what, "rds:DescribeEventSubscriptions", &error)),
        };
        let (Some(found), Some(tags)) = (found, tags?) else { return Ok(None) };
        Ok(Some(EventSubscription {
            source: found.source_type,
            categories: found.event_categories_list.into_iter().flatten().collect(),
            enabled: answer.must(found.enabled, "whether it tells at all")?,
            tags,
        }))
    }

    async fn apply(
        &self,
        place: &Place,
        id: &EventSubscriptionId,
        changes: &[Swap<EventSubscriptionSetting>],
    ) -> Vec<Result<(), Error>> {
        let rds = match self.clients.at(place).await {
            Ok(rds) => rds,
            Err(error) => return vec![Err(error); changes.len()],
        };
        let mut results = Vec::with_capacity(changes.len());
        for Swap { to, .. } in changes {
            let call = rds.client.modify_event_subscription().subscription_name(&id.0);
            let call = match to {
                EventSubscriptionSetting::Enabled(on) => call.enabled(*on),
                EventSubscriptionSetting::Categories { source, list } => call
                    .source_type(source)
                    .set_event_categories(Some(list.iter().cloned().collect())),
            };
            let what = format!("set {to} of event subscription {id}");
            let result = call.send().await.map(drop);
            results.push(
                result.map_err(|error| rds.failed(&what, "rds:ModifyEventSubscription", &error)),
            );
        }
        results
    }
}
