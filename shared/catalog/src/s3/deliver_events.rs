//! Delivers the events of a bucket to EventBridge.
//!
//! Nobody is told until a rule asks for them, and nothing is charged. Topics, queues and functions that
//! are told already stay as they are, and are enough, unless the control wants events that they miss.

use remedy::{
    Case, Plan, Remediation, Risk, Settings, Severity, Signal, Spec, Swap, Trigger, Undo, Wrong,
};

use super::{BucketEvents, EventDelivery};

/// See the [module](self).
#[derive(Debug)]
pub struct DeliverEvents;

impl Remediation for DeliverEvents {
    type Facet = BucketEvents;

    const SPEC: Spec = Spec {
        id: "s3/deliver_events",
        title: "Deliver the events of a bucket to EventBridge",
        triggers: &[
            Trigger::control("S3.11"),
            Trigger::config_rule("S3_EVENT_NOTIFICATIONS_ENABLED"),
        ],
        severity: Severity::Medium,
        risk: Risk::Safe,
        parameters: &[],
        undo: Undo::Yes,
        care: "Functions, queues and topics that are told already stay told: the configuration is merged into, never replaced.",
        since: "0.4.0",
    };

    fn configured(_: &Settings) -> Result<Self, Wrong> {
        Ok(Self)
    }

    fn plan(&self, bucket: &BucketEvents, case: &Case<'_>) -> Plan<Swap<EventDelivery>> {
        let wanted = wanted(case.signal);
        let missed = wanted.iter().any(|event| !bucket.told.iter().any(|told| holds(told, event)));
        if bucket.event_bridge || (!bucket.told.is_empty() && !missed) {
            return Plan::none();
        }
        Swap::of(EventDelivery::Off, EventDelivery::On).into_iter().collect()
    }
}

/// The events that the control wants told, where Security Hub passes them.
fn wanted(signal: &Signal) -> Vec<&str> {
    let given = signal.parameters.iter().filter(|(key, _)| key.eq_ignore_ascii_case("eventTypes"));
    let items = given.flat_map(|(_, values)| values).flat_map(|value| value.split(','));
    items.map(str::trim).filter(|item| !item.is_empty()).collect()
}

/// Whether who is told of `told` is told of `event`, such as of `s3:ObjectCreated:*` and
/// `s3:ObjectCreated:Put`.
fn holds(told: &str, event: &str) -> bool {
    match told.strip_suffix('*') {
        Some(beginning) => event.starts_with(beginning),
        None => told == event,
    }
}

#[cfg(test)]
mod tests {
    use remedy::check::{check, signal};

    use super::*;

    const WEB: &str = "arn:aws:s3:::web";
    const ON: &[&str] =
        &["set delivery of events to EventBridge on (it is delivery of events to EventBridge off)"];

    fn bucket(told: &[&str]) -> BucketEvents {
        let told = told.iter().copied().map(str::to_owned).collect();
        BucketEvents { told, ..BucketEvents::default() }
    }

    #[test]
    fn nobody_being_told_is_enough_to_deliver_and_anybody_being_told_is_enough_not_to() {
        check(&DeliverEvents, &bucket(&[]), &signal(WEB), ON);
        check(&DeliverEvents, &bucket(&["s3:ObjectRemoved:*"]), &signal(WEB), &[]);
        let delivered = BucketEvents { event_bridge: true, ..bucket(&[]) };
        check(&DeliverEvents, &delivered, &signal(WEB), &[]);
    }

    #[test]
    fn events_that_the_control_wants_and_nobody_is_told_of_are_delivered_beside_the_others() {
        let wants = |events: &str| Signal {
            parameters: [("eventTypes".into(), vec![events.into()])].into(),
            ..signal(WEB)
        };
        let told = bucket(&["s3:ObjectCreated:*", "s3:ObjectRemoved:Delete"]);
        for (events, expected) in [
            ("s3:ObjectCreated:Put", &[][..]),
            ("s3:ObjectCreated:*, s3:ObjectRemoved:Delete", &[]),
            ("s3:ObjectRemoved:*", ON),
            ("s3:ObjectTagging:*,s3:ObjectCreated:*", ON),
            (" ,", &[]),
        ] {
            check(&DeliverEvents, &told, &wants(events), expected);
        }
    }
}
