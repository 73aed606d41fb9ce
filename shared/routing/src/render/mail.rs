//! Mail: a subject that SNS takes, and text that reads well.

use runtime::notice::{LONGEST, clean};

use super::sheet::{Kind, Part, Room, Sheet};
use super::text::wrapped;
use super::words::{subject, summed};
use crate::Said;

/// Characters of a line of prose.
const WIDTH: usize = 76;

/// As much as there may be room for, and less and less.
const ROOMS: [Room; 5] = [
    Room { text: LONGEST, parts: 100 },
    Room { text: LONGEST / 4, parts: 100 },
    Room { text: 2_000, parts: 40 },
    Room { text: 500, parts: 20 },
    Room { text: 200, parts: 10 },
];

/// A mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mail {
    /// One line of plain ASCII, at most 99 characters: what SNS takes as the subject of a mail.
    pub subject: String,
    /// Plain text, at most [`LONGEST`] bytes.
    pub text: String,
}

/// A mail.
pub fn message(said: &Said<'_>) -> Mail {
    let line = match said {
        Said::One(one) => subject(one),
        Said::Digest(digest) => summed(digest),
    };
    let ascii = |c: char| if c.is_ascii_graphic() || c == ' ' { c } else { '?' };
    Mail {
        subject: clean(&line, 99).chars().map(ascii).collect(),
        text: Sheet::of(said).fitted(&ROOMS, text, |text| text.len() <= LONGEST),
    }
}

fn text(sheet: &Sheet) -> String {
    let mut lines = wrapped(&sheet.title, WIDTH);
    lines.extend(sheet.link.clone());
    lines.push(String::new());
    for (name, value) in &sheet.facts {
        hang(&mut lines, &format!("  {name:<10}"), value);
    }
    for part in &sheet.parts {
        if lines.last().is_some_and(|last| !last.is_empty()) {
            lines.push(String::new());
        }
        show(part, &mut lines);
    }
    if lines.last().is_some_and(|last| !last.is_empty()) {
        lines.push(String::new());
    }
    lines.extend(wrapped(&sheet.foot, WIDTH));
    lines.join("\n") + "\n"
}

fn show(part: &Part, lines: &mut Vec<String>) {
    lines.extend(wrapped(&part.title, WIDTH));
    for (line, nth) in part.lines.iter().zip(1..) {
        match part.kind {
            Kind::Commands => lines.push(format!("  {}", line.text)),
            Kind::Points => hang(lines, "  - ", &line.text),
            Kind::Steps => hang(lines, &format!("  {nth}. "), &line.text),
        }
        lines.extend(line.link.as_ref().map(|url| format!("    {url}")));
    }
}

/// Prose after `mark`, all of it as far from the margin.
fn hang(lines: &mut Vec<String>, mark: &str, text: &str) {
    let margin = mark.chars().count();
    let indent = " ".repeat(margin);
    let marks = std::iter::once(mark).chain(std::iter::repeat(indent.as_str()));
    let prose = wrapped(text, WIDTH - margin);
    lines.extend(prose.iter().zip(marks).map(|(line, mark)| format!("{mark}{line}")));
}

#[cfg(test)]
mod tests;
