//! Facet: who may use a topic.

use aws_sdk_sns::Client;
use catalog::messages::{TopicId, TopicPolicy, TopicPolicyEdit};
use lambda::Local;
use remedy::{Id, Place, Signal};
use runtime::{Cloud, Error};

use crate::{Messages, topic};

impl Cloud<TopicPolicy> for Messages {
    async fn load(
        &self,
        place: &Place,
        id: &TopicId,
        _: &[&Signal],
    ) -> Result<Option<TopicPolicy>, Error> {
        let sns = self.sns.at(place).await?;
        let Some((found, tags)) = topic::read(&sns, place, id).await? else { return Ok(None) };
        let policy = topic::policy(&sns, id, &found)?;
        Ok(Some(TopicPolicy { arn: id.arn(place), policy, tags }))
    }

    /// All edits are made of the policy as it is now, in one write.
    async fn apply(
        &self,
        place: &Place,
        id: &TopicId,
        changes: &[TopicPolicyEdit],
    ) -> Vec<Result<(), Error>> {
        let edited = match self.sns.at(place).await {
            Ok(sns) => edit(&sns, place, id, changes).await,
            Err(error) => Err(error),
        };
        vec![edited; changes.len()]
    }
}

async fn edit(
    sns: &Local<Client>,
    place: &Place,
    id: &TopicId,
    edits: &[TopicPolicyEdit],
) -> Result<(), Error> {
    let what = format!("edit the policy of topic {id}");
    let Some((found, _)) = topic::read(sns, place, id).await? else {
        return Err(sns.odd(&what, "the topic is gone"));
    };
    let is = topic::policy(sns, id, &found)?;
    let edited = edits.iter().fold(is.clone(), |policy, edit| edit.0.on(policy));
    if edited == is {
        return Ok(());
    }
    if edited.statements().is_empty() {
        return Err(sns.odd(&what, "nothing would be left of it, which SNS does not take"));
    }
    topic::set(sns, place, id, &what, "Policy", &edited.to_string()).await
}
