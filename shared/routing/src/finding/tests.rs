use remedy::{Finding, Own, Severity};
use runtime::{Stands, news::case_id};
use serde_json::{Value, json};

use super::*;

const CONTROL: &str = include_str!("../../../../tests/fixtures/events/hub-control.json");
const CONTROL_V2: &str = include_str!("../../../../tests/fixtures/events/hub-v2-control.json");

/// Whole events, and what is said of them: stands, severity, trigger, kind, id.
const EVENTS: &[(&str, &str, &str)] = &[
    ("control", CONTROL, "Open HIGH EC2.13 security group sg-0a1"),
    ("control in OCSF", CONTROL_V2, "Open HIGH EC2.13 security group sg-0a1"),
    (
        "account",
        include_str!("../../../../tests/fixtures/events/hub-account-level.json"),
        "Open MEDIUM IAM.7 account 111122223333",
    ),
    (
        "member",
        include_str!("../../../../tests/fixtures/events/hub-from-a-member-account.json"),
        "Open HIGH EC2.13 security group sg-0c3",
    ),
    (
        "GuardDuty",
        include_str!("../../../../tests/fixtures/events/hub-guardduty.json"),
        "Open LOW UnauthorizedAccess:EC2/SSHBruteForce instance i-0a1",
    ),
    (
        "GuardDuty in OCSF",
        include_str!("../../../../tests/fixtures/events/hub-v2-guardduty.json"),
        "Open LOW UnauthorizedAccess:EC2/SSHBruteForce instance i-0a1",
    ),
    (
        "Inspector",
        include_str!("../../../../tests/fixtures/events/hub-inspector.json"),
        "Open HIGH Software and Configuration Checks/Vulnerabilities/CVE instance i-0a1",
    ),
    (
        "Macie",
        include_str!("../../../../tests/fixtures/events/hub-macie.json"),
        "Open HIGH Policy:IAMUser/S3BucketPublic bucket example-bucket",
    ),
    (
        "Config",
        include_str!("../../../../tests/fixtures/events/hub-config-rule.json"),
        "Open MEDIUM INCOMING_SSH_DISABLED security group sg-0a1",
    ),
    (
        "our note",
        include_str!("../../../../tests/fixtures/events/hub-our-own-note.json"),
        "Open HIGH EC2.13 security group sg-0a1",
    ),
    (
        "several",
        include_str!("../../../../tests/fixtures/events/hub-several-resources.json"),
        "Open MEDIUM EC2.19 security group sg-0a1; Open MEDIUM EC2.19 security group sg-0b2; Open MEDIUM EC2.19 account 111122223333",
    ),
    (
        "China",
        include_str!("../../../../tests/fixtures/events/hub-in-china.json"),
        "Open HIGH EC2.14 security group sg-0e5",
    ),
    (
        "sample",
        include_str!("../../../../tests/fixtures/events/hub-guardduty-sample.json"),
        "ignored: it is a sample finding: nothing of it is real",
    ),
    (
        "another event",
        include_str!("../../../../tests/fixtures/events/guardduty-port-probe.json"),
        "unreadable: no finding of Security Hub: source `aws.guardduty`, detail-type `GuardDuty \
         Finding`",
    ),
];

fn own() -> Own {
    Own { roles: Vec::new(), note_by: "kintsugi" }
}

fn nobody(_: &Signal) -> Vec<String> {
    Vec::new()
}

fn read(event: &Value) -> Vec<Result<Found, NotFound>> {
    findings(event, &own(), nobody)
}

fn event(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

/// The first finding of `text` with some of it changed; null takes it away.
fn changed(text: &str, changes: &[(&str, Value)]) -> Value {
    let mut event = event(text);
    for (path, value) in changes {
        let path = format!("/detail/findings/0{path}");
        let (parent, key) = path.rsplit_once('/').unwrap();
        let parent = event.pointer_mut(parent).unwrap().as_object_mut().unwrap();
        if value.is_null() {
            parent.remove(key);
        } else {
            parent.insert(key.into(), value.clone());
        }
    }
    event
}

fn one(event: &Value) -> Found {
    read(event).remove(0).unwrap()
}

fn said(found: &Result<Found, NotFound>) -> String {
    match found {
        Ok(found) => {
            let news = &found.news;
            let stands = format!("{:?}", news.stands);
            [&stands, news.severity.label(), &news.trigger, &news.kind, &news.id].join(" ")
        }
        Err(NotFound::Ignored { why, .. }) => format!("ignored: {why}"),
        Err(NotFound::Unreadable { why, .. }) => format!("unreadable: {why}"),
    }
}

#[test]
fn whole_events_are_news_or_say_why_they_are_none() {
    for (name, text, expected) in EVENTS {
        let all: Vec<_> = read(&event(text)).iter().map(said).collect();
        assert_eq!(all.join("; "), *expected, "{name}");
    }
}

#[test]
fn a_finding_is_told_with_what_it_says() {
    let found = one(&event(CONTROL));
    let news = &found.news;
    assert_eq!(
        news.headline,
        "Security groups should not allow ingress from 0.0.0.0/0 or ::/0 to port 22: sg-0a1 in \
         111122223333/eu-west-1"
    );
    let resource = "arn:aws:ec2:eu-west-1:111122223333:security-group/sg-0a1";
    assert_eq!(
        (news.case.as_str(), news.resource.as_str()),
        (case_id("EC2.13", resource).as_str(), resource)
    );
    let sections: Vec<_> =
        news.sections.iter().map(|s| (s.title.as_str(), s.lines.len())).collect();
    assert_eq!(
        sections,
        [
            ("Because of Security Hub control EC2.13 (HIGH)", 2),
            ("What is wrong:", 1),
            ("What to do:", 2)
        ]
    );
    assert_eq!(
        news.sections[2].lines[1],
        "https://docs.aws.amazon.com/console/securityhub/EC2.13/remediation"
    );
    assert!(news.link.as_deref().unwrap().contains("/securityhub/home?region=eu-west-1#/findings"));
    assert_eq!(news.at, "2026-11-20T10:00:00Z".parse::<Timestamp>().unwrap());
    assert!(matches!(&found.finding, Some(Finding::Asff { .. })));
    assert!(found.leads && !found.by_kintsugi && !found.archived);
    assert_eq!((found.workflow, found.passed), (Workflow::New, Some(false)));
}

#[test]
fn how_a_finding_stands_is_how_the_problem_stands() {
    for (name, changes, stands) in [
        ("fails", vec![], Stands::Open),
        ("warns", vec![("/Compliance/Status", json!("WARNING"))], Stands::Open),
        ("notified", vec![("/Workflow/Status", json!("NOTIFIED"))], Stands::Open),
        ("passes", vec![("/Compliance/Status", json!("PASSED"))], Stands::Solved),
        ("resolved", vec![("/Workflow/Status", json!("RESOLVED"))], Stands::Solved),
        ("archived", vec![("/RecordState", json!("ARCHIVED"))], Stands::Solved),
        ("suppressed", vec![("/Workflow/Status", json!("SUPPRESSED"))], Stands::Accepted),
        (
            "suppressed, and passes",
            vec![
                ("/Workflow/Status", json!("SUPPRESSED")),
                ("/Compliance/Status", json!("PASSED")),
            ],
            Stands::Solved,
        ),
        ("no control", vec![("/Compliance", Value::Null)], Stands::Open),
    ] {
        assert_eq!(one(&changed(CONTROL, &changes)).news.stands, stands, "{name}");
    }
    for (name, changes, stands) in [
        ("fails", vec![], Stands::Open),
        ("in progress", vec![("/status_id", json!(2))], Stands::Open),
        ("suppressed", vec![("/status_id", json!(3))], Stands::Accepted),
        ("resolved", vec![("/status_id", json!(4))], Stands::Solved),
        ("archived", vec![("/status_id", json!(5))], Stands::Solved),
        ("closed", vec![("/activity_id", json!(3))], Stands::Solved),
        (
            "passes",
            vec![("/compliance/status_id", json!(1)), ("/compliance/status", json!("Pass"))],
            Stands::Solved,
        ),
    ] {
        assert_eq!(one(&changed(CONTROL_V2, &changes)).news.stands, stands, "{name} in OCSF");
    }
    let unknown = changed(CONTROL, &[("/Compliance/Status", json!("NOT_AVAILABLE"))]);
    assert!(matches!(read(&unknown)[0], Err(NotFound::Ignored { .. })));
    let odd = changed(CONTROL, &[("/Compliance/Status", json!("BROKEN"))]);
    assert!(matches!(read(&odd)[0], Err(NotFound::Unreadable { .. })));
}

#[test]
fn what_only_has_a_category_is_one_case_for_each_title() {
    let inspector = include_str!("../../../../tests/fixtures/events/hub-inspector.json");
    let case = |title: &str| one(&changed(inspector, &[("/Title", json!(title))])).news.case;
    assert_ne!(case("CVE-2026-1 - openssl"), case("CVE-2026-2 - openssl"));
    assert_eq!(case("CVE-2026-1 - openssl"), case("CVE-2026-1 - openssl"));
    let control = |title: &str| one(&changed(CONTROL, &[("/Title", json!(title))])).news.case;
    assert_eq!(control("a"), control("b"));
}

#[test]
fn the_same_finding_in_both_forms_is_one_case() {
    let [one, other] = [CONTROL, CONTROL_V2].map(|text| one(&event(text)).news);
    assert_eq!(one.resource, other.resource);
    assert_eq!(one.case, other.case);
}

#[test]
fn tags_are_read_in_both_forms_but_for_those_of_aws() {
    let mut ocsf = event(CONTROL_V2);
    ocsf["detail"]["findings"][0]["resources"][0]["tags"] = json!([{"name": "team", "value": "web"}, {"name": "aws:x", "value": "y"}, 7, {"value": "z"}]);
    let mut asff_event = event(CONTROL);
    asff_event["detail"]["findings"][0]["Resources"][0]["Tags"] =
        json!({"team": "web", "aws:x": "y", "n": 5});
    for event in [asff_event, ocsf] {
        let tags = one(&event).news.tags;
        assert_eq!(tags.get("team").map(String::as_str), Some("web"));
        assert!(!tags.contains_key("aws:x") && !tags.contains_key(""));
    }
}

#[test]
fn our_own_update_is_known() {
    let note = |by: &str, at: &str| {
        let note = json!({"Text": "x", "UpdatedBy": by, "UpdatedAt": at});
        one(&changed(CONTROL, &[("/Note", note)])).by_kintsugi
    };
    assert!(note("kintsugi", "2026-11-20T10:00:00Z"));
    assert!(!note("alice", "2026-11-20T10:00:00Z"));
    // It came back since.
    assert!(!note("kintsugi", "2026-11-19T10:00:00Z"));
}

#[test]
fn what_is_answered_belongs_to_the_cases_of_the_remediations() {
    let by = |_: &Signal| vec!["ec2/a".to_owned(), "ec2/b".to_owned()];
    let all = findings(&event(CONTROL), &own(), by);
    let all: Vec<_> = all.into_iter().map(Result::unwrap).collect();
    let resource = &all[0].news.resource;
    let cases: Vec<_> = all.iter().map(|found| found.news.case.clone()).collect();
    assert_eq!(cases, [case_id("ec2/a", resource), case_id("ec2/b", resource)]);
    assert_eq!(all.iter().map(|found| found.leads).collect::<Vec<_>>(), [true, false]);
    assert!(all.iter().all(|found| found.answered == Answered::ByRemediation));
    assert_eq!(all[1].news.trigger, "EC2.13");
}

#[test]
fn text_of_a_finding_is_one_line_and_links_nowhere_else() {
    let event = changed(
        CONTROL,
        &[
            ("/Title", json!("a\nb\u{202e}c")),
            ("/Description", json!("d\r\ne".repeat(2_000))),
            ("/Remediation/Recommendation/Url", json!("https://evil.example/")),
        ],
    );
    let news = one(&event).news;
    assert!(news.headline.starts_with("a b c: sg-0a1"), "{}", news.headline);
    let lines: Vec<&String> = news.sections.iter().flat_map(|section| &section.lines).collect();
    assert!(lines.iter().all(|line| line.len() <= 1_000 && !line.contains(char::is_control)));
    assert!(!lines.iter().any(|line| line.contains("evil")));
}

/// Every way to put `odd` in the place of something in `value`.
fn each_with(value: &Value, odd: &Value) -> Vec<Value> {
    let mut all = vec![odd.clone()];
    match value {
        Value::Object(map) => {
            for (key, inner) in map {
                for changed in each_with(inner, odd) {
                    let mut map = map.clone();
                    map.insert(key.clone(), changed);
                    all.push(Value::Object(map));
                }
            }
        }
        Value::Array(list) => {
            for (at, inner) in list.iter().enumerate() {
                for changed in each_with(inner, odd) {
                    let mut list = list.clone();
                    list[at] = changed;
                    all.push(Value::Array(list));
                }
            }
        }
        _ => {}
    }
    all
}

#[test]
fn whatever_is_wrong_with_an_event_something_is_said_of_it() {
    for text in [CONTROL, CONTROL_V2] {
        for odd in [json!(null), json!(-1), json!("\u{0}"), json!([]), json!({}), json!([[{}]])] {
            for event in each_with(&event(text), &odd) {
                let all = read(&event);
                assert!(!all.is_empty(), "{event}");
                for found in all.into_iter().flatten() {
                    assert!(found.news.case.starts_with("c-") && !found.news.headline.is_empty());
                    assert!(found.news.severity <= Severity::Critical);
                }
            }
        }
    }
}
