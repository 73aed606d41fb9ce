//! Events that cannot be read, and what is beside them in a batch or an event.

use serde_json::{Value, json};
use stage::{Queue, Stage, Vpc, events};

use crate::case::{OPTED_IN, ingress, record_of, run, stage};

const OPEN: &[&str] = &["tcp/22 from 0.0.0.0/0"];

#[test]
fn what_cannot_be_read_takes_no_neighbour_down_and_is_kept() {
    run(|| async {
        let stage = stage(&[]).await;
        poison(&stage).await;
        twenty_findings(&stage).await;
        others(&stage).await;
        elsewhere(&stage).await;
    });
}

/// Poison among good events, right in the queue: each is kept in the dead-letter queue, and on record.
async fn poison(stage: &Stage) {
    let (estate, at) = (&stage.estate, &stage.place);
    let deep = format!("{}1{}", "[".repeat(500), "]".repeat(500));
    let huge = format!("{{\"source\": \"{}\"}}", "x".repeat(200_000));
    let health = events::fixture("health-abuse").unwrap().to_string();
    let mut wrong = events::event("hub-control", at, "sg-0bad").unwrap();
    wrong["detail"]["findings"][0]["Resources"] = "none".into();
    let mut none = events::event("hub-control", at, "sg-0bad").unwrap();
    none["detail"]["findings"] = json!([]);
    let all = ["{not json", "null", "[]", "\"text\"", "{}", &deep, &huge, &health];
    let mut bad: Vec<String> = all.into_iter().map(str::to_owned).collect();
    bad.extend([wrong.to_string(), none.to_string()]);

    let mut groups = Vec::new();
    for (nth, body) in bad.iter().enumerate() {
        let name = format!("beside-{nth}");
        let group = estate.group(Vpc::Own, &name, OPTED_IN, OPEN).await.unwrap();
        let good = events::control("EC2.13", at, &group).unwrap();
        stage.enqueue(&good.to_string()).await.unwrap();
        stage.enqueue(body).await.unwrap();
        groups.push(group);
    }
    stage.settled().await.unwrap();
    for group in &groups {
        assert!(ingress(estate, group).await.is_empty(), "{group} stands beside a bad one");
        assert_eq!(record_of(stage, group).await.unwrap().outcome, "fixed");
    }
    let mut kept = stage.drain(Queue::DeadLetters).await.unwrap();
    kept.sort();
    bad.sort();
    assert_eq!(kept.len(), bad.len());
    assert!(kept == bad, "what is kept is what came");
    let records = stage.records().await.unwrap();
    let mut whys: Vec<_> = records.iter().filter(|r| r.outcome == "unreadable").collect();
    whys.sort_by(|one, other| one.why.cmp(&other.why));
    let whys: Vec<_> = whys.iter().map(|record| record.why.as_str()).collect();
    assert_eq!(whys.len(), bad.len(), "{whys:#?}");
    assert!(whys.iter().any(|why| why.contains("is not JSON: key must be a string")), "{whys:#?}");
    assert!(whys.iter().all(|why| !why.contains("xxxxxxxxxx")), "no raw event: {whys:#?}");
    let messages = stage.messages().await.unwrap();
    let told = |group: &String| messages.iter().filter(|m| m.text.contains(group)).count();
    assert!(
        groups.iter().all(|group| told(group) == 1),
        "nobody is told twice because of a neighbour"
    );
}

/// One event with twenty findings: two are malformed, four are about the same group.
async fn twenty_findings(stage: &Stage) {
    let (estate, at) = (&stage.estate, &stage.place);
    let mut groups = Vec::new();
    let mut all = Vec::new();
    for nth in 0..15 {
        let name = format!("of-twenty-{nth}");
        let group = estate.group(Vpc::Own, &name, OPTED_IN, OPEN).await.unwrap();
        all.push(events::control("EC2.13", at, &group).unwrap());
        groups.push(group);
    }
    for _ in 0..3 {
        all.push(events::control("EC2.13", at, &groups[0]).unwrap());
    }
    let mut event = all[0].clone();
    let Value::Array(mut findings) = events::batch(&all.iter().collect::<Vec<_>>()) else {
        panic!()
    };
    findings.insert(3, json!("no finding"));
    findings.insert(9, json!({ "Id": 7, "Resources": "none" }));
    event["detail"]["findings"] = findings.into();
    stage.send(&event).await.unwrap();
    stage.settled().await.unwrap();
    for group in &groups {
        assert!(ingress(estate, group).await.is_empty(), "{group}");
        assert_eq!(record_of(stage, group).await.unwrap().outcome, "fixed");
    }
    assert_eq!(stage.drain(Queue::DeadLetters).await.unwrap().len(), 1, "the event is kept");
    assert_eq!(stage.messages().await.unwrap().len(), 15 + 2, "nobody is told twice");
}

/// Findings that are none of ours: on record, and nobody is told.
async fn others(stage: &Stage) {
    let before = stage.records().await.unwrap().len();
    let fixtures = [
        ("hub-guardduty", "no remediation of this function answers"),
        ("hub-inspector", "no remediation of this function answers"),
        ("hub-macie", "no remediation of this function answers"),
        ("guardduty-port-probe", "no remediation of this function answers"),
        ("guardduty-sample", "it is a sample finding"),
        ("cloudtrail-bucket-policy", "calls of `PutBucketPolicy` open nothing"),
    ];
    for (name, _) in fixtures {
        stage.enqueue(&events::fixture(name).unwrap().to_string()).await.unwrap();
    }
    stage.settled().await.unwrap();
    let records = stage.records().await.unwrap().split_off(before);
    let said: Vec<_> = records.iter().map(|r| format!("{}: {}", r.outcome, r.why)).collect();
    for (name, why) in fixtures {
        let ignored = |said: &&String| said.starts_with("ignored: ") && said.contains(why);
        assert!(said.iter().any(|said| ignored(&said)), "{name}: {why}: {said:#?}");
    }
    assert!(said.iter().all(|said| said.starts_with("ignored: ")), "{said:#?}");
    assert_eq!(stage.messages().await.unwrap(), []);
    assert_eq!(stage.waiting(Queue::DeadLetters).await.unwrap(), 0);
}

/// Places that this stack cannot reach: nothing is done, people are told, the events are kept.
async fn elsewhere(stage: &Stage) {
    let fixtures = ["hub-in-china", "hub-bare-id-in-govcloud", "hub-in-the-sovereign-cloud"];
    for name in fixtures {
        stage.enqueue(&events::fixture(name).unwrap().to_string()).await.unwrap();
    }
    stage.settled().await.unwrap();
    for (group, partition) in
        [("sg-0e5", "aws-cn"), ("sg-0d4", "aws-us-gov"), ("sg-0f6", "aws-eusc")]
    {
        let record = record_of(stage, group).await.unwrap();
        assert_eq!(record.outcome, "unreadable");
        let why = format!("({partition}): that is no place this stack");
        assert!(record.why.contains(&why), "{}", record.why);
    }
    assert_eq!(stage.messages().await.unwrap().len(), fixtures.len());
    assert_eq!(stage.drain(Queue::DeadLetters).await.unwrap().len(), fixtures.len());
}
