//! Every channel hears once, whatever fails in between, and hears how it went on.

use serde_json::{Value, json};
use stage::{Queue, Stage, Vpc, events};

use super::{a_minute_later, got, told};
use crate::case::{OPTED_IN, run};

const EVERYBODY: &str = r#"
[channels.team]
kind = "slack"
secret = "kintsugi/bot"
channel = "C0SECURITY"
api = "{slack}"
at_once = "LOW"
most = 50

[channels.hook]
kind = "slack"
secret = "kintsugi/hook"
at_once = "LOW"
most = 50

[channels.issues]
kind = "jira"
site = "{jira}"
secret = "kintsugi/jira"
project = "SEC"
labels = ["aws"]
priorities = { HIGH = "High" }
close = "Done"
reopen = "To Do"

[channels.tasks]
kind = "backlog"
site = "{backlog}"
secret = "kintsugi/backlog"
project = 1001
issue_type = 2001
close = 4

[channels.siem]
kind = "webhook"
url = "{webhook}"
secret = "kintsugi/signing"
at_once = "LOW"
most = 50

[channels.people]
kind = "mail"
at_once = "LOW"
most = 50

[[routes]]
to = ["team", "hook", "issues", "tasks", "siem", "people"]
"#;

/// A control that no remediation answers.
pub(super) const NOBODYS: &str = "Account.1";

/// The same finding as Security Hub says it later.
pub(super) fn later(event: &Value, change: &[(&str, Value)]) -> Value {
    let mut event = events::seen(event.clone(), events::now());
    let finding = &mut event["detail"]["findings"][0];
    for (pointer, value) in change {
        match finding.pointer_mut(pointer) {
            Some(place) => *place = value.clone(),
            None => panic!("{pointer} is not in the finding"),
        }
    }
    event
}

fn text(value: &Value) -> String {
    value.to_string()
}

async fn none_left(stage: &Stage) {
    let dead = stage.drain(Queue::DeadNews).await.unwrap();
    let log = stage.log().unwrap();
    let why = log.lines().filter(|line| line.contains("comes again") || line.contains("kept"));
    assert_eq!(dead, Vec::<String>::new(), "{:#?}", why.collect::<Vec<_>>());
}

#[test]
fn a_repair_is_told_once_in_every_channel_and_a_finding_that_comes_again_to_nobody() {
    run(async || {
        let stage = told(&[], EVERYBODY).await;
        let group = stage
            .estate
            .group(Vpc::Own, "shop", OPTED_IN, &["tcp/22 from 0.0.0.0/0"])
            .await
            .unwrap();
        let event = events::control("EC2.13", &stage.place, &group).unwrap();
        stage.estate.import(&event).await.unwrap();
        stage.send(&event).await.unwrap();
        stage.send(&event).await.unwrap();
        stage.told().await.unwrap();
        let about = |service: &str| {
            let all = stage.channels.got(service).unwrap();
            all.into_iter().filter(|one| text(one).contains(&group)).count()
        };
        // A repair opens no ticket: nothing is left to do.
        for (service, count) in [("slack", 2), ("webhook", 1), ("jira", 0), ("backlog", 0)] {
            assert_eq!(about(service), count, "{service}: {:#?}", stage.channels.got(service));
            assert_eq!(stage.channels.refused(service).unwrap(), Vec::<Value>::new(), "{service}");
        }
        let mails = stage.mails().await.unwrap();
        let [mail] = mails.as_slice() else { panic!("{mails:#?}") };
        assert!(mail.text.contains("revoke tcp/22 from 0.0.0.0/0"), "{}", mail.text);
        assert!(mail.text.contains("kintsugi undo k-"), "{}", mail.text);
        none_left(&stage).await;
    });
}

#[test]
fn what_nobody_repairs_has_one_ticket_for_ever_which_closes_and_opens_with_it() {
    run(async || {
        let stage = told(&[], EVERYBODY).await;
        let group = stage.estate.group(Vpc::Own, "shop", &[], &[]).await.unwrap();
        let event = events::control(NOBODYS, &stage.place, &group).unwrap();
        stage.estate.import(&event).await.unwrap();
        stage.send(&event).await.unwrap();
        let jira = got(&stage, "jira", 1).await;
        let backlog = got(&stage, "backlog", 1).await;
        stage.told().await.unwrap();
        assert_eq!((jira.len(), backlog.len()), (1, 1));
        assert_eq!(jira[0]["status"], "To Do");

        // Security Hub says the same again every day: nobody hears of it.
        stage.send(&later(&event, &[])).await.unwrap();
        stage.told().await.unwrap();
        assert_eq!(stage.channels.got("slack").unwrap().len(), 2);

        let passed =
            [("/Compliance/Status", json!("PASSED")), ("/Workflow/Status", json!("RESOLVED"))];
        stage.send(&later(&event, &passed)).await.unwrap();
        stage.told().await.unwrap();
        let jira = stage.channels.got("jira").unwrap();
        assert_eq!((jira.len(), &jira[0]["status"]), (1, &json!("Done")), "{jira:#?}");
        assert_eq!(jira[0]["comments"].as_array().unwrap().len(), 1, "{jira:#?}");
        let backlog = stage.channels.got("backlog").unwrap();
        assert_eq!((backlog.len(), &backlog[0]["statusId"]), (1, &json!(4)), "{backlog:#?}");

        stage.send(&later(&event, &[])).await.unwrap();
        stage.told().await.unwrap();
        let jira = stage.channels.got("jira").unwrap();
        assert_eq!((jira.len(), &jira[0]["status"]), (1, &json!("To Do")), "{jira:#?}");
        let backlog = stage.channels.got("backlog").unwrap();
        assert_eq!((backlog.len(), &backlog[0]["statusId"]), (1, &json!(1)), "{backlog:#?}");
        for service in ["slack", "webhook", "jira", "backlog"] {
            assert_eq!(stage.channels.refused(service).unwrap(), Vec::<Value>::new(), "{service}");
        }
        none_left(&stage).await;
    });
}

#[test]
fn no_fault_of_a_channel_doubles_a_ticket_or_keeps_the_others_from_hearing() {
    run(async || {
        let stage = told(&[], EVERYBODY).await;
        for fault in [
            // The ticket is made, and the answer lost.
            json!({ "service": "jira", "match": "issue", "times": 1, "drop": "after" }),
            json!({ "service": "backlog", "times": 1, "half": true }),
            json!({ "service": "slack", "times": 2, "status": 429, "headers": { "retry-after": "1" } }),
            json!({ "service": "webhook", "times": 2, "status": 500 }),
        ] {
            stage.channels.fail(&fault).unwrap();
        }
        let group = stage.estate.group(Vpc::Own, "shop", &[], &[]).await.unwrap();
        let event = events::control(NOBODYS, &stage.place, &group).unwrap();
        stage.estate.import(&event).await.unwrap();
        stage.send(&event).await.unwrap();
        got(&stage, "slack", 2).await;
        got(&stage, "webhook", 1).await;
        got(&stage, "jira", 1).await;
        got(&stage, "backlog", 1).await;
        stage.told().await.unwrap();
        for (service, count) in [("slack", 2), ("webhook", 1), ("jira", 1), ("backlog", 1)] {
            let got = stage.channels.got(service).unwrap();
            assert_eq!(got.len(), count, "{service}: {got:#?}");
        }
        assert_eq!(stage.mails().await.unwrap().len(), 1);
        none_left(&stage).await;
    });
}

#[test]
fn a_burst_of_alike_findings_is_one_digest_with_their_count() {
    run(async || {
        let rules = r#"
            [channels.siem]
            kind = "webhook"
            url = "{webhook}"
            secret = "kintsugi/signing"
            at_once = "CRITICAL"
            window = "1m"
            most = 2

            [[routes]]
            to = ["siem"]
        "#;
        let stage = told(&[], rules).await;
        let group = stage.estate.group(Vpc::Own, "shop", &[], &[]).await.unwrap();
        let mut event = events::control(NOBODYS, &stage.place, &group).unwrap();
        let finding = event["detail"]["findings"][0].clone();
        let many = |from: usize| {
            let one = |nth: usize| {
                let mut finding = finding.clone();
                let id = format!("{}-{nth}", finding["Id"].as_str().unwrap_or_default());
                finding["Id"] = json!(id);
                let arn = format!("arn:aws:kms:eu-west-1:111122223333:key/{nth:036}");
                finding["Resources"][0]["Id"] = json!(arn);
                finding
            };
            Value::Array((from..from + 20).map(one).collect())
        };
        for from in (0..100).step_by(20) {
            event["detail"]["findings"] = many(from);
            stage.send(&event).await.unwrap();
        }
        stage.told().await.unwrap();
        a_minute_later(&stage).await;
        let got = stage.channels.got("webhook").unwrap();
        // A window may end in the middle of the burst.
        let groups = got.iter().filter_map(|one| one["body"]["digest"]["groups"].as_array());
        let ours = groups.flatten().filter(|group| group["about"] == NOBODYS);
        let counts = ours.filter_map(|group| group["count"].as_u64());
        let count: u64 = counts.sum();
        assert_eq!(count, 100, "{got:#?}");
        assert!(got.len() <= 2, "{got:#?}");
    });
}
