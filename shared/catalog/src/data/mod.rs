//! What keeps data: DynamoDB, `ElastiCache`, Redshift, Athena, EFS.

mod access_point;
mod asked;
mod cache_cluster;
mod file_system;
mod redshift_cluster;
mod redshift_log;
mod redshift_parameters;
mod replication_group;
mod table;
mod work_group;

pub use access_point::{AccessPoint, AccessPointId};
pub use cache_cluster::{CacheCluster, CacheClusterId, CacheClusterSetting};
pub use file_system::{FileSystem, FileSystemId, FileSystemSetting};
pub use redshift_cluster::{RedshiftCluster, RedshiftClusterId, RedshiftSetting};
pub use redshift_log::{RedshiftLog, RedshiftLogSetting};
pub use redshift_parameters::RedshiftParameters;
pub use replication_group::{ReplicationGroup, ReplicationGroupId, ReplicationGroupSetting};
pub use table::{Capacity, Table, TableId, TableSetting, Units};
pub use work_group::{WorkGroup, WorkGroupId, WorkGroupSetting};

crate::remediations! {
    back_up_cache_cluster::BackUpCacheCluster,
    back_up_file_system::BackUpFileSystem,
    back_up_replication_group::BackUpReplicationGroup,
    confine_access_point::ConfineAccessPoint,
    encrypt_cache_at_rest::EncryptCacheAtRest,
    encrypt_cache_in_transit::EncryptCacheInTransit,
    encrypt_file_system::EncryptFileSystem,
    encrypt_redshift_cluster::EncryptRedshiftCluster,
    fail_over_replication_group::FailOverReplicationGroup,
    hide_redshift_cluster::HideRedshiftCluster,
    keep_redshift_snapshots::KeepRedshiftSnapshots,
    log_redshift_cluster::LogRedshiftCluster,
    measure_work_group::MeasureWorkGroup,
    move_cache_cluster::MoveCacheCluster,
    protect_table::ProtectTable,
    rebuild_redshift_cluster::RebuildRedshiftCluster,
    recover_table::RecoverTable,
    route_redshift_cluster::RouteRedshiftCluster,
    scale_table::ScaleTable,
    spread_redshift_cluster::SpreadRedshiftCluster,
    tag_table::TagTable,
    upgrade_cache_cluster::UpgradeCacheCluster,
    upgrade_redshift_cluster::UpgradeRedshiftCluster,
    want_redshift_tls::WantRedshiftTls,
}
