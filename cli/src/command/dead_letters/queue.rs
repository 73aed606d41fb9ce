//! The queues, as far as a person reads and refills them.

use std::collections::{BTreeMap, BTreeSet};

use aws_sdk_sqs::{
    Client,
    types::{
        ChangeMessageVisibilityBatchRequestEntry, MessageSystemAttributeName, QueueAttributeName,
    },
};
use futures_util::future;
use lambda::Local;
use remedy::Timestamp;
use runtime::{Error, notice::clean};
use serde::Serialize;
use serde_json::Value;

use crate::{fail::Fail, say::Say, session::Session, stack::Stack};

/// For how long nobody else is given what is read, in seconds: long enough to read all of it.
const HIDDEN: i32 = 60;
/// The most that is read.
const MOST: usize = 2_000;
/// How many are read, or given back, at once.
const AT_ONCE: usize = 10;

/// How many events there are; none where that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Depth {
    pub(crate) function: String,
    pub(crate) waiting: Option<u64>,
    pub(crate) in_flight: Option<u64>,
    pub(crate) dead: Option<u64>,
    /// Why not all of it can be read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) unreadable: Option<String>,
}

/// An event that could not be handled.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(super) struct Letter {
    pub(super) id: String,
    pub(super) function: String,
    pub(super) sent: Option<Timestamp>,
    pub(super) body: String,
    #[serde(skip)]
    receipt: String,
    /// Which of the queues it rests in.
    #[serde(skip)]
    dead: String,
}

/// The queues of a stack, and where their dead letters rest.
pub(super) struct Queues<'a> {
    sqs: Local<Client>,
    /// By function: its queue, if that is known.
    sources: &'a BTreeMap<String, String>,
    /// By function: its dead-letter queue.
    dead: &'a BTreeMap<String, String>,
}

impl<'a> Queues<'a> {
    pub(super) fn of(session: &Session, stack: &'a Stack) -> Result<Self, Fail> {
        if stack.dead_letters.is_empty() {
            return Err(Fail::Failed(format!(
                "the stack in {} does not name its dead-letter queues (DEAD_LETTERS)",
                session.home
            )));
        }
        Ok(Self { sqs: client(session), sources: &stack.queues, dead: &stack.dead_letters })
    }

    /// All that could not be handled, the oldest first, out of everybody else's sight for a minute.
    pub(super) async fn letters(&self, say: &Say) -> Result<Vec<Letter>, Error> {
        let bar = say.progress("Reading dead letters");
        let mut letters = Vec::new();
        for (function, url) in self.dead {
            loop {
                let more = Box::pin(self.receive(function, url)).await?;
                if more.is_empty() || letters.len() >= MOST {
                    break;
                }
                for letter in more {
                    // What is given out twice is one letter; its newest receipt counts.
                    letters.retain(|known: &Letter| known.id != letter.id);
                    letters.push(letter);
                }
                bar.set_length(letters.len() as u64);
                bar.set_position(letters.len() as u64);
            }
        }
        bar.finish_and_clear();
        letters.sort_by(|one, other| (one.sent, &one.id).cmp(&(other.sent, &other.id)));
        Ok(letters)
    }

    async fn receive(&self, function: &str, url: &str) -> Result<Vec<Letter>, Error> {
        let call = self
            .sqs
            .client
            .receive_message()
            .queue_url(url)
            .max_number_of_messages(10)
            .visibility_timeout(HIDDEN)
            .wait_time_seconds(1)
            .message_system_attribute_names(MessageSystemAttributeName::SentTimestamp);
        let answer = call.send().await.map_err(|error| {
            self.sqs.failed(
                &format!("read dead letters of {function}"),
                "sqs:ReceiveMessage",
                &error,
            )
        })?;
        let letter = |message: aws_sdk_sqs::types::Message| Letter {
            sent: (message.attributes.as_ref())
                .and_then(|all| all.get(&MessageSystemAttributeName::SentTimestamp))
                .and_then(|at| Timestamp::from_timestamp_millis(at.parse().ok()?)),
            id: message.message_id.unwrap_or_default(),
            function: function.to_owned(),
            body: message.body.unwrap_or_default(),
            receipt: message.receipt_handle.unwrap_or_default(),
            dead: url.to_owned(),
        };
        Ok(answer.messages.unwrap_or_default().into_iter().map(letter).collect())
    }

    /// Lets others see them again. Best effort: after a minute they do anyway.
    pub(super) async fn give_back(&self, letters: &[Letter]) {
        let mut by_queue: BTreeMap<&str, Vec<&Letter>> = BTreeMap::new();
        for letter in letters {
            by_queue.entry(&letter.dead).or_default().push(letter);
        }
        for (url, letters) in by_queue {
            for some in letters.chunks(AT_ONCE) {
                let entries = some.iter().enumerate().filter_map(|(nth, letter)| {
                    ChangeMessageVisibilityBatchRequestEntry::builder()
                        .id(nth.to_string())
                        .receipt_handle(&letter.receipt)
                        .visibility_timeout(0)
                        .build()
                        .ok()
                });
                let call = self.sqs.client.change_message_visibility_batch().queue_url(url);
                let _ = Box::pin(call.set_entries(Some(entries.collect())).send()).await;
            }
        }
    }

    /// Sends one to its queue again; what went wrong although it was sent.
    pub(super) async fn send_again(&self, letter: &Letter) -> Result<Option<String>, Error> {
        let Letter { id, function, body, receipt, dead, .. } = letter;
        let Some(queue) = self.sources.get(function) else {
            return Err(Error::Refused(format!(
                "could not send dead letter {id} again: the stack does not name the queue of {function}"
            )));
        };
        let call = self.sqs.client.send_message().queue_url(queue).message_body(body);
        Box::pin(call.send()).await.map_err(|error| {
            self.sqs.failed(&format!("send dead letter {id} again"), "sqs:SendMessage", &error)
        })?;
        let call = self.sqs.client.delete_message().queue_url(dead).receipt_handle(receipt);
        let deleted = Box::pin(call.send()).await.map_err(|error| {
            let what = format!("take dead letter {id}, which was sent again, off its queue");
            self.sqs.failed(&what, "sqs:DeleteMessage", &error).to_string()
        });
        Ok(deleted.err())
    }
}

fn client(session: &Session) -> Local<Client> {
    session.local(Client::new(&session.aws.service("SQS")))
}

/// How many events wait, and how many could not be handled. What cannot be read takes nothing from the
/// rest.
pub(crate) async fn depths(session: &Session, stack: &Stack) -> Result<Vec<Depth>, Fail> {
    let sqs = client(session);
    let all = stack.queues.keys().chain(stack.dead_letters.keys());
    let names: BTreeSet<&String> = all.collect();
    let depth = |function: &String| {
        let (queue, dead) =
            (stack.queues.get(function).cloned(), stack.dead_letters.get(function).cloned());
        let (sqs, function) = (&sqs, function.clone());
        async move {
            let (queue, dead) = future::join(
                Box::pin(numbers(sqs, &function, queue.as_deref())),
                Box::pin(numbers(sqs, &function, dead.as_deref())),
            )
            .await;
            let unreadable = queue.as_ref().err().or(dead.as_ref().err()).cloned();
            let (waiting, in_flight) = queue.ok().flatten().unzip();
            let dead = dead.ok().flatten().map(|(waiting, in_flight)| waiting + in_flight);
            Depth { function, waiting, in_flight, dead, unreadable }
        }
    };
    Ok(future::join_all(names.into_iter().map(depth)).await)
}

/// How many wait, and how many are in work.
async fn numbers(
    sqs: &Local<Client>,
    function: &str,
    url: Option<&str>,
) -> Result<Option<(u64, u64)>, String> {
    use QueueAttributeName::{ApproximateNumberOfMessages, ApproximateNumberOfMessagesNotVisible};
    let Some(url) = url else { return Ok(None) };
    let call = sqs.client.get_queue_attributes().queue_url(url);
    let call = call
        .attribute_names(ApproximateNumberOfMessages)
        .attribute_names(ApproximateNumberOfMessagesNotVisible);
    let answer = call.send().await.map_err(|error| {
        let what = format!("count the events of {function}");
        sqs.failed(&what, "sqs:GetQueueAttributes", &error).to_string()
    })?;
    let number = |name| -> Option<u64> { answer.attributes.as_ref()?.get(&name)?.parse().ok() };
    let waiting = number(ApproximateNumberOfMessages);
    Ok(waiting.zip(number(ApproximateNumberOfMessagesNotVisible)))
}

impl Letter {
    /// As much of its id as tells it apart.
    pub(super) fn short_id(&self) -> String {
        self.id.chars().take(8).collect()
    }

    /// The event, if it is one.
    pub(super) fn event(&self) -> Option<Value> {
        serde_json::from_str(&self.body).ok()
    }

    /// Which kind of event it is.
    pub(super) fn kind(&self) -> String {
        let event = self.event();
        let kind = event.as_ref().and_then(|event| event.get("detail-type")?.as_str());
        kind.map_or_else(|| "no event".into(), |kind| clean(kind, 100))
    }

    /// The first resource it is about.
    pub(super) fn about(&self) -> String {
        let event = self.event();
        let places = [
            "/detail/findings/0/Resources/0/Id",
            "/detail/findings/0/resources/0/uid",
            "/detail/resourceId",
            "/detail/signal/resource",
            "/detail/requestParameters/groupId",
            "/detail/resource/instanceDetails/instanceId",
        ];
        let found = places.iter().find_map(|at| event.as_ref()?.pointer(at)?.as_str());
        found.map(|found| clean(found, 200)).unwrap_or_default()
    }

    #[cfg(test)]
    pub(super) fn example(id: &str) -> Self {
        Self {
            id: id.to_owned(),
            function: "ec2".into(),
            sent: None,
            body:
                r#"{"detail-type":"Config Rules Compliance Change","detail":{"resourceId":"sg-1"}}"#
                    .into(),
            receipt: String::new(),
            dead: String::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_event_says_so() {
        let mut letter = Letter::example("a");
        assert_eq!(
            (letter.kind().as_str(), letter.about().as_str()),
            ("Config Rules Compliance Change", "sg-1")
        );
        letter.body = "not json".into();
        assert_eq!((letter.kind().as_str(), letter.about().as_str()), ("no event", ""));
    }
}
