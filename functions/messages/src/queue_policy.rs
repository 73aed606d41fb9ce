//! Facet: who may use a queue.

use aws_sdk_sqs::{Client, types::QueueAttributeName};
use catalog::messages::{QueueId, QueuePolicy, QueuePolicyEdit};
use lambda::Local;
use remedy::{Id, Place, Signal};
use runtime::{Cloud, Error};

use crate::{Messages, queue};

impl Cloud<QueuePolicy> for Messages {
    async fn load(
        &self,
        place: &Place,
        id: &QueueId,
        _: &[&Signal],
    ) -> Result<Option<QueuePolicy>, Error> {
        let sqs = self.sqs.at(place).await?;
        let Some(found) = queue::read(&sqs, place, id).await? else { return Ok(None) };
        let policy = queue::policy(&sqs, id, &found)?;
        Ok(Some(QueuePolicy { arn: id.arn(place), policy, tags: found.tags }))
    }

    /// All edits are made of the policy as it is now, in one write.
    async fn apply(
        &self,
        place: &Place,
        id: &QueueId,
        changes: &[QueuePolicyEdit],
    ) -> Vec<Result<(), Error>> {
        let edited = match self.sqs.at(place).await {
            Ok(sqs) => edit(&sqs, place, id, changes).await,
            Err(error) => Err(error),
        };
        vec![edited; changes.len()]
    }
}

async fn edit(
    sqs: &Local<Client>,
    place: &Place,
    id: &QueueId,
    edits: &[QueuePolicyEdit],
) -> Result<(), Error> {
    let what = format!("edit the policy of queue {id}");
    let Some(found) = queue::read(sqs, place, id).await? else {
        return Err(sqs.odd(&what, "the queue is gone"));
    };
    let is = queue::policy(sqs, id, &found)?;
    let edited = edits.iter().fold(is.clone(), |policy, edit| edit.0.on(policy));
    if edited == is {
        return Ok(());
    }
    let none = edited.statements().is_empty();
    let text = if none { String::new() } else { edited.to_string() };
    queue::set(sqs, &found.url, &what, QueueAttributeName::Policy, &text).await
}
