//! Who is told: one file for each kind of channel.

mod backlog;
mod chat;
mod jira;
mod mail;
mod slack;
mod ticket;
mod topics;
mod webhook;

use std::fmt;

use remedy::Timestamp;
use routing::{Advice, Case, Channel, Kind, One, Receipt, Said, Tell, Told, Turn};
use runtime::{News, Stands};

use crate::post::{Fault, Post};

pub(crate) use topics::Topics;

/// How channels are reached.
pub(crate) struct Channels {
    pub(crate) post: Post,
    pub(crate) topics: Topics,
}

/// Something that is told to a channel about a case.
pub(crate) struct Telling<'a> {
    pub(crate) tell: &'a Tell,
    pub(crate) case: &'a Case,
    pub(crate) advice: Option<&'a Advice>,
    /// It may have been told before, without our knowing.
    pub(crate) is_unsure: bool,
    pub(crate) now: Timestamp,
}

impl<'a> Telling<'a> {
    /// What is said.
    fn one(&self) -> One<'a> {
        One { news: &self.case.news, turn: self.tell.turn.clone(), advice: self.advice }
    }

    fn news(&self) -> &'a News {
        &self.case.news
    }

    /// What the channel knows of the case.
    fn told(&self) -> Option<&'a Told> {
        self.case.told.get(&self.tell.channel)
    }

    fn thread(&self) -> Option<&'a str> {
        self.told()?.thread.as_deref()
    }

    fn ticket(&self) -> Option<&'a str> {
        self.told()?.ticket.as_deref()
    }

    /// Whether the problem was over when the channel was told last.
    fn was_over(&self) -> bool {
        match self.tell.turn {
            Turn::Back { .. } => true,
            Turn::Changed { from } => {
                matches!(from, Stands::Fixed | Stands::Solved | Stands::Accepted)
            }
            Turn::New | Turn::Reminder { .. } | Turn::Escalation { .. } => false,
        }
    }

    fn is_live(&self) -> bool {
        matches!(self.news().stands, Stands::Open | Stands::Asks)
    }
}

impl Channels {
    /// Tells `channel` one piece of news.
    ///
    /// # Errors
    /// If it could not be told, or nobody knows.
    pub(crate) async fn tell(
        &self,
        channel: &Channel,
        telling: &Telling<'_>,
    ) -> Result<Receipt, Fault> {
        let said = || Said::One(telling.one());
        let none = |()| Receipt::default();
        // Boxed, since these futures are large, and only one of them is needed.
        match &channel.kind {
            Kind::Mail { topic } => {
                Box::pin(mail::send(&self.topics, topic.as_deref(), &said())).await.map(none)
            }
            Kind::Chat { topic } => {
                Box::pin(chat::send(&self.topics, topic, &said())).await.map(none)
            }
            Kind::Slack { secret, channel, api } => {
                let slack =
                    slack::Slack { post: &self.post, secret, channel: channel.as_deref(), api };
                Box::pin(slack.tell(telling)).await
            }
            Kind::Webhook { url, secret } => {
                let now = telling.now;
                Box::pin(webhook::send(&self.post, url, secret, &said(), now)).await.map(none)
            }
            Kind::Jira(jira) => Box::pin(jira::tell(&self.post, jira, telling)).await,
            Kind::Backlog(backlog) => Box::pin(backlog::tell(&self.post, backlog, telling)).await,
        }
    }

    /// Tells `channel` something that is about many cases.
    ///
    /// # Errors
    /// If it could not be told, or nobody knows.
    pub(crate) async fn sum_up(
        &self,
        channel: &Channel,
        said: &Said<'_>,
        now: Timestamp,
    ) -> Result<(), Fault> {
        match &channel.kind {
            Kind::Mail { topic } => mail::send(&self.topics, topic.as_deref(), said).await,
            Kind::Chat { topic } => chat::send(&self.topics, topic, said).await,
            Kind::Slack { secret, channel, api } => {
                let slack =
                    slack::Slack { post: &self.post, secret, channel: channel.as_deref(), api };
                Box::pin(slack.say(said, now)).await
            }
            Kind::Webhook { url, secret } => {
                Box::pin(webhook::send(&self.post, url, secret, said, now)).await
            }
            Kind::Jira(_) | Kind::Backlog(_) => {
                Err(Fault::Never("tickets are of one case each, never of many".into()))
            }
        }
    }
}

impl fmt::Debug for Channels {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Channels")
    }
}

/// The URL of `path` at `site`.
fn at(site: &str, path: &str) -> String {
    format!("{}{path}", site.trim_end_matches('/'))
}

/// The body of JSON, and what says that it is.
fn json(body: &serde_json::Value) -> (Vec<(&'static str, String)>, String) {
    let headers = vec![
        ("content-type", "application/json; charset=utf-8".to_owned()),
        ("accept", "application/json".to_owned()),
    ];
    (headers, body.to_string())
}
