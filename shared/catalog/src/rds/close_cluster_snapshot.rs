//! Takes a snapshot of a cluster back from everybody: until then, any account can make itself a copy of all
//! that is in the databases.
//!
//! Accounts that are named can still restore it.

use remedy::{
    Case, Plan, Remediation, Risk, Settings, Severity, Signal, Spec, Swap, Trigger, Undo, Wrong,
};

use super::{DbClusterSnapshot, DbClusterSnapshotId, DbClusterSnapshotSetting, asked};

/// See the [module](self).
#[derive(Debug)]
pub struct CloseClusterSnapshot;

impl Remediation for CloseClusterSnapshot {
    type Facet = DbClusterSnapshot;

    const SPEC: Spec = Spec {
        id: "rds/close_cluster_snapshot",
        title: "Stop sharing a cluster snapshot with everybody",
        triggers: &[
            Trigger::control("RDS.1"),
            Trigger::control("Neptune.3"),
            Trigger::control("DocumentDB.3"),
            Trigger::config_rule("RDS_SNAPSHOTS_PUBLIC_PROHIBITED"),
            Trigger::config_rule("NEPTUNE_CLUSTER_SNAPSHOT_PUBLIC_PROHIBITED"),
            Trigger::config_rule("DOCDB_CLUSTER_SNAPSHOT_PUBLIC_PROHIBITED"),
        ],
        severity: Severity::Critical,
        risk: Risk::MayInterrupt,
        parameters: &[],
        undo: Undo::Yes,
        care: "Accounts that are named keep the snapshot; only the permission of everybody else goes.",
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
        _: &Case<'_>,
    ) -> Plan<Swap<DbClusterSnapshotSetting>> {
        snapshot.close().into_iter().collect()
    }
}

#[cfg(test)]
mod tests {
    use remedy::{
        Facet,
        check::{check, signal},
    };

    use super::{super::Snapshot, *};

    const ONE: &str = "arn:aws:rds:eu-west-1:111122223333:cluster-snapshot:main";

    fn shared(with: &[&str]) -> DbClusterSnapshot {
        let shared_with = with.iter().map(|account| (*account).into()).collect();
        DbClusterSnapshot(Snapshot { shared_with, ..Snapshot::default() })
    }

    #[test]
    fn only_everybody_goes_and_named_accounts_stay() {
        let expected = ["set sharing with everybody off (it is sharing with everybody on)"];
        let snapshot = shared(&["444455556666", "all"]);
        check(&CloseClusterSnapshot, &snapshot, &signal(ONE), &expected);
        let fixed = snapshot.close().into_iter().fold(snapshot, |all, change| all.after(&change));
        assert_eq!(fixed, shared(&["444455556666"]));
    }

    #[test]
    fn one_that_is_not_public_is_left_alone() {
        for with in [&[][..], &["444455556666"]] {
            check(&CloseClusterSnapshot, &shared(with), &signal(ONE), &[]);
        }
    }

    #[test]
    fn the_other_kind_of_snapshot_is_not_its_business() {
        let called =
            |resource: &str| Signal { trigger: Trigger::control("RDS.1"), ..signal(resource) };
        assert!(CloseClusterSnapshot.answers(&called(ONE)));
        assert!(
            !CloseClusterSnapshot
                .answers(&called("arn:aws:rds:eu-west-1:111122223333:snapshot:web"))
        );
    }
}
