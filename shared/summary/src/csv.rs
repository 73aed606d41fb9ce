//! Tables for spreadsheets and for Athena: one type a column, times in ISO 8601, nothing that a spreadsheet
//! would take for a formula.
//!
//! Rows are written as they come, so that memory stays flat.

mod cell;

use std::{
    borrow::Cow,
    io::{Result, Write},
};

use remedy::Timestamp;
use runtime::Stands;

use crate::{CaseEntry, Entry, OfControl, Report, Times};

use cell::{Table, maybe, text, time};

/// The columns of [`Cases`].
pub const CASES: &[&str] = &[
    "case_id",
    "stands",
    "severity",
    "headline",
    "remediation",
    "control",
    "account_id",
    "region",
    "resource",
    "team",
    "open_since",
    "days_open",
    "returns",
    "accepted_why",
    "accepted_by",
    "accepted_until",
];

/// The columns of [`Records`].
pub const RECORDS: &[&str] = &[
    "record_id",
    "decided_at",
    "closed_at",
    "seen_at",
    "repair_seconds",
    "outcome",
    "why",
    "holds",
    "remediation",
    "control",
    "severity",
    "account_id",
    "region",
    "resource",
    "team",
    "made_by",
    "caused_by",
    "asked_by",
    "undoes",
    "is_back",
];

/// The columns of [`controls`].
pub const CONTROLS: &[&str] =
    &["control", "repaired_by", "repairs", "median_seconds", "p90_seconds"];

/// Problems: `open.csv`, or `accepted.csv`.
pub struct Cases<W: Write> {
    table: Table<W>,
    now: Timestamp,
    which: &'static [Stands],
}

impl<W: Write> std::fmt::Debug for Cases<W> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Cases").finish_non_exhaustive()
    }
}

impl<W: Write> Cases<W> {
    /// Those that stand open.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn open(out: W, now: Timestamp) -> Result<Self> {
        Self::of(&[Stands::Open, Stands::Asks], out, now)
    }

    /// Those that are accepted.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn accepted(out: W, now: Timestamp) -> Result<Self> {
        Self::of(&[Stands::Accepted], out, now)
    }

    fn of(which: &'static [Stands], out: W, now: Timestamp) -> Result<Self> {
        Ok(Self { table: Table::new(out, CASES)?, now, which })
    }

    /// Adds a problem, if it is one of those.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn add(&mut self, case: &CaseEntry) -> Result<()> {
        if !self.which.contains(&case.stands) {
            return Ok(());
        }
        let (why, by, until) = case.accepted.clone().unwrap_or_default();
        self.table.row([
            text(&case.id),
            stands(case.stands).into(),
            case.severity.label().into(),
            text(&case.headline),
            text(&case.remediation),
            text(&case.trigger),
            text(&case.account),
            text(&case.region),
            text(&case.resource),
            maybe(case.team.as_deref()),
            time(Some(case.since)),
            (self.now - case.since).num_days().max(0).to_string().into(),
            case.returns.to_string().into(),
            text(&why),
            text(&by),
            time(until),
        ])
    }

    /// What was written.
    ///
    /// # Errors
    /// If the rest cannot be written.
    pub fn finish(self) -> Result<W> {
        self.table.finish()
    }
}

/// Records: `repairs.csv`.
pub struct Records<W: Write> {
    table: Table<W>,
}

impl<W: Write> std::fmt::Debug for Records<W> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Records").finish_non_exhaustive()
    }
}

impl<W: Write> Records<W> {
    /// None yet.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn new(out: W) -> Result<Self> {
        Ok(Self { table: Table::new(out, RECORDS)? })
    }

    /// Adds a record. Whether it is one of the period, and the first of its id, knows
    /// [`Tally::add`](crate::Tally::add).
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn add(&mut self, entry: &Entry) -> Result<()> {
        let is_repair = entry.outcome == "fixed" && entry.undoes.is_none();
        let took = entry.seen.filter(|_| is_repair);
        let took = took.map(|seen| (entry.closed.unwrap_or(entry.at) - seen).num_seconds().max(0));
        self.table.row([
            text(&entry.id),
            time(Some(entry.at)),
            time(entry.closed),
            time(entry.seen),
            took.map(|seconds| seconds.to_string()).unwrap_or_default().into(),
            text(&entry.outcome),
            text(&entry.why),
            text(&entry.holds.join(" ")),
            text(&entry.remediation),
            text(&entry.trigger),
            entry.severity.label().into(),
            text(&entry.account),
            text(&entry.region),
            text(&entry.resource),
            maybe(entry.team.as_deref()),
            maybe(entry.owner.as_deref()),
            maybe(entry.caused_by.as_deref()),
            maybe(entry.by.as_deref()),
            maybe(entry.undoes.as_deref()),
            entry.is_back.to_string().into(),
        ])
    }

    /// What was written.
    ///
    /// # Errors
    /// If the rest cannot be written.
    pub fn finish(self) -> Result<W> {
        self.table.finish()
    }
}

/// How long it took by control, and by whom: `controls.csv`.
///
/// # Errors
/// If it cannot be written.
pub fn controls<W: Write>(out: W, report: &Report) -> Result<W> {
    let mut table = Table::new(out, CONTROLS)?;
    for OfControl { control, kintsugi, people } in &report.repair.by_control {
        for (who, times) in [("kintsugi", kintsugi), ("people", people)] {
            let Some(Times { count, median_seconds, p90_seconds }) = times else { continue };
            let numbers = [*count, u64::from(*median_seconds), u64::from(*p90_seconds)];
            let [count, median, p90] = numbers.map(|number| Cow::from(number.to_string()));
            table.row([text(control), who.into(), count, median, p90])?;
        }
    }
    table.finish()
}

fn stands(stands: Stands) -> &'static str {
    match stands {
        Stands::Open => "open",
        Stands::Asks => "asks",
        Stands::Fixed => "fixed",
        Stands::Solved => "solved",
        Stands::Accepted => "accepted",
        Stands::Notice => "notice",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{OfControl, Tally, sample};

    fn lines(written: Result<Vec<u8>>) -> Vec<String> {
        let text = String::from_utf8(written.unwrap()).unwrap();
        text.lines().map(str::to_owned).collect()
    }

    #[test]
    fn open_problems_are_one_row_each_and_closed_ones_none() {
        let mut open = Cases::open(Vec::new(), sample::now()).unwrap();
        let mut accepted = Cases::accepted(Vec::new(), sample::now()).unwrap();
        let until = sample::now() + chrono::TimeDelta::days(3);
        for (id, stands) in [
            ("c-000000000001", Stands::Open),
            ("c-000000000002", Stands::Asks),
            ("c-000000000003", Stands::Accepted),
            ("c-000000000004", Stands::Fixed),
            ("c-000000000005", Stands::Solved),
            ("c-000000000006", Stands::Notice),
        ] {
            let why = (stands == Stands::Accepted)
                .then(|| ("a \"lab\", for now".into(), "ann".into(), Some(until)));
            let case = CaseEntry { stands, accepted: why, ..sample::case(id) };
            open.add(&case).unwrap();
            accepted.add(&case).unwrap();
        }
        assert_eq!(
            lines(open.finish()),
            [
                CASES.join(","),
                "c-000000000001,open,HIGH,port 22 is open,ec2/close_world_ingress,EC2.19,111122223333,eu-west-1,sg-1,web,2026-11-18T12:00:00Z,2,0,,,".into(),
                "c-000000000002,asks,HIGH,port 22 is open,ec2/close_world_ingress,EC2.19,111122223333,eu-west-1,sg-1,web,2026-11-18T12:00:00Z,2,0,,,".into(),
            ]
        );
        assert_eq!(
            lines(accepted.finish()),
            [
                CASES.join(","),
                "c-000000000003,accepted,HIGH,port 22 is open,ec2/close_world_ingress,EC2.19,111122223333,eu-west-1,sg-1,web,2026-11-18T12:00:00Z,2,0,\"a \"\"lab\"\", for now\",ann,2026-11-23T12:00:00Z".into(),
            ]
        );
    }

    #[test]
    fn a_record_is_one_row_with_the_seconds_of_a_repair_and_of_nothing_else() {
        let mut records = Records::new(Vec::new()).unwrap();
        let fixed = sample::entry("k-1", "fixed");
        let undo = Entry { undoes: Some("k-1".into()), ..sample::entry("k-2", "fixed") };
        let holds = vec!["forbidden".to_owned(), "owned".to_owned()];
        let held = Entry {
            holds,
            is_back: true,
            why: "=HYPERLINK(1)".into(),
            ..sample::entry("k-3", "held")
        };
        for entry in [fixed, undo, held] {
            records.add(&entry).unwrap();
        }
        let rest = "ec2/close_world_ingress,EC2.19,HIGH,111122223333,eu-west-1,sg-1,web,cloudformation stack web,,";
        let times = "2026-11-20T11:00:00Z,2026-11-20T11:00:20Z,2026-11-20T10:59:50Z";
        assert_eq!(
            lines(records.finish()),
            [
                RECORDS.join(","),
                format!("k-1,{times},30,fixed,done,,{rest},,false"),
                format!("k-2,{times},,fixed,done,,{rest},k-1,false"),
                format!("k-3,{times},,held,'=HYPERLINK(1),forbidden owned,{rest},,true"),
            ]
        );
    }

    #[test]
    fn columns_are_names_that_a_query_can_use_and_all_of_one_table_differ() {
        // `case`, `by`, `at` and their like would have to be quoted in SQL.
        let reserved =
            ["case", "by", "at", "end", "from", "group", "order", "table", "time", "when"];
        for columns in [CASES, RECORDS, CONTROLS] {
            for (nth, column) in columns.iter().enumerate() {
                let is_plain = column
                    .bytes()
                    .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
                assert!(is_plain && !reserved.contains(column), "{column}");
                assert!(!columns[..nth].contains(column), "{column} twice");
            }
        }
    }

    #[test]
    fn a_control_has_a_row_for_each_who_repaired_it() {
        let times = |count| Some(Times { count, median_seconds: 3, p90_seconds: 9 });
        let mut report = Tally::new(sample::now(), &crate::Options::default()).report(&|_| None);
        report.repair.by_control = vec![
            OfControl { control: "EC2.19".into(), kintsugi: times(2), people: times(1) },
            OfControl { control: "=S3.1".into(), kintsugi: None, people: times(4) },
        ];
        let rows = ["EC2.19,kintsugi,2,3,9", "EC2.19,people,1,3,9", "'=S3.1,people,4,3,9"];
        let written = lines(controls(Vec::new(), &report));
        assert_eq!(written[0], CONTROLS.join(","));
        assert_eq!(written[1..], rows);
    }
}
