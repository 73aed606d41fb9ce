//! Keeps a cluster of RDS, Neptune or `DocumentDB` from being deleted by mistake.
//!
//! Its members can still be deleted one by one: AWS protects only what they share.

use remedy::{Case, Plan, Remediation, Risk, Settings, Severity, Spec, Swap, Trigger, Undo, Wrong};

use super::{DbCluster, DbClusterSetting, Switch};

/// See the [module](self).
#[derive(Debug)]
pub struct ProtectCluster;

impl Remediation for ProtectCluster {
    type Facet = DbCluster;

    const SPEC: Spec = Spec {
        id: "rds/protect_cluster",
        title: "Turn on deletion protection of a database cluster",
        triggers: &[
            Trigger::control("RDS.7"),
            Trigger::control("Neptune.4"),
            Trigger::control("DocumentDB.5"),
            Trigger::config_rule("RDS_CLUSTER_DELETION_PROTECTION_ENABLED"),
            Trigger::config_rule("NEPTUNE_CLUSTER_DELETION_PROTECTION_ENABLED"),
            Trigger::config_rule("DOCDB_CLUSTER_DELETION_PROTECTION_ENABLED"),
        ],
        severity: Severity::Low,
        risk: Risk::Safe,
        parameters: &[],
        undo: Undo::Yes,
        care: "It is set by itself: changes that wait for the maintenance window are not applied with it.",
        since: "0.4.0",
    };

    fn configured(_: &Settings) -> Result<Self, Wrong> {
        Ok(Self)
    }

    fn plan(&self, cluster: &DbCluster, case: &Case<'_>) -> Plan<Swap<DbClusterSetting>> {
        cluster.turn_on(Switch::DeletionProtection, case)
    }
}

#[cfg(test)]
mod tests {
    use remedy::check::{check, signal};

    use super::{super::tests::hand, *};

    const MAIN: &str = "arn:aws:rds:eu-west-1:111122223333:cluster:main";

    #[test]
    fn a_cluster_that_anybody_can_delete_is_protected_whatever_its_engine() {
        let expected = ["set deletion protection on (it is deletion protection off)"];
        for engine in ["aurora-mysql", "postgres", "neptune", "docdb"] {
            let cluster = DbCluster { engine: engine.into(), ..DbCluster::default() };
            check(&ProtectCluster, &cluster, &signal(MAIN), &expected);
        }
    }

    #[test]
    fn one_that_is_protected_is_left_alone() {
        let done = DbCluster { setup: [Switch::DeletionProtection].into(), ..DbCluster::default() };
        check(&ProtectCluster, &done, &signal(MAIN), &[]);
    }

    #[test]
    fn one_that_is_stopped_is_started_by_a_person() {
        let stopped = DbCluster { status: "stopped".into(), ..DbCluster::default() };
        check(&ProtectCluster, &stopped, &signal(MAIN), &[]);
        let (_, commands) = hand(&ProtectCluster, &stopped, &signal(MAIN));
        assert_eq!(
            commands,
            [
                "aws rds start-db-cluster --region eu-west-1 --db-cluster-identifier main",
                "aws rds wait db-cluster-available --region eu-west-1 --db-cluster-identifier main",
                "aws rds modify-db-cluster --region eu-west-1 --db-cluster-identifier main --deletion-protection",
            ]
        );
    }
}
