//! Words for what the report says in codes, and text from outside.

use chrono::Datelike;
use maud::{Markup, html};
use remedy::Timestamp;
use runtime::{Stands, notice};

/// No cell is longer.
const LONGEST: usize = 600;

/// Text from outside: on one line, without what cannot be seen, and bounded.
pub(super) fn outside(text: &str) -> String {
    notice::clean(text, LONGEST)
}

/// Text from outside, or a dash.
pub(super) fn or_dash(text: &str) -> String {
    if text.is_empty() { "–".to_owned() } else { outside(text) }
}

/// A name such as an ARN: may be broken anywhere.
pub(super) fn name(text: &str) -> Markup {
    html! { @if text.is_empty() { "–" } @else { code { (outside(text)) } } }
}

/// Whose it is.
pub(super) fn team(team: Option<&str>) -> String {
    team.map_or_else(|| "no team".to_owned(), outside)
}

/// An account, as a name beside a bar.
pub(super) fn account(account: &str) -> String {
    if account.is_empty() { "account not known".to_owned() } else { outside(account) }
}

/// `3 November 2026`.
pub(super) fn day(at: Timestamp) -> String {
    format!("{} {} {}", at.day(), month(at), at.year())
}

/// `3 Nov`.
pub(super) fn short_day(at: Timestamp) -> String {
    format!("{} {:.3}", at.day(), month(at))
}

/// A day, as one that programs can read, too.
pub(super) fn date(at: Timestamp) -> Markup {
    let exact = at.to_rfc3339_opts(chrono::SecondsFormat::Secs, true);
    html! { time datetime=(exact) { (day(at)) } }
}

fn month(at: Timestamp) -> &'static str {
    const MONTHS: [&str; 12] = [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ];
    MONTHS.get(at.month0() as usize).copied().unwrap_or_default()
}

/// How a problem stands.
pub(super) fn stands(stands: Stands) -> &'static str {
    match stands {
        Stands::Open => "open",
        Stands::Asks => "waits for an answer",
        Stands::Fixed => "repaired",
        Stands::Solved => "solved",
        Stands::Accepted => "accepted",
        Stands::Notice => "notice",
    }
}
