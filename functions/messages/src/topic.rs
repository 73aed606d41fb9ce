//! Facet: how a topic is set up.

use std::collections::HashMap;

use aws_sdk_sns::{Client, error::ProvideErrorMetadata};
use catalog::messages::{Policy, Topic, TopicId, TopicSetting};
use futures_util::future;
use lambda::Local;
use remedy::{Id, Place, Signal, Swap, Tags};
use runtime::{Cloud, Error};

use crate::Messages;

impl Cloud<Topic> for Messages {
    async fn load(
        &self,
        place: &Place,
        id: &TopicId,
        _: &[&Signal],
    ) -> Result<Option<Topic>, Error> {
        let sns = self.sns.at(place).await?;
        let Some((found, tags)) = read(&sns, place, id).await? else { return Ok(None) };
        let policy = policy(&sns, id, &found)?;
        let is_feedback =
            |name: &&String| name.ends_with("FeedbackRoleArn") && !found[*name].is_empty();
        let feedback = found.keys().filter(is_feedback).cloned().collect();
        let key = found.get("KmsMasterKeyId").filter(|key| !key.is_empty()).cloned();
        Ok(Some(Topic { key, feedback, policy, tags }))
    }

    async fn apply(
        &self,
        place: &Place,
        id: &TopicId,
        changes: &[Swap<TopicSetting>],
    ) -> Vec<Result<(), Error>> {
        let sns = match self.sns.at(place).await {
            Ok(sns) => sns,
            Err(error) => return vec![Err(error); changes.len()],
        };
        let mut results = Vec::with_capacity(changes.len());
        for change in changes {
            let TopicSetting::Key(key) = &change.to;
            let value = key.as_deref().unwrap_or_default();
            let what = format!("set {} of topic {id}", change.to);
            results.push(set(&sns, place, id, &what, "KmsMasterKeyId", value).await);
        }
        results
    }
}

/// All attributes of a topic, and its tags.
pub(crate) async fn read(
    sns: &Local<Client>,
    place: &Place,
    id: &TopicId,
) -> Result<Option<(HashMap<String, String>, Tags)>, Error> {
    let what = format!("read topic {id}");
    let arn = id.arn(place);
    let (found, tags) = future::join(
        Box::pin(sns.client.get_topic_attributes().topic_arn(&arn).send()),
        Box::pin(sns.client.list_tags_for_resource().resource_arn(&arn).send()),
    )
    .await;
    let found = match found {
        Ok(answer) => answer.attributes.unwrap_or_default(),
        Err(error) if is_gone(error.code()) => return Ok(None),
        Err(error) => return Err(sns.failed(&what, "sns:GetTopicAttributes", &error)),
    };
    let tags = match tags {
        Ok(answer) => answer.tags.unwrap_or_default(),
        Err(error) if is_gone(error.code()) => return Ok(None),
        Err(error) => return Err(sns.failed(&what, "sns:ListTagsForResource", &error)),
    };
    Ok(Some((found, tags.into_iter().map(|tag| (tag.key, tag.value)).collect())))
}

fn is_gone(code: Option<&str>) -> bool {
    matches!(
        code,
        Some("NotFound" | "NotFoundException" | "ResourceNotFound" | "ResourceNotFoundException")
    )
}

/// The policy that is among a topic's attributes.
pub(crate) fn policy(
    sns: &Local<Client>,
    id: &TopicId,
    found: &HashMap<String, String>,
) -> Result<Policy, Error> {
    let what = format!("read the policy of topic {id}");
    let text = found.get("Policy").ok_or_else(|| sns.odd(&what, "SNS does not tell it"))?;
    Policy::parse(text).map_err(|error| sns.odd(&what, &error.to_string()))
}

pub(crate) async fn set(
    sns: &Local<Client>,
    place: &Place,
    id: &TopicId,
    what: &str,
    attribute: &str,
    value: &str,
) -> Result<(), Error> {
    let call = sns.client.set_topic_attributes().topic_arn(id.arn(place));
    let call = call.attribute_name(attribute).attribute_value(value);
    let answer = call.send().await;
    answer.map(drop).map_err(|error| sns.failed(what, "sns:SetTopicAttributes", &error))
}
