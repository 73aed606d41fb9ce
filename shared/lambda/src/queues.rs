//! The queues of the functions, for what comes again.

use std::collections::BTreeMap;

use aws_sdk_sqs::Client;
use remedy::{Parameter, Settings, Wrong};
use runtime::Error;
use serde_json::Value;

use crate::{Local, setup::QUEUES};

/// The queues of the functions.
#[derive(Debug, Clone)]
pub struct Queues {
    sqs: Local<Client>,
    urls: BTreeMap<String, String>,
}

impl Queues {
    pub(crate) fn new(sqs: Local<Client>, settings: &Settings) -> Result<Self, Wrong> {
        Ok(Self { sqs, urls: urls(settings, &QUEUES)? })
    }

    /// Sends an event to a function.
    ///
    /// # Errors
    /// If it has no queue, or that does not take it.
    pub async fn send(&self, function: &str, event: &Value) -> Result<(), Error> {
        let Some(url) = self.urls.get(function) else {
            return Err(Error::Refused(format!(
                "could not send anything to function {function}: it has no queue (environment {})",
                QUEUES.variable()
            )));
        };
        let call = self.sqs.client.send_message().queue_url(url).message_body(event.to_string());
        call.send().await.map(drop).map_err(|error| {
            self.sqs.failed(&format!("send a message to {url}"), "sqs:SendMessage", &error)
        })
    }
}

/// Queues by the names of their functions, as a parameter has them.
///
/// # Errors
/// If it is set to what it cannot be.
pub fn urls(settings: &Settings, parameter: &Parameter) -> Result<BTreeMap<String, String>, Wrong> {
    let queue = |text: &str| {
        let (function, url) = text.split_once('=')?;
        let is_named = !function.is_empty() && url.starts_with("http");
        is_named.then(|| (function.to_owned(), url.to_owned()))
    };
    Ok(settings.each(parameter, queue)?.into_iter().collect())
}
