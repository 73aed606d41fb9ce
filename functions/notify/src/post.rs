//! What is sent to channels that are not AWS: with which secret, how often it is tried, and what became of it.

use std::{fmt, sync::Arc, time::Duration};

use lambda::{Call, Outside, Reply};
use remedy::Timestamp;
use runtime::{Error, notice::clean};
use serde_json::Value;

use crate::secrets::{Secret, Secrets};

/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(10);
/// How long is waited for who is busy; whatever takes longer comes again later.
const WAIT: Duration = Duration::from_secs(5);
/// Characters of their own words that are told.
const WORDS: usize = 200;

/// Who sends.
pub(crate) struct Post {
    outside: Outside,
    secrets: Secrets,
}

/// An answer, and whose words it may repeat.
pub(crate) struct Answer {
    reply: Reply,
    secret: Arc<Secret>,
}

/// What became of what was sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Fault {
    /// It did not arrive, or it was refused for now: the next try is the first.
    NotNow(String),
    /// It may have arrived, since only the answer is missing.
    Unknown(String),
    /// It was refused for good.
    Never(String),
}

impl Fault {
    /// The sentence that tells it.
    pub(crate) fn why(&self) -> &str {
        let (Self::NotNow(why) | Self::Unknown(why) | Self::Never(why)) = self;
        why
    }
}

impl From<Error> for Fault {
    /// Of what goes wrong before anything is sent.
    fn from(error: Error) -> Self {
        match error {
            Error::Transient(why) => Self::NotNow(why),
            Error::Refused(why) => Self::Never(why),
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.why())
    }
}

impl Post {
    pub(crate) fn new(outside: Outside, secrets: Secrets) -> Self {
        Self { outside, secrets }
    }

    /// Reads the secret called `name`.
    pub(crate) async fn secret(&self, name: &str, now: Timestamp) -> Result<Arc<Secret>, Error> {
        self.secrets.read(name, now).await
    }

    /// Sends what `make` makes with the secret called `name`. Who is busy for a moment is waited for; who
    /// does not take the secret is asked once more with the one that is in force by now.
    pub(crate) async fn send(
        &self,
        name: &str,
        now: Timestamp,
        make: impl Fn(&Secret) -> Result<Call, Error>,
    ) -> Result<Answer, Fault> {
        let mut secret = self.secrets.read(name, now).await?;
        let (mut may_wait, mut may_renew) = (true, true);
        loop {
            let call = make(&secret)?;
            let sent = self.outside.web()?.send(call, PATIENCE).await;
            let reply = sent.map_err(|error| match error {
                Error::Transient(why) => Fault::Unknown(secret.hidden(&why)),
                Error::Refused(why) => Fault::Never(why),
            })?;
            let answer = Answer { reply, secret: Arc::clone(&secret) };
            if may_renew && answer.is_locked_out() {
                may_renew = false;
                self.secrets.forget(&secret).await;
                secret = self.secrets.read(name, now).await?;
                continue;
            }
            match answer.reply.retry_after {
                Some(wait) if may_wait && answer.is_busy() && wait <= WAIT => {
                    may_wait = false;
                    tokio::time::sleep(wait).await;
                }
                _ => return Ok(answer),
            }
        }
    }
}

impl Answer {
    /// The secret was not taken. Slack says so in the body of an answer that looks like any other.
    fn is_locked_out(&self) -> bool {
        const WORDS: [&str; 5] =
            ["invalid_auth", "token_revoked", "token_expired", "account_inactive", "not_authed"];
        let said = self.json();
        let error = said.get("error").and_then(Value::as_str).unwrap_or_default();
        matches!(self.reply.status, 401 | 403) || WORDS.contains(&error)
    }

    fn is_busy(&self) -> bool {
        matches!(self.reply.status, 429 | 503)
    }

    /// The status.
    pub(crate) fn status(&self) -> u16 {
        self.reply.status
    }

    /// The body, if it is JSON.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.reply.body).unwrap_or_default()
    }

    /// The body of an answer that says that it was done.
    ///
    /// # Errors
    /// If it says something else.
    pub(crate) fn done(&self) -> Result<Value, Fault> {
        let status = self.reply.status;
        match status {
            200..300 => Ok(self.json()),
            429 => Err(Fault::NotNow(self.busy())),
            408 | 500.. => Err(Fault::Unknown(self.words())),
            _ => Err(Fault::Never(self.words())),
        }
    }

    fn busy(&self) -> String {
        match self.reply.retry_after {
            Some(wait) => format!("status 429: busy for {} s", wait.as_secs()),
            None => "status 429: busy".into(),
        }
    }

    /// The status, with the first of their own words.
    pub(crate) fn words(&self) -> String {
        let said = String::from_utf8_lossy(&self.reply.body);
        let said = clean(&self.secret.hidden(&said), WORDS);
        match said.trim() {
            "" => format!("status {}", self.reply.status),
            said => format!("status {}: {said}", self.reply.status),
        }
    }
}

impl fmt::Debug for Post {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Post")
    }
}
