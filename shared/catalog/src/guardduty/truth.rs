//! The truth about the list: what is on it, what was taken off and must stay off, what nobody can read.
//!
//! Changes are joined to whatever is there by now, so the order in which they come plays no role, and
//! writing one on top of another's loses neither.

use std::collections::BTreeMap;

use super::{ListChange, Listing, Name, Roll, Time};

/// The truth about a list.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Truth {
    /// How many changes were made to it.
    pub serial: u32,
    /// At which of them who is on the list changed last: what GuardDuty must be told of.
    pub shown: u32,
    /// What is on the list.
    pub roll: Roll,
    /// What was taken off by a person, and when: only evidence newer than that brings it back.
    pub removed: BTreeMap<Name, Time>,
    /// Lines that were written by hand and cannot be on the list.
    pub rejected: Vec<Rejected>,
}

/// A line that was written by hand and cannot be on the list.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Rejected {
    /// The line. Text from outside.
    pub line: String,
    /// What is wrong with it.
    pub why: String,
}

/// On lists that are larger, the newest finding of each is kept and no other: a list of 250,000 must fit
/// into the memory of a small function.
const LARGE: usize = 20_000;
/// How many rejected lines are kept, the newest ones.
const MOST_REJECTED: usize = 1_000;
/// How many removals are remembered, the newest ones.
const MOST_REMOVED: usize = 10_000;

impl Truth {
    /// The truth once `change` is made.
    pub fn make(&mut self, change: &ListChange) {
        let was_listed = change.name().map(|name| self.roll.get(name).is_some());
        let is_changed = match change {
            ListChange::List { name, evidence, .. } => self.join(name, evidence),
            ListChange::See { name, to, .. } => self.join(name, to),
            ListChange::Forget { name, from, to } => self.forget(name, from, to),
            ListChange::Remove { name, listing, keep_off, .. } => {
                self.remove(name, listing, *keep_off)
            }
            ListChange::Restore { name, listing } => {
                self.removed.remove(name);
                self.put(name, listing)
            }
            ListChange::Reject(rejected) => self.reject(rejected),
            ListChange::Readmit(rejected) => {
                let before = self.rejected.len();
                self.rejected.retain(|one| one != rejected);
                before != self.rejected.len()
            }
            ListChange::Activate { .. } => false,
        };
        self.serial = self.serial.saturating_add(is_changed.into());
        if was_listed != change.name().map(|name| self.roll.get(name).is_some()) {
            self.shown = self.serial;
        }
    }

    /// What is known of something on the list, once `evidence` is joined to it.
    #[must_use]
    pub(super) fn joined(&self, known: &Listing, evidence: &Listing) -> Listing {
        let joined = known.joined(evidence);
        match self.roll.len() > LARGE {
            true => Listing { findings: joined.findings.newest(1), ..joined },
            false => joined,
        }
    }

    /// Joins evidence to what is known of `name`, unless that was taken off since.
    fn join(&mut self, name: &Name, evidence: &Listing) -> bool {
        if self.removed.get(name).is_some_and(|off| evidence.last <= *off) {
            return false;
        }
        self.removed.remove(name);
        self.put(name, evidence)
    }

    fn put(&mut self, name: &Name, evidence: &Listing) -> bool {
        let listing = match self.roll.get(name) {
            Some(known) => self.joined(known, evidence),
            None => Listing { serial: self.serial.saturating_add(1), ..evidence.clone() },
        };
        if self.roll.get(name) == Some(&listing) {
            return false;
        }
        self.roll.set(name.clone(), Some(listing));
        true
    }

    /// Takes an update back, unless there was another one since.
    fn forget(&mut self, name: &Name, from: &Listing, to: &Listing) -> bool {
        let Some(known) = self.roll.get(name).filter(|known| known.same(from)) else {
            return false;
        };
        let listing = Listing { serial: known.serial, ..to.clone() };
        self.roll.set(name.clone(), Some(listing));
        true
    }

    /// Takes `name` off, unless it was seen again since.
    fn remove(&mut self, name: &Name, decided_on: &Listing, keep_off: Option<Time>) -> bool {
        if self.roll.get(name).is_some_and(|known| known.last > decided_on.last) {
            return false;
        }
        let was_listed = self.roll.get(name).is_some();
        self.roll.set(name.clone(), None);
        if let Some(off) = keep_off {
            let removed = self.removed.entry(name.clone()).or_default();
            *removed = off.max(*removed);
            while self.removed.len() > MOST_REMOVED {
                let oldest = self.removed.iter().min_by_key(|(_, off)| **off);
                let Some(oldest) = oldest.map(|(name, _)| name.clone()) else { break };
                self.removed.remove(&oldest);
            }
        }
        was_listed
    }

    fn reject(&mut self, rejected: &Rejected) -> bool {
        if self.rejected.contains(rejected) {
            return false;
        }
        self.rejected.push(rejected.clone());
        let too_many = self.rejected.len().saturating_sub(MOST_REJECTED);
        self.rejected.drain(..too_many);
        true
    }
}
