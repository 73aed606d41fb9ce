//! What people order: policies, approval, undo, pause, resume, exemptions; by the stack's function for
//! people, and by the command line.

mod asking;
mod commands;
mod policies;
mod stopping;
mod undoing;

use chrono::TimeDelta;
use runtime::{
    Page,
    order::{Reply, What},
};
use serde_json::Value;
use stage::{Record, Stage, Vpc, events};

use crate::case::OPTED_IN;

const OPEN: &[&str] = &["tcp/22 from 0.0.0.0/0 # from the wiki", "tcp/22 from 10.0.0.0/8"];
const CLOSED: &[&str] = &["tcp/22 from 10.0.0.0/8"];

/// A set of one policy for what is opted in.
fn policy(annotations: &str) -> String {
    format!(
        r#"@id("ours") {annotations}
permit (principal, action, resource)
when {{ resource.hasTag("AutoRemediate") && resource.getTag("AutoRemediate") == "True" }};
"#
    )
}

/// What was done, and the record of it.
async fn done(stage: &Stage, what: What) -> (String, Option<Page>) {
    match stage.order(what.clone()).await.unwrap() {
        Reply::Done { said, record } => (said, record.map(|page| *page)),
        reply @ Reply::Refused { .. } => panic!("{what:?} is answered {reply:?}"),
    }
}

/// Why it was not done.
async fn refused(stage: &Stage, what: What) -> String {
    match stage.order(what.clone()).await.unwrap() {
        Reply::Refused { why } => why,
        reply @ Reply::Done { .. } => panic!("{what:?} is answered {reply:?}"),
    }
}

async fn push(stage: &Stage, text: &str, replaces: u32) {
    done(stage, What::Policy { text: text.into(), replaces }).await;
}

/// A group that is open to the world, and the finding about it.
async fn open_group(stage: &Stage, name: &str) -> (String, Value) {
    let group = stage.estate.group(Vpc::Own, name, OPTED_IN, OPEN).await.unwrap();
    let finding = events::control("EC2.13", &stage.place, &group).unwrap();
    stage.estate.import(&finding).await.unwrap();
    (group, finding)
}

async fn handled(stage: &Stage, finding: &Value) {
    stage.send(finding).await.unwrap();
    stage.settled().await.unwrap();
}

/// The same finding, seen so many minutes later.
fn later(finding: &Value, minutes: i64) -> Value {
    events::seen(finding.clone(), events::now() + TimeDelta::minutes(minutes))
}

/// The records about a group, oldest first.
async fn about(stage: &Stage, group: &str) -> Vec<Record> {
    let mut records = stage.records().await.unwrap();
    records.retain(|record| record.is_about(group));
    records
}

async fn newest(stage: &Stage, group: &str) -> Record {
    about(stage, group).await.pop().unwrap()
}
