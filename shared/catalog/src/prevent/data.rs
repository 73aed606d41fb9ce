//! Of tables, caches, file systems and warehouses.

use super::{Row, iac, scp, setting};

pub(super) const TABLE: &[Row] = &[
    (
        "data/back_up_cache_cluster",
        iac(
            "Check in CI that SnapshotRetentionLimit of every template's AWS::ElastiCache::CacheCluster with Redis OSS or Valkey is at least 1.",
        ),
    ),
    (
        "data/back_up_file_system",
        setting(
            "Attach a backup policy of the organisation that takes up file systems by tag, and set BackupPolicy ENABLED in the module that makes them.",
        ),
    ),
    (
        "data/back_up_replication_group",
        iac("In CI, Checkov CKV_AWS_134: SnapshotRetentionLimit is set."),
    ),
    (
        "data/confine_access_point",
        iac(
            "In CI, Checkov CKV_AWS_329 (a directory) and CKV_AWS_330 (a user) for every access point.",
        ),
    ),
    (
        "data/encrypt_cache_at_rest",
        iac("In CI, Checkov CKV_AWS_29: encryption at rest cannot be turned on later."),
    ),
    (
        "data/encrypt_cache_in_transit",
        iac(
            "In CI, Checkov CKV_AWS_30 and CKV_AWS_31: TransitEncryptionEnabled and AuthToken, or user groups.",
        ),
    ),
    (
        "data/encrypt_file_system",
        scp(
            "Deny elasticfilesystem:CreateFileSystem by SCP unless elasticfilesystem:Encrypted is true; in CI, Checkov CKV_AWS_42.",
        ),
    ),
    (
        "data/encrypt_redshift_cluster",
        iac("In CI, Checkov CKV_AWS_64 or cfn-guard rule REDSHIFT_CLUSTER_CONFIGURATION_CHECK."),
    ),
    (
        "data/fail_over_replication_group",
        iac(
            "Check in CI that every template's AWS::ElastiCache::ReplicationGroup has AutomaticFailoverEnabled and at least one replica.",
        ),
    ),
    (
        "data/hide_redshift_cluster",
        iac("In CI, Checkov CKV_AWS_87 or cfn-guard rule REDSHIFT_CLUSTER_PUBLIC_ACCESS_CHECK."),
    ),
    (
        "data/keep_redshift_snapshots",
        iac("In CI, Checkov CKV_AWS_343 or cfn-guard rule REDSHIFT_BACKUP_ENABLED."),
    ),
    ("data/log_redshift_cluster", iac("In CI, Checkov CKV_AWS_71: LoggingProperties are set.")),
    (
        "data/measure_work_group",
        iac(
            "Check in CI that PublishCloudWatchMetricsEnabled of every template's AWS::Athena::WorkGroup is true.",
        ),
    ),
    (
        "data/move_cache_cluster",
        iac(
            "In CI, Checkov CKV_AWS_323: a subnet group of its own, which cannot be changed later.",
        ),
    ),
    (
        "data/protect_table",
        iac(
            "Make tables from one template with DeletionProtectionEnabled, and deny dynamodb:DeleteTable to all but the deployment role.",
        ),
    ),
    (
        "data/rebuild_redshift_cluster",
        iac(
            "In CI, Checkov CKV_AWS_320 for the name of the database; and ManageMasterPassword with a user of your own.",
        ),
    ),
    ("data/recover_table", iac("In CI, Checkov CKV_AWS_28: PointInTimeRecoveryEnabled is true.")),
    (
        "data/route_redshift_cluster",
        iac("In CI, Checkov CKV_AWS_321 or cfn-guard rule REDSHIFT_ENHANCED_VPC_ROUTING_ENABLED."),
    ),
    (
        "data/scale_table",
        iac(
            "Make tables from one template with BillingMode PAY_PER_REQUEST, or with a scaling target and policy.",
        ),
    ),
    (
        "data/spread_redshift_cluster",
        iac(
            "Check in CI that MultiAZ of a template's AWS::Redshift::Cluster with RA3 nodes is true.",
        ),
    ),
    (
        "data/tag_table",
        scp(
            "Deny dynamodb:CreateTable by SCP while aws:RequestTag/owner is null, and say by a tag policy which values there are.",
        ),
    ),
    (
        "data/upgrade_cache_cluster",
        iac("In CI, Checkov CKV_AWS_322: AutoMinorVersionUpgrade is true."),
    ),
    (
        "data/upgrade_redshift_cluster",
        iac("In CI, cfn-guard rule REDSHIFT_CLUSTER_MAINTENANCESETTINGS_CHECK."),
    ),
    (
        "data/want_redshift_tls",
        iac(
            "In CI, Checkov CKV_AWS_105 or cfn-guard rule REDSHIFT_REQUIRE_TLS_SSL: require_ssl is true in a parameter group of its own.",
        ),
    ),
];
