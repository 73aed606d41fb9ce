//! Why an event could not be handled: what it says, and what its records say.

use std::fmt::Write;

use catalog::{entries, guardduty::List};
use futures_util::future;
use lambda::Table;
use remedy::{Entry, Id, Own, Reading, Settings, Signal, Timestamp, Trigger, read};
use runtime::{
    Outcome, Page,
    notice::{self, clean},
};
use serde::Serialize;

use super::{Numbered, queue::Letter};
use crate::{
    command::now,
    fail::Fail,
    say::{minute, paint, table::pairs},
    session::Session,
    stack::Stack,
};

/// A dead letter, and why it is one.
#[derive(Debug, Serialize)]
pub(super) struct Story {
    number: usize,
    letter: Letter,
    findings: Vec<Finding>,
}

/// One finding of its event.
#[derive(Debug, Serialize)]
struct Finding {
    /// What it says.
    says: String,
    resource: String,
    /// Why nothing can be done about it, if that shows in the event alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    why: Option<String>,
    /// What was written about it.
    records: Vec<Page>,
    /// Why what was written could not be read.
    #[serde(skip_serializing_if = "Option::is_none")]
    trouble: Option<String>,
}

/// What is known of each.
pub(super) async fn stories(
    letters: &[Numbered<'_>],
    session: &Session,
    stack: &Stack,
) -> Result<Vec<Story>, Fail> {
    let settings: Settings = stack.settings.clone().into_iter().collect();
    let roles = settings.list(&lambda::OWN_ROLES).map(str::to_owned).collect();
    let teller = Teller {
        table: session.table_of(stack)?,
        list: List::configured(&settings).ok().map(|list| list.id.arn(&session.home)),
        own: Own { roles, note_by: "kintsugi" },
        now: now(),
    };
    Ok(future::join_all(letters.iter().map(|letter| Box::pin(teller.story(*letter)))).await)
}

struct Teller {
    table: Table,
    /// The ARN of the threat list, if there is one.
    list: Option<String>,
    own: Own,
    now: Timestamp,
}

impl Teller {
    async fn story(&self, (number, letter): Numbered<'_>) -> Story {
        let readings = match letter.event() {
            Some(event) => read(&event, &self.own),
            None => vec![Reading::Unreadable {
                about: remedy::Subject::default(),
                why: "it is no JSON".into(),
            }],
        };
        let mut findings = Vec::new();
        for reading in readings {
            let mut finding = self.finding(reading, letter);
            let ids = std::mem::take(&mut finding.1);
            findings.push(self.with_records(finding.0, &ids).await);
        }
        Story { number, letter: letter.clone(), findings }
    }

    /// What a reading says, and under which ids it would be on record.
    fn finding(&self, reading: Reading, letter: &Letter) -> (Finding, Vec<String>) {
        let finding = |says, resource, why| Finding {
            says,
            resource,
            why,
            records: Vec::new(),
            trouble: None,
        };
        match reading {
            Reading::Signal(signal) => {
                let answers = |entry: &&Entry| {
                    entry.spec.triggers.iter().any(|trigger: &Trigger| trigger.is(&signal.trigger))
                };
                let answering: Vec<_> = entries().filter(answers).collect();
                let ids = answering.iter().map(|entry| self.id(&signal, entry));
                let ids = ids.chain([Page::of(&signal, "", self.now).id]).collect();
                let says = format!("{} ({}) in {}", signal.trigger, signal.severity, signal.place);
                let why = answering.is_empty().then(|| "no remediation answers it".to_owned());
                (finding(says, signal.resource.clone(), why), ids)
            }
            Reading::Ignored { about, why } => {
                let outcome = Outcome::Ignored { why: why.to_string() };
                let page = Page::of_subject(&about, &letter.id, self.now, outcome);
                (finding(about.trigger, about.resource, Some(why.to_string())), vec![page.id])
            }
            Reading::Unreadable { about, why } => {
                let outcome = Outcome::Unreadable { why: why.clone() };
                let page = Page::of_subject(&about, &letter.id, self.now, outcome);
                (finding(about.trigger, about.resource, Some(why)), vec![page.id])
            }
        }
    }

    /// The record of a signal that a remediation answers. What everybody shares has its own name.
    fn id(&self, signal: &Signal, entry: &Entry) -> String {
        let page = Page::of(signal, entry.spec.id, self.now);
        match &self.list {
            Some(list) if entry.shared => page.shared(list).id,
            _ => page.id,
        }
    }

    async fn with_records(&self, mut finding: Finding, ids: &[String]) -> Finding {
        let found = future::join_all(ids.iter().map(|id| Box::pin(self.table.page(id)))).await;
        for page in found {
            match page {
                Ok(page) => finding.records.extend(page),
                Err(error) => finding.trouble = Some(error.to_string()),
            }
        }
        finding
    }
}

impl Story {
    pub(super) fn text(&self) -> String {
        let Self { number, letter, findings } = self;
        let sent = letter.sent.map(|at| format!(", sent {}", minute(at))).unwrap_or_default();
        let head = format!("{number} {} of {}{sent}", letter.short_id(), letter.function);
        let mut text = format!("{}\n", paint::paint(paint::HEAD, &head));
        for finding in findings {
            let records: Vec<_> = finding
                .records
                .iter()
                .map(|page| {
                    let why = notice::why(page);
                    format!("{} {}: {} ({})", page.id, page.outcome.word(), why, minute(page.at))
                })
                .collect();
            let records = match records.is_empty() {
                true => {
                    "none: it was never begun, or its record is gone; the function's log says more"
                        .into()
                }
                false => records.join("\n"),
            };
            let lines = pairs(&[
                ("event", letter.kind()),
                ("says", clean(&finding.says, 300)),
                ("about", finding.resource.clone()),
                ("why", finding.why.clone().unwrap_or_default()),
                ("records", records),
                ("trouble", finding.trouble.clone().unwrap_or_default()),
            ]);
            for line in lines.lines() {
                let _ = writeln!(text, "  {line}");
            }
        }
        text
    }
}
