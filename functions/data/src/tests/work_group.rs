use catalog::data::{WorkGroup, WorkGroupId, WorkGroupSetting};
use runtime::{Cloud, Error};
use script::{Script, answer};

use super::{apply, data, home, refuses, to};

fn primary() -> WorkGroupId {
    WorkGroupId("primary".into())
}

fn athena(configuration: &'static str) -> Script {
    Script::to(move |request| {
        let text = match request.header("x-amz-target")?.split('.').nth(1)? {
            "GetWorkGroup" => {
                format!(
                    r#"{{"WorkGroup":{{"Name":"primary","Configuration":{{{configuration}}}}}}}"#
                )
            }
            "ListTagsForResource" => r#"{"Tags":[{"Key":"AutoRemediate","Value":"True"}]}"#.into(),
            _ => "{}".into(),
        };
        Some(answer(200, &text))
    })
}

async fn load(script: &Script) -> Result<Option<WorkGroup>, Error> {
    Cloud::<WorkGroup>::load(&data(script), &home(), &primary(), &[]).await
}

#[tokio::test]
async fn a_work_group_is_read_and_only_its_metrics_are_set() {
    let script =
        athena(r#""PublishCloudWatchMetricsEnabled":false,"EnforceWorkGroupConfiguration":true"#);
    let found = load(&script).await.unwrap().unwrap();
    assert_eq!((found.metrics, found.tags.len()), (false, 1));
    let change = to(WorkGroupSetting::Metrics(true));
    assert_eq!(apply::<WorkGroup>(&script, &primary(), &[change]).await, [Ok(())]);
    assert_eq!(
        script.bodies()[2],
        r#"{"WorkGroup":"primary","ConfigurationUpdates":{"PublishCloudWatchMetricsEnabled":true}}"#
    );
}

#[tokio::test]
async fn one_that_is_gone_is_none_and_one_that_cannot_be_read_is_an_error() {
    let gone =
        r#"{"__type":"InvalidRequestException","Message":"WorkGroup primary is not found."}"#;
    assert_eq!(load(&Script::by(move |_| Some(answer(400, gone)))).await, Ok(None));
    for (script, why) in [
        (Script::by(|_| Some(refuses(400, "AccessDeniedException"))), "needs athena:GetWorkGroup"),
        (athena(""), "does not tell whether it publishes"),
    ] {
        let error = load(&script).await.unwrap_err().to_string();
        assert!(error.contains(why), "{error}");
    }
}
