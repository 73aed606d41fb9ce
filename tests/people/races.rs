//! Several people and functions at once, in every order of their calls that chance comes upon: what comes
//! out is what some order would give in which they do not meet.

use super::{ADA, policies};
use crate::{
    memory::{Work, in_turns},
    world::{CLOSED, World, group, world},
};
use chrono::TimeDelta;
use proptest::{collection::vec, prelude::*};
use remedy::{Facet, check};
use runtime::Outcome;

fn is_as_before(w: &World) -> bool {
    w.cloud.get("sg-1").unwrap().same(&group())
}

fn none_is_open(w: &World) -> bool {
    w.desk.pages().iter().all(|page| page.outcome != Outcome::Open)
}

fn at_once(w: &World, work: Vec<Work<'_>>, turns: Vec<usize>) {
    w.desk.line.yields();
    in_turns(work, turns.into_iter());
}

/// Work whose result does not matter.
macro_rules! work {
    ($($future:expr),+ $(,)?) => { vec![$(Box::pin(async { let _ = $future.await; }) as Work<'_>),+] };
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn approved_twice_at_once_it_is_done_once(turns in vec(0..2_usize, 60)) {
        let w = world();
        policies(&w, "approve", "");
        let page = w.handled(&w.signal);
        let signal = page.approved(ADA, check::now()).unwrap();
        at_once(&w, work![w.handle(&signal), w.handle(&signal)], turns);
        prop_assert_eq!(w.ingress(), CLOSED);
        prop_assert!(none_is_open(&w));
        let words: Vec<_> = w.desk.pages().iter().map(|page| page.outcome.word()).collect();
        prop_assert_eq!(words.iter().filter(|word| **word == "fixed").count(), 1, "{:?}", words);
    }

    #[test]
    fn an_undo_during_a_repair_ends_as_before_it_or_after_it(turns in vec(0..2_usize, 60)) {
        let mut w = world();
        let fixed = w.handled(&w.signal);
        w.signal.seen += TimeDelta::minutes(1);
        at_once(&w, work![w.undo(&fixed), w.handle(&w.signal)], turns);
        // The repair first, which finds nothing: undone. Or the undo first: exempt. Both end open.
        prop_assert!(is_as_before(&w), "{:?}", w.ingress());
        prop_assert!(none_is_open(&w));
    }

    #[test]
    fn two_that_undo_at_once_do_it_once(turns in vec(0..2_usize, 60)) {
        let w = world();
        let fixed = w.handled(&w.signal);
        at_once(&w, work![w.undo(&fixed), w.undo(&fixed)], turns);
        prop_assert!(is_as_before(&w), "{:?}", w.ingress());
        prop_assert!(none_is_open(&w));
    }

    #[test]
    fn policies_that_change_in_the_middle_hold_it_or_let_it_be_done(turns in vec(0..2_usize, 60)) {
        let w = world();
        let change = async {
            // Somebody else's call comes first, or does not.
            let _ = runtime::Control::standing(&w.desk, "x").await;
            policies(&w, "dry-run", "");
        };
        at_once(&w, work![w.handle(&w.signal), change], turns);
        prop_assert!(w.ingress() == CLOSED || w.is_untouched(), "never a part: {:?}", w.ingress());
        prop_assert!(none_is_open(&w));
        let words: Vec<_> = w.desk.pages().iter().map(|page| page.outcome.word()).collect();
        let expected = if w.is_untouched() { "held" } else { "fixed" };
        prop_assert_eq!(words, [expected]);
    }

    #[test]
    fn two_functions_on_one_group_close_it_and_both_tell_the_truth(turns in vec(0..2_usize, 60)) {
        let w = world();
        let mut other = w.signal.clone();
        other.id = "another finding".into();
        at_once(&w, work![w.handle(&w.signal), w.handle(&other)], turns);
        prop_assert_eq!(w.ingress(), CLOSED);
        prop_assert!(none_is_open(&w));
    }
}
