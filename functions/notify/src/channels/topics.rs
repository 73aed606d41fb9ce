//! Topics of SNS, wherever they are.

use std::{collections::HashMap, fmt};

use aws_sdk_sns::{Client, types::MessageAttributeValue};
use lambda::Clients;
use remedy::{Arn, Place};

use crate::post::Fault;

/// The topics that channels are reached by.
pub(crate) struct Topics {
    sns: Clients<Client>,
    home: Place,
    /// The stack's own, for mail.
    mail: String,
}

impl Topics {
    /// `mail` is the stack's own topic for mail.
    pub(crate) fn new(sns: Clients<Client>, home: Place, mail: String) -> Self {
        Self { sns, home, mail }
    }

    /// The stack's own topic for mail.
    pub(super) fn mail(&self) -> &str {
        &self.mail
    }

    /// Publishes; `attributes` are what subscribers can filter by.
    pub(super) async fn publish(
        &self,
        topic: &str,
        subject: Option<&str>,
        text: &str,
        attributes: &[(&str, &str)],
    ) -> Result<(), Fault> {
        // As ourselves, also to topics of other accounts: these say who may.
        let place = match Arn::parse(topic).filter(|arn| arn.service == "sns") {
            Some(arn) => Place { region: arn.region.into(), ..self.home.clone() },
            None => return Err(Fault::Never("the topic is no ARN of a topic".into())),
        };
        let sns = self.sns.at(&place).await?;
        let mut values = HashMap::new();
        for (name, value) in attributes {
            let value = MessageAttributeValue::builder().data_type("String").string_value(*value);
            let value = value.build().map_err(|error| Fault::Never(error.to_string()))?;
            values.insert((*name).to_owned(), value);
        }
        let call = sns.client.publish().topic_arn(topic).message(text);
        let call = call.set_subject(subject.map(str::to_owned));
        let call = call.set_message_attributes(Some(values).filter(|values| !values.is_empty()));
        let sent = call.send().await;
        sent.map(drop).map_err(|error| {
            sns.failed(&format!("publish to {topic}"), "sns:Publish", &error).into()
        })
    }
}

impl fmt::Debug for Topics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Topics")
    }
}
