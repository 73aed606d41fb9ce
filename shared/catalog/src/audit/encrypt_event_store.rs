//! Encrypts an event data store with a KMS key of the operator's.
//!
//! It can never be taken back, nor the key be changed, so a person is asked; without a key it is left to
//! them entirely. A store that has a key keeps it, and one that waits to be deleted is let go.

use remedy::{
    Case, Facet, Id, Plan, Remediation, Risk, Settings, Severity, Spec, Swap, Trigger, Undo, Wrong,
};

use super::{
    EventStore, EventStoreId, EventStoreKey,
    given::{Given, TRAIL_KEY_ARN},
};

/// See the [module](self).
#[derive(Debug)]
pub struct EncryptEventStore {
    key: Option<Given>,
}

const WRONG: &str = "the event data store is encrypted with CloudTrail's own key only";

impl Remediation for EncryptEventStore {
    type Facet = EventStore;

    const SPEC: Spec = Spec {
        id: "audit/encrypt_event_store",
        title: "Encrypt an event data store with a KMS key",
        triggers: &[
            Trigger::control("CloudTrail.10"),
            Trigger::config_rule("EVENT_DATA_STORE_CMK_ENCRYPTION_ENABLED"),
        ],
        severity: Severity::Medium,
        risk: Risk::MayInterrupt,
        parameters: &[TRAIL_KEY_ARN],
        undo: Undo::No(
            "CloudTrail lets the key of an event data store be neither removed nor changed",
        ),
        care: "A person says when, since it is for good and readers need rights to the key, which is the operator's.",
        since: "0.4.0",
    };

    fn configured(settings: &Settings) -> Result<Self, Wrong> {
        Ok(Self { key: Given::configured(settings, &TRAIL_KEY_ARN, "kms", "key/")? })
    }

    fn plan(&self, store: &EventStore, case: &Case<'_>) -> Plan<Swap<EventStoreKey>> {
        if store.key.is_some() || store.deleted {
            return Plan::none();
        }
        let place = &case.signal.place;
        let Some(key) = &self.key else {
            let why = "TrailKeyArn names no key: choose one that CloudTrail and all who query the store may \
                       use, since it is for good";
            return Plan::by_hand(WRONG, why, []);
        };
        let change = Swap { from: EventStoreKey(None), to: EventStoreKey(Some(key.at(place))) };
        if store.organization {
            let id = EventStoreId::locate(&case.signal.resource);
            let commands = id.map(|id| EventStore::commands(place, &id, &[change]));
            let why = "it is an organization's: the key must be open to all accounts that query it";
            return Plan::by_hand(WRONG, why, commands.unwrap_or_default());
        }
        Plan::from_iter([change]).asking(
            "it is for good, and who queries the store and has no kms:Decrypt on the key cannot any more",
        )
    }
}

#[cfg(test)]
mod tests {
    use remedy::{
        Change,
        check::{check, now, signal},
    };

    use super::*;

    const STORE: &str = "arn:aws:cloudtrail:eu-west-1:111122223333:eventdatastore/a1b2";
    const KEY: &str = "arn:aws:kms:{region}:{account}:key/k1";

    fn with(key: &str) -> EncryptEventStore {
        EncryptEventStore::configured(&[("TRAIL_KEY_ARN", key)].into_iter().collect()).unwrap()
    }

    fn plan(remediation: &EncryptEventStore, store: &EventStore) -> Plan<Swap<EventStoreKey>> {
        remediation.plan(store, &Case { signal: &signal(STORE), now: now() })
    }

    #[test]
    fn a_store_without_a_key_gets_the_operators_for_good_if_a_person_agrees() {
        let expected = "set encryption with arn:aws:kms:eu-west-1:111122223333:key/k1 \
                        (it is encryption with CloudTrail's own key)";
        check(&with(KEY), &EventStore::default(), &signal(STORE), &[expected]);
        let plan = plan(&with(KEY), &EventStore::default());
        assert!(plan.ask.is_some());
        assert_eq!(plan.changes[0].inverse(), None);
    }

    #[test]
    fn one_with_a_key_and_one_that_goes_anyway_are_left_alone() {
        for store in [
            EventStore { key: Some("other".into()), ..EventStore::default() },
            EventStore { deleted: true, ..EventStore::default() },
        ] {
            check(&with(KEY), &store, &signal(STORE), &[]);
            assert_eq!(plan(&with(KEY), &store), Plan::none());
        }
    }

    #[test]
    fn without_a_key_or_for_an_organization_it_is_left_to_people() {
        let store = EventStore { organization: true, ..EventStore::default() };
        for (key, store, commands) in [("", EventStore::default(), 0), (KEY, store, 1)] {
            check(&with(key), &store, &signal(STORE), &[]);
            let plan = plan(&with(key), &store);
            assert_eq!((plan.left.len(), plan.by_hand.len()), (1, commands));
        }
    }
}
