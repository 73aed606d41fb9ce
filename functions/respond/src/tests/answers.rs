//! Answers to what a record asks, and repairs that a person asks for.

use remedy::{Hold, Timestamp};
use runtime::{Answer, Asks, Outcome, Page, order::What};
use serde_json::json;

use script::answer;

use super::{CLOSE, GROUP, World, not, page};

/// A record that asks; the clock of the functions is the machine's.
fn asking() -> Page {
    let until = Timestamp::from_timestamp(32_000_000_000, 0).unwrap();
    let why = vec![Hold::NeedsApproval { policies: vec!["ask-first".into()] }];
    Page { asks: Some(Asks { plan: "p1".into(), until }), outcome: Outcome::Held { why }, ..page() }
}

fn answered(approved: bool, by: &str) -> Answer {
    let at = "2026-11-20T11:00:00Z".parse().unwrap();
    Answer { approved, by: by.into(), at, why: String::new() }
}

fn approve() -> What {
    What::Approve { record: page().id }
}

fn reject() -> What {
    What::Reject { record: page().id, days: Some(7) }
}

/// The record under which the approved plan is carried out.
fn run_of(asking: &Page, by: &str) -> Page {
    let signal = asking.approved(by, asking.at).unwrap();
    Page::of(&signal, CLOSE, asking.at)
}

#[tokio::test]
async fn what_is_approved_is_answered_and_sent_to_its_function() {
    let world = World::with([asking()]);
    let said = world.done(approve()).await;
    let run = run_of(&asking(), "ada").id;
    assert!(
        said.contains("is approved: ec2") && said.ends_with(&format!("record {run}")),
        "{said}"
    );
    assert_eq!(world.writes(), ["UpdateItem", "SendMessage", "UpdateItem", "PutItem"]);
    let [(queue, signal)] = world.sent().try_into().unwrap();
    assert_eq!(queue, "https://sqs.example/ec2");
    assert_eq!(signal["asked_by"], "ada");
    assert_eq!(signal["approves"], json!({"record": page().id, "plan": "p1"}));
    let [answer, forgotten] = world.calls("UpdateItem").try_into().unwrap();
    let written = answer["ExpressionAttributeValues"][":answer"]["S"].as_str().unwrap();
    let written: Answer = serde_json::from_str(written).unwrap();
    assert_eq!(
        (written.approved, written.by.as_str(), written.why.as_str()),
        (true, "ada", "a test")
    );
    assert_eq!(forgotten["ConditionExpression"], "#record = :record");
    let [order] = world.calls("PutItem").try_into().unwrap();
    assert_eq!(order["Item"]["outcome"]["S"], "ordered");
    assert_eq!(order["Item"]["resource"]["S"], GROUP);
}

#[tokio::test]
async fn what_was_approved_and_perhaps_not_sent_is_sent_again_as_it_was_approved() {
    let world = World::with([Page { answer: Some(answered(true, "bob")), ..asking() }]);
    let said = world.done(approve()).await;
    assert!(said.contains("was approved by bob at 2026-11-20 11:00 UTC"), "{said}");
    assert_eq!(world.sent()[0].1["asked_by"], "bob");

    // Somebody else was quicker.
    let there = json!({"answer": {"S": serde_json::to_string(&answered(true, "bob")).unwrap()}});
    let world = World::with([asking()]);
    let world = world.says("UpdateItem", move |body| {
        body["UpdateExpression"].as_str()?.contains("answer").then(|| not(&there))
    });
    assert!(world.done(approve()).await.contains("was approved by bob"));
    assert_eq!(world.sent().len(), 1);
}

#[tokio::test]
async fn what_was_approved_and_carried_out_is_not_sent_again() {
    let asking = asking();
    let run = Page { outcome: Outcome::Fixed, ..run_of(&asking, "bob") };
    let asked = Page { answer: Some(answered(true, "bob")), ..asking };
    let world = World::with([asked, run.clone()]);
    let said = world.done(approve()).await;
    assert!(said.contains(&format!("that is record {}", run.id)), "{said}");
    assert!(world.writes().is_empty());
}

#[tokio::test]
async fn what_cannot_be_answered_changes_nothing() {
    let past = Asks { plan: "p1".into(), until: "2020-01-01T00:00:00Z".parse().unwrap() };
    let expired = Page { asks: Some(past), ..asking() };
    for (page, said) in [
        (Page { outcome: Outcome::Fixed, ..page() }, "it asks nothing (it is fixed)"),
        (expired.clone(), "it could be answered until 2020-01-01 00:00 UTC"),
        (Page { answer: Some(answered(true, "bob")), ..expired }, "was approved by bob"),
        (Page { answer: Some(answered(false, "bob")), ..asking() }, "it was rejected by bob"),
        (
            Page { remediation: "ec2/dance".into(), ..asking() },
            "`ec2/dance`, which no function has",
        ),
        (Page { signal: None, ..asking() }, "no finding led to it"),
    ] {
        let world = World::with([page]);
        let why = world.refused(approve()).await;
        assert!(why.contains(said), "{why}");
        assert!(world.writes().is_empty(), "{why}");
    }
}

#[tokio::test]
async fn an_approval_that_cannot_be_sent_says_so() {
    let world = World::with([asking()]).says("SendMessage", |_| Some(answer(500, "{}")));
    let why = world.refused(approve()).await;
    assert!(
        why.contains("is approved, and not carried out yet") && why.ends_with("approve it again"),
        "{why}"
    );
}

#[tokio::test]
async fn what_is_rejected_is_left_alone_for_a_time() {
    let world = World::with([asking()]);
    let said = world.done(reject()).await;
    assert!(said.contains(&format!("{GROUP} is left alone until")), "{said}");
    assert_eq!(world.writes(), ["UpdateItem", "UpdateItem", "UpdateItem", "PutItem"]);
    let [answer, exempt, forgotten] = world.calls("UpdateItem").try_into().unwrap();
    assert!(answer.to_string().contains(r#"\"approved\":false"#), "{answer}");
    assert_eq!(exempt["ExpressionAttributeNames"]["#0"], "exempt_until");
    assert_eq!(exempt["ExpressionAttributeValues"][":1"]["S"], "ada");
    assert_eq!(forgotten["UpdateExpression"], "REMOVE #record, #plan, #until");
    assert!(world.sent().is_empty());
}

#[tokio::test]
async fn whoever_rejects_twice_may_not_have_been_heard_the_first_time() {
    let world = World::with([Page { answer: Some(answered(false, "ada")), ..asking() }]);
    world.done(reject()).await;
    assert_eq!(world.writes(), ["UpdateItem", "UpdateItem", "PutItem"]);

    for (page, what, said) in [
        (
            Page { answer: Some(answered(false, "bob")), ..asking() },
            reject(),
            "it was rejected by bob",
        ),
        (
            Page { answer: Some(answered(true, "ada")), ..asking() },
            reject(),
            "it was approved by ada",
        ),
        (asking(), What::Reject { record: page().id, days: Some(0) }, "0 days are not possible"),
    ] {
        let world = World::with([page]);
        let why = world.refused(what).await;
        assert!(why.contains(said), "{why}");
        assert!(world.writes().is_empty(), "{why}");
    }
}

#[tokio::test]
async fn a_repair_is_run_anew_because_a_person_asks() {
    let world = World::with([Page { outcome: Outcome::Right, ..page() }]);
    let said = world.done(What::Run { record: page().id }).await;
    assert!(said.contains("is on its way to ec2"), "{said}");
    let [(_, signal)] = world.sent().try_into().unwrap();
    assert_eq!((&signal["asked_by"], signal.get("approves")), (&json!("ada"), None));
    assert_eq!(world.writes(), ["SendMessage", "PutItem"]);

    let mut signal = remedy::check::signal(GROUP);
    signal.trigger = remedy::Trigger::control("EC2.99");
    let world = World::with([Page { signal: Some(signal), remediation: String::new(), ..page() }]);
    let why = world.refused(What::Run { record: page().id }).await;
    assert!(why.contains("no remediation answers Security Hub control EC2.99"), "{why}");
    let world = World::with([Page { remediation: "sweep/activate_list".into(), ..page() }]);
    let why = world.refused(What::Run { record: page().id }).await;
    assert!(why.contains("function sweep: it has no queue"), "{why}");
    assert!(world.writes().is_empty());
}
