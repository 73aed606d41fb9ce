//! Reports a cluster whose storage is not encrypted, with the commands that make an encrypted copy.
//!
//! Storage is encrypted when it is made, or never: what comes out is another cluster with another address, so
//! a person moves over.

use remedy::{
    Case, Id, Plan, Remediation, Risk, Settings, Severity, Spec, Swap, Trigger, Undo, Wrong,
};

use super::{DbCluster, DbClusterId, DbClusterSetting, copy};

/// See the [module](self).
#[derive(Debug)]
pub struct EncryptCluster;

impl Remediation for EncryptCluster {
    type Facet = DbCluster;

    const SPEC: Spec = Spec {
        id: "rds/encrypt_cluster",
        title: "Report a database cluster that is not encrypted",
        triggers: &[
            Trigger::control("RDS.27"),
            Trigger::control("Neptune.1"),
            Trigger::control("DocumentDB.1"),
            Trigger::config_rule("RDS_CLUSTER_ENCRYPTED_AT_REST"),
            Trigger::config_rule("NEPTUNE_CLUSTER_ENCRYPTED"),
            Trigger::config_rule("DOCDB_CLUSTER_ENCRYPTED"),
        ],
        severity: Severity::Medium,
        risk: Risk::Safe,
        parameters: &[],
        undo: Undo::Nothing,
        care: "Nothing is copied, moved or deleted: the way to an encrypted cluster is left to a person, with the commands.",
        since: "0.4.0",
    };

    fn configured(_: &Settings) -> Result<Self, Wrong> {
        Ok(Self)
    }

    fn plan(&self, cluster: &DbCluster, case: &Case<'_>) -> Plan<Swap<DbClusterSetting>> {
        if cluster.encrypted {
            return Plan::none();
        }
        let id = DbClusterId::locate(&case.signal.resource);
        Plan::by_hand(
            "storage that is not encrypted",
            "storage is encrypted when it is made: restore an encrypted copy, move over, and delete this one",
            id.map(|id| copy::cluster(&id, &cluster.engine, case)).unwrap_or_default(),
        )
    }
}

#[cfg(test)]
mod tests {
    use remedy::check::{check, signal};

    use super::{super::tests::hand, *};

    const MAIN: &str = "arn:aws:rds:eu-west-1:111122223333:cluster:main";

    #[test]
    fn an_encrypted_copy_is_left_to_a_person() {
        let plain = DbCluster { engine: "docdb".into(), ..DbCluster::default() };
        check(&EncryptCluster, &plain, &signal(MAIN), &[]);
        let (_, commands) = hand(&EncryptCluster, &plain, &signal(MAIN));
        assert_eq!(
            commands[2],
            "aws rds restore-db-cluster-from-snapshot --region eu-west-1 --snapshot-identifier main-plain \
             --db-cluster-identifier main-encrypted --engine docdb --kms-key-id alias/aws/rds"
        );
    }

    #[test]
    fn one_that_is_encrypted_is_right() {
        let done = DbCluster { encrypted: true, ..DbCluster::default() };
        assert!(hand(&EncryptCluster, &done, &signal(MAIN)).0.is_empty());
    }
}
