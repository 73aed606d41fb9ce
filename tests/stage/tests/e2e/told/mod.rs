//! Who hears what: news and findings by the stack's own rules, told to servers that stand in for channels.

mod channels;
mod report;
mod triage;

use serde_json::{Value, json};
use stage::{Stage, wait};

use crate::case::stage;

/// The stack, with these rules in force.
pub(crate) async fn told(parameters: &[(&str, &str)], rules: &str) -> Stage {
    let stage = stage(parameters).await;
    // Slack takes a message a second; tests are not to wait for it where they are not about it.
    stage.channels.set(&json!({ "slack": { "per_second": 0 } })).unwrap();
    stage.tell_by(rules).await.unwrap();
    stage
}

/// Lets a minute pass, and a little more, and what is due by then be told.
pub(crate) async fn a_minute_later(stage: &Stage) {
    tokio::time::sleep(std::time::Duration::from_secs(62)).await;
    stage.tick().unwrap();
    tokio::time::sleep(std::time::Duration::from_secs(1)).await;
    stage.told().await.unwrap();
}

/// Waits until `service` has taken `count` messages at least.
pub(crate) async fn got(stage: &Stage, service: &str, count: usize) -> Vec<Value> {
    let what = format!("{count} messages in {service}");
    let look = async || {
        let got = stage.channels.got(service)?;
        if got.len() >= count {
            Ok(Ok(got))
        } else {
            Ok(Err(format!("{got:#?}, refused {:#?}", stage.channels.refused(service)?)))
        }
    };
    wait(&what, look).await.unwrap()
}
