use catalog::data::{Capacity, Table, TableId, TableSetting, Units};
use runtime::{Cloud, Error};
use script::{Script, answer};

use super::{apply, data, home, refuses, to};

fn orders() -> TableId {
    TableId("orders".into())
}

/// A table that is described so.
fn table(description: &'static str) -> Script {
    Script::to(move |request| {
        let text = match request.header("x-amz-target")?.split('.').nth(1)? {
            "DescribeTable" => format!(r#"{{"Table":{{{description}}}}}"#),
            "DescribeContinuousBackups" => {
                r#"{"ContinuousBackupsDescription":{"ContinuousBackupsStatus":"ENABLED","PointInTimeRecoveryDescription":{"PointInTimeRecoveryStatus":"ENABLED","RecoveryPeriodInDays":7}}}"#.into()
            }
            "ListTagsOfResource" if request.body.contains("NextToken") => {
                r#"{"Tags":[{"Key":"AutoRemediate","Value":"True"}]}"#.into()
            }
            "ListTagsOfResource" => r#"{"Tags":[{"Key":"a","Value":"b"}],"NextToken":"more"}"#.into(),
            _ => "{}".into(),
        };
        Some(answer(200, &text))
    })
}

async fn load(script: &Script) -> Result<Option<Table>, Error> {
    Cloud::<Table>::load(&data(script), &home(), &orders(), &[]).await
}

#[tokio::test]
async fn a_table_is_read_with_every_page_of_its_tags() {
    let script = table(
        r#""TableStatus":"ACTIVE","DeletionProtectionEnabled":true,"BillingModeSummary":{"BillingMode":"PAY_PER_REQUEST"},"Replicas":[{"RegionName":"us-east-1"},{"RegionName":"eu-west-1"}]"#,
    );
    let found = load(&script).await.unwrap().unwrap();
    assert!(found.protected && found.recoverable);
    assert_eq!(
        (found.capacity, found.replicas),
        (Capacity::OnDemand, vec!["us-east-1".to_owned()])
    );
    assert_eq!(found.tags.len(), 2);
}

#[tokio::test]
async fn capacity_is_read_with_that_of_the_indexes() {
    let script = table(
        r#""DeletionProtectionEnabled":false,"ProvisionedThroughput":{"ReadCapacityUnits":100,"WriteCapacityUnits":5},"GlobalSecondaryIndexes":[{"IndexName":"by-day","ProvisionedThroughput":{"ReadCapacityUnits":7,"WriteCapacityUnits":8}}]"#,
    );
    let found = load(&script).await;
    let indexes = [("by-day".to_owned(), Units { read: 7, write: 8 })].into();
    let table = Units { read: 100, write: 5 };
    assert_eq!(found.unwrap().unwrap().capacity, Capacity::Provisioned { table, indexes });
}

#[tokio::test]
async fn one_that_is_gone_is_none_and_one_that_cannot_be_read_is_an_error() {
    let gone = Script::by(|_| Some(refuses(400, "ResourceNotFoundException")));
    assert_eq!(load(&gone).await, Ok(None));
    assert_eq!(load(&table(r#""TableStatus":"DELETING""#)).await, Ok(None));
    for (script, why) in [
        (
            Script::by(|_| Some(refuses(400, "AccessDeniedException"))),
            "kintsugi-data needs dynamodb:DescribeTable",
        ),
        (table(""), "does not tell whether it is protected"),
        (table(r#""DeletionProtectionEnabled":true"#), "does not tell its capacity"),
    ] {
        let error = load(&script).await.unwrap_err().to_string();
        assert!(
            error.starts_with("could not read table orders in 111122223333/eu-west-1: "),
            "{error}"
        );
        assert!(error.contains(why), "{error}");
    }
}

#[tokio::test]
async fn each_setting_is_one_call() {
    let script = table("");
    let units = |read, write| Units { read, write };
    let provisioned = |indexes: &[(&str, Units)]| Capacity::Provisioned {
        table: units(1, 2),
        indexes: indexes.iter().map(|(name, units)| ((*name).to_owned(), *units)).collect(),
    };
    let changes = [
        TableSetting::DeletionProtection(true),
        TableSetting::PointInTimeRecovery(true),
        TableSetting::Capacity(Capacity::OnDemand),
        TableSetting::Capacity(provisioned(&[("by-day", units(3, 4))])),
        TableSetting::Capacity(provisioned(&[])),
    ];
    let results = apply::<Table>(&script, &orders(), &changes.map(to)).await;
    assert_eq!(results, [Ok(()), Ok(()), Ok(()), Ok(()), Ok(())]);
    let expected = [
        r#"{"TableName":"orders","DeletionProtectionEnabled":true}"#,
        r#"{"TableName":"orders","PointInTimeRecoverySpecification":{"PointInTimeRecoveryEnabled":true}}"#,
        r#"{"TableName":"orders","BillingMode":"PAY_PER_REQUEST"}"#,
        r#"{"TableName":"orders","BillingMode":"PROVISIONED","ProvisionedThroughput":{"ReadCapacityUnits":1,"WriteCapacityUnits":2},"GlobalSecondaryIndexUpdates":[{"Update":{"IndexName":"by-day","ProvisionedThroughput":{"ReadCapacityUnits":3,"WriteCapacityUnits":4}}}]}"#,
        r#"{"TableName":"orders","BillingMode":"PROVISIONED","ProvisionedThroughput":{"ReadCapacityUnits":1,"WriteCapacityUnits":2}}"#,
    ];
    let parsed = |text: &str| -> Vec<String> {
        let mut parts: Vec<_> = text.split(['{', '}', ',']).map(str::to_owned).collect();
        parts.sort();
        parts
    };
    let bodies: Vec<_> = script.bodies().iter().map(|body| parsed(body)).collect();
    assert_eq!(bodies, expected.map(parsed));
}

#[tokio::test]
async fn a_table_that_is_being_changed_is_tried_again() {
    let script = Script::by(|_| Some(refuses(400, "ResourceInUseException")));
    let change = to(TableSetting::DeletionProtection(true));
    let results = apply::<Table>(&script, &orders(), &[change]).await;
    assert!(matches!(results[..], [Err(Error::Transient(_))]), "{results:?}");
}
