//! What is known of something on the list: since when, by which findings, until when.
//!
//! Kept small: a list can hold 250,000 of them.

use std::fmt;

use chrono::TimeDelta;
use remedy::{Severity, Timestamp};
use serde::{Deserialize, Serialize};

use super::Findings;

/// A point in time, in whole seconds since 1970; good until 2106.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Time(pub u32);

impl Time {
    /// No end.
    pub const NEVER: Self = Self(u32::MAX);

    /// So much later.
    #[must_use]
    pub fn after(self, time: TimeDelta) -> Self {
        let seconds = u32::try_from(time.num_seconds()).unwrap_or_default();
        Self(self.0.saturating_add(seconds))
    }

    /// The day, as in `2026-12-20`.
    pub fn day(self) -> String {
        self.timestamp().format("%Y-%m-%d").to_string()
    }

    fn timestamp(self) -> Timestamp {
        Timestamp::from_timestamp(self.0.into(), 0).unwrap_or_default()
    }
}

impl From<Timestamp> for Time {
    fn from(time: Timestamp) -> Self {
        // Before 1970 nothing was listed, after 2106 nobody is left to mind.
        Self(time.timestamp().clamp(0, u32::MAX.into()).try_into().unwrap_or_default())
    }
}

impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::NEVER => f.write_str("never"),
            time => write!(f, "{}", time.timestamp().format("%Y-%m-%d %H:%M UTC")),
        }
    }
}

/// Who put something on the list.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum By {
    /// Kintsugi, because of a finding.
    #[default]
    Finding,
    /// A person.
    Hand,
}

/// What is known of something on the list.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Listing {
    /// When it was first seen.
    pub first: Time,
    /// When it was last seen.
    pub last: Time,
    /// When it goes if it is not seen again.
    pub until: Time,
    /// The worst that was said of it.
    pub severity: Severity,
    /// Who put it there.
    #[serde(default)]
    pub by: By,
    /// By which findings it is known, the newest first.
    #[serde(default)]
    pub findings: Findings,
    /// At which change of the list it came.
    #[serde(default)]
    pub serial: u32,
}

impl Listing {
    /// Joins what `other` knows: in whichever order evidence comes, the same comes out.
    pub(super) fn join(&mut self, other: &Self) {
        self.findings = if other.last >= self.last {
            other.findings.before(&self.findings)
        } else {
            self.findings.before(&other.findings)
        };
        self.first = self.first.min(other.first);
        self.last = self.last.max(other.last);
        self.until = self.until.max(other.until);
        self.severity = self.severity.max(other.severity);
        self.by = self.by.max(other.by);
    }

    /// What `other` adds to this.
    #[must_use]
    pub(super) fn joined(&self, other: &Self) -> Self {
        let mut joined = self.clone();
        joined.join(other);
        joined
    }

    /// The same but for the place in the order of changes.
    pub(super) fn same(&self, other: &Self) -> bool {
        Self { serial: 0, ..self.clone() } == Self { serial: 0, ..other.clone() }
    }
}
