//! Our own schedules.

use remedy::{Severity, Source, Trigger};
use serde_json::json;

use super::{fixture, one, signals, with, without};

#[test]
fn a_schedule_is_a_signal_about_the_account_at_its_time() {
    for name in ["schedule", "schedule-by-rule"] {
        let [signal] = <[_; 1]>::try_from(signals(&fixture(name))).unwrap();
        assert_eq!((signal.id.as_str(), signal.source), ("schedule/sweep", Source::Schedule));
        assert_eq!(signal.seen.to_rfc3339(), "2026-11-20T10:00:00+00:00");
        assert_eq!(signal.trigger, Trigger::schedule("sweep"));
        assert_eq!((signal.severity, signal.title.as_str()), (Severity::Informational, ""));
        assert_eq!(signal.resource, "AWS::::Account:111122223333");
    }
    let other = with(&fixture("schedule"), "/detail/name", "nightly");
    assert_eq!(signals(&other)[0].id, "schedule/nightly");
}

#[test]
fn what_is_no_schedule_of_ours_is_told() {
    let event = fixture("schedule");
    let by_rule = fixture("schedule-by-rule");
    let scheduler = "arn:aws:scheduler:eu-west-1:111122223333:schedule/default/x";
    for (event, expected) in [
        (with(&event, "/detail", json!({})), "detail cannot be read: missing field `name`"),
        (
            with(&event, "/detail/name", 5),
            "detail cannot be read at `name`: invalid type: integer `5`, expected a string",
        ),
        (
            with(&event, "/detail/name", ""),
            "the name of the control, rule, finding type, call or schedule is empty",
        ),
        (without(&event, "/time"), "the event does not say its time"),
        (
            without(&event, "/account"),
            "no account and Region of AWS: account ``, Region `eu-west-1`, partition `aws` \
             (resource `AWS::::Account:`)",
        ),
        (
            with(&by_rule, "/resources", json!([scheduler])),
            "resources does not name the rule that is on a schedule",
        ),
    ] {
        let line = one(&event);
        assert!(line.starts_with("unreadable: ") && line.ends_with(expected), "{line}");
    }
    let forged = with(&event, "/detail-type", "Scheduled Event");
    assert!(one(&forged).contains("no reader for events of source `kintsugi.schedule`"));
}
