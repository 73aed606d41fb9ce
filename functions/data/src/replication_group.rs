//! Facet: how a replication group of `ElastiCache` is set up.

use aws_sdk_elasticache::{
    Client,
    error::ProvideErrorMetadata,
    types::{
        AutomaticFailoverStatus, NodeGroup, PendingAutomaticFailoverStatus,
        ReplicationGroup as Found,
    },
};
use catalog::data::{ReplicationGroup, ReplicationGroupId, ReplicationGroupSetting};
use futures_util::future;
use lambda::Local;
use remedy::{Id, Place, Signal, Swap, Tags};
use runtime::{Cloud, Error};

use crate::{Data, later};

impl Cloud<ReplicationGroup> for Data {
    async fn load(
        &self,
        place: &Place,
        id: &ReplicationGroupId,
        _: &[&Signal],
    ) -> Result<Option<ReplicationGroup>, Error> {
        let cache = self.elasticache.at(place).await?;
        let what = format!("read replication group {id}");
        let call = cache.client.describe_replication_groups().replication_group_id(&id.0);
        let (found, tags) =
            future::join(Box::pin(call.send()), Box::pin(tags(&cache, &what, id.arn(place)))).await;
        let found = match found {
            Ok(answer) => answer.replication_groups.unwrap_or_default().into_iter().next(),
            Err(error) if error.code() == Some("ReplicationGroupNotFoundFault") => None,
            Err(error) => {
                return Err(cache.failed(&what, "elasticache:DescribeReplicationGroups", &error));
            }
        };
        let found = found.filter(|found| found.status.as_deref() != Some("deleting"));
        let Some(found) = found else { return Ok(None) };
        let why = "ElastiCache does not tell how its backups and its failover are set";
        read(found, tags?).ok_or_else(|| cache.odd(&what, why)).map(Some)
    }

    async fn apply(
        &self,
        place: &Place,
        id: &ReplicationGroupId,
        changes: &[Swap<ReplicationGroupSetting>],
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

/// `None` if something that decides is not told.
fn read(found: Found, tags: Tags) -> Option<ReplicationGroup> {
    let shards = found.node_groups.unwrap_or_default();
    let pending =
        found.pending_modified_values.and_then(|pending| pending.automatic_failover_status);
    let failover = if let Some(pending) = pending {
        pending == PendingAutomaticFailoverStatus::Enabled
    } else {
        let on = [AutomaticFailoverStatus::Enabled, AutomaticFailoverStatus::Enabling];
        on.contains(&found.automatic_failover?)
    };
    let members = |shard: &NodeGroup| shard.node_group_members.as_ref().map_or(0, Vec::len);
    let source = found.snapshotting_cluster_id.or_else(|| source(&shards));
    let users = found.user_group_ids.is_some_and(|groups| !groups.is_empty());
    Some(ReplicationGroup {
        node_type: found.cache_node_type.unwrap_or_default(),
        cluster_mode: found.cluster_enabled.unwrap_or_default(),
        backup_days: found.snapshot_retention_limit?,
        backup_source: source.or_else(|| found.member_clusters?.into_iter().next()),
        replicas: !shards.is_empty() && shards.iter().all(|shard| members(shard) > 1),
        failover,
        encrypted_at_rest: found.at_rest_encryption_enabled.unwrap_or_default(),
        encrypted_in_transit: found.transit_encryption_enabled.unwrap_or_default(),
        authenticates: users || found.auth_token_enabled.unwrap_or_default(),
        tags,
    })
}

/// A replica, else whatever there is.
fn source(shards: &[NodeGroup]) -> Option<String> {
    let mut members = shards.iter().flat_map(NodeGroup::node_group_members);
    let is_replica = |member: &&aws_sdk_elasticache::types::NodeGroupMember| {
        member.current_role() == Some("replica")
    };
    let replica = members.clone().find(is_replica);
    replica.or_else(|| members.next()).and_then(|member| member.cache_cluster_id.clone())
}

pub(crate) async fn tags(cache: &Local<Client>, what: &str, arn: String) -> Result<Tags, Error> {
    let answer = cache.client.list_tags_for_resource().resource_name(arn).send().await;
    let needs = "elasticache:ListTagsForResource";
    let answer = answer.map_err(|error| later(error.code(), cache.failed(what, needs, &error)))?;
    let tags = answer.tag_list.unwrap_or_default().into_iter();
    Ok(tags.filter_map(|tag| Some((tag.key?, tag.value.unwrap_or_default()))).collect())
}

async fn set(
    cache: &Local<Client>,
    id: &ReplicationGroupId,
    to: &ReplicationGroupSetting,
) -> Result<(), Error> {
    let call = cache.client.modify_replication_group().replication_group_id(&id.0);
    let call = call.apply_immediately(true);
    let call = match to {
        ReplicationGroupSetting::Backups { days, of } => {
            call.snapshot_retention_limit(*days).set_snapshotting_cluster_id(of.clone())
        }
        ReplicationGroupSetting::Failover(on) => call.automatic_failover_enabled(*on),
    };
    let what = format!("set {to} of replication group {id}");
    let needs = "elasticache:ModifyReplicationGroup";
    let answer = call.send().await;
    answer.map(drop).map_err(|error| later(error.code(), cache.failed(&what, needs, &error)))
}
