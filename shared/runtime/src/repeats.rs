//! What is put right again and again: somebody should hear of that.

use chrono::TimeDelta;

use crate::{Brief, Page};

/// Within what time the same repair twice before is worth a word.
pub(crate) const REPEATS_WITHIN: TimeDelta = TimeDelta::hours(24);

/// What to say of a repair that was made before and undone by somebody.
pub(crate) fn repeats(page: &Page, before: &[Brief]) -> Option<String> {
    let is_mine = |what: &String| page.steps.iter().any(|step| step.what == *what);
    let before: Vec<_> = before.iter().filter(|brief| brief.changes.iter().any(is_mine)).collect();
    if before.len() < 2 {
        return None;
    }
    let times: Vec<_> =
        before.iter().map(|b| format!("{} ({})", b.at.format("%H:%M UTC"), b.record)).collect();
    let caused = page.signal.as_ref().and_then(|signal| signal.caused_by.as_ref());
    let by = caused.or(before.iter().rev().find_map(|brief| brief.caused_by.as_ref()));
    let by = by.map_or_else(
        || "somebody, perhaps a template, puts it back each time".to_owned(),
        |by| format!("it was opened again by {by}"),
    );
    Some(format!(
        "this is put right for the {} time within 24 hours, before at {}: {by}",
        nth(before.len() + 1),
        times.join(", ")
    ))
}

fn nth(number: usize) -> String {
    let ending = match (number % 10, number % 100) {
        (_, 11..=13) => "th",
        (1, _) => "st",
        (2, _) => "nd",
        (3, _) => "rd",
        _ => "th",
    };
    format!("{number}{ending}")
}
