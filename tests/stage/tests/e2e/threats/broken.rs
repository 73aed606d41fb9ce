//! What is wrong with the list at GuardDuty or in S3, and who may not.

use aws_sdk_guardduty::types::ThreatEntitySetFormat;
use serde_json::json;
use stage::{Queue, Stage};

use super::{attack, guarded, of, read_by_guardduty, swept};
use crate::case::run;

/// The only record of an attack by this address.
async fn decision(stage: &Stage, address: &str) -> (String, String) {
    let event = attack(stage, address);
    stage.send(&event).await.unwrap();
    stage.settled().await.unwrap();
    let records = stage.records().await.unwrap();
    let [record] = of(&records, &event)[..] else { panic!("not one record") };
    (record.outcome.clone(), record.why.clone())
}

async fn other_list(stage: &Stage, detector: &str, name: &str) {
    let call = stage.guardduty_client().create_threat_entity_set().detector_id(detector).name(name);
    let call = call.format(ThreatEntitySetFormat::Txt).location(format!("s3://other/{name}.txt"));
    call.activate(false).send().await.unwrap();
}

#[test]
fn a_list_that_is_missing_switched_off_or_unread_is_mended_and_told() {
    run(|| async {
        let stage = guarded(&[]).await;
        stage.send(&attack(&stage, "198.51.100.1")).await.unwrap();
        assert_eq!(read_by_guardduty(&stage).await, ["198.51.100.1"]);
        let client = stage.guardduty_client();
        let detectors = client.list_detectors().send().await.unwrap();
        let detector = &detectors.detector_ids()[0];
        let sets = client.list_threat_entity_sets().detector_id(detector).send().await.unwrap();
        let set = &sets.threat_entity_set_ids()[0];

        let call = client.update_threat_entity_set().detector_id(detector);
        call.threat_entity_set_id(set).activate(false).send().await.unwrap();
        stage.messages().await.unwrap();
        let mut did = Vec::new();
        while did.is_empty() {
            // It takes a while to be switched off.
            did = swept(&stage).await;
        }
        assert_eq!(did, ["sweep/activate_list: fixed: 1 of 1 changes made and verified"]);
        assert_eq!(stage.at_guardduty().await.unwrap().status, "ACTIVE");
        let messages = stage.messages().await.unwrap();
        assert!(messages[0].text.contains("since it was switched off there"), "{messages:?}");

        let call = client.delete_threat_entity_set().detector_id(detector);
        call.threat_entity_set_id(set).send().await.unwrap();
        while stage.lists().unwrap().iter().any(|list| list.status == "DELETE_PENDING") {
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
        let did = swept(&stage).await;
        assert_eq!(did, ["sweep/activate_list: fixed: 1 of 1 changes made and verified"]);
        assert_eq!(stage.at_guardduty().await.unwrap().lines, ["198.51.100.1"]);
        let messages = stage.messages().await.unwrap();
        assert!(messages[0].text.contains("since it is missing there"), "{messages:?}");
        assert_eq!(stage.lists().unwrap().len(), 1);
    });
}

#[test]
fn there_is_never_a_second_list_in_silence_and_never_a_seventh() {
    run(|| async {
        let stage = Stage::up(&[]).await.unwrap();
        let (outcome, why) = decision(&stage, "198.51.100.1").await;
        assert_eq!(outcome, "unreadable");
        assert!(why.contains("enable GuardDuty in this account and Region"), "{why}");

        let detector = stage.enable_guardduty().await.unwrap();
        other_list(&stage, &detector, "kintsugi").await;
        let (outcome, why) = decision(&stage, "198.51.100.2").await;
        assert_eq!(outcome, "unreadable");
        assert!(why.contains("another list of that name is there"), "{why}");
        assert!(why.contains("set ThreatListName"), "{why}");
        assert_eq!(stage.lists().unwrap().len(), 1);
        assert_eq!(stage.waiting(Queue::DeadFindings).await.unwrap(), 2, "both are kept");
        assert_eq!(stage.messages().await.unwrap().len(), 2, "and told");
    });
    run(|| async {
        let stage = Stage::up(&[]).await.unwrap();
        let detector = stage.enable_guardduty().await.unwrap();
        for nth in 1..=6 {
            other_list(&stage, &detector, &format!("list-{nth}")).await;
        }
        let (outcome, why) = decision(&stage, "198.51.100.3").await;
        assert_eq!(outcome, "unreadable");
        assert!(why.contains("has 6 ThreatEntitySets, as many as it can: delete one"), "{why}");
    });
}

#[test]
fn a_member_account_is_told_that_another_one_keeps_the_lists_and_nothing_is_lost() {
    run(|| async {
        let stage = guarded(&[]).await;
        stage.is_member(true).unwrap();
        let (outcome, why) = decision(&stage, "198.51.100.1").await;
        assert_eq!(outcome, "failed");
        assert!(why.contains("member account"), "{why}");
        assert_eq!(stage.listed().await.unwrap(), ["198.51.100.1"], "what is known is kept");
        assert_eq!(stage.messages().await.unwrap().len(), 1);
        assert!(stage.sweep().await.is_err() || stage.lists().unwrap().is_empty());
        stage.is_member(false).unwrap();
        assert_eq!(
            read_by_guardduty(&stage).await,
            ["198.51.100.1"],
            "and told once that is mended"
        );
    });
}

#[test]
fn s3_and_iam_in_the_way_keep_the_finding() {
    run(|| async {
        let stage = guarded(&[]).await;
        let denied = json!({ "code": "AccessDenied", "status": 403 });
        let gone = json!({ "code": "NoSuchBucket", "status": 404 });
        for (nth, (action, error, said)) in [
            ("GetObject", &denied, "s3:GetObject and s3:ListBucket"),
            ("GetObject", &gone, "NoSuchBucket"),
            ("PutObject", &denied, "s3:PutObject and s3:GetObject"),
        ]
        .into_iter()
        .enumerate()
        {
            let fault = json!({
                "service": "s3", "action": action, "match": "kintsugi.json", "times": 0, "error": error,
            });
            stage.platform_faults.add(&fault).unwrap();
            let (outcome, why) = decision(&stage, &format!("198.51.100.{nth}")).await;
            assert!(["unreadable", "failed"].contains(&outcome.as_str()), "{outcome}: {why}");
            assert!(why.contains(said), "{why}");
            stage.platform_faults.clear().unwrap();
        }
        assert!(stage.listed().await.unwrap().is_empty());
        assert_eq!(stage.messages().await.unwrap().len(), 3);
        assert_eq!(stage.waiting(Queue::DeadFindings).await.unwrap(), 2, "what could not be read");
    });
}

#[test]
fn beaten_cut_off_or_killed_anywhere_it_ends_like_an_undisturbed_run() {
    // What only reads is the same before and after.
    const READS: &[(&str, &str, &str)] = &[
        ("s3", "GetObject", "kintsugi.json"),
        ("s3", "HeadObject", "kintsugi.txt"),
        ("dynamodb", "GetItem", "threat-list"),
        ("guardduty", "GetThreatEntitySet", ""),
    ];
    const WRITES: &[(&str, &str, &str)] = &[
        ("dynamodb", "PutItem", ""),
        ("s3", "PutObject", "kintsugi.json"),
        ("s3", "PutObject", "kintsugi.txt"),
        ("guardduty", "UpdateThreatEntitySet", ""),
        ("dynamodb", "UpdateItem", "threat-list"),
        ("sns", "Publish", ""),
    ];
    let beaten = [
        json!({ "error": { "code": "PreconditionFailed", "status": 412 } }),
        json!({ "error": { "code": "ConditionalRequestConflict", "status": 409 } }),
    ];
    let broken = |whens: &[&str]| -> Vec<_> {
        let each = |when: &&str| ["kill", "drop"].map(|how| json!({ how: true, "when": when }));
        whens.iter().flat_map(each).collect()
    };
    let reads = READS.iter().map(|call| (call, broken(&["before"])));
    let writes = WRITES.iter().map(|call| {
        let beaten = beaten.iter().filter(|_| call.1 == "PutObject").cloned();
        (call, broken(&["before", "after"]).into_iter().chain(beaten).collect())
    });
    let all: Vec<_> = reads.chain(writes).collect();
    run(|| async {
        let stage = guarded(&[]).await;
        stage.send(&attack(&stage, "203.0.113.1")).await.unwrap();
        read_by_guardduty(&stage).await;
        stage.activation_takes(0.0).unwrap();
        let mut expected = vec!["203.0.113.1".to_owned()];
        for ((service, action, text), hows) in all {
            for how in hows {
                let address = format!("198.51.100.{}", expected.len());
                let mut fault = json!({ "service": service, "action": action, "match": text });
                for (name, value) in how.as_object().unwrap() {
                    fault[name] = value.clone();
                }
                let faults = match *service {
                    "guardduty" => &stage.estate_faults,
                    _ => &stage.platform_faults,
                };
                faults.add(&fault).unwrap();
                let (outcome, why) = decision(&stage, &address).await;
                let what = format!("{how} at {action} {text}");
                assert!(faults.met(text).unwrap() > 0, "{what}: it was not disturbed");
                assert_eq!(outcome, "fixed", "{what}: {why}");
                faults.clear().unwrap();
                expected.push(address);
            }
        }
        expected.sort_by_key(|address| address.parse::<std::net::Ipv4Addr>().unwrap());
        assert_eq!(stage.listed().await.unwrap(), expected);
        assert_eq!(read_by_guardduty(&stage).await, expected);
        assert_eq!(stage.waiting(Queue::DeadFindings).await.unwrap(), 0);
    });
}
