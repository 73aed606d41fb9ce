//! Facet: how a cache cluster of `ElastiCache` is set up.

use std::fmt;

use remedy::{Action, Facet, Id, Place, Setting, Swap, Tags};
use serde::{Deserialize, Serialize};

use super::{
    ReplicationGroupId,
    asked::in_words,
    replication_group::{MODIFY_GROUP, TAGS_OF_GROUP, modify, name},
};

/// The name of a cache cluster, such as `sessions-001`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CacheClusterId(pub String);

impl Id for CacheClusterId {
    const TYPE: &'static str = "AWS::ElastiCache::CacheCluster";

    fn locate(resource: &str) -> Option<Self> {
        name(resource, "cluster").map(Self)
    }

    fn arn(&self, Place { partition, account, region }: &Place) -> String {
        format!("arn:{partition}:elasticache:{region}:{account}:cluster:{self}")
    }

    fn link(&self, place: &Place) -> String {
        let region = &place.region;
        format!("{}/elasticache/home?region={region}#/redis/{self}", place.console())
    }
}

impl fmt::Display for CacheClusterId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A cache cluster, as far as its safety goes.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct CacheCluster {
    /// `redis`, `valkey` or `memcached`.
    pub engine: String,
    /// Such as `7.1.0`.
    pub version: String,
    /// Such as `cache.r7g.large`.
    pub node_type: String,
    /// The replication group that it is a member of, if it is.
    pub group: Option<String>,
    /// Whether minor versions of the engine come by themselves.
    pub minor_upgrades: bool,
    /// How many days an automatic backup is kept; 0: there is none.
    pub backup_days: i32,
    /// The subnets it is in, by the name of their group.
    pub subnets: String,
    /// Its tags; of a member those of its group, which is what changes.
    pub tags: Tags,
}

impl CacheCluster {
    /// Whether it is one of Redis or Valkey; Memcached keeps nothing.
    pub(super) fn keeps_data(&self) -> bool {
        self.engine.eq_ignore_ascii_case("redis") || self.engine.eq_ignore_ascii_case("valkey")
    }
}

/// What a cache cluster is set to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CacheClusterSetting {
    /// How many days an automatic backup is kept; 0: there is none.
    BackupDays(i32),
    /// Whether minor versions of the engine come by themselves.
    MinorUpgrades {
        /// They do.
        on: bool,
        /// The replication group that decides it, if one does.
        group: Option<String>,
    },
}

const CLUSTERS: &str = "arn:${AWS::Partition}:elasticache:*:${AWS::AccountId}:cluster:*";
const MODIFY_CLUSTER: Action = Action::on(CLUSTERS, "elasticache:ModifyCacheCluster").tagged();
const MODIFY: &[Action] = &[MODIFY_CLUSTER, MODIFY_GROUP];

impl Facet for CacheCluster {
    type Id = CacheClusterId;
    type Change = Swap<CacheClusterSetting>;

    const NAME: &'static str = "cache cluster";
    const READS: &'static [Action] = &[
        Action::on(CLUSTERS, "elasticache:DescribeCacheClusters"),
        Action::on(CLUSTERS, "elasticache:ListTagsForResource"),
        TAGS_OF_GROUP,
    ];

    fn tags(&self) -> Option<&Tags> {
        Some(&self.tags)
    }

    fn after(mut self, change: &Swap<CacheClusterSetting>) -> Self {
        match change.to {
            CacheClusterSetting::BackupDays(days) => self.backup_days = days,
            CacheClusterSetting::MinorUpgrades { on, .. } => self.minor_upgrades = on,
        }
        self
    }

    fn commands(
        place: &Place,
        id: &CacheClusterId,
        changes: &[Swap<CacheClusterSetting>],
    ) -> Vec<String> {
        let of_cluster = |to: &str| {
            format!(
                "aws elasticache modify-cache-cluster --region {} --cache-cluster-id {id} {to} --apply-immediately",
                place.region
            )
        };
        let command = |change: &Swap<CacheClusterSetting>| match &change.to {
            CacheClusterSetting::BackupDays(days) => {
                of_cluster(&format!("--snapshot-retention-limit {days}"))
            }
            CacheClusterSetting::MinorUpgrades { on, group } => {
                let flag = match on {
                    true => "--auto-minor-version-upgrade",
                    false => "--no-auto-minor-version-upgrade",
                };
                match group {
                    Some(group) => modify(place, &ReplicationGroupId(group.clone()), flag),
                    None => of_cluster(flag),
                }
            }
        };
        changes.iter().map(command).collect()
    }
}

impl Setting for CacheClusterSetting {
    const MAKE: &'static [Action] = MODIFY;
    const UNDO: &'static [Action] = MODIFY;

    fn needs(&self) -> &'static [Action] {
        match self {
            Self::BackupDays(_) | Self::MinorUpgrades { group: None, .. } => &[MODIFY_CLUSTER],
            Self::MinorUpgrades { group: Some(_), .. } => &[MODIFY_GROUP],
        }
    }
}

impl fmt::Display for CacheClusterSetting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::BackupDays(0) => f.write_str("automatic backups off"),
            Self::BackupDays(days) => write!(f, "automatic backups kept for {}", in_words(*days)),
            Self::MinorUpgrades { on, group } => {
                write!(f, "automatic minor upgrades {}", if *on { "on" } else { "off" })?;
                match group {
                    Some(group) => write!(f, " for replication group {group}"),
                    None => Ok(()),
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_cache_cluster_is_located() {
        let arn = "arn:aws:elasticache:eu-west-1:111122223333:cluster:web-001";
        assert_eq!(CacheClusterId::locate(arn), Some(CacheClusterId("web-001".into())));
        for other in ["web", "arn:aws:elasticache:eu-west-1:111122223333:replicationgroup:web", ""]
        {
            assert_eq!(CacheClusterId::locate(other), None, "{other}");
        }
    }

    #[test]
    fn what_a_group_decides_is_set_on_the_group() {
        let upgrades = |on, group: Option<&str>| CacheClusterSetting::MinorUpgrades {
            on,
            group: group.map(str::to_owned),
        };
        let all = [
            CacheClusterSetting::BackupDays(3),
            upgrades(true, None),
            upgrades(false, Some("web")),
        ];
        let changes = all.map(|to| Swap { from: to.clone(), to });
        let place = Place::new("111122223333", "eu-west-1");
        let cluster =
            "aws elasticache modify-cache-cluster --region eu-west-1 --cache-cluster-id web-001";
        assert_eq!(
            CacheCluster::commands(&place, &CacheClusterId("web-001".into()), &changes),
            [
                format!("{cluster} --snapshot-retention-limit 3 --apply-immediately"),
                format!("{cluster} --auto-minor-version-upgrade --apply-immediately"),
                "aws elasticache modify-replication-group --region eu-west-1 --replication-group-id web --no-auto-minor-version-upgrade --apply-immediately".into(),
            ]
        );
    }
}
