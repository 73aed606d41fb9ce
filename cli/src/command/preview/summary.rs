//! A preview for people at a terminal, and for programs.

use std::fmt::Write;

use remedy::{Place, Timestamp};
use serde_json::{Value, json};

use super::row::{NotCovered, Row, Rows};
use crate::{
    look::Next,
    say::{count, minute, paint, table::table},
};

/// What is open, and what would come of it.
#[derive(Debug)]
pub(super) struct Summary {
    pub(super) home: Place,
    pub(super) at: Timestamp,
    pub(super) policies: String,
    /// What each service told, in words.
    pub(super) sources: Vec<String>,
    pub(super) rows: Rows,
}

/// What rows of each word are called, in the order in which they are told.
pub(super) const WORDS: [(&str, &str); 9] = [
    ("fix", "would be fixed"),
    ("approve", "would wait for approval"),
    ("waits", "would wait: paused, or outside of its maintenance window"),
    ("dry-run", "would be told only: the policies say dry-run"),
    ("held", "would be held"),
    ("out-of-scope", "out of scope"),
    ("unreadable", "could not be read"),
    ("right", "nothing wrong (any more)"),
    ("gone", "not there any more"),
];

impl Summary {
    pub(super) fn text(&self, width: Option<u16>) -> String {
        let mut text = String::new();
        let _ = writeln!(
            text,
            "{} at {}, by the policies of {}",
            paint::paint(paint::HEAD, &self.home.to_string()),
            minute(self.at),
            runtime::notice::clean(&self.policies, 200)
        );
        for source in &self.sources {
            let _ = writeln!(text, "{}", runtime::notice::clean(source, 500));
        }
        text.push('\n');
        text.push_str(&self.counted());
        let told = |row: &&Row| !matches!(row.next, Next::Right | Next::Gone);
        let rows: Vec<_> = self.rows.all.iter().filter(told).map(line).collect();
        if !rows.is_empty() {
            let heads = ["next", "severity", "resource", "where", "plan", "why"];
            let _ = write!(text, "\n{}", table(&heads, &rows, width));
        }
        let rows: Vec<_> = self.not_covered().into_iter().map(not_covered).collect();
        if !rows.is_empty() {
            let heads = ["not covered", "severity", "findings", "resources", "title"];
            let _ = write!(text, "\n{}", table(&heads, &rows, width));
        }
        for (head, all) in
            [("nothing to do", &self.rows.ignored), ("unreadable", &self.rows.unreadable)]
        {
            let rows: Vec<_> =
                all.iter().map(|(why, number)| vec![number.to_string(), why.clone()]).collect();
            if !rows.is_empty() {
                let _ = write!(text, "\n{}", table(&["findings", head], &rows, width));
            }
        }
        text
    }

    fn counted(&self) -> String {
        let counts = self.rows.counts();
        let mut text = String::new();
        for (word, words) in WORDS {
            if let Some(number) = counts.get(word) {
                let style = paint::of_word(word).unwrap_or_default();
                let _ = writeln!(text, "{number:>6}  {}", paint::paint(style, words));
            }
        }
        let (kinds, findings) = (self.rows.not_covered.len(), self.findings_not_covered());
        if findings > 0 {
            let kinds = count(kinds, "control");
            let _ =
                writeln!(text, "{findings:>6}  findings of {kinds} that no remediation answers");
        }
        if text.is_empty() {
            text.push_str("Nothing is open.\n");
        }
        text
    }

    pub(super) fn findings_not_covered(&self) -> usize {
        self.rows.not_covered.values().map(|kind| kind.findings).sum()
    }

    /// Those with the most findings first.
    pub(super) fn not_covered(&self) -> Vec<(&String, &NotCovered)> {
        let mut all: Vec<_> = self.rows.not_covered.iter().collect();
        all.sort_by_key(|(name, kind)| (std::cmp::Reverse((kind.severity, kind.findings)), *name));
        all
    }

    pub(super) fn json(&self) -> Value {
        let Rows { all, ignored, unreadable, .. } = &self.rows;
        let not_covered = self.not_covered().into_iter().map(|(name, kind)| {
            json!({
                "trigger": name, "title": kind.title, "severity": kind.severity,
                "findings": kind.findings, "resources": kind.resources,
            })
        });
        json!({
            "account": self.home.account,
            "region": self.home.region,
            "at": self.at,
            "policies": self.policies,
            "sources": self.sources,
            "counts": self.rows.counts(),
            "rows": all,
            "not_covered": not_covered.collect::<Vec<_>>(),
            "ignored": ignored,
            "unreadable": unreadable,
        })
    }
}

fn line(row: &Row) -> Vec<String> {
    let mut why = row.next.why();
    // The reasons name the nearest tag; there can be others.
    let tags = row.tags().into_iter().filter(|tag| !why.iter().any(|why| why.contains(tag)));
    let tags: Vec<_> = tags.map(|tag| format!("the tag {tag} would bring it in")).collect();
    why.extend(tags);
    if why.is_empty() {
        why.extend(row.left.iter().map(|left| format!("left alone: {left}")));
    }
    vec![
        row.next.word().to_owned(),
        row.severity.to_string(),
        row.name(),
        format!("{}/{}", row.account, row.region),
        row.plan.join("\n"),
        why.join("\n"),
    ]
}

fn not_covered((name, kind): (&String, &NotCovered)) -> Vec<String> {
    vec![
        name.clone(),
        kind.severity.to_string(),
        kind.findings.to_string(),
        kind.resources.len().to_string(),
        kind.title.clone(),
    ]
}
