//! What a person does: asks, undoes, opens again; and what comes twice, late, or from ourselves.

use chrono::TimeDelta;
use futures_util::{FutureExt, future::join_all};
use stage::{Queue, Vpc, events};

use crate::case::{OPTED_IN, ingress, record_of, run, stage};

const OPEN: &[&str] = &["tcp/22 from 0.0.0.0/0 # from the wiki", "tcp/22 from 10.0.0.0/8"];
const CLOSED: &[&str] = &["tcp/22 from 10.0.0.0/8"];

#[test]
fn does_what_a_person_asks_for_and_nothing_twice() {
    run(play);
}

async fn play() {
    let stage = stage(&[]).await;
    default_groups(&stage).boxed_local().await;
    join_all([
        asking_lifts_no_scope(&stage).boxed_local(),
        twice_the_same(&stage).boxed_local(),
        open_again(&stage).boxed_local(),
        gone(&stage).boxed_local(),
        our_own_call(&stage).boxed_local(),
        two_reasons(&stage).boxed_local(),
    ])
    .await;
    assert_eq!(stage.waiting(Queue::DeadLetters).await.unwrap(), 0);
}

/// A default group in use is held until a person asks; one that nothing uses is emptied, and can be filled again.
async fn default_groups(stage: &stage::Stage) {
    let (estate, at) = (&stage.estate, &stage.place);
    let in_use = estate.default_group(Vpc::Own).await.unwrap();
    let unused = estate.default_group(Vpc::Default).await.unwrap();
    let interface = estate.interface(&in_use).await.unwrap();
    for group in [&in_use, &unused] {
        estate.tag(group, "AutoRemediate", "True").await.unwrap();
        estate.open(group, &["tcp/22 from 192.0.2.0/24 # left over"]).await.unwrap();
    }
    let [before, full] =
        [estate.rules(&in_use).await, estate.rules(&unused).await].map(Result::unwrap);
    let finding = events::control("EC2.2", at, &in_use).unwrap();
    estate.import(&finding).await.unwrap();
    stage.send(&finding).await.unwrap();
    let organization = events::event("config-organization-rule", at, &unused).unwrap();
    stage.send(&organization).await.unwrap();
    stage.settled().await.unwrap();

    assert_eq!(estate.rules(&in_use).await.unwrap(), before);
    let record = record_of(stage, &in_use).await.unwrap();
    let why = format!("network interface {interface} is in it and would be cut off");
    assert_eq!(record.why, format!("a person should look first: {why}"));
    let told = estate.told(events::finding(&finding)).await.unwrap();
    assert_eq!((told.workflow.as_str(), told.by.as_str()), ("NOTIFIED", "kintsugi"));
    assert!(told.note.contains(&why), "{}", told.note);

    assert_eq!(estate.rules(&unused).await.unwrap(), []);
    let record = record_of(stage, &unused).await.unwrap();
    assert_eq!((record.outcome.as_str(), record.changes.len()), ("fixed", full.len()));
    estate.take_back(&record).await.unwrap();
    let texts = |lines: &[stage::Line]| lines.iter().map(ToString::to_string).collect::<Vec<_>>();
    assert_eq!(texts(&estate.rules(&unused).await.unwrap()), texts(&full), "taken back");

    stage.messages().await.unwrap();
    let asked = events::asked_for(&[&finding], at).unwrap();
    stage.send(&asked).await.unwrap();
    stage.settled().await.unwrap();
    assert_eq!(estate.rules(&in_use).await.unwrap(), [], "a person asked for it");
    let told = estate.told(events::finding(&finding)).await.unwrap();
    assert_eq!(told.workflow, "RESOLVED");
    assert_eq!(stage.messages().await.unwrap().len(), 1);
}

/// Who asks gets an answer, but scope binds all the same.
async fn asking_lifts_no_scope(stage: &stage::Stage) {
    let (estate, at) = (&stage.estate, &stage.place);
    let group = estate.group(Vpc::Own, "unasked", &[("Name", "x")], OPEN).await.unwrap();
    let finding = events::control("EC2.13", at, &group).unwrap();
    estate.import(&finding).await.unwrap();
    stage.send(&events::asked_for(&[&finding], at).unwrap()).await.unwrap();
    stage.settled().await.unwrap();
    assert_eq!(ingress(estate, &group).await.len(), OPEN.len());
    let record = record_of(stage, &group).await.unwrap();
    assert_eq!(record.why, "it is not in scope: the tag AutoRemediate=True is missing");
    let told = estate.told(events::finding(&finding)).await.unwrap();
    assert_eq!(told.workflow, "NOTIFIED");
}

/// The same event twice is one record; the repair can be taken back from it.
async fn twice_the_same(stage: &stage::Stage) {
    let (estate, at) = (&stage.estate, &stage.place);
    let group = estate.group(Vpc::Default, "twice", OPTED_IN, OPEN).await.unwrap();
    let before = ingress(estate, &group).await;
    let finding = events::control("EC2.13", at, &group).unwrap();
    estate.import(&finding).await.unwrap();
    for _ in 0..2 {
        stage.send(&finding).await.unwrap();
        stage.settled().await.unwrap();
    }
    assert_eq!(ingress(estate, &group).await, CLOSED);
    let record = record_of(stage, &group).await.unwrap();
    assert_eq!(record.outcome, "fixed");
    estate.take_back(&record).await.unwrap();
    assert_eq!(ingress(estate, &group).await, before);
}

/// The same finding seen later is new evidence; seen earlier, it is old news.
async fn open_again(stage: &stage::Stage) {
    let (estate, at) = (&stage.estate, &stage.place);
    let group = estate.group(Vpc::Own, "again", OPTED_IN, OPEN).await.unwrap();
    let now = events::now();
    let first = events::seen(events::control("EC2.13", at, &group).unwrap(), now);
    estate.import(&first).await.unwrap();
    stage.send(&first).await.unwrap();
    stage.settled().await.unwrap();
    estate.open(&group, &OPEN[..1]).await.unwrap();
    let newer = events::seen(first.clone(), now + TimeDelta::minutes(5));
    stage.send(&newer).await.unwrap();
    stage.settled().await.unwrap();
    assert_eq!(ingress(estate, &group).await, CLOSED, "newer evidence of the same finding");

    estate.open(&group, &OPEN[..1]).await.unwrap();
    let older = events::seen(first, now + TimeDelta::minutes(3));
    stage.send(&older).await.unwrap();
    stage.settled().await.unwrap();
    assert_eq!(ingress(estate, &group).await.len(), OPEN.len(), "older evidence");
    let records = stage.records().await.unwrap();
    let mine = records.iter().filter(|record| record.is_about(&group));
    let outcomes: Vec<_> = mine.map(|record| record.outcome.as_str()).collect();
    assert_eq!(outcomes, ["fixed", "fixed", "ignored"]);
}

async fn gone(stage: &stage::Stage) {
    let (estate, at) = (&stage.estate, &stage.place);
    let group = estate.group(Vpc::Own, "gone", OPTED_IN, OPEN).await.unwrap();
    estate.delete(&group).await.unwrap();
    stage.send(&events::control("EC2.13", at, &group).unwrap()).await.unwrap();
    stage.settled().await.unwrap();
    assert_eq!(record_of(stage, &group).await.unwrap().outcome, "gone");
}

/// What our own role opened (as an undo does) is our own doing.
async fn our_own_call(stage: &stage::Stage) {
    let (estate, at) = (&stage.estate, &stage.place);
    let group = estate.group(Vpc::Own, "ours", OPTED_IN, OPEN).await.unwrap();
    let mut event = events::event("cloudtrail-authorize", at, &group).unwrap();
    let role = stage.role().unwrap();
    let issuer = &mut event["detail"]["userIdentity"]["sessionContext"]["sessionIssuer"];
    issuer["userName"] = role.rsplit('/').next().into();
    issuer["arn"] = role.into();
    stage.send(&event).await.unwrap();
    stage.settled().await.unwrap();
    let record = record_of(stage, &group).await.unwrap();
    assert_eq!(record.outcome, "ignored");
    assert!(record.why.starts_with("it is our own doing"), "{}", record.why);
    assert_eq!(ingress(estate, &group).await.len(), OPEN.len());
}

/// Two controls about the same rule, at the same time: it goes, and neither stumbles over the other.
async fn two_reasons(stage: &stage::Stage) {
    let (estate, at) = (&stage.estate, &stage.place);
    let group = estate.group(Vpc::Own, "reasons", OPTED_IN, OPEN).await.unwrap();
    for control in ["EC2.13", "EC2.18", "EC2.19"] {
        stage.send(&events::control(control, at, &group).unwrap()).await.unwrap();
    }
    stage.settled().await.unwrap();
    assert_eq!(ingress(estate, &group).await, CLOSED);
    let records = stage.records().await.unwrap();
    let mine: Vec<_> = records.iter().filter(|record| record.is_about(&group)).collect();
    assert_eq!(mine.len(), 3);
    assert!(
        mine.iter().all(|record| ["fixed", "right"].contains(&record.outcome.as_str())),
        "{mine:?}"
    );
    assert!(mine.iter().any(|record| record.outcome == "fixed"));
}
