//! RDS, Neptune and `DocumentDB`.
//!
//! Nothing is applied at once that RDS would leave for the maintenance window: "apply immediately" applies
//! all that waits there too, whoever put it there, and some of that restarts the database. What RDS has
//! accepted for the window counts as set.

mod asked;
mod copy;
mod db_cluster;
mod db_instance;
mod db_proxy;
mod engine;
mod event_subscription;
mod id;
mod setup;
mod snapshot;
#[cfg(test)]
mod tests;
mod transit;
mod value;

pub use db_cluster::{DbCluster, DbClusterId, DbClusterSetting};
pub use db_instance::{DbInstance, DbInstanceId, DbInstanceSetting};
pub use db_proxy::{DbProxy, DbProxyId, DbProxySetting};
pub use event_subscription::{EventSubscription, EventSubscriptionId, EventSubscriptionSetting};
pub use setup::Setup;
pub use snapshot::{
    DbClusterSnapshot, DbClusterSnapshotId, DbClusterSnapshotSetting, DbSnapshot, DbSnapshotId,
    DbSnapshotSetting, EVERYBODY, Snapshot,
};
pub use transit::DbInstanceTransit;
pub use value::{Monitoring, Switch, Value};

crate::remediations! {
    allow_cluster_iam::AllowClusterIam,
    allow_instance_iam::AllowInstanceIam,
    backtrack_cluster::BacktrackCluster,
    close_cluster_snapshot::CloseClusterSnapshot,
    close_snapshot::CloseSnapshot,
    complete_subscription::CompleteSubscription,
    encrypt_cluster::EncryptCluster,
    encrypt_cluster_snapshot::EncryptClusterSnapshot,
    encrypt_connections::EncryptConnections,
    encrypt_instance::EncryptInstance,
    encrypt_proxy::EncryptProxy,
    encrypt_snapshot::EncryptSnapshot,
    export_cluster_logs::ExportClusterLogs,
    export_instance_logs::ExportInstanceLogs,
    hide_instance::HideInstance,
    keep_cluster_backups::KeepClusterBackups,
    keep_instance_backups::KeepInstanceBackups,
    monitor_instance::MonitorInstance,
    move_cluster_port::MoveClusterPort,
    move_instance_port::MoveInstancePort,
    protect_cluster::ProtectCluster,
    protect_instance::ProtectInstance,
    rename_cluster_admin::RenameClusterAdmin,
    rename_instance_admin::RenameInstanceAdmin,
    sign_neptune_requests::SignNeptuneRequests,
    spread_cluster::SpreadCluster,
    spread_instance::SpreadInstance,
    tag_cluster_snapshots::TagClusterSnapshots,
    tag_instance_snapshots::TagInstanceSnapshots,
    upgrade_cluster::UpgradeCluster,
    upgrade_instance::UpgradeInstance,
}
