use remedy::{Finding, Severity};
use runtime::Stands;

use super::*;
use crate::{
    Answered, Case, Found, Workflow,
    hear::world::{at, news},
};
use Severity::{Critical, High, Low};
use Workflow::{New, Notified, Resolved, Suppressed};

const RULES: &str = r#"
[[severities]]
controls = ["S3.8"]
found = "HIGH"
severity = "LOW"
reason = "only tests"
[[severities]]
controls = ["S3.8"]
found = "LOW"
severity = "CRITICAL"
reason = "all others"
[[accepted]]
name = "website"
controls = ["S3.8"]
resources = ["bucket-7"]
reason = "it is a website"
owner = "web team"
until = 2026-11-25
"#;

fn rules() -> Rules {
    Rules::parse(RULES).unwrap()
}

/// A finding about the `nth` bucket.
fn found(nth: usize, severity: Severity, workflow: Workflow, by_kintsugi: bool) -> Found {
    let stands = if workflow == Suppressed { Stands::Accepted } else { Stands::Open };
    Found {
        finding: Some(Finding::Ocsf { uid: "u".into() }),
        seen: at("20T10:00"),
        news: news(nth, at("20T10:00"), stands, severity),
        answered: Answered::ByNobody,
        leads: true,
        resources: 1,
        workflow,
        passed: Some(false),
        archived: false,
        by_kintsugi,
    }
}

#[test]
fn a_finding_is_regraded_once_and_its_new_severity_calls_for_nothing() {
    let rules = rules();
    let mut case = None::<Case>;
    for (severity, by_kintsugi, wanted) in [
        (High, false, Some(Low)),
        // Our update that comes back, and the finding ever after.
        (Low, true, None),
        (Low, false, None),
        // Its source finds it worse, and is overruled again.
        (Critical, false, Some(Low)),
        (Low, true, None),
    ] {
        let found = found(1, severity, New, by_kintsugi);
        let triage = triage(&rules, case.as_ref(), &found, at("20T10:00"));
        assert_eq!(triage.severity, wanted, "{severity} {by_kintsugi}");
        assert_eq!(triage.text().is_some(), wanted.is_some());
        let case = case.get_or_insert_with(|| Case::new(&found.news));
        case.triaged(&found, &triage);
    }
    let gone = Rules::default();
    let found = found(1, Low, New, false);
    let triage = triage(&gone, case.as_ref(), &found, at("20T10:00"));
    assert_eq!(triage.severity, Some(Critical), "what it was before");
}

#[test]
fn an_update_that_has_no_effect_is_not_made_for_ever() {
    let rules = rules();
    let first = found(1, High, New, false);
    let triage_of =
        |case: Option<&Case>, found: &Found| triage(&rules, case, found, at("20T10:00"));
    let mut case = Case::new(&first.news);
    case.triaged(&first, &triage_of(None, &first));
    assert!(triage_of(Some(&case), &found(1, High, New, true)).is_empty());
    assert_eq!(triage_of(Some(&case), &found(1, High, New, false)).severity, Some(Low));
}

#[test]
fn an_accepted_risk_is_suppressed_again_and_released_at_its_end() {
    let rules = rules();
    let mut case = Case::new(&news(7, at("20T10:00"), Stands::Open, Severity::Informational));
    for (name, day, workflow, by_kintsugi, suppress, release) in [
        ("it comes in", "20T10:00", New, false, true, false),
        ("our update comes back before it took", "20T10:01", New, true, false, false),
        ("our update comes back", "20T10:02", Suppressed, true, false, false),
        ("it is back", "21T10:00", New, false, true, false),
        ("somebody was told", "22T10:00", Notified, false, true, false),
        ("all is well", "25T23:59", Suppressed, false, false, false),
        ("the risk ended", "26T00:00", Suppressed, false, false, true),
        ("it is open", "26T00:01", New, true, false, false),
        ("a person suppresses it", "27T00:00", Suppressed, false, false, false),
        ("it is resolved", "20T10:00", Resolved, false, false, false),
    ] {
        let found = found(7, Severity::Informational, workflow, by_kintsugi);
        let triage = triage(&rules, Some(&case), &found, at(day));
        let did = (triage.suppress.is_some(), triage.release.is_some());
        assert_eq!(did, (suppress, release), "{name}");
        assert!(triage.text().is_none_or(|note| note.chars().count() <= 512));
        case.triaged(&found, &triage);
    }
    assert!(case.suppressed.is_empty());
}

#[test]
fn the_note_says_why_by_whom_and_until_when() {
    let triage =
        triage(&rules(), None, &found(7, Severity::Informational, New, false), at("20T10:00"));
    assert_eq!(
        triage.text(),
        Some("Kintsugi: accepted until 2026-11-25 by web team (website): it is a website")
    );
}

#[test]
fn what_is_not_wrong_or_not_alone_is_left_as_it_is() {
    let open = || found(7, High, New, false);
    for (name, found, is_left, is_suppressed) in [
        ("it is wrong", open(), false, true),
        ("it passed", Found { passed: Some(true), ..open() }, true, false),
        ("it is put away", Found { archived: true, ..open() }, true, false),
        ("it is told of elsewhere", Found { leads: false, ..open() }, true, false),
        ("it is kept nowhere", Found { finding: None, ..open() }, true, false),
        ("it is about others, too", Found { resources: 2, ..open() }, false, false),
    ] {
        let triage = triage(&rules(), None, &found, at("20T10:00"));
        assert_eq!(
            (triage.is_empty(), triage.suppress.is_some()),
            (is_left, is_suppressed),
            "{name}"
        );
    }
}
