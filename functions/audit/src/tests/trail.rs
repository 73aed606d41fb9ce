use catalog::audit::{Delivery, Trail, TrailId, TrailSetting};
use remedy::Swap;
use runtime::Error;
use script::Script;

use super::{apply, asked, no, refused, says, yes};

const FOUND: &str = r#"{"Trail":{"Name":"main","HomeRegion":"eu-west-1","IsOrganizationTrail":false,
    "TrailARN":"arn:aws:cloudtrail:eu-west-1:111122223333:trail/main","LogFileValidationEnabled":false,
    "CloudWatchLogsLogGroupArn":"arn:aws:logs:g:*","CloudWatchLogsRoleArn":"arn:aws:iam::1:role/r",
    "KmsKeyId":"arn:aws:kms:k"}}"#;
const TAGS: &str = r#"{"ResourceTagList":[{"ResourceId":
    "arn:aws:cloudtrail:eu-west-1:111122223333:trail/main","TagsList":[{"Key":"team","Value":"sec"}]}]}"#;

fn main() -> TrailId {
    TrailId("main".into())
}

async fn load(script: &Script) -> Result<Option<Trail>, Error> {
    super::load(script, &main()).await
}

#[tokio::test]
async fn a_trail_is_read_with_its_tags() {
    let script = says([("GetTrail", yes(FOUND)), ("ListTags", yes(TAGS))]);
    let delivery =
        Delivery { group: "arn:aws:logs:g:*".into(), role: "arn:aws:iam::1:role/r".into() };
    let expected = Trail {
        account: "111122223333".into(),
        home: "eu-west-1".into(),
        organization: false,
        validated: false,
        delivery: Some(delivery),
        key: Some("arn:aws:kms:k".into()),
        tags: [("team".into(), "sec".into())].into(),
    };
    assert_eq!(load(&script).await, Ok(Some(expected)));
    assert_eq!(
        asked(&script),
        [
            r#"GetTrail {"Name":"main"}"#,
            r#"ListTags {"ResourceIdList":["arn:aws:cloudtrail:eu-west-1:111122223333:trail/main"]}"#,
        ]
    );
}

#[tokio::test]
async fn a_shadows_tags_are_not_to_be_had() {
    let shadow = FOUND.replace(r#""HomeRegion":"eu-west-1""#, r#""HomeRegion":"us-east-1""#);
    let found = load(&says([("GetTrail", yes(&shadow))])).await.unwrap().unwrap();
    assert_eq!((found.home.as_str(), found.tags.len()), ("us-east-1", 0));
}

#[tokio::test]
async fn one_that_is_gone_is_none_and_one_that_cannot_be_read_is_an_error() {
    assert_eq!(load(&says([("GetTrail", no("TrailNotFoundException"))])).await, Ok(None));
    let denied = no("AccessDeniedException");
    refused(load(&says([("GetTrail", denied.clone())])).await, "needs cloudtrail:GetTrail");
    let script = says([("GetTrail", yes(FOUND)), ("ListTags", denied)]);
    refused(load(&script).await, "needs cloudtrail:ListTags");
    for (field, why) in [
        (r#""LogFileValidationEnabled":false,"#, "does not say whether digests are kept"),
        (r#""IsOrganizationTrail":false,"#, "does not say whose it is"),
        (r#""HomeRegion":"eu-west-1","#, "does not say where it was made"),
    ] {
        let half = FOUND.replace(field, "");
        refused(load(&says([("GetTrail", yes(&half)), ("ListTags", yes(TAGS))])).await, why);
    }
}

#[tokio::test]
async fn each_setting_is_sent_alone() {
    let script = says((0..5).map(|_| ("UpdateTrail", yes("{}"))));
    let delivery = Delivery { group: "g".into(), role: "r".into() };
    let to = [
        TrailSetting::Validation(true),
        TrailSetting::Delivery(Some(delivery)),
        TrailSetting::Delivery(None),
        TrailSetting::Key(Some("k".into())),
        TrailSetting::Key(None),
    ];
    let changes = to.map(|to| Swap { from: TrailSetting::Validation(false), to });
    assert!(apply::<Trail>(&script, &main(), &changes).await.iter().all(Result::is_ok));
    assert_eq!(
        asked(&script),
        [
            r#"UpdateTrail {"Name":"main","EnableLogFileValidation":true}"#,
            r#"UpdateTrail {"Name":"main","CloudWatchLogsLogGroupArn":"g","CloudWatchLogsRoleArn":"r"}"#,
            r#"UpdateTrail {"Name":"main","CloudWatchLogsLogGroupArn":"","CloudWatchLogsRoleArn":""}"#,
            r#"UpdateTrail {"Name":"main","KmsKeyId":"k"}"#,
            r#"UpdateTrail {"Name":"main","KmsKeyId":""}"#,
        ]
    );
}

#[tokio::test]
async fn what_is_refused_is_told() {
    let script = says([("UpdateTrail", no("InsufficientEncryptionPolicyException"))]);
    let key = TrailSetting::Key(Some("k".into()));
    let change = Swap { from: TrailSetting::Key(None), to: key };
    let results = apply::<Trail>(&script, &main(), &[change]).await;
    refused(results.into_iter().next().unwrap(), "InsufficientEncryptionPolicyException");
}
