//! Blocks all public sharing of EBS snapshots in a Region of an account.
//!
//! Where snapshots are public now, a person is asked first: they would be private from one moment to the next.
//! What the organization declares cannot be changed in an account.

use remedy::{Case, Plan, Remediation, Risk, Settings, Severity, Spec, Swap, Trigger, Undo, Wrong};

use super::{Blocked, SnapshotSharing, SnapshotSharingSetting, some_of};

/// See the [module](self).
#[derive(Debug)]
pub struct BlockSnapshotSharing;

impl Remediation for BlockSnapshotSharing {
    type Facet = SnapshotSharing;

    const SPEC: Spec = Spec {
        id: "ec2/block_snapshot_sharing",
        title: "Block public sharing of the account's EBS snapshots",
        triggers: &[
            Trigger::control("EC2.182"),
            Trigger::config_rule("EBS_SNAPSHOT_BLOCK_PUBLIC_ACCESS"),
        ],
        severity: Severity::High,
        risk: Risk::MayInterrupt,
        parameters: &[],
        undo: Undo::Yes,
        care: "Snapshots that are public now are looked for first; if there are any, a person is asked.",
        since: "0.4.0",
    };

    fn configured(_: &Settings) -> Result<Self, Wrong> {
        Ok(Self)
    }

    fn plan(&self, sharing: &SnapshotSharing, _: &Case<'_>) -> Plan<Swap<SnapshotSharingSetting>> {
        let is = SnapshotSharingSetting::Blocked(sharing.blocked);
        let all = SnapshotSharingSetting::Blocked(Blocked::All);
        let Some(change) = Swap::of(is, all) else { return Plan::none() };
        if sharing.is_declared {
            let what = "public sharing of snapshots is not blocked";
            return Plan::by_hand(what, DECLARED, []);
        }
        let plan: Plan<_> = [change].into_iter().collect();
        match sharing.public.len() {
            0 => plan,
            1 => plan.asking(format!(
                "snapshot {} is public and would not be any more",
                sharing.public.concat()
            )),
            n => plan.asking(format!(
                "{n} snapshots are public and would not be any more: {}",
                some_of(&sharing.public)
            )),
        }
    }
}

const DECLARED: &str = "a declarative policy of the organization decides it, and no account can change it; \
     change the policy in the management account";

#[cfg(test)]
mod tests {
    use remedy::{
        Hold,
        check::{check, now, signal},
    };

    use super::*;

    fn sharing(blocked: Blocked, public: &[&str]) -> SnapshotSharing {
        let public = public.iter().map(|id| (*id).into()).collect();
        SnapshotSharing { blocked, public, is_declared: false }
    }

    #[test]
    fn all_sharing_is_blocked_whatever_of_it_is_already() {
        let signal = signal("AWS::::Account:111122223333");
        for (blocked, expected) in [
            (
                Blocked::Nothing,
                &[
                    "set public sharing of snapshots block-all-sharing (it is public sharing of snapshots \
                   unblocked)",
                ][..],
            ),
            (
                Blocked::New,
                &[
                    "set public sharing of snapshots block-all-sharing (it is public sharing of snapshots \
                   block-new-sharing)",
                ],
            ),
            (Blocked::All, &[]),
        ] {
            check(&BlockSnapshotSharing, &sharing(blocked, &[]), &signal, expected);
        }
    }

    #[test]
    fn a_person_is_asked_where_snapshots_are_public() {
        let signal = signal("111122223333");
        let case = Case { signal: &signal, now: now() };
        let ask = |public: &[&str]| {
            BlockSnapshotSharing.plan(&sharing(Blocked::Nothing, public), &case).ask
        };
        assert_eq!(ask(&[]), None);
        let one = ask(&["snap-1"]);
        assert_eq!(one.as_deref(), Some("snapshot snap-1 is public and would not be any more"));
        let two = ask(&["snap-1", "snap-2"]).unwrap();
        assert_eq!(two, "2 snapshots are public and would not be any more: snap-1, snap-2");
    }

    #[test]
    fn what_the_organization_declares_is_left_to_it() {
        let signal = signal("111122223333");
        let declared = SnapshotSharing { is_declared: true, ..SnapshotSharing::default() };
        check(&BlockSnapshotSharing, &declared, &signal, &[]);
        let plan = BlockSnapshotSharing.plan(&declared, &Case { signal: &signal, now: now() });
        assert!(matches!(plan.left[0].why, Hold::ByHand { .. }));
    }
}
