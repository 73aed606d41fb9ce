//! The threat list, changed by hand.

use std::sync::{Arc, Mutex};

use runtime::{
    Outcome,
    order::{Reply, What},
};
use serde_json::Value;

use script::answer;

use super::World;

const JSON: &str = "https://bucket.s3.eu-west-1.amazonaws.com/kintsugi.json";

fn list(add: &[&str], remove: &[&str]) -> What {
    let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
    What::List { add: names(add), remove: names(remove) }
}

/// A name of a call that lives as long as the tests do.
fn name(method: &str, url: &str) -> &'static str {
    format!("{method} {url}").leak()
}

/// A world with an empty list that GuardDuty does not know yet.
fn empty() -> World {
    let truth: Arc<Mutex<Option<Value>>> = Arc::default();
    let (read, written) = (Arc::clone(&truth), truth);
    let guardduty = "https://guardduty.eu-west-1.amazonaws.com/detector";
    World::with([])
        .says(name("GET", JSON), move |_| {
            Some(match &*read.lock().unwrap() {
                Some(truth) => answer(200, &truth.to_string()).with("etag", "\"2\""),
                None => answer(404, "<Error><Code>NoSuchKey</Code></Error>"),
            })
        })
        .says(name("PUT", JSON), move |body| {
            *written.lock().unwrap() = Some(body.clone());
            Some(answer(200, "").with("etag", "\"2\""))
        })
        .says(name("HEAD", &JSON.replace(".json", ".txt")), |_| Some(answer(404, "")))
        .says(name("GET", guardduty), |_| Some(answer(200, r#"{"detectorIds": ["d"]}"#)))
        .says(name("GET", &format!("{guardduty}/d/threatentityset")), |_| {
            Some(answer(200, r#"{"threatEntitySetIds": []}"#))
        })
        .says(name("POST", &format!("{guardduty}/d/threatentityset")), |_| {
            Some(answer(200, r#"{"threatEntitySetId": "t"}"#))
        })
}

#[tokio::test]
async fn what_cannot_be_on_the_list_changes_nothing() {
    let world = empty();
    for (what, said) in [
        (list(&[], &[]), "names nothing"),
        (list(&["10.0.0.1"], &[]), "10.0.0.1 is private (10.0.0.0/8)"),
        (list(&["everybody"], &[]), "`everybody` is neither an IPv4 address"),
    ] {
        let why = world.refused(what).await;
        assert!(why.contains(said), "{why}");
    }
    assert!(world.script.requests().is_empty());
}

#[tokio::test]
async fn what_is_put_on_the_list_by_hand_is_written_down_and_can_be_undone() {
    let world = empty();
    let reply = world.order(list(&["198.51.100.10"], &[])).await;
    let Reply::Done { said, record } = reply else { panic!("{reply:?}") };
    let record = record.unwrap();
    assert_eq!(
        (record.outcome, record.remediation.as_str()),
        (Outcome::Fixed, "sweep/adopt_edits")
    );
    assert!(said.contains("list 198.51.100.10 for good: a person wrote it"), "{said}");
    let [truth] = world.calls(name("PUT", JSON)).try_into().unwrap();
    assert!(truth.to_string().contains("198.51.100.10"), "{truth}");
    assert_eq!(world.calls("Publish").len(), 1);
}

#[tokio::test]
async fn what_is_so_already_is_said() {
    let world = empty();
    let said = world.done(list(&[], &["198.51.100.10"])).await;
    assert_eq!(said, "the list is like that already");
    assert!(
        world.writes().iter().all(|write| write.starts_with("GET") || write.starts_with("HEAD"))
    );
}
