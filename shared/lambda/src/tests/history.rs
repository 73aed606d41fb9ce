//! What was decided, read back; answers; counts.

use runtime::{Answer, Brief, Error, Outcome};
use serde_json::{Value, json};

use script::{Script, answer};

use super::{all, done, item, items, not, page, table, time};
use crate::Cap;

fn record() -> Value {
    let page = page();
    json!({"id": {"S": page.id}, "record": {"S": serde_json::to_string(&page).unwrap()}})
}

fn ada(approved: bool) -> Answer {
    Answer { approved, by: "ada".into(), at: time("2026-11-20T11:00:00Z"), why: String::new() }
}

#[tokio::test]
async fn a_record_is_read_with_the_answer_that_was_given_to_it() {
    let mut answered = record();
    answered["answer"] = json!({"S": serde_json::to_string(&ada(true)).unwrap()});
    let mut odd = record();
    odd["answer"] = json!({"BOOL": true});
    let script = Script::of([answer(200, "{}"), item(&record()), item(&answered), item(&odd)]);
    let table = table(&script);
    assert_eq!(table.page("k-1").await, Ok(None));
    assert_eq!(table.page("k-1").await.unwrap().unwrap().answer, None);
    assert_eq!(table.page("k-1").await.unwrap().unwrap().answer, Some(ada(true)));
    assert!(table.page("k-1").await.is_err());
    assert!(all(&script).iter().all(|body| body["ConsistentRead"] == true));
}

#[tokio::test]
async fn a_record_is_answered_once() {
    let there = |answer: &Value| not(&json!({"record": record()["record"], "answer": answer}));
    let bob =
        json!({"S": serde_json::to_string(&Answer { by: "bob".into(), ..ada(false) }).unwrap()});
    let script = Script::of([done(), there(&bob), not(&Value::Null), there(&json!({"S": "{}"}))]);
    let table = table(&script);
    assert_eq!(table.answer("k-1", &ada(true)).await, Ok(Ok(())));
    let before = table.answer("k-1", &ada(true)).await.unwrap().unwrap_err();
    assert_eq!((before.by.as_str(), before.approved), ("bob", false));
    for _ in 0..2 {
        assert!(matches!(table.answer("k-1", &ada(true)).await, Err(Error::Refused(_))));
    }
    let condition = "attribute_exists(pk) AND attribute_not_exists(#answer)";
    assert!(all(&script).iter().all(|body| body["ConditionExpression"] == condition));
}

#[tokio::test]
async fn a_day_and_a_resource_have_their_records_the_newest_first() {
    let script = Script::by(|_| Some(items(&[record(), json!({"id": {"S": "k-2"}}), record()])));
    let table = table(&script);
    let day = time("2026-11-20T00:00:00Z").date_naive();
    let history = table.day(day, 2).await.unwrap();
    assert_eq!((history.pages.len(), history.unreadable.len()), (1, 1));
    assert!(history.unreadable[0].contains("k-2"), "{history:?}");
    let since = time("2026-11-19T00:00:00Z");
    let history = table.of_resource("sg-1", since, 9).await.unwrap();
    assert_eq!(history.pages, [page(), page()]);
    let [day, resource] = all(&script).try_into().unwrap();
    assert_eq!(
        (&day["IndexName"], &resource["IndexName"]),
        (&json!("by-day"), &json!("by-resource"))
    );
    assert_eq!(day["ExpressionAttributeValues"][":day"]["S"], "2026-11-20");
    assert_eq!(resource["ExpressionAttributeValues"][":since"]["S"], "2026-11-19T00:00:00.000Z");
    assert!([day, resource].iter().all(|body| body["ScanIndexForward"] == false));
}

#[tokio::test]
async fn earlier_repairs_of_the_same_are_told_in_their_order() {
    let brief = |id: &str, at: &str| {
        json!({
            "id": {"S": id}, "at": {"S": at}, "caused_by": {"S": "bob"},
            "changes": {"L": [{"S": "revoke tcp/22 from 0.0.0.0/0"}]},
        })
    };
    let (late, early) = ("2026-11-20T09:00:00.000Z", "2026-11-20T08:00:00.000Z");
    let script = Script::of([
        items(&[brief("k-2", late), brief("k-1", early)]),
        items(&[json!({"id": {"S": "k-1"}, "at": {"N": "5"}})]),
    ]);
    let table = table(&script);
    let since = time("2026-11-19T10:30:00Z");
    let found = table.recent(&page(), since).await.unwrap();
    let told = |record: &str, at: &str| Brief {
        record: record.into(),
        at: time(at),
        changes: vec!["revoke tcp/22 from 0.0.0.0/0".into()],
        caused_by: Some("bob".into()),
    };
    assert_eq!(found, [told("k-1", early), told("k-2", late)]);
    assert!(table.recent(&page(), since).await.is_err());
    let query = &all(&script)[0];
    let values = &query["ExpressionAttributeValues"];
    assert_eq!(values[":resource"]["S"], page().about.resource);
    assert_eq!(values[":fixed"]["S"], Outcome::Fixed.word());
    assert_eq!(values[":id"]["S"], page().id);
    let filter = query["FilterExpression"].as_str().unwrap();
    assert!(filter.contains("attribute_not_exists(#undoes)"), "{filter}");
}

#[tokio::test]
async fn counts_are_listed_and_resumed() {
    let count =
        |sk: &str| json!({"sk": {"S": sk}, "hour": {"S": "2026-11-20T10"}, "used": {"N": "9"}});
    let mut blown = count("ec2/close_world_ingress#111122223333");
    blown["blown_at"] = json!({"S": "2026-11-20T10:29:00+00:00"});
    let script = Script::of([
        items(&[blown, count("guardduty/list_attackers#444455556666")]),
        done(),
        not(&Value::Null),
        items(&[json!({"sk": {"S": "x#1"}, "hour": {"S": "2026-11-20T10"}})]),
    ]);
    let table = table(&script);
    let caps = table.caps().await.unwrap();
    let first = Cap {
        remediation: "ec2/close_world_ingress".into(),
        account: "111122223333".into(),
        hour: "2026-11-20T10".into(),
        used: 9,
        blown_at: Some(time("2026-11-20T10:29:00Z")),
    };
    assert_eq!((caps.len(), &caps[0], caps[1].blown_at), (2, &first, None));
    let now = time("2026-11-20T10:30:00Z");
    assert_eq!(table.resume_cap("ec2/x", "111122223333", now).await, Ok(true));
    assert_eq!(table.resume_cap("ec2/x", "111122223333", now).await, Ok(false));
    assert!(table.caps().await.is_err(), "a count that is none");
    let resumed = &all(&script)[1];
    assert_eq!(resumed["Key"], json!({"pk": {"S": "caps"}, "sk": {"S": "ec2/x#111122223333"}}));
    assert_eq!(
        resumed["UpdateExpression"],
        "SET #used = :none, #expires = :expires REMOVE #blown_at"
    );
    assert_eq!(resumed["ConditionExpression"], "attribute_exists(pk)");
}
