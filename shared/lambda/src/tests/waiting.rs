//! What waits, and who is asked.

use remedy::{Hold, Timestamp};
use runtime::{Answer, Asks, Outcome, Page};
use serde_json::{Value, json};

use script::Script;

use super::{bodies, by_item, done, not, page, table};

fn held(why: Hold) -> Page {
    Page { outcome: Outcome::Held { why: vec![why] }, ..page() }
}

#[tokio::test]
async fn what_waits_is_found_again_before_it_is_written_down() {
    let until: Timestamp = "2026-11-21T02:00:00Z".parse().unwrap();
    let script = Script::by(|_| Some(done()));
    let page = held(Hold::Window { policy: "nights".into(), until });
    table(&script).note(&page).await.unwrap();
    table(&script).close(&page).await.unwrap();
    let bodies: Vec<Value> =
        script.bodies().iter().map(|body| serde_json::from_str(body).unwrap()).collect();
    let kinds: Vec<_> = bodies.iter().map(|body| body["Item"]["pk"]["S"].clone()).collect();
    let record = json!(format!("record#{}", page.id));
    assert_eq!(kinds[..3], [json!("parked"), record.clone(), json!("parked")]);
    let parked = &bodies[0]["Item"];
    assert_eq!(parked["sk"]["S"], json!(page.id));
    assert_eq!(parked["until"]["S"], "2026-11-21T02:00:00.000Z");
    assert_eq!(parked["account"]["S"], "111122223333");
    assert_eq!(parked["remediation"]["S"], "ec2/close_world_ingress");
}

#[tokio::test]
async fn who_is_asked_is_remembered_beside_the_record_unless_it_is_answered() {
    let asks = Asks { plan: "p1".into(), until: "2026-11-23T10:30:00Z".parse().unwrap() };
    let asking =
        Page { asks: Some(asks), ..held(Hold::NeedsApproval { policies: vec!["ask".into()] }) };
    let old = |answer: Option<Answer>| {
        let old = Page { answer, ..asking.clone() };
        not(&json!({"record": {"S": serde_json::to_string(&old).unwrap()}}))
    };
    let answer = Answer { approved: true, by: "ada".into(), at: page().at, why: String::new() };
    for (record, asked) in [(done(), 1), (old(None), 1), (old(Some(answer)), 0)] {
        let script = by_item([("record", vec![record]), ("resource", vec![done()])]);
        table(&script).note(&asking).await.unwrap();
        let bodies = bodies(&script, "resource");
        assert_eq!(bodies.len(), asked);
        for body in bodies {
            let values = &body["ExpressionAttributeValues"];
            assert_eq!(values[":0"]["S"], json!(asking.id));
            assert_eq!(values[":1"]["S"], "p1");
            assert_eq!(values[":2"]["S"], "2026-11-23T10:30:00.000Z");
        }
    }
    let script = by_item([("record", vec![done()]), ("resource", vec![done()])]);
    table(&script).close(&asking).await.unwrap();
    assert_eq!(bodies(&script, "resource").len(), 1);
}

#[tokio::test]
async fn what_turns_out_otherwise_asks_no_longer() {
    for (outcome, forgets) in [
        (Outcome::Right, true),
        (Outcome::Gone, true),
        (Outcome::Held { why: vec![Hold::DryRun] }, true),
        (Outcome::Fixed, false),
    ] {
        let script = by_item([("record", vec![done()]), ("resource", vec![not(&Value::Null)])]);
        table(&script).close(&Page { outcome, ..page() }).await.unwrap();
        let bodies = bodies(&script, "resource");
        assert_eq!(!bodies.is_empty(), forgets);
        for body in bodies {
            assert_eq!(body["UpdateExpression"], "REMOVE #record, #plan, #until");
            assert_eq!(body["ConditionExpression"], "#record = :record");
        }
    }
}
