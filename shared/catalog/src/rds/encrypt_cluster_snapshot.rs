//! Reports a snapshot of a cluster that is not encrypted, with the commands that make an encrypted one.
//!
//! AWS encrypts no copy of it: an encrypted cluster is restored from it, and a snapshot taken of that. The
//! snapshot itself stays.

use remedy::{
    Case, Id, Plan, Remediation, Risk, Settings, Severity, Signal, Spec, Swap, Trigger, Undo,
    Wrong, quoted,
};

use super::{
    DbClusterSnapshot, DbClusterSnapshotId, DbClusterSnapshotSetting, asked, snapshot::name_for,
};

/// See the [module](self).
#[derive(Debug)]
pub struct EncryptClusterSnapshot;

impl Remediation for EncryptClusterSnapshot {
    type Facet = DbClusterSnapshot;

    const SPEC: Spec = Spec {
        id: "rds/encrypt_cluster_snapshot",
        title: "Report a cluster snapshot that is not encrypted",
        triggers: &[
            Trigger::control("RDS.4"),
            Trigger::control("Neptune.6"),
            Trigger::config_rule("RDS_SNAPSHOT_ENCRYPTED"),
            Trigger::config_rule("NEPTUNE_CLUSTER_SNAPSHOT_ENCRYPTED"),
        ],
        severity: Severity::Medium,
        risk: Risk::Safe,
        parameters: &[],
        undo: Undo::Nothing,
        care: "The snapshot is never deleted, and no copy is tried that AWS refuses: the way to an encrypted one is left to a person, with the commands.",
        since: "0.4.0",
    };

    fn configured(_: &Settings) -> Result<Self, Wrong> {
        Ok(Self)
    }

    fn answers(&self, signal: &Signal) -> bool {
        asked::calls(&Self::SPEC, signal) && asked::is_about::<DbClusterSnapshotId>(signal)
    }

    fn plan(
        &self,
        snapshot: &DbClusterSnapshot,
        case: &Case<'_>,
    ) -> Plan<Swap<DbClusterSnapshotSetting>> {
        if snapshot.0.encrypted {
            return Plan::none();
        }
        let id = DbClusterSnapshotId::locate(&case.signal.resource);
        Plan::by_hand(
            "a snapshot that is not encrypted",
            "AWS encrypts no copy of it: restore an encrypted cluster, take a snapshot of that, and delete \
             this one once nothing refers to it",
            id.map(|id| steps(&id, &snapshot.0.engine, case)).unwrap_or_default(),
        )
    }
}

/// The commands that make an encrypted snapshot of the same.
fn steps(id: &DbClusterSnapshotId, engine: &str, case: &Case<'_>) -> Vec<String> {
    let region = &case.signal.place.region;
    let new = quoted(&name_for(&id.0, "encrypted"));
    vec![
        format!(
            "aws rds restore-db-cluster-from-snapshot --region {region} \
 --snapshot-identifier {} \
             --db-cluster-identifier {new} --engine {} --kms-key-id alias/aws/rds",
            quoted(&id.0),
            quoted(engine)
        ),
        format!(
            "aws rds wait db-cluster-available --region {region} \
 --db-cluster-identifier {new}"
        ),
        format!(
            "aws rds create-db-cluster-snapshot --region {region} --db-cluster-identifier {new} \
             --db-cluster-snapshot-identifier {new}"
        ),
    ]
}

#[cfg(test)]
mod tests {
    use remedy::check::{check, signal};

    use super::{
        super::{Snapshot, tests::hand},
        *,
    };

    const MAIN: &str = "arn:aws:rds:eu-west-1:111122223333:cluster-snapshot:main";

    #[test]
    fn an_encrypted_one_is_made_by_a_person_by_way_of_a_cluster() {
        let plain = DbClusterSnapshot(Snapshot { engine: "neptune".into(), ..Snapshot::default() });
        check(&EncryptClusterSnapshot, &plain, &signal(MAIN), &[]);
        let (_, commands) = hand(&EncryptClusterSnapshot, &plain, &signal(MAIN));
        assert_eq!(
            commands[0],
            "aws rds restore-db-cluster-from-snapshot --region eu-west-1 --snapshot-identifier main \
             --db-cluster-identifier main-encrypted --engine neptune --kms-key-id alias/aws/rds"
        );
        assert!(commands.iter().all(|command| !command.contains("delete")), "{commands:?}");
    }

    #[test]
    fn one_that_is_encrypted_is_right() {
        let done = DbClusterSnapshot(Snapshot { encrypted: true, ..Snapshot::default() });
        assert!(hand(&EncryptClusterSnapshot, &done, &signal(MAIN)).0.is_empty());
    }
}
