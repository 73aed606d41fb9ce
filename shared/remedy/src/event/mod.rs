//! From AWS's JSON to signals: the only place that knows what the services' events look like.
//!
//! **Invariant:** whatever comes in, something comes out. Every finding of an event is a signal, or is
//! ignored for a reason, or cannot be read for a reason; and none takes its neighbours down.

mod again;
mod asff;
mod cloudtrail;
mod config;
mod delivery;
mod guardduty;
mod ignored;
mod merge;
mod ocsf;
mod reading;
mod rule;
mod said;
mod schedule;
mod security_hub;
mod shape;
mod standards;
mod threat;
mod trigger;
mod whole;

use aws_lambda_events::eventbridge::EventBridgeEvent;
use serde_json::Value;

use self::{
    merge::merged,
    said::Said,
    shape::{fit_name, kind_of, shaped, short},
};
use crate::Signal;

pub use self::{
    again::again,
    delivery::{Delivery, Message, delivery},
    ignored::Ignored,
    reading::{Own, Reading, Subject},
    whole::{Described, Progress, Silent, Standing, Whole, whole},
};
pub(crate) use self::{threat::PRODUCT, trigger::generators};

type Event = EventBridgeEvent<Value>;

/// Why a finding is no signal.
enum Not {
    Wanted(Ignored),
    Readable(String),
}

impl From<Ignored> for Not {
    fn from(why: Ignored) -> Self {
        Self::Wanted(why)
    }
}

impl From<String> for Not {
    fn from(why: String) -> Self {
        Self::Readable(why)
    }
}

/// More findings than Security Hub ever puts into one event (20).
const MOST_FINDINGS: usize = 100;

/// More resources than ASFF has room for in one finding (32).
const MOST_RESOURCES: usize = 100;

/// Everything that an `EventBridge` event says, in its order. Never empty: an event that nobody can read
/// is one [`Reading::Unreadable`]. What several findings say of the same resource is said once.
pub fn read(event: &Value, own: &Own) -> Vec<Reading> {
    match shaped::<Event>(event, "the event") {
        Ok(event) => merged(findings(&event, own)),
        Err(why) => vec![Reading::Unreadable { about: Subject::of_event(event), why }],
    }
}

fn findings(event: &Event, own: &Own) -> Vec<Reading> {
    match (event.source.as_str(), event.detail_type.as_str()) {
        ("aws.securityhub", "Security Hub Findings - Imported") => {
            each_finding(event, |finding, at| {
                (security_hub::subject(finding), security_hub::imported(finding, at, event, own))
            })
        }
        ("aws.securityhub", "Security Hub Findings - Custom Action") => {
            each_finding(event, |finding, at| {
                (security_hub::subject(finding), security_hub::asked_for(finding, at, event))
            })
        }
        ("aws.securityhub", "Findings Imported V2") => each_finding(event, |finding, at| {
            (ocsf::subject(finding), ocsf::imported(finding, at, event, own))
        }),
        ("aws.config", "Config Rules Compliance Change") => {
            readings(config::subject(&event.detail), config::change(event))
        }
        ("aws.guardduty", "GuardDuty Finding") => {
            readings(guardduty::subject(&event.detail), guardduty::finding(event))
        }
        (source, "AWS API Call via CloudTrail") if source.starts_with("aws.") => {
            readings(cloudtrail::subject(&event.detail), cloudtrail::call(event, own))
        }
        (again::SOURCE, again::DETAIL_TYPE) => {
            readings(again::subject(event), again::signal(event))
        }
        ("kintsugi.schedule", "Kintsugi Schedule") => {
            readings(schedule::subject(event), schedule::ours(event))
        }
        ("aws.events", "Scheduled Event") => {
            readings(schedule::subject(event), schedule::of_rule(event))
        }
        (source, detail_type) => {
            let why = format!(
                "no reader for events of source `{}` and detail-type `{}`",
                short(source, 100),
                short(detail_type, 100)
            );
            vec![unreadable(event, why)]
        }
    }
}

type Found = Result<Vec<Signal>, Not>;

fn each_finding(event: &Event, read: impl Fn(&Value, &str) -> (Subject, Found)) -> Vec<Reading> {
    each_of(event, read, readings)
}

/// What `read` makes of each finding of `event`, and `come_to` of that.
fn each_of<R, T>(
    event: &Event,
    read: impl Fn(&Value, &str) -> (Subject, Result<R, Not>),
    come_to: impl Fn(Subject, Result<R, Not>) -> Vec<T>,
) -> Vec<T> {
    let none = |why: String| come_to(subject(event), Err(Not::Readable(why)));
    let list = match event.detail.get("findings") {
        Some(Value::Array(list)) => list,
        Some(other) => {
            return none(format!("detail.findings is {}, not a list", kind_of(other)));
        }
        None => return none("detail.findings is missing".into()),
    };
    if list.is_empty() || list.len() > MOST_FINDINGS {
        let count = list.len();
        return none(format!(
            "detail.findings holds {count} findings; 1 to {MOST_FINDINGS} can be read"
        ));
    }
    let finding = |(at, finding): (usize, &Value)| {
        let (mut about, found) = read(finding, &format!("detail.findings[{at}]"));
        if about.id.is_empty() {
            // The event's own id would be the same for each of them.
            about.id = format!("{}#{at}", short(event.id.as_deref().unwrap_or_default(), 200));
        }
        if about.trigger.is_empty() {
            about.trigger = short(&event.detail_type, 200);
        }
        come_to(about, found)
    };
    list.iter().enumerate().flat_map(finding).collect()
}

fn readings(about: Subject, found: Found) -> Vec<Reading> {
    let signals = match found {
        Ok(signals) if signals.is_empty() => Err(Not::Readable("it names no resource".into())),
        Ok(signals) if signals.len() > MOST_RESOURCES => {
            let count = signals.len();
            Err(Not::Readable(format!(
                "it names {count} resources; at most {MOST_RESOURCES} can be read"
            )))
        }
        found => found,
    };
    let reading = |signal: Signal| match fit(&signal) {
        Ok(()) => Reading::Signal(Box::new(signal)),
        Err(why) => Reading::Unreadable { about: about.clone(), why },
    };
    match signals {
        Ok(signals) => signals.into_iter().map(reading).collect(),
        Err(Not::Wanted(why)) => vec![Reading::Ignored { about, why }],
        Err(Not::Readable(why)) => vec![Reading::Unreadable { about, why }],
    }
}

/// Whether a signal's names can be what they become: keys of the ledger, and arguments of calls.
fn fit(signal: &Signal) -> Result<(), String> {
    fit_name(&signal.id, "the finding's id")?;
    fit_name(&signal.resource, "the name of the resource")?;
    if signal.trigger.is_any_finding() {
        return Err(format!("the finding's type is `{}`, which names none", signal.trigger.name()));
    }
    fit_name(signal.trigger.name(), "the name of the control, rule, finding type, call or schedule")
}

fn unreadable(event: &Event, why: String) -> Reading {
    Reading::Unreadable { about: subject(event), why }
}

/// What there is to say of an event as a whole.
fn subject(event: &Event) -> Subject {
    Subject {
        id: short(event.id.as_deref().unwrap_or_default(), 200),
        seen: event.time,
        trigger: short(&event.detail_type, 200),
        ..Subject::default()
    }
}

/// Where an event says that it came from: it counts for findings that do not say it themselves. In an
/// administrator's account and in an aggregation Region it is another place than the resource's.
fn sent_from(event: &Event) -> Said<'_> {
    Said { account: event.account.as_deref(), region: event.region.as_deref(), ..Said::default() }
}
