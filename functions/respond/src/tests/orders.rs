//! Pauses, exemptions, policies.

use std::sync::{Arc, Mutex};

use remedy::Hold;
use runtime::{Outcome, Page, order::What};
use serde_json::{Value, json};

use script::{Answer, answer};

use super::{CLOSE, GROUP, World, item, page};

fn pause(remediation: Option<&str>, until: Option<&str>) -> What {
    let until = until.map(|until| until.parse().unwrap());
    What::Pause { remediation: remediation.map(str::to_owned), until }
}

fn resume(remediation: Option<&str>, account: Option<&str>) -> What {
    let text = |text: Option<&str>| text.map(str::to_owned);
    What::Resume { remediation: text(remediation), account: text(account) }
}

fn found(items: &[Value]) -> Answer {
    answer(200, &json!({ "Items": items, "Count": items.len() }).to_string())
}

/// A world in which all is paused, one remediation is, two caps are reached, and one plan waits.
fn stopped(pauses: &'static [&'static str]) -> World {
    let waiting = Page { outcome: Outcome::Held { why: vec![Hold::OverCap { cap: 5 }] }, ..page() };
    let at = || json!({"S": "2026-11-20T10:00:00Z"});
    let parked = json!({
        "sk": {"S": waiting.id}, "remediation": {"S": CLOSE}, "account": {"S": "111122223333"}, "at": at(),
    });
    let there: Arc<Mutex<Vec<String>>> = Arc::default();
    let sks = pauses.iter().map(|sk| (*sk).to_owned());
    let caps = ["111122223333", "444455556666"].map(|account| format!("{CLOSE}#{account}"));
    there.lock().unwrap().extend(sks.chain(caps));
    // What is lifted is not there any more.
    let lifts = |answer: Answer| {
        let there = Arc::clone(&there);
        move |body: &Value| {
            there.lock().unwrap().retain(|sk| body["Key"]["sk"]["S"] != *sk);
            Some(answer.clone())
        }
    };
    let unpaused = lifts(answer(200, r#"{"Attributes": {"by": {"S": "bob"}}}"#));
    let uncapped = lifts(answer(200, "{}"));
    let world = World::with([waiting]);
    world.says("DeleteItem", unpaused).says("UpdateItem", uncapped).says("Query", move |body| {
        let there = there.lock().unwrap();
        let of =
            |is_of: fn(&&String) -> bool| there.iter().filter(is_of).cloned().collect::<Vec<_>>();
        let items: Vec<_> = match body["ExpressionAttributeValues"][":pk"]["S"].as_str()? {
            "control" => {
                let pause = |sk: String| json!({"sk": {"S": sk}, "by": {"S": "bob"}, "at": at()});
                of(|sk| sk.starts_with("pause")).into_iter().map(pause).collect()
            }
            "caps" => {
                let cap = |sk: String| {
                    let hour = json!({"S": "2026-11-20T10"});
                    json!({"sk": {"S": sk}, "hour": hour, "used": {"N": "5"}, "blown_at": at()})
                };
                of(|sk| sk.starts_with(CLOSE)).into_iter().map(cap).collect()
            }
            _ => vec![parked.clone()],
        };
        Some(found(&items))
    })
}

/// The second keys of the items that were deleted or updated.
fn keys(world: &World, call: &str) -> Vec<String> {
    let key = |body: &Value| body["Key"]["sk"]["S"].as_str().unwrap().to_owned();
    world.calls(call).iter().map(key).collect()
}

#[tokio::test]
async fn repairs_are_paused_and_everybody_is_told() {
    for (what, sk, said) in [
        (pause(None, None), "pause", "all repairs are paused, from"),
        (
            pause(Some(CLOSE), Some("2999-01-01T00:00:00Z")),
            "pause#ec2/close_world_ingress",
            "repairs by ec2/close_world_ingress are paused until 2999-01-01 00:00 UTC",
        ),
    ] {
        let world = World::with([]);
        let reply = world.done(what).await;
        assert!(reply.contains(said), "{reply}");
        let [order, record] = world.calls("PutItem").try_into().unwrap();
        assert_eq!(order["Item"]["sk"]["S"], sk);
        assert_eq!(
            (&order["Item"]["by"]["S"], &order["Item"]["why"]["S"]),
            (&json!("ada"), &json!("a test"))
        );
        assert!(
            record["Item"]["why"]["S"].as_str().unwrap().contains("a test, by ada"),
            "{record}"
        );
        assert_eq!(world.calls("Publish").len(), 1);
    }
}

#[tokio::test]
async fn what_cannot_be_paused_is_said() {
    let world = World::with([]);
    for (what, said) in [
        (pause(Some("ec2/dance"), None), "there is no remediation `ec2/dance`; there are ec2/"),
        (pause(None, Some("2020-01-01T00:00:00Z")), "would be over already"),
        (resume(Some("ec2/dance"), None), "there is no remediation `ec2/dance`"),
        (resume(None, None), "nothing stops all repairs"),
    ] {
        let why = world.refused(what).await;
        assert!(why.contains(said), "{why}");
    }
    assert!(world.writes().is_empty());
}

#[tokio::test]
async fn what_is_resumed_goes_on_with_what_waited() {
    for (what, pauses, deleted, resumed, sent) in [
        (resume(None, None), &["pause", "pause#ec2/empty_default_group"][..], 2, 2, 1),
        (resume(Some(CLOSE), None), &["pause#ec2/close_world_ingress"], 1, 2, 1),
        (resume(Some(CLOSE), Some("111122223333")), &[], 0, 1, 1),
        // Another account's cap is lifted; the plan of this one waits on.
        (resume(Some(CLOSE), Some("444455556666")), &[], 0, 1, 0),
        // All is paused still.
        (resume(Some(CLOSE), None), &["pause"], 0, 2, 0),
    ] {
        let world = stopped(pauses);
        let said = world.done(what.clone()).await;
        assert_eq!(world.sent().len(), sent, "{what:?}: {said}");
        let deletes = keys(&world, "DeleteItem");
        let unpaused = deletes.iter().filter(|sk| sk.starts_with("pause")).count();
        assert_eq!((unpaused, deletes.len()), (deleted, deleted + sent), "{what:?}: {said}");
        assert_eq!(keys(&world, "UpdateItem").len(), resumed, "{what:?}: {said}");
        assert!(said.contains(&format!("{sent} that waited are on their way")), "{said}");
        let is_paused = pauses == ["pause"] && sent == 0;
        assert_eq!(said.contains("all repairs are paused still, by bob"), is_paused, "{said}");
        assert_eq!(world.calls("Publish").len(), 1);
    }
}

#[tokio::test]
async fn a_resource_is_left_alone_and_no_longer() {
    let world = World::with([]);
    let until = Some("2999-01-01T00:00:00Z".parse().unwrap());
    let said = world.done(What::Exempt { resource: GROUP.into(), until }).await;
    assert_eq!(said, format!("{GROUP} is left alone until 2999-01-01 00:00 UTC"));
    let said = world.done(What::Exempt { resource: GROUP.into(), until: None }).await;
    assert!(said.contains("is not left alone any longer"), "{said}");
    let [set, removed] = world.calls("UpdateItem").try_into().unwrap();
    assert_eq!(set["Key"]["pk"]["S"], format!("resource#{GROUP}"));
    assert_eq!(removed["UpdateExpression"], "REMOVE #until, #by, #why");
    assert_eq!(world.calls("Publish").len(), 2);
}

#[tokio::test]
async fn what_nobody_would_look_at_cannot_be_exempt() {
    let world = World::with([]);
    let exempt = |resource: &str, until: Option<&str>| What::Exempt {
        resource: resource.into(),
        until: until.map(|until| until.parse().unwrap()),
    };
    for (what, said) in [
        (exempt("sg-1", None), "`sg-1` is no ARN"),
        (exempt("arn:aws:ec2:eu-west-1:1:security-group/sg-1", None), "no account and Region"),
        (
            exempt("arn:aws:braket:eu-west-1:111122223333:job/ada", None),
            "is nothing that any remediation looks at",
        ),
        (exempt(GROUP, Some("2020-01-01T00:00:00Z")), "would be over already"),
    ] {
        let why = world.refused(what).await;
        assert!(why.contains(said), "{why}");
    }
    assert!(world.writes().is_empty());
}

#[tokio::test]
async fn policies_are_put_in_force_if_they_are_valid_and_nobody_was_quicker() {
    let policies = scope::Bounds::configured(&remedy::Settings::default()).unwrap().policies();
    let push = |text: &str| What::Policy { text: text.into(), replaces: 7 };
    let world = World::with([]);
    let said = world.done(push(&policies)).await;
    assert!(said.starts_with("version 8 of the policies is in force"), "{said}");
    assert_eq!(world.writes(), ["TransactWriteItems", "PutItem", "Publish"]);

    let world = World::with([]);
    let why = world.refused(push("permit (")).await;
    assert!(why.contains("are not put in force"), "{why}");
    assert!(world.writes().is_empty());

    let beaten = json!({
        "__type": "com.amazonaws.dynamodb.v20120810#TransactionCanceledException",
        "CancellationReasons": [{"Code": "ConditionalCheckFailed"}],
    });
    let world = World::with([]);
    let world = world.says("TransactWriteItems", move |_| Some(answer(400, &beaten.to_string())));
    let why = world.refused(push(&policies)).await;
    assert!(why.contains("version 7 is not what was in force last"), "{why}");
    assert_eq!(world.writes(), ["TransactWriteItems"]);
}

#[tokio::test]
async fn an_order_whose_record_cannot_be_written_is_done_and_says_so() {
    let world = World::with([]).says("PutItem", |body| {
        let is_record = body["Item"]["sk"]["S"] == "record";
        is_record.then(|| answer(500, "{}"))
    });
    let said = world.done(pause(None, None)).await;
    assert!(said.contains("; but could not write record k-"), "{said}");
}

#[test]
fn the_item_of_a_record_is_what_the_table_has() {
    assert!(item(&page())["record"]["S"].as_str().unwrap().contains(CLOSE));
}
