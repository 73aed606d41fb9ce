//! Taking back, with the role that may.

use runtime::order::What;
use serde_json::json;
use stage::{ADA, Stage, Vpc, events};

use super::{CLOSED, OPEN, done, handled, later, newest, open_group, refused};
use crate::case::{OPTED_IN, ingress, run, stage};

#[test]
fn what_was_done_is_taken_back_and_left_alone_then() {
    run(|| async {
        let stage = stage(&[("WideRule", "split")]).await;
        exactly(&stage).await;
        a_split(&stage).await;
        a_part(&stage).await;
        a_default_group(&stage).await;
        an_address(&stage).await;
    });
}

fn undo(record: &str) -> What {
    What::Undo { record: record.into(), days: None }
}

async fn exactly(stage: &Stage) {
    let estate = &stage.estate;
    let (group, finding) = open_group(stage, "undone").await;
    let wide = estate.rules(&group).await.unwrap()[0].rule.id.clone();
    estate.tag(&wide, "Team", "shop").await.unwrap();
    let before = estate.rules(&group).await.unwrap();
    handled(stage, &finding).await;
    let fixed = newest(stage, &group).await;
    let (said, undone) = done(stage, undo(&fixed.id)).await;
    let undone = undone.unwrap();
    assert_eq!((undone.outcome.word(), undone.by.as_deref()), ("fixed", Some(ADA)), "{said}");
    let after = estate.rules(&group).await.unwrap();
    let texts = |lines: &[stage::Line]| {
        lines.iter().map(|l| format!("{l} {:?}", l.rule.tags)).collect::<Vec<_>>()
    };
    assert_eq!(texts(&after), texts(&before), "descriptions and tags included");
    let messages = stage.messages().await.unwrap();
    assert!(messages[1].subject.starts_with("Kintsugi took back what it had changed on"));

    handled(stage, &later(&finding, 1)).await;
    assert_eq!(ingress(estate, &group).await.len(), OPEN.len());
    let held = newest(stage, &group).await;
    assert!(held.why.starts_with("it is exempt until"), "{}", held.why);
    assert!(held.why.contains(&format!("undo of record {}", fixed.id)), "{}", held.why);

    let (_, redone) = done(stage, undo(&undone.id)).await;
    assert_eq!(redone.unwrap().outcome.word(), "fixed");
    assert_eq!(ingress(estate, &group).await, CLOSED, "an undo can be undone");
    estate.open(&group, &OPEN[..1]).await.unwrap();
    handled(stage, &later(&finding, 2)).await;
    assert_eq!(ingress(estate, &group).await, CLOSED, "and the group is looked after again");

    let why = refused(stage, undo(&held.id)).await;
    assert!(why.contains("nothing was changed under it"), "{why}");
}

async fn a_split(stage: &Stage) {
    let estate = &stage.estate;
    let group = estate.group(Vpc::Own, "split", OPTED_IN, &["tcp/20-30 from 0.0.0.0/0 # farm"]);
    let group = group.await.unwrap();
    stage.send(&events::control("EC2.13", &stage.place, &group).unwrap()).await.unwrap();
    stage.settled().await.unwrap();
    assert_eq!(ingress(estate, &group).await.len(), 2);
    done(stage, undo(&newest(stage, &group).await.id)).await;
    assert_eq!(ingress(estate, &group).await, ["tcp/20-30 from 0.0.0.0/0 # farm"]);
}

/// What AWS refuses to open again is told; asked for again, the rest comes back.
async fn a_part(stage: &Stage) {
    let estate = &stage.estate;
    let rules = &["tcp/22 from 0.0.0.0/0", "tcp/22 from ::/0"];
    let group = estate.group(Vpc::Own, "partly", OPTED_IN, rules).await.unwrap();
    stage.send(&events::control("EC2.13", &stage.place, &group).unwrap()).await.unwrap();
    stage.settled().await.unwrap();
    let fixed = newest(stage, &group).await;
    let denied = json!({ "code": "UnauthorizedOperation", "status": 403 });
    let rule = json!({
        "action": "AuthorizeSecurityGroupIngress", "match": group, "times": 1, "error": denied,
    });
    stage.estate_faults.add(&rule).unwrap();
    let (_, undone) = done(stage, undo(&fixed.id)).await;
    stage.estate_faults.clear().unwrap();
    let undone = undone.unwrap();
    assert_eq!(undone.outcome.word(), "partial", "{undone:?}");
    assert_eq!(ingress(estate, &group).await.len(), 1);
}

async fn a_default_group(stage: &Stage) {
    let estate = &stage.estate;
    let group = estate.default_group(Vpc::Default).await.unwrap();
    estate.tag(&group, "AutoRemediate", "True").await.unwrap();
    let before = estate.rules(&group).await.unwrap();
    stage.send(&events::control("EC2.2", &stage.place, &group).unwrap()).await.unwrap();
    stage.settled().await.unwrap();
    assert_eq!(estate.rules(&group).await.unwrap(), []);
    done(stage, undo(&newest(stage, &group).await.id)).await;
    let texts = |lines: &[stage::Line]| lines.iter().map(ToString::to_string).collect::<Vec<_>>();
    assert_eq!(texts(&estate.rules(&group).await.unwrap()), texts(&before));
}

async fn an_address(stage: &Stage) {
    stage.enable_guardduty().await.unwrap();
    stage.activation_takes(0.1).unwrap();
    let attack = crate::threats::attack(stage, "198.51.100.77");
    stage.send(&attack).await.unwrap();
    stage.settled().await.unwrap();
    assert_eq!(stage.listed().await.unwrap(), ["198.51.100.77"]);
    let records = stage.records().await.unwrap();
    let listed = records.iter().find(|r| r.remediation == "guardduty/list_attackers").unwrap();
    done(stage, undo(&listed.id)).await;
    assert_eq!(stage.listed().await.unwrap(), [""; 0]);
    stage.send(&attack).await.unwrap();
    stage.settled().await.unwrap();
    assert_eq!(stage.listed().await.unwrap(), [""; 0], "it stays off without newer evidence");
}
