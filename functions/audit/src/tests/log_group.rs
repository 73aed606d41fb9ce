use catalog::audit::{LogGroup, LogGroupId, Retention};
use remedy::Swap;
use runtime::Error;
use script::Script;

use super::{apply, asked, no, refused, says, yes};

const FOUND: &str = r#"{"logGroups":[{"logGroupName":"/web","retentionInDays":7,
    "logGroupClass":"DELIVERY"},{"logGroupName":"/web2"}]}"#;

fn web() -> LogGroupId {
    LogGroupId("/web".into())
}

async fn load(script: &Script) -> Result<Option<LogGroup>, Error> {
    super::load(script, &web()).await
}

#[tokio::test]
async fn a_group_is_found_among_those_that_begin_like_it() {
    let tags = yes(r#"{"tags":{"a":"b"}}"#);
    let script = says([
        (
            "DescribeLogGroups",
            yes(r#"{"logGroups":[{"logGroupName":"/web-old"}],"nextToken":"t"}"#),
        ),
        ("DescribeLogGroups", yes(FOUND)),
        ("ListTagsForResource", tags),
    ]);
    let expected =
        LogGroup { days: Some(7), passes_on: true, tags: [("a".into(), "b".into())].into() };
    assert_eq!(load(&script).await, Ok(Some(expected)));
    assert_eq!(
        asked(&script),
        [
            r#"DescribeLogGroups {"logGroupNamePrefix":"/web"}"#,
            r#"DescribeLogGroups {"logGroupNamePrefix":"/web","nextToken":"t"}"#,
            r#"ListTagsForResource {"resourceArn":"arn:aws:logs:eu-west-1:111122223333:log-group:/web"}"#,
        ]
    );
}

#[tokio::test]
async fn one_that_is_gone_is_none_and_one_that_cannot_be_read_is_an_error() {
    let others = yes(r#"{"logGroups":[{"logGroupName":"/web2"}]}"#);
    assert_eq!(load(&says([("DescribeLogGroups", others)])).await, Ok(None));
    let found = || ("DescribeLogGroups", yes(FOUND));
    let gone = ("ListTagsForResource", no("ResourceNotFoundException"));
    assert_eq!(load(&says([found(), gone])).await, Ok(None));
    let denied = no("AccessDeniedException");
    let script = says([found(), ("ListTagsForResource", denied)]);
    refused(load(&script).await, "needs logs:ListTagsForResource");
    let again = || ("DescribeLogGroups", yes(r#"{"logGroups":[],"nextToken":"t"}"#));
    refused(load(&says([again(), again()])).await, "the same page came twice");
}

#[tokio::test]
async fn a_retention_is_set_or_taken_away() {
    let script = says([("PutRetentionPolicy", yes("")), ("DeleteRetentionPolicy", yes(""))]);
    let changes = [
        Swap { from: Retention(Some(7)), to: Retention(Some(365)) },
        Swap { from: Retention(Some(365)), to: Retention(None) },
    ];
    assert_eq!(apply::<LogGroup>(&script, &web(), &changes).await, [Ok(()), Ok(())]);
    assert_eq!(
        asked(&script),
        [
            r#"PutRetentionPolicy {"logGroupName":"/web","retentionInDays":365}"#,
            r#"DeleteRetentionPolicy {"logGroupName":"/web"}"#,
        ]
    );
}
