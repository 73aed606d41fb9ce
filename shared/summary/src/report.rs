//! What a report says, as data. Page, tables, mail and JSON show nothing that does not stand here.

use remedy::{Severity, Timestamp};
use runtime::Stands;
use serde::Serialize;

use crate::{Ages, Severities};

/// The report. Lists are in the order in which they are shown, the same for the same data.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Report {
    /// Such as `Kintsugi`.
    pub title: String,
    /// The stack that it is about.
    pub stack: String,
    /// When it was made.
    pub at: Timestamp,
    /// What time it sums up.
    pub period: Period,
    /// The problems that stand open now.
    pub open: Open,
    /// What became of the records of the period.
    pub records: Records,
    /// What became of the problems of the period.
    pub problems: Numbers,
    /// The last seven days, and the seven before.
    pub recent: Recent,
    /// How long it took to put problems right.
    pub repair: Repair,
    /// What was put right and came back.
    pub reopened: Reopened,
    /// What most problems come from, at most [`Report::CAUSES`], the most first.
    pub causes: Vec<Cause>,
    /// What is accepted.
    pub accepted: Accepted,
    /// Exemptions and accepted risks that end within [`Report::ENDING`] days, the first first, at most
    /// [`Report::LINES`].
    pub ending: Vec<Ending>,
    /// How many there are of those.
    pub ending_total: u64,
    /// Week by week, the oldest first.
    pub trend: Vec<Week>,
}

impl Report {
    /// How many causes are shown.
    pub const CAUSES: usize = 10;
    /// How many days ahead the ends of exemptions are shown.
    pub const ENDING: i64 = 30;
    /// How many lines a list has at most that could be as long as the table.
    pub const LINES: usize = 100;
    /// How many of the oldest open problems are shown.
    pub const OLDEST: usize = 20;

    /// The same as JSON, for people and programs.
    ///
    /// # Errors
    /// Never for a report that was made here.
    pub fn json(&self) -> Result<String, serde_json::Error> {
        serde_json::to_string_pretty(self)
    }
}

/// The time that a report sums up: whole weeks from a Monday on, and the one that is not over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Period {
    /// A Monday, midnight UTC.
    pub from: Timestamp,
    /// When the report was made.
    pub until: Timestamp,
    /// How many weeks, the last one included.
    pub weeks: u32,
}

/// Problems that stand open.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Open {
    /// How many.
    pub total: u64,
    /// How many of them wait for a person's answer.
    pub asks: u64,
    /// By severity.
    pub by_severity: Severities,
    /// By account, the most first.
    pub by_account: Vec<OfAccount>,
    /// By team, the most first.
    pub by_team: Vec<OfTeam>,
    /// By age.
    pub by_age: Ages,
    /// The oldest, the oldest first.
    pub oldest: Vec<Problem>,
}

/// Open problems of an account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OfAccount {
    /// Twelve digits; empty if it is not known.
    pub account: String,
    /// How many.
    pub total: u64,
    /// By severity.
    pub by_severity: Severities,
}

/// Open problems of a team.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OfTeam {
    /// As the tags call it; none: no tag says whose they are.
    pub team: Option<String>,
    /// How many.
    pub total: u64,
    /// By severity.
    pub by_severity: Severities,
}

/// An open problem.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// `c-` and twelve hexadecimal digits.
    pub case: String,
    /// How it stands.
    pub stands: Stands,
    /// How bad it is.
    pub severity: Severity,
    /// One line.
    pub headline: String,
    /// The remediation, or what signalled it where none answers.
    pub what: String,
    /// Its account; may be empty.
    pub account: String,
    /// Its Region; may be empty.
    pub region: String,
    /// Its ARN; may be empty.
    pub resource: String,
    /// Whose it is.
    pub team: Option<String>,
    /// Since when.
    pub since: Timestamp,
    /// The whole days since then.
    pub days: i64,
}

/// What became of the records of the period. All but `total` and `held_by_reason` add up to `total`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Records {
    /// How many.
    pub total: u64,
    /// Put right by Kintsugi, and verified.
    pub repaired: u64,
    /// Some changes were made, others refused.
    pub partly_repaired: u64,
    /// Not put right although it was tried.
    pub failed: u64,
    /// Held back.
    pub held: u64,
    /// Changes that a person had taken back.
    pub taken_back: u64,
    /// Nothing was wrong (any more).
    pub right: u64,
    /// The resource was gone.
    pub gone: u64,
    /// The event, the resource or its tags could not be read.
    pub unreadable: u64,
    /// The event asked for nothing.
    pub ignored: u64,
    /// Orders of people that change no resource.
    pub ordered: u64,
    /// Being carried out, or cut short.
    pub under_way: u64,
    /// Written by a version that knows other words.
    pub other: u64,
    /// Those that are held by the most final of their reasons, the most first.
    pub held_by_reason: Vec<Reason>,
}

/// Why records were held.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Reason {
    /// Such as `not-opted-in`; `unknown` of records that do not say.
    pub reason: String,
    /// The same for people.
    pub words: String,
    /// How many.
    pub count: u64,
}

/// Problems, each counted once however often it was met.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Numbers {
    /// Met.
    pub found: u64,
    /// Put right by Kintsugi.
    pub repaired: u64,
    /// Put right by people, or gone.
    pub by_people: u64,
    /// Held back.
    pub held: u64,
}

/// The last days.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Recent {
    /// The last seven days.
    pub last: Numbers,
    /// The seven days before; none if the period does not reach back so far.
    pub before: Option<Numbers>,
}

/// How long it took to put problems right, from when they were seen to when they were right.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Repair {
    /// By Kintsugi; none: nothing was.
    pub kintsugi: Option<Times>,
    /// By people; none: nothing was.
    pub people: Option<Times>,
    /// By control, the most first.
    pub by_control: Vec<OfControl>,
}

/// How long it took for one control.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OfControl {
    /// The control, or the remediation where nothing signalled it.
    pub control: String,
    /// By Kintsugi.
    pub kintsugi: Option<Times>,
    /// By people.
    pub people: Option<Times>,
}

/// How long something took. Both times are ones that it took: the nearest rank.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Times {
    /// How many there are.
    pub count: u64,
    /// Half of them took no longer.
    pub median_seconds: u32,
    /// Nine of ten took no longer.
    pub p90_seconds: u32,
}

/// What came back.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Reopened {
    /// How many problems.
    pub problems: u64,
    /// How often altogether.
    pub times: u64,
    /// Those that came back most often, at most [`Report::LINES`].
    pub most: Vec<Drift>,
}

/// A problem that was put right and came back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Drift {
    /// The remediation, or what signalled it.
    pub what: String,
    /// Its account; may be empty.
    pub account: String,
    /// Its Region; may be empty.
    pub region: String,
    /// Its ARN.
    pub resource: String,
    /// Whose it is.
    pub team: Option<String>,
    /// How often it came back.
    pub times: u64,
    /// What makes it, such as `cloudformation stack web`.
    pub owner: Option<String>,
    /// Who caused it last, as far as `CloudTrail` told.
    pub caused_by: Option<String>,
}

/// What problems come from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Cause {
    /// The remediation, or the control where none answers.
    pub what: String,
    /// How bad the worst of them is.
    pub severity: Severity,
    /// How many problems of the period.
    pub problems: u64,
    /// How many stand open now.
    pub open: u64,
    /// What keeps them from coming again, if that is known.
    pub prevention: Option<Prevention>,
}

/// What keeps problems of a kind from coming again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Prevention {
    /// What it is, such as `SCP`, `IaC rule` or `Config rule`.
    pub kind: String,
    /// The step, one or two sentences.
    pub step: String,
    /// Where to read on.
    pub link: Option<String>,
}

/// What is accepted.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Accepted {
    /// How many problems.
    pub total: u64,
    /// By severity.
    pub by_severity: Severities,
    /// By reason, the first to end first, at most [`Report::LINES`].
    pub risks: Vec<Risk>,
    /// How many reasons there are.
    pub risks_total: u64,
}

/// Problems that are accepted for the same reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Risk {
    /// Why; may be empty.
    pub why: String,
    /// By whom; may be empty.
    pub by: String,
    /// Until when, if it ends.
    pub until: Option<Timestamp>,
    /// How many problems.
    pub problems: u64,
    /// How bad the worst of them is.
    pub severity: Severity,
    /// One of them.
    pub example: String,
}

/// What ends soon.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Ending {
    /// The resource that is exempt, or the name of the accepted risk.
    pub what: String,
    /// When.
    pub until: Timestamp,
    /// In how many whole days.
    pub days: i64,
    /// Who wanted it.
    pub by: String,
    /// Why.
    pub why: String,
}

/// A week.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Week {
    /// Such as `2026-W47`.
    pub week: String,
    /// Its Monday, midnight UTC.
    pub from: Timestamp,
    /// Problems met, counted once a week.
    pub found: u64,
    /// Put right by Kintsugi.
    pub repaired: u64,
    /// Put right by people, or gone.
    pub by_people: u64,
    /// Held back.
    pub held: u64,
    /// Open at its end, or now. Of what came back since, the weeks before it did are not known.
    pub open: u64,
}
