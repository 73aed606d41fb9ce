//! What would come of what is open: a row for each resource and remediation.

use std::collections::{BTreeMap, BTreeSet};

use catalog::entries;
use remedy::Severity;
use runtime::{Page, Report};
use serde::Serialize;

use crate::look::{Next, next};

/// What would come of one resource.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(super) struct Row {
    pub(super) next: Next,
    /// What kind of thing it is.
    pub(super) kind: String,
    pub(super) id: String,
    pub(super) arn: String,
    /// The name people gave it. Text from outside.
    pub(super) label: Option<String>,
    pub(super) account: String,
    pub(super) region: String,
    pub(super) link: Option<String>,
    pub(super) remediation: String,
    pub(super) title: String,
    pub(super) risk: String,
    pub(super) severity: Severity,
    /// What says that it is wrong.
    pub(super) because: BTreeSet<String>,
    /// What would be changed.
    pub(super) plan: Vec<String>,
    /// What is wrong too, and would be left alone.
    pub(super) left: Vec<String>,
    /// What is reported of it.
    pub(super) titles: BTreeSet<String>,
    /// The AWS CLI commands that do the same by hand.
    pub(super) by_hand: Vec<String>,
}

/// What no remediation answers, by what it is.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub(super) struct NotCovered {
    pub(super) title: String,
    pub(super) severity: Severity,
    pub(super) findings: usize,
    pub(super) resources: BTreeSet<String>,
}

/// All of it.
#[derive(Debug, Default)]
pub(super) struct Rows {
    pub(super) all: Vec<Row>,
    /// By control, rule or finding type.
    pub(super) not_covered: BTreeMap<String, NotCovered>,
    /// Why there is nothing to do, and about how many.
    pub(super) ignored: BTreeMap<String, usize>,
    /// What could not be read, and how often.
    pub(super) unreadable: BTreeMap<String, usize>,
    /// Where in `all` what is.
    known: BTreeMap<[String; 3], usize>,
}

impl Rows {
    /// Adds what came of one finding.
    pub(super) fn add(&mut self, report: &Report) {
        let page = &report.page;
        let next = match (next(page), report.trouble.first()) {
            (Next::Unreadable { .. }, Some(trouble)) => Next::Unreadable { why: trouble.clone() },
            (next, _) => next,
        };
        let count = |all: &mut BTreeMap<String, usize>, why: &str| {
            *all.entry(why.to_owned()).or_default() += 1;
        };
        match (&next, &page.signal) {
            (Next::NotCovered, Some(signal)) => {
                let kind = self.not_covered.entry(signal.trigger.to_string()).or_default();
                if kind.title.is_empty() {
                    kind.title.clone_from(&signal.title);
                }
                kind.severity = kind.severity.max(signal.severity);
                kind.findings += 1;
                kind.resources.insert(signal.resource.clone());
            }
            (Next::Ignored { why }, _) => count(&mut self.ignored, why),
            (Next::Unreadable { why }, None) => count(&mut self.unreadable, why),
            _ => self.put(page, next),
        }
    }

    fn put(&mut self, page: &Page, next: Next) {
        let row = Row::of(page, next);
        // What everybody shares is told apart by what becomes of it.
        let what = match page.about.verb {
            Some(_) => row.plan.iter().chain(&row.left).cloned().collect::<Vec<_>>().join("\n"),
            None => String::new(),
        };
        let key = [row.remediation.clone(), row.arn.clone(), what];
        if let Some(known) = self.known.get(&key).and_then(|at| self.all.get_mut(*at)) {
            known.join(row);
        } else {
            self.known.insert(key, self.all.len());
            self.all.push(row);
        }
    }

    /// What would be done first, then what is worst.
    pub(super) fn sort(&mut self) {
        self.known.clear();
        let key = |row: &Row| (row.next.rank(), std::cmp::Reverse(row.severity), row.arn.clone());
        self.all.sort_by_cached_key(key);
    }

    /// How many rows there are of each word.
    pub(super) fn counts(&self) -> BTreeMap<&'static str, usize> {
        let mut counts = BTreeMap::new();
        for row in &self.all {
            *counts.entry(row.next.word()).or_default() += 1;
        }
        counts
    }
}

impl Row {
    /// The columns of the table for spreadsheets.
    pub(super) const HEADS: [&'static str; 14] = [
        "next",
        "severity",
        "kind",
        "id",
        "name",
        "account",
        "region",
        "remediation",
        "plan",
        "why",
        "tags that would bring it in",
        "left alone",
        "because of",
        "arn",
    ];

    fn of(page: &Page, next: Next) -> Self {
        let about = &page.about;
        let entry = entries().find(|entry| entry.spec.id == page.remediation);
        let signal = page.signal.as_ref();
        let place = about.place.clone().or_else(|| signal.map(|signal| signal.place.clone()));
        let id = if about.id.is_empty() { &about.resource } else { &about.id };
        Self {
            next,
            kind: about.kind.clone(),
            id: id.clone(),
            arn: about.resource.clone(),
            label: about.label.clone(),
            account: place.as_ref().map(|place| place.account.clone()).unwrap_or_default(),
            region: place.map(|place| place.region).unwrap_or_default(),
            link: about.link.clone(),
            remediation: page.remediation.clone(),
            title: entry.map(|entry| entry.spec.title.to_owned()).unwrap_or_default(),
            risk: entry.map(|entry| entry.spec.risk.words().to_owned()).unwrap_or_default(),
            severity: signal.map(|signal| signal.severity).unwrap_or_default(),
            because: signal.iter().map(|signal| signal.trigger.to_string()).collect(),
            titles: signal.iter().map(|signal| signal.title.clone()).collect(),
            plan: page.steps.iter().map(|step| step.what.clone()).collect(),
            left: page.left.iter().map(|left| format!("{}: {}", left.what, left.why)).collect(),
            by_hand: page.make.clone(),
        }
    }

    /// The same resource was reported once more.
    fn join(&mut self, other: Self) {
        self.severity = self.severity.max(other.severity);
        self.because.extend(other.because);
        self.titles.extend(other.titles);
        for (mine, theirs) in [
            (&mut self.plan, other.plan),
            (&mut self.left, other.left),
            (&mut self.by_hand, other.by_hand),
        ] {
            let new: Vec<_> = theirs.into_iter().filter(|line| !mine.contains(line)).collect();
            mine.extend(new);
        }
        if other.next.rank() < self.next.rank() {
            self.next = other.next;
        }
    }

    /// What cannot be read since it is in another account says how it can be.
    pub(super) fn elsewhere(&mut self, home: &str) {
        if self.account != home && matches!(self.next, Next::Unreadable { .. }) {
            let why = format!(
                "it is in account {}, and nobody acts there: give --member-role the name of a role there",
                self.account
            );
            self.next = Next::Unreadable { why };
        }
    }

    /// What it is, for people.
    pub(super) fn name(&self) -> String {
        let label = self.label.as_ref().map(|label| format!(" \"{label}\"")).unwrap_or_default();
        format!("{}{label}", self.id)
    }

    /// The tags that would bring it in.
    pub(super) fn tags(&self) -> Vec<String> {
        match &self.next {
            Next::OutOfScope { tags, .. } => tags.iter().map(|wanted| wanted.tag.clone()).collect(),
            _ => Vec::new(),
        }
    }

    /// A line of the table for spreadsheets.
    pub(super) fn cells(&self) -> Vec<String> {
        let because: Vec<_> = self.because.iter().cloned().collect();
        vec![
            self.next.word().to_owned(),
            self.severity.to_string(),
            self.kind.clone(),
            self.id.clone(),
            self.label.clone().unwrap_or_default(),
            self.account.clone(),
            self.region.clone(),
            self.remediation.clone(),
            self.plan.join("\n"),
            self.next.why().join("\n"),
            self.tags().join("\n"),
            self.left.join("\n"),
            because.join("\n"),
            self.arn.clone(),
        ]
    }
}

#[cfg(test)]
pub(super) mod tests;
