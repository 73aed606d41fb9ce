//! Spreadsheets, queries and the page find numbers by their path: none of them may move.

use std::collections::BTreeSet;

use chrono::TimeDelta;
use remedy::{Severity, check::now};
use runtime::Stands;
use serde_json::Value;
use summary::{CaseEntry, Entry, Lapse, Options, Prevention, Tally};

fn paths(value: &Value, path: &str, all: &mut BTreeSet<String>) {
    match value {
        Value::Object(fields) => fields.iter().for_each(|(name, value)| {
            let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
            paths(value, &path, all);
        }),
        Value::Array(list) => list.iter().for_each(|value| paths(value, &format!("{path}[]"), all)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {
            all.insert(path.to_owned());
        }
    }
}

#[test]
fn every_number_stands_where_it_stood() {
    let at = now() - TimeDelta::hours(1);
    let entry = Entry {
        id: "k-1".into(),
        at,
        seen: Some(at),
        outcome: "fixed".into(),
        trigger: "EC2.19".into(),
        resource: "sg-1".into(),
        is_back: true,
        ..Entry::default()
    };
    let held = Entry { id: "k-2".into(), outcome: "held".into(), ..entry.clone() };
    let case = CaseEntry {
        id: "c-000000000001".into(),
        stands: Stands::Open,
        severity: Severity::High,
        headline: "sg-1 is open".into(),
        remediation: String::new(),
        trigger: "EC2.18".into(),
        account: "111122223333".into(),
        region: "eu-west-1".into(),
        resource: "sg-1".into(),
        team: None,
        since: at,
        closed: None,
        returns: 0,
        accepted: None,
    };
    let solved = CaseEntry {
        id: "c-000000000002".into(),
        stands: Stands::Solved,
        closed: Some(now()),
        ..case.clone()
    };
    let accepted =
        CaseEntry { id: "c-000000000003".into(), stands: Stands::Accepted, ..case.clone() };
    let mut tally = Tally::new(now(), &Options::default());
    tally.add(&entry);
    tally.add(&held);
    assert!([case, solved, accepted].iter().all(|case| tally.add_case(case)));
    let until = now() + TimeDelta::days(1);
    tally.add_lapse(Lapse { what: "lab".into(), until, by: "ann".into(), why: "a lab".into() });
    let prevention = Prevention { kind: "SCP".into(), step: "Deny it.".into(), link: None };
    let json = tally.report(&|_| Some(prevention.clone())).json().unwrap();

    let mut all = BTreeSet::new();
    paths(&serde_json::from_str(&json).unwrap(), "", &mut all);
    let expected: BTreeSet<_> = include_str!("paths.txt").lines().map(str::to_owned).collect();
    let gone: Vec<_> = expected.difference(&all).collect();
    let new: Vec<_> = all.difference(&expected).collect();
    assert!(
        gone.is_empty() && new.is_empty(),
        "gone: {gone:#?}\nnew, to be added to paths.txt: {new:#?}"
    );
}
