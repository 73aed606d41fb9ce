//! Takes over what people wrote into the text of the threat list, or took out of it.
//!
//! What a person wrote stays for good. What a person took out stays off until it is seen again.

use remedy::{
    Case, IdOf, Plan, Remediation, Risk, Settings, Severity, Signal, Spec, Trigger, Undo, Wrong,
};

use crate::guardduty::{By, List, ListChange, Listing, ThreatList, Time, Why};

/// See the [module](self).
#[derive(Debug)]
pub struct AdoptEdits {
    list: List,
}

/// How many go on or off at once: their record must fit into the table. The rest follows five minutes
/// later.
const MOST: usize = 250;

impl Remediation for AdoptEdits {
    type Facet = ThreatList;

    const SPEC: Spec = Spec {
        id: "sweep/adopt_edits",
        title: "Take over what was edited by hand in the text of the threat list",
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

    fn plan(&self, list: &ThreatList, _: &Case<'_>) -> Plan<ListChange> {
        let by_hand = Listing {
            first: list.edited,
            last: list.edited,
            until: Time::NEVER,
            by: By::Hand,
            ..Listing::default()
        };
        let added = list.edits.added.iter().map(|name| {
            let (name, evidence) = (name.clone(), by_hand.clone());
            ListChange::List { name, evidence }
        });
        let removed = list.edits.removed.iter().filter_map(|name| {
            let listing = list.truth.roll.get(name)?.clone();
            let keep_off = Some(list.edited.max(listing.last));
            Some(ListChange::Remove { name: name.clone(), listing, why: Why::Hand, keep_off })
        });
        let rejected = list.edits.rejected.iter().cloned().map(ListChange::Reject);
        let mut names = removed.chain(added);
        let plan: Plan<_> = names.by_ref().take(MOST).chain(rejected).collect();
        Plan { more: names.next().is_some(), ..plan }
    }
}
