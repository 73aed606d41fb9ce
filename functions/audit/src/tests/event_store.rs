use catalog::audit::{EventStore, EventStoreId, EventStoreKey};
use remedy::Swap;
use runtime::Error;
use script::Script;

use super::{apply, asked, no, refused, says, yes};

const ARN: &str = "arn:aws:cloudtrail:eu-west-1:111122223333:eventdatastore/a1b2";

fn store() -> EventStoreId {
    EventStoreId("a1b2".into())
}

async fn load(script: &Script) -> Result<Option<EventStore>, Error> {
    super::load(script, &store()).await
}

#[tokio::test]
async fn a_store_is_read_with_its_tags() {
    let tags = format!(
        r#"{{"ResourceTagList":[{{"ResourceId":"{ARN}","TagsList":[{{"Key":"a","Value":"b"}}]}}]}}"#
    );
    let found = r#"{"Name":"lake","Status":"PENDING_DELETION","OrganizationEnabled":true}"#;
    let script = says([("GetEventDataStore", yes(found)), ("ListTags", yes(&tags))]);
    let expected = EventStore {
        name: "lake".into(),
        organization: true,
        deleted: true,
        key: None,
        tags: [("a".into(), "b".into())].into(),
    };
    assert_eq!(load(&script).await, Ok(Some(expected)));
    assert_eq!(asked(&script)[0], format!(r#"GetEventDataStore {{"EventDataStore":"{ARN}"}}"#));
}

#[tokio::test]
async fn one_that_is_gone_is_none_and_one_that_cannot_be_read_is_an_error() {
    let gone = no("EventDataStoreNotFoundException");
    assert_eq!(load(&says([("GetEventDataStore", gone)])).await, Ok(None));
    let denied = no("AccessDeniedException");
    refused(
        load(&says([("GetEventDataStore", denied)])).await,
        "needs cloudtrail:GetEventDataStore",
    );
    let script = says([("GetEventDataStore", yes("{}")), ("ListTags", yes("{}"))]);
    refused(load(&script).await, "does not say whose events it holds");
}

#[tokio::test]
async fn its_key_is_set_by_one_call() {
    let script = says([("UpdateEventDataStore", yes("{}"))]);
    let change = Swap { from: EventStoreKey(None), to: EventStoreKey(Some("k".into())) };
    assert_eq!(apply::<EventStore>(&script, &store(), &[change]).await, [Ok(())]);
    let expected = format!(r#"UpdateEventDataStore {{"EventDataStore":"{ARN}","KmsKeyId":"k"}}"#);
    assert_eq!(asked(&script), [expected]);
}
