//! Tells how a cache cluster of `ElastiCache` comes into subnets that were chosen for it: only a new one can.

use remedy::{
    Case, Id, Plan, Remediation, Risk, Settings, Severity, Spec, Swap, Trigger, Undo, Wrong,
};

use super::{CacheCluster, CacheClusterId, CacheClusterSetting};

/// See the [module](self).
#[derive(Debug)]
pub struct MoveCacheCluster;

impl Remediation for MoveCacheCluster {
    type Facet = CacheCluster;

    const SPEC: Spec = Spec {
        id: "data/move_cache_cluster",
        title: "Move an ElastiCache cluster out of the default subnets, by hand",
        triggers: &[
            Trigger::control("ElastiCache.7"),
            Trigger::config_rule("ELASTICACHE_SUBNET_GROUP_CHECK"),
        ],
        severity: Severity::High,
        risk: Risk::Safe,
        parameters: &[],
        undo: Undo::Nothing,
        care: "No cluster is made or deleted: the way to another one is told.",
        since: "0.4.0",
    };

    fn configured(_: &Settings) -> Result<Self, Wrong> {
        Ok(Self)
    }

    fn plan(&self, cluster: &CacheCluster, case: &Case<'_>) -> Plan<Swap<CacheClusterSetting>> {
        let id = CacheClusterId::locate(&case.signal.resource);
        let Some(id) = id.filter(|_| cluster.subnets == "default") else { return Plan::none() };
        let region = &case.signal.place.region;
        let subnets = format!(
            "aws elasticache create-cache-subnet-group --region {region} --cache-subnet-group-name {id}-subnets \
             --cache-subnet-group-description 'for {id}' --subnet-ids SUBNET_IDS"
        );
        let backup = format!(
            "aws elasticache create-snapshot --region {region} --cache-cluster-id {id} --snapshot-name {id}-move"
        );
        let backup = Some(backup).filter(|_| cluster.keeps_data());
        Plan::by_hand(
            "it is in the default subnets",
            "a cluster cannot be moved: make subnets of its own, a new cluster in them (of a backup, where it \
             keeps data), lead the clients to it, and then delete this one",
            [subnets].into_iter().chain(backup),
        )
    }
}

#[cfg(test)]
mod tests {
    use remedy::check::{check, now, signal};

    use super::*;

    const CLUSTER: &str = "arn:aws:elasticache:eu-west-1:111122223333:cluster:web";

    #[test]
    fn the_way_out_of_the_default_subnets_is_told() {
        let case = Case { signal: &signal(CLUSTER), now: now() };
        for (subnets, engine, commands) in
            [("default", "redis", 2), ("default", "memcached", 1), ("web", "redis", 0)]
        {
            let cluster = CacheCluster {
                subnets: subnets.into(),
                engine: engine.into(),
                ..CacheCluster::default()
            };
            check(&MoveCacheCluster, &cluster, &signal(CLUSTER), &[]);
            assert_eq!(
                MoveCacheCluster.plan(&cluster, &case).by_hand.len(),
                commands,
                "{subnets} {engine}"
            );
        }
    }
}
