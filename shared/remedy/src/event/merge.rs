//! What several findings of one event say of the same is one signal.

use super::{Reading, threat::joined};
use crate::Signal;

/// `readings`, in their order, with the signals that are alike made one.
pub(super) fn merged(readings: Vec<Reading>) -> Vec<Reading> {
    let mut merged: Vec<Reading> = Vec::with_capacity(readings.len());
    for reading in readings {
        let Reading::Signal(signal) = reading else {
            merged.push(reading);
            continue;
        };
        let before = merged.iter_mut().find_map(|reading| match reading {
            Reading::Signal(before) if is_alike(before, &signal) => Some(before),
            _ => None,
        });
        match before {
            Some(before) => absorb(before, *signal),
            None => merged.push(Reading::Signal(signal)),
        }
    }
    merged
}

fn is_alike(one: &Signal, other: &Signal) -> bool {
    one.resource == other.resource && one.place == other.place && one.trigger.is(&other.trigger)
}

/// Two findings about the same: the newer one leads, so that id and time are of one finding.
fn absorb(one: &mut Signal, mut other: Signal) {
    if other.seen > one.seen {
        std::mem::swap(one, &mut other);
    }
    one.severity = one.severity.max(other.severity);
    one.asked_by = one.asked_by.take().or(other.asked_by);
    one.caused_by = one.caused_by.take().or(other.caused_by);
    if one.parameters.is_empty() {
        one.parameters = other.parameters;
    }
    extend(&mut one.findings, other.findings);
    one.threat = joined(one.threat.take(), other.threat);
}

fn extend<T: PartialEq>(list: &mut Vec<T>, more: Vec<T>) {
    for item in more {
        if !list.contains(&item) {
            list.push(item);
        }
    }
}
