//! Tells people, once, where they look.
//!
//! What to tell whom and when is decided by `routing`; here it is read, told and written down. What could not
//! be told comes again, and in the end rests in the dead-letter queue.

mod about;
pub mod advice;
mod channels;
pub mod hub;
mod in_force;
mod intake;
mod post;
mod secrets;
mod store;
#[cfg(test)]
mod tests;
mod tick;

use lambda::{Answers, AwsDesk, Clients, Outside, RECORD_DAYS, Shell};
use remedy::{Arn, Own, Parameter, Place, Timestamp, Wrong};
use runtime::{Clock, Report, batch_response};
use serde_json::{Value, json};

use advice::Adviser;
use channels::{Channels, Topics};
use hub::Hub;
use in_force::InForce;
use post::Post;
use secrets::Secrets;
use store::Store;

/// Where mail goes.
pub const MAIL_TOPIC_ARN: Parameter = Parameter {
    name: "MailTopicArn",
    default: "",
    allowed: "the ARN of the stack's SNS topic for mail",
    about: "where what people read by mail is published",
};

/// Who tells people.
#[derive(Debug)]
pub struct Notify {
    desk: AwsDesk,
    own: Own,
    home: Place,
    rules: InForce,
    store: Store,
    channels: Channels,
    adviser: Adviser,
    hub: Hub,
}

impl Notify {
    /// As the operator set it.
    ///
    /// # Errors
    /// If a parameter is set to what it cannot be.
    pub fn new(shell: Shell) -> Result<Self, Wrong> {
        Self::over(shell, Outside::default())
    }

    /// The same, with these connections to who is not AWS.
    fn over(shell: Shell, outside: Outside) -> Result<Self, Wrong> {
        let topic = |text: &str| {
            Arn::parse(text).filter(|arn| arn.service == "sns").map(|_| text.to_owned())
        };
        let mail = shell.settings.read(&MAIL_TOPIC_ARN, topic)?;
        let keep = lambda::days(&shell.settings, &RECORD_DAYS)?;
        let dynamodb = shell.at_home("DYNAMODB", aws_sdk_dynamodb::Client::new);
        let secrets = shell.at_home("SECRETS_MANAGER", aws_sdk_secretsmanager::Client::new);
        let sns = Clients::new(&shell.accounts, "SNS", aws_sdk_sns::Client::new);
        let channels = Channels {
            post: Post::new(outside, Secrets::new(secrets)),
            topics: Topics::new(sns, shell.home().clone(), mail),
        };
        Ok(Self {
            rules: InForce::new(shell.desk.table().clone()),
            store: Store::new(dynamodb, shell.desk.table().name(), keep),
            channels,
            adviser: Adviser::new(&shell)?,
            hub: Hub::new(&shell),
            home: shell.home().clone(),
            own: shell.own,
            desk: shell.desk,
        })
    }

    fn now(&self) -> Timestamp {
        self.desk.now()
    }
}

impl Answers for Notify {
    fn desk(&self) -> &AwsDesk {
        &self.desk
    }

    async fn answer(&self, request: Value, until: Timestamp) -> (Value, Vec<Report>) {
        let (again, is_batch) = self.handle(request, until).await;
        let answer = match is_batch {
            true => batch_response(&again),
            false => json!({ "failed": again }),
        };
        (answer, Vec::new())
    }
}

/// The answer to what arrives where a setting of the stack cannot be: all of it comes again.
pub fn sorry(request: Value) -> Value {
    match remedy::delivery(request) {
        remedy::Delivery::Batch(messages) => {
            let ids: Vec<_> = messages.into_iter().map(|message| message.id).collect();
            batch_response(&ids)
        }
        remedy::Delivery::Bare(_) => Value::Null,
    }
}
