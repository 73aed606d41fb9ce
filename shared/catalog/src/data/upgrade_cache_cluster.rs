//! Lets minor versions of the engine come to a cache cluster of `ElastiCache` by themselves, in its window.
//!
//! For a member of a replication group that is set on the group, whose tags then decide. Redis before 6 knows
//! no such upgrades, and the setting does not apply to Memcached.

use remedy::{Case, Plan, Remediation, Risk, Settings, Severity, Spec, Swap, Trigger, Undo, Wrong};

use super::{
    CacheCluster, CacheClusterId, CacheClusterSetting, ReplicationGroupId,
    replication_group::modify,
};

/// See the [module](self).
#[derive(Debug)]
pub struct UpgradeCacheCluster;

/// The first version of Redis that upgrades itself.
const FIRST: u32 = 6;

impl Remediation for UpgradeCacheCluster {
    type Facet = CacheCluster;

    const SPEC: Spec = Spec {
        id: "data/upgrade_cache_cluster",
        title: "Turn on automatic minor upgrades of an ElastiCache cluster",
        triggers: &[
            Trigger::control("ElastiCache.2"),
            Trigger::config_rule("ELASTICACHE_AUTO_MINOR_VERSION_UPGRADE_CHECK"),
        ],
        severity: Severity::High,
        risk: Risk::Safe,
        parameters: &[],
        undo: Undo::Yes,
        care: "For a member of a replication group it is set where it belongs, on the group, if that is in scope; engines that know no such upgrades are left to a person.",
        since: "0.4.0",
    };

    fn configured(_: &Settings) -> Result<Self, Wrong> {
        Ok(Self)
    }

    fn plan(&self, cluster: &CacheCluster, case: &Case<'_>) -> Plan<Swap<CacheClusterSetting>> {
        if cluster.minor_upgrades || !cluster.keeps_data() {
            return Plan::none();
        }
        let major = cluster.version.split('.').next().and_then(|major| major.parse::<u32>().ok());
        if major.is_none_or(|major| major < FIRST) {
            let what =
                format!("{} {} gets no automatic minor upgrades", cluster.engine, cluster.version);
            let why =
                "only Redis from 6 on and Valkey know them: move to such a version in a quiet hour";
            return Plan::by_hand(what, why, command(cluster, case));
        }
        let set = |on| CacheClusterSetting::MinorUpgrades { on, group: cluster.group.clone() };
        Swap::of(set(false), set(true)).into_iter().collect()
    }
}

fn command(cluster: &CacheCluster, case: &Case<'_>) -> Option<String> {
    let place = &case.signal.place;
    if let Some(group) = &cluster.group {
        return Some(modify(place, &ReplicationGroupId(group.clone()), "--engine-version 7.1"));
    }
    let id = <CacheClusterId as remedy::Id>::locate(&case.signal.resource)?;
    Some(format!(
        "aws elasticache modify-cache-cluster --region {} --cache-cluster-id {id} --engine-version 7.1 \
         --apply-immediately",
        place.region
    ))
}

#[cfg(test)]
mod tests {
    use remedy::check::{check, now, signal};

    use super::*;

    const CLUSTER: &str = "arn:aws:elasticache:eu-west-1:111122223333:cluster:web-001";

    fn cluster(engine: &str, version: &str, group: Option<&str>) -> CacheCluster {
        CacheCluster {
            engine: engine.into(),
            version: version.into(),
            group: group.map(str::to_owned),
            ..CacheCluster::default()
        }
    }

    #[test]
    fn upgrades_come_by_themselves_where_the_engine_knows_them() {
        let alone = "set automatic minor upgrades on (it is automatic minor upgrades off)";
        let group = "set automatic minor upgrades on for replication group web (it is automatic minor upgrades off for replication group web)";
        for (cluster, expected) in [
            (cluster("redis", "7.1.0", None), &[alone][..]),
            (cluster("valkey", "8.0", None), &[alone]),
            (cluster("redis", "6.2.6", Some("web")), &[group]),
            (cluster("redis", "5.0.6", None), &[]),
            (cluster("memcached", "1.6.22", None), &[]),
            (CacheCluster { minor_upgrades: true, ..cluster("redis", "7.1.0", None) }, &[]),
        ] {
            check(&UpgradeCacheCluster, &cluster, &signal(CLUSTER), expected);
        }
    }

    #[test]
    fn an_old_engine_is_left_to_a_person() {
        let case = Case { signal: &signal(CLUSTER), now: now() };
        for (group, of) in
            [(None, "--cache-cluster-id web-001"), (Some("web"), "--replication-group-id web")]
        {
            let plan = UpgradeCacheCluster.plan(&cluster("redis", "5.0.6", group), &case);
            assert!(plan.by_hand[0].contains(of), "{}", plan.by_hand[0]);
        }
    }
}
