use catalog::messages::{
    PolicyEdit, Queue, QueueId, QueuePolicy, QueuePolicyEdit, QueueSetting, Statement,
};
use remedy::Swap;
use runtime::{Cloud, Error};
use script::{Answer, Script, answer};

use super::{apply, home, messages};

const URL: &str = "https://sqs.eu-west-1.amazonaws.com/111122223333/orders";
const OPEN: &str = r#"{"Sid":"open","Effect":"Allow","Principal":"*","Action":"SQS:SendMessage"}"#;

fn orders() -> QueueId {
    QueueId("orders".into())
}

/// A queue that answers with these attributes, and does as it is told.
fn sqs(attributes: &'static str) -> Script {
    Script::to(move |request| {
        let text = match request.header("x-amz-target")?.split('.').nth(1)? {
            "GetQueueUrl" => format!(r#"{{"QueueUrl":"{URL}"}}"#),
            "GetQueueAttributes" => format!(r#"{{"Attributes":{{{attributes}}}}}"#),
            "ListQueueTags" => r#"{"Tags":{"AutoRemediate":"True"}}"#.into(),
            _ => "{}".into(),
        };
        Some(answer(200, &text))
    })
}

fn no(status: u16, code: &str) -> Answer {
    answer(status, &format!(r#"{{"__type":"com.amazonaws.sqs#{code}"}}"#))
}

async fn load(script: &Script) -> Result<Option<Queue>, Error> {
    Cloud::<Queue>::load(&messages(script), &home(), &orders(), &[]).await
}

#[tokio::test]
async fn a_queue_is_found_by_its_account_and_read_by_two_calls() {
    let script = sqs(r#""SqsManagedSseEnabled":"true""#);
    let found = load(&script).await.unwrap().unwrap();
    assert!(found.managed);
    assert_eq!((found.key, found.policy.to_string()), (None, String::new()));
    assert_eq!(found.tags.get("AutoRemediate").map(String::as_str), Some("True"));
    assert_eq!(
        script.bodies(),
        [
            r#"{"QueueName":"orders","QueueOwnerAWSAccountId":"111122223333"}"#.to_owned(),
            format!(r#"{{"QueueUrl":"{URL}","AttributeNames":["All"]}}"#),
            format!(r#"{{"QueueUrl":"{URL}"}}"#),
        ]
    );
}

#[tokio::test]
async fn a_key_of_kms_is_read_also_where_nothing_else_is_told() {
    let found = load(&sqs(r#""KmsMasterKeyId":"alias/ours""#)).await.unwrap().unwrap();
    assert_eq!((found.key.as_deref(), found.managed), (Some("alias/ours"), false));
}

#[tokio::test]
async fn one_that_is_gone_is_none_and_one_that_cannot_be_read_is_an_error() {
    for gone in ["QueueDoesNotExist", "AWS.SimpleQueueService.NonExistentQueue"] {
        assert_eq!(load(&Script::by(move |_| Some(no(400, gone)))).await, Ok(None), "{gone}");
    }
    for (script, why) in [
        (Script::by(|_| Some(no(403, "AccessDenied"))), "kintsugi-messages needs sqs:GetQueueUrl"),
        (sqs(""), "does not tell whether it is encrypted"),
        (sqs(r#""SqsManagedSseEnabled":"true","Policy":"nonsense""#), "it is no policy"),
    ] {
        let error = load(&script).await.unwrap_err().to_string();
        assert!(error.contains(why), "{error}");
    }
}

#[tokio::test]
async fn encryption_is_set_by_one_call() {
    let script = sqs("");
    let setting = QueueSetting::ManagedEncryption;
    let change = Swap { from: setting(false), to: setting(true) };
    assert_eq!(apply::<Queue>(&script, &orders(), &[change]).await, [Ok(())]);
    let expected =
        format!(r#"{{"QueueUrl":"{URL}","Attributes":{{"SqsManagedSseEnabled":"true"}}}}"#);
    assert_eq!(script.bodies()[1..], [expected]);
}

#[tokio::test]
async fn a_policy_is_edited_as_it_is_now_and_none_is_no_text() {
    let script = sqs(
        r#""Policy":"{\"Statement\":[{\"Sid\":\"open\",\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"*\"},\"Action\":[\"SQS:SendMessage\"]}]}""#,
    );
    let found = Cloud::<QueuePolicy>::load(&messages(&script), &home(), &orders(), &[])
        .await
        .unwrap()
        .unwrap();
    assert_eq!(found.arn, "arn:aws:sqs:eu-west-1:111122223333:orders");
    let open = Statement::parse(OPEN).unwrap();
    assert!(found.policy.has(&open), "{:?}", found.policy);
    let edit = QueuePolicyEdit(PolicyEdit::TakeOut(open));
    assert_eq!(apply::<QueuePolicy>(&script, &orders(), &[edit]).await, [Ok(())]);
    let written = script.bodies().pop().unwrap();
    assert_eq!(written, format!(r#"{{"QueueUrl":"{URL}","Attributes":{{"Policy":""}}}}"#));
}
