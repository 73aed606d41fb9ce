//! Takes off the threat list what was not seen for as long as it may stay.

use remedy::{
    Case, IdOf, Plan, Remediation, Risk, Settings, Severity, Signal, Spec, Trigger, Undo, Wrong,
};

use crate::guardduty::{List, ListChange, ThreatList, Time, Why};

/// See the [module](self).
#[derive(Debug)]
pub struct ExpireAddresses {
    list: List,
}

/// How many go at once: their record must fit into the table. The rest goes five minutes later.
const MOST: usize = 400;

impl Remediation for ExpireAddresses {
    type Facet = ThreatList;

    const SPEC: Spec = Spec {
        id: "sweep/expire_addresses",
        title: "Take addresses off the threat list that were not seen for ListDays",
        triggers: &[Trigger::schedule("sweep")],
        severity: Severity::Low,
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

    fn plan(&self, list: &ThreatList, case: &Case<'_>) -> Plan<ListChange> {
        let now = Time::from(case.now);
        let expired = list.truth.roll.iter().filter(|(_, listing)| listing.until <= now);
        let mut remove = expired.map(|(name, listing)| ListChange::Remove {
            name: name.clone(),
            listing: listing.clone(),
            why: Why::Expired,
            keep_off: None,
        });
        let plan: Plan<_> = remove.by_ref().take(MOST).collect();
        Plan { more: remove.next().is_some(), ..plan }
    }
}
