//! All that the table holds, and all of a day.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use script::{Script, answer};

use super::{all, items, page, table, time};
use crate::Sort;

/// Each segment has two pages, and an item on each.
fn two_pages() -> Script {
    Script::by(|body| {
        let body: Value = serde_json::from_str(body).unwrap();
        let segment = body["Segment"].as_i64().unwrap();
        let key = |nth: u8| json!({"pk": {"S": format!("record#k-{segment}{nth}")}, "sk": {"S": "record"}});
        let is_first = body.get("ExclusiveStartKey").is_none();
        let mut page = json!({ "Items": [key(if is_first { 1 } else { 2 })], "Count": 1 });
        if is_first {
            page["LastEvaluatedKey"] = key(1);
        }
        Some(answer(200, &page.to_string()))
    })
}

#[tokio::test]
async fn every_page_of_every_segment_is_read_once() {
    let script = two_pages();
    let table = table(&script);
    let (mut scan, mut names) = (table.scan(), Vec::new());
    while let Some(found) = scan.next().await.unwrap() {
        names.extend(found.iter().map(|flat| flat.name().to_owned()));
    }
    assert_eq!(names.len(), 16);
    assert_eq!(names.iter().collect::<BTreeSet<_>>().len(), 16);
    let asked = all(&script);
    let begun = asked.iter().filter(|body| body.get("ExclusiveStartKey").is_none());
    let begun: BTreeSet<_> = begun.map(|body| body["Segment"].as_i64()).collect();
    assert_eq!(begun, (0..8).map(Some).collect());
}

#[tokio::test]
async fn only_short_attributes_are_asked_for() {
    let script = two_pages();
    let table = table(&script);
    let _ = table.scan().next().await.unwrap();
    let asked = all(&script);
    let body = &asked[0];
    let names = body["ExpressionAttributeNames"].as_object().unwrap();
    let read = body["ProjectionExpression"].as_str().unwrap();
    for name in read.split(", ") {
        let name = names[name].as_str().unwrap();
        assert!(!["record", "message", "changes", "case", "answer"].contains(&name), "{name}");
    }
    assert_eq!(read.split(", ").count(), names.len());
}

#[tokio::test]
async fn what_a_record_a_case_and_an_exemption_say_can_be_read_whatever_type_it_has() {
    let found = items(&[
        json!({
            "pk": {"S": "record#k-1"}, "sk": {"S": "record"}, "at": {"S": "2026-11-20T09:00:00.000Z"},
            "holds": {"L": [{"S": "dry-run"}, {"N": "1"}]}, "is_back": {"BOOL": true}, "team": {"S": ""},
            "why": {"N": "1"}, "seen": {"S": "yesterday"},
        }),
        json!({"pk": {"S": "case#c-1"}, "sk": {"S": "case"}, "returns": {"N": "2"}, "since": {"N": "x"}}),
        json!({"pk": {"S": "resource#arn:aws:s3:::a#b"}, "sk": {"S": "standing"}}),
        json!({"pk": {"S": "control"}, "sk": {"S": "rules"}}),
    ]);
    let none = items(&[]);
    let script = Script::of(std::iter::once(found).chain(vec![none; 7]));
    let table = table(&script);
    let (mut scan, mut all) = (table.scan(), Vec::new());
    while let Some(found) = scan.next().await.unwrap() {
        all.extend(found);
    }
    let [record, case, exempt] = all.try_into().unwrap();
    assert_eq!([record.sort, case.sort, exempt.sort], [Sort::Record, Sort::Case, Sort::Exemption]);
    assert_eq!([record.name(), case.name(), exempt.name()], ["k-1", "c-1", "arn:aws:s3:::a#b"]);
    assert_eq!(record.time("at"), Some(time("2026-11-20T09:00:00Z")));
    assert_eq!(record.texts("holds"), ["dry-run"]);
    assert!(record.is("is_back") && !case.is("is_back"));
    assert_eq!([record.text("team"), record.text("why"), case.text("why")], [None; 3]);
    assert_eq!([record.time("seen"), case.time("since")], [None; 2]);
    assert_eq!([case.number("returns"), record.number("returns")], [Some(2), None]);
}

#[tokio::test]
async fn a_part_that_cannot_be_read_ends_it_with_the_reason() {
    let script = Script::by(|_| Some(answer(400, r#"{"__type": "AccessDeniedException"}"#)));
    let error = table(&script).scan().next().await.unwrap_err().to_string();
    assert!(error.contains("dynamodb:Scan") && error.contains("table kintsugi"), "{error}");
}

#[tokio::test]
async fn the_records_of_a_day_come_one_by_one_and_a_broken_one_hides_no_other() {
    let written = page();
    let whole = json!({
        "id": {"S": written.id}, "record": {"S": serde_json::to_string(&written).unwrap()},
    });
    let mut first = json!({ "Items": [whole, {"id": {"S": "k-2"}}], "Count": 2 });
    first["LastEvaluatedKey"] = json!({"pk": {"S": "record#k-2"}, "sk": {"S": "record"}});
    let script = Script::of([answer(200, &first.to_string()), items(std::slice::from_ref(&whole))]);
    let table = table(&script);
    let mut days = table.records_of(written.at.date_naive());
    assert_eq!(days.next().await.unwrap(), Some(Ok(written.clone())));
    let broken = days.next().await.unwrap().unwrap().unwrap_err();
    assert!(broken.to_string().contains("record k-2"), "{broken}");
    assert_eq!(days.next().await.unwrap(), Some(Ok(written)));
    assert_eq!(days.next().await.unwrap(), None);
    let [asked, _] = all(&script).try_into().unwrap();
    assert_eq!(asked["IndexName"], "by-day");
    assert_eq!(asked["ExpressionAttributeValues"][":day"]["S"], "2026-11-20");
}
