"""Repairs of RDS and Neptune."""

from __future__ import annotations

import json
from typing import Any

from cases import Aws, case

Shape = dict[str, Any]
ROLE = "arn:aws:iam::111122223333:role/rds-monitoring-role"


def made(aws: Aws, engine: str = "postgres", **more: Any) -> str:
    """An instance in scope; its ARN."""
    given = {"DBInstanceClass": "db.t3.micro", "Engine": engine, "Tags": aws.tags, "DBInstanceIdentifier": aws.name}
    return str(aws.client("rds").create_db_instance(**(given | more))["DBInstance"]["DBInstanceArn"])


def found(aws: Aws) -> Shape:
    instances: list[Shape] = aws.client("rds").describe_db_instances(DBInstanceIdentifier=aws.name)["DBInstances"]
    return instances[0]


def made_cluster(aws: Aws, engine: str = "aurora-mysql", **more: Any) -> str:
    """A cluster in scope; its ARN."""
    given = {"Engine": engine, "Tags": aws.tags, "DBClusterIdentifier": aws.name}
    if engine != "neptune":
        given |= {"MasterUsername": "ada", "MasterUserPassword": "not-a-secret-1"}
    return str(aws.client("rds").create_db_cluster(**(given | more))["DBCluster"]["DBClusterArn"])


def found_cluster(aws: Aws) -> Shape:
    clusters: list[Shape] = aws.client("rds").describe_db_clusters(DBClusterIdentifier=aws.name)["DBClusters"]
    return clusters[0]


def told(record: Shape, *words: str) -> None:
    """The record has these words in the commands that a person types."""
    commands = json.dumps(record.get("make"))
    assert all(word in commands for word in words), commands


# Instances


@case("rds/protect_instance", "RDS.8")
def an_instance_that_anybody_can_delete_is_protected(aws: Aws) -> None:
    record = aws.mend(made(aws))
    assert found(aws)["DeletionProtection"]
    aws.undo(record)
    assert not found(aws)["DeletionProtection"]


@case("rds/protect_instance", "RDS.8")
def an_instance_is_found_by_its_resource_id(aws: Aws) -> None:
    made(aws)
    record = aws.mend(found(aws)["DbiResourceId"])
    assert found(aws)["DeletionProtection"]
    aws.undo(record)
    assert not found(aws)["DeletionProtection"]


@case("rds/protect_cluster", "RDS.7")
def a_cluster_is_found_by_its_resource_id(aws: Aws) -> None:
    made_cluster(aws)
    record = aws.mend(found_cluster(aws)["DbClusterResourceId"])
    assert found_cluster(aws)["DeletionProtection"]
    aws.undo(record)
    assert not found_cluster(aws)["DeletionProtection"]


@case("rds/hide_instance", "RDS.2")
def a_public_instance_is_hidden(aws: Aws) -> None:
    record = aws.mend(made(aws, PubliclyAccessible=True))
    assert not found(aws)["PubliclyAccessible"]
    aws.undo(record)
    assert found(aws)["PubliclyAccessible"]


@case("rds/hide_instance", "RDS.2")
def an_instance_that_is_hidden_is_right(aws: Aws) -> None:
    aws.mend(made(aws), outcome="right")


@case("rds/hide_instance", "RDS.2")
def a_stopped_instance_is_left_to_a_person(aws: Aws) -> None:
    arn = made(aws, PubliclyAccessible=True)
    aws.client("rds").stop_db_instance(DBInstanceIdentifier=aws.name)
    told(aws.mend(arn, outcome="held"), "start-db-instance", "--no-publicly-accessible")
    assert found(aws)["PubliclyAccessible"]


@case("rds/spread_instance", "RDS.5")
def a_standby_waits_for_a_person_and_then_for_the_maintenance_window(aws: Aws) -> None:
    record = aws.mend(made(aws), outcome="held")
    assert not found(aws).get("PendingModifiedValues")
    done = aws.approve(record)
    assert found(aws)["PendingModifiedValues"] == {"MultiAZ": True} and not found(aws)["MultiAZ"]
    aws.undo(done)
    assert not found(aws).get("PendingModifiedValues") and not found(aws)["MultiAZ"]


@case("rds/monitor_instance", "RDS.6")
def monitoring_without_a_role_is_left_to_a_person(aws: Aws) -> None:
    told(aws.mend(made(aws), outcome="held"), "create-role", "--monitoring-interval 60")
    assert found(aws)["MonitoringInterval"] == 0


@case("rds/monitor_instance", "RDS.6")
def an_interval_that_is_too_long_becomes_shorter_with_its_own_role(aws: Aws) -> None:
    arn = made(aws, MonitoringInterval=60, MonitoringRoleArn=ROLE)
    record = aws.mend(arn, parameters={"monitoringInterval": ["15"]})
    assert (found(aws)["MonitoringInterval"], found(aws)["MonitoringRoleArn"]) == (15, ROLE)
    aws.undo(record)
    assert found(aws)["MonitoringInterval"] == 60
    aws.mend(arn, parameters={"monitoringInterval": ["60"]}, outcome="right")


@case("rds/export_instance_logs", "RDS.9")
def logs_that_are_missing_are_sent_beside_the_others(aws: Aws) -> None:
    record = aws.mend(made(aws, "mysql", EnableCloudwatchLogsExports=["error"]))
    assert sorted(found(aws)["EnabledCloudwatchLogsExports"]) == ["audit", "error", "general", "slowquery"]
    aws.undo(record)
    assert found(aws)["EnabledCloudwatchLogsExports"] == ["error"]


@case("rds/export_instance_logs", "RDS.36")
def only_the_log_that_is_asked_for_is_sent(aws: Aws) -> None:
    aws.mend(made(aws))
    assert found(aws)["EnabledCloudwatchLogsExports"] == ["postgresql"]


@case("rds/allow_instance_iam", "RDS.10")
def credentials_of_iam_are_taken_from_the_maintenance_window_on(aws: Aws) -> None:
    record = aws.mend(made(aws))
    assert found(aws)["PendingModifiedValues"] == {"IAMDatabaseAuthenticationEnabled": True}
    aws.undo(record)
    assert not found(aws).get("PendingModifiedValues")


@case("rds/keep_instance_backups", "RDS.11")
def backups_are_kept_for_as_long_as_the_control_says(aws: Aws) -> None:
    arn = made(aws, BackupRetentionPeriod=3)
    record = aws.mend(arn, parameters={"backupRetentionMinimum": ["14"]})
    assert found(aws)["BackupRetentionPeriod"] == 14
    aws.undo(record)
    assert found(aws)["BackupRetentionPeriod"] == 3


@case("rds/keep_instance_backups", "RDS.11")
def backups_are_turned_on_once_a_person_agrees(aws: Aws) -> None:
    record = aws.mend(made(aws, BackupRetentionPeriod=0), outcome="held")
    assert not found(aws).get("PendingModifiedValues")
    aws.approve(record)
    assert found(aws)["PendingModifiedValues"] == {"BackupRetentionPeriod": 7}


@case("rds/upgrade_instance", "RDS.13")
def minor_versions_are_installed(aws: Aws) -> None:
    record = aws.mend(made(aws, AutoMinorVersionUpgrade=False))
    assert found(aws)["AutoMinorVersionUpgrade"]
    aws.undo(record)
    assert not found(aws)["AutoMinorVersionUpgrade"]


@case("rds/tag_instance_snapshots", "RDS.17")
def snapshots_of_an_instance_get_its_tags(aws: Aws) -> None:
    record = aws.mend(made(aws))
    assert found(aws)["CopyTagsToSnapshot"]
    aws.undo(record)
    assert not found(aws)["CopyTagsToSnapshot"]


@case("rds/encrypt_instance", "RDS.3")
def an_encrypted_copy_of_an_instance_is_left_to_a_person(aws: Aws) -> None:
    told(aws.mend(made(aws), outcome="held"), "copy-db-snapshot", "--kms-key-id")
    assert not found(aws)["StorageEncrypted"]


@case("rds/move_instance_port", "RDS.23")
def another_port_of_an_instance_is_left_to_a_person(aws: Aws) -> None:
    told(aws.mend(made(aws), outcome="held"), "--db-port-number 15432")
    assert found(aws)["Endpoint"]["Port"] == 5432


@case("rds/rename_instance_admin", "RDS.25")
def another_administrator_of_an_instance_is_left_to_a_person(aws: Aws) -> None:
    told(aws.mend(made(aws, MasterUsername="postgres"), outcome="held"), "--master-username NAME")
    assert found(aws)["MasterUsername"] == "postgres"


@case("rds/encrypt_connections", "RDS.38")
def connections_without_encryption_are_reported(aws: Aws) -> None:
    rds = aws.client("rds")
    rds.create_db_parameter_group(
        DBParameterGroupName=aws.name, DBParameterGroupFamily="postgres14", Description="of a case"
    )

    def forced(value: str) -> None:
        parameter = {"ParameterName": "rds.force_ssl", "ParameterValue": value, "ApplyMethod": "immediate"}
        rds.modify_db_parameter_group(DBParameterGroupName=aws.name, Parameters=[parameter])

    forced("0")
    arn = made(aws, DBParameterGroupName=aws.name)
    told(aws.mend(arn, outcome="held"), "modify-db-parameter-group", "rds.force_ssl")
    forced("1")
    aws.mend(arn, outcome="right")


# Clusters


@case("rds/protect_cluster", "RDS.7")
def a_cluster_that_anybody_can_delete_is_protected(aws: Aws) -> None:
    record = aws.mend(made_cluster(aws))
    assert found_cluster(aws)["DeletionProtection"]
    aws.undo(record)
    assert not found_cluster(aws)["DeletionProtection"]


@case("rds/protect_cluster", "Neptune.4")
def a_neptune_cluster_that_anybody_can_delete_is_protected(aws: Aws) -> None:
    aws.mend(made_cluster(aws, "neptune"))
    assert found_cluster(aws)["DeletionProtection"]


@case("rds/export_cluster_logs", "RDS.34")
def the_audit_log_of_a_cluster_is_sent_beside_the_others(aws: Aws) -> None:
    record = aws.mend(made_cluster(aws, EnableCloudwatchLogsExports=["error"]))
    assert sorted(found_cluster(aws)["EnabledCloudwatchLogsExports"]) == ["audit", "error"]
    aws.undo(record)
    assert found_cluster(aws)["EnabledCloudwatchLogsExports"] == ["error"]


@case("rds/export_cluster_logs", "Neptune.2")
def the_audit_log_of_neptune_is_sent(aws: Aws) -> None:
    aws.mend(made_cluster(aws, "neptune"))
    assert found_cluster(aws)["EnabledCloudwatchLogsExports"] == ["audit"]


@case("rds/allow_cluster_iam", "RDS.12")
def a_cluster_takes_credentials_of_iam_from_the_maintenance_window_on(aws: Aws) -> None:
    record = aws.mend(made_cluster(aws))
    assert found_cluster(aws)["PendingModifiedValues"] == {"IAMDatabaseAuthenticationEnabled": True}
    aws.undo(record)
    assert not found_cluster(aws).get("PendingModifiedValues")


@case("rds/sign_neptune_requests", "Neptune.7")
def signed_requests_are_wanted_once_a_person_agrees(aws: Aws) -> None:
    record = aws.mend(made_cluster(aws, "neptune"), outcome="held")
    assert not found_cluster(aws).get("PendingModifiedValues")
    done = aws.approve(record)
    assert found_cluster(aws)["PendingModifiedValues"] == {"IAMDatabaseAuthenticationEnabled": True}
    aws.undo(done)
    assert not found_cluster(aws).get("PendingModifiedValues")


@case("rds/keep_cluster_backups", "Neptune.5")
def backups_of_a_cluster_are_kept_for_a_week(aws: Aws) -> None:
    record = aws.mend(made_cluster(aws, "neptune"))
    assert found_cluster(aws)["BackupRetentionPeriod"] == 7
    aws.undo(record)
    assert found_cluster(aws)["BackupRetentionPeriod"] == 1


@case("rds/keep_cluster_backups", "RDS.50")
def backups_that_are_kept_longer_stay(aws: Aws) -> None:
    aws.mend(made_cluster(aws, BackupRetentionPeriod=30), outcome="right")
    assert found_cluster(aws)["BackupRetentionPeriod"] == 30


@case("rds/upgrade_cluster", "RDS.35")
def minor_versions_are_installed_on_a_multi_az_cluster(aws: Aws) -> None:
    arn = made_cluster(
        aws, "mysql", AutoMinorVersionUpgrade=False, DBClusterInstanceClass="db.m5d.large",
        AllocatedStorage=100, Iops=1000, StorageType="io1",
    )
    record = aws.mend(arn)
    assert found_cluster(aws)["AutoMinorVersionUpgrade"]
    aws.undo(record)
    assert not found_cluster(aws)["AutoMinorVersionUpgrade"]


@case("rds/tag_cluster_snapshots", "RDS.16")
def snapshots_of_a_cluster_get_its_tags(aws: Aws) -> None:
    record = aws.mend(made_cluster(aws))
    assert found_cluster(aws)["CopyTagsToSnapshot"]
    aws.undo(record)
    assert not found_cluster(aws)["CopyTagsToSnapshot"]


@case("rds/encrypt_cluster", "RDS.27")
def an_encrypted_copy_of_a_cluster_is_left_to_a_person(aws: Aws) -> None:
    told(aws.mend(made_cluster(aws), outcome="held"), "restore-db-cluster-from-snapshot", "--kms-key-id")
    assert not found_cluster(aws)["StorageEncrypted"]


@case("rds/spread_cluster", "Neptune.9")
def another_member_of_a_cluster_is_left_to_a_person(aws: Aws) -> None:
    told(aws.mend(made_cluster(aws, "neptune"), outcome="held"), "create-db-instance")
    assert not found_cluster(aws)["DBClusterMembers"]


@case("rds/backtrack_cluster", "RDS.14")
def a_cluster_that_cannot_be_wound_back_is_reported(aws: Aws) -> None:
    told(aws.mend(made_cluster(aws), outcome="held"), "--restore-type copy-on-write")


@case("rds/backtrack_cluster", "RDS.14")
def a_cluster_that_can_be_wound_back_is_right(aws: Aws) -> None:
    aws.mend(made_cluster(aws, BacktrackWindow=86400), outcome="right")


@case("rds/move_cluster_port", "RDS.23")
def another_port_of_a_cluster_is_left_to_a_person(aws: Aws) -> None:
    told(aws.mend(made_cluster(aws), outcome="held"), "modify-db-cluster", "--port 13306")
    assert found_cluster(aws)["Port"] == 3306


@case("rds/rename_cluster_admin", "RDS.24")
def another_administrator_of_a_cluster_is_left_to_a_person(aws: Aws) -> None:
    told(aws.mend(made_cluster(aws, MasterUsername="admin"), outcome="held"), "create-db-cluster")
    assert found_cluster(aws)["MasterUsername"] == "admin"


# Snapshots


@case("rds/close_snapshot", "RDS.1")
def a_snapshot_that_is_everybodys_is_only_theirs_who_are_named(aws: Aws) -> None:
    rds = aws.client("rds")
    made(aws)
    snapshot = rds.create_db_snapshot(
        DBSnapshotIdentifier=f"{aws.name}-s", DBInstanceIdentifier=aws.name, Tags=aws.tags
    )["DBSnapshot"]
    rds.modify_db_snapshot_attribute(
        DBSnapshotIdentifier=f"{aws.name}-s", AttributeName="restore", ValuesToAdd=["444455556666", "all"]
    )

    def shared() -> list[str]:
        answer = rds.describe_db_snapshot_attributes(DBSnapshotIdentifier=f"{aws.name}-s")
        return sorted(answer["DBSnapshotAttributesResult"]["DBSnapshotAttributes"][0]["AttributeValues"])

    record = aws.mend(snapshot["DBSnapshotArn"])
    assert shared() == ["444455556666"]
    aws.undo(record)
    assert shared() == ["444455556666", "all"]


@case("rds/encrypt_snapshot", "RDS.4")
def an_encrypted_copy_of_a_snapshot_is_left_to_a_person(aws: Aws) -> None:
    rds = aws.client("rds")
    made(aws)
    snapshot = rds.create_db_snapshot(
        DBSnapshotIdentifier=f"{aws.name}-s", DBInstanceIdentifier=aws.name, Tags=aws.tags
    )["DBSnapshot"]
    told(aws.mend(snapshot["DBSnapshotArn"], outcome="held"), "copy-db-snapshot")
    assert rds.describe_db_snapshots(DBSnapshotIdentifier=f"{aws.name}-s")["DBSnapshots"]


def made_cluster_snapshot(aws: Aws) -> str:
    made_cluster(aws, "neptune")
    snapshot = aws.client("rds").create_db_cluster_snapshot(
        DBClusterSnapshotIdentifier=f"{aws.name}-s", DBClusterIdentifier=aws.name, Tags=aws.tags
    )
    return str(snapshot["DBClusterSnapshot"]["DBClusterSnapshotArn"])


@case("rds/close_cluster_snapshot", "Neptune.3")
def a_cluster_snapshot_that_is_everybodys_is_only_theirs_who_are_named(aws: Aws) -> None:
    rds, name = aws.client("rds"), f"{aws.name}-s"
    arn = made_cluster_snapshot(aws)
    rds.modify_db_cluster_snapshot_attribute(
        DBClusterSnapshotIdentifier=name, AttributeName="restore", ValuesToAdd=["444455556666", "all"]
    )

    def shared() -> list[str]:
        answer = rds.describe_db_cluster_snapshot_attributes(DBClusterSnapshotIdentifier=name)
        attributes = answer["DBClusterSnapshotAttributesResult"]["DBClusterSnapshotAttributes"]
        return sorted(attributes[0]["AttributeValues"])

    record = aws.mend(arn)
    assert shared() == ["444455556666"]
    aws.undo(record)
    assert shared() == ["444455556666", "all"]


@case("rds/encrypt_cluster_snapshot", "Neptune.6")
def an_encrypted_snapshot_of_a_cluster_is_left_to_a_person(aws: Aws) -> None:
    told(aws.mend(made_cluster_snapshot(aws), outcome="held"), "restore-db-cluster-from-snapshot")


# What is beside them


@case("rds/complete_subscription", "RDS.20")
def critical_events_are_told_of_too(aws: Aws) -> None:
    rds = aws.client("rds")
    made = rds.create_event_subscription(
        SubscriptionName=aws.name,
        SnsTopicArn=f"arn:aws:sns:{aws.region}:{aws.account}:databases",
        SourceType="db-instance",
        EventCategories=["backup", "failure"],
        Enabled=True,
        Tags=aws.tags,
    )["EventSubscription"]

    def categories() -> list[str]:
        found = rds.describe_event_subscriptions(SubscriptionName=aws.name)["EventSubscriptionsList"][0]
        return sorted(found["EventCategoriesList"])

    arn = made.get("EventSubscriptionArn") or f"arn:aws:rds:{aws.region}:{aws.account}:es:{aws.name}"
    record = aws.mend(arn)
    assert categories() == ["backup", "configuration change", "failure", "maintenance"]
    aws.undo(record)
    assert categories() == ["backup", "failure"]


@case("rds/encrypt_proxy", "RDS.43")
def connections_to_a_proxy_are_encrypted_once_a_person_agrees(aws: Aws) -> None:
    rds, ec2 = aws.client("rds"), aws.client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    subnets = [
        ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.0.{number}.0/24")["Subnet"]["SubnetId"] for number in (1, 2)
    ]
    made = rds.create_db_proxy(
        DBProxyName=aws.name,
        EngineFamily="MYSQL",
        Auth=[{"AuthScheme": "SECRETS", "SecretArn": "arn:aws:secretsmanager:eu-west-1:111122223333:secret:x"}],
        RoleArn="arn:aws:iam::111122223333:role/proxy",
        VpcSubnetIds=subnets,
        RequireTLS=False,
        Tags=aws.tags,
    )["DBProxy"]

    def requires_tls() -> bool:
        return bool(rds.describe_db_proxies(DBProxyName=aws.name)["DBProxies"][0]["RequireTLS"])

    record = aws.mend(made["DBProxyArn"], outcome="held")
    assert not requires_tls()
    done = aws.approve(record)
    assert requires_tls()
    aws.undo(done)
    assert not requires_tls()
