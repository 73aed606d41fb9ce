//! Numbers of a report agree with each other, and with what was added, in whatever order.

use std::collections::{BTreeMap, BTreeSet};

use chrono::TimeDelta;
use proptest::{prelude::*, sample::select};
use remedy::{Severity, Timestamp, check::now};
use runtime::{Stands, news::case_id};
use summary::{CaseEntry, Entry, Options, Report, Severities, Tally};

fn options(weeks: u32) -> Options {
    let shared = BTreeSet::from(["guardduty/list_attackers".to_owned()]);
    Options { weeks, shared, ..Options::default() }
}

fn severity() -> impl Strategy<Value = Severity> {
    let all = [
        Severity::Informational,
        Severity::Low,
        Severity::Medium,
        Severity::High,
        Severity::Critical,
    ];
    select(all.to_vec())
}

fn remediation() -> impl Strategy<Value = String> {
    select(vec!["", "ec2/close_world_ingress", "guardduty/list_attackers", "s3/log_access"])
        .prop_map(str::to_owned)
}

fn team() -> impl Strategy<Value = Option<String>> {
    proptest::option::of(select(vec!["web", "shop"]).prop_map(str::to_owned))
}

/// Some time from half a year ago to tomorrow.
fn time() -> impl Strategy<Value = Timestamp> {
    (-180 * 24 * 60..24 * 60_i64).prop_map(|minutes| now() + TimeDelta::minutes(minutes))
}

prop_compose! {
    fn entry()(
        nth in 0..60_u32,
        at in time(),
        (closed, seen) in (proptest::option::of(0..9_000_i64), proptest::option::of(-60..900_000_i64)),
        outcome in select(vec![
            "open", "ignored", "unreadable", "gone", "right", "held", "fixed", "fixed", "partial",
            "not-fixed", "failed", "ordered", "melted",
        ]),
        holds in proptest::collection::vec(select(vec!["forbidden", "not-opted-in", "owned"]), 0..3),
        remediation in remediation(),
        (severity, team) in (severity(), team()),
        resource in 0..6_u32,
        owner in proptest::option::of(select(vec!["cloudformation stack web", "eks cluster prod"])),
        undoes in proptest::bool::weighted(0.1),
        is_back in proptest::bool::weighted(0.1),
    ) -> Entry {
        Entry {
            // The same record is the same: it may come twice.
            id: format!("k-{nth}"),
            at: at + TimeDelta::seconds(i64::from(nth)),
            closed: closed.map(|seconds| at + TimeDelta::seconds(seconds)),
            seen: seen.map(|seconds| at - TimeDelta::seconds(seconds)),
            outcome: outcome.into(),
            holds: holds.into_iter().map(str::to_owned).collect(),
            remediation,
            trigger: format!("EC2.{resource}"),
            severity,
            account: format!("{:012}", resource % 2),
            resource: format!("sg-{resource}"),
            team,
            owner: owner.map(str::to_owned),
            undoes: undoes.then(|| "k-0".into()),
            is_back,
            ..Entry::default()
        }
    }
}

prop_compose! {
    fn case()(
        nth in 0..60_u32,
        stands in select(vec![
            Stands::Open, Stands::Open, Stands::Asks, Stands::Fixed, Stands::Solved, Stands::Accepted,
            Stands::Notice,
        ]),
        (severity, team) in (severity(), team()),
        remediation in remediation(),
        since in time(),
        open in proptest::option::of(0..900_000_i64),
        (resource, returns) in (0..40_u32, 0..3_u32),
        until in proptest::option::of(-10..60_i64),
    ) -> CaseEntry {
        let trigger = format!("EC2.{}", resource % 6);
        let what = if remediation.is_empty() { &trigger } else { &remediation };
        let resource = format!("sg-{}", resource % 6 + nth);
        CaseEntry {
            id: case_id(what, &resource),
            stands,
            severity,
            headline: format!("problem {nth}"),
            account: format!("{:012}", nth % 3),
            region: "eu-west-1".into(),
            team,
            closed: open.map(|seconds| since + TimeDelta::seconds(seconds)),
            accepted: until.map(|days| ("a lab".into(), "ann".into(), Some(now() + TimeDelta::days(days)))),
            since,
            returns,
            remediation,
            trigger,
            resource,
        }
    }
}

/// One of each id: what else has the same id is the same.
fn once<T>(all: Vec<T>, id: impl Fn(&T) -> String) -> Vec<T> {
    let all: BTreeMap<String, T> = all.into_iter().map(|one| (id(&one), one)).collect();
    all.into_values().collect()
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

fn sum<'a>(all: impl IntoIterator<Item = &'a Severities>) -> Severities {
    all.into_iter().fold(Severities::default(), |sum, by| Severities {
        critical: sum.critical + by.critical,
        high: sum.high + by.high,
        medium: sum.medium + by.medium,
        low: sum.low + by.low,
        informational: sum.informational + by.informational,
    })
}

proptest! {
    #[test]
    fn sums_agree_wherever_they_are_told(
        entries in proptest::collection::vec(entry(), 0..80),
        cases in proptest::collection::vec(case(), 0..60),
        weeks in 1..27_u32,
    ) {
        let entries = once(entries, |entry| entry.id.clone());
        let cases = once(cases, |case| case.id.clone());
        let report = report(&entries, &cases, weeks);
        let open = &report.open;

        prop_assert_eq!(open.total, open.by_severity.total());
        prop_assert_eq!(open.by_severity, sum(open.by_account.iter().map(|of| &of.by_severity)));
        prop_assert_eq!(open.by_severity, sum(open.by_team.iter().map(|of| &of.by_severity)));
        prop_assert_eq!(open.total, open.by_account.iter().map(|of| of.total).sum::<u64>());
        prop_assert_eq!(open.total, open.by_team.iter().map(|of| of.total).sum::<u64>());
        prop_assert_eq!(open.total, open.by_age.total());
        prop_assert_eq!(Some(open.total), report.trend.last().map(|week| week.open));
        let stand_open = cases.iter().filter(|case| matches!(case.stands, Stands::Open | Stands::Asks));
        prop_assert_eq!(open.total, stand_open.count() as u64);
        prop_assert!(open.asks <= open.total && open.oldest.len() as u64 == open.total.min(20));

        let records = &report.records;
        let classes = [
            records.repaired, records.partly_repaired, records.failed, records.held, records.taken_back,
            records.right, records.gone, records.unreadable, records.ignored, records.ordered,
            records.under_way, records.other,
        ];
        prop_assert_eq!(records.total, classes.iter().sum::<u64>());
        let within = |at: Timestamp| report.period.from <= at && at <= now();
        let counted: Vec<_> = entries.iter().filter(|entry| within(entry.at)).collect();
        prop_assert_eq!(records.total, counted.len() as u64);
        prop_assert_eq!(records.held, records.held_by_reason.iter().map(|why| why.count).sum::<u64>());

        let repair = &report.repair;
        let kintsugi = repair.by_control.iter().filter_map(|of| of.kintsugi).map(|it| it.count).sum::<u64>();
        let people = repair.by_control.iter().filter_map(|of| of.people).map(|it| it.count).sum::<u64>();
        prop_assert_eq!(repair.kintsugi.map_or(0, |times| times.count), kintsugi);
        prop_assert_eq!(repair.people.map_or(0, |times| times.count), people);
        prop_assert!(kintsugi <= records.repaired);
        prop_assert_eq!(report.problems.by_people, people);

        prop_assert_eq!(report.trend.len(), weeks as usize);
        for (of, all) in [
            (report.trend.iter().map(|week| week.found).collect::<Vec<_>>(), report.problems.found),
            (report.trend.iter().map(|week| week.repaired).collect(), report.problems.repaired),
            (report.trend.iter().map(|week| week.by_people).collect(), report.problems.by_people),
            (report.trend.iter().map(|week| week.held).collect(), report.problems.held),
        ] {
            let most = of.iter().copied().max().unwrap_or_default();
            prop_assert!(most <= all && all <= of.iter().sum::<u64>(), "{:?} and {}", of, all);
        }
        prop_assert!(report.problems.repaired <= records.repaired);
        prop_assert!(report.problems.held <= records.held);

        let back = &report.reopened;
        prop_assert_eq!(back.problems, back.most.len() as u64);
        prop_assert_eq!(back.times, back.most.iter().map(|drift| drift.times).sum::<u64>());
        prop_assert!(back.most.iter().all(|drift| drift.times > 0));

        let causes: u64 = report.causes.iter().map(|cause| cause.problems).sum();
        prop_assert!(report.causes.len() <= Report::CAUSES && causes <= report.problems.found);
        prop_assert!(report.causes.is_sorted_by(|a, b| a.problems >= b.problems));

        let accepted = &report.accepted;
        prop_assert_eq!(accepted.total, accepted.by_severity.total());
        prop_assert_eq!(accepted.total, accepted.risks.iter().map(|risk| risk.problems).sum::<u64>());
        prop_assert_eq!(accepted.risks_total, accepted.risks.len() as u64);
        prop_assert_eq!(report.ending_total, report.ending.len() as u64);
    }

    #[test]
    fn order_and_repetition_change_nothing(
        (entries, cases) in (proptest::collection::vec(entry(), 0..40), proptest::collection::vec(case(), 0..40))
            .prop_map(|(entries, cases)| (once(entries, |it| it.id.clone()), once(cases, |it| it.id.clone())))
            .prop_flat_map(|(entries, cases)| {
                let shuffled = (Just(entries.clone()).prop_shuffle(), Just(cases.clone()).prop_shuffle());
                (Just((entries, cases)), shuffled)
            }),
        cases_first in any::<bool>(),
    ) {
        let ((entries, cases), (other_entries, other_cases)) = (entries, cases);
        let expected = report(&entries, &cases, 13).json().unwrap();
        let mut tally = Tally::new(now(), &options(13));
        for turn in [cases_first, !cases_first] {
            if turn {
                other_cases.iter().chain(&cases).for_each(|case| { tally.add_case(case); });
            } else {
                other_entries.iter().chain(&entries).for_each(|entry| { tally.add(entry); });
            }
        }
        prop_assert_eq!(tally.report(&|_| None).json().unwrap(), expected);
    }
}
