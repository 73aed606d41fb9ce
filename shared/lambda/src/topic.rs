//! The messages, to the stack's topic.

use aws_sdk_sns::{Client, types::MessageAttributeValue};
use runtime::{Error, Notice};

use crate::Local;

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
        for (name, value) in &notice.attributes {
            let value = MessageAttributeValue::builder().data_type("String").string_value(value);
            let value = value.build().map_err(aws_sdk_sns::error::SdkError::construction_failure);
            call = call.message_attributes(*name, value.map_err(|error| failed(&error))?);
        }
        call.send().await.map(drop).map_err(|error| failed(&error))
    }
}
