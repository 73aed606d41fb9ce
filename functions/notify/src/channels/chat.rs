//! Amazon Q Developer in chat applications, by a topic of SNS.

use routing::{Said, render};

use super::Topics;
use crate::post::Fault;

/// Sends a custom notification. It shows nothing of any other shape, so that it has a topic of its own.
pub(super) async fn send(topics: &Topics, topic: &str, said: &Said<'_>) -> Result<(), Fault> {
    let message = render::chat::message(said).to_string();
    topics.publish(topic, None, &message, &[]).await
}
