use catalog::compute::{
    BuildLogs, BuildProject, BuildProjectName, BuildSetting, CloudWatchLogs, ReportGroup,
    ReportGroupName, ReportGroupSetting, S3Logs,
};
use remedy::Swap;
use runtime::{Cloud, Error};
use script::Script;

use super::{apply, compute, home, no, yes};

fn web() -> BuildProjectName {
    BuildProjectName("web".into())
}

async fn load(script: &Script) -> Result<Option<BuildProject>, Error> {
    Cloud::<BuildProject>::load(&compute(script), &home(), &web(), &[]).await
}

const FOUND: &str = r#"{"projects":[{"name":"web","serviceRole":"arn:aws:iam::111122223333:role/web-build",
    "source":{"type":"BITBUCKET","location":"https://user:hush@bitbucket.org/shop/web"},
    "secondarySources":[{"type":"GITHUB","location":"https://github.com/shop/libs","sourceIdentifier":"libs"}],
    "environment":{"type":"LINUX_CONTAINER","image":"aws/codebuild/standard:7.0","computeType":"BUILD_GENERAL1_SMALL","privilegedMode":true,"imagePullCredentialsType":"CODEBUILD",
        "environmentVariables":[{"name":"AWS_SECRET_ACCESS_KEY","value":"hush","type":"PLAINTEXT"},{"name":"TOKEN","value":"/token","type":"PARAMETER_STORE"}]},
    "logsConfig":{"cloudWatchLogs":{"status":"DISABLED"},"s3Logs":{"status":"ENABLED","location":"logs/web","encryptionDisabled":true}},
    "tags":[{"key":"AutoRemediate","value":"True"}]}]}"#;

#[tokio::test]
async fn a_project_is_read_without_what_is_secret() {
    let found = load(&Script::of([yes(FOUND)])).await.unwrap().unwrap();
    assert!(found.is_privileged);
    assert_eq!(found.plain_variables, ["AWS_SECRET_ACCESS_KEY".to_owned()].into());
    assert_eq!(found.telling_sources, [String::new()].into());
    assert!(!found.logs.cloud_watch.is_on && found.logs.s3.is_on && found.logs.s3.is_clear);
    assert_eq!(found.tags.len(), 1);
    assert!(!format!("{found:?}").contains("hush"));
}

#[tokio::test]
async fn a_project_that_says_nothing_of_its_logs_has_them_in_cloudwatch() {
    let found = r#"{"projects":[{"name":"web","environment":{"type":"LINUX_CONTAINER","image":"i","computeType":"BUILD_GENERAL1_SMALL"}}]}"#;
    let found = load(&Script::of([yes(found)])).await.unwrap().unwrap();
    assert!(found.logs.cloud_watch.is_on && !found.logs.s3.is_on && !found.is_privileged);
}

#[tokio::test]
async fn one_that_is_gone_is_none_and_one_that_says_too_little_is_an_error() {
    let gone = r#"{"projects":[],"projectsNotFound":["web"]}"#;
    assert_eq!(load(&Script::of([yes(gone)])).await, Ok(None));
    for (answer, why) in [
        (no(400, "AccessDeniedException"), "kintsugi-compute needs codebuild:BatchGetProjects"),
        (yes(r#"{"projects":[{"name":"web"}]}"#), "does not say what builds run in"),
    ] {
        let error = load(&Script::of([answer])).await.unwrap_err().to_string();
        assert!(error.contains(why), "{error}");
    }
}

#[tokio::test]
async fn an_environment_goes_back_as_it_came() {
    let script = Script::of([yes(FOUND), yes("{}")]);
    let change = Swap { from: BuildSetting::Privileged(true), to: BuildSetting::Privileged(false) };
    assert_eq!(apply::<BuildProject>(&script, &web(), &[change]).await, [Ok(())]);
    assert_eq!(
        script.bodies()[1],
        r#"{"name":"web","environment":{"type":"LINUX_CONTAINER","image":"aws/codebuild/standard:7.0","computeType":"BUILD_GENERAL1_SMALL","environmentVariables":[{"name":"AWS_SECRET_ACCESS_KEY","value":"hush","type":"PLAINTEXT"},{"name":"TOKEN","value":"/token","type":"PARAMETER_STORE"}],"privilegedMode":false,"imagePullCredentialsType":"CODEBUILD"}}"#
    );
}

#[tokio::test]
async fn logs_go_as_a_whole() {
    let script = Script::of([yes("{}"), no(400, "ConcurrentModificationException")]);
    let logs = |is_on, is_clear| {
        BuildSetting::Logs(BuildLogs {
            cloud_watch: CloudWatchLogs { is_on, group: Some("builds".into()), stream: None },
            s3: S3Logs {
                is_on: true,
                location: Some("logs/web".into()),
                is_clear,
                owner_access: None,
            },
        })
    };
    let changes = [
        Swap { from: logs(true, true), to: logs(true, false) },
        Swap { from: logs(false, true), to: logs(true, true) },
    ];
    let results = apply::<BuildProject>(&script, &web(), &changes).await;
    assert!(matches!(results[..], [Ok(()), Err(_)]), "{results:?}");
    assert_eq!(
        script.bodies()[0],
        r#"{"name":"web","logsConfig":{"cloudWatchLogs":{"status":"ENABLED","groupName":"builds"},"s3Logs":{"status":"ENABLED","location":"logs/web","encryptionDisabled":false}}}"#
    );
}

const REPORTS: &str = r#"{"reportGroups":[{"arn":"a","name":"tests","exportConfig":{"exportConfigType":"S3","s3Destination":{"bucket":"reports","path":"web","packaging":"ZIP","encryptionDisabled":true}},"tags":[{"key":"AutoRemediate","value":"True"}]}]}"#;

#[tokio::test]
async fn where_reports_go_is_read_and_goes_back_as_it_came() {
    let id = ReportGroupName("tests".into());
    let script = Script::of([yes(REPORTS)]);
    let found = Cloud::<ReportGroup>::load(&compute(&script), &home(), &id, &[]).await;
    let found = found.unwrap().unwrap();
    assert_eq!((found.is_clear, found.bucket_owner, found.tags.len()), (Some(true), None, 1));

    let script = Script::of([yes(REPORTS), yes("{}")]);
    let change =
        Swap { from: ReportGroupSetting::Clear(true), to: ReportGroupSetting::Clear(false) };
    assert_eq!(apply::<ReportGroup>(&script, &id, &[change]).await, [Ok(())]);
    assert_eq!(
        script.bodies()[1],
        r#"{"arn":"arn:aws:codebuild:eu-west-1:111122223333:report-group/tests","exportConfig":{"exportConfigType":"S3","s3Destination":{"bucket":"reports","path":"web","packaging":"ZIP","encryptionDisabled":false}}}"#
    );
}

#[tokio::test]
async fn a_report_group_that_exports_nothing_says_so_and_one_that_is_gone_is_none() {
    let id = ReportGroupName("tests".into());
    let kept = r#"{"reportGroups":[{"arn":"a","exportConfig":{"exportConfigType":"NO_EXPORT"}}]}"#;
    for (body, clear) in [(kept, Some(None)), (r#"{"reportGroups":[]}"#, None)] {
        let script = Script::of([yes(body)]);
        let found = Cloud::<ReportGroup>::load(&compute(&script), &home(), &id, &[]).await;
        assert_eq!(found.unwrap().map(|found| found.is_clear), clear);
    }
}
