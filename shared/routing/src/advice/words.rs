//! Words that may not leave the account, and words that may not come back.

mod kept;
mod shape;

use runtime::notice::clean;

pub(super) use kept::Kept;
pub(super) use shape::{is_control, is_kind};

use super::page;

/// What takes the place of a link, and of a credential.
const NO_LINK: &str = "[link removed]";
const NO_SECRET: &str = "[removed]";

/// `text` without control characters, and without those that nobody sees but a model reads.
fn visible(text: &str) -> String {
    let unseen = |c: char| {
        matches!(
            c,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
                | '\u{180b}'..='\u{180f}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{ffa0}'
                | '\u{fff0}'..='\u{fffb}' | '\u{e000}'..='\u{f8ff}' | '\u{e0000}'..='\u{10ffff}'
        )
    };
    let text: String = text.chars().filter(|c| !unseen(*c)).collect();
    clean(&text, usize::MAX)
}

/// What stands between words.
fn is_between(c: char) -> bool {
    c.is_whitespace() || "\"'`()[]{}<>|,;\\".contains(c)
}

/// What stands between words that are no address.
fn is_sign(c: char) -> bool {
    "=?&#!*^$~".contains(c)
}

/// The words of `text`, with where they begin. An address is one word.
fn words(text: &str) -> Vec<(usize, &str)> {
    let chunks = pieces(text, 0, is_between);
    let mut words = Vec::with_capacity(chunks.len());
    for (at, chunk) in chunks {
        match shape::is_address(chunk) {
            true => words.push((at, chunk)),
            false => words.extend(pieces(chunk, at, is_sign)),
        }
    }
    words
}

/// What is left of `text`, which begins at `from`, where it is split at `between`.
fn pieces(text: &str, from: usize, between: fn(char) -> bool) -> Vec<(usize, &str)> {
    let mut at = from;
    let mut pieces = Vec::new();
    for piece in text.split_inclusive(between) {
        let word = piece.trim_end_matches(between);
        if !word.is_empty() {
            pieces.push((at, word));
        }
        at += piece.len();
    }
    pieces
}

/// `text` with these parts of it replaced; of those that overlap the first counts, and takes the others' place.
fn replaced(text: &str, mut parts: Vec<(usize, usize, &'static str)>) -> String {
    parts.sort_by_key(|(from, to, _)| (*from, std::cmp::Reverse(*to)));
    let (mut out, mut done) = (String::with_capacity(text.len()), 0);
    for (from, to, with) in parts {
        if from >= done {
            out.push_str(text.get(done..from).unwrap_or_default());
            out.push_str(with);
        }
        done = done.max(to);
    }
    out.push_str(text.get(done..).unwrap_or_default());
    out
}

/// Text from outside without links to anybody but AWS, and without what looks like a credential.
pub(super) fn harmless(text: &str) -> String {
    // Dots of other scripts, which browsers take for dots.
    let text = visible(text).replace(['\u{3002}', '\u{ff0e}', '\u{ff61}'], ".");
    let found = words(&text).into_iter().filter_map(|(at, word)| {
        let with = match () {
            () if shape::is_credential(word) => NO_SECRET,
            () if shape::leads_out(word) && page(trimmed(word)).is_none() => NO_LINK,
            () => return None,
        };
        Some((at, at + word.len(), with))
    });
    let found = found.collect();
    replaced(&text, found)
}

/// A word without what ends a sentence.
fn trimmed(word: &str) -> &str {
    word.trim_end_matches(['.', ':', '-', '!', '?'])
}

/// What people say to Kintsugi so that it does something, or leaves it.
const ORDERS: [&str; 12] = [
    "approve",
    "reject",
    "undo",
    "run",
    "pause",
    "resume",
    "exempt",
    "policy",
    "push",
    "rules",
    "list",
    "dead-letters",
];

/// Whether `text` tells people to give Kintsugi an order. The names of its records are kept back: who knows
/// one has it from the finding.
pub(super) fn orders_kintsugi(text: &str) -> bool {
    let text = visible(text).to_lowercase();
    let bare = |word: &str| word.trim_matches(|c: char| !c.is_ascii_alphanumeric()).to_owned();
    let is_order = |word: &str| ORDERS.contains(&bare(word).as_str());
    let ordered = text
        .split_once("kintsugi")
        .is_some_and(|(_, after)| words(after).iter().any(|(_, word)| is_order(word)));
    ordered || words(&text).iter().any(|(_, word)| shape::is_record(&bare(word)))
}
