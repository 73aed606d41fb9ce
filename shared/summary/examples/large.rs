//! Adds up a large ledger, and says how long that takes and what memory: `cargo run --release -p summary
//! --example large [RECORDS]`.
//!
//! Nearly each record is about a resource of its own, which is the most that there is to remember.

use std::{io::Result, time::Instant};

use chrono::TimeDelta;
use remedy::{Severity, check::now};
use runtime::{Stands, news::case_id};
use summary::{CaseEntry, Entry, Options, Report, Tally, csv, digest};

const OUTCOMES: [&str; 6] = ["fixed", "held", "fixed", "failed", "held", "right"];
const REMEDIATIONS: [&str; 5] = [
    "ec2/close_world_ingress",
    "s3/block_public_access",
    "iam/deactivate_old_keys",
    "rds/hide_instance",
    "",
];
const SEVERITIES: [Severity; 4] =
    [Severity::Low, Severity::Medium, Severity::High, Severity::Critical];

fn main() -> Result<()> {
    let count = std::env::args().nth(1).and_then(|count| count.parse().ok()).unwrap_or(100_000);
    let start = Instant::now();
    let report = add_up(count)?;
    let took = start.elapsed();
    let (json, page) = (report.json()?, summary::page::html(&report));
    println!("{count} records and {} problems: {} ms to the report", count / 2, took.as_millis());
    println!(
        "{} ms to JSON ({} KiB) and page ({} KiB)",
        start.elapsed().as_millis(),
        json.len() / 1024,
        page.len() / 1024
    );
    println!("memory at most: {}", peak());
    println!("{}", digest(&report, None).1);
    Ok(())
}

/// Records and half as many problems, as the function adds them: tables are written beside.
fn add_up(count: u32) -> Result<Report> {
    let mut tally = Tally::new(now(), &Options::default());
    let mut records = csv::Records::new(std::io::sink())?;
    let mut open = csv::Cases::open(std::io::sink(), now())?;
    for nth in 0..count {
        let entry = entry(nth);
        if tally.add(&entry) {
            records.add(&entry)?;
        }
    }
    for nth in 0..count / 2 {
        let case = case(nth);
        if tally.add_case(&case) {
            open.add(&case)?;
        }
    }
    Ok(tally.report(&|_| None))
}

fn pick<T: Copy, const N: usize>(all: [T; N], nth: u32) -> T {
    all[nth as usize % N]
}

fn arn(nth: u32) -> String {
    // One in sixteen is about the same as one before it.
    let nth = if nth.is_multiple_of(16) { nth / 64 } else { nth };
    format!("arn:aws:ec2:eu-west-1:{:012}:security-group/sg-{nth:017x}", nth % 300)
}

fn entry(nth: u32) -> Entry {
    let at = now() - TimeDelta::minutes(i64::from(nth));
    let outcome = pick(OUTCOMES, nth);
    Entry {
        id: case_id("record", &nth.to_string()).replacen('c', "k", 1),
        at,
        closed: Some(at + TimeDelta::seconds(2)),
        seen: Some(at - TimeDelta::seconds(i64::from(nth % 900))),
        outcome: outcome.into(),
        why: "1 of 1 changes made and verified".into(),
        holds: if outcome == "held" { vec!["not-opted-in".into()] } else { Vec::new() },
        remediation: pick(REMEDIATIONS, nth / 7).into(),
        trigger: format!("EC2.{}", nth % 200),
        severity: pick(SEVERITIES, nth),
        account: format!("{:012}", nth % 300),
        region: "eu-west-1".into(),
        resource: arn(nth),
        team: Some(format!("team-{}", nth % 80)),
        owner: Some(format!("cloudformation stack service-{}", nth % 2_000)),
        caused_by: Some(format!("arn:aws:sts::111122223333:assumed-role/deploy/run-{nth}")),
        undoes: None,
        is_back: nth.is_multiple_of(50),
        by: None,
    }
}

fn case(nth: u32) -> CaseEntry {
    let (remediation, trigger) = (pick(REMEDIATIONS, nth / 7), format!("EC2.{}", nth % 200));
    let what = if remediation.is_empty() { &trigger } else { remediation };
    let stands = pick([Stands::Open, Stands::Solved, Stands::Fixed, Stands::Accepted], nth);
    let since = now() - TimeDelta::minutes(i64::from(nth) + 600);
    CaseEntry {
        id: case_id(what, &arn(nth)),
        stands,
        severity: pick(SEVERITIES, nth / 3),
        headline: format!("Kintsugi held back on security group sg-{nth:017x} in eu-west-1."),
        remediation: remediation.into(),
        account: format!("{:012}", nth % 300),
        region: "eu-west-1".into(),
        resource: arn(nth),
        team: Some(format!("team-{}", nth % 80)),
        since,
        closed: (stands != Stands::Open).then(|| since + TimeDelta::minutes(300)),
        returns: u32::from(nth.is_multiple_of(90)),
        accepted: (stands == Stands::Accepted)
            .then(|| (format!("risk {}", nth % 40), "ann".into(), None)),
        trigger,
    }
}

/// What Linux says of this process.
#[expect(clippy::disallowed_methods, reason = "an example is no product")]
fn peak() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.map_or_else(|| "unknown here".to_owned(), |size| size.trim().to_owned())
}
