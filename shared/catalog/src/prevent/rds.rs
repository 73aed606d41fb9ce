//! Of databases.

use super::{Row, config, iac, scp};

pub(super) const TABLE: &[Row] = &[
    (
        "rds/allow_cluster_iam",
        iac("In CI, Checkov CKV_AWS_162: EnableIAMDatabaseAuthentication of a cluster is true."),
    ),
    (
        "rds/allow_instance_iam",
        iac("In CI, Checkov CKV_AWS_161: EnableIAMDatabaseAuthentication of an instance is true."),
    ),
    (
        "rds/backtrack_cluster",
        iac(
            "In CI, cfn-guard rule AURORA_MYSQL_BACKTRACKING_ENABLED: it cannot be turned on later.",
        ),
    ),
    (
        "rds/close_cluster_snapshot",
        scp(
            "Deny rds:ModifyDBClusterSnapshotAttribute by SCP to all but the role that copies backups.",
        ),
    ),
    (
        "rds/close_snapshot",
        scp(
            "Deny rds:ModifyDBSnapshotAttribute by SCP to all but the role that copies backups; in CI, Checkov CKV_AWS_302.",
        ),
    ),
    (
        "rds/complete_subscription",
        iac(
            "Roll out one template of event subscriptions to all accounts by a StackSet, with the critical categories of each type of source.",
        ),
    ),
    (
        "rds/encrypt_cluster",
        scp(
            "Deny rds:CreateDBCluster and RestoreDBClusterFromSnapshot by SCP where rds:StorageEncrypted is false; in CI, Checkov CKV_AWS_96, CKV_AWS_44 and CKV_AWS_74.",
        ),
    ),
    (
        "rds/encrypt_cluster_snapshot",
        iac(
            "A snapshot is as its cluster is: in CI, Checkov CKV_AWS_146, and encrypted clusters only.",
        ),
    ),
    (
        "rds/encrypt_connections",
        iac(
            "In CI, Checkov CKV2_AWS_69; give instances a parameter group of a shared template with rds.force_ssl or require_secure_transport.",
        ),
    ),
    (
        "rds/encrypt_instance",
        scp(
            "Deny rds:CreateDBInstance by SCP where rds:StorageEncrypted is false; in CI, Checkov CKV_AWS_16 or cfn-guard rule RDS_STORAGE_ENCRYPTED.",
        ),
    ),
    (
        "rds/encrypt_proxy",
        iac("Check in CI that RequireTLS of every template's AWS::RDS::DBProxy is true."),
    ),
    (
        "rds/encrypt_snapshot",
        iac(
            "A snapshot is as its instance is: in CI, cfn-guard rules RDS_SNAPSHOT_ENCRYPTED and RDS_STORAGE_ENCRYPTED.",
        ),
    ),
    (
        "rds/export_cluster_logs",
        iac(
            "In CI, Checkov CKV_AWS_324 and CKV_AWS_325, CKV_AWS_85 for DocumentDB, CKV_AWS_101 for Neptune.",
        ),
    ),
    (
        "rds/export_instance_logs",
        iac("In CI, Checkov CKV_AWS_129 or cfn-guard rule RDS_LOGGING_ENABLED."),
    ),
    (
        "rds/hide_instance",
        iac(
            "In CI, Checkov CKV_AWS_17 or cfn-guard rule RDS_INSTANCE_PUBLIC_ACCESS_CHECK; and subnet groups of private subnets only.",
        ),
    ),
    (
        "rds/keep_cluster_backups",
        iac(
            "Check in CI that BackupRetentionPeriod of clusters in templates is at least 7 (Checkov CKV_AWS_361 for Neptune).",
        ),
    ),
    (
        "rds/keep_instance_backups",
        iac(
            "In CI, Checkov CKV_AWS_133 or cfn-guard rule DB_INSTANCE_BACKUP_ENABLED; and a backup policy of the organisation beside it.",
        ),
    ),
    (
        "rds/monitor_instance",
        iac("In CI, Checkov CKV_AWS_118 or cfn-guard rule RDS_ENHANCED_MONITORING_ENABLED."),
    ),
    (
        "rds/move_cluster_port",
        iac("Make clusters from one template whose Port is none of 3306, 5432, 1433 and 1521."),
    ),
    (
        "rds/move_instance_port",
        iac("Make instances from one template whose Port is not the usual one of their engine."),
    ),
    (
        "rds/protect_cluster",
        iac("In CI, Checkov CKV_AWS_139: DeletionProtection of a cluster is true."),
    ),
    (
        "rds/protect_instance",
        iac(
            "In CI, Checkov CKV_AWS_293 or cfn-guard rule RDS_INSTANCE_DELETION_PROTECTION_ENABLED.",
        ),
    ),
    (
        "rds/rename_cluster_admin",
        config(
            "Run Config rule rds-cluster-default-admin-check in all accounts; the name cannot be changed later, so give it in the module that makes clusters.",
        ),
    ),
    (
        "rds/rename_instance_admin",
        config(
            "Run Config rule rds-instance-default-admin-check in all accounts; the name cannot be changed later, so give it in the module that makes instances.",
        ),
    ),
    ("rds/sign_neptune_requests", iac("In CI, Checkov CKV_AWS_359: IamAuthEnabled is true.")),
    (
        "rds/spread_cluster",
        iac(
            "Make clusters from one template with at least two instances, in subnets of several Availability Zones.",
        ),
    ),
    (
        "rds/spread_instance",
        iac("In CI, Checkov CKV_AWS_157 or cfn-guard rule RDS_MULTI_AZ_SUPPORT."),
    ),
    (
        "rds/tag_cluster_snapshots",
        iac("In CI, Checkov CKV_AWS_313, and CKV_AWS_362 for Neptune: CopyTagsToSnapshot is true."),
    ),
    (
        "rds/tag_instance_snapshots",
        iac("In CI, Checkov CKV2_AWS_60: CopyTagsToSnapshot of an instance is true."),
    ),
    (
        "rds/upgrade_cluster",
        config(
            "Run Config rule rds-cluster-auto-minor-version-upgrade-enable in all accounts, and set AutoMinorVersionUpgrade in the module that makes clusters.",
        ),
    ),
    (
        "rds/upgrade_instance",
        iac(
            "In CI, Checkov CKV_AWS_226 or cfn-guard rule RDS_AUTOMATIC_MINOR_VERSION_UPGRADE_ENABLED.",
        ),
    ),
];
