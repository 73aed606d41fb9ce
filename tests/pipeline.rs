//! From signal to outcome, over an AWS in memory.

use crate::{
    memory::{Fault, MemoryCloud, MemoryDesk, now},
    world::{AGAIN, CLOSED, FIRST, World, group, limits, rule, signal, tags, why, world},
};
use catalog::ec2::{DefaultGroup, EmptyDefaultGroup, Rule};
use remedy::{Settings, Signal};
use runtime::{Outcome, Task, Workflow, remediate};

#[test]
fn fixes_verifies_records_and_tells() {
    let w = world();
    let report = w.run(FIRST);
    assert_eq!((&report.page.outcome, report.again), (&Outcome::Fixed, false));
    assert_eq!(w.ingress(), CLOSED);
    assert_eq!(w.page(), report.page);
    let [notice] = <[_; 1]>::try_from(w.desk.notices()).unwrap();
    assert_eq!(notice.subject, "Kintsugi repaired security group sg-1 in 111122223333/eu-west-1");
    let [(note, workflow)] = <[_; 1]>::try_from(w.desk.notes()).unwrap();
    assert!(note.contains("revoke tcp/22 from 0.0.0.0/0; revoke tcp/3389 from ::/0"), "{note}");
    assert_eq!(workflow, Workflow::Resolved);
}

#[test]
fn a_duplicate_finds_nothing_to_do_and_tells_nobody_again() {
    let w = world();
    w.run(FIRST);
    let report = w.run(FIRST);
    assert_eq!(report.page.outcome, Outcome::Fixed, "the record of the first run stands");
    assert_eq!((w.desk.notices().len(), w.desk.notes().len(), w.desk.pages().len()), (1, 1, 1));
}

#[test]
fn a_clean_group_and_one_that_is_gone_are_no_news() {
    let w = world();
    w.cloud.edit("sg-1", |group| group.ingress.clear());
    assert_eq!(w.run(FIRST).page.outcome, Outcome::Right);
    let w = world();
    w.cloud.remove("sg-1");
    assert_eq!(w.run(FIRST).page.outcome, Outcome::Gone);
    assert!(w.desk.notices().is_empty() && w.desk.notes().is_empty());
    assert_eq!(w.page().outcome, Outcome::Gone);
}

#[test]
fn a_dry_run_changes_nothing_and_says_in_the_same_words_what_it_would_do() {
    let real = world();
    real.run(FIRST);
    let dry = World { settings: vec![("MODE", "dry-run")], ..world() };
    dry.run(FIRST);
    assert!(dry.is_untouched());
    assert_eq!(dry.page().outcome.word(), "held");
    let words = |w: &World| w.page().steps.into_iter().map(|s| s.what).collect::<Vec<_>>();
    assert_eq!(words(&dry), words(&real));
    let text = dry.desk.notices()[0].text.clone();
    assert!(text.contains("would repair") && text.contains("Would change:"), "{text}");
    assert_eq!(dry.desk.notes()[0].1, Workflow::Notified);
}

#[test]
fn only_the_live_tags_decide_and_the_reason_is_on_record() {
    type Case = (&'static [(&'static str, &'static str)], &'static str, usize);
    let cases: &[Case] = &[
        (&[], "it is not in scope: the tag AutoRemediate=True is missing", 0),
        (
            &[("AutoRemediate", "False")],
            "it is not in scope: the tag AutoRemediate=True is missing",
            0,
        ),
        (
            &[("AutoRemediate", "true")],
            "it is not in scope: its tag `AutoRemediate=true` nearly matches AutoRemediate=True; \
             write it exactly so if that is meant",
            1,
        ),
        (
            &[("AutoRemediate", "True ")],
            "it is not in scope: its tag `AutoRemediate=True ` nearly matches AutoRemediate=True; \
             write it exactly so if that is meant",
            1,
        ),
        (
            &[("AutoRemediate", "True"), ("DoNotRemediate", "")],
            "it carries the opt-out tag DoNotRemediate",
            0,
        ),
        (
            &[("AutoRemediate", "True"), ("donotremediate", "no")],
            "it carries the opt-out tag donotremediate",
            0,
        ),
        (
            &[("AutoRemediate", "True"), ("KintsugiExemptUntil", "2026-11-20")],
            "it is exempt until 2026-11-21 00:00 UTC (tag KintsugiExemptUntil)",
            1,
        ),
        (
            &[("AutoRemediate", "True"), ("KintsugiExemptUntil", "next year")],
            "its exemption (tag KintsugiExemptUntil) ends at `next year`, which is no date; write it \
             like 2027-03-31",
            1,
        ),
        (
            &[
                ("AutoRemediate", "True"),
                ("aws:cloudformation:stack-name", "shop"),
                ("aws:cloudformation:logical-id", "WebGroup"),
            ],
            "it is kept by cloudformation (stack shop, resource WebGroup), which would put it back: \
             mend it there",
            1,
        ),
        (
            &[("AutoRemediate", "True"), ("kubernetes.io/cluster/prod", "owned")],
            "it is kept by eks (cluster prod), which would put it back: mend it there",
            1,
        ),
    ];
    for (given, expected, messages) in cases {
        let w = world();
        w.cloud.edit("sg-1", |group| group.tags = tags(given));
        w.run(FIRST);
        assert!(w.is_untouched(), "{given:?}");
        assert_eq!(why(&w.page()), *expected);
        assert_eq!(w.desk.notices().len(), *messages, "{given:?}");
    }
}

#[test]
fn an_owner_that_the_operator_allows_does_not_hold_it_back() {
    let w = World { settings: vec![("ALLOWED_OWNERS", "cloudformation")], ..world() };
    let owned = [("AutoRemediate", "True"), ("aws:cloudformation:stack-name", "shop")];
    w.cloud.edit("sg-1", |group| group.tags = tags(&owned));
    assert_eq!(w.run(FIRST).page.outcome, Outcome::Fixed);
}

#[test]
fn an_exemption_that_has_ended_exempts_nobody() {
    let w = world();
    w.desk.set("2026-12-25T00:00:00Z");
    let tagged = [("AutoRemediate", "True"), ("KintsugiExemptUntil", "2026-12-24")];
    w.cloud.edit("sg-1", |group| group.tags = tags(&tagged));
    assert_eq!(w.run(FIRST).page.outcome, Outcome::Fixed);
}

#[test]
fn a_group_that_another_account_shares_with_us_is_left_to_it() {
    let w = world();
    w.cloud.edit("sg-1", |group| group.account = "444455556666".into());
    w.run(FIRST);
    assert!(w.is_untouched());
    assert_eq!(why(&w.page()), "it belongs to account 444455556666");
}

#[test]
fn what_is_exempt_keeps_the_finding_open_and_is_named() {
    let w = world();
    w.cloud.edit("sg-1", |group| {
        let exempt = "exempt-until=2027-03-31".into();
        group.ingress.replace(Rule { description: exempt, ..rule(9, "tcp/21 from 0.0.0.0/0") });
    });
    assert_eq!(w.run(FIRST).page.outcome, Outcome::Fixed);
    assert!(
        w.desk.notices()[0].text.contains("Left alone:\n  tcp/21 from 0.0.0.0/0: it is exempt")
    );
    assert_eq!(w.desk.notes()[0].1, Workflow::Notified);
}

#[test]
fn an_exempt_rule_is_news_only_where_the_group_is_in_scope() {
    let exempt =
        Rule { description: "exempt-until=2027-03-31".into(), ..rule(9, "tcp/22 from 0.0.0.0/0") };
    for (given, expected, messages) in [
        (&[("AutoRemediate", "True")][..], "it is exempt until 2027-04-01", 1),
        (&[], "it is not in scope: the tag AutoRemediate=True is missing; it is exempt until", 0),
    ] {
        let w = World { settings: vec![("MODE", "dry-run")], ..world() };
        w.cloud.edit("sg-1", |group| {
            group.ingress = [exempt.clone()].into();
            group.tags = tags(given);
        });
        w.run(FIRST);
        assert!(why(&w.page()).starts_with(expected), "{}", why(&w.page()));
        assert_eq!(w.desk.notices().len(), messages, "{given:?}");
    }
}

#[test]
fn refused_changes_do_not_stop_the_others_and_the_finding_is_not_called_resolved() {
    let w = world();
    w.cloud.refuses.lock().unwrap().push("revoke tcp/22 from 0.0.0.0/0".into());
    assert_eq!(w.run(FIRST).page.outcome, Outcome::Partial);
    assert!(!w.ingress().contains(&"tcp/3389 from ::/0".into()));
    assert_eq!(why(&w.page()), "1 of 2 changes made; revoke tcp/22 from 0.0.0.0/0: AccessDenied");
    assert_eq!(w.desk.notes()[0].1, Workflow::Notified);
}

#[test]
fn what_is_still_wrong_after_the_change_is_not_called_fixed() {
    let w = world();
    w.cloud.forgets.lock().unwrap().push("revoke tcp/22 from 0.0.0.0/0".into());
    let outcome = w.run(FIRST).page.outcome;
    let left = vec!["revoke tcp/22 from 0.0.0.0/0".into()];
    assert_eq!(outcome, Outcome::NotFixed { left });
    assert_eq!(w.desk.notes()[0].1, Workflow::Notified);
}

#[test]
fn over_the_cap_everything_is_held_with_one_alarm_until_a_person_resumes() {
    let cloud = MemoryCloud::with((0..50).map(|nth| (format!("sg-{nth}"), group())));
    let desk = MemoryDesk::on(cloud.line.clone());
    let mut w = World { cloud, desk, cap: 10, ..world() };
    let open = |w: &World| {
        (0..50).filter(|n| w.cloud.get(&format!("sg-{n}")).unwrap().ingress.len() == 4).count()
    };
    let all = |w: &mut World, attempt| {
        for nth in 0..50 {
            w.signal.resource = format!("sg-{nth}");
            assert!(!w.run(attempt).again);
        }
        w.desk.parked().len()
    };
    assert_eq!(all(&mut w, FIRST), 40, "what is held waits");
    assert_eq!(open(&w), 40);
    let alarms = |w: &World| {
        w.desk.notices().iter().filter(|n| n.text.contains("the cap of 10 repairs an hour")).count()
    };
    assert_eq!((alarms(&w), w.desk.notices().len()), (1, 11));
    w.desk.set("2026-11-20T14:00:00Z");
    assert_eq!(all(&mut w, AGAIN), 40, "another hour alone resumes nothing");
    assert_eq!((open(&w), alarms(&w)), (40, 1));
    w.desk.resume();
    w.cap = 100;
    assert_eq!(all(&mut w, AGAIN), 0);
    assert_eq!(open(&w), 0);
}

#[test]
fn the_alarm_at_the_cap_is_told_also_about_a_problem_that_is_back() {
    let mut w = World { cap: 1, ..world() };
    w.run(FIRST);
    w.cloud.edit("sg-1", |group| group.ingress.extend([rule(7, "tcp/22 from 0.0.0.0/0")]));
    let report = w.run(FIRST);
    assert_eq!((report.page.outcome.word(), report.again), ("held", false));
    assert_eq!(w.desk.parked(), [report.page]);
    assert_eq!(w.desk.notices().len(), 2, "the repair, and the alarm");
    let words: Vec<_> = w.desk.pages().iter().map(|page| page.outcome.word()).collect();
    assert_eq!(words, ["fixed", "held"], "what can be taken back stays on record");
    w.cap = 100;
    w.desk.resume();
    w.run(AGAIN);
    assert_eq!(w.ingress(), CLOSED);
}

#[test]
fn a_problem_that_is_back_is_fixed_again_and_the_first_record_stays() {
    let w = world();
    w.run(FIRST);
    w.cloud.edit("sg-1", |group| group.ingress.extend([rule(7, "tcp/22 from 0.0.0.0/0")]));
    assert_eq!(w.run(FIRST).page.outcome, Outcome::Fixed);
    let steps: Vec<_> = w.desk.pages().iter().map(|page| page.steps.len()).collect();
    assert_eq!(steps, [2, 1]);
}

#[test]
fn older_evidence_after_newer_is_ignored() {
    let mut w = world();
    let old = w.signal.clone();
    w.signal.seen += chrono::TimeDelta::minutes(5);
    w.run(FIRST);
    w.cloud.edit("sg-1", |group| group.ingress.extend([rule(7, "tcp/22 from 0.0.0.0/0")]));
    w.signal = old;
    let report = w.run(FIRST);
    assert!(matches!(report.page.outcome, Outcome::Ignored { .. }), "{:?}", report.page.outcome);
    assert_eq!(w.ingress().len(), 3);
}

#[test]
fn a_default_group_in_use_waits_for_a_person_and_goes_when_one_asks() {
    let rules = || [rule(0, "all traffic from 0.0.0.0/0")].into();
    let in_use = DefaultGroup {
        name: "default".into(),
        ingress: rules(),
        interfaces: vec!["eni-1".into()],
        tags: tags(&[("AutoRemediate", "True")]),
        ..DefaultGroup::default()
    };
    let cloud = MemoryCloud::with([("sg-1".to_owned(), in_use)]);
    let desk = MemoryDesk::on(cloud.line.clone());
    let mut signal = signal();
    let limits = limits(&Settings::default(), 10, signal.place.clone());
    let run = |signal: &Signal| {
        let task = Task { signal, attempt: FIRST };
        now(remediate(&EmptyDefaultGroup, &[task], &limits, &cloud, &desk)).remove(0).page
    };
    assert_eq!(
        why(&run(&signal)),
        "a person should look first: network interface eni-1 is in it and would be cut off"
    );
    assert_eq!(cloud.get("sg-1").unwrap().ingress, rules());
    signal.id = "asked".into();
    signal.asked_by = Some("Kintsugi: run".into());
    assert_eq!(run(&signal).outcome, Outcome::Fixed);
}

#[test]
fn asking_lifts_neither_scope_nor_dry_run() {
    let mut w = World { settings: vec![("MODE", "dry-run")], ..world() };
    w.signal.asked_by = Some("Kintsugi: run".into());
    w.run(FIRST);
    assert_eq!(why(&w.page()), "this is a dry run");
    let mut w = world();
    w.signal.asked_by = Some("Kintsugi: run".into());
    w.cloud.edit("sg-1", |group| group.tags.clear());
    w.run(FIRST);
    assert_eq!(why(&w.page()), "it is not in scope: the tag AutoRemediate=True is missing");
    assert_eq!(w.desk.notices().len(), 1, "who asks is answered");
}

#[test]
fn an_unreadable_resource_is_kept_for_another_try_and_told_once() {
    let w = world();
    w.desk.line.breaks(Fault::Denied(1));
    let report = w.run(FIRST);
    assert!(report.again && w.is_untouched());
    assert_eq!(w.page().outcome, Outcome::Unreadable { why: "load: AccessDenied".into() });
    assert_eq!(w.desk.notices().len(), 1);
}

#[test]
fn a_message_that_could_not_be_sent_is_sent_when_the_event_comes_again() {
    let w = world();
    let publish = 10;
    w.desk.line.breaks(Fault::Down(publish));
    let report = w.run(FIRST);
    assert_eq!((report.page.outcome.word(), report.again), ("fixed", true));
    assert!(report.trouble[0].starts_with("could not publish the message"), "{:?}", report.trouble);
    assert_eq!((w.ingress().len(), w.desk.notices().len()), (2, 0));
    w.run(AGAIN);
    assert_eq!((w.ingress().len(), w.desk.notices().len()), (2, 1));
}
