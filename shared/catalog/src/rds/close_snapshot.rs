//! Takes a snapshot of a database instance back from everybody: until then, any account can make itself a
//! copy of all that is in the database.
//!
//! Accounts that are named can still restore it.

use remedy::{
    Case, Plan, Remediation, Risk, Settings, Severity, Signal, Spec, Swap, Trigger, Undo, Wrong,
};

use super::{DbClusterSnapshotId, DbSnapshot, DbSnapshotSetting, asked};

/// See the [module](self).
#[derive(Debug)]
pub struct CloseSnapshot;

impl Remediation for CloseSnapshot {
    type Facet = DbSnapshot;

    const SPEC: Spec = Spec {
        id: "rds/close_snapshot",
        title: "Stop sharing a database snapshot with everybody",
        triggers: &[
            Trigger::control("RDS.1"),
            Trigger::config_rule("RDS_SNAPSHOTS_PUBLIC_PROHIBITED"),
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
        asked::calls(&Self::SPEC, signal) && !asked::is_about::<DbClusterSnapshotId>(signal)
    }

    fn plan(&self, snapshot: &DbSnapshot, _: &Case<'_>) -> Plan<Swap<DbSnapshotSetting>> {
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

    const ONE: &str = "arn:aws:rds:eu-west-1:111122223333:snapshot:web";

    fn shared(with: &[&str]) -> DbSnapshot {
        let shared_with = with.iter().map(|account| (*account).into()).collect();
        DbSnapshot(Snapshot { shared_with, ..Snapshot::default() })
    }

    #[test]
    fn only_everybody_goes_and_named_accounts_stay() {
        let expected = ["set sharing with everybody off (it is sharing with everybody on)"];
        let snapshot = shared(&["444455556666", "all"]);
        check(&CloseSnapshot, &snapshot, &signal(ONE), &expected);
        let fixed = snapshot.close().into_iter().fold(snapshot, |all, change| all.after(&change));
        assert_eq!(fixed, shared(&["444455556666"]));
    }

    #[test]
    fn one_that_is_not_public_is_left_alone() {
        for with in [&[][..], &["444455556666"]] {
            check(&CloseSnapshot, &shared(with), &signal(ONE), &[]);
        }
    }

    #[test]
    fn the_other_kind_of_snapshot_is_not_its_business() {
        let called =
            |resource: &str| Signal { trigger: Trigger::control("RDS.1"), ..signal(resource) };
        assert!(CloseSnapshot.answers(&called(ONE)));
        assert!(
            !CloseSnapshot
                .answers(&called("arn:aws:rds:eu-west-1:111122223333:cluster-snapshot:main"))
        );
    }
}
