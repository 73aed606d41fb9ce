//! What people read. Rendered once from the record; mail, chat, finding and command line show the same.

mod next;
mod parts;

use std::fmt::Write;

use remedy::{Hold, Severity};

use crate::{News, Outcome, Page, Section, State};

/// A message about one record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// One line of plain ASCII, at most 99 characters: what SNS takes as the subject of a mail.
    pub subject: String,
    /// Plain text, at most [`LONGEST`] bytes.
    pub text: String,
    /// At most 512 characters, for the finding.
    pub note: String,
    /// What subscribers can filter by.
    pub attributes: Vec<(&'static str, String)>,
    /// The same in parts, for channels.
    pub news: Box<News>,
}

/// Bytes of text that a message may have: well below the 256 KiB that a topic takes by default.
pub const LONGEST: usize = 32 * 1024;

/// The message about `page`, if anybody should get one: what is out of scope, already right, gone or
/// not asked for is on record, and told only to a person who asked.
pub fn of(page: &Page) -> Option<Notice> {
    let asked = page.asked_by().is_some();
    let tells = match &page.outcome {
        Outcome::Open => false,
        Outcome::Ignored { .. } | Outcome::Gone | Outcome::Right => asked,
        Outcome::Fixed => asked || page.alarm.is_some() || !page.is_routine(),
        Outcome::Held { why } => asked || !why.iter().any(is_no_news),
        Outcome::Unreadable { .. }
        | Outcome::Partial
        | Outcome::NotFixed { .. }
        | Outcome::Failed
        | Outcome::Ordered { .. } => true,
    };
    tells.then(|| render(page))
}

/// What is held for such a reason is on record: people know of it, or it is none of ours.
fn is_no_news(hold: &Hold) -> bool {
    hold.is_out_of_scope() || matches!(hold, Hold::Paused { .. } | Hold::AwaitsAnswer { .. })
}

/// One line for logs, tables and the finding: how it ended and why.
pub fn why(page: &Page) -> String {
    let made = page.steps.iter().filter(|step| step.state == State::Made).count();
    let all = page.steps.len();
    let line = match &page.outcome {
        Outcome::Open => "being carried out".into(),
        Outcome::Ignored { why } | Outcome::Unreadable { why } => why.clone(),
        Outcome::Gone => "it is not there any more".into(),
        Outcome::Right => "nothing is wrong with it (any more)".into(),
        Outcome::Held { why } => why.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "),
        Outcome::Fixed => format!("{made} of {all} changes made and verified"),
        Outcome::Partial => format!("{made} of {all} changes made; {}", first_refusal(page)),
        Outcome::NotFixed { left } => {
            format!("{made} of {all} changes made, and still to do: {}", left.join("; "))
        }
        Outcome::Failed => format!("none of {all} changes made; {}", first_refusal(page)),
        Outcome::Ordered { what } => {
            format!("{what}, by {}", page.by.as_deref().unwrap_or("somebody"))
        }
    };
    clean(&line, 1_000)
}

fn first_refusal(page: &Page) -> String {
    let refusal = page.steps.iter().find_map(|step| match &step.state {
        State::Refused(why) => Some(format!("{}: {why}", step.what)),
        State::Planned | State::Made => None,
    });
    let left = || page.left.first().map(|left| format!("{}: {}", left.what, left.why));
    refusal.or_else(left).unwrap_or_else(|| "no reason was given".into())
}

fn render(page: &Page) -> Notice {
    let severity = page.signal.as_ref().map_or(Severity::Informational, |signal| signal.severity);
    let account = page.about.place.as_ref().map_or("unknown", |place| &place.account);
    Notice {
        subject: subject(page),
        text: bounded(text(page), &page.id),
        note: note(page),
        attributes: vec![
            ("severity", severity.label().into()),
            ("outcome", page.outcome.word().into()),
            ("remediation", or(&page.remediation, "none")),
            ("account", account.into()),
        ],
        news: Box::new(News::of(page)),
    }
}

fn or(text: &str, otherwise: &str) -> String {
    if text.is_empty() { otherwise.into() } else { text.into() }
}

/// What happened, in the words of a headline.
fn headline(page: &Page) -> String {
    if page.undoes.is_some() {
        return taken_back(&page.outcome).into();
    }
    let verb = page.about.verb.as_deref().unwrap_or("repair");
    let done = format!("{}ed", verb.strip_suffix('e').unwrap_or(verb));
    match &page.outcome {
        Outcome::Open => "is working on".into(),
        Outcome::Ignored { .. } => "ignored".into(),
        Outcome::Unreadable { .. } => "could not read".into(),
        Outcome::Gone => "found nothing left of".into(),
        Outcome::Right => "found nothing wrong with".into(),
        Outcome::Held { why } if why.iter().all(|hold| *hold == Hold::DryRun) => {
            format!("would {verb}")
        }
        Outcome::Held { .. } if page.asks.is_some() => format!("asks whether to {verb}"),
        Outcome::Held { .. } => "held back on".into(),
        Outcome::Fixed => done,
        Outcome::Partial => format!("{done} a part of"),
        Outcome::NotFixed { .. } => format!("changed and could not {verb}"),
        Outcome::Failed => format!("could not {verb}"),
        Outcome::Ordered { what } => format!("was told: {what}"),
    }
}

/// The same of what a person had taken back.
fn taken_back(outcome: &Outcome) -> &'static str {
    match outcome {
        Outcome::Open => "is taking back what it changed on",
        Outcome::Fixed => "took back what it had changed on",
        Outcome::Partial => "took back a part of what it had changed on",
        Outcome::Right => "found nothing left to take back on",
        Outcome::Gone => "found nothing left of",
        _ => "could not take back what it had changed on",
    }
}

fn subject(page: &Page) -> String {
    if let Outcome::Ordered { .. } = &page.outcome {
        return ascii(&clean(&format!("Kintsugi {}", headline(page)), 99));
    }
    // What everybody shares is told apart by what becomes of it.
    let becomes = page.about.verb.as_ref().and_then(|_| {
        let first = page.steps.first().map(|step| step.what.split(": ").next().unwrap_or_default());
        first.or(page.left.first().map(|left| left.what.as_str()))
    });
    let becomes = becomes.map(|what| format!(": {what}")).unwrap_or_default();
    let line = format!("Kintsugi {} {}{becomes}{}", headline(page), what(page), place(page));
    ascii(&clean(&line, 99))
}

fn ascii(line: &str) -> String {
    line.chars().map(|c| if c.is_ascii_graphic() || c == ' ' { c } else { '?' }).collect()
}

/// What it is about, such as `security group sg-1`.
fn what(page: &Page) -> String {
    let about = &page.about;
    match (about.kind.as_str(), about.id.as_str()) {
        ("", _) | (_, "") => or(&about.resource, "an event"),
        (kind, id) => format!("{kind} {id}"),
    }
}

fn place(page: &Page) -> String {
    page.about.place.as_ref().map(|place| format!(" in {place}")).unwrap_or_default()
}

/// All of it, also where nobody is told.
pub fn text(page: &Page) -> String {
    let mut out = format!("{}\n", opening(page));
    if let Some(link) = &page.about.link {
        let _ = writeln!(out, "{}", clean(link, 500));
    }
    let parts = parts::of(page);
    for part in &parts {
        if !part.follows {
            out.push('\n');
        }
        part.write(&mut out);
    }
    let _ = writeln!(out, "\n{}", parts::record(page));
    out
}

/// All but the first line, in parts. The last, which names the record, is each channel's own.
pub(crate) fn sections(page: &Page) -> Vec<Section> {
    parts::of(page).into_iter().map(|part| part.section).collect()
}

/// The first line: what happened to what, and where.
pub(crate) fn opening(page: &Page) -> String {
    if let Outcome::Ordered { .. } = &page.outcome {
        return format!("Kintsugi {}.", clean(&headline(page), 1_000));
    }
    let label = page.about.label.as_ref();
    let label = label.map(|label| format!(" \"{}\"", clean(label, 100))).unwrap_or_default();
    let what = clean(&what(page), 200);
    format!("Kintsugi {} {what}{label}{}.", headline(page), place(page))
}

/// What the finding is told.
fn note(page: &Page) -> String {
    let what = match &page.outcome {
        Outcome::Fixed | Outcome::Partial | Outcome::NotFixed { .. } => {
            let made = page.steps.iter().filter(|step| step.state == State::Made);
            let made: Vec<_> = made.map(|step| step.what.as_str()).collect();
            format!("{}. Changed: {}", why(page), made.join("; "))
        }
        _ => why(page),
    };
    let head = format!("Kintsugi {} ", page.outcome.word());
    let tail = match (&page.asks, page.has_made_some()) {
        (Some(_), _) => format!(". To approve it: kintsugi approve {}", page.id),
        (None, true) => format!(". To take it back: kintsugi undo {}", page.id),
        (None, false) => format!(". Record {}", page.id),
    };
    let room = 512 - head.len() - tail.len();
    format!("{head}({}){tail}", clean(&what, room - 2))
}

/// `text` on one line, without control characters, and at most `most` characters of it.
pub fn clean(text: &str, most: usize) -> String {
    let line = visible(text);
    if line.chars().count() <= most {
        return line;
    }
    let kept: String = line.chars().take(most.saturating_sub(3)).collect();
    format!("{kept}...")
}

/// `text` without what could forge a line or hide in one: control characters, and the invisible ones
/// that change the direction of text.
fn visible(text: &str) -> String {
    let hidden = |c: char| {
        c.is_control()
            || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
    };
    text.chars().map(|c| if hidden(c) { ' ' } else { c }).collect()
}

fn bounded(text: String, record: &str) -> String {
    if text.len() <= LONGEST {
        return text;
    }
    let end = format!("\n[shortened; the whole is record {record} in the stack's table]\n");
    let mut at = LONGEST - end.len();
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    format!("{}{end}", text.get(..at).unwrap_or_default())
}
