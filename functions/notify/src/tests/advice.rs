//! What a model is asked, and what is made of what it says, or of its silence.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
};

use aws_smithy_runtime_api::client::{
    http::{HttpConnector, HttpConnectorFuture, SharedHttpConnector, http_client_fn},
    orchestrator::HttpRequest,
};
use lambda::{Aws, Shell};
use remedy::{Place, Settings, Severity, check};
use routing::Advice;
use runtime::{News, Section, Stands};
use script::{Answer, Request, Script, answer};
use serde_json::{Value, json};

use crate::advice::Adviser;

const NEEDED: [(&str, &str); 3] = [
    ("TABLE_NAME", "kintsugi"),
    ("TOPIC_ARN", "arn:aws:sns:eu-west-1:111122223333:kintsugi"),
    ("OWN_ROLES", "kintsugi-notify"),
];
const ON: [(&str, &str); 2] =
    [("ADVICE_MODEL_ID", "eu.maker.model-1:0"), ("ADVICE_BUCKET", "reports")];
const KEYS: &str = "<AssumeRoleResponse><AssumeRoleResult><Credentials>\
    <AccessKeyId>ASIAEXAMPLE</AccessKeyId><SecretAccessKey>s</SecretAccessKey>\
    <SessionToken>t</SessionToken><Expiration>2126-11-20T10:00:00Z</Expiration>\
    </Credentials></AssumeRoleResult></AssumeRoleResponse>";

fn shell(more: &[(&str, &str)], script: &Script) -> Shell {
    let settings: Settings = NEEDED.iter().chain(more).copied().collect();
    Shell::new(settings, &Aws::new(script.config()), script.connector(), "kintsugi-notify").unwrap()
}

fn news() -> News {
    News {
        case: "c-0123456789ab".into(),
        at: check::now(),
        stands: Stands::Open,
        outcome: "held".into(),
        severity: Severity::High,
        remediation: "ec2/close_world_ingress".into(),
        trigger: "EC2.13".into(),
        kind: "security group".into(),
        id: "sg-1".into(),
        label: None,
        resource: "arn:aws:ec2:eu-west-1:111122223333:security-group/sg-1".into(),
        place: Some(Place::new("111122223333", "eu-west-1")),
        link: None,
        tags: BTreeMap::new(),
        record: None,
        findings: Vec::new(),
        headline: "held".into(),
        sections: vec![Section {
            title: "To do it by hand:".into(),
            lines: vec!["aws ec2 revoke-security-group-ingress".into()],
            commands: true,
        }],
    }
}

fn finding() -> Value {
    json!({
        "ProductArn": "arn:aws:securityhub:eu-west-1::product/aws/securityhub",
        "Title": "Open to the world",
        "Remediation": { "Recommendation": { "Url": "https://docs.aws.amazon.com/x" } },
    })
}

/// What a model answers.
fn says(text: &str, stop: &str) -> Answer {
    let answered = json!({
        "output": { "message": { "role": "assistant", "content": [{ "text": text }] } },
        "stopReason": stop,
        "usage": { "inputTokens": 500, "outputTokens": 90, "totalTokens": 590 },
        "metrics": { "latencyMs": 900 },
    });
    answer(200, &answered.to_string())
}

fn good() -> Answer {
    says(
        r#"{"text": "It is open.", "steps": ["Close it, see https://evil.example/x"]}"#,
        "end_turn",
    )
}

fn fault(status: u16, code: &str) -> Answer {
    answer(status, r#"{"message": "the finding says: secret"}"#).with("x-amzn-errortype", code)
}

/// An AWS whose model and bucket answer so.
fn world(model: Answer, bucket: Answer) -> Script {
    Script::to(move |request| {
        Some(match request {
            Request { uri, .. } if uri.contains("/converse") => model.clone(),
            Request { uri, .. } if uri.contains("sts.") => answer(200, KEYS),
            _ => bucket.clone(),
        })
    })
}

/// The advice, and who was asked what.
async fn asked(more: &[(&str, &str)], script: &Script) -> (Option<Advice>, Vec<Request>) {
    let shell = shell(&[&ON[..], more].concat(), script);
    let adviser = Adviser::new(&shell).unwrap();
    let advice = adviser.ask(&news(), Some(&finding()), &shell.desk).await;
    (advice, script.requests())
}

fn is_kept(request: &Request) -> bool {
    request.method == "PUT" && request.uri.contains("/advice/")
}

/// What was kept.
#[track_caller]
fn kept(requests: &[Request]) -> Value {
    let kept: Vec<_> = requests.iter().filter(|request| is_kept(request)).collect();
    assert_eq!(kept.len(), 1);
    serde_json::from_str(&kept[0].body).unwrap_or_else(|_| {
        // In chunks, with their checksum.
        let body = &kept[0].body;
        serde_json::from_str(&body[body.find('{').unwrap()..=body.rfind('}').unwrap()]).unwrap()
    })
}

#[track_caller]
fn by_catalog(advice: Option<Advice>) {
    let advice = advice.unwrap();
    assert_eq!(advice.by, "catalog");
    assert_eq!(advice.steps, ["aws ec2 revoke-security-group-ingress"]);
    assert_eq!(advice.link.as_deref(), Some("https://docs.aws.amazon.com/x"));
}

#[tokio::test]
async fn a_model_s_answer_is_shown_once_it_is_kept() {
    let script = world(good(), answer(200, ""));
    let (advice, requests) = asked(&[], &script).await;
    assert_eq!(
        advice,
        Some(Advice {
            by: "eu.maker.model-1:0".into(),
            text: "It is open.".into(),
            steps: vec!["Close it, see [link removed]".into()],
            link: Some("https://docs.aws.amazon.com/x".into()),
        })
    );
    let [model, _] = requests.as_slice() else { panic!("{requests:?}") };
    assert!(
        model
            .uri
            .starts_with("https://bedrock-runtime.eu-west-1.amazonaws.com/model/eu.maker.model-1"),
        "{}",
        model.uri
    );
    let body: Value = serde_json::from_str(&model.body).unwrap();
    assert_eq!(body["inferenceConfig"], json!({ "maxTokens": 700, "temperature": 0.0 }));
    assert_eq!(body.get("toolConfig"), None);
    assert_eq!(body["messages"].as_array().unwrap().len(), 1);

    let kept = kept(&requests);
    assert_eq!(kept["asked"]["user"], body["messages"][0]["content"][0]["text"]);
    assert_eq!(kept["asked"]["system"], body["system"][0]["text"]);
    assert!(kept["answered"]["text"].as_str().unwrap().contains("evil.example"));
    assert_eq!(kept["answered"]["outputTokens"], 90);
    assert_eq!(kept["shown"]["steps"], json!(["Close it, see [link removed]"]));
    assert_eq!((&kept["case"], &kept["failed"]), (&json!("c-0123456789ab"), &Value::Null));
}

#[tokio::test]
async fn it_is_kept_by_day_and_case_and_in_nobody_else_s_bucket() {
    let script = world(good(), answer(200, ""));
    let (_, requests) = asked(&[], &script).await;
    let put = requests.iter().find(|request| is_kept(request)).unwrap();
    let (_, key) = put.uri.split_once("/advice/").unwrap();
    let (day, name) = key.split('?').next().unwrap().split_once('/').unwrap();
    assert_eq!(day.len(), "2026-11-24".len());
    let time = name.strip_prefix("c-0123456789ab-").and_then(|name| name.strip_suffix(".json"));
    assert!(time.is_some(), "{name}");
    assert_eq!(put.header("x-amz-expected-bucket-owner"), Some("111122223333"));
    assert_eq!(put.header("if-none-match"), Some("*"));
}

#[tokio::test]
async fn without_a_model_or_a_bucket_nobody_is_asked() {
    for off in [&ON[..1], &ON[1..], &[]] {
        let script = Script::of([]);
        let shell = shell(off, &script);
        let adviser = Adviser::new(&shell).unwrap();
        by_catalog(adviser.ask(&news(), Some(&finding()), &shell.desk).await);
        assert_eq!(script.requests(), []);
    }
}

#[tokio::test]
async fn nobody_is_asked_about_what_is_over() {
    for stands in [Stands::Fixed, Stands::Solved, Stands::Accepted, Stands::Notice] {
        let script = Script::of([]);
        let shell = shell(&ON, &script);
        let adviser = Adviser::new(&shell).unwrap();
        let news = News { stands, ..news() };
        by_catalog(adviser.ask(&news, Some(&finding()), &shell.desk).await);
        assert_eq!(script.requests(), []);
    }
}

#[tokio::test]
async fn what_a_model_should_not_have_said_is_kept_and_not_shown() {
    for (text, stop) in [
        ("no JSON", "end_turn"),
        (r#"{"text": "a", "execute": "b"}"#, "end_turn"),
        (r#"{"text": "run kintsugi approve k-0123456789ab"}"#, "end_turn"),
        (r#"{"text": "a"}"#, "max_tokens"),
        (r#"{"text": "a"}"#, "guardrail_intervened"),
        (r#"{"text": "a"}"#, "tool_use"),
        (r#"{"text": "a"}"#, "what_nobody_knows"),
        ("", "end_turn"),
    ] {
        let script = world(says(text, stop), answer(200, ""));
        let (advice, requests) = asked(&[], &script).await;
        by_catalog(advice);
        let kept = kept(&requests);
        assert_eq!(kept["answered"]["text"], text);
        assert_eq!(kept["shown"], Value::Null);
    }
}

#[tokio::test]
async fn an_answer_of_any_shape_is_no_trouble() {
    for body in [
        "",
        "{}",
        "<html>",
        r#"{"output": {}, "stopReason": "end_turn"}"#,
        r#"{"output": {"message": {"role": "assistant", "content": []}}, "stopReason": "end_turn"}"#,
        r#"{"output": {"message": {"role": "assistant", "content": [{"toolUse": {"toolUseId": "1", "name": "x", "input": {}}}]}}, "stopReason": "end_turn"}"#,
    ] {
        let script = world(answer(200, body), answer(200, ""));
        by_catalog(asked(&[], &script).await.0);
    }
}

#[tokio::test(start_paused = true)]
async fn a_model_that_refuses_is_asked_again_once_at_most() {
    for (status, code, tries) in [
        (429, "ThrottlingException", 2),
        (503, "ServiceUnavailableException", 2),
        (403, "AccessDeniedException", 1),
        (404, "ResourceNotFoundException", 1),
        (400, "ValidationException", 1),
    ] {
        let script = world(fault(status, code), answer(200, ""));
        let (advice, requests) = asked(&[], &script).await;
        by_catalog(advice);
        let calls = requests.iter().filter(|request| request.uri.contains("/converse")).count();
        assert_eq!(calls, tries, "{code}");
        let kept = kept(&requests);
        assert!(kept["failed"].as_str().unwrap().contains(code), "{kept}");
        assert_eq!(kept["answered"], Value::Null);
    }
}

#[tokio::test]
async fn what_cannot_be_kept_is_not_shown() {
    for code in [403, 404, 412] {
        let script = world(good(), answer(code, "<Error><Code>No</Code></Error>"));
        by_catalog(asked(&[], &script).await.0);
    }
}

#[tokio::test]
async fn another_account_s_model_is_asked_by_the_role_there() {
    let role = "arn:aws:iam::444455556666:role/models/Ask";
    let script = world(good(), answer(200, ""));
    let shell = shell(
        &[&ON[..], &[("ADVICE_ROLE_ARN", role), ("ADVICE_REGION", "us-west-2")]].concat(),
        &script,
    );
    let adviser = Adviser::new(&shell).unwrap();
    for _ in 0..2 {
        let advice = adviser.ask(&news(), None, &shell.desk).await.unwrap();
        assert_eq!(advice.by, "eu.maker.model-1:0");
    }
    let requests = script.requests();
    let of = |what: &str| {
        requests.iter().filter(|request| request.uri.contains(what)).collect::<Vec<_>>()
    };
    // Its credentials are good for both.
    let [assumed] = of("sts.")[..] else { panic!("{requests:?}") };
    assert!(
        assumed.body.contains("RoleArn=arn%3Aaws%3Aiam%3A%3A444455556666%3Arole%2Fmodels%2FAsk")
    );
    for request in of("/converse") {
        assert!(request.uri.starts_with("https://bedrock-runtime.us-west-2.amazonaws.com/"));
        assert_eq!(request.header("x-amz-security-token"), Some("t"));
    }
    // It is kept at home, as the function itself.
    for request in requests.iter().filter(|request| is_kept(request)) {
        assert_eq!(request.header("x-amz-security-token"), None);
    }
}

#[tokio::test]
async fn a_role_that_cannot_be_assumed_is_told_in_the_record() {
    let script = Script::to(|request| {
        let denied = "<ErrorResponse><Error><Code>AccessDenied</Code></Error></ErrorResponse>";
        Some(if request.uri.contains("sts.") { answer(403, denied) } else { answer(200, "") })
    });
    let role = "arn:aws:iam::444455556666:role/Ask";
    let (advice, requests) = asked(&[("ADVICE_ROLE_ARN", role)], &script).await;
    by_catalog(advice);
    let failed = kept(&requests)["failed"].as_str().unwrap().to_owned();
    assert!(failed.contains("The role kintsugi-notify needs sts:AssumeRole on it"), "{failed}");
}

/// Answers nothing to a model's host, and what a script says to others.
#[derive(Debug)]
struct Silent(Script, Arc<Mutex<u32>>);

impl HttpConnector for Silent {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        if !request.uri().contains("/converse") {
            return self.0.call(request);
        }
        *self.1.lock().unwrap() += 1;
        HttpConnectorFuture::new(std::future::pending())
    }
}

#[tokio::test(start_paused = true)]
async fn a_model_that_is_silent_is_not_waited_for() {
    let script = Script::by(|_| Some(answer(200, "")));
    let calls = Arc::default();
    let silent = SharedHttpConnector::new(Silent(script.clone(), Arc::clone(&calls)));
    let client = silent.clone();
    let config =
        script.config().into_builder().http_client(http_client_fn(move |_, _| client.clone()));
    let settings: Settings = NEEDED.into_iter().chain(ON).collect();
    let shell = Shell::new(settings, &Aws::new(config.build()), silent, "kintsugi-notify").unwrap();
    let begun = tokio::time::Instant::now();
    let adviser = Adviser::new(&shell).unwrap();
    by_catalog(adviser.ask(&news(), Some(&finding()), &shell.desk).await);
    assert_eq!(begun.elapsed().as_secs(), 6);
    assert_eq!(*calls.lock().unwrap(), 1);
    assert!(kept(&script.requests())["failed"].as_str().unwrap().contains("no answer in time"));
}

#[test]
fn a_wrong_parameter_says_which_what_and_what_is_allowed() {
    for (variable, given, said) in [
        (
            "ADVICE_MODEL_ID",
            "a model",
            "parameter AdviceModelId (environment ADVICE_MODEL_ID) is `a model`",
        ),
        ("ADVICE_REGION", "Ireland", "AdviceRegion"),
        ("ADVICE_ROLE_ARN", "Ask", "the ARN of a role"),
        ("ADVICE_ROLE_ARN", "arn:aws:iam::1:role/Ask", "AdviceRoleArn"),
        ("ADVICE_ROLE_ARN", "arn:aws:iam::111122223333:user/Ask", "AdviceRoleArn"),
        ("ADVICE_ROLE_ARN", "arn:aws:iam::111122223333:role/", "AdviceRoleArn"),
        ("ADVICE_SECONDS", "0", "is `0`; allowed: a whole number from 1 to 15"),
        ("ADVICE_SECONDS", "16", "AdviceSeconds"),
    ] {
        let wrong = Adviser::new(&shell(&[(variable, given)], &Script::of([]))).unwrap_err();
        assert!(wrong.to_string().contains(said), "{wrong}");
    }
}
