//! What people are told, in parts: each channel shows them in its own way.

use std::collections::BTreeMap;

use remedy::{Finding, Hold, Place, Severity, Timestamp};
use serde::{Deserialize, Serialize};

use crate::{Outcome, Page, notice, record::hash};

/// Something that people are told. Text in it comes from outside, too: whoever shows it escapes it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct News {
    /// What names the problem: the same thing wrong with the same resource, for ever. `c-` and twelve
    /// hexadecimal digits.
    pub case: String,
    /// When it was decided, or found.
    pub at: Timestamp,
    /// How the problem stands now.
    pub stands: Stands,
    /// How the record ended, as [`Outcome::word`](crate::Outcome::word) says it; `finding` for what nobody repairs.
    pub outcome: String,
    /// How bad it is.
    pub severity: Severity,
    /// The remediation's id; empty if there is none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub remediation: String,
    /// What signalled it, such as `EC2.18`; empty if nothing did.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub trigger: String,
    /// The kind of thing, such as `security group`; may be empty.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub kind: String,
    /// Its id, such as `sg-1`; may be empty.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub id: String,
    /// The name that people gave it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// Its ARN, or what the event calls it; may be empty.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub resource: String,
    /// Where it lives.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<Place>,
    /// The page of the web console that shows it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link: Option<String>,
    /// The tags that say whose it is.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub tags: BTreeMap<String, String>,
    /// The record, if there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub record: Option<String>,
    /// The findings it is about.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub findings: Vec<Finding>,
    /// One line: what happened to what and where.
    pub headline: String,
    /// The rest, in the order in which it is read.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sections: Vec<Section>,
}

/// How a problem stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stands {
    /// It is there, and nobody mends it by itself.
    Open,
    /// It is there, and waits for a person's answer.
    Asks,
    /// It was put right by Kintsugi.
    Fixed,
    /// It is not there any more: somebody else put it right, or the resource is gone.
    Solved,
    /// People left it alone on purpose: suppressed, exempt, rejected, or taken back.
    Accepted,
    /// It is no problem of a resource: an order, a notice of the service itself.
    Notice,
}

/// A part of the text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Section {
    /// Such as `Changed:`; may be empty.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub title: String,
    /// Plain text, each on one line, without control characters.
    pub lines: Vec<String>,
    /// The lines are to be typed into a shell.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub commands: bool,
}

/// The name of a problem: `what` is the remediation that answers it, or what signals it where none does.
pub fn case_id(what: &str, resource: &str) -> String {
    hash(["case", what, resource].join("\n").as_bytes(), 6, "c-")
}

/// Bytes of a piece of news as JSON: beside the text, a topic takes it, and so does the queue behind it.
const LARGEST: usize = 48 * 1024;
/// Lines of a section of news that would be larger.
const SHORT: usize = 5;

impl News {
    /// What is told of `page`.
    pub fn of(page: &Page) -> Self {
        let about = &page.about;
        let signal = page.signal.as_ref();
        // What everybody shares is one resource, and each thing that is put on it is news of its own.
        let shared = about.verb.as_ref().and(signal).map(|signal| signal.resource.as_str());
        let stands = Stands::of(page);
        let trigger = signal.map(|signal| signal.trigger.name()).unwrap_or_default();
        let what = if page.remediation.is_empty() { trigger } else { &page.remediation };
        let case = match (what, shared.unwrap_or(&about.resource)) {
            ("", _) | (_, "") => case_id("record", &page.id),
            _ if stands == Stands::Notice => case_id("record", &page.id),
            (what, resource) => case_id(what, resource),
        };
        let news = Self {
            case,
            at: page.closed.unwrap_or(page.at),
            stands,
            outcome: page.outcome.word().into(),
            severity: signal.map_or_else(Severity::default, |signal| signal.severity),
            remediation: page.remediation.clone(),
            trigger: notice::clean(trigger, 200),
            kind: about.kind.clone(),
            id: notice::clean(&about.id, 300),
            label: about.label.as_ref().map(|label| notice::clean(label, 100)),
            resource: notice::clean(&about.resource, 1_000),
            place: about.place.clone(),
            link: about.link.as_ref().map(|link| notice::clean(link, 500)),
            tags: about.tags.clone(),
            record: Some(page.id.clone()),
            findings: signal.map(|signal| signal.findings.clone()).unwrap_or_default(),
            headline: notice::opening(page),
            sections: notice::sections(page),
        };
        news.bounded()
    }

    /// Whose it is: the value of the first of the tags that say so.
    pub fn team(&self) -> Option<&str> {
        self.tags.values().next().map(String::as_str)
    }

    /// What is wrong: the remediation, or what signalled it where none answers.
    pub fn about(&self) -> &str {
        if self.remediation.is_empty() { &self.trigger } else { &self.remediation }
    }

    fn bounded(mut self) -> Self {
        let size = |news: &Self| serde_json::to_string(news).map_or(usize::MAX, |json| json.len());
        if size(&self) <= LARGEST {
            return self;
        }
        for section in &mut self.sections {
            let more = section.lines.len().saturating_sub(SHORT);
            section.lines.truncate(SHORT);
            if more > 0 {
                // A part of a list of commands is no list of commands.
                section.commands = false;
                section.lines.push(format!("... and {more} more, in the record"));
            }
        }
        if size(&self) > LARGEST {
            let why = "All of it is too long for a message; it is in the record.".into();
            self.sections = vec![Section { title: why, lines: Vec::new(), commands: false }];
            self.findings.truncate(SHORT);
        }
        self
    }
}

impl Stands {
    /// How the problem of `page` stands.
    pub fn of(page: &Page) -> Self {
        match &page.outcome {
            Outcome::Ordered { .. } => Self::Notice,
            Outcome::Fixed if page.undoes.is_some() => Self::Accepted,
            Outcome::Fixed if page.left.is_empty() => Self::Fixed,
            Outcome::Gone | Outcome::Right | Outcome::Ignored { .. } => Self::Solved,
            Outcome::Held { .. } if page.asks.is_some() => Self::Asks,
            Outcome::Held { why } if why.iter().any(|hold| matches!(hold, Hold::Exempt { .. })) => {
                Self::Accepted
            }
            Outcome::Open
            | Outcome::Held { .. }
            | Outcome::Fixed
            | Outcome::Unreadable { .. }
            | Outcome::Partial
            | Outcome::NotFixed { .. }
            | Outcome::Failed => Self::Open,
        }
    }
}
