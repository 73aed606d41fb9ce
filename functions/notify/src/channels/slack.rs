//! Slack: an incoming webhook takes messages and no more; a bot has one thread for each case.

use futures_util::future;
use lambda::Call;
use remedy::Timestamp;
use routing::{Receipt, Said, Turn, render::slack};
use serde_json::{Value, json};

use super::{Telling, at, json as of_json};
use crate::post::{Answer, Fault, Post};

/// What only a new message may have.
const ONLY_NEW: [&str; 4] = ["unfurl_links", "unfurl_media", "mrkdwn", "thread_ts"];
/// Errors that say that the message, or its thread, is not there any more.
const GONE: [&str; 4] =
    ["message_not_found", "thread_not_found", "cannot_reply_to_message", "cant_update_message"];
/// Errors that may pass.
const PASSING: [&str; 5] = [
    "internal_error",
    "fatal_error",
    "request_timeout",
    "service_unavailable",
    "team_added_to_org",
];

/// A channel of Slack's.
pub(super) struct Slack<'a> {
    pub(super) post: &'a Post,
    pub(super) secret: &'a str,
    pub(super) channel: Option<&'a str>,
    pub(super) api: &'a str,
}

/// A message of a bot's, as the case remembers it: `CHANNEL/TIME`.
#[derive(Clone, Copy)]
struct Message<'a> {
    channel: &'a str,
    ts: &'a str,
}

impl Slack<'_> {
    /// Tells of a case: in its thread, if it has one.
    pub(super) async fn tell(&self, telling: &Telling<'_>) -> Result<Receipt, Fault> {
        let said = Said::One(telling.one());
        let thread = telling.thread().and_then(|thread| thread.split_once('/'));
        let first = thread.map(|(channel, ts)| Message { channel, ts });
        if let Some(first) = first.filter(|_| telling.tell.turn != Turn::New)
            && self.is_bot(telling.now).await?
            && self.go_on(first, telling).await?
        {
            return Ok(Receipt::default());
        }
        let thread = self.begin(&said, telling.now).await?;
        Ok(Receipt { thread, ..Receipt::default() })
    }

    /// Tells something without a thread.
    pub(super) async fn say(&self, said: &Said<'_>, now: Timestamp) -> Result<(), Fault> {
        self.begin(said, now).await.map(drop)
    }

    async fn is_bot(&self, now: Timestamp) -> Result<bool, Fault> {
        Ok(self.post.secret(self.secret, now).await?.maybe("webhook").is_none())
    }

    /// A new message; what names it, if it can be gone on with.
    async fn begin(&self, said: &Said<'_>, now: Timestamp) -> Result<Option<String>, Fault> {
        let message = slack::message(said);
        let answer = self.post.send(self.secret, now, |secret| {
            if let Some(webhook) = secret.maybe("webhook") {
                let (headers, body) = of_json(&message);
                return Ok(Call { method: "POST", url: webhook.to_owned(), headers, body });
            }
            let mut message = message.clone();
            message["channel"] = self.channel.unwrap_or_default().into();
            self.call("chat.postMessage", &message, secret.text("token")?)
        });
        let said = done(&answer.await?)?;
        let text = |name: &str| said.get(name).and_then(Value::as_str);
        Ok(text("channel").zip(text("ts")).map(|(channel, ts)| format!("{channel}/{ts}")))
    }

    /// Brings the first message up to date, and says in its thread what changed; whether it is there.
    async fn go_on(&self, first: Message<'_>, telling: &Telling<'_>) -> Result<bool, Fault> {
        let one = telling.one();
        let mut reply = slack::reply(&one);
        reply["channel"] = first.channel.into();
        reply["thread_ts"] = first.ts.into();
        let is_changed = match one.turn {
            Turn::New | Turn::Changed { .. } => true,
            // Who is to look again would not see it in the thread.
            Turn::Back { .. } => {
                reply["reply_broadcast"] = true.into();
                true
            }
            Turn::Reminder { .. } | Turn::Escalation { .. } => {
                reply["reply_broadcast"] = true.into();
                false
            }
        };
        let mut message = slack::message(&Said::One(one));
        if let Some(message) = message.as_object_mut() {
            message.retain(|name, _| !ONLY_NEW.contains(&name.as_str()));
            message.insert("channel".into(), first.channel.into());
            message.insert("ts".into(), first.ts.into());
        }
        let (replied, updated) =
            future::join(self.ask("chat.postMessage", &reply, telling.now), async {
                match is_changed {
                    true => self.ask("chat.update", &message, telling.now).await.map(drop),
                    false => Ok(()),
                }
            })
            .await;
        match (replied, updated) {
            (Err(fault), _) if is_gone(&fault) => Ok(false),
            (Err(fault), _) => Err(fault),
            // The reply says the same, and must not be said twice.
            (Ok(_), _) => Ok(true),
        }
    }

    async fn ask(&self, method: &str, body: &Value, now: Timestamp) -> Result<Value, Fault> {
        let answer = self
            .post
            .send(self.secret, now, |secret| self.call(method, body, secret.text("token")?));
        done(&answer.await?)
    }

    fn call(&self, method: &str, body: &Value, token: &str) -> Result<Call, runtime::Error> {
        if body["channel"].as_str().is_none_or(str::is_empty) {
            let why = "the rule names no channel for the bot: add `channel`, the id of one";
            return Err(runtime::Error::Refused(why.into()));
        }
        let (mut headers, body) = of_json(body);
        headers.push(("authorization", format!("Bearer {token}")));
        Ok(Call { method: "POST", url: at(self.api, &format!("/{method}")), headers, body })
    }
}

/// What Slack answered; it says in the body whether it was done.
fn done(answer: &Answer) -> Result<Value, Fault> {
    let said = answer.done()?;
    let error = said.get("error").and_then(Value::as_str).unwrap_or("no reason");
    match said.get("ok") {
        Some(Value::Bool(false)) if error == "ratelimited" || error == "rate_limited" => {
            Err(Fault::NotNow(format!("Slack says {error}")))
        }
        Some(Value::Bool(false)) if PASSING.contains(&error) => {
            Err(Fault::Unknown(format!("Slack says {error}")))
        }
        Some(Value::Bool(false)) => Err(Fault::Never(format!("Slack says {}", answer.words()))),
        _ => Ok(json!(said)),
    }
}

fn is_gone(fault: &Fault) -> bool {
    matches!(fault, Fault::Never(why) if GONE.iter().any(|error| why.contains(error)))
}
