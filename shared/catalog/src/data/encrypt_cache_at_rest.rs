//! Tells how the data of a replication group of `ElastiCache` is encrypted at rest: only a new group can be.

use remedy::{
    Case, Id, Plan, Remediation, Risk, Settings, Severity, Spec, Swap, Trigger, Undo, Wrong,
};

use super::{ReplicationGroup, ReplicationGroupId, ReplicationGroupSetting};

/// See the [module](self).
#[derive(Debug)]
pub struct EncryptCacheAtRest;

impl Remediation for EncryptCacheAtRest {
    type Facet = ReplicationGroup;

    const SPEC: Spec = Spec {
        id: "data/encrypt_cache_at_rest",
        title: "Move an ElastiCache replication group to an encrypted one, by hand",
        triggers: &[
            Trigger::control("ElastiCache.4"),
            Trigger::config_rule("ELASTICACHE_REPL_GRP_ENCRYPTED_AT_REST"),
        ],
        severity: Severity::Medium,
        risk: Risk::Safe,
        parameters: &[],
        undo: Undo::Nothing,
        care: "No group is made, paid for or deleted: the way to an encrypted one is told.",
        since: "0.4.0",
    };

    fn configured(_: &Settings) -> Result<Self, Wrong> {
        Ok(Self)
    }

    fn plan(
        &self,
        group: &ReplicationGroup,
        case: &Case<'_>,
    ) -> Plan<Swap<ReplicationGroupSetting>> {
        let id = ReplicationGroupId::locate(&case.signal.resource);
        let Some(id) = id.filter(|_| !group.encrypted_at_rest) else { return Plan::none() };
        let region = &case.signal.place.region;
        let member = group.backup_source.as_deref().filter(|_| !group.cluster_mode);
        let of = match member {
            Some(member) => format!("--cache-cluster-id {}", remedy::quoted(member)),
            None => format!("--replication-group-id {id}"),
        };
        Plan::by_hand(
            "its data is not encrypted at rest",
            "ElastiCache encrypts new groups only: make one of a backup, with the same settings, lead the \
             clients to it, and then delete this one",
            [
                format!(
                    "aws elasticache create-snapshot --region {region} {of} --snapshot-name {id}-move"
                ),
                format!(
                    "aws elasticache create-replication-group --region {region} --replication-group-id \
                     {id}-encrypted --replication-group-description 'encrypted copy of {id}' --snapshot-name \
                     {id}-move --at-rest-encryption-enabled"
                ),
            ],
        )
    }
}

#[cfg(test)]
mod tests {
    use remedy::check::{check, now, signal};

    use super::*;

    const GROUP: &str = "arn:aws:elasticache:eu-west-1:111122223333:replicationgroup:web";

    #[test]
    fn the_way_to_an_encrypted_group_is_told() {
        let case = Case { signal: &signal(GROUP), now: now() };
        let group = ReplicationGroup {
            backup_source: Some("web-002".into()),
            ..ReplicationGroup::default()
        };
        for (group, of) in [
            (group.clone(), "--cache-cluster-id web-002"),
            (
                ReplicationGroup { cluster_mode: true, ..group.clone() },
                "--replication-group-id web",
            ),
        ] {
            check(&EncryptCacheAtRest, &group, &signal(GROUP), &[]);
            assert!(EncryptCacheAtRest.plan(&group, &case).by_hand[0].contains(of), "{of}");
        }
        let encrypted = ReplicationGroup { encrypted_at_rest: true, ..group };
        assert_eq!(EncryptCacheAtRest.plan(&encrypted, &case), Plan::none());
    }
}
