"""Repairs of what keeps data: DynamoDB, ElastiCache, Redshift, Athena, EFS."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from cases import Aws, case

Shape = dict[str, Any]


def table(aws: Aws, **more: Any) -> str:
    given: Shape = {
        "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
        "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
        "BillingMode": "PAY_PER_REQUEST",
        "Tags": aws.tags,
        **more,
    }
    made = aws.client("dynamodb").create_table(TableName=aws.name, **given)
    return str(made["TableDescription"]["TableArn"])


def described(aws: Aws) -> Shape:
    found: Shape = aws.client("dynamodb").describe_table(TableName=aws.name)["Table"]
    return found


def mended_and_undone(aws: Aws, arn: str, state: Callable[[], Any], wrong: Any, right: Any, **asked: Any) -> None:
    assert state() == wrong
    record = aws.mend(arn, **asked)
    assert state() == right
    aws.undo(record)
    assert state() == wrong


@case("data/protect_table", "DynamoDB.6")
def a_table_that_anybody_can_delete_is_protected(aws: Aws) -> None:
    mended_and_undone(aws, table(aws), lambda: described(aws)["DeletionProtectionEnabled"], False, True)


@case("data/recover_table", "DynamoDB.2")
def a_table_that_cannot_be_restored_can_be_then(aws: Aws) -> None:
    def status() -> str:
        found = aws.client("dynamodb").describe_continuous_backups(TableName=aws.name)["ContinuousBackupsDescription"]
        return str(found["PointInTimeRecoveryDescription"]["PointInTimeRecoveryStatus"])

    mended_and_undone(aws, table(aws), status, "DISABLED", "ENABLED")


@case("data/scale_table", "DynamoDB.1")
def a_table_of_fixed_capacity_scales_once_a_person_agrees(aws: Aws) -> None:
    units = {"ReadCapacityUnits": 9, "WriteCapacityUnits": 4}
    arn = table(aws, BillingMode="PROVISIONED", ProvisionedThroughput=units)

    def mode() -> str:
        return str(described(aws)["BillingModeSummary"]["BillingMode"])

    held = aws.mend(arn, outcome="held")
    assert mode() == "PROVISIONED"
    record = aws.approve(held)
    assert mode() == "PAY_PER_REQUEST"
    aws.undo(record)
    assert mode() == "PROVISIONED"
    found = described(aws)["ProvisionedThroughput"]
    assert {name: found[name] for name in units} == units


@case("data/tag_table", "DynamoDB.5")
def the_tags_that_a_table_lacks_are_told(aws: Aws) -> None:
    record = aws.mend(table(aws), outcome="held", parameters={"requiredTagKeys": ["team", "Cost"]})
    assert record["make"][0].endswith("--tags Key=Cost,Value=VALUE"), record["make"]


def replication_group(aws: Aws, **more: Any) -> str:
    made = aws.client("elasticache").create_replication_group(
        ReplicationGroupId=aws.name,
        ReplicationGroupDescription="a case",
        Engine="redis",
        CacheNodeType="cache.t4g.small",
        Tags=aws.tags,
        **more,
    )
    return str(made["ReplicationGroup"]["ARN"])


def group(aws: Aws) -> Shape:
    found = aws.client("elasticache").describe_replication_groups(ReplicationGroupId=aws.name)
    one: Shape = found["ReplicationGroups"][0]
    return one


@case("data/back_up_replication_group", "ElastiCache.1")
def a_group_without_backups_is_backed_up(aws: Aws) -> None:
    arn = replication_group(aws, ReplicasPerNodeGroup=1)
    asked = {"parameters": {"snapshotRetentionPeriod": ["3"]}}
    mended_and_undone(aws, arn, lambda: group(aws).get("SnapshotRetentionLimit", 0), 0, 3, **asked)


@case("data/back_up_replication_group", "ElastiCache.1")
def backups_that_are_kept_longer_stay(aws: Aws) -> None:
    aws.mend(replication_group(aws, ReplicasPerNodeGroup=1, SnapshotRetentionLimit=20), outcome="right")
    assert group(aws)["SnapshotRetentionLimit"] == 20


@case("data/fail_over_replication_group", "ElastiCache.3")
def a_group_with_replicas_fails_over_once_a_person_agrees(aws: Aws) -> None:
    arn = replication_group(aws, ReplicasPerNodeGroup=1, AutomaticFailoverEnabled=False)

    def failover() -> str:
        return str(group(aws)["AutomaticFailover"])

    held = aws.mend(arn, outcome="held")
    assert failover() == "disabled"
    record = aws.approve(held)
    assert failover() == "enabled"
    aws.undo(record)
    assert failover() == "disabled"


@case("data/encrypt_cache_at_rest", "ElastiCache.4")
def the_way_to_an_encrypted_group_is_told(aws: Aws) -> None:
    arn = replication_group(aws, ReplicasPerNodeGroup=1, AtRestEncryptionEnabled=False)
    record = aws.mend(arn, outcome="held")
    assert "--at-rest-encryption-enabled" in record["make"][1], record["make"]


@case("data/encrypt_cache_in_transit", "ElastiCache.5")
def the_steps_to_tls_are_told(aws: Aws) -> None:
    arn = replication_group(aws, ReplicasPerNodeGroup=1, TransitEncryptionEnabled=False)
    record = aws.mend(arn, outcome="held")
    assert "--transit-encryption-mode preferred" in record["make"][0], record["make"]


def cache_cluster(aws: Aws, **more: Any) -> str:
    made = aws.client("elasticache").create_cache_cluster(
        **{
            "CacheClusterId": aws.name,
            "Engine": "redis",
            "EngineVersion": "7.1",
            "CacheNodeType": "cache.t4g.small",
            "AutoMinorVersionUpgrade": False,
            "Tags": aws.tags,
            **more,
        }
    )
    return str(made["CacheCluster"]["ARN"])


def cluster(aws: Aws) -> Shape:
    found = aws.client("elasticache").describe_cache_clusters(CacheClusterId=aws.name)
    one: Shape = found["CacheClusters"][0]
    return one


@case("data/back_up_cache_cluster", "ElastiCache.1")
def a_cache_without_backups_is_backed_up(aws: Aws) -> None:
    mended_and_undone(aws, cache_cluster(aws), lambda: cluster(aws)["SnapshotRetentionLimit"], 0, 1)


@case("data/upgrade_cache_cluster", "ElastiCache.2")
def a_cache_that_grows_old_is_upgraded(aws: Aws) -> None:
    mended_and_undone(aws, cache_cluster(aws), lambda: cluster(aws)["AutoMinorVersionUpgrade"], False, True)


@case("data/move_cache_cluster", "ElastiCache.7")
def the_way_out_of_the_default_subnets_is_told(aws: Aws) -> None:
    record = aws.mend(cache_cluster(aws, CacheSubnetGroupName="default"), outcome="held")
    assert "create-cache-subnet-group" in record["make"][0], record["make"]


def warehouse(aws: Aws, **more: Any) -> str:
    aws.client("redshift").create_cluster(
        **{
            "ClusterIdentifier": aws.name,
            "NodeType": "ra3.large",
            "MasterUsername": "awsuser",
            "MasterUserPassword": "Passw0rd-of-a-case",
            "ClusterType": "single-node",
            "PubliclyAccessible": False,
            "AllowVersionUpgrade": True,
            "EnhancedVpcRouting": False,
            "Encrypted": False,
            "Tags": aws.tags,
            **more,
        }
    )
    return f"arn:aws:redshift:{aws.region}:{aws.account}:cluster:{aws.name}"


def house(aws: Aws) -> Shape:
    one: Shape = aws.client("redshift").describe_clusters(ClusterIdentifier=aws.name)["Clusters"][0]
    return one


@case("data/hide_redshift_cluster", "Redshift.1")
def a_warehouse_on_the_internet_is_taken_off_it(aws: Aws) -> None:
    arn = warehouse(aws, PubliclyAccessible=True)
    mended_and_undone(aws, arn, lambda: house(aws)["PubliclyAccessible"], True, False)


@case("data/keep_redshift_snapshots", "Redshift.3")
def snapshots_are_kept_long_enough(aws: Aws) -> None:
    arn = warehouse(aws, AutomatedSnapshotRetentionPeriod=1)
    mended_and_undone(aws, arn, lambda: house(aws)["AutomatedSnapshotRetentionPeriod"], 1, 7)


@case("data/keep_redshift_snapshots", "Redshift.3")
def snapshots_that_are_kept_longer_stay(aws: Aws) -> None:
    aws.mend(warehouse(aws, AutomatedSnapshotRetentionPeriod=30), outcome="right")
    assert house(aws)["AutomatedSnapshotRetentionPeriod"] == 30


@case("data/log_redshift_cluster", "Redshift.4")
def a_warehouse_without_a_log_gets_one(aws: Aws) -> None:
    def logs() -> bool:
        return bool(aws.client("redshift").describe_logging_status(ClusterIdentifier=aws.name)["LoggingEnabled"])

    mended_and_undone(aws, warehouse(aws), logs, False, True)


@case("data/upgrade_redshift_cluster", "Redshift.6")
def a_warehouse_that_grows_old_is_upgraded(aws: Aws) -> None:
    arn = warehouse(aws, AllowVersionUpgrade=False)
    mended_and_undone(aws, arn, lambda: house(aws)["AllowVersionUpgrade"], False, True)


@case("data/route_redshift_cluster", "Redshift.7")
def a_warehouse_is_led_through_its_vpc_once_a_person_agrees(aws: Aws) -> None:
    held = aws.mend(warehouse(aws), outcome="held")
    assert not house(aws)["EnhancedVpcRouting"]
    record = aws.approve(held)
    assert house(aws)["EnhancedVpcRouting"]
    aws.undo(record)
    assert not house(aws)["EnhancedVpcRouting"]


@case("data/want_redshift_tls", "Redshift.2")
def the_commands_for_tls_are_told(aws: Aws) -> None:
    record = aws.mend(warehouse(aws), outcome="held")
    assert len(record["make"]) == 4, record["make"]


@case("data/rebuild_redshift_cluster", "Redshift.8")
def the_names_that_everybody_knows_are_told(aws: Aws) -> None:
    record = aws.mend(warehouse(aws), outcome="held")
    assert "create-cluster" in record["make"][0], record["make"]


@case("data/encrypt_redshift_cluster", "Redshift.10")
def the_command_that_encrypts_a_warehouse_is_told(aws: Aws) -> None:
    record = aws.mend(warehouse(aws), outcome="held")
    assert "--encrypted" in record["make"][0], record["make"]


@case("data/spread_redshift_cluster", "Redshift.18")
def the_command_that_spreads_a_warehouse_is_told(aws: Aws) -> None:
    record = aws.mend(warehouse(aws), outcome="held")
    assert "--multi-az" in record["make"][0], record["make"]


@case("data/measure_work_group", "Athena.4")
def a_work_group_publishes_metrics_and_keeps_the_rest(aws: Aws) -> None:
    athena = aws.client("athena")
    given = {"PublishCloudWatchMetricsEnabled": False, "BytesScannedCutoffPerQuery": 20_000_000}
    athena.create_work_group(Name=aws.name, Configuration=given, Tags=aws.tags)

    def configuration() -> tuple[bool, int]:
        found = athena.get_work_group(WorkGroup=aws.name)["WorkGroup"]["Configuration"]
        return found["PublishCloudWatchMetricsEnabled"], found["BytesScannedCutoffPerQuery"]

    arn = f"arn:aws:athena:{aws.region}:{aws.account}:workgroup/{aws.name}"
    mended_and_undone(aws, arn, configuration, (False, 20_000_000), (True, 20_000_000))


def files(aws: Aws, **more: Any) -> tuple[str, str]:
    """A file system's id and ARN."""
    made = aws.client("efs").create_file_system(CreationToken=aws.name, Tags=aws.tags, **more)
    return made["FileSystemId"], made["FileSystemArn"]


@case("data/back_up_file_system", "EFS.2")
def files_that_nobody_backs_up_are_backed_up(aws: Aws) -> None:
    efs = aws.client("efs")
    id, arn = files(aws, Encrypted=True, Backup=False)

    def is_backed_up() -> bool:
        try:
            status = efs.describe_backup_policy(FileSystemId=id)["BackupPolicy"]["Status"]
        except efs.exceptions.PolicyNotFound:
            return False
        return bool(status == "ENABLED")

    mended_and_undone(aws, arn, is_backed_up, False, True)


@case("data/encrypt_file_system", "EFS.1")
def the_way_to_encrypted_files_is_told(aws: Aws) -> None:
    _, arn = files(aws, Encrypted=False)
    record = aws.mend(arn, outcome="held")
    assert "create-replication-configuration" in record["make"][2], record["make"]


@case("data/confine_access_point", "EFS.3")
def the_way_to_a_narrower_access_point_is_told(aws: Aws) -> None:
    id, _ = files(aws)
    made = aws.client("efs").create_access_point(ClientToken=aws.name, FileSystemId=id, Tags=aws.tags)
    record = aws.mend(made["AccessPointArn"], outcome="held")
    assert "create-access-point" in record["make"][0], record["make"]
