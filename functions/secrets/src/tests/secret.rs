use catalog::secrets::{RotationRule, Secret, SecretId, SecretSetting};
use remedy::Swap;
use script::Script;

use super::{called, found, make, no, read, yes};

fn id() -> SecretId {
    SecretId("web/db-a1B2c3".into())
}

fn described(more: &str) -> Script {
    Script::of([yes(&format!(r#"{{"Name":"web/db","CreatedDate":1795176000{more}}}"#))])
}

#[tokio::test]
async fn a_secret_is_read_with_how_it_is_rotated() {
    let script = described(
        r#","RotationEnabled":true,"RotationLambdaARN":"arn:fn","NextRotationDate":1795176000,
        "RotationRules":{"AutomaticallyAfterDays":10,"ScheduleExpression":"rate(10 days)"},
        "OwningService":"rds","PrimaryRegion":"us-east-1","Tags":[{"Key":"team","Value":"web"}]"#,
    );
    let secret: Secret = found(&script, &id()).await;
    let rule = RotationRule { schedule: Some("rate(10 days)".into()), ..RotationRule::default() };
    assert_eq!(secret.rotation, Some(rule));
    assert_eq!(secret.function.as_deref(), Some("arn:fn"));
    assert_eq!(secret.copy_of.as_deref(), Some("us-east-1"));
    assert_eq!(secret.service.as_deref(), Some("rds"));
    assert_eq!((secret.accessed, secret.next), (None, Some(remedy::check::now())));
    assert_eq!(secret.tags.get("team").map(String::as_str), Some("web"));
    assert_eq!(called(&script), ["DescribeSecret"]);
}

#[tokio::test]
async fn one_that_is_rotated_no_longer_keeps_how_it_was() {
    let rules = r#""RotationRules":{"AutomaticallyAfterDays":30,"Duration":"3h"}"#;
    let off = format!(r#","RotationEnabled":false,{rules},"PrimaryRegion":"eu-west-1""#);
    let secret: Secret = found(&described(&off), &id()).await;
    let former = RotationRule { window: Some("3h".into()), ..RotationRule::every(30) };
    assert_eq!((secret.rotation, secret.former), (None, Some(former)));
    assert_eq!(secret.copy_of, None);
    let never: Secret = found(&described(""), &id()).await;
    assert_eq!((never.rotation, never.former), (None, None));
}

#[tokio::test]
async fn one_that_is_gone_is_none_and_one_that_leaves_says_so() {
    let gone = Script::of([no("ResourceNotFoundException")]);
    assert_eq!(read::<Secret>(&gone, &id()).await, Ok(None));
    let leaving: Secret = found(&described(r#","DeletedDate":1795176000"#), &id()).await;
    assert!(leaving.is_leaving);
    assert!(read::<Secret>(&Script::of([yes("{}")]), &id()).await.is_err());
}

#[tokio::test]
async fn rotation_is_set_without_rotating_at_once_and_taken_back() {
    let script = Script::of([yes("{}"), yes("{}"), yes("{}"), no("AccessDeniedException")]);
    let to = |to| Swap { from: SecretSetting::Rotation(None), to: SecretSetting::Rotation(to) };
    let by_schedule =
        RotationRule { schedule: Some("rate(10 days)".into()), ..RotationRule::every(5) };
    let changes = [
        to(Some(RotationRule::every(30))),
        to(Some(by_schedule)),
        to(None),
        to(Some(RotationRule::every(30))),
    ];
    let done = make::<Secret>(&script, &id(), &changes).await;
    assert_eq!(done[..3], [Ok(()), Ok(()), Ok(())]);
    let error = done[3].as_ref().unwrap_err().to_string();
    assert!(error.contains("lambda:InvokeFunction on its function"), "{error}");
    let calls = ["RotateSecret", "RotateSecret", "CancelRotateSecret", "RotateSecret"];
    assert_eq!(called(&script), calls);
    let bodies = script.bodies();
    assert!(
        bodies[0].contains(r#""RotationRules":{"AutomaticallyAfterDays":30}"#),
        "{}",
        bodies[0]
    );
    assert!(bodies[0].contains(r#""RotateImmediately":false"#), "{}", bodies[0]);
    assert!(bodies[1].contains(r#"{"ScheduleExpression":"rate(10 days)"}"#), "{}", bodies[1]);
}
