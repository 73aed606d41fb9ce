//! Colours. They are taken out where there is no terminal.

use anstyle::{AnsiColor, Style};

pub(crate) const HEAD: Style = Style::new().bold();
pub(crate) const GOOD: Style = AnsiColor::Green.on_default();
pub(crate) const WAITS: Style = AnsiColor::Yellow.on_default();
pub(crate) const BAD: Style = AnsiColor::Red.on_default().bold();
pub(crate) const FAINT: Style = Style::new().dimmed();
pub(crate) const NOTE: Style = AnsiColor::Cyan.on_default();

/// `text` in a style.
pub(crate) fn paint(style: Style, text: &str) -> String {
    format!("{style}{text}{style:#}")
}

/// The style of a word that a line of a table begins with.
pub(crate) fn of_word(word: &str) -> Option<Style> {
    Some(match word {
        "fixed" | "fix" | "approved" | "passed" => GOOD,
        "held" | "approve" | "partial" | "waits" | "window" => WAITS,
        "failed" | "not-fixed" | "unreadable" => BAD,
        "right" | "gone" | "ignored" | "out-of-scope" => FAINT,
        "open" | "ordered" | "dry-run" => NOTE,
        _ => return None,
    })
}
