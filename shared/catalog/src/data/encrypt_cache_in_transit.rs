//! Tells how clients come to talk to a replication group of `ElastiCache` encrypted, and by a password: they have
//! to be changed before the group is.

use remedy::{
    Case, Id, Plan, Remediation, Risk, Settings, Severity, Spec, Swap, Trigger, Undo, Wrong,
};

use super::{
    ReplicationGroup, ReplicationGroupId, ReplicationGroupSetting, replication_group::modify,
};

/// See the [module](self).
#[derive(Debug)]
pub struct EncryptCacheInTransit;

impl Remediation for EncryptCacheInTransit {
    type Facet = ReplicationGroup;

    const SPEC: Spec = Spec {
        id: "data/encrypt_cache_in_transit",
        title: "Encrypt what an ElastiCache replication group sends, and ask for a password, by hand",
        triggers: &[
            Trigger::control("ElastiCache.5"),
            Trigger::control("ElastiCache.6"),
            Trigger::config_rule("ELASTICACHE_REPL_GRP_ENCRYPTED_IN_TRANSIT"),
            Trigger::config_rule("ELASTICACHE_REPL_GRP_REDIS_AUTH_ENABLED"),
        ],
        severity: Severity::Medium,
        risk: Risk::Safe,
        parameters: &[],
        undo: Undo::Nothing,
        care: "No client is cut off: the steps in which they can follow are told.",
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
        let Some(id) = ReplicationGroupId::locate(&case.signal.resource) else {
            return Plan::none();
        };
        let step = |to: &str| modify(&case.signal.place, &id, to);
        let encrypt = [
            step("--transit-encryption-enabled --transit-encryption-mode preferred"),
            step("--transit-encryption-mode required"),
        ];
        let authenticate = [
            step("--auth-token TOKEN --auth-token-update-strategy ROTATE"),
            step("--auth-token TOKEN --auth-token-update-strategy SET"),
        ];
        match (group.encrypted_in_transit, group.authenticates) {
            (true, true) => Plan::none(),
            (true, false) => Plan::by_hand(
                "it asks for no password",
                "give the clients the password between the two steps",
                authenticate,
            ),
            (false, _) => Plan::by_hand(
                "what it sends is not encrypted",
                "clients have to talk TLS by the second step. Redis before 7 cannot change it: there a new \
                 group is needed",
                encrypt,
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use remedy::check::{check, now, signal};

    use super::*;

    const GROUP: &str = "arn:aws:elasticache:eu-west-1:111122223333:replicationgroup:web";

    #[test]
    fn the_steps_are_told_in_their_order() {
        let case = Case { signal: &signal(GROUP), now: now() };
        for (encrypted_in_transit, authenticates, first) in [
            (false, false, Some("--transit-encryption-mode preferred")),
            (true, false, Some("ROTATE")),
            (true, true, None),
        ] {
            let group = ReplicationGroup {
                encrypted_in_transit,
                authenticates,
                ..ReplicationGroup::default()
            };
            check(&EncryptCacheInTransit, &group, &signal(GROUP), &[]);
            let plan = EncryptCacheInTransit.plan(&group, &case);
            let told = plan.by_hand.first().map(|command| command.contains(first.unwrap_or("-")));
            assert_eq!(told, first.map(|_| true));
        }
    }
}
