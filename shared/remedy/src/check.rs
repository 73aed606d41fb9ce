//! The one assertion remediations are tested with.

use crate::{
    Case, Change, ChangeOf, Facet, Id, IdOf, Place, Remediation, Severity, Signal, Source,
    Timestamp, Trigger,
};

/// A signal about `resource`, when the test does not care for the rest.
pub fn signal(resource: &str) -> Signal {
    Signal {
        id: "finding-1".into(),
        seen: now(),
        source: Source::SecurityHub,
        trigger: Trigger::control("TEST.1"),
        severity: Severity::High,
        title: "a test".into(),
        place: Place::new("111122223333", "eu-west-1"),
        resource: resource.into(),
        findings: Vec::new(),
        asked_by: None,
        approves: None,
        caused_by: None,
        parameters: [].into(),
        threat: None,
    }
}

/// The time that tests are at: 2026-11-20, noon.
pub fn now() -> Timestamp {
    Timestamp::from_timestamp(1_795_176_000, 0).unwrap_or_default()
}

/// Asserts that `remediation` plans exactly the `expected` lines, and that the plan keeps the laws:
///
/// 1. it converges: once made, there is nothing left to plan, and every change stands;
/// 2. what claims to be reversible is: its inverse restores the facet;
/// 3. it stays within the permissions its type declares, and so does its inverse;
/// 4. it survives storage, and so does the way back to the facet.
#[track_caller]
pub fn check<R: Remediation>(
    remediation: &R,
    facet: &R::Facet,
    signal: &Signal,
    expected: &[&str],
) {
    let case = Case { signal, now: now() };
    assert_eq!(remediation.plan(facet, &case).lines(), expected, "the plan");
    laws(remediation, facet, &case);
}

/// The laws of [`check`], for a plan that nobody has written down.
#[track_caller]
pub fn laws<R: Remediation>(remediation: &R, facet: &R::Facet, case: &Case<'_>) {
    let plan = remediation.plan(facet, case);
    let fixed = plan.changes.iter().fold(facet.clone(), Facet::after);
    assert_eq!(remediation.plan(&fixed, case).lines(), [""; 0], "left to do after the plan");

    let within = |allowed: &[_], c: &ChangeOf<R>| c.needs().iter().all(|a| allowed.contains(a));
    for change in &plan.changes {
        assert!(within(ChangeOf::<R>::MAKE, change), "{change}: needs more than MAKE");
        assert!(fixed.shows(change), "{change}: does not stand once it is made");
    }
    if let Some(undo) = plan.inverse() {
        for change in &undo {
            assert!(within(ChangeOf::<R>::UNDO, change), "{change}: needs more than UNDO");
        }
        let restored = undo.iter().fold(fixed, Facet::after);
        assert!(restored.same(facet), "the inverse restores {restored:#?}\nand not {facet:#?}");
    }

    let id = remediation.target(case.signal);
    assert!(id.is_some(), "the signal is about such a facet");
    let arn = id.as_ref().map(|id| id.arn(&case.signal.place));
    assert_eq!(arn.and_then(|arn| IdOf::<R>::locate(&arn)), id, "found by its own name");

    let stored = serde_json::to_string(&plan).map_err(|e| e.to_string());
    let read = stored.and_then(|text| serde_json::from_str(&text).map_err(|e| e.to_string()));
    assert_eq!(read.as_ref(), Ok(&plan), "read back");
}
