//! Plans that wait for a person.

use runtime::order::What;
use stage::{ADA, events};

use super::{CLOSED, OPEN, about, done, handled, later, newest, open_group, policy, push, refused};
use crate::case::{ingress, run, stage};

#[test]
fn a_plan_waits_for_a_person_and_is_carried_out_if_it_is_still_the_same() {
    run(|| async {
        let stage = stage(&[]).await;
        push(&stage, &policy(r#"@mode("approve")"#), 0).await;
        stage.messages().await.unwrap();
        Box::pin(approved(&stage)).await;
        changed_meanwhile(&stage).await;
        rejected(&stage).await;
        asked_for_at_once(&stage).await;
        unknown(&stage).await;
    });
}

async fn approved(stage: &stage::Stage) {
    let (group, finding) = open_group(stage, "approved").await;
    handled(stage, &finding).await;
    let asking = newest(stage, &group).await;
    assert_eq!(asking.why, "a person must approve it (policy ours)");
    assert_eq!(ingress(&stage.estate, &group).await.len(), OPEN.len());
    let [message] = &stage.messages().await.unwrap()[..] else { panic!("one message") };
    assert!(message.subject.starts_with("Kintsugi asks whether to repair"), "{}", message.subject);
    assert!(
        message.text.contains(&format!("  kintsugi approve {}", asking.id)),
        "{}",
        message.text
    );
    let told = stage.estate.told(events::finding(&finding)).await.unwrap();
    assert_eq!(told.workflow, "NOTIFIED");

    handled(stage, &later(&finding, 1)).await;
    assert_eq!(stage.messages().await.unwrap(), [], "the same is not asked twice");

    done(stage, What::Approve { record: asking.id.clone() }).await;
    stage.settled().await.unwrap();
    assert_eq!(ingress(&stage.estate, &group).await, CLOSED);
    let fixed = newest(stage, &group).await;
    assert_eq!((fixed.outcome.as_str(), fixed.page.asked_by()), ("fixed", Some(ADA)));
    let told = stage.estate.told(events::finding(&finding)).await.unwrap();
    assert_eq!(told.workflow, "RESOLVED");
    let [message] = &stage.messages().await.unwrap()[..] else { panic!("one message") };
    assert!(message.text.contains(&format!("approved with record {}", asking.id)));

    let before = about(stage, &group).await.len();
    let why = refused(stage, What::Reject { record: asking.id, days: None }).await;
    assert!(why.contains(&format!("it was approved by {ADA}")), "{why}");
    assert_eq!(about(stage, &group).await.len(), before, "nothing is written");
}

async fn changed_meanwhile(stage: &stage::Stage) {
    let (group, finding) = open_group(stage, "changed").await;
    handled(stage, &finding).await;
    let asking = newest(stage, &group).await;
    stage.estate.open(&group, &["tcp/22 from ::/0"]).await.unwrap();
    done(stage, What::Approve { record: asking.id.clone() }).await;
    stage.settled().await.unwrap();
    assert_eq!(ingress(&stage.estate, &group).await.len(), OPEN.len() + 1, "nothing is changed");
    let again = newest(stage, &group).await;
    let why = format!("what was approved with record {} is not what would be done now", asking.id);
    assert!(again.why.starts_with(&why), "{}", again.why);
    done(stage, What::Approve { record: again.id }).await;
    stage.settled().await.unwrap();
    assert_eq!(ingress(&stage.estate, &group).await, CLOSED);
    stage.messages().await.unwrap();
}

async fn rejected(stage: &stage::Stage) {
    let (group, finding) = open_group(stage, "rejected").await;
    handled(stage, &finding).await;
    let asking = newest(stage, &group).await;
    done(stage, What::Reject { record: asking.id.clone(), days: Some(7) }).await;
    stage.messages().await.unwrap();
    handled(stage, &later(&finding, 2)).await;
    let held = newest(stage, &group).await;
    assert!(held.why.contains(&format!("said by {ADA}")), "{}", held.why);
    assert_eq!(held.page.asks, None, "nobody is asked again");
    let why = refused(stage, What::Approve { record: asking.id }).await;
    assert!(why.contains(&format!("it was rejected by {ADA}")), "{why}");
    assert_eq!(ingress(&stage.estate, &group).await.len(), OPEN.len());
}

/// The custom action is an approval, too; so is `run`.
async fn asked_for_at_once(stage: &stage::Stage) {
    let (group, finding) = open_group(stage, "selected").await;
    stage.send(&events::asked_for(&[&finding], &stage.place).unwrap()).await.unwrap();
    stage.settled().await.unwrap();
    assert_eq!(ingress(&stage.estate, &group).await, CLOSED);

    let (group, finding) = open_group(stage, "run").await;
    handled(stage, &finding).await;
    done(stage, What::Run { record: newest(stage, &group).await.id }).await;
    stage.settled().await.unwrap();
    assert_eq!(ingress(&stage.estate, &group).await, CLOSED);

    let (group, finding) = open_group(stage, "run-event").await;
    done(stage, What::RunEvent { event: finding }).await;
    stage.settled().await.unwrap();
    assert_eq!(ingress(&stage.estate, &group).await, CLOSED);
    assert_eq!(newest(stage, &group).await.page.asked_by(), Some(ADA));
}

async fn unknown(stage: &stage::Stage) {
    let records = stage.records().await.unwrap().len();
    for (record, said) in [
        ("k-000000000000", "there is no record k-000000000000"),
        ("k-../../control", "is no record: records are called like"),
        ("", "is no record: records are called like"),
    ] {
        let record = record.to_owned();
        let days = None;
        for what in [
            What::Approve { record: record.clone() },
            What::Reject { record: record.clone(), days },
            What::Undo { record: record.clone(), days },
            What::Run { record },
        ] {
            let why = refused(stage, what).await;
            assert!(why.contains(said), "{why}");
        }
    }
    assert_eq!(stage.records().await.unwrap().len(), records);
}
