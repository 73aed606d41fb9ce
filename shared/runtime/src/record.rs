//! What was decided about which resource, and why: enough to explain it, and to undo it.

use remedy::{Change, Hold, Left, Place, Plan, Signal, Subject, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest, Sha256};

/// The version that records are written by.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

/// A record of the ledger. Written before the first change, closed with the outcome.
///
/// Stored records outlive versions: fields are only ever added, with a default.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Page {
    /// `k-` and twelve hexadecimal digits; the same for the same signal, so that a message that comes
    /// twice finds what was done the first time.
    pub id: String,
    /// When it was decided.
    pub at: Timestamp,
    /// The version of Kintsugi that decided.
    pub version: String,
    /// The remediation's id; empty if none was called for.
    pub remediation: String,
    /// What was looked at.
    pub about: About,
    /// The signal, if the event held one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signal: Option<Signal>,
    /// A hash of the resource as it was found.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub found: Option<String>,
    /// The plan's changes as data, from which an undo is made.
    #[serde(default, skip_serializing_if = "Value::is_null")]
    pub plan: Value,
    /// The same changes for people, and what became of each.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub steps: Vec<Step>,
    /// The AWS CLI commands that make by hand what is not made.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub make: Vec<String>,
    /// The AWS CLI commands that take back what is made.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub undo: Vec<String>,
    /// What is wrong too and was left alone on purpose.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub left: Vec<Left>,
    /// What operators should hear of although it was carried out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub alarm: Option<String>,
    /// There is more to do, another time.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub more: bool,
    /// How it ended.
    pub outcome: Outcome,
    /// People were told, and the message comes again for another reason. Only then it is written down.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub told: bool,
}

/// The resource, as people know it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct About {
    /// What kind of thing it is, such as `security group`.
    #[serde(default)]
    pub kind: String,
    /// What is done to it, where that is not to repair it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub verb: Option<String>,
    /// Its ARN, or what the event calls it.
    pub resource: String,
    /// Its id, such as `sg-1`.
    #[serde(default)]
    pub id: String,
    /// The name people gave it. Text from outside.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// Where it lives, if that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<Place>,
    /// The page of the web console that shows it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link: Option<String>,
}

/// A change, for people.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// Such as `revoke tcp/22 from 0.0.0.0/0`.
    pub what: String,
    /// What became of it.
    pub state: State,
    /// It only keeps up what was decided before, and is no news.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub routine: bool,
}

/// What became of a change.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// Not made, or not yet.
    #[default]
    Planned,
    /// Made.
    Made,
    /// Refused, with AWS's answer.
    Refused(String),
}

/// How it ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Outcome {
    /// It has not ended: the plan is being carried out, or the run was cut short.
    Open,
    /// The event asks for nothing.
    Ignored {
        /// Why.
        why: String,
    },
    /// The event, the resource or its tags could not be read, so nothing was changed.
    Unreadable {
        /// What was tried, on what, and what came back.
        why: String,
    },
    /// The resource is not there any more.
    Gone,
    /// Nothing is wrong with the resource (any more).
    Right,
    /// Something should change, and was not changed.
    Held {
        /// Every reason, the most final first.
        why: Vec<Hold>,
    },
    /// Everything was changed, and nothing is left to change.
    Fixed,
    /// Some changes were refused; the others are made.
    Partial,
    /// Every change was made, and the resource is still not right.
    NotFixed {
        /// What would have to change still.
        left: Vec<String>,
    },
    /// Every change was refused.
    Failed,
}

impl Outcome {
    /// One word, for metrics and filters.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Ignored { .. } => "ignored",
            Self::Unreadable { .. } => "unreadable",
            Self::Gone => "gone",
            Self::Right => "right",
            Self::Held { .. } => "held",
            Self::Fixed => "fixed",
            Self::Partial => "partial",
            Self::NotFixed { .. } => "not-fixed",
            Self::Failed => "failed",
        }
    }

    /// Whether changes were made under it: its record must be kept for an undo.
    pub fn has_changed_something(&self) -> bool {
        matches!(self, Self::Fixed | Self::Partial | Self::NotFixed { .. })
    }
}

impl Page {
    /// The record of a signal that `remediation` answers.
    pub fn of(signal: &Signal, remediation: &str, at: Timestamp) -> Self {
        Self {
            id: id_of(signal, remediation, &signal.resource),
            at,
            version: VERSION.into(),
            remediation: remediation.into(),
            about: About {
                resource: signal.resource.clone(),
                place: Some(signal.place.clone()),
                ..About::default()
            },
            signal: Some(signal.clone()),
            found: None,
            plan: Value::Null,
            steps: Vec::new(),
            make: Vec::new(),
            undo: Vec::new(),
            left: Vec::new(),
            alarm: None,
            more: false,
            outcome: Outcome::Open,
            told: false,
        }
    }

    /// The same under the name that it has as a record about `resource`, which everybody shares.
    pub(crate) fn shared(mut self, resource: &str) -> Self {
        if let Some(signal) = &self.signal {
            self.id = id_of(signal, &self.remediation, resource);
        }
        self
    }

    /// The record of a finding that is no signal. `message` stands for it where it has no id.
    pub fn of_subject(subject: &Subject, message: &str, at: Timestamp, outcome: Outcome) -> Self {
        let known = if subject.id.is_empty() { message } else { &subject.id };
        Self {
            id: id(&subject.trigger, &subject.resource, known, subject.seen),
            at,
            version: VERSION.into(),
            remediation: String::new(),
            about: About {
                resource: subject.resource.clone(),
                place: subject.place.clone(),
                ..About::default()
            },
            signal: None,
            found: None,
            plan: Value::Null,
            steps: Vec::new(),
            make: Vec::new(),
            undo: Vec::new(),
            left: Vec::new(),
            alarm: None,
            more: false,
            outcome,
            told: false,
        }
    }

    /// Whether a run under this id was cut short, perhaps in the middle of its changes.
    pub fn is_under_way(&self) -> bool {
        self.outcome == Outcome::Open || self.has_made_some()
    }

    /// Whether some of its changes are made.
    pub fn has_made_some(&self) -> bool {
        self.steps.iter().any(|step| step.state == State::Made)
    }

    /// The plan, typed again; `None` if there is none, or it is of another kind.
    pub fn plan<C: Change>(&self) -> Option<Plan<C>> {
        Plan::deserialize(&self.plan).ok()
    }

    /// The next id for the same signal, when the problem is back and what was done must not be
    /// overwritten.
    pub fn next_id(&self) -> String {
        match self.id.rsplit_once('.').and_then(|(id, nth)| Some((id, nth.parse::<u32>().ok()?))) {
            Some((id, nth)) => format!("{id}.{}", nth.saturating_add(1)),
            None => format!("{}.2", self.id),
        }
    }
}

fn id_of(signal: &Signal, remediation: &str, resource: &str) -> String {
    // A person who asks gets an answer of their own, also when the same finding was handled before.
    let asked = signal.asked_by.as_deref().unwrap_or_default();
    let finding = format!("{}\n{asked}", signal.id);
    id(remediation, resource, &finding, Some(signal.seen))
}

/// A short name for one piece of evidence about one resource.
fn id(remediation: &str, resource: &str, finding: &str, seen: Option<Timestamp>) -> String {
    let seen = seen.map(|time| time.timestamp_millis().to_string()).unwrap_or_default();
    hash([remediation, resource, finding, &seen].join("\n").as_bytes(), 6, "k-")
}

/// `prefix` and the first `bytes` of the SHA-256 of `data`, in hexadecimal.
pub(crate) fn hash(data: &[u8], bytes: usize, prefix: &str) -> String {
    let digest = Sha256::digest(data);
    digest.iter().take(bytes).fold(prefix.to_owned(), |text, byte| format!("{text}{byte:02x}"))
}

#[cfg(test)]
mod tests {
    use remedy::check::signal;

    use super::*;

    #[test]
    fn the_same_evidence_has_the_same_record_and_newer_evidence_another() {
        let (old, now) = (signal("sg-1"), remedy::check::now());
        let mut new = old.clone();
        new.seen += chrono::TimeDelta::seconds(1);
        let id = |signal| Page::of(signal, "ec2/close_world_ingress", now).id;
        assert_eq!(id(&old), id(&old));
        assert_ne!(id(&old), id(&new));
        assert_eq!(id(&old).len(), "k-123456789abc".len());
    }

    #[test]
    fn a_problem_that_is_back_is_written_under_the_next_id() {
        let mut page = Page::of(&signal("sg-1"), "r", remedy::check::now());
        page.id = "k-1".into();
        page.id = page.next_id();
        assert_eq!(page.id, "k-1.2");
        assert_eq!(page.next_id(), "k-1.3");
    }
}
