//! Facet: how a replication group of `ElastiCache` is set up.

use std::fmt;

use remedy::{Action, Arn, Facet, Id, Place, Setting, Swap, Tags, quoted};
use serde::{Deserialize, Serialize};

use super::asked::in_words;

/// The name of a replication group, such as `sessions`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReplicationGroupId(pub String);

/// The name in an ARN of a kind of thing of `ElastiCache`.
pub(super) fn name(resource: &str, kind: &str) -> Option<String> {
    let arn = Arn::parse(resource).filter(|arn| arn.service == "elasticache")?;
    let name = arn.resource.strip_prefix(kind)?.strip_prefix(':')?;
    let named = !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    named.then(|| name.to_owned())
}

impl Id for ReplicationGroupId {
    const TYPE: &'static str = "AWS::ElastiCache::ReplicationGroup";

    fn locate(resource: &str) -> Option<Self> {
        name(resource, "replicationgroup").map(Self)
    }

    fn arn(&self, Place { partition, account, region }: &Place) -> String {
        format!("arn:{partition}:elasticache:{region}:{account}:replicationgroup:{self}")
    }

    fn link(&self, place: &Place) -> String {
        let region = &place.region;
        format!("{}/elasticache/home?region={region}#/redis/{self}", place.console())
    }
}

impl fmt::Display for ReplicationGroupId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A replication group, as far as its safety goes.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own, as AWS tells it")]
pub struct ReplicationGroup {
    /// Such as `cache.r7g.large`.
    pub node_type: String,
    /// Whether its data is spread over shards, in cluster mode.
    pub cluster_mode: bool,
    /// How many days an automatic backup is kept; 0: there is none.
    pub backup_days: i32,
    /// The member that backups are best made of: the one that is chosen, else a replica. None in cluster mode.
    pub backup_source: Option<String>,
    /// Whether every shard has a replica.
    pub replicas: bool,
    /// Whether a replica takes over by itself.
    pub failover: bool,
    /// Whether its data is encrypted at rest.
    pub encrypted_at_rest: bool,
    /// Whether its data is encrypted in transit.
    pub encrypted_in_transit: bool,
    /// Whether clients must give a password or be a known user.
    pub authenticates: bool,
    /// The group's tags.
    pub tags: Tags,
}

/// What a replication group is set to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ReplicationGroupSetting {
    /// How long automatic backups are kept.
    Backups {
        /// How many days; 0: there are none.
        days: i32,
        /// The member that they are made of, where that is to be named.
        of: Option<String>,
    },
    /// Whether a replica takes over by itself.
    Failover(bool),
}

const GROUPS: &str = "arn:${AWS::Partition}:elasticache:*:${AWS::AccountId}:replicationgroup:*";
/// Changes of a whole group.
pub(super) const MODIFY_GROUP: Action =
    Action::on(GROUPS, "elasticache:ModifyReplicationGroup").tagged();
/// The tags of a group.
pub(super) const TAGS_OF_GROUP: Action = Action::on(GROUPS, "elasticache:ListTagsForResource");
const MODIFY: &[Action] = &[MODIFY_GROUP];

impl Facet for ReplicationGroup {
    type Id = ReplicationGroupId;
    type Change = Swap<ReplicationGroupSetting>;

    const NAME: &'static str = "replication group";
    const READS: &'static [Action] =
        &[Action::on(GROUPS, "elasticache:DescribeReplicationGroups"), TAGS_OF_GROUP];

    fn tags(&self) -> Option<&Tags> {
        Some(&self.tags)
    }

    fn after(mut self, change: &Swap<ReplicationGroupSetting>) -> Self {
        match change.to {
            ReplicationGroupSetting::Backups { days, .. } => self.backup_days = days,
            ReplicationGroupSetting::Failover(on) => self.failover = on,
        }
        self
    }

    fn commands(
        place: &Place,
        id: &ReplicationGroupId,
        changes: &[Swap<ReplicationGroupSetting>],
    ) -> Vec<String> {
        let command = |change: &Swap<ReplicationGroupSetting>| match &change.to {
            ReplicationGroupSetting::Backups { days, of: None } => {
                modify(place, id, &format!("--snapshot-retention-limit {days}"))
            }
            ReplicationGroupSetting::Backups { days, of: Some(of) } => {
                let of = quoted(of);
                modify(
                    place,
                    id,
                    &format!("--snapshot-retention-limit {days} --snapshotting-cluster-id {of}"),
                )
            }
            ReplicationGroupSetting::Failover(true) => {
                modify(place, id, "--automatic-failover-enabled")
            }
            ReplicationGroupSetting::Failover(false) => {
                modify(place, id, "--no-automatic-failover-enabled")
            }
        };
        changes.iter().map(command).collect()
    }
}

/// The command that changes a replication group at once.
pub(super) fn modify(place: &Place, id: &ReplicationGroupId, to: &str) -> String {
    format!(
        "aws elasticache modify-replication-group --region {} --replication-group-id {} {to} --apply-immediately",
        place.region,
        quoted(&id.0)
    )
}

impl Setting for ReplicationGroupSetting {
    const MAKE: &'static [Action] = MODIFY;
    const UNDO: &'static [Action] = MODIFY;

    fn needs(&self) -> &'static [Action] {
        MODIFY
    }
}

impl fmt::Display for ReplicationGroupSetting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Backups { days: 0, .. } => f.write_str("automatic backups off"),
            Self::Backups { days, .. } => {
                write!(f, "automatic backups kept for {}", in_words(*days))
            }
            Self::Failover(true) => f.write_str("automatic failover on"),
            Self::Failover(false) => f.write_str("automatic failover off"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_replication_group_is_located() {
        let arn = "arn:aws:elasticache:eu-west-1:111122223333:replicationgroup:sessions";
        assert_eq!(ReplicationGroupId::locate(arn), Some(ReplicationGroupId("sessions".into())));
        for other in [
            "sessions",
            "arn:aws:elasticache:eu-west-1:111122223333:cluster:sessions-001",
            "arn:aws:elasticache:eu-west-1:111122223333:replicationgroup:a b",
            "arn:aws:memorydb:eu-west-1:111122223333:replicationgroup:sessions",
            "",
        ] {
            assert_eq!(ReplicationGroupId::locate(other), None, "{other}");
        }
    }

    #[test]
    fn settings_are_made_by_command() {
        let all = [
            ReplicationGroupSetting::Backups { days: 1, of: Some("sessions-002".into()) },
            ReplicationGroupSetting::Backups { days: 0, of: None },
            ReplicationGroupSetting::Failover(true),
        ];
        let changes = all.map(|to| Swap { from: to.clone(), to });
        let place = Place::new("111122223333", "eu-west-1");
        let group = "aws elasticache modify-replication-group --region eu-west-1 --replication-group-id sessions";
        assert_eq!(
            ReplicationGroup::commands(&place, &ReplicationGroupId("sessions".into()), &changes),
            [
                format!(
                    "{group} --snapshot-retention-limit 1 --snapshotting-cluster-id sessions-002 --apply-immediately"
                ),
                format!("{group} --snapshot-retention-limit 0 --apply-immediately"),
                format!("{group} --automatic-failover-enabled --apply-immediately"),
            ]
        );
    }
}
