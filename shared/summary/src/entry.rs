//! What a summary is made of: what the table says of each record and of each problem, in short.

use remedy::{Severity, Timestamp};
use runtime::Stands;

/// A record, in short. What an older version did not write is empty or unknown.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Entry {
    /// Its id.
    pub id: String,
    /// When it was decided.
    pub at: Timestamp,
    /// When it was closed.
    pub closed: Option<Timestamp>,
    /// The time of the evidence that it answers.
    pub seen: Option<Timestamp>,
    /// As [`runtime::Outcome::word`] says it.
    pub outcome: String,
    /// Why it ended like that, one line. Text from outside.
    pub why: String,
    /// The kinds of what held it, such as `not-opted-in`.
    pub holds: Vec<String>,
    /// The remediation's id; may be empty.
    pub remediation: String,
    /// What signalled it, such as `EC2.18`; may be empty.
    pub trigger: String,
    /// How bad it was.
    pub severity: Severity,
    /// Account, Region and name of the resource; each may be empty.
    pub account: String,
    /// Its Region.
    pub region: String,
    /// Its ARN.
    pub resource: String,
    /// Whose it is, by its tags.
    pub team: Option<String>,
    /// What makes it, such as `cloudformation stack web`.
    pub owner: Option<String>,
    /// Who caused it, as CloudTrail tells.
    pub caused_by: Option<String>,
    /// The record that it takes back.
    pub undoes: Option<String>,
    /// The same was put right before.
    pub is_back: bool,
    /// Who asked for it.
    pub by: Option<String>,
}

/// A problem, in short: the same thing wrong with the same resource, for ever.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseEntry {
    /// `c-` and twelve hexadecimal digits.
    pub id: String,
    /// How it stands.
    pub stands: Stands,
    /// How bad it is here.
    pub severity: Severity,
    /// The headline. Text from outside.
    pub headline: String,
    /// The remediation's id; may be empty.
    pub remediation: String,
    /// What signalled it.
    pub trigger: String,
    /// Account, Region and name of the resource; each may be empty.
    pub account: String,
    /// Its Region.
    pub region: String,
    /// Its ARN.
    pub resource: String,
    /// Whose it is, by its tags.
    pub team: Option<String>,
    /// Since when it stands open, or stood before it was closed.
    pub since: Timestamp,
    /// When it was closed.
    pub closed: Option<Timestamp>,
    /// How often it came back after it was closed.
    pub returns: u32,
    /// If it is accepted: why, by whom, until when.
    pub accepted: Option<(String, String, Option<Timestamp>)>,
}

/// What is left alone until a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lapse {
    /// The resource that is exempt, or the name of the accepted risk.
    pub what: String,
    /// Until when.
    pub until: Timestamp,
    /// Who wanted that.
    pub by: String,
    /// Why.
    pub why: String,
}
