//! A short mail: what matters, and where the whole report is.

use std::fmt::Write;

use runtime::notice::clean;

use crate::{Numbers, Report, Severities, Times};

/// How many lines a list has.
const SOME: usize = 3;

/// Subject, one line of at most 99 characters of ASCII, and text of the mail about `report`. `url` is where
/// the whole is.
pub fn digest(report: &Report, url: Option<&str>) -> (String, String) {
    (subject(report), text(report, url))
}

fn subject(report: &Report) -> String {
    let open = &report.open;
    let worst = open.by_severity.rows().into_iter().find(|(_, count)| *count > 0);
    let worst = worst.map(|(severity, count)| format!(", {count} {severity}")).unwrap_or_default();
    let repaired = report.recent.last.repaired;
    // What is too long is the stack's name, and what comes after it would be lost.
    let stack = clean(&report.stack, 30);
    let line =
        format!("Kintsugi {stack}: {} open{worst}; {repaired} put right in 7 days", open.total);
    let line = clean(&line, 99);
    line.chars().map(|c| if c.is_ascii_graphic() || c == ' ' { c } else { '?' }).collect()
}

fn text(report: &Report, url: Option<&str>) -> String {
    let mut lines = vec![
        format!(
            "{}: {}, {}",
            clean(&report.title, 100),
            clean(&report.stack, 100),
            report.at.format("%Y-%m-%d %H:%M UTC")
        ),
        String::new(),
    ];
    lines.extend(open(report));
    lines.extend(recent(report));
    lines.extend(took(report));
    lines.extend(held(report));
    lines.extend(back(report));
    lines.extend(causes(report));
    lines.extend(ending(report));
    if let Some(url) = url {
        lines.extend([String::new(), format!("The whole report: {}", clean(url, 2_000))]);
    }
    lines.iter().fold(String::new(), |mut text, line| {
        let _ = writeln!(text, "{}", line.trim_end());
        text
    })
}

fn open(report: &Report) -> Vec<String> {
    let open = &report.open;
    if open.total == 0 {
        return vec!["Open now: nothing.".into()];
    }
    let asks = match open.asks {
        0 => String::new(),
        1 => "; 1 waits for an answer".into(),
        asks => format!("; {asks} wait for an answer"),
    };
    let mut lines =
        vec![format!("Open now: {} ({}){asks}.", open.total, severities(&open.by_severity))];
    if let Some(oldest) = open.oldest.first() {
        let days = counted(u64::try_from(oldest.days).unwrap_or_default(), "day");
        lines.push(format!("The oldest, for {days}: {}", clean(&oldest.headline, 160)));
    }
    lines
}

fn severities(by: &Severities) -> String {
    let some = by.rows().into_iter().filter(|(_, count)| *count > 0);
    some.map(|(severity, count)| format!("{count} {severity}")).collect::<Vec<_>>().join(", ")
}

fn recent(report: &Report) -> Vec<String> {
    let Numbers { found, repaired, by_people, held } = report.recent.last;
    let before = report.recent.before.map(|before| format!(" ({} the week before)", before.found));
    vec![format!(
        "In the last 7 days: {found} found{}, {repaired} put right by Kintsugi, {by_people} by people or \
         gone, {held} held.",
        before.unwrap_or_default()
    )]
}

fn took(report: &Report) -> Vec<String> {
    let told = |who: &str, times: Option<Times>| {
        let Times { count, median_seconds, p90_seconds } = times?;
        let (median, p90) = (span(median_seconds), span(p90_seconds));
        Some(format!("{who} half within {median}, nine of ten within {p90} ({count})"))
    };
    let repair = &report.repair;
    let both: Vec<_> = [told("Kintsugi", repair.kintsugi), told("people", repair.people)]
        .into_iter()
        .flatten()
        .collect();
    if both.is_empty() {
        return Vec::new();
    }
    let weeks = counted(report.period.weeks.into(), "week");
    vec![format!("Time to repair in {weeks}: {}.", both.join("; "))]
}

fn held(report: &Report) -> Vec<String> {
    let records = &report.records;
    let mut lines = Vec::new();
    if let Some(most) = records.held_by_reason.first() {
        let most = format!("most often ({}) because {}", most.count, clean(&most.words, 100));
        lines.push(format!("Held {}, {most}.", counted(records.held, "time")));
    }
    let failed = records.failed + records.partly_repaired;
    if failed > 0 {
        lines.push(format!("Not put right, or only partly, although it was tried: {failed}."));
    }
    lines
}

fn back(report: &Report) -> Vec<String> {
    let back = &report.reopened;
    let Some(most) = back.most.first() else { return Vec::new() };
    let whose = most.owner.as_ref().map(|owner| format!(", kept by {}", clean(owner, 80)));
    let who = most.caused_by.as_ref().map(|who| format!(", last by {}", clean(who, 100)));
    vec![format!(
        "Came back: {}, {} altogether; most often {}{}{}.",
        counted(back.problems, "problem"),
        counted(back.times, "time"),
        clean(&most.resource, 120),
        whose.unwrap_or_default(),
        who.unwrap_or_default(),
    )]
}

fn causes(report: &Report) -> Vec<String> {
    let mut lines = Vec::new();
    for cause in report.causes.iter().take(SOME) {
        let step = cause.prevention.as_ref();
        let step = step.map(|it| format!(" {}: {}", clean(&it.kind, 30), clean(&it.step, 200)));
        let problems = counted(cause.problems, "problem");
        let what = clean(&cause.what, 100);
        lines.push(format!(
            "- {what}: {problems}, {} open.{}",
            cause.open,
            step.unwrap_or_default()
        ));
    }
    if !lines.is_empty() {
        lines.splice(0..0, [String::new(), "What most problems come from:".to_owned()]);
    }
    lines
}

fn ending(report: &Report) -> Vec<String> {
    let mut lines = Vec::new();
    for end in report.ending.iter().take(SOME) {
        let day = end.until.format("%Y-%m-%d");
        lines.push(format!("- {day} {} ({})", clean(&end.what, 120), clean(&end.by, 60)));
    }
    if lines.is_empty() {
        return lines;
    }
    let head = format!(
        "Exempt or accepted, and over within {} days: {}",
        Report::ENDING,
        report.ending_total
    );
    lines.splice(0..0, [String::new(), head]);
    lines
}

fn counted(count: u64, what: &str) -> String {
    let more = if count == 1 { "" } else { "s" };
    format!("{count} {what}{more}")
}

/// Seconds as people say them.
fn span(seconds: u32) -> String {
    let (count, unit) = match seconds {
        0..120 => (seconds, "s"),
        120..7_200 => (seconds / 60, "min"),
        7_200..172_800 => (seconds / 3_600, "h"),
        172_800.. => (seconds / 86_400, "days"),
    };
    format!("{count} {unit}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Entry, Lapse, Options, Prevention, Tally, sample};
    use chrono::TimeDelta;
    use remedy::Severity;
    use runtime::Stands;

    fn full() -> Report {
        let mut tally =
            Tally::new(sample::now(), &Options { stack: "prod".into(), ..Options::default() });
        for nth in 0..4 {
            tally.add(&sample::entry(&format!("k-{nth}"), "fixed"));
        }
        let holds = vec!["not-opted-in".to_owned()];
        tally.add(&Entry { holds, resource: "sg-2".into(), ..sample::entry("k-h", "held") });
        tally.add(&Entry { resource: "sg-3".into(), ..sample::entry("k-f", "failed") });
        for (nth, severity) in
            [Severity::Critical, Severity::High, Severity::High].into_iter().enumerate()
        {
            let stands = if nth == 0 { Stands::Asks } else { Stands::Open };
            let case = sample::case(&format!("c-00000000000{nth}"));
            tally.add_case(&crate::CaseEntry { stands, severity, ..case });
        }
        let until = sample::now() + TimeDelta::days(9);
        let (what, by, why) = ("lab".into(), "ann".into(), "a lab".into());
        tally.add_lapse(Lapse { what, until, by, why });
        tally.report(&|_| {
            let (kind, step) = ("SCP".into(), "Deny ec2:AuthorizeSecurityGroupIngress.".into());
            Some(Prevention { kind, step, link: None })
        })
    }

    #[test]
    fn the_mail_says_what_matters_on_twenty_lines() {
        let (subject, text) = digest(&full(), Some("https://example.com/report.html"));
        assert_eq!(subject, "Kintsugi prod: 3 open, 1 CRITICAL; 1 put right in 7 days");
        let expected = "\
Kintsugi: prod, 2026-11-20 12:00 UTC

Open now: 3 (1 CRITICAL, 2 HIGH); 1 waits for an answer.
The oldest, for 2 days: port 22 is open
In the last 7 days: 3 found (0 the week before), 1 put right by Kintsugi, 0 by people or gone, 1 held.
Time to repair in 13 weeks: Kintsugi half within 30 s, nine of ten within 30 s (4).
Held 1 time, most often (1) because the opt-in tag is missing.
Not put right, or only partly, although it was tried: 1.
Came back: 1 problem, 3 times altogether; most often sg-1, kept by cloudformation stack web.

What most problems come from:
- ec2/close_world_ingress: 3 problems, 3 open. SCP: Deny ec2:AuthorizeSecurityGroupIngress.

Exempt or accepted, and over within 30 days: 1
- 2026-11-29 lab (ann)

The whole report: https://example.com/report.html
";
        assert_eq!(text, expected);
    }

    #[test]
    fn a_mail_about_nothing_is_short_and_says_so() {
        let nothing = Tally::new(sample::now(), &Options::default()).report(&|_| None);
        let (subject, text) = digest(&nothing, None);
        assert_eq!(subject, "Kintsugi kintsugi: 0 open; 0 put right in 7 days");
        assert_eq!(text.lines().nth(2), Some("Open now: nothing."));
        assert_eq!(text.lines().count(), 4);
    }

    #[test]
    fn text_from_outside_forges_no_line_and_no_subject() {
        let mut report = full();
        let hostile = format!("\r\nBcc: all@example.com\u{202e}{}", "\u{1f980}".repeat(300));
        report.stack.clone_from(&hostile);
        report.open.oldest[0].headline.clone_from(&hostile);
        report.reopened.most[0].resource.clone_from(&hostile);
        report.reopened.most[0].caused_by = Some(hostile.clone());
        report.causes[0].what.clone_from(&hostile);
        report.ending[0].what.clone_from(&hostile);
        report.ending[0].by.clone_from(&hostile);
        report.records.held_by_reason[0].words.clone_from(&hostile);
        let whole = full();
        let (subject, text) = digest(&report, Some(&hostile));
        assert!(
            subject.len() <= 99 && subject.chars().all(|c| c == ' ' || c.is_ascii_graphic()),
            "{subject}"
        );
        assert!(subject.ends_with("put right in 7 days"), "{subject}");
        assert_eq!(text.lines().count(), digest(&whole, Some("x")).1.lines().count(), "{text}");
        assert!(!text.contains('\r') && !text.contains('\u{202e}'), "{text}");
        assert!(text.lines().all(|line| !line.starts_with("Bcc")), "{text}");
    }

    #[test]
    fn seconds_are_said_in_the_unit_that_people_would_use() {
        for (seconds, expected) in [
            (0, "0 s"),
            (119, "119 s"),
            (120, "2 min"),
            (7_199, "119 min"),
            (7_200, "2 h"),
            (172_799, "47 h"),
            (172_800, "2 days"),
            (u32::MAX, "49710 days"),
        ] {
            assert_eq!(span(seconds), expected);
        }
    }
}
