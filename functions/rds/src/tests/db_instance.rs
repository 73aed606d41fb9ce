use catalog::rds::{DbInstance, DbInstanceId, DbInstanceSetting, Monitoring, Switch, Value};
use remedy::Swap;
use runtime::Error;
use script::Script;

use super::{apply, no, rds, yes};

const TAGS: &str = "<TagList><Tag><Key>AutoRemediate</Key><Value>True</Value></Tag></TagList>";

/// As RDS answers, with `more`.
fn found(more: &str) -> String {
    format!(
        "<DBInstances><DBInstance><DBInstanceIdentifier>web</DBInstanceIdentifier>\
         <Engine>postgres</Engine><DBInstanceStatus>available</DBInstanceStatus>\
         <MasterUsername>ada</MasterUsername><Endpoint><Port>5432</Port></Endpoint>\
         <BackupRetentionPeriod>1</BackupRetentionPeriod><MultiAZ>false</MultiAZ>\
         <AutoMinorVersionUpgrade>true</AutoMinorVersionUpgrade>\
         <PubliclyAccessible>true</PubliclyAccessible><StorageEncrypted>true</StorageEncrypted>\
         <CopyTagsToSnapshot>false</CopyTagsToSnapshot><MonitoringInterval>0</MonitoringInterval>\
         <IAMDatabaseAuthenticationEnabled>false</IAMDatabaseAuthenticationEnabled>\
         <DeletionProtection>false</DeletionProtection>{TAGS}{more}</DBInstance></DBInstances>"
    )
}

fn web() -> DbInstanceId {
    DbInstanceId("web".into())
}

async fn load(script: &Script) -> Result<Option<DbInstance>, Error> {
    super::load::<DbInstance>(&rds(script), &web()).await
}

async fn read(more: &str) -> DbInstance {
    load(&Script::of([yes("DescribeDBInstances", &found(more))])).await.unwrap().unwrap()
}

fn change(from: Value, to: Value) -> Swap<DbInstanceSetting> {
    Swap { from: DbInstanceSetting(from), to: DbInstanceSetting(to) }
}

fn turn(switch: Switch, on: bool) -> Swap<DbInstanceSetting> {
    change(Value::Switch(switch, !on), Value::Switch(switch, on))
}

#[tokio::test]
async fn an_instance_is_read_by_one_call() {
    let script = Script::of([yes("DescribeDBInstances", &found(""))]);
    let instance = load(&script).await.unwrap().unwrap();
    let mut expected = DbInstance {
        engine: "postgres".into(),
        status: "available".into(),
        setup: [Switch::MinorUpgrades, Switch::PublicAccess].into_iter().collect(),
        encrypted: true,
        port: Some(5432),
        admin: "ada".into(),
        tags: [("AutoRemediate".into(), "True".into())].into(),
        ..DbInstance::default()
    };
    expected.setup.backup_days = 1;
    assert_eq!(instance, expected);
    assert_eq!(
        script.bodies(),
        ["Action=DescribeDBInstances&Version=2014-10-31&DBInstanceIdentifier=web"]
    );
}

#[tokio::test]
async fn a_member_a_replica_and_one_in_aws_backup_are_known() {
    let one = read(
        "<DBClusterIdentifier>main</DBClusterIdentifier>\
         <ReadReplicaSourceDBInstanceIdentifier>first</ReadReplicaSourceDBInstanceIdentifier>\
         <AwsBackupRecoveryPointArn>arn:aws:backup:x</AwsBackupRecoveryPointArn>",
    )
    .await;
    assert_eq!((one.cluster.as_deref(), one.source.as_deref()), (Some("main"), Some("first")));
    assert!(one.in_aws_backup);
}

#[tokio::test]
async fn what_waits_for_the_maintenance_window_counts_as_set() {
    let one = read(
        "<EnabledCloudwatchLogsExports><member>postgresql</member></EnabledCloudwatchLogsExports>\
         <PendingModifiedValues><BackupRetentionPeriod>7</BackupRetentionPeriod><MultiAZ>true</MultiAZ>\
         <IAMDatabaseAuthenticationEnabled>true</IAMDatabaseAuthenticationEnabled>\
         <PendingCloudwatchLogsExports><LogTypesToEnable><member>upgrade</member></LogTypesToEnable>\
         <LogTypesToDisable><member>postgresql</member></LogTypesToDisable>\
         </PendingCloudwatchLogsExports></PendingModifiedValues>",
    )
    .await;
    assert_eq!(one.setup.backup_days, 7);
    assert!(one.setup.on.contains(&Switch::Standby));
    assert!(one.setup.on.contains(&Switch::IamAuthentication));
    assert_eq!(one.setup.logs, ["upgrade".into()].into());
}

#[tokio::test]
async fn one_that_is_gone_is_none_and_one_that_cannot_be_read_is_an_error() {
    assert_eq!(load(&Script::of([no(404, "DBInstanceNotFound")])).await, Ok(None));
    let half = found("").replace("<DeletionProtection>false</DeletionProtection>", "");
    let unnamed = found("").replace("Interval>0<", "Interval>60<");
    for (answer, why) in [
        (no(403, "AccessDenied"), "kintsugi-rds needs rds:DescribeDBInstances"),
        (yes("DescribeDBInstances", &half), "does not say whether deletion protection is on"),
        (yes("DescribeDBInstances", &unnamed), "does not say as which role it is monitored"),
    ] {
        let error = load(&Script::of([answer])).await.unwrap_err().to_string();
        assert!(
            error.starts_with("could not read database instance web in 111122223333/eu-west-1: ")
        );
        assert!(error.contains(why), "{error}");
    }
}

#[tokio::test]
async fn each_setting_is_one_call_that_applies_nothing_else() {
    let role = "arn:aws:iam::111122223333:role/rds";
    let monitoring = Some(Monitoring { seconds: 60, role: role.into() });
    let off = Value::Monitoring(None);
    for (change, expected) in [
        (turn(Switch::DeletionProtection, true), "DeletionProtection=true"),
        (turn(Switch::PublicAccess, false), "PubliclyAccessible=false"),
        (turn(Switch::Standby, true), "MultiAZ=true"),
        (turn(Switch::IamAuthentication, true), "EnableIAMDatabaseAuthentication=true"),
        (turn(Switch::MinorUpgrades, true), "AutoMinorVersionUpgrade=true"),
        (turn(Switch::SnapshotTags, true), "CopyTagsToSnapshot=true"),
        (change(Value::BackupDays(1), Value::BackupDays(7)), "BackupRetentionPeriod=7"),
        (
            change(off.clone(), Value::Monitoring(monitoring.clone())),
            "MonitoringInterval=60&MonitoringRoleArn=arn%3Aaws%3Aiam%3A%3A111122223333%3Arole%2Frds",
        ),
        (change(Value::Monitoring(monitoring.clone()), off.clone()), "MonitoringInterval=0"),
    ] {
        let script = Script::of([yes("ModifyDBInstance", "")]);
        assert_eq!(apply::<DbInstance>(&rds(&script), &web(), &[change]).await, [Ok(())]);
        let [body] = script.bodies().try_into().unwrap_or_else(|_| panic!("one call"));
        let (head, rest) = body.split_at("Action=ModifyDBInstance&Version=2014-10-31".len());
        assert_eq!(head, "Action=ModifyDBInstance&Version=2014-10-31");
        let mut rest: Vec<_> = rest.split('&').filter(|part| !part.is_empty()).collect();
        rest.retain(|part| *part != "DBInstanceIdentifier=web");
        let mut expected: Vec<_> = expected.split('&').collect();
        rest.sort_unstable();
        expected.sort_unstable();
        assert_eq!(rest, expected);
    }
}

#[tokio::test]
async fn logs_go_into_one_call_and_what_fails_stops_nothing_else() {
    let log = |log: &str| change(Value::Log(log.into(), false), Value::Log(log.into(), true));
    let changes = [log("audit"), log("error"), turn(Switch::SnapshotTags, true)];
    let script = Script::of([no(400, "InvalidParameterCombination"), yes("ModifyDBInstance", "")]);
    let results = apply::<DbInstance>(&rds(&script), &web(), &changes).await;
    let failed: Vec<_> =
        results.iter().map(|result| matches!(result, Err(Error::Refused(_)))).collect();
    assert_eq!(failed, [true, true, false]);
    assert!(results[0].as_ref().unwrap_err().to_string().starts_with(
        "could not set export of the audit log on, export of the error log on of database instance web"
    ));
    let body = &script.bodies()[0];
    for part in [
        "CloudwatchLogsExportConfiguration.EnableLogTypes.member.1=audit",
        "CloudwatchLogsExportConfiguration.EnableLogTypes.member.2=error",
    ] {
        assert!(body.contains(part), "{body}");
    }
}

#[tokio::test]
async fn one_that_is_busy_is_tried_again() {
    let script = Script::of([no(400, "InvalidDBInstanceState")]);
    let results =
        apply::<DbInstance>(&rds(&script), &web(), &[turn(Switch::PublicAccess, false)]).await;
    assert!(matches!(&results[..], [Err(Error::Transient(_))]), "{results:?}");
}

#[tokio::test]
async fn what_rds_accepted_and_does_not_show_yet_is_looked_at_again_later() {
    let read = || yes("DescribeDBInstances", &found(""));
    let script = Script::of([yes("ModifyDBInstance", ""), read(), read()]);
    let rds = rds(&script);
    apply::<DbInstance>(&rds, &web(), &[turn(Switch::PublicAccess, false)]).await;
    let shown = super::load::<DbInstance>(&rds, &web()).await;
    let Err(Error::Transient(why)) = shown else { panic!("{shown:?}") };
    assert!(
        why.ends_with("not show it yet: set public access off (it is public access on)"),
        "{why}"
    );
    // What does not show the next time is not there.
    assert!(matches!(super::load::<DbInstance>(&rds, &web()).await, Ok(Some(_))));
}

#[tokio::test]
async fn what_shows_at_once_is_taken_as_it_is() {
    let script = Script::of([yes("ModifyDBInstance", ""), yes("DescribeDBInstances", &found(""))]);
    let rds = rds(&script);
    apply::<DbInstance>(&rds, &web(), &[turn(Switch::MinorUpgrades, true)]).await;
    let shown = super::load::<DbInstance>(&rds, &web()).await.unwrap().unwrap();
    assert!(shown.setup.on.contains(&Switch::MinorUpgrades));
}

const RESOURCE_ID: &str = "db-ABCDEFGHIJKLMNOPQRSTUVWXY2";

#[tokio::test]
async fn one_is_found_by_its_resource_id_and_changed_by_its_name() {
    let more = format!("<DbiResourceId>{RESOURCE_ID}</DbiResourceId>");
    let it = || yes("DescribeDBInstances", &found(&more));
    let script = Script::of([it(), it(), yes("ModifyDBInstance", "")]);
    let (rds, id) = (rds(&script), DbInstanceId(RESOURCE_ID.into()));
    let instance = super::load::<DbInstance>(&rds, &id).await.unwrap().unwrap();
    assert_eq!(instance.engine, "postgres");
    let change = turn(Switch::DeletionProtection, true);
    assert_eq!(apply::<DbInstance>(&rds, &id, &[change]).await, [Ok(())]);
    let find = format!(
        "Action=DescribeDBInstances&Version=2014-10-31&Filters.Filter.1.Name=dbi-resource-id\
         &Filters.Filter.1.Values.Value.1={RESOURCE_ID}"
    );
    assert_eq!(
        script.bodies(),
        [
            find.as_str(),
            find.as_str(),
            "Action=ModifyDBInstance&Version=2014-10-31&DBInstanceIdentifier=web\
             &DeletionProtection=true",
        ]
    );
}

#[tokio::test]
async fn what_has_another_resource_id_is_neither_read_nor_changed() {
    let id = DbInstanceId(RESOURCE_ID.into());
    let other = "<DbiResourceId>db-OTHERFGHIJKLMNOPQRSTUVWXY2</DbiResourceId>";
    for answer in [found(other), found(""), "<DBInstances/>".into()] {
        let script = Script::of([0, 1].map(|_| yes("DescribeDBInstances", &answer)));
        let rds = rds(&script);
        assert_eq!(super::load::<DbInstance>(&rds, &id).await, Ok(None));
        let changes = [turn(Switch::SnapshotTags, true), turn(Switch::PublicAccess, false)];
        let results = apply::<DbInstance>(&rds, &id, &changes).await;
        assert_eq!(results.len(), 2);
        let why = results[0].as_ref().unwrap_err().to_string();
        assert!(why.contains("could not find the name of database instance db-ABC"), "{why}");
    }
}
