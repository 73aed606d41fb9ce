//! Events that a person hands in.

use runtime::order::What;
use serde_json::{Value, json};

use script::answer;

use super::{GROUP, World};

fn finding(control: &str, status: &str) -> Value {
    json!({
        "Id": format!("arn:aws:securityhub:eu-west-1:111122223333:security-control/{control}/finding/1"),
        "ProductArn": "arn:aws:securityhub:eu-west-1::product/aws/securityhub",
        "GeneratorId": format!("security-control/{control}"),
        "AwsAccountId": "111122223333",
        "UpdatedAt": "2026-11-20T11:59:00Z",
        "Resources": [{ "Type": "AwsEc2SecurityGroup", "Id": GROUP }],
        "Compliance": { "Status": status, "SecurityControlId": control },
        "Workflow": { "Status": "NEW" },
        "RecordState": "ACTIVE",
    })
}

fn event(findings: &[Value]) -> What {
    let event = json!({
        "version": "0", "id": "e1", "source": "aws.securityhub",
        "detail-type": "Security Hub Findings - Imported",
        "account": "111122223333", "region": "eu-west-1", "time": "2026-11-20T12:00:00Z",
        "resources": [], "detail": { "findings": findings },
    });
    What::RunEvent { event }
}

#[tokio::test]
async fn findings_of_an_event_go_to_who_answers_them_and_the_rest_is_said() {
    let world = World::with([]);
    let findings = [
        finding("EC2.13", "FAILED"),
        finding("EC2.99", "FAILED"),
        finding("EC2.14", "PASSED"),
        json!(5),
    ];
    let said = world.done(event(&findings)).await;
    assert!(said.starts_with("1 on the way: Security Hub control EC2.13 of"), "{said}");
    assert!(said.contains("3 not: ") && said.contains("EC2.99 of"), "{said}");
    let [(queue, signal)] = world.sent().try_into().unwrap();
    assert_eq!((queue.as_str(), &signal["asked_by"]), ("https://sqs.example/ec2", &json!("ada")));
    assert_eq!(world.writes(), ["SendMessage", "PutItem"]);
}

#[tokio::test]
async fn an_event_that_asks_for_nothing_is_refused() {
    let world = World::with([]);
    for (what, said) in [
        (event(&[finding("EC2.14", "PASSED")]), "1 not: "),
        (What::RunEvent { event: json!({"hello": "world"}) }, "nothing of the event is to be done"),
    ] {
        let why = world.refused(what).await;
        assert!(why.contains(said), "{why}");
    }
    assert!(world.writes().is_empty());
    let world = World::with([]).says("SendMessage", |_| Some(answer(500, "{}")));
    let why = world.refused(event(&[finding("EC2.13", "FAILED")])).await;
    assert!(why.contains("try again"), "{why}");
}
