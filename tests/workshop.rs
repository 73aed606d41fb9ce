//! Whole deliveries: batches, findings of one event, good ones beside bad ones.

use crate::memory::{MemoryCloud, MemoryDesk, now};
use crate::world::limits;
use catalog::ec2::{Rule, SecurityGroup};
use remedy::{Delivery, Message, Own, Place, Remediation, Settings};
use runtime::{Elsewhere, Outcome, Runner, Workshop, batch_response};
use serde_json::{Value, json};

type Shop = Workshop<MemoryCloud<SecurityGroup>, MemoryDesk>;

const LATER: &str = "2026-11-20T12:05:00Z";

fn group() -> SecurityGroup {
    let rules = ["tcp/22 from 0.0.0.0/0", "tcp/3389 from 0.0.0.0/0"];
    let rule =
        |(nth, text): (usize, &&str)| Rule { id: format!("sgr-{nth}"), ..text.parse().unwrap() };
    SecurityGroup {
        name: "web".into(),
        ingress: rules.iter().enumerate().map(rule).collect(),
        tags: [("AutoRemediate".into(), "True".into())].into(),
        ..SecurityGroup::default()
    }
}

fn shop(groups: usize) -> Shop {
    let cloud = MemoryCloud::with((0..groups).map(|nth| (format!("sg-{nth}"), group())));
    let desk = MemoryDesk::on(cloud.line.clone());
    let settings = Settings::default();
    let runners: Vec<Box<dyn Runner<_, _>>> = vec![
        Box::new(catalog::ec2::CloseWorldIngress::configured(&settings).unwrap()),
        Box::new(catalog::ec2::LimitWorldIngress::configured(&settings).unwrap()),
    ];
    let home = Place::new("111122223333", "eu-west-1");
    let limits = limits(&settings, 100, home);
    Workshop {
        runners,
        limits,
        own: Own { roles: vec![], note_by: "kintsugi" },
        elsewhere: Elsewhere::NONE,
        cloud,
        desk,
    }
}

fn finding(nth: usize, control: &str, group: usize) -> Value {
    json!({
        "Id": format!("arn:aws:securityhub:eu-west-1:111122223333:security-control/{control}/finding/{nth}"),
        "ProductArn": "arn:aws:securityhub:eu-west-1::product/aws/securityhub",
        "GeneratorId": format!("security-control/{control}"),
        "AwsAccountId": "111122223333",
        "Region": "eu-west-1",
        "UpdatedAt": "2026-11-20T11:59:00Z",
        "Title": "open to the world",
        "Severity": { "Label": "HIGH" },
        "Resources": [{
            "Type": "AwsEc2SecurityGroup",
            "Id": format!("arn:aws:ec2:eu-west-1:111122223333:security-group/sg-{group}"),
            "Region": "eu-west-1",
        }],
        "Compliance": { "Status": "FAILED", "SecurityControlId": control },
        "Workflow": { "Status": "NEW" },
        "RecordState": "ACTIVE",
    })
}

fn event(findings: &[Value]) -> Value {
    json!({
        "version": "0",
        "id": "5d9b1a3e-0000-4000-8000-000000000001",
        "detail-type": "Security Hub Findings - Imported",
        "source": "aws.securityhub",
        "account": "111122223333",
        "time": "2026-11-20T12:00:00Z",
        "region": "eu-west-1",
        "resources": [],
        "detail": { "findings": findings },
    })
}

fn message(id: &str, receives: u32, body: Result<Value, String>) -> Message {
    Message { id: id.into(), receives, body }
}

fn handle(shop: &Shop, messages: Vec<Message>) -> runtime::Handled {
    now(shop.handle(Delivery::Batch(messages), LATER.parse().unwrap()))
}

fn outcomes(shop: &Shop) -> Vec<&'static str> {
    let mut words: Vec<_> = shop.desk.pages().iter().map(|page| page.outcome.word()).collect();
    words.sort_unstable();
    words
}

#[test]
fn of_twenty_findings_two_malformed_ones_take_no_neighbour_down() {
    let shop = shop(15);
    let mut findings: Vec<Value> = (0..15).map(|nth| finding(nth, "EC2.13", nth)).collect();
    findings.extend((15..18).map(|nth| finding(nth, "EC2.13", 0)));
    findings.insert(3, json!("no finding"));
    findings.insert(9, json!({ "Id": 7, "Resources": "none" }));
    let handled = handle(&shop, vec![message("m1", 1, Ok(event(&findings)))]);
    assert_eq!(handled.again, ["m1"], "the malformed ones must not be lost");
    for nth in 0..15 {
        assert_eq!(shop.cloud.get(&format!("sg-{nth}")).unwrap().ingress.len(), 1, "sg-{nth}");
    }
    let expected: Vec<_> = [vec!["fixed"; 15], vec!["unreadable"; 2]].concat();
    assert_eq!(outcomes(&shop), expected, "the group that is named four times is handled once");
    assert_eq!(shop.desk.notices().len(), 17);
    handle(&shop, vec![message("m1", 2, Ok(event(&findings)))]);
    assert_eq!(outcomes(&shop), expected);
    assert_eq!(shop.desk.notices().len(), 17, "nobody is told twice because of a bad neighbour");
}

#[test]
fn a_finding_that_cannot_be_annotated_costs_nobody_a_second_message() {
    let shop = shop(1);
    *shop.desk.unknown_findings.lock().unwrap() = true;
    let findings = [finding(0, "EC2.13", 0), json!("no finding")];
    for receives in 1..=5 {
        let handled = handle(&shop, vec![message("m", receives, Ok(event(&findings)))]);
        assert_eq!(handled.again, ["m"], "because of its neighbour");
    }
    assert_eq!(shop.desk.notices().len(), 2, "one each");
}

#[test]
fn of_a_batch_only_the_poison_comes_again() {
    let shop = shop(2);
    let handled = handle(
        &shop,
        vec![
            message("good", 1, Ok(event(&[finding(0, "EC2.13", 0)]))),
            message("poison", 1, Err("it is not JSON: expected ident at line 1".into())),
            message("other", 1, Ok(event(&[finding(1, "EC2.14", 1)]))),
        ],
    );
    assert_eq!(
        batch_response(&handled.again),
        json!({ "batchItemFailures": [{ "itemIdentifier": "poison" }] })
    );
    assert_eq!(outcomes(&shop), ["fixed", "fixed", "unreadable"]);
    let why = shop.desk.pages().into_iter().find_map(|page| match page.outcome {
        Outcome::Unreadable { why } => Some(why),
        _ => None,
    });
    assert_eq!(why.as_deref(), Some("it is not JSON: expected ident at line 1"));
}

#[test]
fn the_same_rule_matched_for_two_reasons_is_revoked_once() {
    let shop = shop(1);
    let findings = [finding(0, "EC2.13", 0), finding(1, "EC2.19", 0), finding(2, "EC2.18", 0)];
    handle(&shop, vec![message("m", 1, Ok(event(&findings)))]);
    let made: Vec<_> = (shop.desk.pages().iter())
        .flat_map(|page| page.steps.iter().map(|step| step.what.clone()))
        .collect();
    assert_eq!(made.len(), 2, "{made:?}");
    assert_eq!(outcomes(&shop), ["fixed", "fixed", "right"]);
    assert!(shop.cloud.get("sg-0").unwrap().ingress.is_empty());
}

#[test]
fn what_no_remediation_answers_is_recorded_with_the_reason() {
    let shop = shop(1);
    handle(&shop, vec![message("m", 1, Ok(event(&[finding(0, "EC2.22", 0)])))]);
    let why: Vec<_> = shop.desk.pages().iter().map(runtime::notice::why).collect();
    assert_eq!(why, ["no remediation of this function answers Security Hub control EC2.22"]);
    assert!(shop.desk.notices().is_empty());
}

#[test]
fn what_no_time_is_left_for_is_left_to_another_invocation() {
    let shop = shop(1);
    let messages = vec![message("m", 1, Ok(event(&[finding(0, "EC2.13", 0)])))];
    let past = "2026-11-20T11:00:00Z".parse().unwrap();
    let handled = now(shop.handle(Delivery::Batch(messages), past));
    assert_eq!(handled.again, ["m"]);
    assert_eq!(shop.cloud.get("sg-0").unwrap().ingress.len(), 2);
}

#[test]
fn a_bare_event_is_handled_like_one_from_a_queue() {
    let shop = shop(1);
    let delivery = Delivery::Bare(event(&[finding(0, "EC2.13", 0)]));
    let handled = now(shop.handle(delivery, LATER.parse().unwrap()));
    assert!(handled.again.is_empty());
    assert_eq!(outcomes(&shop), ["fixed"]);
}

#[test]
fn what_a_person_asked_for_is_answered_by_one_function_and_by_no_other() {
    let asked = |shop: &Shop| {
        let mut event = event(&[finding(0, "EC2.22", 0), finding(1, "EC2.13", 0)]);
        event["detail-type"] = "Security Hub Findings - Custom Action".into();
        event["detail"]["actionName"] = "Kintsugi: run".into();
        handle(shop, vec![message("m", 1, Ok(event))]);
        (outcomes(shop), shop.desk.notices().len())
    };
    assert_eq!(asked(&shop(1)), (vec!["fixed", "ignored"], 2), "it speaks for all");
    let mut quiet = shop(1);
    quiet.elsewhere = Elsewhere { answers: |_| false, tells: false };
    assert_eq!(asked(&quiet), (vec!["fixed"], 1), "another one speaks for all");
    let mut known = shop(1);
    known.elsewhere = Elsewhere { answers: |_| true, tells: true };
    assert_eq!(asked(&known), (vec!["fixed"], 1), "another one answers it");
}
