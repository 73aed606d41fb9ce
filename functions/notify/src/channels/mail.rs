//! Mail, by a topic of SNS.

use routing::{Said, render};

use super::Topics;
use crate::post::Fault;

/// Sends a mail to who subscribed to `topic`, or to the stack's own.
pub(super) async fn send(
    topics: &Topics,
    topic: Option<&str>,
    said: &Said<'_>,
) -> Result<(), Fault> {
    let mail = render::mail::message(said);
    let attributes = match said {
        Said::One(one) => {
            vec![("severity", one.news.severity.label()), ("outcome", &one.news.outcome)]
        }
        Said::Digest(_) => vec![("outcome", "digest")],
    };
    let topic = topic.unwrap_or_else(|| topics.mail());
    topics.publish(topic, Some(&mail.subject), &mail.text, &attributes).await
}
