use remedy::{
    Finding, Hold, Left, Place, Trigger,
    check::{now, signal},
};
use runtime::{Outcome, State, Step};
use scope::{Missing, Mode, Verdict};

use super::super::summary::Summary;
use super::*;

fn report(page: Page) -> Report {
    Report { page, again: false, told: true, trouble: Vec::new() }
}

/// What was only looked at: held by nothing but that, and by `holds`.
fn page(id: &str, control: &'static str, holds: Vec<Hold>, verdict: Verdict) -> Page {
    let mut signal = signal(id);
    signal.trigger = Trigger::control(control);
    signal.findings = vec![Finding::Ocsf { uid: "f".into() }];
    let mut page = Page::of(&signal, "ec2/close_world_ingress", now());
    page.about.kind = "security group".into();
    page.about.id = id.into();
    page.about.label = Some("<script>alert(1)</script>".into());
    let what = "revoke tcp/22 from 0.0.0.0/0".into();
    page.steps = vec![Step { what, state: State::Planned, routine: false }];
    let why = holds.into_iter().chain([Hold::DryRun]).collect();
    Page { outcome: Outcome::Held { why }, verdict: Some(verdict), ..page }
}

fn fix(id: &str, control: &'static str) -> Page {
    page(id, control, Vec::new(), Verdict { mode: Mode::Enforce, ..Verdict::default() })
}

fn out_of_scope(id: &str) -> Page {
    let wanted = "AutoRemediate=True".to_owned();
    let hold = Hold::NotOptedIn { wanted: wanted.clone(), nearly: None };
    let missing = Missing { policy: "opted-in".into(), tag: wanted, nearly: None };
    page(id, "EC2.13", vec![hold], Verdict { missing: vec![missing], ..Verdict::default() })
}

fn not_covered(id: &str) -> Page {
    let mut signal = signal(id);
    signal.trigger = Trigger::control("S3.1");
    let why = "no remediation of this function answers Security Hub control S3.1".into();
    Page { outcome: Outcome::Ignored { why }, ..Page::of(&signal, "", now()) }
}

pub(in super::super) fn summary() -> Summary {
    let mut rows = Rows::default();
    for page in
        [out_of_scope("sg-out"), fix("sg-fix", "EC2.13"), not_covered("b1"), not_covered("b2")]
    {
        rows.add(&report(page));
    }
    rows.sort();
    Summary {
        home: Place::new("111122223333", "eu-west-1"),
        at: now(),
        policies: "the parameters".into(),
        sources: vec!["Security Hub: 4 findings".into()],
        rows,
    }
}

#[test]
fn a_resource_that_is_reported_twice_is_one_row() {
    let mut rows = Rows::default();
    let mut again = fix("sg-1", "EC2.19");
    again.steps.push(Step {
        what: "revoke tcp/3389 from 0.0.0.0/0".into(),
        state: State::Planned,
        routine: false,
    });
    for page in [fix("sg-1", "EC2.13"), again, fix("sg-2", "EC2.13")] {
        rows.add(&report(page));
    }
    assert_eq!(rows.all.len(), 2);
    let because: Vec<_> = rows.all[0].because.iter().map(String::as_str).collect();
    assert_eq!(because, ["Security Hub control EC2.13", "Security Hub control EC2.19"]);
    assert_eq!(
        rows.all[0].plan,
        ["revoke tcp/22 from 0.0.0.0/0", "revoke tcp/3389 from 0.0.0.0/0"]
    );
}

#[test]
fn what_everybody_shares_is_a_row_for_each_that_becomes_of_it() {
    let listed = |address: &str| {
        let mut page = fix("list", "EC2.13");
        page.about.verb = Some("update".into());
        page.steps[0].what = format!("list {address}");
        page
    };
    let mut rows = Rows::default();
    for page in [listed("198.51.100.1"), listed("198.51.100.2"), listed("198.51.100.1")] {
        rows.add(&report(page));
    }
    assert_eq!(rows.all.len(), 2);
}

#[test]
fn what_is_in_another_account_says_how_it_can_be_read() {
    let unreadable = Outcome::Unreadable { why: "could not act in account 111122223333".into() };
    let page = Page { outcome: unreadable, ..fix("sg-1", "EC2.13") };
    let mut rows = Rows::default();
    rows.add(&report(page));
    let row = &mut rows.all[0];
    row.elsewhere("111122223333");
    assert_eq!(row.next.why(), ["could not act in account 111122223333"]);
    row.elsewhere("444455556666");
    assert!(row.next.why()[0].contains("give --member-role"), "{:?}", row.next);
}

#[test]
fn what_is_left_alone_is_told_beside_what_is_changed() {
    let mut page = fix("sg-1", "EC2.13");
    page.left = vec![Left {
        what: "tcp/443 from 0.0.0.0/0".into(),
        why: Hold::UnclearExemption { text: "soon".into(), by: "description".into() },
    }];
    let mut rows = Rows::default();
    rows.add(&report(page));
    assert!(rows.all[0].left[0].starts_with("tcp/443 from 0.0.0.0/0: its exemption"));
}

#[test]
fn the_terminal_shows_counts_then_rows_then_what_is_not_covered() {
    let text = anstream::adapter::strip_str(&summary().text(None)).to_string();
    let expected = "\
111122223333/eu-west-1 at 2026-11-20 12:00 UTC, by the policies of the parameters
Security Hub: 4 findings

     1  would be fixed
     1  out of scope
     2  findings of 1 control that no remediation answers

";
    assert!(text.starts_with(expected), "{text}");
    for line in [
        "fix           HIGH      sg-fix \"<script>alert(1)</script>\"  111122223333/eu-west-1  revoke tcp/22 from 0.0.0.0/0",
        "out-of-scope  HIGH      sg-out ",
        "it is not in scope: the tag AutoRemediate=True is missing",
        "Security Hub control S3.1  HIGH      2         2          a test",
    ] {
        assert!(text.contains(line), "{line}\n---\n{text}");
    }
}

#[test]
fn a_spreadsheet_has_a_cell_for_every_column() {
    for row in &summary().rows.all {
        assert_eq!(row.cells().len(), Row::HEADS.len());
    }
}

#[test]
fn programs_are_told_the_same() {
    let json = summary().json();
    assert_eq!(json["counts"], serde_json::json!({ "fix": 1, "out-of-scope": 1 }));
    assert_eq!(json["rows"][0]["next"]["kind"], "fix");
    assert_eq!(json["rows"][1]["next"]["tags"][0]["tag"], "AutoRemediate=True");
    assert_eq!(json["not_covered"][0]["findings"], 2);
}
