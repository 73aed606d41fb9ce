//! The threat list: who gets on it, as GuardDuty reads it.

mod broken;
mod due;
mod edits;
mod listing;
mod settings;

use serde_json::Value;
use stage::{Record, Stage, events};

/// The stack, in an account with GuardDuty.
async fn guarded(parameters: &[(&str, &str)]) -> Stage {
    let stage = Stage::up(parameters).await.unwrap();
    stage.enable_guardduty().await.unwrap();
    stage.activation_takes(0.1).unwrap();
    stage
}

/// Brute force by an address.
pub(crate) fn attack(stage: &Stage, address: &str) -> Value {
    events::threat("guardduty-brute-force", &stage.place, &[address]).unwrap()
}

/// Everything is handled, swept, and read by GuardDuty.
async fn read_by_guardduty(stage: &Stage) -> Vec<String> {
    stage.settled().await.unwrap();
    swept(stage).await;
    stage.at_guardduty().await.unwrap().lines
}

/// The sweep comes by once GuardDuty is not busy; what it found to do.
async fn swept(stage: &Stage) -> Vec<String> {
    stage.at_guardduty().await.unwrap();
    let answer = stage.sweep().await.unwrap();
    let decisions = answer["decisions"].as_array().cloned().unwrap_or_default();
    let did = |decision: &&Value| decision["outcome"] != "right";
    let text = |decision: &Value| {
        let part = |name: &str| decision[name].as_str().unwrap_or_default();
        format!("{}: {}: {}", part("remediation"), part("outcome"), part("why"))
    };
    decisions.iter().filter(did).map(text).collect()
}

/// The records of the finding of an event.
fn of<'a>(records: &'a [Record], event: &Value) -> Vec<&'a Record> {
    let id = events::guardduty_id(event);
    let is_of = |record: &&Record| {
        record.page.signal.as_ref().is_some_and(|signal| signal.id.ends_with(&id))
    };
    records.iter().filter(is_of).collect()
}
