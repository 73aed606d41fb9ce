use catalog::audit::{Recorder, RecorderChange, Recorders, RecordersId};
use runtime::Error;
use script::{Answer, Script};

use super::{apply, asked, no, refused, says, yes};

const FOUND: &str = r#"{"ConfigurationRecorders":[
    {"name":"AWSConfigurationRecorderForX","servicePrincipal":"x.amazonaws.com"},
    {"name":"default","arn":"arn:aws:config:eu-west-1:1:configuration-recorder/default/a","roleARN":"arn:aws:iam::1:role/r",
     "recordingGroup":{"allSupported":true,"includeGlobalResourceTypes":false}}]}"#;
const STATUS: &str = r#"{"ConfigurationRecordersStatus":[{"name":"default","recording":true}]}"#;
const CHANNEL: &str = r#"{"DeliveryChannels":[{"name":"default"}]}"#;

fn account() -> RecordersId {
    RecordersId("111122223333".into())
}

async fn load(script: &Script) -> Result<Option<Recorders>, Error> {
    super::load(script, &account()).await
}

fn found(recorders: &str, status: &str, channels: &str) -> [(&'static str, Answer); 4] {
    [
        ("DescribeConfigurationRecorders", yes(recorders)),
        ("DescribeConfigurationRecorderStatus", yes(status)),
        ("DescribeDeliveryChannels", yes(channels)),
        ("ListTagsForResource", yes(r#"{"Tags":[{"Key":"a","Value":"b"}]}"#)),
    ]
}

#[tokio::test]
async fn the_accounts_own_recorder_is_read_with_its_state() {
    let script = says(found(FOUND, STATUS, CHANNEL));
    let recorder = Recorder {
        name: "default".into(),
        role: "arn:aws:iam::1:role/r".into(),
        recording: true,
        every_kind: true,
        global: false,
        tags: [("a".into(), "b".into())].into(),
    };
    assert_eq!(
        load(&script).await,
        Ok(Some(Recorders { recorder: Some(recorder), delivers: true }))
    );
    let status =
        r#"DescribeConfigurationRecorderStatus {"ConfigurationRecorderNames":["default"]}"#;
    assert!(asked(&script).iter().any(|call| call == status));
}

#[tokio::test]
async fn where_there_is_none_there_is_none() {
    let script = says(found(r#"{"ConfigurationRecorders":[]}"#, "", r#"{"DeliveryChannels":[]}"#));
    assert_eq!(load(&script).await, Ok(Some(Recorders::default())));
}

#[tokio::test]
async fn what_cannot_be_read_is_an_error() {
    let silent = says(found(FOUND, r#"{"ConfigurationRecordersStatus":[]}"#, CHANNEL));
    refused(load(&silent).await, "does not say whether it records");
    let half = says(found(r#"{"ConfigurationRecorders":[{"name":"default"}]}"#, STATUS, CHANNEL));
    refused(load(&half).await, "does not say what it records");
    let denied = says([("DescribeConfigurationRecorders", no("AccessDeniedException"))]);
    refused(load(&denied).await, "needs config:DescribeConfigurationRecorders");
}

#[tokio::test]
async fn it_is_started_and_stopped_by_name() {
    let script =
        says([("StartConfigurationRecorder", yes("")), ("StopConfigurationRecorder", yes(""))]);
    let changes = [RecorderChange::Start("default".into()), RecorderChange::Stop("default".into())];
    assert_eq!(apply::<Recorders>(&script, &account(), &changes).await, [Ok(()), Ok(())]);
    assert_eq!(
        asked(&script),
        [
            r#"StartConfigurationRecorder {"ConfigurationRecorderName":"default"}"#,
            r#"StopConfigurationRecorder {"ConfigurationRecorderName":"default"}"#,
        ]
    );
}
