//! The short mail, to the stack's topic for mail.

use aws_sdk_sns::Client;
use lambda::Local;
use runtime::Error;
use summary::Report;

/// Who mails.
#[derive(Debug)]
pub(crate) struct Mail {
    pub(crate) sns: Local<Client>,
    pub(crate) topic: String,
}

impl Mail {
    /// Mails what `report` says in short, and where the whole is.
    pub(crate) async fn send(&self, report: &Report, link: &str) -> Result<(), Error> {
        let (subject, text) = summary::digest(report, Some(link));
        let call = self.sns.client.publish().topic_arn(&self.topic).subject(subject).message(text);
        call.send().await.map(drop).map_err(|error| {
            self.sns.failed(&format!("publish to {}", self.topic), "sns:Publish", &error)
        })
    }
}
