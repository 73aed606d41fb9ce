//! Words that every channel uses.

use remedy::{Severity, Timestamp};
use runtime::{News, Stands};

use super::text::prose;
use crate::{Advice, Digest, Group, One, Turn};

/// A headline's length at most.
const HEADLINE: usize = 500;

/// How it stands, in a word or two.
pub(super) fn stands(stands: Stands) -> &'static str {
    match stands {
        Stands::Open => "open",
        Stands::Asks => "waiting for an answer",
        Stands::Fixed => "put right",
        Stands::Solved => "solved",
        Stands::Accepted => "left alone on purpose",
        Stands::Notice => "a notice",
    }
}

/// The day and the minute.
pub(super) fn minute(at: Timestamp) -> String {
    at.format("%Y-%m-%d %H:%M UTC").to_string()
}

/// What happened to what, without why it is said.
fn headline(news: &News) -> String {
    match prose(&news.headline, HEADLINE) {
        line if line.is_empty() => "Kintsugi has news".into(),
        line => line,
    }
}

/// The first line: why it is said, and what happened.
pub(super) fn opening(one: &One<'_>) -> String {
    let headline = headline(one.news);
    match &one.turn {
        Turn::New => headline,
        Turn::Changed { from } => format!("Changed, it was {} before: {headline}", stands(*from)),
        Turn::Back { times } => format!("Back, for the {} time: {headline}", nth(*times)),
        Turn::Reminder { since } => {
            format!("Reminder, it stands since {}: {headline}", minute(*since))
        }
        Turn::Escalation { since } => {
            format!("Escalation, unanswered since {}: {headline}", minute(*since))
        }
    }
}

/// The same, as short as a subject: how bad it is stands there, too.
pub(super) fn subject(one: &One<'_>) -> String {
    let turn = match &one.turn {
        Turn::New => "",
        Turn::Changed { .. } => "Changed: ",
        Turn::Back { .. } => "Back: ",
        Turn::Reminder { .. } => "Reminder: ",
        Turn::Escalation { .. } => "Escalation: ",
    };
    format!("{turn}{}{}", tag(one.news.severity), name(one.news))
}

/// What happened to what, as a title.
pub(super) fn name(news: &News) -> String {
    let headline = headline(news);
    headline.strip_suffix('.').unwrap_or(&headline).to_owned()
}

fn tag(severity: Severity) -> String {
    match severity {
        Severity::Informational => String::new(),
        severity => format!("[{severity}] "),
    }
}

fn nth(times: u32) -> String {
    let end = match (times % 10, times % 100) {
        (1, tens) if tens != 11 => "st",
        (2, tens) if tens != 12 => "nd",
        (3, tens) if tens != 13 => "rd",
        _ => "th",
    };
    format!("{times}{end}")
}

/// The first line of a digest.
pub(super) fn summed(digest: &Digest) -> String {
    let (from, until) = (digest.from, digest.until);
    let end = match from.date_naive() == until.date_naive() {
        true => until.format("%H:%M UTC").to_string(),
        false => minute(until),
    };
    let count = match digest.count() {
        1 => "1 piece of news".to_owned(),
        count => format!("{count} pieces of news"),
    };
    format!("Kintsugi: {count}, {} to {end}", from.format("%Y-%m-%d %H:%M"))
}

/// The first line of a group.
pub(super) fn grouped(group: &Group) -> String {
    let outcome = match (group.outcome.as_str(), group.count) {
        ("finding", 1) => "finding".into(),
        ("finding", _) => "findings".into(),
        (outcome, _) => prose(outcome, 40),
    };
    let accounts = match group.accounts {
        0 => String::new(),
        1 => ", in 1 account".into(),
        accounts => format!(", in {accounts} accounts"),
    };
    let about = prose(&group.about, 150);
    format!("{} {outcome} ({}): {about}{accounts}", group.count, group.severity)
}

/// Whose advice it is, and what it is not.
pub(super) fn advised(advice: &Advice) -> String {
    match advice.by.as_str() {
        "catalog" => "Advice of the catalog; nothing executes it:".into(),
        "AWS" => "Advice by AWS; nothing executes it:".into(),
        by => format!("Advice by {}, not verified; nothing executes it:", prose(by, 100)),
    }
}

#[cfg(test)]
mod tests {
    use super::super::sample;
    use super::*;

    #[test]
    fn why_it_is_said_stands_first() {
        let news = sample::fixed();
        let since = sample::at();
        let cases = [
            (Turn::New, "Kintsugi repaired", "[HIGH] Kintsugi"),
            (
                Turn::Changed { from: Stands::Asks },
                "Changed, it was waiting for an answer before: Kintsugi repaired",
                "Changed: [HIGH] ",
            ),
            (Turn::Back { times: 2 }, "Back, for the 2nd time: Kintsugi repaired", "Back: [HIGH] "),
            (
                Turn::Reminder { since },
                "Reminder, it stands since 2026-11-24 10:00 UTC: Kintsugi repaired",
                "Reminder: [HIGH] ",
            ),
            (
                Turn::Escalation { since },
                "Escalation, unanswered since 2026-11-24 10:00 UTC: Kintsugi repaired",
                "Escalation: [HIGH] ",
            ),
        ];
        for (turn, first, short) in cases {
            let one = One { news: &news, turn, advice: None };
            assert!(opening(&one).starts_with(first), "{}", opening(&one));
            assert!(subject(&one).starts_with(short), "{}", subject(&one));
        }
    }

    #[test]
    fn times_are_counted_in_english() {
        let all = [
            (1, "1st"),
            (2, "2nd"),
            (3, "3rd"),
            (4, "4th"),
            (11, "11th"),
            (112, "112th"),
            (121, "121st"),
        ];
        for (times, expected) in all {
            assert_eq!(nth(times), expected);
        }
    }
}
