//! Signals of ours that come again: what a person asked for, and what had to wait.

use serde_json::{Value, json};

use super::{Event, Found, Subject, shape::shaped};
use crate::{Signal, Timestamp};

/// Who sends them. No rule of the stack lets events of this source through: they come by the queue.
pub(super) const SOURCE: &str = "kintsugi";
/// What they are called.
pub(super) const DETAIL_TYPE: &str = "Kintsugi Signal";

/// The event that brings `signal` to a function again.
pub fn again(signal: &Signal, now: Timestamp) -> Value {
    json!({
        "version": "0",
        "id": signal.id,
        "source": SOURCE,
        "detail-type": DETAIL_TYPE,
        "account": signal.place.account,
        "region": signal.place.region,
        "time": now,
        "resources": [],
        "detail": { "signal": signal },
    })
}

pub(super) fn signal(event: &Event) -> Found {
    let signal = event.detail.get("signal").unwrap_or(&Value::Null);
    Ok(vec![shaped::<Signal>(signal, "detail.signal")?])
}

pub(super) fn subject(event: &Event) -> Subject {
    let signal = shaped::<Signal>(event.detail.get("signal").unwrap_or(&Value::Null), "");
    let Ok(signal) = signal else { return Subject { seen: event.time, ..Subject::default() } };
    Subject {
        id: signal.id,
        seen: Some(signal.seen),
        trigger: signal.trigger.name().into(),
        resource: signal.resource,
        place: Some(signal.place),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Own, Reading, check, read};

    const OWN: Own = Own { roles: Vec::new(), note_by: "kintsugi" };

    #[test]
    fn a_signal_comes_again_as_it_was() {
        let signal = Signal {
            asked_by: Some("arn:aws:iam::111122223333:user/ada".into()),
            approves: Some(crate::Approval { record: "k-1".into(), plan: "ab".into() }),
            ..check::signal("sg-1")
        };
        let read = read(&again(&signal, check::now()), &OWN);
        assert!(matches!(&read[..], [Reading::Signal(found)] if **found == signal), "{read:?}");
    }

    #[test]
    fn what_is_no_signal_cannot_be_read() {
        let mut event = again(&check::signal("sg-1"), check::now());
        event["detail"]["signal"]["place"] = "here".into();
        assert!(matches!(&read(&event, &OWN)[..], [Reading::Unreadable { .. }]));
    }
}
