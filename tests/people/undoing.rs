//! Taking back what was done.

use super::ADA;
use crate::{
    memory::now,
    world::{CLOSED, group, rule, why, world},
};
use chrono::TimeDelta;
use remedy::Facet;
use runtime::Outcome;

#[test]
fn an_undo_brings_back_exactly_what_was_there_and_leaves_the_group_alone_for_a_time() {
    let mut w = world();
    let fixed = w.handled(&w.signal);
    let undone = w.undone(&fixed);
    assert_eq!((&undone.outcome, undone.undoes.as_ref()), (&Outcome::Fixed, Some(&fixed.id)));
    let back = w.cloud.get("sg-1").unwrap();
    assert!(back.same(&group()), "descriptions and tags included: {back:#?}");
    let text = w.desk.notices()[1].text.clone();
    for line in [
        "Kintsugi took back what it had changed on security group sg-1 \"web\" in 111122223333/eu-west-1.",
        &format!("What is taken back is record {}", fixed.id),
        &format!("  asked for by {ADA}"),
        "  authorize tcp/3389 from ::/0",
        &format!("  kintsugi undo {}", undone.id),
        "It is left alone until 2026-12-20 12:00 UTC. To end that sooner:",
    ] {
        assert!(text.lines().any(|is| is == line), "{line}\n\n{text}");
    }
    w.signal.seen += TimeDelta::hours(1);
    let held = w.handled(&w.signal);
    assert!(
        why(&held).starts_with("it is exempt until 2026-12-20 12:00 UTC (said by"),
        "{}",
        why(&held)
    );
    w.desk.set("2026-12-20T12:00:00Z");
    assert_eq!(w.handled(&w.signal).outcome, Outcome::Fixed, "then it is looked at again");
}

#[test]
fn last_changes_are_taken_back_first() {
    let w = world();
    let undone = w.undone(&w.handled(&w.signal));
    let words: Vec<_> = undone.steps.iter().map(|step| step.what.as_str()).collect();
    assert_eq!(words, ["authorize tcp/3389 from ::/0", "authorize tcp/22 from 0.0.0.0/0"]);
}

#[test]
fn what_somebody_changed_since_stays_as_it_is_and_is_named() {
    let w = world();
    let fixed = w.handled(&w.signal);
    w.cloud.edit("sg-1", |group| group.ingress.extend([rule(9, "tcp/22 from 0.0.0.0/0")]));
    let undone = w.undone(&fixed);
    assert_eq!(undone.outcome, Outcome::Partial);
    assert_eq!(
        why(&undone),
        "1 of 1 changes made; revoke tcp/22 from 0.0.0.0/0: somebody changed it since"
    );
    assert_eq!(w.ingress().len(), 4);
    assert!(w.desk.notices()[1].text.starts_with("Kintsugi took back a part of"));
}

#[test]
fn asked_for_twice_it_is_done_once() {
    let w = world();
    let fixed = w.handled(&w.signal);
    let first = w.undone(&fixed);
    let second = w.undone(&fixed);
    assert_eq!((second.id, second.outcome), (first.id, Outcome::Fixed));
    assert_eq!((w.ingress().len(), w.desk.notices().len()), (4, 2));
}

#[test]
fn an_undo_can_be_undone_and_that_ends_the_exemption() {
    let mut w = world();
    let fixed = w.handled(&w.signal);
    let undone = w.undone(&fixed);
    let redone = w.undone(&undone);
    assert_eq!(
        (&redone.outcome, w.ingress()),
        (&Outcome::Fixed, CLOSED.map(str::to_owned).to_vec())
    );
    assert!(w.desk.exempt.lock().unwrap().is_empty());
    let again = w.undone(&redone);
    assert_eq!((again.outcome, w.ingress().len()), (Outcome::Fixed, 4));
    assert!(!w.desk.exempt.lock().unwrap().is_empty(), "opened again it is left alone again");
    w.signal.seen += TimeDelta::hours(1);
    assert!(why(&w.handled(&w.signal)).starts_with("it is exempt"));
}

#[test]
fn a_record_that_was_undone_and_done_again_can_be_undone_again() {
    let w = world();
    let fixed = w.handled(&w.signal);
    let undone = w.undone(&fixed);
    w.undone(&undone);
    let second = w.undone(&fixed);
    assert_eq!((second.id, w.ingress().len()), (undone.next_id(), 4));
}

#[test]
fn a_group_that_is_gone_is_gone() {
    let w = world();
    let fixed = w.handled(&w.signal);
    w.cloud.remove("sg-1");
    assert_eq!(w.undone(&fixed).outcome, Outcome::Gone);
}

#[test]
fn what_aws_refuses_to_take_back_is_told_with_its_answer() {
    let w = world();
    let fixed = w.handled(&w.signal);
    w.cloud.refuses.lock().unwrap().push("authorize tcp/22 from 0.0.0.0/0".into());
    let undone = w.undone(&fixed);
    assert_eq!(why(&undone), "1 of 2 changes made; authorize tcp/22 from 0.0.0.0/0: AccessDenied");
}

#[test]
fn killed_between_any_two_calls_it_is_finished_when_it_is_asked_for_again() {
    let calls = {
        let w = world();
        let fixed = w.handled(&w.signal);
        let before = w.desk.line.calls.load(std::sync::atomic::Ordering::SeqCst);
        w.undone(&fixed);
        w.desk.line.calls.load(std::sync::atomic::Ordering::SeqCst) - before
    };
    for life in 0..calls {
        let w = world();
        let fixed = w.handled(&w.signal);
        let before = w.desk.line.calls.load(std::sync::atomic::Ordering::SeqCst);
        w.desk.line.dies_after(before + life);
        let report = now(w.undo(&fixed));
        w.desk.line.dies_after(usize::MAX);
        let undone = w.undone(&fixed);
        let state = (undone.outcome.word(), w.ingress().len());
        assert_eq!(state, ("fixed", 4), "killed after {life} of {calls} calls: {report:?}");
        let open = w.desk.pages().into_iter().filter(|page| page.outcome == Outcome::Open).count();
        assert_eq!(open, 0, "killed after {life} calls");
    }
}

#[test]
fn only_what_was_changed_can_be_undone() {
    let w = world();
    w.cloud.edit("sg-1", |group| group.tags.clear());
    let held = w.handled(&w.signal);
    let refused = held.may_be_undone().unwrap_err();
    assert!(refused.contains("nothing was changed under it (it is held)"), "{refused}");
    let open = runtime::Page { outcome: Outcome::Open, ..held };
    assert!(open.may_be_undone().unwrap_err().contains("it is still being carried out"));
}
