use catalog::compute::{Stack, StackId, StackSetting};
use remedy::Swap;
use runtime::{Cloud, Error};
use script::{Answer, Script, answer};

use super::{apply, compute, home};

fn shop() -> StackId {
    StackId { name: "shop".into(), unique: "5b6f-1".into() }
}

async fn load(script: &Script) -> Result<Option<Stack>, Error> {
    Cloud::<Stack>::load(&compute(script), &home(), &shop(), &[]).await
}

fn stacks(stack: &str) -> Answer {
    answer(
        200,
        &format!(
            "<DescribeStacksResponse><DescribeStacksResult><Stacks><member>\
             <StackName>shop</StackName><CreationTime>2026-11-20T12:00:00Z</CreationTime>{stack}\
             </member></Stacks></DescribeStacksResult></DescribeStacksResponse>"
        ),
    )
}

fn error(status: u16, code: &str, message: &str) -> Answer {
    answer(
        status,
        &format!(
            "<ErrorResponse><Error><Type>Sender</Type><Code>{code}</Code><Message>{message}</Message></Error></ErrorResponse>"
        ),
    )
}

#[tokio::test]
async fn a_stack_is_read_by_its_full_name_without_what_its_parameters_hold() {
    let script = Script::of([stacks(
        "<StackStatus>UPDATE_COMPLETE</StackStatus><EnableTerminationProtection>false</EnableTerminationProtection>\
         <NotificationARNs><member>arn:aws:sns:eu-west-1:111122223333:ops</member></NotificationARNs>\
         <Capabilities><member>CAPABILITY_IAM</member></Capabilities>\
         <Parameters><member><ParameterKey>Token</ParameterKey><ParameterValue>hush</ParameterValue></member></Parameters>\
         <Tags><member><Key>AutoRemediate</Key><Value>True</Value></member></Tags>",
    )]);
    let found = load(&script).await.unwrap().unwrap();
    assert!(!found.is_protected && !found.is_nested && !found.is_going);
    assert_eq!((found.topics.len(), found.tags.len()), (1, 1));
    assert_eq!(
        (found.parameters, found.capabilities),
        (vec!["Token".into()], vec!["CAPABILITY_IAM".into()])
    );
    assert_eq!(
        script.bodies(),
        ["Action=DescribeStacks&Version=2010-05-15\
          &StackName=arn%3Aaws%3Acloudformation%3Aeu-west-1%3A111122223333%3Astack%2Fshop%2F5b6f-1"]
    );
}

#[tokio::test]
async fn one_that_is_gone_is_none_and_one_that_says_too_little_is_an_error() {
    for gone in [
        stacks("<StackStatus>DELETE_COMPLETE</StackStatus>"),
        error(400, "ValidationError", "Stack with id shop does not exist"),
    ] {
        assert_eq!(load(&Script::of([gone])).await, Ok(None));
    }
    for (answer, why) in [
        (
            stacks("<StackStatus>CREATE_COMPLETE</StackStatus>"),
            "does not say whether it is protected",
        ),
        (error(403, "AccessDenied", "no"), "kintsugi-compute needs cloudformation:DescribeStacks"),
    ] {
        let error = load(&Script::of([answer])).await.unwrap_err().to_string();
        assert!(error.contains(why), "{error}");
    }
    let nested = "<StackStatus>CREATE_COMPLETE</StackStatus><ParentId>arn:p</ParentId>";
    assert!(load(&Script::of([stacks(nested)])).await.unwrap().unwrap().is_nested);
}

#[tokio::test]
async fn protection_is_set_by_one_call() {
    let script = Script::of([answer(
        200,
        "<UpdateTerminationProtectionResponse><UpdateTerminationProtectionResult/></UpdateTerminationProtectionResponse>",
    )]);
    let change = Swap { from: StackSetting::Protection(false), to: StackSetting::Protection(true) };
    assert_eq!(apply::<Stack>(&script, &shop(), &[change]).await, [Ok(())]);
    assert_eq!(
        script.bodies(),
        ["Action=UpdateTerminationProtection&Version=2010-05-15&EnableTerminationProtection=true\
          &StackName=arn%3Aaws%3Acloudformation%3Aeu-west-1%3A111122223333%3Astack%2Fshop%2F5b6f-1"]
    );
}
