//! What people ordered: the policies in force, what is paused, what is exempt, who was asked.

use remedy::{Hold, Timestamp};
use scope::Scope;
use serde::{Deserialize, Serialize};

/// What holds for every plan, as it was read last.
#[derive(Debug, Clone)]
pub struct Orders {
    /// The policies.
    pub scope: Scope,
    /// Which they are, for people: `the stack's parameters`, or `version 7`.
    pub policies: String,
    /// What is paused.
    pub pauses: Vec<Pause>,
    /// Whatever the policies permit, nothing is changed: the stack is in dry-run mode, or somebody only
    /// looks.
    pub looks_only: bool,
}

/// A person stopped repairs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pause {
    /// Of this remediation; none: all of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub remediation: Option<String>,
    /// Who.
    pub by: String,
    /// When.
    pub at: Timestamp,
    /// Why, if they said.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub why: String,
    /// When it ends by itself, if it does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Timestamp>,
}

impl Pause {
    /// Whether it stops `remediation` at `now`.
    pub fn holds(&self, remediation: &str, now: Timestamp) -> bool {
        self.until.is_none_or(|until| now < until)
            && self.remediation.as_ref().is_none_or(|paused| paused == remediation)
    }
}

impl Orders {
    /// The pause that stops `remediation` at `now`, if one does.
    pub fn paused(&self, remediation: &str, now: Timestamp) -> Option<Hold> {
        let pause = self.pauses.iter().find(|pause| pause.holds(remediation, now))?;
        let Pause { by, at, why, .. } = pause.clone();
        Some(Hold::Paused { by, at, why })
    }
}

/// What is remembered of one resource.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Standing {
    /// A person wrote that it is to be left alone.
    pub exempt: Option<Exempt>,
    /// A record asks for a person's answer.
    pub asked: Option<Asked>,
}

/// A resource is to be left alone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exempt {
    /// The end.
    pub until: Timestamp,
    /// Who said so.
    pub by: String,
    /// Why, if they said.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub why: String,
}

impl Exempt {
    /// The hold of it, while it holds.
    pub fn hold(&self, now: Timestamp) -> Option<Hold> {
        let by = match self.why.as_str() {
            "" => format!("said by {}", self.by),
            why => format!("said by {}: {why}", self.by),
        };
        (now < self.until).then_some(Hold::Exempt { until: self.until, by })
    }
}

/// A person was asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asked {
    /// By which record.
    pub record: String,
    /// What names its plan.
    pub plan: String,
    /// Until when it can be answered.
    pub until: Timestamp,
}

/// What a held plan waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wait {
    /// Not before this time, if it is known.
    pub until: Option<Timestamp>,
}

/// A repair that was made not long ago.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Brief {
    /// Its record.
    pub record: String,
    /// When.
    pub at: Timestamp,
    /// What was changed, in words.
    pub changes: Vec<String>,
    /// Who had caused the problem, if that is known.
    pub caused_by: Option<String>,
}
