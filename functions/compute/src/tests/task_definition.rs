use catalog::compute::{TaskDefinition, TaskDefinitionId};
use runtime::{Cloud, Error};
use script::{Script, answer};

use super::{compute, home, no, yes};

async fn load(script: &Script) -> Result<Option<TaskDefinition>, Error> {
    let id = TaskDefinitionId { family: "web".into(), revision: 3 };
    Cloud::<TaskDefinition>::load(&compute(script), &home(), &id, &[]).await
}

#[tokio::test]
async fn a_revision_is_read_by_one_call_without_what_its_variables_hold() {
    let found = r#"{"taskDefinition":{"family":"web","revision":3,"status":"ACTIVE","networkMode":"host","pidMode":"host",
        "volumes":[{"name":"data","efsVolumeConfiguration":{"fileSystemId":"fs-1"}},{"name":"safe","efsVolumeConfiguration":{"fileSystemId":"fs-1","transitEncryption":"ENABLED"}},{"name":"tmp","host":{}}],
        "containerDefinitions":[{"name":"app","privileged":true,"user":"0","environment":[{"name":"TOKEN","value":"hush"}],"logConfiguration":{"logDriver":"awslogs"}}]},
        "tags":[{"key":"AutoRemediate","value":"True"}]}"#;
    let script = Script::of([yes(found)]);
    let found = load(&script).await.unwrap().unwrap();
    assert!(found.is_active && !found.is_windows);
    assert_eq!((found.network.as_str(), found.processes.as_deref()), ("host", Some("host")));
    assert_eq!(found.clear_volumes, ["data".to_owned()].into());
    let container = &found.containers[0];
    assert!(container.is_privileged && !container.is_read_only);
    assert_eq!(container.variables, ["TOKEN".to_owned()].into());
    assert_eq!(container.logs.as_deref(), Some("awslogs"));
    assert!(!format!("{found:?}").contains("hush"));
    assert_eq!(script.bodies(), [r#"{"taskDefinition":"web:3","include":["TAGS"]}"#]);
}

#[tokio::test]
async fn one_that_is_gone_is_none_and_one_that_cannot_be_read_is_an_error() {
    let gone = r#"{"__type":"ClientException","message":"Unable to describe task definition."}"#;
    assert_eq!(load(&Script::of([answer(400, gone)])).await, Ok(None));
    for (answer, why) in [
        (no(400, "ClientException"), "of ClientException"),
        (no(400, "AccessDeniedException"), "kintsugi-compute needs ecs:DescribeTaskDefinition"),
        (yes(r#"{"taskDefinition":{"family":"web"}}"#), "does not say whether it is active"),
    ] {
        let error = load(&Script::of([answer])).await.unwrap_err().to_string();
        assert!(error.contains(why), "{error}");
    }
}
