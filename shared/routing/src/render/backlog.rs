//! Nulab Backlog: issues and comments. A project reads text as Backlog's own notation or as Markdown, so it is
//! written to be the same in both: what either reads as markup is replaced by its full-width look-alike.

use remedy::Severity;
use runtime::notice::clean;

use super::jira;
use super::sheet::{Kind, Part, Room, Sheet};
use super::words::name;
use crate::{Backlog, One};

/// Characters of a summary.
const SUMMARY: usize = 255;
/// Characters of a text.
const LONGEST: usize = 30_000;

/// What Backlog's notation knows inside of a line. A command with it is not shown.
const NOTATION: [&str; 9] =
    ["''", "%%", "[[", "{code", "{quote", "&color", "&br;", "#image", "#thumbnail"];

/// As much as there may be room for, and less and less.
const ROOMS: [Room; 5] = [
    Room { text: 16_000, parts: 40 },
    Room { text: 6_000, parts: 40 },
    Room { text: 2_000, parts: 40 },
    Room { text: 500, parts: 30 },
    Room { text: 200, parts: 20 },
];

/// What makes an issue: the form of `POST /api/v2/issues`.
pub fn issue(one: &One<'_>, backlog: &Backlog) -> Vec<(String, String)> {
    let severity = one.news.severity;
    let priority = backlog.priorities.get(&severity).copied().unwrap_or(usual(severity));
    let description = format!("{}\n{}", text(one), marker(&one.news.case));
    let mut form = vec![
        ("projectId", backlog.project.to_string()),
        ("summary", clean(&name(one.news), SUMMARY)),
        ("issueTypeId", backlog.issue_type.to_string()),
        ("priorityId", priority.to_string()),
        ("description", description),
    ];
    form.extend(backlog.assignee.map(|id| ("assigneeId", id.to_string())));
    form.extend(backlog.categories.iter().map(|id| ("categoryId[]", id.to_string())));
    form.into_iter().map(|(name, value)| (name.into(), value)).collect()
}

/// What comments on one: the form of `POST /api/v2/issues/KEY/comments`.
pub fn comment(one: &One<'_>) -> Vec<(String, String)> {
    vec![("content".into(), text(one))]
}

/// What names a case in the description of its issue, on the last line.
pub fn marker(case: &str) -> String {
    jira::marker(case)
}

/// 2 high, 3 normal, 4 low.
fn usual(severity: Severity) -> u64 {
    match severity {
        Severity::Critical | Severity::High => 2,
        Severity::Medium => 3,
        Severity::Low | Severity::Informational => 4,
    }
}

fn text(one: &One<'_>) -> String {
    Sheet::of_one(one).fitted(&ROOMS, written, |text| text.chars().count() <= LONGEST)
}

fn written(sheet: &Sheet) -> String {
    let mut out = vec![still(&sheet.title), String::new()];
    out.extend(sheet.facts.iter().map(|(name, value)| format!("- {name}: {}", still(value))));
    out.extend(sheet.link.iter().flat_map(|url| [String::new(), url.clone()]));
    for part in &sheet.parts {
        out.push(String::new());
        if !part.title.is_empty() {
            out.push(still(&part.title));
        }
        if !part.title.is_empty() && !part.lines.is_empty() {
            out.push(String::new());
        }
        out.extend(lines(part, &sheet.whole));
    }
    out.extend([String::new(), still(&sheet.foot)]);
    // Nobody else's text is taken for the marker of a case.
    out.join("\n").replace(&marker("c-"), "kintsugi c-")
}

fn lines(part: &Part, whole: &str) -> Vec<String> {
    let mark = |nth: usize| match part.kind {
        Kind::Points | Kind::Commands => "- ".to_owned(),
        Kind::Steps => format!("{nth}. "),
    };
    let all = part.lines.iter().zip(1..);
    all.map(|(line, nth)| {
        let link = line.link.as_ref().map(|url| format!(": {url}")).unwrap_or_default();
        match part.kind {
            // Four spaces make it code in Markdown, and mean nothing in Backlog's notation.
            Kind::Commands if is_shown(&line.text) => format!("    {}", line.text),
            Kind::Commands => format!("    # ... in {whole}"),
            Kind::Points | Kind::Steps => format!("{}{}{link}", mark(nth), still(&line.text)),
        }
    })
    .collect()
}

fn is_shown(command: &str) -> bool {
    let is_word = command.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '#');
    is_word && !NOTATION.iter().any(|notation| command.contains(notation))
}

/// `text` that neither Backlog's notation nor Markdown reads as anything but text.
fn still(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let is_word =
        |at: Option<usize>| at.and_then(|at| chars.get(at)).is_some_and(|c| c.is_alphanumeric());
    let next = |at: usize| chars.get(at + 1);
    let is_twice = |at: usize| {
        next(at) == chars.get(at) || at.checked_sub(1).and_then(|at| chars.get(at)) == chars.get(at)
    };
    let stilled = chars.iter().enumerate().map(|(at, c)| match c {
        '*' | '`' | '|' | '<' | '>' | '[' | ']' | '{' | '}' | '~' | '\\' => wide(*c),
        '\'' | '%' if is_twice(at) => wide(*c),
        '&' if next(at).is_some_and(|c| c.is_alphanumeric() || *c == '#') => wide(*c),
        '#' | '-' | '+' | '=' if at == 0 => wide(*c),
        '#' if is_word(Some(at + 1)) => wide(*c),
        '_' if !(is_word(at.checked_sub(1)) && is_word(Some(at + 1))) => wide(*c),
        other => *other,
    });
    stilled.collect()
}

/// The full-width look-alike of an ASCII character.
fn wide(c: char) -> char {
    char::from_u32(u32::from(c) + 0xfee0).unwrap_or('?')
}

#[cfg(test)]
mod tests;
