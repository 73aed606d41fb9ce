//! Every call of a repair fails in every way, and the process is killed between any two of them.

use std::{collections::BTreeSet, sync::atomic::Ordering::SeqCst};

use crate::{
    memory::Fault,
    world::{AGAIN, CLOSED, FIRST, World, group, rule, world},
};
use catalog::ec2::Rule;
use runtime::{Outcome, State};

/// Every call of an undisturbed run, broken in every way; then the message comes again.
#[test]
fn wherever_it_is_cut_short_it_ends_like_an_undisturbed_run() {
    let undisturbed = world();
    undisturbed.run(FIRST);
    let calls = undisturbed.desk.line.calls.load(SeqCst);
    assert!(calls >= 8, "load, open, two changes, load, close, publish, annotate; not {calls}");
    for fault in (1..=calls).flat_map(|nth| [Fault::Down(nth), Fault::Lost(nth)]) {
        let w = world();
        w.desk.line.breaks(fault);
        let again = w.run(FIRST).again;
        if again {
            w.run(AGAIN);
        }
        assert_eq!(w.ingress(), CLOSED, "{fault:?}");
        let page = w.page();
        assert_eq!(page.outcome, Outcome::Fixed, "{fault:?}");
        let made = page.steps.iter().filter(|step| step.state == State::Made).count();
        assert_eq!(made, 2, "{fault:?}: both changes can be taken back");
        assert!(!w.desk.notices().is_empty(), "{fault:?}: nobody was told");
    }
}

#[test]
fn wherever_it_is_denied_nothing_else_is_touched_and_the_record_is_true() {
    for nth in 1..=8 {
        let w = world();
        w.desk.line.breaks(Fault::Denied(nth));
        let report = w.run(FIRST);
        if report.again {
            w.run(AGAIN);
        }
        let page = w.page();
        let gone = group().ingress.len() - w.ingress().len();
        let made = page.steps.iter().filter(|step| step.state == State::Made).count();
        assert_eq!(gone, made, "call {nth}: {:?}", page.outcome);
        assert!(CLOSED.iter().all(|rule| w.ingress().contains(&(*rule).into())), "call {nth}");
        assert!(!w.desk.notices().is_empty(), "call {nth}: nobody was told");
    }
}

/// A process killed between two calls makes none after it: the same as all of them failing.
#[test]
fn killed_between_any_two_calls_it_loses_nothing_and_does_nothing_twice() {
    let undisturbed = world();
    undisturbed.run(FIRST);
    for calls in 0..undisturbed.desk.line.calls.load(SeqCst) {
        let w = world();
        killed_after(&w, calls);
        w.run(AGAIN);
        assert_eq!(w.ingress(), CLOSED, "killed after {calls} calls");
        assert_eq!(w.page().outcome, Outcome::Fixed, "killed after {calls} calls");
        assert_eq!(w.page().steps.len(), 2, "killed after {calls} calls");
        assert!(!w.desk.notices().is_empty(), "killed after {calls} calls: nobody was told");
    }
}

#[test]
fn killed_beside_an_exempt_rule_it_ends_like_an_undisturbed_run() {
    let exempt = || Rule {
        description: "exempt-until=2027-03-31".into(),
        ..rule(9, "tcp/21 from 0.0.0.0/0")
    };
    for calls in 0..8 {
        let w = world();
        w.cloud.edit("sg-1", |group| group.ingress.extend([exempt()]));
        killed_after(&w, calls);
        w.run(AGAIN);
        let page = w.page();
        assert_eq!(page.outcome, Outcome::Fixed, "killed after {calls} calls");
        assert_eq!((page.steps.len(), page.left.len()), (2, 1), "killed after {calls} calls");
    }
}

fn killed_after(w: &World, calls: usize) {
    w.desk.line.dies_after(calls);
    w.run(FIRST);
    w.desk.line.dies_after(usize::MAX);
}

#[test]
fn a_run_cut_short_whose_evidence_is_overtaken_is_closed_by_what_it_did() {
    let mut w = world();
    let calls_up_to_the_first_change = 5;
    killed_after(&w, calls_up_to_the_first_change);
    assert_eq!(w.ingress().len(), 3, "one of two changes is made");
    let old = w.signal.clone();
    w.signal.seen += chrono::TimeDelta::minutes(5);
    w.run(FIRST);
    w.cloud.edit("sg-1", |group| group.ingress.extend([rule(7, "tcp/3389 from ::/0")]));
    w.signal = old;
    w.run(AGAIN);
    let words: BTreeSet<_> = w.desk.pages().iter().map(|page| page.outcome.word()).collect();
    assert_eq!(words, ["fixed", "not-fixed"].into(), "none is open for ever");
    assert_eq!(w.ingress().len(), 3, "the older evidence changes nothing");
}
