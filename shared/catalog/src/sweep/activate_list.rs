//! Lets GuardDuty read the threat list once it can: after changes that came while it was busy reading,
//! or when the list is missing there, switched off, or could not be read.

use remedy::{
    Case, IdOf, Plan, Remediation, Risk, Settings, Severity, Signal, Spec, Trigger, Undo, Wrong,
};

use crate::guardduty::{List, ListChange, Status, ThreatList};

/// See the [module](self).
#[derive(Debug)]
pub struct ActivateList {
    list: List,
}

impl Remediation for ActivateList {
    type Facet = ThreatList;

    const SPEC: Spec = Spec {
        id: "sweep/activate_list",
        title: "Let GuardDuty read the threat list once it can",
        triggers: &[Trigger::schedule("sweep")],
        severity: Severity::Medium,
        risk: Risk::Safe,
        parameters: &[],
        undo: Undo::Yes,
        care: "What is on the list stays; private, own, trusted and AWS addresses are refused by name.",
        since: "0.2.0",
    };

    fn configured(settings: &Settings) -> Result<Self, Wrong> {
        Ok(Self { list: List::configured(settings)? })
    }

    fn target(&self, _: &Signal) -> Option<IdOf<Self>> {
        Some(self.list.id.clone())
    }

    fn plan(&self, list: &ThreatList, _: &Case<'_>) -> Plan<ListChange> {
        // A text that a person edited is read by us before it is written over.
        if list.truth.serial == 0 || list.status == Status::Busy || !list.edits.is_empty() {
            return Plan::none();
        }
        let mends = match &list.status {
            // The first time it is made, not mended.
            Status::Missing if list.told == 0 => None,
            Status::Missing => Some("is missing there".to_owned()),
            Status::Inactive => Some("was switched off there".into()),
            Status::Broken(why) => Some(format!("could not be read there ({why})")),
            Status::Active | Status::Busy => None,
        };
        let is_wanted = list.is_due() || mends.is_some();
        let activate = ListChange::Activate { serial: list.truth.serial, mends };
        is_wanted.then_some(activate).into_iter().collect()
    }
}
