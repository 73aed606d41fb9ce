//! What was asked and answered, kept for whoever wants to know later what left the account.

use aws_sdk_s3::{Client, primitives::ByteStream};
use chrono::SecondsFormat;
use lambda::{Local, Shell};
use remedy::Timestamp;
use routing::{Advice, advice::Prompt};
use runtime::{Error, notice::clean};
use serde_json::json;

use super::model::{Model, Said};

/// Where it is kept.
#[derive(Debug)]
pub(super) struct Archive {
    s3: Local<Client>,
    bucket: String,
    /// Nobody else's bucket, whatever its name.
    account: String,
}

/// What was asked of whom.
pub(super) struct Asked<'a> {
    pub(super) at: Timestamp,
    pub(super) case: &'a str,
    pub(super) model: &'a Model,
    pub(super) prompt: &'a Prompt,
}

impl Archive {
    pub(super) fn new(shell: &Shell, bucket: String) -> Self {
        let account = shell.home().account.clone();
        Self { s3: shell.at_home("S3", Client::new), bucket, account }
    }

    /// Keeps what was `said`, and what people are `shown` of it.
    pub(super) async fn keep(
        &self,
        asked: &Asked<'_>,
        said: &Result<Said, Error>,
        shown: Option<&Advice>,
    ) -> Result<(), Error> {
        let key = asked.key();
        let what =
            format!("keep what model {} said as s3://{}/{key}", asked.model.name(), self.bucket);
        let call = self
            .s3
            .client
            .put_object()
            .bucket(&self.bucket)
            .key(&key)
            .expected_bucket_owner(&self.account)
            .if_none_match("*")
            .content_type("application/json")
            .body(ByteStream::from(asked.object(said, shown).into_bytes()));
        match call.send().await {
            Ok(_) => Ok(()),
            Err(error) => Err(self.s3.failed(&what, "s3:PutObject on it", &error)),
        }
    }
}

impl Asked<'_> {
    /// By day, so that a day can be looked at, and by the case.
    fn key(&self) -> String {
        let case: String =
            self.case.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '-').take(64).collect();
        let (day, time) = (self.at.format("%Y-%m-%d"), self.at.format("%H%M%S%3f"));
        format!("advice/{day}/{case}-{time}.json")
    }

    fn object(&self, said: &Result<Said, Error>, shown: Option<&Advice>) -> String {
        let answered = said.as_ref().ok().map(|said| {
            json!({
                "text": said.text,
                "stopReason": said.stop,
                "inputTokens": said.tokens.map(|(tokens, _)| tokens),
                "outputTokens": said.tokens.map(|(_, tokens)| tokens),
            })
        });
        json!({
            "at": self.at.to_rfc3339_opts(SecondsFormat::Millis, true),
            "case": self.case,
            "model": self.model.name(),
            "region": self.model.place().region,
            "role": self.model.role(),
            "asked": self.prompt,
            "answered": answered,
            "failed": said.as_ref().err().map(|error| clean(&error.to_string(), 600)),
            "shown": shown,
        })
        .to_string()
    }
}
