//! Facet: the key of an event data store.

use aws_sdk_cloudtrail::{Client, error::ProvideErrorMetadata, types::EventDataStoreStatus};
use catalog::audit::{EventStore, EventStoreId, EventStoreKey};
use lambda::Local;
use remedy::{Id, Place, Signal, Swap};
use runtime::{Cloud, Error};

use crate::{Audit, trail};

impl Cloud<EventStore> for Audit {
    async fn load(
        &self,
        place: &Place,
        id: &EventStoreId,
        _: &[&Signal],
    ) -> Result<Option<EventStore>, Error> {
        let cloudtrail = self.cloudtrail.at(place).await?;
        let what = format!("read event data store {id}");
        let arn = id.arn(place);
        let found =
            match cloudtrail.client.get_event_data_store().event_data_store(&arn).send().await {
                Ok(found) => found,
                Err(error) if error.code() == Some("EventDataStoreNotFoundException") => {
                    return Ok(None);
                }
                Err(error) => {
                    return Err(cloudtrail.failed(&what, "cloudtrail:GetEventDataStore", &error));
                }
            };
        let organization = found.organization_enabled;
        Ok(Some(EventStore {
            organization: organization
                .ok_or_else(|| cloudtrail.odd(&what, "it does not say whose events it holds"))?,
            deleted: found.status == Some(EventDataStoreStatus::PendingDeletion),
            key: found.kms_key_id.filter(|key| !key.is_empty()),
            name: found.name.unwrap_or_default(),
            tags: trail::tags(&cloudtrail, &arn).await?,
        }))
    }

    async fn apply(
        &self,
        place: &Place,
        id: &EventStoreId,
        changes: &[Swap<EventStoreKey>],
    ) -> Vec<Result<(), Error>> {
        let cloudtrail = match self.cloudtrail.at(place).await {
            Ok(cloudtrail) => cloudtrail,
            Err(error) => return vec![Err(error); changes.len()],
        };
        let arn = id.arn(place);
        let mut results = Vec::with_capacity(changes.len());
        for change in changes {
            results.push(Box::pin(set(&cloudtrail, &arn, &change.to)).await);
        }
        results
    }
}

async fn set(cloudtrail: &Local<Client>, arn: &str, to: &EventStoreKey) -> Result<(), Error> {
    let what = format!("set {to} of event data store {arn}");
    let call = cloudtrail.client.update_event_data_store().event_data_store(arn);
    let answer = call.kms_key_id(to.0.as_deref().unwrap_or_default()).send().await;
    answer
        .map(drop)
        .map_err(|error| cloudtrail.failed(&what, "cloudtrail:UpdateEventDataStore", &error))
}
