//! Takes public EBS snapshots from everybody, and leaves them with the accounts that they are shared with by
//! name.
//!
//! The problem is the account's, the snapshots are not: each must carry the opt-in tag by itself. Those that do
//! not, or that are opted out, exempt or somebody else's to mend, are named and left public.

use remedy::{
    Case, Exemption, Guard, Hold, Left, Owner, Plan, Remediation, Risk, Settings, Severity, Spec,
    Tags, Timestamp, Trigger, Undo, Wrong, guard::ALLOWED_OWNERS,
};

use super::{PublicSnapshots, SnapshotChange};

/// See the [module](self).
#[derive(Debug)]
pub struct HideSnapshots {
    guard: Guard,
    allowed_owners: Vec<String>,
}

impl Remediation for HideSnapshots {
    type Facet = PublicSnapshots;

    const SPEC: Spec = Spec {
        id: "ec2/hide_snapshots",
        title: "Make public EBS snapshots private",
        triggers: &[
            Trigger::control("EC2.1"),
            Trigger::config_rule("EBS_SNAPSHOT_PUBLIC_RESTORABLE_CHECK"),
        ],
        severity: Severity::Critical,
        risk: Risk::MayInterrupt,
        parameters: &[],
        undo: Undo::Yes,
        care: "Each snapshot needs the opt-in tag itself; all others are named and left. Accounts that a snapshot is shared with by name keep it.",
        since: "0.4.0",
    };

    fn configured(settings: &Settings) -> Result<Self, Wrong> {
        let allowed_owners = settings.list(&ALLOWED_OWNERS).map(str::to_owned).collect();
        Ok(Self { guard: Guard::configured(settings)?, allowed_owners })
    }

    fn plan(&self, public: &PublicSnapshots, case: &Case<'_>) -> Plan<SnapshotChange> {
        let mut plan = Plan::none();
        for (id, tags) in &public.snapshots {
            match self.hold(tags, case.now) {
                None => plan.changes.push(SnapshotChange::Hide(id.clone())),
                Some(why) => plan.left.push(Left { what: format!("public snapshot {id}"), why }),
            }
        }
        plan
    }
}

impl HideSnapshots {
    /// Why a snapshot with these tags is left alone, if it is.
    fn hold(&self, tags: &Tags, now: Timestamp) -> Option<Hold> {
        let Guard { opt_in: (key, value), opt_out, exempt, iac } = &self.guard;
        let opted_out = tags.keys().find(|key| alike(key, opt_out));
        if let Some(key) = opted_out {
            return Some(Hold::OptedOut { key: key.clone() });
        }
        if tags.get(key) != Some(value) {
            let nearly = tags.iter().find(|(k, v)| alike(k, key) && alike(v, value));
            let nearly = nearly.map(|(k, v)| format!("{k}={v}"));
            return Some(Hold::NotOptedIn { wanted: format!("{key}={value}"), nearly });
        }
        let exemption = tags.get(exempt).map(|text| Exemption::parse(text));
        if let Some(exemption) = exemption.filter(|exemption| exemption.holds(now)) {
            return Some(Hold::exempt(exemption, &format!("tag {exempt}")));
        }
        let owner = Owner::of(tags, iac).filter(|owner| !self.allowed_owners.contains(&owner.kind));
        owner.map(Hold::Owned)
    }
}

/// The same but for case and space.
fn alike(one: &str, other: &str) -> bool {
    one.trim().eq_ignore_ascii_case(other.trim())
}

#[cfg(test)]
mod tests {
    use remedy::check::{check, now, signal};

    use super::*;

    type Given = (&'static str, &'static [(&'static str, &'static str)]);

    const IN: (&str, &str) = ("AutoRemediate", "True");

    fn public(snapshots: &[Given]) -> PublicSnapshots {
        let tags =
            |tags: &[(&str, &str)]| tags.iter().map(|(k, v)| ((*k).into(), (*v).into())).collect();
        PublicSnapshots {
            snapshots: snapshots.iter().map(|(id, given)| ((*id).into(), tags(given))).collect(),
        }
    }

    fn remediation(settings: &[(&str, &str)]) -> HideSnapshots {
        HideSnapshots::configured(&settings.iter().copied().collect()).unwrap()
    }

    #[test]
    fn only_snapshots_that_are_opted_in_are_hidden_and_the_others_are_named() {
        let found = public(&[
            ("snap-1", &[IN]),
            ("snap-2", &[]),
            ("snap-3", &[("autoremediate", "true")]),
            ("snap-4", &[IN, ("DoNotRemediate", "")]),
            ("snap-5", &[IN, ("KintsugiExemptUntil", "2027-03-31")]),
            ("snap-6", &[IN, ("KintsugiExemptUntil", "2026-01-31")]),
            ("snap-7", &[IN, ("terraform", "true")]),
        ]);
        let signal = signal("AWS::::Account:111122223333");
        let remediation = remediation(&[]);
        let expected = ["make snapshot snap-1 private", "make snapshot snap-6 private"];
        check(&remediation, &found, &signal, &expected);
        let plan = remediation.plan(&found, &Case { signal: &signal, now: now() });
        let left: Vec<_> = plan.left.iter().map(|l| (l.what.as_str(), l.why.kind())).collect();
        assert_eq!(
            left,
            [
                ("public snapshot snap-2", "not-opted-in"),
                ("public snapshot snap-3", "not-opted-in"),
                ("public snapshot snap-4", "opted-out"),
                ("public snapshot snap-5", "exempt"),
                ("public snapshot snap-7", "owned"),
            ]
        );
    }

    #[test]
    fn the_operators_own_tag_and_owners_count() {
        let settings =
            [("SCOPE_TAG_KEY", "mend"), ("SCOPE_TAG_VALUE", "yes"), ("ALLOWED_OWNERS", "iac")];
        let found = public(&[("snap-1", &[IN]), ("snap-2", &[("mend", "yes"), ("terraform", "")])]);
        let signal = signal("AWS::::Account:111122223333");
        check(&remediation(&settings), &found, &signal, &["make snapshot snap-2 private"]);
    }

    #[test]
    fn without_public_snapshots_nothing_is_left_to_say() {
        let signal = signal("AWS::::Account:111122223333");
        let plan = remediation(&[]).plan(&public(&[]), &Case { signal: &signal, now: now() });
        assert_eq!(plan, Plan::none());
    }
}
