//! Has a replication group of `ElastiCache` backed up every day.
//!
//! Which member is read for that stays as it was chosen; where none was, it is a replica rather than the primary.

use remedy::{Case, Plan, Remediation, Risk, Settings, Severity, Spec, Swap, Trigger, Undo, Wrong};

use super::{ReplicationGroup, ReplicationGroupSetting, asked::days};

/// See the [module](self).
#[derive(Debug)]
pub struct BackUpReplicationGroup;

impl Remediation for BackUpReplicationGroup {
    type Facet = ReplicationGroup;

    const SPEC: Spec = Spec {
        id: "data/back_up_replication_group",
        title: "Turn on automatic backups of an ElastiCache replication group",
        triggers: &[
            Trigger::control("ElastiCache.1"),
            Trigger::config_rule("ELASTICACHE_REDIS_CLUSTER_AUTOMATIC_BACKUP_CHECK"),
        ],
        severity: Severity::High,
        risk: Risk::Safe,
        parameters: &[],
        undo: Undo::Yes,
        care: "Backups are kept for as many days as Security Hub asks for, and never for fewer than they are; they are made of a replica, which spares the primary.",
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
        let wanted = days(case.signal, "snapshotRetentionPeriod", 1..=35, 1);
        if group.backup_days >= wanted {
            return Plan::none();
        }
        if group.node_type.starts_with("cache.t1.") {
            let why = format!(
                "nodes of type {} cannot be backed up; choose another type first",
                group.node_type
            );
            return Plan::by_hand("it has no automatic backups", why, []);
        }
        // Only where backups begin is their source to be named.
        let of =
            group.backup_source.clone().filter(|_| group.backup_days == 0 && !group.cluster_mode);
        let is = ReplicationGroupSetting::Backups { days: group.backup_days, of: None };
        Swap::of(is, ReplicationGroupSetting::Backups { days: wanted, of }).into_iter().collect()
    }
}

#[cfg(test)]
mod tests {
    use remedy::{
        Signal,
        check::{check, now, signal},
    };

    use super::*;

    const GROUP: &str = "arn:aws:elasticache:eu-west-1:111122223333:replicationgroup:web";

    fn asking(days: &str) -> Signal {
        let parameters = [("snapshotRetentionPeriod".into(), vec![days.into()])].into();
        Signal { parameters, ..signal(GROUP) }
    }

    #[test]
    fn backups_are_kept_as_long_as_is_asked_and_never_shorter_than_they_are() {
        let off = "set automatic backups kept for 1 day (it is automatic backups off)";
        for (is, signal, expected) in [
            (0, signal(GROUP), &[off][..]),
            (0, asking("soon"), &[off]),
            (
                3,
                asking("7"),
                &[
                    "set automatic backups kept for 7 days (it is automatic backups kept for 3 days)",
                ],
            ),
            (1, signal(GROUP), &[]),
            (30, asking("7"), &[]),
        ] {
            let group = ReplicationGroup {
                backup_days: is,
                backup_source: Some("web-002".into()),
                ..ReplicationGroup::default()
            };
            check(&BackUpReplicationGroup, &group, &signal, expected);
        }
    }

    #[test]
    fn the_source_is_named_only_where_backups_begin() {
        for (backup_days, cluster_mode, of) in
            [(0, false, Some("web-002".to_owned())), (0, true, None), (1, false, None)]
        {
            let group = ReplicationGroup {
                backup_days,
                cluster_mode,
                backup_source: Some("web-002".into()),
                ..ReplicationGroup::default()
            };
            let plan =
                BackUpReplicationGroup.plan(&group, &Case { signal: &asking("2"), now: now() });
            assert_eq!(plan.changes[0].to, ReplicationGroupSetting::Backups { days: 2, of });
        }
    }

    #[test]
    fn nodes_that_cannot_be_backed_up_are_left_to_a_person() {
        let group =
            ReplicationGroup { node_type: "cache.t1.micro".into(), ..ReplicationGroup::default() };
        check(&BackUpReplicationGroup, &group, &signal(GROUP), &[]);
        let plan =
            BackUpReplicationGroup.plan(&group, &Case { signal: &signal(GROUP), now: now() });
        assert_eq!(plan.left.len(), 1);
    }
}
