//! Whole events, as AWS sends them, and what is read in them.

mod arbitrary;
mod delivery;
mod findings;
mod fixtures;
mod merging;
mod rules;
mod schedules;
mod threats;
mod unreadable;

use remedy::{Direction, Own, Peer, Reading, Signal, Threat, read};
use serde_json::Value;

/// Who we are in these tests.
fn own() -> Own {
    Own { roles: vec!["kintsugi-ec2".into()], note_by: "kintsugi" }
}

/// An event of `tests/fixtures/events`, by its name.
pub(crate) fn fixture(name: &str) -> Value {
    let (_, text) = fixtures::ALL.iter().find(|(known, _)| *known == name).unwrap();
    serde_json::from_str(text).unwrap()
}

/// A copy of `event` in which `value` stands at `pointer`, which may be new.
pub(crate) fn with(event: &Value, pointer: &str, value: impl Into<Value>) -> Value {
    let (parent, key) = pointer.rsplit_once('/').unwrap();
    let mut event = event.clone();
    event.pointer_mut(parent).unwrap()[key] = value.into();
    event
}

/// A copy of `event` without what stands at `pointer`.
fn without(event: &Value, pointer: &str) -> Value {
    let (parent, key) = pointer.rsplit_once('/').unwrap();
    let mut event = event.clone();
    event.pointer_mut(parent).unwrap().as_object_mut().unwrap().remove(key).unwrap();
    event
}

/// What is read in `event`, one line a reading.
fn told(event: &Value) -> Vec<String> {
    read(event, &own()).iter().map(line).collect()
}

/// The only line that is read in `event`.
fn one(event: &Value) -> String {
    let mut lines = told(event);
    assert_eq!(lines.len(), 1, "{lines:#?}");
    lines.remove(0)
}

/// The signals in `event`, in its order.
fn signals(event: &Value) -> Vec<Signal> {
    let signal = |reading| match reading {
        Reading::Signal(signal) => Some(*signal),
        _ => None,
    };
    read(event, &own()).into_iter().filter_map(signal).collect()
}

fn line(reading: &Reading) -> String {
    match reading {
        Reading::Signal(signal) => {
            let Signal { trigger, severity, resource, place, .. } = signal.as_ref();
            let mut line = format!("{severity}: {trigger}: {resource} ({place})");
            for (word, who) in [("asked by", &signal.asked_by), ("caused by", &signal.caused_by)] {
                line.extend(who.iter().map(|who| format!(", {word} {who}")));
            }
            line.extend(signal.threat.iter().map(said_of));
            line
        }
        Reading::Ignored { about, why } => format!("ignored: {}: {why}", about.trigger),
        Reading::Unreadable { about, why } => format!("unreadable: {}: {why}", about.trigger),
    }
}

/// What a threat comes to: our part in it, then each peer, then each list.
fn said_of(Threat { role, peers, lists }: &Threat) -> String {
    let peer = |Peer { host, direction, blocked }: &Peer| {
        let preposition = match direction {
            Direction::Inbound => "from",
            Direction::Outbound => "to",
            Direction::Unknown => "with",
        };
        format!(", {preposition} {host}{}", if *blocked { " (blocked)" } else { "" })
    };
    let role = format!(", as {}", format!("{role:?}").to_lowercase());
    let lists = lists.iter().map(|list| format!(", on list {list}"));
    std::iter::once(role).chain(peers.iter().map(peer)).chain(lists).collect()
}
