//! The account is made, and its services report.

use futures_util::future::try_join_all;
use remedy::Timestamp;
use serde_json::{Value, json};
use stage::{Line, Result, Stage, events};

use crate::account::{GROUPS, Group, Reported};

/// A group that was made, and what is said of it.
#[derive(Debug)]
pub(crate) struct Scene {
    pub(crate) group: &'static Group,
    pub(crate) id: String,
    pub(crate) before: Vec<Line>,
    /// The event that is sent.
    pub(crate) event: Value,
    /// The finding's id in Security Hub, if it is one of ASFF.
    pub(crate) finding: String,
}

/// Makes all groups; the network interface that holds a default group goes with them.
pub(crate) async fn set(stage: &Stage) -> Result<Vec<Scene>> {
    try_join_all(GROUPS.iter().map(|group| make(stage, group))).await
}

async fn make(stage: &Stage, group: &'static Group) -> Result<Scene> {
    let estate = &stage.estate;
    let id = if group.is_default() {
        let id = estate.default_group(group.vpc).await?;
        for (key, value) in group.tags {
            estate.tag(&id, key, value).await?;
        }
        estate.open(&id, &group.ingress()).await?;
        if group.outcome == "held" {
            estate.interface(&id).await?;
        }
        id
    } else {
        estate.group(group.vpc, group.name, group.tags, &group.ingress()).await?
    };
    let (event, finding) = report(stage, group, &id).await?;
    Ok(Scene { group, before: estate.rules(&id).await?, id, event, finding })
}

/// The event that reports a group, whose finding Security Hub knows, and that finding's id.
async fn report(stage: &Stage, group: &Group, id: &str) -> Result<(Value, String)> {
    let at = &stage.place;
    let (Reported::Hub(control)
    | Reported::HubV2(control)
    | Reported::Person(control)
    | Reported::BesideNonsense(control)) = group.reported
    else {
        let Reported::Fixture(name) = group.reported else {
            return Ok((Value::Null, String::new()));
        };
        return Ok((events::event(name, at, id)?, String::new()));
    };
    let asff = events::control(control, at, id)?;
    stage.estate.import(&asff).await?;
    let finding = events::finding(&asff).to_owned();
    let event = match group.reported {
        Reported::HubV2(_) => events::in_ocsf(&asff, "hub-v2-control", at, id)?,
        Reported::Person(_) => events::asked_for(&[&asff], at)?,
        Reported::BesideNonsense(_) => beside_nonsense(asff),
        _ => asff,
    };
    Ok((event, finding))
}

fn beside_nonsense(mut event: Value) -> Value {
    if let Some(findings) = event["detail"]["findings"].as_array_mut() {
        findings.insert(0, json!({ "Id": "arn:aws:securityhub:nonsense", "Resources": 7 }));
    }
    event
}

/// Sends every event, the first twice, and one of a resource that is as it should be. When each was sent.
pub(crate) async fn send(stage: &Stage, scenes: &[Scene]) -> Result<Vec<Timestamp>> {
    let mut sent = Vec::new();
    for scene in scenes {
        sent.push(events::now());
        stage.send(&scene.event).await?;
    }
    let mut more: Vec<_> = scenes.iter().take(1).map(|scene| scene.event.clone()).collect();
    for scene in scenes.iter().filter(|scene| scene.group.name == "not-ours") {
        let config = events::event("config-restricted-ssh", &stage.place, &scene.id)?;
        more.push(events::compliance(config, "COMPLIANT"));
    }
    for event in &more {
        sent.push(events::now());
        stage.send(event).await?;
    }
    Ok(sent)
}
