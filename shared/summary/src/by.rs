//! Numbers by severity, and by age.

use remedy::Severity;
use serde::Serialize;

/// Numbers by severity.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Severities {
    /// CRITICAL.
    pub critical: u64,
    /// HIGH.
    pub high: u64,
    /// MEDIUM.
    pub medium: u64,
    /// LOW.
    pub low: u64,
    /// INFORMATIONAL, or not known.
    pub informational: u64,
}

impl Severities {
    /// The worst first.
    pub fn rows(&self) -> [(Severity, u64); 5] {
        [
            (Severity::Critical, self.critical),
            (Severity::High, self.high),
            (Severity::Medium, self.medium),
            (Severity::Low, self.low),
            (Severity::Informational, self.informational),
        ]
    }

    /// All of them.
    pub fn total(&self) -> u64 {
        self.rows().iter().map(|(_, count)| count).sum()
    }

    pub(crate) fn count(&mut self, severity: Severity) {
        match severity {
            Severity::Critical => self.critical += 1,
            Severity::High => self.high += 1,
            Severity::Medium => self.medium += 1,
            Severity::Low => self.low += 1,
            Severity::Informational => self.informational += 1,
        }
    }
}

/// Open problems by age.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Ages {
    /// Less than a day.
    pub under_1_day: u64,
    /// From a day on, less than seven.
    pub under_7_days: u64,
    /// From seven days on, less than thirty.
    pub under_30_days: u64,
    /// From thirty days on, less than ninety.
    pub under_90_days: u64,
    /// Ninety days and more.
    pub older: u64,
}

impl Ages {
    /// The youngest first, each with its name.
    pub fn rows(&self) -> [(&'static str, u64); 5] {
        [
            ("less than a day", self.under_1_day),
            ("1 to 7 days", self.under_7_days),
            ("7 to 30 days", self.under_30_days),
            ("30 to 90 days", self.under_90_days),
            ("90 days and more", self.older),
        ]
    }

    /// All of them.
    pub fn total(&self) -> u64 {
        self.rows().iter().map(|(_, count)| count).sum()
    }

    pub(crate) fn count(&mut self, days: i64) {
        match days {
            ..1 => self.under_1_day += 1,
            1..7 => self.under_7_days += 1,
            7..30 => self.under_30_days += 1,
            30..90 => self.under_90_days += 1,
            90.. => self.older += 1,
        }
    }
}
