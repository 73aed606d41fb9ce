//! What counts as what.

use std::collections::BTreeSet;

use chrono::TimeDelta;
use remedy::{Severity, check::now};
use runtime::{Stands, news::case_id};
use summary::{CaseEntry, Entry, Lapse, Options, Prevention, Report, Tally};

fn options(weeks: u32) -> Options {
    let shared = BTreeSet::from(["guardduty/list_attackers".to_owned()]);
    Options { weeks, shared, ..Options::default() }
}

fn report(entries: &[Entry], cases: &[CaseEntry], weeks: u32) -> Report {
    let mut tally = Tally::new(now(), &options(weeks));
    for entry in entries {
        tally.add(entry);
    }
    for case in cases {
        tally.add_case(case);
    }
    tally.report(&|_| None)
}

fn entry_of(id: &str, outcome: &str, resource: &str, days_ago: i64) -> Entry {
    let at = now() - TimeDelta::days(days_ago);
    Entry {
        id: id.into(),
        at,
        seen: Some(at - TimeDelta::seconds(60)),
        outcome: outcome.into(),
        remediation: "ec2/close_world_ingress".into(),
        trigger: "EC2.19".into(),
        severity: Severity::High,
        account: "111122223333".into(),
        region: "eu-west-1".into(),
        resource: resource.into(),
        ..Entry::default()
    }
}

fn case_of(stands: Stands, resource: &str, (since, closed): (i64, Option<i64>)) -> CaseEntry {
    let ago = |days| now() - TimeDelta::days(days);
    CaseEntry {
        id: case_id("ec2/close_world_ingress", resource),
        stands,
        severity: Severity::High,
        headline: format!("{resource} is open"),
        remediation: "ec2/close_world_ingress".into(),
        trigger: "EC2.19".into(),
        account: "111122223333".into(),
        region: "eu-west-1".into(),
        resource: resource.into(),
        team: None,
        since: ago(since),
        closed: closed.map(ago),
        returns: 0,
        accepted: None,
    }
}

#[test]
fn people_put_right_what_is_solved_and_what_kintsugi_did_not_repair() {
    type Row = (Stands, (i64, Option<i64>), Option<i64>, u64);
    let cases: &[Row] = &[
        (Stands::Solved, (9, Some(2)), None, 1),
        (Stands::Solved, (9, Some(2)), Some(2), 0),
        (Stands::Solved, (9, Some(2)), Some(5), 0),
        (Stands::Solved, (9, Some(2)), Some(12), 1),
        (Stands::Solved, (9, Some(2)), Some(1), 1),
        (Stands::Solved, (400, Some(300)), None, 0),
        (Stands::Solved, (400, Some(3)), None, 1),
        (Stands::Solved, (9, None), None, 0),
        (Stands::Solved, (2, Some(2)), None, 0),
        (Stands::Fixed, (9, Some(2)), None, 0),
        (Stands::Accepted, (9, Some(2)), None, 0),
        (Stands::Open, (9, Some(2)), None, 0),
        (Stands::Notice, (9, Some(2)), None, 0),
    ];
    for (stands, span, repaired, expected) in cases {
        let entries: Vec<_> =
            repaired.iter().map(|days| entry_of("k-1", "fixed", "sg-1", *days)).collect();
        let report = report(&entries, &[case_of(*stands, "sg-1", *span)], 13);
        let people = report.repair.people.map_or(0, |times| times.count);
        let why = format!("{stands:?} {span:?}, repaired {repaired:?}");
        assert_eq!((people, report.problems.by_people), (*expected, *expected), "{why}");
        if let (1, (since, Some(closed))) = (people, span) {
            let seconds = report.repair.people.map(|times| i64::from(times.median_seconds));
            assert_eq!(seconds, Some((since - closed) * 86_400), "{why}");
        }
    }
}

#[test]
fn what_is_put_right_again_or_returns_came_back() {
    let by = |who: &str, entry: Entry| Entry { caused_by: Some(who.into()), ..entry };
    let owned = |entry: Entry| Entry { owner: Some("cloudformation stack web".into()), ..entry };
    let list = |id: &str, days| Entry {
        remediation: "guardduty/list_attackers".into(),
        ..entry_of(id, "fixed", "list", days)
    };
    let entries = [
        by("ann", owned(entry_of("k-1", "fixed", "sg-often", 9))),
        by("bob", entry_of("k-2", "fixed", "sg-often", 5)),
        entry_of("k-3", "fixed", "sg-often", 4),
        entry_of("k-4", "fixed", "sg-once", 4),
        Entry { is_back: true, ..entry_of("k-5", "fixed", "sg-flagged", 4) },
        entry_of("k-6", "held", "sg-held", 4),
        entry_of("k-7", "held", "sg-held", 3),
        Entry { undoes: Some("k-4".into()), ..entry_of("k-8", "fixed", "sg-once", 3) },
        list("k-9", 3),
        list("k-10", 2),
    ];
    let cases = [
        CaseEntry { returns: 4, ..case_of(Stands::Open, "sg-returned", (2, None)) },
        CaseEntry { returns: 4, ..case_of(Stands::Open, "sg-long-ago", (300, None)) },
        case_of(Stands::Open, "sg-new", (2, None)),
    ];
    let back = report(&entries, &cases, 13).reopened;
    let told: Vec<_> =
        back.most.iter().map(|drift| (drift.resource.as_str(), drift.times)).collect();
    assert_eq!(told, [("sg-returned", 4), ("sg-often", 2), ("sg-flagged", 1)]);
    assert_eq!((back.problems, back.times), (3, 7));
    assert_eq!(back.most[1].owner.as_deref(), Some("cloudformation stack web"));
    assert_eq!(back.most[1].caused_by.as_deref(), Some("bob"), "the last who is known");
}

#[test]
fn causes_are_told_by_their_problems_and_not_by_their_records() {
    let entries: Vec<_> = (0..5)
        .map(|nth| entry_of(&format!("k-{nth}"), "held", "sg-1", 3))
        .chain((5..8).map(|nth| Entry {
            remediation: "s3/log_access".into(),
            severity: if nth == 6 { Severity::Critical } else { Severity::Low },
            ..entry_of(&format!("k-{nth}"), "fixed", &format!("b-{nth}"), 3)
        }))
        .chain([Entry { remediation: "r/right".into(), ..entry_of("k-9", "right", "x", 3) }])
        .collect();
    let by_hand = |nth: u32| CaseEntry {
        id: case_id("IAM.6", &format!("root-{nth}")),
        remediation: String::new(),
        trigger: "IAM.6".into(),
        ..case_of(Stands::Open, &format!("root-{nth}"), (2, None))
    };
    let cases = [by_hand(1), by_hand(2), case_of(Stands::Open, "sg-1", (2, None))];
    let mut tally = Tally::new(now(), &options(13));
    assert!(entries.iter().all(|entry| tally.add(entry)));
    assert!(cases.iter().all(|case| tally.add_case(case)));
    let report = tally.report(&|what| {
        let (kind, step) = ("SCP".to_owned(), format!("Deny what makes {what}."));
        (what == "IAM.6").then_some(Prevention { kind, step, link: None })
    });
    let told: Vec<_> = report
        .causes
        .iter()
        .map(|it| (it.what.as_str(), it.problems, it.open, it.severity, it.prevention.is_some()))
        .collect();
    assert_eq!(
        told,
        [
            ("s3/log_access", 3, 0, Severity::Critical, false),
            ("IAM.6", 2, 2, Severity::High, true),
            ("ec2/close_world_ingress", 1, 1, Severity::High, false),
        ]
    );
    assert_eq!(report.problems.found, 6);
}

#[test]
fn what_ends_within_thirty_days_is_told_once_and_the_first_first() {
    let lapse = |what: &str, days: i64| Lapse {
        what: what.into(),
        until: now() + TimeDelta::days(days),
        by: "ann".into(),
        why: "a lab\nfor now".into(),
    };
    let accepted = |resource: &str, why: &str, days: Option<i64>| CaseEntry {
        accepted: Some((why.into(), "ann".into(), days.map(|days| now() + TimeDelta::days(days)))),
        ..case_of(Stands::Accepted, resource, (5, None))
    };
    let mut tally = Tally::new(now(), &options(13));
    for (what, days) in
        [("rule", 9), ("rule", 9), ("later", 30), ("soon", 1), ("over", 0), ("over", -1)]
    {
        tally.add_lapse(lapse(what, days));
    }
    for case in [
        accepted("sg-1", "a lab\nfor now", Some(9)),
        accepted("sg-2", "of its own", Some(3)),
        accepted("sg-3", "of its own", Some(3)),
        accepted("sg-4", "for ever", None),
        accepted("sg-5", "for long", Some(90)),
    ] {
        assert!(tally.add_case(&case));
    }
    let report = tally.report(&|_| None);
    let told: Vec<_> = report.ending.iter().map(|end| (end.what.as_str(), end.days)).collect();
    assert_eq!(told, [("soon", 1), ("sg-2", 3), ("rule", 9)]);
    assert_eq!(report.ending_total, 3);
    let risks = report.accepted.risks.iter();
    let risks: Vec<_> =
        risks.map(|risk| (risk.why.as_str(), risk.problems, risk.until.is_some())).collect();
    let expected = [
        ("of its own", 2, true),
        ("a lab for now", 1, true),
        ("for long", 1, true),
        ("for ever", 1, false),
    ];
    assert_eq!(risks, expected);
    assert_eq!((report.accepted.total, report.accepted.risks_total), (5, 4));
}

#[test]
fn the_oldest_twenty_are_told_the_oldest_first_and_ages_have_their_bounds() {
    let cases: Vec<_> =
        (0..100).map(|days| case_of(Stands::Open, &format!("sg-{days}"), (days, None))).collect();
    let report = report(&[], &cases, 4);
    let days: Vec<_> = report.open.oldest.iter().map(|problem| problem.days).collect();
    assert_eq!(days, (80..100).rev().collect::<Vec<_>>());
    let ages = report.open.by_age.rows().map(|(_, count)| count);
    assert_eq!(ages, [1, 6, 23, 60, 10]);
}

#[test]
fn a_record_counts_once_and_only_within_the_period() {
    let mut tally = Tally::new(now(), &options(2));
    // The period begins on Monday, 9 November.
    assert_eq!(tally.from().to_rfc3339(), "2026-11-09T00:00:00+00:00");
    for (id, days, counts) in [
        ("k-1", 0, true),
        ("k-1", 0, false),
        ("k-2", 11, true),
        ("k-3", 12, false),
        ("k-3", 3, true),
        ("k-4", -1, false),
        ("", 1, true),
        ("", 2, false),
    ] {
        assert_eq!(
            tally.add(&entry_of(id, "fixed", "sg-1", days)),
            counts,
            "{id}, {days} days ago"
        );
    }
    assert_eq!(tally.report(&|_| None).records.repaired, 4);
}

#[test]
fn text_from_outside_stays_on_its_line_and_within_bounds() {
    let long = format!("\u{202e}a\nb{}", "x".repeat(50_000));
    let entry = Entry {
        remediation: long.clone(),
        trigger: long.clone(),
        account: long.clone(),
        region: long.clone(),
        team: Some(long.clone()),
        owner: Some(long.clone()),
        caused_by: Some(long.clone()),
        holds: vec![long.clone()],
        is_back: true,
        ..entry_of("k-1", "held", &long, 1)
    };
    let case = CaseEntry {
        headline: long.clone(),
        team: Some(long.clone()),
        account: long.clone(),
        trigger: long.clone(),
        remediation: long.clone(),
        ..case_of(Stands::Open, &long, (2, None))
    };
    let accepted = CaseEntry {
        id: case_id("x", "y"),
        stands: Stands::Accepted,
        accepted: Some((long.clone(), long.clone(), Some(now() + TimeDelta::days(2)))),
        ..case.clone()
    };
    let fixed = Entry { id: "k-2".into(), outcome: "fixed".into(), ..entry.clone() };
    let json = report(&[entry, fixed], &[case, accepted], 4).json().unwrap();
    assert!(json.len() < 30_000, "{}", json.len());
    assert!(
        !json.contains("\\n") && !json.contains('\u{202e}') && json.contains("xxx..."),
        "{json}"
    );
}
