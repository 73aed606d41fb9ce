//! What was decided about which resource, and why: enough to explain it, and to undo it.

use std::collections::BTreeMap;

use remedy::{Change, Hold, Left, Place, Plan, Signal, Source, Subject, Timestamp};
use scope::Verdict;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::{Outcome, State, Step, Wait};

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
    /// What the policies said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub verdict: Option<Verdict>,
    /// Which policies those were.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub policies: String,
    /// Who asked for it, where no signal says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    /// The record that it takes back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub undoes: Option<String>,
    /// Until when the resource is left alone because of that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exempt_until: Option<Timestamp>,
    /// What a person is asked to agree to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub asks: Option<Asks>,
    /// What they answered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answer: Option<Answer>,
    /// How often the same was put right before, and who undid it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub repeats: Option<String>,
    /// When it was written down how it ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closed: Option<Timestamp>,
    /// How it ended.
    pub outcome: Outcome,
    /// People were told, and the message comes again for another reason. Only then it is written down.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub told: bool,
}

/// A question to a person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asks {
    /// What names the plan.
    pub plan: String,
    /// Until when it can be answered.
    pub until: Timestamp,
}

/// A person's answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// Whether they agreed.
    pub approved: bool,
    /// Who.
    pub by: String,
    /// When.
    pub at: Timestamp,
    /// Why, if they said.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub why: String,
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
    /// Its tags that say whose it is. Text from outside.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub tags: BTreeMap<String, String>,
    /// What makes it, such as `cloudformation stack web, resource Group`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
}

impl Page {
    /// The record of a signal that `remediation` answers.
    pub fn of(signal: &Signal, remediation: &str, at: Timestamp) -> Self {
        let about = About {
            resource: signal.resource.clone(),
            place: Some(signal.place.clone()),
            ..About::default()
        };
        let id = id_of(signal, remediation, &signal.resource);
        let page = Self::new(id, at, about, Outcome::Open);
        Self { remediation: remediation.into(), signal: Some(signal.clone()), ..page }
    }

    /// The record of what `by` ordered, and which changes no resource.
    pub fn of_order(by: &str, what: String, about: About, at: Timestamp) -> Self {
        let id = id("order", &what, by, Some(at));
        Self { by: Some(by.into()), ..Self::new(id, at, about, Outcome::Ordered { what }) }
    }

    /// The record of taking back what `page` changed, as `by` asked.
    pub(crate) fn of_undo(page: &Self, by: &str, at: Timestamp) -> Self {
        let about = About { verb: None, ..page.about.clone() };
        let id = id("undo", &page.about.resource, &page.id, None);
        Self {
            remediation: page.remediation.clone(),
            by: Some(by.into()),
            undoes: Some(page.id.clone()),
            ..Self::new(id, at, about, Outcome::Open)
        }
    }

    fn new(id: String, at: Timestamp, about: About, outcome: Outcome) -> Self {
        Self {
            id,
            at,
            version: VERSION.into(),
            remediation: String::new(),
            about,
            signal: None,
            found: None,
            plan: Value::Null,
            steps: Vec::new(),
            make: Vec::new(),
            undo: Vec::new(),
            left: Vec::new(),
            alarm: None,
            more: false,
            verdict: None,
            policies: String::new(),
            by: None,
            undoes: None,
            exempt_until: None,
            asks: None,
            answer: None,
            repeats: None,
            closed: None,
            outcome,
            told: false,
        }
    }

    /// Who asked for it, if a person did.
    pub fn asked_by(&self) -> Option<&str> {
        let signal = self.signal.as_ref().and_then(|signal| signal.asked_by.as_deref());
        self.by.as_deref().or(signal)
    }

    /// What it waits for, if it is done as soon as that is over. What a schedule asks for comes again by
    /// itself.
    pub fn waits(&self) -> Option<Wait> {
        let Outcome::Held { why } = &self.outcome else { return None };
        self.signal.as_ref().filter(|signal| signal.source != Source::Schedule)?;
        let waits = !why.is_empty() && why.iter().all(Hold::is_lifted_by_waiting);
        let until = why.iter().filter_map(|hold| match hold {
            Hold::Window { until, .. } => Some(*until),
            _ => None,
        });
        waits.then(|| Wait { until: until.max() })
    }

    /// The same under the name that it has as a record about `resource`, which everybody shares.
    #[must_use]
    pub fn shared(mut self, resource: &str) -> Self {
        if let Some(signal) = &self.signal {
            self.id = id_of(signal, &self.remediation, resource);
        }
        self
    }

    /// The record of a finding that is no signal. `message` stands for it where it has no id.
    pub fn of_subject(subject: &Subject, message: &str, at: Timestamp, outcome: Outcome) -> Self {
        let known = if subject.id.is_empty() { message } else { &subject.id };
        let about = About {
            resource: subject.resource.clone(),
            place: subject.place.clone(),
            ..About::default()
        };
        Self::new(id(&subject.trigger, &subject.resource, known, subject.seen), at, about, outcome)
    }

    /// Whether a run under this id was cut short, perhaps in the middle of its changes.
    pub fn is_under_way(&self) -> bool {
        self.outcome == Outcome::Open || self.has_made_some()
    }

    /// Whether changes were made under it up to a time after `start`.
    pub(crate) fn has_ended_since(&self, start: Timestamp) -> bool {
        self.outcome.has_changed_something() && self.closed.is_some_and(|closed| start < closed)
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
    let approved = signal.approves.as_ref().map(|approval| format!("\n{}", approval.record));
    let finding = format!("{}\n{asked}{}", signal.id, approved.unwrap_or_default());
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
