//! The parts of a message, in the order in which they are read.

use remedy::{Hold, Left};

use super::{clean, next, visible};
use crate::{Outcome, Page, Section, State};

/// Lines of one kind in a message; the record has them all.
const LINES: usize = 40;

/// A part, and whether no empty line stands before it.
pub(crate) struct Part {
    pub(crate) section: Section,
    pub(super) follows: bool,
}

impl Part {
    /// Lines under a title.
    fn new(title: impl Into<String>, lines: Vec<String>) -> Self {
        let section = Section { title: title.into(), lines, commands: false };
        Self { section, follows: false }
    }

    /// What is to be typed.
    pub(super) fn commands(title: impl Into<String>, commands: Vec<String>) -> Self {
        let section = Section { title: title.into(), lines: commands, commands: true };
        Self { section, follows: false }
    }

    /// The same, without an empty line before it.
    pub(super) fn following(self) -> Self {
        Self { follows: true, ..self }
    }

    /// As plain text.
    pub(super) fn write(&self, out: &mut String) {
        let title = Some(&self.section.title).filter(|title| !title.is_empty());
        let lines = self.section.lines.iter().map(|line| format!("  {line}\n"));
        out.extend(title.map(|title| format!("{title}\n")).into_iter().chain(lines));
    }
}

/// All but the first line and the last.
pub(crate) fn of(page: &Page) -> Vec<Part> {
    let mut parts = because(page);
    parts.extend(changes(page));
    parts.extend(next::next(page));
    parts
}

/// What names the record.
pub(super) fn record(page: &Page) -> String {
    let at = page.at.format("%Y-%m-%d %H:%M:%S UTC");
    format!("Record {} of {at}, Kintsugi {}.", page.id, page.version)
}

/// Why it was looked at, and why it ended as it did.
fn because(page: &Page) -> Vec<Part> {
    let mut first = Part::new("", Vec::new());
    if let Some(signal) = &page.signal {
        let title = match signal.title.as_str() {
            title if title.is_empty() || title == signal.trigger.name() => String::new(),
            title => format!(": {}", clean(title, 200)),
        };
        let trigger = clean(&signal.trigger.to_string(), 200);
        first.section.title = format!("Because of {trigger} ({}){title}", signal.severity);
    }
    let lines = &mut first.section.lines;
    if let Some(signal) = &page.signal {
        if page.about.verb.is_some() && signal.resource != page.about.resource {
            lines.push(format!("about {}", clean(&signal.resource, 300)));
        }
        if signal.findings.is_empty() && signal.threat.is_some() {
            lines.push(format!("finding {}", clean(&signal.id, 300)));
        }
        let findings = signal.findings.iter().take(5);
        lines.extend(findings.map(|finding| format!("finding {}", clean(finding.id(), 300))));
        lines.extend(signal.caused_by.iter().map(|who| format!("caused by {}", clean(who, 300))));
        let approved = signal.approves.iter();
        lines.extend(approved.map(|by| format!("approved with record {}", clean(&by.record, 100))));
    }
    if let Some(undone) = &page.undoes {
        let line = format!("What is taken back is record {}", clean(undone, 100));
        match first.section.title.is_empty() {
            true => first.section.title = line,
            false => lines.push(line),
        }
    }
    lines.extend(page.asked_by().map(|who| format!("asked for by {}", clean(who, 200))));
    lines.extend(policies(page));
    let ended = match &page.outcome {
        Outcome::Held { why } => {
            let holds = why.iter().map(|hold| format!("- {}", clean(&hold.to_string(), 500)));
            Some(Part::new("Nothing was changed, because:", holds.collect()))
        }
        Outcome::Ignored { why } | Outcome::Unreadable { why } => {
            let title = format!("Nothing was changed: {}", clean(why, 1_000));
            Some(Part::new(title, Vec::new()))
        }
        _ => None,
    };
    let is_empty = first.section.title.is_empty() && first.section.lines.is_empty();
    match (is_empty, ended) {
        (true, ended) => ended.into_iter().collect(),
        (false, None) => vec![first],
        (false, Some(ended)) => vec![first, ended.following()],
    }
}

/// Which policies decided.
fn policies(page: &Page) -> Option<String> {
    let verdict = page.verdict.as_ref()?;
    let denied = verdict.forbids.iter().map(|denial| denial.policy.as_str());
    let all: Vec<_> = verdict.permits.iter().map(String::as_str).chain(denied).collect();
    let all = if all.is_empty() { "none applies".into() } else { all.join(", ") };
    Some(format!("by the policies of {}: {}", clean(&page.policies, 100), clean(&all, 400)))
}

/// What changed, would change, could not be changed, and was left alone.
fn changes(page: &Page) -> Vec<Part> {
    let with = |state: fn(&State) -> bool| {
        page.steps.iter().filter(move |step| state(&step.state)).map(|step| step.what.clone())
    };
    let refused = page.steps.iter().filter_map(|step| match &step.state {
        State::Refused(why) => Some(format!("{}: {why}", step.what)),
        State::Planned | State::Made => None,
    });
    let planned = match page.outcome {
        Outcome::Held { .. } => "Would change:",
        _ => "Not changed yet:",
    };
    let wrong: &[String] = match &page.outcome {
        Outcome::NotFixed { left } => left,
        _ => &[],
    };
    let is_told = |left: &&Left| match &page.outcome {
        Outcome::Held { why } => {
            why.contains(&left.why) && matches!(left.why, Hold::Guarded { .. })
        }
        _ => false,
    };
    let alone = page.left.iter().filter(|left| !is_told(left)).map(left);
    [
        section("Changed:", with(|state| *state == State::Made)),
        section("Refused by AWS:", refused),
        section(planned, with(|state| *state == State::Planned)),
        section("Still wrong, although everything above was changed:", wrong.iter().cloned()),
        section("Left alone:", alone),
        section("Mind:", page.alarm.iter().chain(&page.repeats).cloned()),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn left(left: &Left) -> String {
    match &left.why {
        // It names what it guards.
        guarded @ Hold::Guarded { .. } => guarded.to_string(),
        why => format!("{}: {why}", left.what),
    }
}

fn section(title: &str, lines: impl Iterator<Item = String>) -> Option<Part> {
    let all: Vec<_> = lines.collect();
    if all.is_empty() {
        return None;
    }
    let mut lines: Vec<_> = all.iter().take(LINES).map(|line| clean(line, 400)).collect();
    if let Some(more) = all.len().checked_sub(LINES).filter(|more| *more > 0) {
        lines.push(format!("... and {more} more, in the record"));
    }
    Some(Part::new(title, lines))
}

/// What a person types to do something by hand; none: there is nothing to type.
pub(super) fn by_hand(title: &str, commands: &[String], most: usize) -> Option<Part> {
    if commands.is_empty() {
        return None;
    }
    if commands.iter().map(String::len).sum::<usize>() > most {
        let line = "the commands are too long for a message; they are in the record";
        return Some(Part::new(title, vec![line.into()]));
    }
    Some(Part::commands(title, commands.iter().map(|command| visible(command)).collect()))
}
