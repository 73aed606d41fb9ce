//! The messages, to the stack's topic.

use aws_sdk_sns::{Client, types::MessageAttributeValue};
use runtime::{Error, Notice};

use crate::Local;

/// The attribute of a message that holds its news as JSON, for the function that tells channels.
pub const NEWS: &str = "news";

/// The topic.
#[derive(Debug)]
pub(crate) struct Topic {
    pub(crate) sns: Local<Client>,
    pub(crate) arn: String,
}

impl Topic {
    /// As [`runtime::Herald::publish`].
    pub(crate) async fn publish(&self, notice: &Notice) -> Result<(), Error> {
        let failed =
            |error: &_| self.sns.failed(&format!("publish to {}", self.arn), "sns:Publish", error);
        let mut call = self
            .sns
            .client
            .publish()
            .topic_arn(&self.arn)
            .subject(&notice.subject)
            .message(&notice.text);
        let news = serde_json::to_string(&notice.news).map_err(|error| {
            self.sns.odd("publish", &format!("it cannot be written as JSON: {error}"))
        })?;
        let attributes = notice.attributes.iter().map(|(name, value)| (*name, value.as_str()));
        for (name, value) in attributes.chain([(NEWS, news.as_str())]) {
            let value = MessageAttributeValue::builder().data_type("String").string_value(value);
            let value = value.build().map_err(aws_sdk_sns::error::SdkError::construction_failure);
            call = call.message_attributes(name, value.map_err(|error| failed(&error))?);
        }
        call.send().await.map(drop).map_err(|error| failed(&error))
    }
}
