//! Facet: how a cache cluster of `ElastiCache` is set up.

use aws_sdk_elasticache::{Client, error::ProvideErrorMetadata};
use catalog::data::{CacheCluster, CacheClusterId, CacheClusterSetting, ReplicationGroupId};
use lambda::Local;
use remedy::{Id, Place, Signal, Swap};
use runtime::{Cloud, Error};

use crate::{Data, later, replication_group::tags};

impl Cloud<CacheCluster> for Data {
    async fn load(
        &self,
        place: &Place,
        id: &CacheClusterId,
        _: &[&Signal],
    ) -> Result<Option<CacheCluster>, Error> {
        let cache = self.elasticache.at(place).await?;
        let what = format!("read cache cluster {id}");
        let call = cache.client.describe_cache_clusters().cache_cluster_id(&id.0);
        let found = match call.send().await {
            Ok(answer) => answer.cache_clusters.unwrap_or_default().into_iter().next(),
            Err(error) if error.code() == Some("CacheClusterNotFound") => None,
            Err(error) => {
                return Err(cache.failed(&what, "elasticache:DescribeCacheClusters", &error));
            }
        };
        let found = found.filter(|found| found.cache_cluster_status.as_deref() != Some("deleting"));
        let Some(found) = found else { return Ok(None) };
        let group = found.replication_group_id.filter(|group| !group.is_empty());
        let owner = match &group {
            Some(group) => ReplicationGroupId(group.clone()).arn(place),
            None => id.arn(place),
        };
        let odd = |which: &str| cache.odd(&what, &format!("ElastiCache does not tell its {which}"));
        Ok(Some(CacheCluster {
            engine: found.engine.ok_or_else(|| odd("engine"))?,
            version: found.engine_version.unwrap_or_default(),
            node_type: found.cache_node_type.unwrap_or_default(),
            minor_upgrades: found.auto_minor_version_upgrade.ok_or_else(|| odd("upgrades"))?,
            // Memcached has none.
            backup_days: found.snapshot_retention_limit.unwrap_or_default(),
            subnets: found.cache_subnet_group_name.unwrap_or_default(),
            tags: tags(&cache, &what, owner).await?,
            group,
        }))
    }

    async fn apply(
        &self,
        place: &Place,
        id: &CacheClusterId,
        changes: &[Swap<CacheClusterSetting>],
    ) -> Vec<Result<(), Error>> {
        let cache = match self.elasticache.at(place).await {
            Ok(cache) => cache,
            Err(error) => return vec![Err(error); changes.len()],
        };
        let mut results = Vec::with_capacity(changes.len());
        for change in changes {
            results.push(set(&cache, id, &change.to).await);
        }
        results
    }
}

async fn set(
    cache: &Local<Client>,
    id: &CacheClusterId,
    to: &CacheClusterSetting,
) -> Result<(), Error> {
    let what = format!("set {to} of cache cluster {id}");
    let call = cache.client.modify_cache_cluster().cache_cluster_id(&id.0).apply_immediately(true);
    let call = match to {
        CacheClusterSetting::BackupDays(days) => call.snapshot_retention_limit(*days),
        CacheClusterSetting::MinorUpgrades { on, group: None } => {
            call.auto_minor_version_upgrade(*on)
        }
        CacheClusterSetting::MinorUpgrades { on, group: Some(group) } => {
            let call = cache.client.modify_replication_group().replication_group_id(group);
            let call = call.auto_minor_version_upgrade(*on).apply_immediately(true);
            let needs = "elasticache:ModifyReplicationGroup";
            let answer = call.send().await;
            return answer
                .map(drop)
                .map_err(|error| later(error.code(), cache.failed(&what, needs, &error)));
        }
    };
    let needs = "elasticache:ModifyCacheCluster";
    let answer = call.send().await;
    answer.map(drop).map_err(|error| later(error.code(), cache.failed(&what, needs, &error)))
}
