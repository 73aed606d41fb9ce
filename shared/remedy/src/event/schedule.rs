//! Our own schedules: nothing happened, it is time to look.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::{
    Event, Found, Subject,
    said::account,
    sent_from,
    shape::{shaped, text},
};
use crate::{Arn, Severity, Signal, Source, Trigger};

/// What a rule of `EventBridge` starts that runs on a schedule: it cannot say what it is for.
const SWEEP: &str = "sweep";

#[derive(Deserialize)]
#[serde(expecting = "a schedule")]
struct Schedule<'a> {
    name: &'a str,
}

/// The event that our stack makes of its schedule.
pub(super) fn ours(event: &Event) -> Found {
    let schedule: Schedule<'_> = shaped(&event.detail, "detail")?;
    signal(schedule.name, event)
}

/// The event that a rule on a schedule sends by itself.
pub(super) fn of_rule(event: &Event) -> Found {
    let rules = event.resources.iter().flatten().filter_map(|name| Arn::parse(name));
    let is_rule = |arn: Arn<'_>| arn.service == "events" && arn.resource.starts_with("rule/");
    if !rules.into_iter().any(is_rule) {
        return Err(String::from("resources does not name the rule that is on a schedule").into());
    }
    signal(SWEEP, event)
}

pub(super) fn subject(event: &Event) -> Subject {
    let name = match text(&event.detail, "/name") {
        "" => SWEEP,
        name => name,
    };
    let said = sent_from(event);
    let about = Subject::new(&id(name), "", name, &account(&[said]), said);
    Subject { seen: event.time, ..about }
}

fn signal(name: &str, event: &Event) -> Found {
    let seen = event.time.ok_or_else(|| String::from("the event does not say its time"))?;
    let said = sent_from(event);
    let resource = account(&[said]);
    Ok(vec![Signal {
        id: id(name),
        seen,
        source: Source::Schedule,
        trigger: Trigger::Schedule(name.to_owned().into()),
        severity: Severity::default(),
        title: String::new(),
        place: said.place(&resource, &[])?,
        resource,
        findings: Vec::new(),
        asked_by: None,
        approves: None,
        caused_by: None,
        parameters: BTreeMap::new(),
        threat: None,
    }])
}

fn id(name: &str) -> String {
    format!("schedule/{name}")
}
