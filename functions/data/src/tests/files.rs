use catalog::data::{AccessPoint, AccessPointId, FileSystem, FileSystemId, FileSystemSetting};
use runtime::{Cloud, Error};
use script::{Answer, Script, answer};

use super::{apply, data, home, to};

const FOUND: &str = r#"{"OwnerId":"111122223333","CreationToken":"t","FileSystemId":"fs-0a1b","CreationTime":1,"LifeCycleState":"available","Name":"home","NumberOfMountTargets":0,"SizeInBytes":{"Value":0},"PerformanceMode":"generalPurpose","Encrypted":true,"Tags":[{"Key":"AutoRemediate","Value":"True"}]}"#;

fn files() -> FileSystemId {
    FileSystemId("fs-0a1b".into())
}

fn no(status: u16, code: &str) -> Answer {
    let body = format!(r#"{{"ErrorCode":"{code}","Message":"of {code}"}}"#);
    answer(status, &body).with("x-amzn-errortype", code)
}

fn efs(found: &'static str, policy: Answer) -> Script {
    Script::to(move |request| {
        Some(match (request.method.as_str(), request.uri.contains("/backup-policy")) {
            ("GET", true) => policy.clone(),
            ("PUT", _) => answer(200, r#"{"BackupPolicy":{"Status":"ENABLING"}}"#),
            _ => answer(200, &format!(r#"{{"FileSystems":[{found}]}}"#)),
        })
    })
}

fn status(status: &str) -> Answer {
    answer(200, &format!(r#"{{"BackupPolicy":{{"Status":"{status}"}}}}"#))
}

async fn load(script: &Script) -> Result<Option<FileSystem>, Error> {
    Cloud::<FileSystem>::load(&data(script), &home(), &files(), &[]).await
}

#[tokio::test]
async fn a_file_system_is_read_with_its_backups() {
    for (policy, backups) in [
        (status("ENABLED"), true),
        (status("ENABLING"), true),
        (status("DISABLED"), false),
        (status("DISABLING"), false),
        (no(404, "PolicyNotFound"), false),
    ] {
        let found = load(&efs(FOUND, policy)).await.unwrap().unwrap();
        assert_eq!((found.name.as_str(), found.encrypted, found.backups), ("home", true, backups));
        assert_eq!(found.tags.len(), 1);
    }
}

#[tokio::test]
async fn one_that_is_gone_is_none_and_one_that_cannot_be_read_is_an_error() {
    let script = Script::by(|_| Some(no(404, "FileSystemNotFound")));
    assert_eq!(load(&script).await, Ok(None));
    let denied = Script::by(|_| Some(no(403, "AccessDeniedException")));
    let error = load(&denied).await.unwrap_err().to_string();
    assert!(error.contains("needs elasticfilesystem:DescribeFileSystems"), "{error}");
    let denied = efs(FOUND, no(403, "AccessDeniedException"));
    let error = load(&denied).await.unwrap_err().to_string();
    assert!(error.contains("needs elasticfilesystem:DescribeBackupPolicy"), "{error}");
}

#[tokio::test]
async fn backups_are_set_by_one_call() {
    let script = efs(FOUND, status("DISABLED"));
    let change = to(FileSystemSetting::Backups(true));
    assert_eq!(apply::<FileSystem>(&script, &files(), &[change]).await, [Ok(())]);
    let request = script.requests().pop().unwrap();
    assert!(
        request.uri.ends_with("/2015-02-01/file-systems/fs-0a1b/backup-policy"),
        "{}",
        request.uri
    );
    assert_eq!(request.body, r#"{"BackupPolicy":{"Status":"ENABLED"}}"#);
}

#[tokio::test]
async fn an_access_point_is_read_by_one_call() {
    let id = AccessPointId("fsap-0a1b".into());
    let found = r#"{"AccessPoints":[{"AccessPointId":"fsap-0a1b","FileSystemId":"fs-0a1b","LifeCycleState":"available","PosixUser":{"Uid":1,"Gid":2},"RootDirectory":{"Path":"/"},"Tags":[]}]}"#;
    let script = Script::of([answer(200, found)]);
    let found =
        Cloud::<AccessPoint>::load(&data(&script), &home(), &id, &[]).await.unwrap().unwrap();
    assert_eq!(
        found,
        AccessPoint {
            file_system: "fs-0a1b".into(),
            root: "/".into(),
            user: Some((1, 2)),
            ..AccessPoint::default()
        }
    );
    let script = Script::of([no(404, "AccessPointNotFound")]);
    assert_eq!(Cloud::<AccessPoint>::load(&data(&script), &home(), &id, &[]).await, Ok(None));
}
