//! What waited and is let go.

use remedy::{Hold, Settings, Timestamp};
use runtime::{Outcome, Page};
use serde_json::{Value, json};

use script::{Answer, Request, Script, answer};

use super::{done, item, items, not, page, time};
use crate::{Aws, Release, Released, Shell};

const SETTINGS: [(&str, &str); 4] = [
    ("TABLE_NAME", "kintsugi"),
    ("TOPIC_ARN", "arn:aws:sns:eu-west-1:111122223333:kintsugi"),
    ("OWN_ROLES", "kintsugi-sweep"),
    ("QUEUES", "ec2=https://sqs.eu-west-1.amazonaws.com/111122223333/kintsugi-ec2"),
];

fn shell(script: &Script) -> Shell {
    let settings: Settings = SETTINGS.into_iter().collect();
    Shell::new(settings, &Aws::new(script.config()), script.connector(), "kintsugi-sweep").unwrap()
}

fn waiting() -> Page {
    Page { outcome: Outcome::Held { why: vec![Hold::OverCap { cap: 5 }] }, ..page() }
}

fn parked(record: &str, until: Option<&str>) -> Value {
    let mut item = json!({
        "sk": {"S": record}, "remediation": {"S": "ec2/close_world_ingress"},
        "account": {"S": "111122223333"}, "at": {"S": "2026-11-20T10:30:00.000Z"},
    });
    if let Some(until) = until {
        item["until"] = json!({"S": until});
    }
    item
}

/// Answers by what is asked; the record is `page`.
fn world(waits: Vec<Value>, caps: Vec<Value>, page: Option<Page>, sends: Answer) -> Script {
    Script::to(move |Request { headers, body, .. }| {
        let body: Value = serde_json::from_str(body).unwrap();
        let target = headers.iter().find(|(name, _)| name == "x-amz-target").unwrap().1.clone();
        let values = &body["ExpressionAttributeValues"];
        Some(match target.rsplit('.').next().unwrap() {
            "Query" => match values[":pk"]["S"].as_str().unwrap() {
                "parked" => items(&waits),
                "caps" => items(&caps),
                _ => items(&[]),
            },
            "GetItem" => match &page {
                Some(page) => item(&json!({"record": {"S": serde_json::to_string(page).unwrap()}})),
                None => done(),
            },
            "SendMessage" => sends.clone(),
            "DeleteItem" => not(&Value::Null),
            other => panic!("{other}"),
        })
    })
}

fn sent() -> Answer {
    answer(200, r#"{"MessageId": "m1"}"#)
}

fn later() -> Timestamp {
    crate::desk::now() + chrono::TimeDelta::minutes(1)
}

async fn release(script: &Script, until: Timestamp) -> Released {
    let shell = shell(script);
    let release = Release::new(&shell, |id| id.starts_with("ec2/").then_some("ec2")).unwrap();
    release.release(&shell.desk, |_| true, until).await
}

fn targets(script: &Script) -> Vec<String> {
    let target = |request: &Request| {
        let target = request.header("x-amz-target").unwrap();
        target.rsplit('.').next().unwrap().to_owned()
    };
    script.requests().iter().map(target).filter(|target| target != "Query").collect()
}

#[tokio::test]
async fn what_waited_is_sent_before_it_is_forgotten() {
    let page = waiting();
    let script = world(vec![parked(&page.id, None)], vec![], Some(page.clone()), sent());
    let released = release(&script, later()).await;
    assert_eq!(released, Released { sent: vec![page.id.clone()], ..Released::default() });
    assert_eq!(targets(&script), ["GetItem", "SendMessage", "DeleteItem"]);
    let bodies: Vec<Value> =
        script.bodies().iter().map(|body| serde_json::from_str(body).unwrap()).collect();
    let message = bodies.iter().find(|body| !body["MessageBody"].is_null()).unwrap();
    let event: Value = serde_json::from_str(message["MessageBody"].as_str().unwrap()).unwrap();
    assert_eq!(event["source"], "kintsugi");
    assert_eq!(event["detail"]["signal"], serde_json::to_value(page.signal).unwrap());
    let forgotten = bodies.last().unwrap();
    assert_eq!(forgotten["ConditionExpression"], "#at = :at");
    assert_eq!(forgotten["ExpressionAttributeValues"][":at"]["S"], "2026-11-20T10:30:00.000Z");
}

#[tokio::test]
async fn what_must_wait_on_stays() {
    let blown = json!({
        "sk": {"S": "ec2/close_world_ingress#111122223333"}, "hour": {"S": "2026-11-20T10"},
        "used": {"N": "9"}, "blown_at": {"S": "2026-11-20T10:29:00Z"},
    });
    for (parked, caps) in
        [(parked("k-1", Some("2999-01-01T00:00:00Z")), vec![]), (parked("k-1", None), vec![blown])]
    {
        let script = world(vec![parked], caps, Some(waiting()), sent());
        assert_eq!(release(&script, later()).await, Released::default());
        assert!(targets(&script).is_empty());
    }
}

#[tokio::test]
async fn what_waits_no_longer_is_forgotten_and_not_sent() {
    for page in [None, Some(Page { outcome: Outcome::Fixed, ..page() })] {
        let script = world(vec![parked("k-1", None)], vec![], page, sent());
        assert_eq!(release(&script, later()).await, Released::default());
        assert_eq!(targets(&script), ["GetItem", "DeleteItem"]);
    }
}

#[tokio::test]
async fn what_cannot_be_sent_is_not_forgotten() {
    let denied = answer(400, r#"{"__type": "x#AccessDenied"}"#);
    let script = world(vec![parked("k-1", None)], vec![], Some(waiting()), denied);
    let released = release(&script, later()).await;
    assert!(released.trouble[0].contains("needs sqs:SendMessage"), "{released:?}");
    assert_eq!(targets(&script), ["GetItem", "SendMessage"]);
}

#[tokio::test]
async fn what_no_time_is_left_for_is_left() {
    let script = world(vec![parked("k-1", None)], vec![], Some(waiting()), sent());
    let released = release(&script, time("2026-11-20T10:00:00Z")).await;
    assert_eq!(released, Released { left: 1, ..Released::default() });
    assert!(targets(&script).is_empty());
}

#[tokio::test]
async fn what_cannot_be_read_lets_nothing_go() {
    let script = world(vec![json!({"sk": {"S": "k-1"}})], vec![], Some(waiting()), sent());
    let released = release(&script, later()).await;
    assert!(released.trouble[0].contains("no text in `remediation`"), "{released:?}");
    assert!(targets(&script).is_empty());
}

#[test]
fn queues_that_are_none_stop_the_start() {
    let settings = SETTINGS.into_iter().chain([("QUEUES", "ec2")]).collect();
    let script = Script::of([]);
    let shell = Shell::new(settings, &Aws::new(script.config()), script.connector(), "f").unwrap();
    let wrong = Release::new(&shell, |_| None).map(drop).unwrap_err();
    assert!(wrong.to_string().contains("QUEUES"), "{wrong}");
}
