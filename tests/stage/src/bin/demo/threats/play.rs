//! GuardDuty finds, the sweep comes by.

use remedy::Timestamp;
use serde_json::Value;
use stage::{Record, Result, Stage, events};

use super::cases::{CASES, Case, OWN};

/// A finding that was sent.
#[derive(Debug)]
pub(crate) struct Scene {
    pub(crate) case: &'static Case,
    pub(crate) hosts: Vec<String>,
    pub(crate) event: Value,
}

/// Switches GuardDuty on, and lets us have an address of our own.
pub(crate) async fn set(stage: &Stage) -> Result<String> {
    stage.enable_guardduty().await?;
    stage.activation_takes(0.2)?;
    stage.estate.elastic_ip().await
}

/// Sends the findings of all cases.
pub(crate) async fn send(stage: &Stage, own: &str) -> Result<Vec<Scene>> {
    let mut scenes = Vec::new();
    for case in CASES {
        let hosts = case.hosts.iter().map(|host| if *host == OWN { own } else { host });
        let hosts: Vec<String> = hosts.map(str::to_owned).collect();
        let event = finding(stage, case.fixture, &hosts)?;
        stage.send(&event).await?;
        scenes.push(Scene { case, hosts, event });
    }
    stage.settled().await?;
    Ok(scenes)
}

/// Brute force by an address, seen then.
pub(crate) fn attack(stage: &Stage, address: &str, seen: Timestamp) -> Result<Value> {
    let event = finding(stage, "guardduty-brute-force", &[address.to_owned()])?;
    Ok(events::seen(event, seen))
}

/// A finding about `hosts`, which its title and description name, too.
fn finding(stage: &Stage, fixture: &str, hosts: &[String]) -> Result<Value> {
    let names: Vec<&str> = hosts.iter().map(String::as_str).collect();
    let mut event = events::threat(fixture, &stage.place, &names)?;
    let before = events::fixture(fixture)?;
    let remote = "/detail/service/action/networkConnectionAction/remoteIpDetails/ipAddressV4";
    let old = before.pointer(remote).and_then(Value::as_str).filter(|old| !old.is_empty());
    for place in ["/detail/title", "/detail/description"] {
        if let (Some(old), Some(new)) = (old, names.first())
            && let Some(Value::String(text)) = event.pointer_mut(place)
        {
            *text = text.replace(old, new);
        }
    }
    Ok(event)
}

impl Scene {
    /// Its records. What is not read to its end, such as a sample, leaves one that does not name the
    /// finding.
    pub(crate) fn records<'a>(&self, records: &'a [Record]) -> Vec<&'a Record> {
        let mine = of(records, &self.event);
        if !mine.is_empty() {
            return mine;
        }
        let nameless = records.iter().filter(|record| record.page.signal.is_none());
        nameless.filter(|record| record.why.contains(self.case.why)).collect()
    }
}

/// The records of the finding of an event.
pub(crate) fn of<'a>(records: &'a [Record], event: &Value) -> Vec<&'a Record> {
    let id = events::guardduty_id(event);
    let is_of = |record: &&Record| {
        record.page.signal.as_ref().is_some_and(|signal| signal.id.ends_with(&id))
    };
    records.iter().filter(is_of).collect()
}

/// The sweep comes by once; what it found to do.
pub(crate) async fn swept(stage: &Stage) -> Result<Vec<String>> {
    let answer = stage.sweep().await?;
    let decisions = answer["decisions"].as_array().cloned().unwrap_or_default();
    let did = decisions.iter().filter(|decision| decision["outcome"] != "right");
    let line = |decision: &Value| {
        let part = |name: &str| decision[name].as_str().unwrap_or_default();
        format!("{}: {}: {}", part("remediation"), part("outcome"), part("why"))
    };
    Ok(did.map(line).collect())
}

/// The sweep comes by while GuardDuty is not busy, and GuardDuty has read the list then.
pub(crate) async fn swept_and_read(stage: &Stage) -> Result<Vec<String>> {
    stage.at_guardduty().await?;
    let did = swept(stage).await?;
    stage.at_guardduty().await?;
    Ok(did)
}
