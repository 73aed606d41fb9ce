//! What is remembered of a problem: the same thing wrong with the same resource, for ever.

mod rounds;

use std::collections::{BTreeMap, BTreeSet};

use remedy::{Severity, Timestamp};
use runtime::{News, Stands};
use serde::{Deserialize, Serialize};

use crate::{Dropped, Form, Receipt, Tell, Turn, When};

/// A problem and what channels know of it.
///
/// Stored cases outlive versions: fields are only ever added, with a default.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Case {
    /// `c-` and twelve hexadecimal digits.
    pub id: String,
    /// The newest news of it, with severity and standing as the rules have them.
    pub news: News,
    /// Since when it stands open, or stood before it was closed.
    pub since: Timestamp,
    /// When it was closed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closed: Option<Timestamp>,
    /// How often it came back after it was put right.
    #[serde(default)]
    pub returns: u32,
    /// How often it was opened, counted from nought; accepted risks that ended count, too.
    #[serde(default)]
    pub round: u32,
    /// How many pieces of news there were.
    #[serde(default)]
    pub heard: u32,
    /// What channels know, by their names.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub told: BTreeMap<String, Told>,
    /// Who takes care of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub acknowledged: Option<Acknowledged>,
    /// By which rule it is accepted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accepted: Option<Accepted>,
    /// The ids of findings that Kintsugi suppressed, and may release.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub suppressed: BTreeSet<String>,
    /// The severities that Kintsugi gave to findings, by their ids.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub graded: BTreeMap<String, Graded>,
}

/// What a channel knows of a case.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Told {
    /// When it was told last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<Timestamp>,
    /// What it was told since the case was opened last.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub states: Vec<String>,
    /// The round that those belong to.
    #[serde(default)]
    pub round: u32,
    /// How often it had come back by then.
    #[serde(default)]
    pub returns: u32,
    /// How it stood when it was told last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stands: Option<Stands>,
    /// The worst that it was told to be in that round.
    #[serde(default)]
    pub severity: Severity,
    /// What waits to be told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub waits: Option<Waits>,
    /// The round in which it was told that nobody takes care of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub escalated: Option<u32>,
    /// What names the thread, or the message that is updated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub thread: Option<String>,
    /// What names the ticket.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ticket: Option<String>,
}

/// What waits to be told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Waits {
    /// Until when.
    pub due: Timestamp,
    /// Why it is told.
    pub turn: Turn,
    /// What is told, in one word.
    #[serde(default)]
    pub state: String,
    /// How bad it is told to be.
    #[serde(default)]
    pub severity: Severity,
    /// It was told that before, and is told so again because it got worse, or still is.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub again: bool,
}

/// That a person takes care of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Acknowledged {
    /// Who.
    pub by: String,
    /// When.
    pub at: Timestamp,
    /// Why, or what they say to it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub why: String,
}

/// By which rule a case is accepted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Accepted {
    /// What names it in the rules.
    pub name: String,
    /// Why.
    pub why: String,
    /// Who.
    pub by: String,
    /// Until when.
    pub until: Timestamp,
    /// How it stands without the rule.
    pub was: Stands,
}

/// A severity that Kintsugi gave to a finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Graded {
    /// What it had.
    pub from: Severity,
    /// What it got.
    pub to: Severity,
}

impl Case {
    /// The case that begins with `news`, of which nothing was heard yet: where only triage is to be remembered.
    pub fn new(news: &News) -> Self {
        Self {
            id: news.case.clone(),
            news: news.clone(),
            since: news.at,
            closed: None,
            returns: 0,
            round: 0,
            heard: 0,
            told: BTreeMap::new(),
            acknowledged: None,
            accepted: None,
            suppressed: BTreeSet::new(),
            graded: BTreeMap::new(),
        }
    }

    /// Whether it stands open, and waits for an answer or for somebody who puts it right.
    pub fn is_live(&self) -> bool {
        is_live(self.news.stands)
    }

    /// That `tell` was told at `now`, and what the channel answered.
    pub fn told(&mut self, tell: &Tell, receipt: Receipt, now: Timestamp) {
        let waited = self.told.get(&tell.channel).and_then(|told| told.waits.as_ref());
        let is_known = waited.is_some_and(|it| it.state == tell.state && it.turn == tell.turn);
        // What waited belongs to the round in which it began to.
        if !is_known {
            self.mark(tell);
        }
        let told = self.told.entry(tell.channel.clone()).or_default();
        told.at = Some(now);
        told.waits = None;
        told.thread = receipt.thread.or(told.thread.take());
        told.ticket = receipt.ticket.or(told.ticket.take());
    }

    /// That `tell` is to be told when `due`, because the budget is spent. What it replaces is to be deleted.
    pub fn waits(&mut self, tell: &Tell, due: Timestamp, now: Timestamp) -> Option<Dropped> {
        let round = self.round;
        let told = self.told.entry(tell.channel.clone()).or_default();
        let before = told.waits.take();
        let before = before.filter(|before| now < before.due || tell.form == Form::Ticket);
        if let Some(before) = &before {
            told.unlearn(before);
        }
        let again = told.round == round && told.states.contains(&tell.state);
        let (turn, state) = (tell.turn.clone(), tell.state.clone());
        told.waits = Some(Waits { due, turn, state, severity: tell.severity, again });
        self.mark(tell);
        let before = before.filter(|before| before.due != due && now < before.due);
        before.map(|before| Dropped { channel: tell.channel.clone(), due: before.due })
    }

    /// What waits to be told to `channel`, as something to tell now: for tickets, and for what was
    /// collected alone.
    pub fn waiting(&self, channel: &str, form: Form) -> Option<Tell> {
        let waits = self.told.get(channel)?.waits.as_ref()?;
        Some(Tell {
            channel: channel.into(),
            turn: waits.turn.clone(),
            when: When::AtOnce,
            form,
            state: match waits.state.is_empty() {
                true => state(&self.news),
                false => waits.state.clone(),
            },
            stands: self.news.stands,
            severity: waits.severity,
        })
    }

    /// That `by` takes care of it: it does not escalate while it stands as it does.
    pub fn acknowledge(&mut self, by: &str, at: Timestamp, why: &str) {
        self.acknowledged = Some(Acknowledged { by: by.into(), at, why: why.into() });
    }

    fn mark(&mut self, tell: &Tell) {
        let (round, returns) = (self.round, self.returns);
        let told = self.told.entry(tell.channel.clone()).or_default();
        if told.round != round {
            told.states.clear();
            told.severity = Severity::default();
            told.round = round;
        }
        told.returns = returns;
        told.stands = Some(tell.stands);
        told.severity = told.severity.max(tell.severity);
        if let Turn::Escalation { .. } = tell.turn {
            told.escalated = Some(round);
        }
        if !told.states.contains(&tell.state) {
            told.states.push(tell.state.clone());
        }
        let surplus = told.states.len().saturating_sub(Told::STATES);
        told.states.drain(..surplus);
    }
}

impl Told {
    /// How many states of a round are remembered.
    const STATES: usize = 32;

    /// Forgets what waited and is not told.
    pub(crate) fn unlearn(&mut self, waits: &Waits) {
        if !waits.again {
            self.states.retain(|state| *state != waits.state);
        }
    }
}

/// The outcome of what nobody repairs.
pub(crate) const FINDING: &str = "finding";

/// Whether a problem that stands like this is there.
pub(crate) fn is_live(stands: Stands) -> bool {
    match stands {
        Stands::Open | Stands::Asks => true,
        Stands::Fixed | Stands::Solved | Stands::Accepted | Stands::Notice => false,
    }
}

/// What `news` tells, in one word.
pub(crate) fn state(news: &News) -> String {
    let record = news.record.as_deref().unwrap_or_default();
    match news.stands {
        Stands::Open => format!("open {}", news.outcome),
        Stands::Asks => format!("asks {record}"),
        Stands::Fixed => "fixed".into(),
        Stands::Solved => "solved".into(),
        Stands::Accepted => "accepted".into(),
        Stands::Notice => format!("notice {record} {}", news.at.timestamp()),
    }
}
