use catalog::compute::{LogLevel, StateMachine, StateMachineName, StateMachineSetting};
use remedy::Swap;
use runtime::{Cloud, Error};
use script::Script;

use super::{apply, by, compute, home, no, yes};

fn orders() -> StateMachineName {
    StateMachineName("orders".into())
}

async fn load(script: &Script) -> Result<Option<StateMachine>, Error> {
    Cloud::<StateMachine>::load(&compute(script), &home(), &orders(), &[]).await
}

const TAGS: (&str, &str) =
    ("ListTagsForResource", r#"{"tags":[{"key":"AutoRemediate","value":"True"}]}"#);
const GROUP: &str = "arn:aws:logs:eu-west-1:111122223333:log-group:orders:*";

#[tokio::test]
async fn a_state_machine_is_read_with_its_logs() {
    let script = by(&[
        TAGS,
        (
            "DescribeStateMachine",
            r#"{"stateMachineArn":"a","name":"orders","definition":"{}","type":"STANDARD","creationDate":1,"roleArn":"r","status":"ACTIVE","loggingConfiguration":{"level":"FATAL","includeExecutionData":true,"destinations":[{"cloudWatchLogsLogGroup":{"logGroupArn":"arn:aws:logs:eu-west-1:111122223333:log-group:orders:*"}}]}}"#,
        ),
    ]);
    let found = load(&script).await.unwrap().unwrap();
    assert_eq!((found.level, found.with_data, found.is_active), (LogLevel::Fatal, true, true));
    assert_eq!(found.groups, [GROUP.to_owned()].into());
    assert_eq!(found.tags.len(), 1);
}

#[tokio::test]
async fn one_that_is_gone_is_none_and_one_that_cannot_be_understood_is_an_error() {
    let gone = Script::to(|_| Some(no(400, "StateMachineDoesNotExist")));
    assert_eq!(load(&gone).await, Ok(None));
    let odd = by(&[
        TAGS,
        (
            "DescribeStateMachine",
            r#"{"stateMachineArn":"a","name":"orders","definition":"{}","type":"STANDARD","creationDate":1,"roleArn":"r","loggingConfiguration":{"level":"LOUD"}}"#,
        ),
    ]);
    let error = load(&odd).await.unwrap_err().to_string();
    assert!(error.contains("logs at a level that is not known"), "{error}");
}

#[tokio::test]
async fn logging_is_set_by_one_call_that_sends_nothing_else() {
    let script = Script::of([yes(r#"{"updateDate":1}"#)]);
    let logs =
        |level| StateMachineSetting::Logs { level, with_data: true, groups: [GROUP.into()].into() };
    let change = Swap { from: logs(LogLevel::Off), to: logs(LogLevel::Error) };
    assert_eq!(apply::<StateMachine>(&script, &orders(), &[change]).await, [Ok(())]);
    assert_eq!(
        script.bodies(),
        [format!(
            r#"{{"stateMachineArn":"arn:aws:states:eu-west-1:111122223333:stateMachine:orders","loggingConfiguration":{{"level":"ERROR","includeExecutionData":true,"destinations":[{{"cloudWatchLogsLogGroup":{{"logGroupArn":"{GROUP}"}}}}]}}}}"#
        )]
    );
}
