//! Many findings, few writes; and what GuardDuty is too busy for waits until it is not.

use futures_util::future::try_join_all;
use serde_json::{Value, json};
use stage::{Result, Stage, Trouble, events};

use super::{attack, guarded, of, read_by_guardduty, swept};
use crate::case::run;

/// Each call of the function is a process of its own here.
#[test]
fn fifty_that_write_at_once_lose_no_address() {
    run(|| async {
        let stage = guarded(&[]).await;
        let addresses: Vec<String> = (1..=50).map(|nth| format!("198.51.100.{nth}")).collect();
        let findings: Vec<_> = addresses.iter().map(|address| attack(&stage, address)).collect();
        try_join_all(findings.iter().map(|event| handled(&stage, event))).await.unwrap();
        let lines = read_by_guardduty(&stage).await;
        assert_eq!(lines.len(), 50, "{lines:?}");
        assert!(addresses.iter().all(|address| lines.contains(address)));
        assert_eq!(stage.lists().unwrap().len(), 1, "one list");
        let records = stage.records().await.unwrap();
        for event in &findings {
            let mine = of(&records, event);
            assert_eq!(mine.len(), 1, "one record each");
        }
    });
}

/// The function is called with an event, as often as Lambda calls it that must come again.
async fn handled(stage: &Stage, event: &Value) -> Result<()> {
    for _ in 0..5 {
        let answer = stage.invoke("GuarddutyFunctionName", event).await?;
        if answer["decisions"][0]["outcome"] == "fixed" {
            return Ok(());
        }
        assert_eq!(answer["errorType"], "Kintsugi.MustComeAgain", "{answer}");
    }
    Err(Trouble("it came again and again".into()))
}

#[test]
fn a_burst_is_few_writes_and_no_more_activations_than_guardduty_can_take() {
    run(|| async {
        let stage = guarded(&[]).await;
        stage.activation_takes(-1.0).unwrap();
        for nth in 0..200_u32 {
            let address = format!("203.0.113.{}", 1 + nth % 60);
            stage.send(&attack(&stage, &address)).await.unwrap();
        }
        stage.settled().await.unwrap();
        assert_eq!(stage.listed().await.unwrap().len(), 60);
        let made = stage.estate_faults.calls("guardduty.CreateThreatEntitySet").unwrap();
        let updated = stage.estate_faults.calls("guardduty.UpdateThreatEntitySet").unwrap();
        assert_eq!((made, updated), (1, 0), "it was busy from then on");
        let records = stage.records().await.unwrap();
        assert_eq!(records.len(), 200, "a record for each finding");
        assert!(records.iter().all(|record| record.outcome == "fixed"));
        let messages = stage.messages().await.unwrap();
        assert_eq!(messages.len(), 60, "one for each address");
        assert_eq!(swept_while_busy(&stage).await, Vec::<String>::new());
        stage.activation_takes(0.1).unwrap();
        assert_eq!(read_by_guardduty(&stage).await.len(), 60);
        assert_eq!(swept(&stage).await, Vec::<String>::new(), "nothing is due any more");
    });
}

/// What the sweep did although GuardDuty is busy.
async fn swept_while_busy(stage: &Stage) -> Vec<String> {
    let answer = stage.sweep().await.unwrap();
    let decisions = answer["decisions"].as_array().cloned().unwrap_or_default();
    let did = decisions.iter().filter(|decision| decision["outcome"] != "right");
    did.map(ToString::to_string).collect()
}

#[test]
fn what_guardduty_does_not_take_now_it_is_told_later_without_a_new_finding() {
    run(|| async {
        let stage = guarded(&[]).await;
        stage.send(&attack(&stage, "198.51.100.1")).await.unwrap();
        stage.settled().await.unwrap();
        assert_eq!(stage.at_guardduty().await.unwrap().lines, ["198.51.100.1"]);

        let throttled = json!({ "code": "ThrottlingException", "status": 429 });
        let fault = json!({
            "service": "guardduty", "action": "UpdateThreatEntitySet", "times": 0, "error": throttled,
        });
        stage.estate_faults.add(&fault).unwrap();
        let event = attack(&stage, "198.51.100.2");
        stage.send(&event).await.unwrap();
        stage.settled().await.unwrap();
        let records = stage.records().await.unwrap();
        assert_eq!(of(&records, &event)[0].outcome, "fixed", "it is on the list");
        assert_eq!(stage.at_guardduty().await.unwrap().lines, ["198.51.100.1"]);
        stage.estate_faults.clear().unwrap();
        assert_eq!(
            swept(&stage).await,
            ["sweep/activate_list: fixed: 1 of 1 changes made and verified"]
        );
        let lines = stage.at_guardduty().await.unwrap().lines;
        assert_eq!(lines, ["198.51.100.1", "198.51.100.2"]);
    });
}

#[test]
fn who_is_not_seen_any_more_leaves_the_list_and_who_is_seen_again_stays() {
    run(|| async {
        let stage = guarded(&[("ListDays", "10")]).await;
        let long_ago = events::now() - chrono::TimeDelta::days(9);
        for address in ["198.51.100.1", "198.51.100.2"] {
            let event = events::seen(attack(&stage, address), long_ago);
            stage.send(&event).await.unwrap();
        }
        let too_old = events::seen(
            attack(&stage, "198.51.100.3"),
            events::now() - chrono::TimeDelta::days(11),
        );
        stage.send(&too_old).await.unwrap();
        stage.settled().await.unwrap();
        assert_eq!(stage.listed().await.unwrap(), ["198.51.100.1", "198.51.100.2"]);
        let records = stage.records().await.unwrap();
        let why = &of(&records, &too_old)[0].why;
        assert!(why.contains("longer ago than ListDays allows"), "{why}");

        stage.messages().await.unwrap();
        stage.send(&attack(&stage, "198.51.100.2")).await.unwrap();
        stage.settled().await.unwrap();
        let known = stage.listing("198.51.100.2").await.unwrap().unwrap();
        assert!(known.last > known.first && known.findings.iter().count() == 2, "{known:?}");
        assert!(stage.messages().await.unwrap().is_empty(), "that is no news");

        // A day later, as far as the list can tell.
        let json = stage.object("kintsugi.json").await.unwrap().unwrap();
        let until = stage.listing("198.51.100.1").await.unwrap().unwrap().until.0;
        stage.put_object("kintsugi.json", &json.replace(&until.to_string(), "1")).await.unwrap();
        let did = swept(&stage).await;
        assert_eq!(did[0], "sweep/expire_addresses: fixed: 1 of 1 changes made and verified");
        assert_eq!(read_by_guardduty(&stage).await, ["198.51.100.2"]);
        assert!(stage.messages().await.unwrap().is_empty(), "nor is that");
    });
}
