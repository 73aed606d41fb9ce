//! Plans that wait for a person's answer.

use super::{ADA, policies};
use crate::world::{CLOSED, World, rule, why, world};
use chrono::TimeDelta;
use remedy::{Hold, check};
use runtime::{Answer, Outcome, Page};

/// A group whose repair a person must approve, and the record that asks for it.
fn asking() -> (World, Page) {
    let w = world();
    policies(&w, "approve", "");
    let page = w.handled(&w.signal);
    (w, page)
}

#[test]
fn a_plan_that_needs_approval_is_recorded_in_words_and_asks_until_when() {
    let (w, page) = asking();
    assert!(w.is_untouched());
    assert_eq!(why(&page), "a person must approve it (policy ours)");
    let asks = page.asks.as_ref().unwrap();
    assert_eq!(asks.until, check::now() + TimeDelta::hours(72));
    let text = w.desk.notices()[0].text.clone();
    for line in [
        "Kintsugi asks whether to repair security group sg-1 \"web\" in 111122223333/eu-west-1.",
        "  by the policies of version 7: ours",
        "Would change:",
        "  revoke tcp/22 from 0.0.0.0/0",
        "To approve it, until 2026-11-23 12:00 UTC:",
        &format!("  kintsugi approve {}", page.id),
        &format!("  kintsugi reject {}", page.id),
    ] {
        assert!(text.lines().any(|is| is == line), "{line}\n\n{text}");
    }
    assert!(w.desk.notes()[0].0.contains(&format!("kintsugi approve {}", page.id)));
}

#[test]
fn what_is_approved_is_carried_out_once_and_says_who_agreed() {
    let (w, page) = asking();
    let signal = page.approved(ADA, check::now()).unwrap();
    let done = w.handled(&signal);
    assert_eq!((&done.outcome, w.ingress()), (&Outcome::Fixed, CLOSED.map(str::to_owned).to_vec()));
    assert_eq!(done.asked_by(), Some(ADA));
    let text = w.desk.notices()[1].text.clone();
    assert!(text.contains(&format!("  approved with record {}\n  asked for by {ADA}", page.id)));
    assert_eq!(w.handled(&signal), done, "approved twice it is done once");
    assert_eq!(w.desk.notices().len(), 2);
}

#[test]
fn a_plan_that_is_not_the_same_any_more_is_asked_about_again() {
    let (w, page) = asking();
    w.cloud.edit("sg-1", |group| group.ingress.extend([rule(7, "tcp/21 from 0.0.0.0/0")]));
    let again = w.handled(&page.approved(ADA, check::now()).unwrap());
    assert_eq!(
        why(&again),
        format!(
            "what was approved with record {} is not what would be done now; a person must approve \
             it (policy ours)",
            page.id
        )
    );
    assert_eq!(w.ingress().len(), 5, "nothing is changed");
    assert_ne!(again.id, page.id);
    let done = w.handled(&again.approved(ADA, check::now()).unwrap());
    assert_eq!((done.outcome, w.ingress().len()), (Outcome::Fixed, 2));
}

#[test]
fn newer_evidence_does_not_ask_the_same_again_while_somebody_is_asked() {
    let (mut w, page) = asking();
    w.signal.seen += TimeDelta::hours(12);
    let second = w.handled(&w.signal);
    let Outcome::Held { why } = &second.outcome else { panic!("{second:?}") };
    let until = check::now() + TimeDelta::hours(72);
    assert!(why.contains(&Hold::AwaitsAnswer { record: page.id, until }), "{why:?}");
    assert_eq!((second.asks, w.desk.notices().len()), (None, 1));
    w.desk.set("2026-11-24T12:00:00Z");
    w.signal.seen += TimeDelta::hours(90);
    assert!(w.handled(&w.signal).asks.is_some(), "an answer that never came is asked for anew");
}

#[test]
fn what_cannot_be_answered_says_why() {
    let (w, page) = asking();
    let id = &page.id;
    let answer =
        |approved| Answer { approved, by: ADA.into(), at: check::now(), why: String::new() };
    let answered = |approved| Page { answer: Some(answer(approved)), ..page.clone() };
    let later = check::now() + TimeDelta::hours(73);
    let fixed = w.handled(&page.approved(ADA, check::now()).unwrap());
    for (page, at, said) in [
        (
            &page,
            later,
            format!("it could be answered until 2026-11-23 12:00 UTC; `kintsugi run {id}`"),
        ),
        (
            &answered(true),
            check::now(),
            format!("it was approved by {ADA} at 2026-11-20 12:00 UTC"),
        ),
        (
            &answered(false),
            check::now(),
            format!("it was rejected by {ADA} at 2026-11-20 12:00 UTC"),
        ),
        (&fixed, check::now(), "it asks nothing (it is fixed)".into()),
    ] {
        let refused = page.approved(ADA, at).unwrap_err();
        assert!(refused.contains(&said), "{refused}");
        assert!(page.may_be_rejected(at).is_err());
    }
}

#[test]
fn who_approves_opens_neither_scope_nor_a_pause_nor_a_window() {
    type Case = (&'static str, fn(&World));
    let cases: [Case; 4] = [
        ("it is not in scope", |w| w.cloud.edit("sg-1", |group| group.tags.clear())),
        ("it carries the opt-out tag", |w| {
            w.cloud.edit("sg-1", |group| {
                group.tags.insert("DoNotRemediate".into(), String::new());
            });
        }),
        ("paused it", |w| super::waiting::pause(w, None)),
        ("in its maintenance window only", |w| {
            policies(w, "enforce", r#"@window("sat 22:00-23:00")"#);
        }),
    ];
    for (said, change) in cases {
        let (w, page) = asking();
        change(&w);
        let page = w.handled(&page.approved(ADA, check::now()).unwrap());
        assert!(why(&page).contains(said), "{}", why(&page));
        assert!(w.is_untouched());
    }
}
