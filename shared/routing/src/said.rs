//! What is said to a channel, before it is put into the channel's own form.

use remedy::{Severity, Timestamp};
use runtime::{News, Stands};
use serde::{Deserialize, Serialize};

/// What is said to a channel at once.
#[derive(Debug, Clone, PartialEq)]
pub enum Said<'a> {
    /// One piece of news.
    One(One<'a>),
    /// Many, in short.
    Digest(Digest),
}

/// One piece of news.
#[derive(Debug, Clone, PartialEq)]
pub struct One<'a> {
    /// The news.
    pub news: &'a News,
    /// Why it is said.
    pub turn: Turn,
    /// What could be done about it, if somebody was asked.
    pub advice: Option<&'a Advice>,
}

/// Why something is said.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Turn {
    /// It is new.
    New,
    /// It stands otherwise than when it was told last.
    Changed {
        /// How it stood then.
        from: Stands,
    },
    /// It was put right, and is back, for the how manieth time.
    Back {
        /// Counted from one.
        times: u32,
    },
    /// It still stands, and this is to remind of it.
    Reminder {
        /// Since when.
        since: Timestamp,
    },
    /// Nobody has put it right or acknowledged it in time.
    Escalation {
        /// Since when.
        since: Timestamp,
    },
}

impl Turn {
    /// Whether something is otherwise than it was told before.
    pub(crate) fn is_change(&self) -> bool {
        match self {
            Self::New | Self::Changed { .. } | Self::Back { .. } => true,
            Self::Reminder { .. } | Self::Escalation { .. } => false,
        }
    }
}

/// What could be done about a problem. Nothing executes it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Advice {
    /// Who says so: `catalog`, `AWS`, or the name of a model.
    pub by: String,
    /// A few sentences of plain text.
    pub text: String,
    /// Steps, in order, plain text.
    #[serde(default)]
    pub steps: Vec<String>,
    /// AWS's own page about it: an https URL of an AWS host, or none.
    #[serde(default)]
    pub link: Option<String>,
}

impl Advice {
    /// Who speaks where the catalog's own words are meant.
    pub const CATALOG: &str = "catalog";
    /// Who speaks where AWS's words in the finding are meant.
    pub const AWS: &str = "AWS";

    /// Whether the news itself says the same: what to do by hand, and what AWS recommends, are parts of it.
    pub fn is_said_already(&self) -> bool {
        [Self::CATALOG, Self::AWS].contains(&self.by.as_str())
    }
}

/// Many pieces of news, in short.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Digest {
    /// The first of them.
    pub from: Timestamp,
    /// The last of them.
    pub until: Timestamp,
    /// Alike ones together, the worst and then the most first.
    pub groups: Vec<Group>,
}

/// Pieces of news that are alike: of the same remediation or control, with the same outcome.
#[derive(Debug, Clone, PartialEq)]
pub struct Group {
    /// How bad the worst is.
    pub severity: Severity,
    /// How they ended.
    pub outcome: String,
    /// The remediation, or the control.
    pub about: String,
    /// How many there are.
    pub count: usize,
    /// In how many accounts.
    pub accounts: usize,
    /// Some of them, at most [`Group::SHOWN`].
    pub some: Vec<Brief>,
}

impl Group {
    /// How many of a group are named.
    pub const SHOWN: usize = 5;
}

impl Digest {
    /// How many pieces of news it sums up.
    pub fn count(&self) -> usize {
        self.groups.iter().map(|group| group.count).sum()
    }
}

/// A piece of news in one line; what waits for a digest is kept like this.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Brief {
    /// The problem.
    pub case: String,
    /// When.
    pub at: Timestamp,
    /// How bad.
    pub severity: Severity,
    /// How it ended.
    pub outcome: String,
    /// The remediation, or the control.
    pub about: String,
    /// The account; may be empty.
    #[serde(default)]
    pub account: String,
    /// The headline.
    pub headline: String,
    /// The page of the web console.
    #[serde(default)]
    pub link: Option<String>,
    /// The record.
    #[serde(default)]
    pub record: Option<String>,
}
