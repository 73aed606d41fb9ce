//! What is to be told to whom and when, and what it came to.

use std::fmt;

use chrono::SecondsFormat;
use remedy::{Severity, Timestamp};
use runtime::Stands;
use serde::{Deserialize, Serialize};

use crate::{Case, Turn};

/// What hearing of something comes to.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Heard {
    /// The case as it is to be written; none: nothing is to be remembered that is not yet.
    pub case: Option<Case>,
    /// Who is to be told. For what is [collected](When::Collected), its line for the digest is to be kept;
    /// the case knows of it already.
    pub tell: Vec<Tell>,
    /// Lines kept for digests that say what is not true any more: to be deleted, before others are kept.
    pub drop: Vec<Dropped>,
    /// When to look again.
    pub timers: Vec<Timer>,
}

/// That a channel is to be told of a case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tell {
    /// The channel's name.
    pub channel: String,
    /// Why.
    pub turn: Turn,
    /// When. At once is within the budget; what is beyond it [waits](Case::waits).
    pub when: When,
    /// As what.
    pub form: Form,
    /// What is told, in one word: the same is not told twice.
    pub state: String,
    /// How it stands.
    pub stands: Stands,
    /// How bad it is.
    pub severity: Severity,
}

/// When a channel is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When {
    /// Now.
    AtOnce,
    /// With others, at the end of the window or of the quiet hours.
    Collected {
        /// When that is.
        due: Timestamp,
    },
}

/// As what a channel is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Form {
    /// As a message, which can be summed up in a digest.
    Message,
    /// As a ticket: one for each case, never summed up.
    Ticket,
}

/// A line for a digest that is not to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dropped {
    /// The channel.
    pub channel: String,
    /// When the digest is due.
    pub due: Timestamp,
}

/// What a channel answered.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Receipt {
    /// What names the thread, or the message that is updated.
    pub thread: Option<String>,
    /// What names the ticket.
    pub ticket: Option<String>,
}

/// When to look again, and at what.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Timer {
    /// When.
    pub at: Timestamp,
    /// What for.
    pub kind: Alarm,
    /// The channel for a digest, else the case.
    pub name: String,
}

/// What a timer is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Alarm {
    /// A channel's digest.
    Digest,
    /// Nobody may have put it right in time.
    Escalate,
    /// It may still stand.
    Remind,
    /// An accepted risk ends.
    Lapse,
}

impl Alarm {
    /// One word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Digest => "digest",
            Self::Escalate => "escalate",
            Self::Remind => "remind",
            Self::Lapse => "lapse",
        }
    }
}

impl Timer {
    /// The reverse of its text: `TIME#KIND#NAME`, which sorts by time.
    pub fn parse(key: &str) -> Option<Self> {
        let mut parts = key.splitn(3, '#');
        let at = parts.next()?.parse().ok()?;
        let word = parts.next()?;
        let kinds = [Alarm::Digest, Alarm::Escalate, Alarm::Remind, Alarm::Lapse];
        let kind = kinds.into_iter().find(|kind| kind.word() == word)?;
        Some(Self { at, kind, name: parts.next()?.into() })
    }
}

impl fmt::Display for Timer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}#{}#{}", sortable(self.at), self.kind.word(), self.name)
    }
}

/// A time as the keys of the table have it: in whole seconds, so that text sorts like time.
pub fn sortable(at: Timestamp) -> String {
    at.to_rfc3339_opts(SecondsFormat::Secs, true)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_timer_is_what_its_key_says_and_keys_sort_by_time() {
        let at = "2026-11-20T10:10:00Z".parse().unwrap();
        let keys = [
            (Alarm::Digest, "team-a", "2026-11-20T10:10:00Z#digest#team-a"),
            (Alarm::Escalate, "c-1", "2026-11-20T10:10:00Z#escalate#c-1"),
            (Alarm::Remind, "c-1", "2026-11-20T10:10:00Z#remind#c-1"),
            (Alarm::Lapse, "a#b", "2026-11-20T10:10:00Z#lapse#a#b"),
        ];
        for (kind, name, key) in keys {
            let timer = Timer { at, kind, name: name.into() };
            assert_eq!(timer.to_string(), key);
            assert_eq!(Timer::parse(key), Some(timer));
        }
        for key in ["", "x#digest#a", "2026-11-20T10:10:00Z#other#a", "2026-11-20T10:10:00Z#digest"]
        {
            assert_eq!(Timer::parse(key), None, "{key}");
        }
    }
}
