//! Events keep to the published schema, each kind of record.

mod schema;

use chrono::TimeDelta;
use remedy::{
    Finding, Hold, Left, Place, Severity,
    check::{now, signal},
};
use runtime::{About, Outcome, Page, State, Step};
use serde_json::{Value, json};
use summary::ocsf::{Product, SCHEMA, line, remediation_activity};

use schema::Schema;

const PRODUCT: Product<'_> = Product { version: "0.4.0", stack: "kintsugi" };

fn step(what: &str, state: State) -> Step {
    Step { what: what.into(), state, routine: false }
}

/// A record of everything that one can tell.
fn full(outcome: Outcome) -> Page {
    let mut signal = signal("arn:aws:ec2:eu-west-1:111122223333:security-group/sg-1");
    signal.findings = vec![
        Finding::Asff { id: "finding/1".into(), product: "product".into() },
        Finding::Ocsf { uid: "f".repeat(64) },
    ];
    signal.caused_by = Some("arn:aws:iam::111122223333:user/ann".into());
    let page = Page::of(&signal, "ec2/close_world_ingress", now());
    Page {
        about: About {
            kind: "security group".into(),
            id: "sg-1".into(),
            link: Some("https://eu-west-1.console.aws.amazon.com/ec2".into()),
            tags: [("team".to_owned(), "web\n".to_owned())].into(),
            owner: Some("cloudformation stack web".into()),
            ..page.about
        },
        steps: vec![
            step("revoke tcp/22 from 0.0.0.0/0", State::Made),
            step("revoke tcp/22 from ::/0", State::Refused("denied".into())),
        ],
        left: vec![Left { what: "tcp/443 from 0.0.0.0/0".into(), why: Hold::Irreversible }],
        by: Some("bob".into()),
        closed: Some(now() + TimeDelta::milliseconds(1_234)),
        outcome,
        ..page
    }
}

/// One that says as little as it can.
fn bare(remediation: &str, outcome: Outcome) -> Page {
    let empty = About { place: None, resource: String::new(), ..About::default() };
    Page {
        about: empty,
        signal: None,
        closed: None,
        ..Page { outcome, ..Page::of(&signal(""), remediation, now()) }
    }
}

fn event(page: &Page) -> Option<Value> {
    remediation_activity(page, &PRODUCT)
}

/// Each kind of record, with the number of the status that it gets, if it is told.
fn kinds() -> Vec<(Outcome, Option<u64>)> {
    let by_hand = Hold::ByHand { why: "it costs".into() };
    vec![
        (Outcome::Open, None),
        (Outcome::Ignored { why: "nothing".into() }, None),
        (Outcome::Unreadable { why: "denied".into() }, Some(6)),
        (Outcome::Gone, Some(3)),
        (Outcome::Right, None),
        (Outcome::Held { why: vec![Hold::NotPermitted, Hold::DryRun] }, Some(99)),
        (Outcome::Held { why: vec![by_hand] }, Some(5)),
        (Outcome::Held { why: Vec::new() }, Some(99)),
        (Outcome::Fixed, Some(1)),
        (Outcome::Partial, Some(4)),
        (Outcome::NotFixed { left: vec!["tcp/22".into()] }, Some(2)),
        (Outcome::Failed, Some(6)),
        (Outcome::Ordered { what: "pause".into() }, None),
    ]
}

#[test]
fn each_kind_of_record_is_an_event_of_the_schema_or_none() {
    let schema = Schema::read().unwrap();
    assert_eq!(schema.version, SCHEMA);
    for (outcome, status) in kinds() {
        let undo = Page { undoes: Some("k-000000000000".into()), ..full(outcome.clone()) };
        for page in [full(outcome.clone()), bare("ec2/close_world_ingress", outcome.clone()), undo]
        {
            let event = event(&page);
            let told = event.as_ref().and_then(|event| event["status_id"].as_u64());
            assert_eq!(told, status, "{outcome:?}");
            if let Some(event) = event {
                assert_eq!(schema.faults(&event), [""; 0], "{event:#}");
                let back: Value = serde_json::from_str(&line(&event)).unwrap();
                assert_eq!(back, event);
            }
        }
    }
}

#[test]
fn what_no_remediation_answers_is_told_only_where_something_was_held() {
    for (outcome, status) in kinds() {
        let attempted = match outcome {
            Outcome::Gone | Outcome::Unreadable { .. } => None,
            _ => status,
        };
        let told = event(&bare("", outcome.clone()));
        let told = told.map(|event| {
            assert_eq!(Schema::read().unwrap().faults(&event), [""; 0], "{event:#}");
            event["status_id"].as_u64().unwrap()
        });
        assert_eq!(told, attempted, "{outcome:?}");
    }
}

#[test]
fn an_event_says_what_was_done_to_what_and_why() {
    let page = full(Outcome::Partial);
    let event = event(&page).unwrap();
    let at = |pointer: &str| event.pointer(pointer).cloned().unwrap_or_default();
    for (pointer, expected) in [
        ("/activity_id", json!(1)),
        ("/type_uid", json!(700_101)),
        ("/severity_id", json!(4)),
        ("/command_uid", json!(page.id)),
        ("/metadata/uid", json!(page.id)),
        ("/metadata/product/version", json!("0.4.0")),
        ("/metadata/log_name", json!("kintsugi")),
        ("/cloud/provider", json!("AWS")),
        ("/cloud/region", json!("eu-west-1")),
        ("/cloud/account/uid", json!("111122223333")),
        ("/time", json!(now().timestamp_millis() + 1_234)),
        ("/start_time", json!(now().timestamp_millis())),
        ("/observables/0/value", json!("arn:aws:ec2:eu-west-1:111122223333:security-group/sg-1")),
        (
            "/remediation/desc",
            json!("revoke tcp/22 from 0.0.0.0/0; revoke tcp/22 from ::/0; tcp/443 from 0.0.0.0/0"),
        ),
        ("/unmapped/findings/0", json!("finding/1")),
        ("/unmapped/changes/0/state", json!("made")),
        ("/unmapped/changes/1/state", json!("refused")),
        ("/unmapped/changes/1/why", json!("denied")),
        ("/unmapped/team", json!("web ")),
        ("/unmapped/asked_by", json!("bob")),
        ("/unmapped/made_by", json!("cloudformation stack web")),
    ] {
        assert_eq!(at(pointer), expected, "{pointer}");
    }
    let case = at("/metadata/correlation_uid");
    assert_eq!(case.as_str().map(str::len), Some("c-123456789abc".len()));
}

#[test]
fn severities_are_those_of_the_schema() {
    for (severity, id) in [
        (Severity::Informational, 1),
        (Severity::Low, 2),
        (Severity::Medium, 3),
        (Severity::High, 4),
        (Severity::Critical, 5),
    ] {
        let mut page = full(Outcome::Fixed);
        if let Some(signal) = &mut page.signal {
            signal.severity = severity;
        }
        assert_eq!(event(&page).unwrap()["severity_id"], json!(id), "{severity}");
    }
    assert_eq!(event(&bare("r", Outcome::Fixed)).unwrap()["severity_id"], json!(0));
}

#[test]
fn an_event_has_bounds_and_keeps_to_the_schema_whatever_is_in_the_record() {
    let mut page = full(Outcome::Failed);
    let long = "\u{1f980}\n\"\\".repeat(20_000);
    page.about.resource.clone_from(&long);
    page.about.owner = Some(long.clone());
    page.about.link = Some(long.clone());
    page.about.place = Some(Place::new(long.clone(), long.clone()));
    page.steps = vec![step(&long, State::Refused(long.clone())); 500];
    let event = event(&page).unwrap();
    assert_eq!(Schema::read().unwrap().faults(&event), [""; 0]);
    assert!(line(&event).len() < 512 * 1024, "{}", line(&event).len());
}

#[test]
fn an_event_that_breaks_the_schema_is_found_out() {
    let schema = Schema::read().unwrap();
    let good = event(&full(Outcome::Fixed)).unwrap();
    let wrong = |pointer: &str, value: Value| {
        let mut event = good.clone();
        let (parent, name) = pointer.rsplit_once('/').unwrap();
        let parent = event.pointer_mut(parent).unwrap().as_object_mut().unwrap();
        match value {
            Value::Null => drop(parent.remove(name)),
            value => drop(parent.insert(name.to_owned(), value)),
        }
        schema.faults(&event).join("; ")
    };
    for (pointer, value, expected) in [
        ("/command_uid", Value::Null, "command_uid is missing"),
        ("/cloud", Value::Null, "cloud is missing"),
        ("/cloud/provider", Value::Null, "cloud.provider is missing"),
        ("/metadata/product", Value::Null, "metadata.product is missing"),
        ("/metadata/version", Value::Null, "metadata.version is missing"),
        ("/metadata/product/name", Value::Null, "metadata.product has none of name, uid"),
        ("/cloud/account/uid", Value::Null, "cloud.account has none of name, uid"),
        ("/remediation/desc", Value::Null, "remediation.desc is missing"),
        ("/severity_id", json!(7), "severity_id is none of"),
        ("/severity_id", json!("4"), "severity_id is no integer_t"),
        ("/status_id", json!(7), "status_id is none of"),
        ("/activity_id", json!(6), "activity_id is none of"),
        ("/activity_id", json!(4), "type_uid is not that of class and activity"),
        ("/type_uid", json!(700_201), "type_uid is none of"),
        ("/category_uid", json!(6), "category_uid is none of"),
        ("/class_uid", json!(7002), "class_uid is none of"),
        ("/time", json!(1.5), "time is no timestamp_t"),
        ("/time", json!("2026-11-20T12:00:00Z"), "time is no timestamp_t"),
        ("/command_uid", json!(1), "command_uid is no string_t"),
        ("/observables", json!({}), "observables is no list"),
        ("/observables", json!([{}]), "observables.0.type_id is missing"),
        ("/observables", json!([{ "type_id": 47 }]), "observables.0.type_id is none of"),
        (
            "/countermeasures",
            json!([{}]),
            "countermeasures.0 has none of d3f_tactic, d3f_technique",
        ),
        ("/remediation/references", json!("x"), "remediation.references is no list"),
        ("/remediation/references", json!([1]), "remediation.references.0 is no string_t"),
        ("/unmapped", json!("x"), "unmapped is no object"),
        ("/finding_info", json!({ "uid": "x" }), "finding_info is not known"),
        ("/cloud/acount", json!({}), "cloud.acount is not known"),
        ("/actor", json!({}), "actor is only known with the profile host"),
        ("/metadata/profiles", json!([]), "cloud is only known with the profile cloud"),
        ("/metadata/profiles", json!(["cloud", "osint"]), "osint is missing"),
        ("/metadata/profiles", json!(["cloud", "datetime"]), ""),
    ] {
        let faults = wrong(pointer, value.clone());
        let found = if expected.is_empty() { faults.is_empty() } else { faults.contains(expected) };
        assert!(found, "{pointer} = {value}: {faults:?}");
    }
    let mut nameless = event(&full(Outcome::Held { why: Vec::new() })).unwrap();
    nameless.as_object_mut().unwrap().remove("status");
    assert_eq!(schema.faults(&nameless), ["status is missing, although its number says: other"]);
    assert_eq!(schema.faults(&json!([])), ["is no object"]);
}
