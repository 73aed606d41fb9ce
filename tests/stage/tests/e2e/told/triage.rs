//! What matters here: risks that are accepted, and how bad a finding is, written where Security Hub keeps it.

use serde_json::json;
use stage::{Queue, Stage, Vpc, events, wait};

use super::{
    a_minute_later,
    channels::{NOBODYS, later},
    got, told,
};
use crate::case::run;

const RULES: &str = r#"
[channels.siem]
kind = "webhook"
url = "{webhook}"
secret = "kintsugi/signing"
at_once = "LOW"

[channels.chief]
kind = "slack"
secret = "kintsugi/hook"
at_once = "LOW"

[[routes]]
to = ["siem"]

[[escalations]]
after = "1m"
to = ["chief"]

[[severities]]
controls = ["Account.2"]
severity = "LOW"
reason = "there is nothing in it"

[[accepted]]
name = "lab"
controls = ["Account.1"]
reason = "a lab without data"
owner = "the lab"
until = "2999-12-31"
"#;

async fn workflow(stage: &Stage, finding: &str, wanted: &str) {
    let look = async || {
        let told = stage.estate.told(finding).await?;
        if told.workflow == wanted { Ok(Ok(())) } else { Ok(Err(format!("{told:?}"))) }
    };
    wait(&format!("the finding to be {wanted}"), look).await.unwrap();
}

#[test]
fn an_accepted_risk_is_suppressed_with_its_reason_again_when_it_comes_back_and_told_to_nobody() {
    run(async || {
        let stage = told(&[], RULES).await;
        let group = stage.estate.group(Vpc::Own, "lab", &[], &[]).await.unwrap();
        let event = events::control(NOBODYS, &stage.place, &group).unwrap();
        stage.estate.import(&event).await.unwrap();
        stage.send(&event).await.unwrap();
        let id = events::finding(&event);
        workflow(&stage, id, "SUPPRESSED").await;
        let finding = stage.estate.told(id).await.unwrap();
        assert!(finding.note.contains("a lab without data"), "{finding:?}");
        assert!(finding.note.contains("the lab"), "{finding:?}");

        let again = later(&event, &[]);
        stage.estate.import(&again).await.unwrap();
        stage.estate.set_workflow(&again, "NEW").await.unwrap();
        stage.send(&again).await.unwrap();
        workflow(&stage, id, "SUPPRESSED").await;
        stage.told().await.unwrap();
        assert_eq!(stage.channels.got("webhook").unwrap(), Vec::<serde_json::Value>::new());
    });
}

#[test]
fn how_bad_a_control_is_here_is_written_to_its_findings_once() {
    run(async || {
        let stage = told(&[], RULES).await;
        let group = stage.estate.group(Vpc::Own, "shop", &[], &[]).await.unwrap();
        let event = events::control("Account.2", &stage.place, &group).unwrap();
        stage.estate.import(&event).await.unwrap();
        stage.send(&event).await.unwrap();
        let told = got(&stage, "webhook", 1).await;
        assert_eq!(told[0]["body"]["news"]["severity"], "LOW", "{told:#?}");
        stage.told().await.unwrap();
        let finding = stage.estate.told(events::finding(&event)).await.unwrap();
        assert_eq!(finding.severity, "LOW", "{finding:?}");
    });
}

#[test]
fn what_is_critical_and_neither_repaired_nor_acknowledged_in_time_escalates_once() {
    run(async || {
        let stage = told(&[], RULES).await;
        let mut cases = Vec::new();
        for name in ["left", "known"] {
            let group = stage.estate.group(Vpc::Own, name, &[], &[]).await.unwrap();
            let mut event = events::control("Account.3", &stage.place, &group).unwrap();
            event["detail"]["findings"][0]["Severity"] =
                json!({ "Label": "CRITICAL", "Normalized": 90 });
            stage.estate.import(&event).await.unwrap();
            stage.send(&event).await.unwrap();
            cases.push(group);
        }
        let told = got(&stage, "webhook", 2).await;
        let known = told.iter().find(|one| one.to_string().contains(&cases[1])).unwrap();
        let case = known["body"]["news"]["case"].as_str().unwrap();
        stage.says(&["acknowledge", case, "--why", "on it"]).unwrap();
        a_minute_later(&stage).await;
        let chief = got(&stage, "slack", 1).await;
        assert!(chief[0].to_string().contains(&cases[0]), "{chief:#?}");
        let all = stage.channels.got("slack").unwrap();
        assert_eq!(all.len(), 1, "{all:#?}");
        assert_eq!(stage.drain(Queue::DeadNews).await.unwrap(), Vec::<String>::new());
    });
}
