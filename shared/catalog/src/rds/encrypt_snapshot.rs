//! Reports a snapshot of a database instance that is not encrypted, with the command that makes an encrypted
//! copy.
//!
//! The snapshot itself stays: whether the copy stands in for it, wherever its name is written down, only a
//! person can say.

use remedy::{
    Case, Id, Plan, Remediation, Risk, Settings, Severity, Signal, Spec, Swap, Trigger, Undo,
    Wrong, quoted,
};

use super::{
    DbClusterSnapshotId, DbSnapshot, DbSnapshotId, DbSnapshotSetting, asked, snapshot::name_for,
};

/// See the [module](self).
#[derive(Debug)]
pub struct EncryptSnapshot;

impl Remediation for EncryptSnapshot {
    type Facet = DbSnapshot;

    const SPEC: Spec = Spec {
        id: "rds/encrypt_snapshot",
        title: "Report a database snapshot that is not encrypted",
        triggers: &[Trigger::control("RDS.4"), Trigger::config_rule("RDS_SNAPSHOT_ENCRYPTED")],
        severity: Severity::Medium,
        risk: Risk::Safe,
        parameters: &[],
        undo: Undo::Nothing,
        care: "The snapshot is never deleted: an encrypted copy is left to a person, with the command.",
        since: "0.4.0",
    };

    fn configured(_: &Settings) -> Result<Self, Wrong> {
        Ok(Self)
    }

    fn answers(&self, signal: &Signal) -> bool {
        asked::calls(&Self::SPEC, signal) && !asked::is_about::<DbClusterSnapshotId>(signal)
    }

    fn plan(&self, snapshot: &DbSnapshot, case: &Case<'_>) -> Plan<Swap<DbSnapshotSetting>> {
        if snapshot.0.encrypted {
            return Plan::none();
        }
        let copy = |id: &DbSnapshotId| {
            format!(
                "aws rds copy-db-snapshot --region {} --source-db-snapshot-identifier {} \
                 --target-db-snapshot-identifier {} --kms-key-id alias/aws/rds --copy-tags",
                case.signal.place.region,
                quoted(&id.0),
                quoted(&name_for(&id.0, "encrypted"))
            )
        };
        Plan::by_hand(
            "a snapshot that is not encrypted",
            "encrypt a copy, and delete this one once nothing refers to it",
            DbSnapshotId::locate(&case.signal.resource).iter().map(copy),
        )
    }
}

#[cfg(test)]
mod tests {
    use remedy::check::{check, signal};

    use super::{
        super::{Snapshot, tests::hand},
        *,
    };

    #[test]
    fn a_copy_is_left_to_a_person_and_nothing_is_deleted() {
        let automatic = "arn:aws:rds:eu-west-1:111122223333:snapshot:rds:web-2026-11-20-00-10";
        check(&EncryptSnapshot, &DbSnapshot::default(), &signal(automatic), &[]);
        let (what, commands) = hand(&EncryptSnapshot, &DbSnapshot::default(), &signal(automatic));
        assert!(what.starts_with("a snapshot that is not encrypted"), "{what}");
        assert_eq!(
            commands,
            ["aws rds copy-db-snapshot --region eu-west-1 \
              --source-db-snapshot-identifier rds:web-2026-11-20-00-10 \
              --target-db-snapshot-identifier web-2026-11-20-00-10-encrypted \
              --kms-key-id alias/aws/rds --copy-tags"]
        );
    }

    #[test]
    fn one_that_is_encrypted_is_right() {
        let web = "arn:aws:rds:eu-west-1:111122223333:snapshot:web";
        let done = DbSnapshot(Snapshot { encrypted: true, ..Snapshot::default() });
        assert!(hand(&EncryptSnapshot, &done, &signal(web)).0.is_empty());
    }
}
