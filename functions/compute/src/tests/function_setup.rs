use catalog::compute::{FunctionName, FunctionSetting, FunctionSetup};
use remedy::Swap;
use runtime::{Cloud, Error};
use script::Script;

use super::{apply, by, compute, home, no, yes};

fn orders() -> FunctionName {
    FunctionName("orders".into())
}

async fn load(script: &Script) -> Result<Option<FunctionSetup>, Error> {
    Cloud::<FunctionSetup>::load(&compute(script), &home(), &orders(), &[]).await
}

#[tokio::test]
async fn a_function_is_read_without_its_variables() {
    let script = by(&[
        ("/tags/", r#"{"Tags":{"AutoRemediate":"True"}}"#),
        (
            "/orders/configuration",
            r#"{"Runtime":"python3.8","Role":"arn:aws:iam::111122223333:role/orders","TracingConfig":{"Mode":"PassThrough"},"VpcConfig":{"VpcId":"","SubnetIds":[]},"Environment":{"Variables":{"TOKEN":"hush"}}}"#,
        ),
    ]);
    let found = load(&script).await.unwrap().unwrap();
    assert_eq!(
        (found.runtime.as_deref(), found.traces, found.vpc.as_deref()),
        (Some("python3.8"), false, None)
    );
    assert_eq!(found.tags.len(), 1);
    assert!(!format!("{found:?}").contains("hush"));
}

#[tokio::test]
async fn one_that_is_gone_is_none_and_one_that_says_too_little_is_an_error() {
    assert_eq!(load(&by(&[("", "404")])).await, Ok(None));
    let error = load(&by(&[("/tags/", "{}"), ("", "{}")])).await.unwrap_err().to_string();
    assert!(error.contains("does not say whether it traces"), "{error}");
}

#[tokio::test]
async fn tracing_is_set_by_one_call_and_again_if_the_function_is_busy() {
    let script = Script::of([yes("{}"), no(409, "ResourceConflictException")]);
    let (off, on) = (FunctionSetting::Tracing(false), FunctionSetting::Tracing(true));
    let changes = [Swap { from: off.clone(), to: on.clone() }, Swap { from: on, to: off }];
    let results = apply::<FunctionSetup>(&script, &orders(), &changes).await;
    assert!(matches!(results[..], [Ok(()), Err(Error::Transient(_))]), "{results:?}");
    assert_eq!(
        script.bodies(),
        [r#"{"TracingConfig":{"Mode":"Active"}}"#, r#"{"TracingConfig":{"Mode":"PassThrough"}}"#]
    );
}
