//! What goes wrong on the way: throttled, denied, lost, killed.

use futures_util::{FutureExt, future::join_all};
use serde_json::{Value, json};
use stage::{Queue, Stage, Vpc, events, wait};

use crate::case::{OPTED_IN, ingress, record_of, run, stage};

const OPEN: &[&str] = &[
    "tcp/22 from 0.0.0.0/0",
    "tcp/22 from ::/0",
    "tcp/22 from 10.0.0.0/8",
    "tcp/22 from 0.0.0.0/1",
    "tcp/22 from @world",
    "tcp/22 from 128.0.0.0/1",
];
const CLOSED: &[&str] = &["tcp/22 from 10.0.0.0/8"];

#[test]
fn what_goes_wrong_on_the_way_is_tried_again_or_told() {
    run(|| async {
        let stage = stage(&[]).await;
        join_all([
            throttled(&stage).boxed_local(),
            denied(&stage).boxed_local(),
            all_denied(&stage).boxed_local(),
            gone_meanwhile(&stage).boxed_local(),
            unsent(&stage).boxed_local(),
        ])
        .await;
        assert_eq!(stage.waiting(Queue::DeadLetters).await.unwrap(), 0);
        unreadable(&stage).await;
    });
}

/// A fault in calls about a group.
fn fault(service: &str, action: &str, of: &str, more: &Value) -> Value {
    let mut rule = json!({ "service": service, "action": action, "match": of });
    for (name, value) in more.as_object().into_iter().flatten() {
        rule[name] = value.clone();
    }
    rule
}

fn refusal() -> Value {
    json!({ "code": "UnauthorizedOperation", "status": 403 })
}

async fn send(stage: &Stage, group: &str) -> Value {
    let finding = events::control("EC2.13", &stage.place, group).unwrap();
    stage.estate.import(&finding).await.unwrap();
    stage.send(&finding).await.unwrap();
    finding
}

async fn throttled(stage: &Stage) {
    let group = stage.estate.group(Vpc::Own, "throttled", OPTED_IN, OPEN).await.unwrap();
    let slow = json!({ "times": 2, "error": { "code": "RequestLimitExceeded", "status": 503 } });
    for action in ["RevokeSecurityGroupIngress", "DescribeSecurityGroupRules"] {
        stage.estate_faults.add(&fault("ec2", action, &group, &slow)).unwrap();
    }
    send(stage, &group).await;
    stage.settled().await.unwrap();
    assert_eq!(ingress(&stage.estate, &group).await, CLOSED);
    let record = record_of(stage, &group).await.unwrap();
    assert_eq!(record.outcome, "fixed", "{}", record.why);
}

/// The third of five is refused: the others are made, and the finding is not called resolved.
async fn denied(stage: &Stage) {
    let group = stage.estate.group(Vpc::Own, "denied", OPTED_IN, OPEN).await.unwrap();
    let rules = stage.estate.rules(&group).await.unwrap();
    let third = rules.iter().find(|line| line.to_string() == "tcp/22 from @world").unwrap();
    let never = json!({ "times": 0, "error": refusal() });
    let fault = fault("ec2", "RevokeSecurityGroupIngress", &third.rule.id, &never);
    stage.estate_faults.add(&fault).unwrap();
    let finding = send(stage, &group).await;
    stage.settled().await.unwrap();
    assert_eq!(
        ingress(&stage.estate, &group).await,
        ["tcp/22 from 10.0.0.0/8", "tcp/22 from @world"]
    );
    let record = record_of(stage, &group).await.unwrap();
    assert_eq!(record.outcome, "partial", "{}", record.why);
    assert!(
        record.why.starts_with("4 of 5 changes made; revoke tcp/22 from pl-"),
        "{}",
        record.why
    );
    let told = stage.estate.told(events::finding(&finding)).await.unwrap();
    assert_eq!(told.workflow, "NOTIFIED");
}

async fn all_denied(stage: &Stage) {
    let group = stage.estate.group(Vpc::Default, "all-denied", OPTED_IN, OPEN).await.unwrap();
    let never = json!({ "times": 0, "error": refusal() });
    let fault = fault("ec2", "RevokeSecurityGroupIngress", &group, &never);
    stage.estate_faults.add(&fault).unwrap();
    send(stage, &group).await;
    stage.settled().await.unwrap();
    assert_eq!(ingress(&stage.estate, &group).await.len(), OPEN.len());
    let record = record_of(stage, &group).await.unwrap();
    assert_eq!(record.outcome, "failed", "{}", record.why);
    assert!(record.why.contains("UnauthorizedOperation"), "{}", record.why);
}

/// Somebody takes a rule out while the function is about to: the rest goes all the same.
async fn gone_meanwhile(stage: &Stage) {
    for (vpc, name) in [(Vpc::Own, "raced"), (Vpc::Default, "raced-too")] {
        let group = stage.estate.group(vpc, name, OPTED_IN, OPEN).await.unwrap();
        let rules = stage.estate.rules(&group).await.unwrap();
        let one = rules.iter().find(|line| line.to_string() == "tcp/22 from ::/0").unwrap();
        let slow = json!({ "delay_ms": 3_000 });
        stage
            .estate_faults
            .add(&fault("ec2", "RevokeSecurityGroupIngress", &group, &slow))
            .unwrap();
        send(stage, &group).await;
        let what = format!("the function to revoke rules of {group}");
        wait(&what, async || match stage.estate_faults.met(&group)? {
            0 => Ok(Err("it has not called yet".into())),
            _ => Ok(Ok(())),
        })
        .await
        .unwrap();
        stage.estate.revoke(&group, &one.rule.id).await.unwrap();
        stage.settled().await.unwrap();
        assert_eq!(ingress(&stage.estate, &group).await, CLOSED);
        let record = record_of(stage, &group).await.unwrap();
        assert_eq!(record.outcome, "fixed", "{}", record.why);
    }
}

/// The repair stays, and people are told when the event comes again.
async fn unsent(stage: &Stage) {
    let group = stage.estate.group(Vpc::Own, "unsent", OPTED_IN, OPEN).await.unwrap();
    let once = json!({ "error": { "code": "AuthorizationError", "status": 403 } });
    stage.platform_faults.add(&fault("sns", "Publish", &group, &once)).unwrap();
    send(stage, &group).await;
    stage.settled().await.unwrap();
    let met = stage.platform_faults.met(&group).unwrap();
    assert!(
        met >= 2,
        "refused once, then taken, and mailed by the function that tells people: {met}"
    );
    assert_eq!(ingress(&stage.estate, &group).await, CLOSED);
    assert_eq!(record_of(stage, &group).await.unwrap().outcome, "fixed");
    let log = stage.log().unwrap();
    assert!(log.contains(r#""NotSent":1"#), "a metric counts it");
}

/// What cannot be read is not touched; the event is kept, and handled once the cause is mended.
async fn unreadable(stage: &Stage) {
    stage.messages().await.unwrap();
    let group = stage.estate.group(Vpc::Own, "unreadable", OPTED_IN, OPEN).await.unwrap();
    let never = json!({ "times": 0, "error": refusal() });
    stage.estate_faults.add(&fault("ec2", "DescribeSecurityGroups", &group, &never)).unwrap();
    send(stage, &group).await;
    stage.settled().await.unwrap();
    assert_eq!(ingress(&stage.estate, &group).await.len(), OPEN.len());
    assert_eq!(stage.waiting(Queue::DeadLetters).await.unwrap(), 1);
    let record = record_of(stage, &group).await.unwrap();
    assert_eq!(record.outcome, "unreadable");
    assert!(record.why.contains("needs ec2:DescribeSecurityGroups"), "{}", record.why);
    assert_eq!(stage.messages().await.unwrap().len(), 1, "told once, however often it was tried");

    stage.estate_faults.clear().unwrap();
    stage.redrive().await.unwrap();
    stage.settled().await.unwrap();
    assert_eq!(ingress(&stage.estate, &group).await, CLOSED);
    assert_eq!(record_of(stage, &group).await.unwrap().outcome, "fixed");
}

/// The calls of a repair: service, name, which of them, and what shows in it: a group, a finding, or else.
const CALLS: &[(&str, &str, u32, &str)] = &[
    ("ec2", "DescribeSecurityGroups", 1, "group"),
    ("ec2", "DescribeSecurityGroupRules", 1, "group"),
    ("dynamodb", "PutItem", 1, "group"),
    ("ec2", "RevokeSecurityGroupIngress", 1, "group"),
    ("ec2", "DescribeSecurityGroups", 2, "group"),
    ("ec2", "DescribeSecurityGroupRules", 2, "group"),
    ("dynamodb", "PutItem", 2, "group"),
    ("sns", "Publish", 1, "group"),
    ("securityhub", "BatchUpdateFindings", 1, "finding"),
    ("dynamodb", "GetItem", 1, "group"),
    ("dynamodb", "GetItem", 2, "group"),
    ("dynamodb", "Query", 1, "group"),
    ("dynamodb", "UpdateItem", 1, "caps"),
    ("dynamodb", "UpdateItem", 1, "seen#"),
];

#[test]
fn killed_or_cut_off_anywhere_it_ends_like_an_undisturbed_run() {
    run(|| async {
        let stage = stage(&[("MaxRepairsPerHour", "1000")]).await;
        let mut nth = 0;
        for disturbance in ["kill", "drop"] {
            for when in ["before", "after"] {
                let how = json!({ disturbance: true, "when": when });
                // A few at a time: a message that shares its batch with others is killed with them, too.
                for calls in CALLS.chunks(3) {
                    let runs = calls.iter().map(|call| {
                        nth += 1;
                        cut_off(&stage, nth, *call, &how)
                    });
                    join_all(runs.map(FutureExt::boxed_local)).await;
                }
            }
        }
        assert_eq!(stage.waiting(Queue::DeadLetters).await.unwrap(), 0);
    });
}

async fn cut_off(stage: &Stage, nth: u32, call: (&str, &str, u32, &str), how: &Value) {
    let (service, action, call, shows) = call;
    let name = format!("cut-off-{nth}");
    let what = format!("{name}: {how} at {action} {call}");
    let group = stage.estate.group(Vpc::Own, &name, OPTED_IN, OPEN).await.unwrap();
    let finding = events::control("EC2.13", &stage.place, &group).unwrap();
    let of = match shows {
        "group" => &group,
        "finding" => events::finding(&finding),
        text => text,
    };
    let mut rule = fault(service, action, of, how);
    rule["nth"] = call.into();
    let faults = match service {
        "dynamodb" | "sns" => &stage.platform_faults,
        _ => &stage.estate_faults,
    };
    faults.add(&rule).unwrap();
    stage.estate.import(&finding).await.unwrap();
    stage.send(&finding).await.unwrap();
    stage.settled().await.unwrap();
    assert!(faults.met(of).unwrap() >= call.into(), "{what}: it was not disturbed");
    assert_eq!(ingress(&stage.estate, &group).await, CLOSED, "{what}");
    let record = record_of(stage, &group).await.unwrap();
    assert_eq!(
        (record.outcome.as_str(), record.changes.len()),
        ("fixed", 5),
        "{what}: {}",
        record.why
    );
    let made = record.page.steps.iter().filter(|step| step.state == runtime::State::Made).count();
    assert_eq!(made, 5, "{what}: all can be taken back");
    let told = stage.estate.told(events::finding(&finding)).await.unwrap();
    assert_eq!(told.workflow, "RESOLVED", "{what}");
}

/// 1,000 rules in several pages, 200 of them open.
#[test]
fn a_large_group_is_closed_in_bounded_steps_and_told_in_a_short_message() {
    run(|| async {
        let stage = stage(&[]).await;
        let note = "x".repeat(200);
        let open = (0..200).map(|nth| format!("tcp/{} from 0.0.0.0/0 # {note}", 20_000 + nth));
        let private =
            (0..800).map(|nth| format!("tcp/22 from 10.{}.{}.0/24", nth / 250, nth % 250));
        let rules: Vec<String> = open.chain(private).collect();
        let rules: Vec<&str> = rules.iter().map(String::as_str).collect();
        let group = stage.estate.group(Vpc::Own, "large", OPTED_IN, &rules).await.unwrap();
        let before = stage.estate.rules(&group).await.unwrap();
        assert_eq!(before.len(), 1_001);
        let finding = events::control("EC2.18", &stage.place, &group).unwrap();
        stage.estate.import(&finding).await.unwrap();
        stage.send(&finding).await.unwrap();
        stage.settled().await.unwrap();
        let after = stage.estate.rules(&group).await.unwrap();
        let stays = |line: &&stage::Line| !line.to_string().contains("0.0.0.0/0 # x");
        assert_eq!(after, before.iter().filter(stays).cloned().collect::<Vec<_>>());
        let record = record_of(&stage, &group).await.unwrap();
        assert_eq!(record.why, "200 of 200 changes made and verified");
        assert_eq!(record.page.steps.len(), 200, "all can be taken back");
        let messages = stage.messages().await.unwrap();
        let [message] = messages.as_slice() else { panic!("{} messages", messages.len()) };
        assert!(message.text.len() <= 32 * 1024, "{} bytes", message.text.len());
        assert!(message.text.contains("... and 160 more, in the record"), "{}", message.text);
        assert!(message.text.contains(&record.id));
        assert!(message.subject.chars().count() < 100);
        let told = stage.estate.told(events::finding(&finding)).await.unwrap();
        assert!(told.note.chars().count() <= 512 && told.note.contains(&record.id));
        assert!(stage.estate_faults.calls("ec2.RevokeSecurityGroupIngress").unwrap() < 20);
    });
}

/// Nothing of a finding or a resource can forge a line of a message, or hide in one.
#[test]
fn texts_from_outside_are_cleaned() {
    run(|| async {
        let stage = stage(&[]).await;
        let name = "web (prod) & <b>friends</b>";
        let rules = ["tcp/22 from 0.0.0.0/0 # it's $(rm -rf /) `x`"];
        let group = stage.estate.group(Vpc::Own, name, OPTED_IN, &rules).await.unwrap();
        let mut finding = events::control("EC2.13", &stage.place, &group).unwrap();
        finding["detail"]["findings"][0]["Title"] = "open\nChanged:\n  nothing\u{202e}\u{7}".into();
        stage.estate.import(&finding).await.unwrap();
        stage.send(&finding).await.unwrap();
        stage.settled().await.unwrap();
        let messages = stage.messages().await.unwrap();
        let [message] = messages.as_slice() else { panic!("{messages:?}") };
        assert_eq!(message.text.matches("\nChanged:\n").count(), 1, "{}", message.text);
        let hidden = |c: char| (c.is_control() && c != '\n') || c == '\u{202e}';
        assert!(!message.text.contains(hidden) && !message.subject.contains(hidden));
        assert!(message.subject.is_ascii() && !message.subject.contains('\n'));
        assert!(
            message.text.contains(r"it'\''s $(rm -rf /)"),
            "one word to a shell: {}",
            message.text
        );
    });
}
