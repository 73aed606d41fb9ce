//! Plans that wait for the end of a pause, for a window, or for somebody who resumes.

use super::{ADA, policies};
use crate::world::{CLOSED, World, why, world};
use remedy::check;
use runtime::{Outcome, Pause};

pub(super) fn pause(w: &World, remediation: Option<&str>) {
    w.desk.order(|orders| {
        orders.pauses.push(Pause {
            remediation: remediation.map(str::to_owned),
            by: ADA.into(),
            at: check::now(),
            why: "a release".into(),
            until: Some("2026-11-20T18:00:00Z".parse().unwrap()),
        });
    });
}

#[test]
fn what_is_paused_is_held_silently_and_done_when_it_comes_again() {
    for remediation in [None, Some("ec2/close_world_ingress")] {
        let w = world();
        pause(&w, remediation);
        let page = w.handled(&w.signal);
        assert_eq!(why(&page), format!("{ADA} paused it at 2026-11-20 12:00 UTC: a release"));
        assert!(w.is_untouched() && w.desk.notices().is_empty());
        assert_eq!(w.desk.parked(), [page]);
        w.desk.order(|orders| orders.pauses.clear());
        assert_eq!(w.handled(&w.signal).outcome, Outcome::Fixed);
        assert_eq!((w.ingress(), w.desk.parked().len()), (CLOSED.map(str::to_owned).to_vec(), 0));
    }
}

#[test]
fn a_pause_ends_by_itself_and_stops_nothing_else() {
    let w = world();
    pause(&w, Some("ec2/limit_world_ingress"));
    assert_eq!(w.handled(&w.signal).outcome, Outcome::Fixed, "another remediation");
    let w = world();
    pause(&w, None);
    w.desk.set("2026-11-20T18:00:00Z");
    assert_eq!(w.handled(&w.signal).outcome, Outcome::Fixed, "its end has come");
}

#[test]
fn what_may_be_done_in_a_window_only_waits_for_it() {
    let w = world();
    // The tests' day is a Friday.
    policies(&w, "enforce", r#"@window("sat 22:00-23:00")"#);
    let page = w.handled(&w.signal);
    assert_eq!(
        why(&page),
        "policy ours lets it be done in its maintenance window only, which opens at 2026-11-21 22:00 UTC"
    );
    let opens = "2026-11-21T22:00:00Z".parse().unwrap();
    assert_eq!(page.waits().unwrap().until, Some(opens));
    assert_eq!(w.desk.notices().len(), 1, "people know when to expect it");
    w.desk.set("2026-11-21T22:05:00Z");
    assert_eq!(w.handled(&w.signal).outcome, Outcome::Fixed);
}

#[test]
fn what_is_approved_by_day_is_done_at_night() {
    let w = world();
    policies(&w, "approve", r#"@window("sat 22:00-23:00")"#);
    let asking = w.handled(&w.signal);
    assert!(
        why(&asking).starts_with("a person must approve it (policy ours); policy ours lets it")
    );
    assert!(asking.asks.is_some() && asking.waits().is_none());
    let approved = asking.approved(ADA, check::now()).unwrap();
    let waiting = w.handled(&approved);
    assert!(why(&waiting).starts_with("policy ours lets it be done in its maintenance window"));
    assert_eq!((waiting.asks.is_some(), waiting.waits().is_some()), (false, true));
    w.desk.set("2026-11-21T22:05:00Z");
    assert_eq!(w.handled(&approved).outcome, Outcome::Fixed);
}

#[test]
fn who_asks_for_it_to_be_run_does_not_wait_for_the_window() {
    let mut w = world();
    policies(&w, "enforce", r#"@window("sat 22:00-23:00")"#);
    w.signal.asked_by = Some(ADA.into());
    assert_eq!(w.handled(&w.signal).outcome, Outcome::Fixed);
}

#[test]
fn what_is_held_for_another_reason_too_does_not_wait() {
    let w = world();
    policies(&w, "approve", "");
    pause(&w, None);
    let page = w.handled(&w.signal);
    assert_eq!((page.waits(), page.asks), (None, None));
    assert_eq!(w.desk.parked(), []);
}

#[test]
fn policies_that_cannot_be_read_or_used_change_nothing_and_lose_nothing() {
    let w = world();
    let error = runtime::Error::Refused("policies of version 7 cannot be used".into());
    *w.desk.orders.lock().unwrap() = Err(error);
    let report = crate::memory::now(w.handle(&w.signal));
    assert!(report.again && w.is_untouched());
    assert_eq!(report.page.outcome.word(), "unreadable");
    assert_eq!(w.desk.notices().len(), 1);
}
