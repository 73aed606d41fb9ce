//! From events of Security Hub to news.

mod words;

use remedy::{Finding, Own, Signal, Silent, Subject, Timestamp, Trigger, Whole};
use runtime::{News, Section, Stands, news::case_id, notice::clean};
use serde_json::Value;

use self::words::{console, id_of, kind_of};
use crate::{advice::page, case::FINDING};

/// How far people are with a finding.
pub use remedy::Progress as Workflow;

/// What a finding says of one resource and of one remediation that answers it.
#[derive(Debug, Clone, PartialEq)]
pub struct Found {
    /// Where it is kept; none: nothing can be told to it.
    pub finding: Option<Finding>,
    /// When its source saw it last: what a comment on a finding in OCSF must be about.
    pub seen: Timestamp,
    /// The news.
    pub news: News,
    /// Whose it is to tell that the problem is there.
    pub answered: Answered,
    /// It is the first of what its finding says: triage is for it alone.
    pub leads: bool,
    /// How many resources its finding is about.
    pub resources: usize,
    /// How far people are with it.
    pub workflow: Workflow,
    /// What the control says, if it is about one.
    pub passed: Option<bool>,
    /// Whether it is put away.
    pub archived: bool,
    /// Whether it is Kintsugi's own update that came back.
    pub by_kintsugi: bool,
}

/// Whether there is a remediation for a finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answered {
    /// There is: what it comes to is told by it.
    ByRemediation,
    /// Nobody repairs it.
    ByNobody,
}

/// Why a finding is no news.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NotFound {
    /// It means nothing: it is a sample, or tells of nothing that could be looked at.
    Ignored {
        /// The finding.
        about: Subject,
        /// Why.
        why: String,
    },
    /// It cannot be read; the message is to be kept.
    Unreadable {
        /// The finding, as far as it can be told.
        about: Subject,
        /// Why.
        why: String,
    },
}

/// What every finding of an event of Security Hub says, whichever its form: one for each of its resources and of
/// the remediations that answer it. `answered_by` tells the ids of those that a signal calls for.
pub fn findings(
    event: &Value,
    own: &Own,
    answered_by: impl Fn(&Signal) -> Vec<String>,
) -> Vec<Result<Found, NotFound>> {
    let mut all = Vec::new();
    for whole in remedy::whole(event, own) {
        match whole {
            Ok(whole) => all.extend(found(&whole, &answered_by).into_iter().map(Ok)),
            Err((about, Silent::Ignored(why))) => {
                all.push(Err(NotFound::Ignored { about, why: why.to_string() }));
            }
            Err((about, Silent::Unreadable(why))) => {
                all.push(Err(NotFound::Unreadable { about, why }));
            }
        }
    }
    all
}

fn found(whole: &Whole, answered_by: &impl Fn(&Signal) -> Vec<String>) -> Vec<Found> {
    let standing = whole.standing;
    let mut all: Vec<Found> = Vec::new();
    for (at, signal) in whole.signals.iter().enumerate() {
        let ids = answered_by(signal);
        let answered = match ids.is_empty() {
            true => Answered::ByNobody,
            false => Answered::ByRemediation,
        };
        let ids = if ids.is_empty() { vec![String::new()] } else { ids };
        for remediation in ids {
            all.push(Found {
                finding: signal.findings.first().cloned(),
                seen: signal.seen,
                news: news(whole, signal, at, remediation),
                answered,
                leads: all.is_empty(),
                resources: whole.signals.len(),
                workflow: standing.progress,
                passed: standing.passed,
                archived: standing.archived,
                by_kintsugi: standing.own,
            });
        }
    }
    all
}

/// How the problem stands of which a finding stands like this.
fn stands(whole: &Whole) -> Stands {
    let standing = whole.standing;
    match standing.progress {
        _ if standing.archived || standing.passed == Some(true) => Stands::Solved,
        Workflow::Resolved => Stands::Solved,
        Workflow::Suppressed => Stands::Accepted,
        Workflow::New | Workflow::Notified => Stands::Open,
    }
}

fn news(whole: &Whole, signal: &Signal, at: usize, remediation: String) -> News {
    let trigger = signal.trigger.name();
    let what = if remediation.is_empty() { problem(signal) } else { remediation.clone() };
    let described = whole.resources.get(at).cloned().unwrap_or_default();
    let stands = stands(whole);
    let id = clean(id_of(&signal.resource), 200);
    let title = if signal.title.trim().is_empty() { trigger } else { &signal.title };
    let before = match stands {
        Stands::Solved => "Solved: ",
        Stands::Accepted => "Suppressed: ",
        Stands::Open | Stands::Asks | Stands::Fixed | Stands::Notice => "",
    };
    let title = clean(title, 300);
    let tags = described.tags.iter().filter(|(key, _)| !key.starts_with("aws:"));
    News {
        case: case_id(&what, &signal.resource),
        at: whole.sent,
        stands,
        outcome: FINDING.into(),
        severity: signal.severity,
        trigger: clean(trigger, 200),
        kind: kind_of(&described.kind),
        label: None,
        resource: signal.resource.clone(),
        place: Some(signal.place.clone()),
        link: console(&signal.place, &signal.id),
        tags: tags.map(|(key, value)| (clean(key, 128), clean(value, 256))).collect(),
        record: None,
        findings: signal.findings.clone(),
        headline: format!("{before}{title}: {id} in {}", signal.place),
        sections: sections(whole, signal),
        id,
        remediation,
    }
}

/// What names the problem where nobody repairs it. A type that is but a category, such as
/// `Software and Configuration Checks/Vulnerabilities/CVE`, names many.
fn problem(signal: &Signal) -> String {
    let name = signal.trigger.name();
    match &signal.trigger {
        Trigger::Finding(kind) if !kind.contains(':') => format!("{name}\n{}", signal.title),
        _ => name.into(),
    }
}

fn sections(whole: &Whole, signal: &Signal) -> Vec<Section> {
    let section = |title: String, lines: Vec<String>| Section { title, lines, commands: false };
    let trigger = clean(&signal.trigger.to_string(), 200);
    let finding = format!("finding {}", clean(&signal.id, 300));
    let about = format!("about {}", clean(&signal.resource, 300));
    let mut all =
        vec![section(format!("Because of {trigger} ({})", signal.severity), vec![about, finding])];
    let description = clean(whole.description.trim(), 1_000);
    if !description.is_empty() {
        all.push(section("What is wrong:".into(), vec![description]));
    }
    let advice = Some(clean(whole.advice.trim(), 600)).filter(|advice| !advice.is_empty());
    let steps: Vec<String> = advice.into_iter().chain(page(&whole.link)).collect();
    if !steps.is_empty() {
        all.push(section("What to do:".into(), steps));
    }
    all
}

#[cfg(test)]
mod tests;
