use catalog::secrets::{Key, KeyId, KeyPolicy, KeySetting};
use remedy::Swap;
use script::Script;

use super::{called, found, make, no, read, yes};

const ID: &str = "1234abcd-12ab-34cd-56ef-1234567890ab";

fn id() -> KeyId {
    KeyId(ID.into())
}

fn described(more: &str) -> String {
    format!(
        r#"{{"KeyMetadata":{{"KeyId":"{ID}","KeyManager":"CUSTOMER","KeySpec":"SYMMETRIC_DEFAULT",
           "Origin":"AWS_KMS"{more}}}}}"#
    )
}

const TAGS: &str = r#"{"Tags":[{"TagKey":"AutoRemediate","TagValue":"True"}],"Truncated":false}"#;

#[tokio::test]
async fn a_key_is_read_with_whether_it_is_rotated() {
    let script = Script::of([
        yes(&described(r#","KeyState":"Enabled""#)),
        yes(r#"{"KeyRotationEnabled":true,"RotationPeriodInDays":180}"#),
        yes(TAGS),
    ]);
    let key: Key = found(&script, &id()).await;
    assert!(key.rotation && key.can_rotate() && key.copy_of.is_none());
    assert_eq!(key.tags.get("AutoRemediate").map(String::as_str), Some("True"));
    assert_eq!(called(&script), ["DescribeKey", "GetKeyRotationStatus", "ListResourceTags"]);
    let arn = format!("arn:aws:kms:eu-west-1:111122223333:key/{ID}");
    assert_eq!(script.bodies()[0], format!(r#"{{"KeyId":"{arn}"}}"#));
}

#[tokio::test]
async fn a_key_that_cannot_be_rotated_is_not_asked_whether_it_is() {
    let script =
        Script::of([yes(&described(r#","KeyState":"Enabled","KeySpec":"RSA_2048""#)), yes(TAGS)]);
    let key: Key = found(&script, &id()).await;
    assert_eq!((key.rotation, key.spec.as_str()), (false, "RSA_2048"));
}

#[tokio::test]
async fn a_copy_names_the_region_of_its_key() {
    let regions = r#","KeyState":"PendingDeletion","DeletionDate":1795176000,
        "MultiRegionConfiguration":{"MultiRegionKeyType":"REPLICA",
        "PrimaryKey":{"Arn":"a","Region":"us-east-1"}}"#;
    let script =
        Script::of([yes(&described(regions)), yes(r#"{"KeyRotationEnabled":false}"#), yes(TAGS)]);
    let key: Key = found(&script, &id()).await;
    assert_eq!(key.copy_of.as_deref(), Some("us-east-1"));
    assert_eq!(key.deletion, Some(remedy::check::now()));
}

#[tokio::test]
async fn one_that_is_gone_is_none_and_half_a_key_is_an_error() {
    assert_eq!(read::<Key>(&Script::of([no("NotFoundException")]), &id()).await, Ok(None));
    assert!(read::<Key>(&Script::of([yes(&described(""))]), &id()).await.is_err());
    let script = Script::of([
        yes(&described(r#","KeyState":"Enabled""#)),
        yes(r#"{"KeyRotationEnabled":false}"#),
        no("AccessDeniedException"),
    ]);
    let error = read::<Key>(&script, &id()).await.unwrap_err().to_string();
    assert!(error.contains("The role kintsugi-secrets needs kms:ListResourceTags"), "{error}");
}

#[tokio::test]
async fn each_setting_has_its_call() {
    let script = Script::of([yes("{}"), yes("{}"), yes("{}")]);
    let to = |to| Swap { from: KeySetting::Rotation(false), to };
    let changes = [
        to(KeySetting::Rotation(true)),
        to(KeySetting::Rotation(false)),
        to(KeySetting::State("Disabled".into())),
    ];
    assert_eq!(make::<Key>(&script, &id(), &changes).await, [Ok(()), Ok(()), Ok(())]);
    let calls = ["EnableKeyRotation", "DisableKeyRotation", "CancelKeyDeletion"];
    assert_eq!(called(&script), calls);
}

#[tokio::test]
async fn whom_a_policy_lets_in_is_read_from_its_text() {
    let policy = r#"{"Policy":"{\"Statement\":[{\"Sid\":\"All\",\"Effect\":\"Allow\",\"Principal\":\"*\"}]}"}"#;
    let policy: KeyPolicy = found(&Script::of([yes(policy), yes(TAGS)]), &id()).await;
    assert_eq!(policy.public[0].name, "All");
    let odd = read::<KeyPolicy>(&Script::of([yes(r#"{"Policy":"what?"}"#)]), &id()).await;
    assert!(odd.is_err());
}
