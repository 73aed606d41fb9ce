//! Has a cache cluster of `ElastiCache` backed up every day.
//!
//! A member of a replication group is left alone: its group is backed up as one, under its own finding.
//! Memcached keeps nothing that could be backed up.

use remedy::{Case, Plan, Remediation, Risk, Settings, Severity, Spec, Swap, Trigger, Undo, Wrong};

use super::{CacheCluster, CacheClusterSetting, asked::days};

/// See the [module](self).
#[derive(Debug)]
pub struct BackUpCacheCluster;

impl Remediation for BackUpCacheCluster {
    type Facet = CacheCluster;

    const SPEC: Spec = Spec {
        id: "data/back_up_cache_cluster",
        title: "Turn on automatic backups of an ElastiCache cluster",
        triggers: &[
            Trigger::control("ElastiCache.1"),
            Trigger::config_rule("ELASTICACHE_REDIS_CLUSTER_AUTOMATIC_BACKUP_CHECK"),
        ],
        severity: Severity::High,
        risk: Risk::Safe,
        parameters: &[],
        undo: Undo::Yes,
        care: "Backups are kept for as many days as Security Hub asks for, and never for fewer than they are; members of a replication group are left to their group.",
        since: "0.4.0",
    };

    fn configured(_: &Settings) -> Result<Self, Wrong> {
        Ok(Self)
    }

    fn plan(&self, cluster: &CacheCluster, case: &Case<'_>) -> Plan<Swap<CacheClusterSetting>> {
        let wanted = days(case.signal, "snapshotRetentionPeriod", 1..=35, 1);
        if cluster.group.is_some() || !cluster.keeps_data() || cluster.backup_days >= wanted {
            return Plan::none();
        }
        if cluster.node_type.starts_with("cache.t1.") {
            let why = format!(
                "nodes of type {} cannot be backed up; choose another type first",
                cluster.node_type
            );
            return Plan::by_hand("it has no automatic backups", why, []);
        }
        let is = CacheClusterSetting::BackupDays(cluster.backup_days);
        Swap::of(is, CacheClusterSetting::BackupDays(wanted)).into_iter().collect()
    }
}

#[cfg(test)]
mod tests {
    use remedy::{
        Signal,
        check::{check, signal},
    };

    use super::*;

    const CLUSTER: &str = "arn:aws:elasticache:eu-west-1:111122223333:cluster:web";

    #[test]
    fn a_cluster_of_its_own_is_backed_up() {
        let is = |engine: &str, backup_days| CacheCluster {
            engine: engine.into(),
            backup_days,
            ..CacheCluster::default()
        };
        let on = "set automatic backups kept for 1 day (it is automatic backups off)";
        for (cluster, expected) in [
            (is("redis", 0), &[on][..]),
            (is("Valkey", 0), &[on]),
            (is("redis", 1), &[]),
            (is("redis", 20), &[]),
            (is("memcached", 0), &[]),
            (CacheCluster { group: Some("web".into()), ..is("redis", 0) }, &[]),
            (CacheCluster { node_type: "cache.t1.micro".into(), ..is("redis", 0) }, &[]),
        ] {
            check(&BackUpCacheCluster, &cluster, &signal(CLUSTER), expected);
        }
        let parameters = [("snapshotRetentionPeriod".into(), vec!["5".into()])].into();
        let asking = Signal { parameters, ..signal(CLUSTER) };
        let more = "set automatic backups kept for 5 days (it is automatic backups kept for 1 day)";
        check(&BackUpCacheCluster, &is("redis", 1), &asking, &[more]);
    }
}
