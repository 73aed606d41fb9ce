//! Lets a replica of a replication group take over by itself when the primary fails, after asking.
//!
//! A group that has no replica, or whose nodes cannot do it, is left to a person: more nodes cost.

use remedy::{Case, Plan, Remediation, Risk, Settings, Severity, Spec, Swap, Trigger, Undo, Wrong};

use super::{ReplicationGroup, ReplicationGroupId, ReplicationGroupSetting};

/// See the [module](self).
#[derive(Debug)]
pub struct FailOverReplicationGroup;

impl Remediation for FailOverReplicationGroup {
    type Facet = ReplicationGroup;

    const SPEC: Spec = Spec {
        id: "data/fail_over_replication_group",
        title: "Turn on automatic failover of an ElastiCache replication group, after asking",
        triggers: &[
            Trigger::control("ElastiCache.3"),
            Trigger::config_rule("ELASTICACHE_REPL_GRP_AUTO_FAILOVER_ENABLED"),
        ],
        severity: Severity::Medium,
        risk: Risk::MayInterrupt,
        parameters: &[],
        undo: Undo::Yes,
        care: "Nothing is bought: a group without a replica is left to a person, with the command that adds one.",
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
        if group.failover {
            return Plan::none();
        }
        let by_hand = |why: &str, commands: Option<String>| {
            Plan::by_hand("no replica takes over by itself", why, commands)
        };
        if group.node_type.starts_with("cache.t1.") {
            return by_hand(
                "its nodes are of type cache.t1, which cannot: choose another type first",
                None,
            );
        }
        if !group.replicas {
            let id = <ReplicationGroupId as remedy::Id>::locate(&case.signal.resource);
            let region = &case.signal.place.region;
            let add = id.map(|id| {
                format!(
                    "aws elasticache increase-replica-count --region {region} --replication-group-id {id} \
                     --new-replica-count 1 --apply-immediately"
                )
            });
            return by_hand("there is none: a replica is a node more, to be paid for", add);
        }
        let is = ReplicationGroupSetting::Failover(false);
        let plan: Plan<_> =
            Swap::of(is, ReplicationGroupSetting::Failover(true)).into_iter().collect();
        plan.asking(
            "a replica that takes over may lack the last writes, and clients that know a node by its own \
             address, not the group by its primary endpoint, then write to the wrong one",
        )
    }
}

#[cfg(test)]
mod tests {
    use remedy::check::{check, now, signal};

    use super::*;

    const GROUP: &str = "arn:aws:elasticache:eu-west-1:111122223333:replicationgroup:web";

    #[test]
    fn a_group_with_replicas_is_asked_about() {
        let group = ReplicationGroup { replicas: true, ..ReplicationGroup::default() };
        let expected = ["set automatic failover on (it is automatic failover off)"];
        check(&FailOverReplicationGroup, &group, &signal(GROUP), &expected);
        let case = Case { signal: &signal(GROUP), now: now() };
        assert!(
            FailOverReplicationGroup.plan(&group, &case).ask.unwrap().contains("primary endpoint")
        );
        let on = ReplicationGroup { failover: true, ..group };
        check(&FailOverReplicationGroup, &on, &signal(GROUP), &[]);
    }

    #[test]
    fn one_that_cannot_is_left_to_a_person() {
        let case = Case { signal: &signal(GROUP), now: now() };
        for (node_type, commands) in [("cache.r7g.large", 1), ("cache.t1.micro", 0)] {
            let group =
                ReplicationGroup { node_type: node_type.into(), ..ReplicationGroup::default() };
            check(&FailOverReplicationGroup, &group, &signal(GROUP), &[]);
            let plan = FailOverReplicationGroup.plan(&group, &case);
            assert_eq!((plan.left.len(), plan.by_hand.len()), (1, commands), "{node_type}");
        }
    }
}
