use catalog::secrets::{
    AutomationLogs, AutomationLogsId, AutomationLogsSetting, Document, DocumentChange, DocumentId,
    DocumentSharing, DocumentSharingId, DocumentSharingSetting, ManagedInstance, ManagedInstanceId,
};
use remedy::Swap;
use script::Script;

use super::{by_name, called, found, make, no, read, yes};

const ACCOUNT: &str = "111122223333";

fn id() -> DocumentId {
    DocumentId("Deploy".into())
}

fn shared(body: &str) -> Script {
    by_name(&[
        ("DescribeDocumentPermission", yes(body)),
        ("ListTagsForResource", yes(r#"{"TagList":[{"Key":"team","Value":"web"}]}"#)),
    ])
}

#[tokio::test]
async fn whom_a_document_is_shared_with_is_read_with_its_version() {
    let script = shared(
        r#"{"AccountIds":["all","444455556666"],"AccountSharingInfoList":
        [{"AccountId":"all","SharedDocumentVersion":"2"},{"AccountId":"444455556666"}]}"#,
    );
    let document: Document = found(&script, &id()).await;
    assert_eq!(document.public.as_deref(), Some("2"));
    assert_eq!(document.accounts, ["444455556666".to_owned()].into());
    assert_eq!(document.tags.get("team").map(String::as_str), Some("web"));
    let plain: Document = found(&shared(r#"{"AccountIds":["All"]}"#), &id()).await;
    assert_eq!(plain.public.as_deref(), Some("$DEFAULT"));
    let private: Document = found(&shared(r#"{"AccountIds":[]}"#), &id()).await;
    assert_eq!(private.public, None);
}

#[tokio::test]
async fn all_pages_of_accounts_are_read() {
    let mut pages = vec![
        yes(r#"{"AccountIds":["all"]}"#),
        yes(r#"{"AccountIds":["444455556666"],"NextToken":"t"}"#),
    ];
    let script = Script::to(move |request| match request.header("x-amz-target") {
        Some("AmazonSSM.ListTagsForResource") => Some(yes(r#"{"TagList":[]}"#)),
        _ => pages.pop(),
    });
    let document: Document = found(&script, &id()).await;
    assert_eq!((document.public.is_some(), document.accounts.len()), (true, 1));
}

#[tokio::test]
async fn a_document_that_is_gone_is_none() {
    let gone = [
        ("DescribeDocumentPermission", no("InvalidDocument")),
        ("ListTagsForResource", no("InvalidResourceId")),
    ];
    assert_eq!(read::<Document>(&by_name(&gone), &id()).await, Ok(None));
    let denied = [
        ("DescribeDocumentPermission", no("AccessDeniedException")),
        ("ListTagsForResource", no("InvalidResourceId")),
    ];
    let error = read::<Document>(&by_name(&denied), &id()).await.unwrap_err().to_string();
    assert!(error.contains("needs ssm:DescribeDocumentPermission"), "{error}");
}

#[tokio::test]
async fn only_everybody_is_taken_and_given_back() {
    let script = Script::of([yes("{}"), no("InvalidDocument"), yes("{}")]);
    let unshare = DocumentChange::Unshare("2".into());
    let changes = [unshare.clone(), unshare, DocumentChange::Share("2".into())];
    assert_eq!(make::<Document>(&script, &id(), &changes).await, [Ok(()), Ok(()), Ok(())]);
    assert_eq!(
        script.bodies()[0],
        r#"{"Name":"Deploy","PermissionType":"Share","AccountIdsToRemove":["all"]}"#
    );
    assert_eq!(
        script.bodies()[2],
        r#"{"Name":"Deploy","PermissionType":"Share","AccountIdsToAdd":["all"],"SharedDocumentVersion":"2"}"#
    );
}

fn setting(value: &str) -> Script {
    Script::of([yes(&format!(r#"{{"ServiceSetting":{{"SettingValue":"{value}"}}}}"#))])
}

#[tokio::test]
async fn whether_documents_can_be_public_is_a_setting() {
    let id = DocumentSharingId(ACCOUNT.into());
    let sharing: DocumentSharing = found(&setting("Enable"), &id).await;
    assert!(sharing.public);
    let sharing: DocumentSharing = found(&setting("Disable"), &id).await;
    assert!(!sharing.public);
    assert!(read::<DocumentSharing>(&setting("Maybe"), &id).await.is_err());
    let script = Script::of([yes("{}")]);
    let change = Swap {
        from: DocumentSharingSetting::Public(true),
        to: DocumentSharingSetting::Public(false),
    };
    assert_eq!(make::<DocumentSharing>(&script, &id, &[change]).await, [Ok(())]);
    assert_eq!(
        script.bodies(),
        [
            r#"{"SettingId":"/ssm/documents/console/public-sharing-permission","SettingValue":"Disable"}"#
        ]
    );
}

#[tokio::test]
async fn where_scripts_are_logged_is_a_setting() {
    let id = AutomationLogsId(ACCOUNT.into());
    let logs: AutomationLogs = found(&setting("CloudWatch"), &id).await;
    assert!(logs.kept);
    let logs: AutomationLogs = found(&setting(""), &id).await;
    assert!(!logs.kept);
    let script = Script::of([yes("{}"), yes("{}")]);
    let (on, off) = (AutomationLogsSetting::Kept(true), AutomationLogsSetting::Kept(false));
    let changes = [Swap { from: off.clone(), to: on.clone() }, Swap { from: on, to: off }];
    assert_eq!(make::<AutomationLogs>(&script, &id, &changes).await, [Ok(()), Ok(())]);
    assert_eq!(called(&script), ["UpdateServiceSetting", "ResetServiceSetting"]);
}

#[tokio::test]
async fn an_instance_is_managed_if_it_answers() {
    let id = ManagedInstanceId("i-0a1".into());
    let known = r#"{"InstanceInformationList":[{"InstanceId":"i-0a1","PingStatus":"Online"}]}"#;
    let instance: ManagedInstance = found(&Script::of([yes(known)]), &id).await;
    assert_eq!(instance.answers.as_deref(), Some("Online"));
    for answer in [yes(r#"{"InstanceInformationList":[]}"#), no("InvalidInstanceId")] {
        let instance: ManagedInstance = found(&Script::of([answer]), &id).await;
        assert_eq!(instance.answers, None);
    }
}
