//! Facet: how a queue is set up.

use std::collections::HashMap;

use aws_sdk_sqs::{Client, error::ProvideErrorMetadata, types::QueueAttributeName};
use catalog::messages::{Policy, Queue, QueueId, QueueSetting};
use futures_util::future;
use lambda::Local;
use remedy::{Place, Signal, Swap, Tags};
use runtime::{Cloud, Error};

use crate::Messages;

/// A queue, as it was found.
pub(crate) struct Found {
    pub(crate) url: String,
    pub(crate) attributes: HashMap<QueueAttributeName, String>,
    pub(crate) tags: Tags,
}

impl Cloud<Queue> for Messages {
    async fn load(
        &self,
        place: &Place,
        id: &QueueId,
        _: &[&Signal],
    ) -> Result<Option<Queue>, Error> {
        let sqs = self.sqs.at(place).await?;
        let Some(found) = read(&sqs, place, id).await? else { return Ok(None) };
        let policy = policy(&sqs, id, &found)?;
        let key = found.attributes.get(&QueueAttributeName::KmsMasterKeyId);
        let key = key.filter(|key| !key.is_empty()).cloned();
        let managed = match found.attributes.get(&QueueAttributeName::SqsManagedSseEnabled) {
            Some(is) => is.eq_ignore_ascii_case("true"),
            None if key.is_some() => false,
            None => {
                let what = format!("read queue {id}");
                return Err(sqs.odd(&what, "SQS does not tell whether it is encrypted"));
            }
        };
        Ok(Some(Queue { key, managed, policy, tags: found.tags }))
    }

    async fn apply(
        &self,
        place: &Place,
        id: &QueueId,
        changes: &[Swap<QueueSetting>],
    ) -> Vec<Result<(), Error>> {
        let url = match self.sqs.at(place).await {
            Ok(sqs) => url(&sqs, place, id).await.map(|url| (sqs, url)),
            Err(error) => Err(error),
        };
        let (sqs, url) = match url {
            Ok((sqs, Some(url))) => (sqs, url),
            Ok((sqs, None)) => {
                let gone = sqs.odd(&format!("set up queue {id}"), "the queue is gone");
                return vec![Err(gone); changes.len()];
            }
            Err(error) => return vec![Err(error); changes.len()],
        };
        let mut results = Vec::with_capacity(changes.len());
        for change in changes {
            let QueueSetting::ManagedEncryption(on) = change.to;
            let what = format!("set {} of queue {id}", change.to);
            let name = QueueAttributeName::SqsManagedSseEnabled;
            results.push(set(&sqs, &url, &what, name, &on.to_string()).await);
        }
        results
    }
}

/// A queue's address, if there is such a queue.
async fn url(sqs: &Local<Client>, place: &Place, id: &QueueId) -> Result<Option<String>, Error> {
    let what = format!("find queue {id}");
    let call = sqs.client.get_queue_url().queue_name(&id.0);
    match call.queue_owner_aws_account_id(&place.account).send().await {
        Ok(answer) => match answer.queue_url {
            Some(url) => Ok(Some(url)),
            None => Err(sqs.odd(&what, "SQS does not tell its address")),
        },
        Err(error) if is_gone(error.code()) => Ok(None),
        Err(error) => Err(sqs.failed(&what, "sqs:GetQueueUrl", &error)),
    }
}

/// All attributes of a queue, and its tags.
pub(crate) async fn read(
    sqs: &Local<Client>,
    place: &Place,
    id: &QueueId,
) -> Result<Option<Found>, Error> {
    let Some(url) = url(sqs, place, id).await? else { return Ok(None) };
    let what = format!("read queue {id}");
    let attributes = sqs.client.get_queue_attributes().queue_url(&url);
    let (found, tags) = future::join(
        Box::pin(attributes.attribute_names(QueueAttributeName::All).send()),
        Box::pin(sqs.client.list_queue_tags().queue_url(&url).send()),
    )
    .await;
    let attributes = match found {
        Ok(answer) => answer.attributes.unwrap_or_default(),
        Err(error) if is_gone(error.code()) => return Ok(None),
        Err(error) => return Err(sqs.failed(&what, "sqs:GetQueueAttributes", &error)),
    };
    let tags = match tags {
        Ok(answer) => answer.tags.unwrap_or_default(),
        Err(error) if is_gone(error.code()) => return Ok(None),
        Err(error) => return Err(sqs.failed(&what, "sqs:ListQueueTags", &error)),
    };
    Ok(Some(Found { url, attributes, tags: tags.into_iter().collect() }))
}

fn is_gone(code: Option<&str>) -> bool {
    code.is_some_and(|code| {
        code.ends_with("NonExistentQueue") || code.ends_with("QueueDoesNotExist")
    })
}

/// The policy that is among a queue's attributes; many have none.
pub(crate) fn policy(sqs: &Local<Client>, id: &QueueId, found: &Found) -> Result<Policy, Error> {
    let text = found.attributes.get(&QueueAttributeName::Policy).map_or("", String::as_str);
    let what = format!("read the policy of queue {id}");
    Policy::parse(text).map_err(|error| sqs.odd(&what, &error.to_string()))
}

pub(crate) async fn set(
    sqs: &Local<Client>,
    url: &str,
    what: &str,
    name: QueueAttributeName,
    value: &str,
) -> Result<(), Error> {
    let call = sqs.client.set_queue_attributes().queue_url(url).attributes(name, value);
    let answer = call.send().await;
    answer.map(drop).map_err(|error| sqs.failed(what, "sqs:SetQueueAttributes", &error))
}
