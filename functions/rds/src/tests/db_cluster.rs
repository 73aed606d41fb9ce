use catalog::rds::{DbCluster, DbClusterId, DbClusterSetting, Switch, Value};
use remedy::Swap;
use runtime::Error;
use script::Script;

use super::{apply, no, rds, yes};

fn found(engine: &str, more: &str) -> String {
    format!(
        "<DBClusters><DBCluster><DBClusterIdentifier>main</DBClusterIdentifier>\
         <Engine>{engine}</Engine><Status>available</Status><Port>3306</Port>\
         <MasterUsername>ada</MasterUsername><BackupRetentionPeriod>1</BackupRetentionPeriod>\
         <MultiAZ>true</MultiAZ><StorageEncrypted>true</StorageEncrypted>\
         <DeletionProtection>true</DeletionProtection>{more}</DBCluster></DBClusters>"
    )
}

const REST: &str = "<IAMDatabaseAuthenticationEnabled>false</IAMDatabaseAuthenticationEnabled>\
    <CopyTagsToSnapshot>true</CopyTagsToSnapshot><BacktrackWindow>3600</BacktrackWindow>\
    <EnabledCloudwatchLogsExports><member>error</member></EnabledCloudwatchLogsExports>\
    <TagList><Tag><Key>a</Key><Value>b</Value></Tag></TagList>";

fn main() -> DbClusterId {
    DbClusterId("main".into())
}

async fn load(script: &Script) -> Result<Option<DbCluster>, Error> {
    super::load::<DbCluster>(&rds(script), &main()).await
}

fn turn_on(switch: Switch) -> Swap<DbClusterSetting> {
    Swap {
        from: DbClusterSetting(Value::Switch(switch, false)),
        to: DbClusterSetting(Value::Switch(switch, true)),
    }
}

#[tokio::test]
async fn a_cluster_is_read_by_one_call() {
    let script = Script::of([yes("DescribeDBClusters", &found("aurora-mysql", REST))]);
    let mut expected = DbCluster {
        engine: "aurora-mysql".into(),
        status: "available".into(),
        setup: [Switch::DeletionProtection, Switch::SnapshotTags].into_iter().collect(),
        spread: true,
        encrypted: true,
        backtrack_seconds: 3_600,
        port: Some(3306),
        admin: "ada".into(),
        tags: [("a".into(), "b".into())].into(),
        ..DbCluster::default()
    };
    expected.setup.backup_days = 1;
    expected.setup.logs = ["error".into()].into();
    assert_eq!(load(&script).await, Ok(Some(expected)));
    assert_eq!(
        script.bodies(),
        ["Action=DescribeDBClusters&Version=2014-10-31&DBClusterIdentifier=main"]
    );
}

#[tokio::test]
async fn what_an_engine_does_not_have_may_be_left_out_and_what_it_has_may_not() {
    let docdb = Script::of([yes("DescribeDBClusters", &found("docdb", ""))]);
    let cluster = load(&docdb).await.unwrap().unwrap();
    assert_eq!(cluster.setup.on, [Switch::DeletionProtection].into());
    for (engine, more, why) in [
        ("aurora-mysql", "", "whether IAM authentication is on"),
        ("postgres", REST, "whether automatic minor upgrades is on"),
    ] {
        let script = Script::of([yes("DescribeDBClusters", &found(engine, more))]);
        let error = load(&script).await.unwrap_err().to_string();
        assert!(error.ends_with(&format!("it does not say {why}")), "{error}");
    }
}

#[tokio::test]
async fn what_waits_for_the_maintenance_window_counts_as_set() {
    let waits = "<PendingModifiedValues><BackupRetentionPeriod>7</BackupRetentionPeriod>\
        <IAMDatabaseAuthenticationEnabled>true</IAMDatabaseAuthenticationEnabled>\
        <PendingCloudwatchLogsExports><LogTypesToEnable><member>audit</member></LogTypesToEnable>\
        </PendingCloudwatchLogsExports></PendingModifiedValues>";
    let answer = found("neptune", &format!("{REST}{waits}"));
    let script = Script::of([yes("DescribeDBClusters", &answer)]);
    let setup = load(&script).await.unwrap().unwrap().setup;
    assert_eq!(setup.backup_days, 7);
    assert!(setup.on.contains(&Switch::IamAuthentication));
    assert_eq!(setup.logs, ["audit".into(), "error".into()].into());
}

#[tokio::test]
async fn one_that_is_gone_is_none_and_one_that_cannot_be_read_is_an_error() {
    assert_eq!(load(&Script::of([no(404, "DBClusterNotFoundFault")])).await, Ok(None));
    let error = load(&Script::of([no(403, "AccessDenied")])).await.unwrap_err().to_string();
    assert!(error.contains("kintsugi-rds needs rds:DescribeDBClusters"), "{error}");
}

#[tokio::test]
async fn each_setting_is_one_call_that_applies_nothing_else() {
    let log = Swap {
        from: DbClusterSetting(Value::Log("audit".into(), true)),
        to: DbClusterSetting(Value::Log("audit".into(), false)),
    };
    let days = Swap {
        from: DbClusterSetting(Value::BackupDays(1)),
        to: DbClusterSetting(Value::BackupDays(7)),
    };
    for (change, expected) in [
        (turn_on(Switch::DeletionProtection), "DeletionProtection=true"),
        (turn_on(Switch::IamAuthentication), "EnableIAMDatabaseAuthentication=true"),
        (turn_on(Switch::MinorUpgrades), "AutoMinorVersionUpgrade=true"),
        (turn_on(Switch::SnapshotTags), "CopyTagsToSnapshot=true"),
        (log, "CloudwatchLogsExportConfiguration.DisableLogTypes.member.1=audit"),
        (days, "BackupRetentionPeriod=7"),
    ] {
        let script = Script::of([yes("ModifyDBCluster", "")]);
        assert_eq!(apply::<DbCluster>(&rds(&script), &main(), &[change]).await, [Ok(())]);
        let body = script.bodies().concat();
        assert_eq!(
            body,
            format!(
                "Action=ModifyDBCluster&Version=2014-10-31&DBClusterIdentifier=main&{expected}"
            )
        );
    }
}

#[tokio::test]
async fn one_that_is_busy_is_tried_again_and_so_is_what_does_not_show_yet() {
    for code in ["InvalidDBClusterStateFault", "InvalidDBInstanceState"] {
        let script = Script::of([no(400, code)]);
        let results =
            apply::<DbCluster>(&rds(&script), &main(), &[turn_on(Switch::SnapshotTags)]).await;
        assert!(matches!(&results[..], [Err(Error::Transient(_))]), "{results:?}");
    }
    let answer = yes("DescribeDBClusters", &found("aurora-mysql", REST));
    let script = Script::of([yes("ModifyDBCluster", ""), answer]);
    let rds = rds(&script);
    apply::<DbCluster>(&rds, &main(), &[turn_on(Switch::IamAuthentication)]).await;
    let shown = super::load::<DbCluster>(&rds, &main()).await;
    assert!(matches!(shown, Err(Error::Transient(_))), "{shown:?}");
}

#[tokio::test]
async fn one_is_found_by_its_resource_id_and_changed_by_its_name() {
    let id = DbClusterId("cluster-ABCDEFGHIJKLMNOPQRSTUVWXY2".into());
    let with = |id: &str| {
        let more = format!("{REST}<DbClusterResourceId>{id}</DbClusterResourceId>");
        yes("DescribeDBClusters", &found("neptune", &more))
    };
    let script = Script::of([with(&id.0), with(&id.0), yes("ModifyDBCluster", "")]);
    let it = rds(&script);
    assert!(matches!(super::load::<DbCluster>(&it, &id).await, Ok(Some(_))));
    let change = turn_on(Switch::DeletionProtection);
    assert_eq!(apply::<DbCluster>(&it, &id, &[change]).await, [Ok(())]);
    let find = format!(
        "Action=DescribeDBClusters&Version=2014-10-31&Filters.Filter.1.Name=db-cluster-resource-id\
         &Filters.Filter.1.Values.Value.1={id}"
    );
    assert_eq!(
        script.bodies(),
        [
            find.as_str(),
            find.as_str(),
            "Action=ModifyDBCluster&Version=2014-10-31&DBClusterIdentifier=main\
             &DeletionProtection=true",
        ]
    );
    let other = Script::of([with("cluster-OTHERFGHIJKLMNOPQRSTUVWXY2")]);
    assert_eq!(super::load::<DbCluster>(&rds(&other), &id).await, Ok(None));
}
