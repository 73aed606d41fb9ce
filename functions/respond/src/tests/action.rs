//! The custom action in Security Hub, as `CloudFormation` asks for it.

use serde_json::{Value, json};

use script::{Answer, answer};

use super::World;

const ARN: &str = "arn:aws:securityhub:eu-west-1:111122223333:action/custom/KintsugiRun";
const MAKE: &str = "POST https://securityhub.eu-west-1.amazonaws.com/actionTargets";
const HERE: &str = "PUT https://s3.example/answer";

fn request(kind: &str, id: Option<&str>) -> Value {
    let mut request = json!({
        "RequestType": kind, "ResourceType": "Custom::SecurityHubAction", "RequestId": "r1",
        "ResponseURL": "https://s3.example/answer?signature=secret", "StackId": "s1",
        "LogicalResourceId": "RunAction", "ServiceToken": "arn",
        "ResourceProperties": {
            "ServiceToken": "arn", "Id": "KintsugiRun", "Name": "Kintsugi: run", "Description": "d",
        },
    });
    if let Some(id) = id {
        request["PhysicalResourceId"] = id.into();
    }
    request
}

fn hub(status: u16, code: &str) -> Answer {
    answer(status, &format!(r#"{{"Message": "of {code}"}}"#)).with("x-amzn-errortype", code)
}

/// What CloudFormation was answered.
async fn told(world: &World, request: Value) -> Value {
    world.ask(request).await;
    let [answer] = world.calls(HERE).try_into().unwrap();
    answer
}

#[tokio::test]
async fn the_action_is_made_and_the_stack_is_answered() {
    let made = json!({ "ActionTargetArn": ARN }).to_string();
    let world = World::with([]).says(MAKE, move |_| Some(answer(200, &made)));
    let answer = told(&world, request("Create", None)).await;
    for (name, value) in [
        ("Status", "SUCCESS"),
        ("PhysicalResourceId", ARN),
        ("StackId", "s1"),
        ("RequestId", "r1"),
        ("LogicalResourceId", "RunAction"),
    ] {
        assert_eq!(answer[name], value);
    }
    let [action] = world.calls(MAKE).try_into().unwrap();
    assert_eq!(action, json!({"Id": "KintsugiRun", "Name": "Kintsugi: run", "Description": "d"}));
    let put = world.script.requests().into_iter().find(|request| request.method == "PUT").unwrap();
    assert_eq!(put.header("content-type"), None);
    assert_eq!(put.header("content-length"), Some(put.body.len().to_string().as_str()));
}

#[tokio::test]
async fn an_action_that_is_there_gets_its_new_name() {
    for kind in ["Create", "Update"] {
        let world = World::with([]).says(MAKE, |_| Some(hub(409, "ResourceConflictException")));
        let answer = told(&world, request(kind, None)).await;
        assert_eq!(
            (&answer["Status"], &answer["PhysicalResourceId"]),
            (&json!("SUCCESS"), &json!(ARN))
        );
        let change = world.script.requests().into_iter().find(|request| request.method == "PATCH");
        assert!(change.unwrap().body.contains("Kintsugi: run"));
    }
}

#[tokio::test]
async fn a_stack_does_not_fail_because_security_hub_refuses() {
    for code in ["InvalidAccessException", "AccessDeniedException"] {
        for (before, id) in [(None, "RunAction"), (Some(ARN), ARN)] {
            let world = World::with([]).says(MAKE, move |_| Some(hub(403, code)));
            let kind = if before.is_some() { "Update" } else { "Create" };
            let answer = told(&world, request(kind, before)).await;
            assert_eq!(answer["Status"], "SUCCESS");
            assert_eq!(answer["PhysicalResourceId"], id);
            let said = answer["Data"]["Said"].as_str().unwrap();
            assert!(
                said.contains("make the custom action Kintsugi: run") && said.contains(code),
                "{said}"
            );
        }
    }
}

#[tokio::test]
async fn what_goes_with_the_stack_is_what_came_with_it() {
    let gone = || hub(404, "ResourceNotFoundException");
    for (id, code, said) in [
        (ARN, 200, "deleted arn:"),
        (ARN, 404, "was gone already"),
        ("RunAction", 200, "there is no custom action to delete"),
    ] {
        let path = "https://securityhub.eu-west-1.amazonaws.com/actionTargets/";
        let arn = "arn%3Aaws%3Asecurityhub%3Aeu-west-1%3A111122223333%3Aaction/custom/KintsugiRun";
        let call: &'static str = format!("DELETE {path}{arn}").leak();
        let world = World::with([]);
        let world = world.says(call, move |_| {
            Some(if code == 200 {
                answer(200, &json!({"ActionTargetArn": ARN}).to_string())
            } else {
                gone()
            })
        });
        let answer = told(&world, request("Delete", Some(id))).await;
        assert_eq!(
            (&answer["Status"], &answer["PhysicalResourceId"]),
            (&json!("SUCCESS"), &json!(id))
        );
        assert!(answer["Data"]["Said"].as_str().unwrap().contains(said), "{answer}");
        assert_eq!(world.calls(call).len(), usize::from(id == ARN));
    }
}

#[tokio::test]
async fn what_the_template_says_wrong_fails_the_stack() {
    let mut other = request("Create", None);
    other["ResourceType"] = "Custom::Dance".into();
    let mut nameless = request("Create", None);
    nameless["ResourceProperties"]["Name"] = json!(5);
    for request in [other, nameless] {
        let answer = told(&World::with([]), request).await;
        assert_eq!(answer["Status"], "FAILED");
    }
    let world = World::with([]);
    let said = world.ask(json!({"RequestType": "Create"})).await;
    assert!(said["said"].as_str().unwrap().contains("cannot be read"), "{said}");
}

#[tokio::test]
async fn an_answer_that_is_not_taken_is_given_again() {
    let mut refusals = 2;
    let world = World::with([]).says(HERE, move |_| {
        refusals -= 1;
        (refusals >= 0).then(|| answer(500, ""))
    });
    world.ask(request("Delete", Some("RunAction"))).await;
    assert_eq!(world.calls(HERE).len(), 3);
}
