//! What happens: tried out, asked, stopped by the fuse, taken back, paused.

use chrono::TimeDelta;
use serde_json::Value;
use stage::{Record, Result, Stage, Trouble, Vpc, events};

use super::{
    account::{OPEN, PLAIN, SHOP, STORM, TRIED_OUT},
    known, scene, types,
};
use crate::{
    paint::{Paint, say},
    show, step,
};

/// A group of the third part.
struct Group {
    id: String,
    finding: Value,
}

/// Plays all of it; what is not as it must be.
pub(crate) async fn part(paint: Paint, stage: &Stage) -> Result<Vec<String>> {
    paint.title("You stay in charge: tried out, asked, stopped, taken back");
    stage.messages().await?;
    let mut wrong = tried_out(paint, stage).await?;
    wrong.extend(asked(paint, stage).await?);
    wrong.extend(Box::pin(storm(paint, stage)).await?);
    wrong.extend(Box::pin(paused(paint, stage)).await?);
    types(paint, stage, &["status"])?;
    Ok(wrong)
}

async fn tried_out(paint: Paint, stage: &Stage) -> Result<Vec<String>> {
    scene(paint, "A dry run", "Its tag env=trial lets a policy only say what would be done.");
    let group = made(stage, "trial", TRIED_OUT).await?;
    handled(stage, &group.finding).await?;
    let record = newest(stage, &group).await?;
    show::decision(paint, "Security Hub", &record);
    for step in &record.page.steps {
        say(&format!("would {}", step.what));
    }
    let right = record.why == "this is a dry run" && is_open(stage, &group).await?;
    Ok(must(right, "the dry run changed something, or did not say that it is one"))
}

async fn asked(paint: Paint, stage: &Stage) -> Result<Vec<String>> {
    scene(paint, "A person is asked", "Its tag team=shop wants an approval; the message says how.");
    let group = made(stage, "shop", SHOP).await?;
    handled(stage, &group.finding).await?;
    let record = newest(stage, &group).await?;
    show::decision(paint, "Security Hub", &record);
    let mut wrong = must(is_open(stage, &group).await?, "what needs approval was done without it");
    types(paint, stage, &["approve", &record.id, "--why", "the wiki moved"])?;
    stage.settled().await?;
    let record = newest(stage, &group).await?;
    println!();
    show::decision(paint, "Security Hub", &record);
    wrong.extend(must(!is_open(stage, &group).await?, "what was approved was not done"));
    Ok(wrong)
}

async fn storm(paint: Paint, stage: &Stage) -> Result<Vec<String>> {
    let about = format!("{STORM} groups are opened at once; the cap is {} an hour.", super::CAP);
    scene(paint, "A storm blows the fuse", &about);
    println!();
    let groups = step("Opening them, playing Security Hub", storm_of(stage)).await?;
    step("Waiting until every event is handled", stage.settled()).await?;
    let open = still_open(stage, &groups).await?;
    let messages = stage.messages().await?;
    let alarms: Vec<_> = messages
        .iter()
        .filter(|message| message.text.contains("repairs an hour is reached"))
        .collect();
    say(&format!("{} are closed, {open} wait, {} alarm.", groups.len() - open, alarms.len()));
    let mut wrong = must(open > 0 && alarms.len() == 1, "the fuse did not blow with one alarm");
    types(paint, stage, &["resume", "ec2/close_world_ingress", "--why", "they are meant"])?;
    stage.settled().await?;
    let open = still_open(stage, &groups).await?;
    say(&format!("{open} are open now."));
    wrong.extend(must(open == 0, "not all went on after it was resumed"));
    Ok(wrong)
}

async fn paused(paint: Paint, stage: &Stage) -> Result<Vec<String>> {
    scene(
        paint,
        "A pause",
        "Nothing is changed from at most 30 seconds later, until it is resumed.",
    );
    types(paint, stage, &["pause", "--why", "a release"])?;
    println!();
    step("Waiting until every function knows", known()).await?;
    let group = made(stage, "paused", PLAIN).await?;
    handled(stage, &group.finding).await?;
    let record = newest(stage, &group).await?;
    show::decision(paint, "Security Hub", &record);
    let right = record.why.contains("paused it") && is_open(stage, &group).await?;
    let mut wrong = must(right, "something was done although it was paused");
    types(paint, stage, &["resume"])?;
    stage.settled().await?;
    let record = newest(stage, &group).await?;
    println!();
    show::decision(paint, "Security Hub", &record);
    wrong.extend(must(!is_open(stage, &group).await?, "what had waited was not done"));
    Ok(wrong)
}

/// Takes a repair back by its record; the same finding then changes nothing.
pub(crate) async fn undo(
    paint: Paint,
    stage: &Stage,
    record: &Record,
    finding: &Value,
) -> Result<Vec<String>> {
    types(paint, stage, &["undo", &record.id, "--why", "the wiki is needed", "--yes"])?;
    say("The same finding, seen again, does not close it again:");
    let later = events::seen(finding.clone(), events::now() + TimeDelta::minutes(1));
    handled(stage, &later).await?;
    let records = stage.records().await?;
    let newest = records.iter().rev().find(|other| other.resource() == record.resource());
    let newest = newest.ok_or_else(|| Trouble("there is no record of it".into()))?;
    show::decision(paint, "Security Hub", newest);
    Ok(must(newest.why.starts_with("it is exempt until"), "what was undone was done again"))
}

async fn made(stage: &Stage, name: &str, tags: &[(&str, &str)]) -> Result<Group> {
    let id = stage.estate.group(Vpc::Own, name, tags, OPEN).await?;
    let finding = events::control("EC2.13", &stage.place, &id)?;
    stage.estate.import(&finding).await?;
    Ok(Group { id, finding })
}

async fn storm_of(stage: &Stage) -> Result<Vec<Group>> {
    let mut groups = Vec::new();
    for nth in 0..STORM {
        let group = made(stage, &format!("storm-{nth}"), PLAIN).await?;
        stage.send(&group.finding).await?;
        groups.push(group);
    }
    Ok(groups)
}

async fn handled(stage: &Stage, event: &Value) -> Result<()> {
    stage.send(event).await?;
    stage.settled().await
}

async fn newest(stage: &Stage, group: &Group) -> Result<Record> {
    let mut records = stage.records().await?;
    records.retain(|record| record.is_about(&group.id));
    records.pop().ok_or_else(|| Trouble(format!("there is no record of {}", group.id)))
}

async fn is_open(stage: &Stage, group: &Group) -> Result<bool> {
    let rules = stage.estate.rules(&group.id).await?;
    Ok(rules.iter().any(|line| !line.egress && line.to_string().contains("0.0.0.0/0")))
}

async fn still_open(stage: &Stage, groups: &[Group]) -> Result<usize> {
    let mut open = 0;
    for group in groups {
        open += usize::from(is_open(stage, group).await?);
    }
    Ok(open)
}

fn must(is_right: bool, wrong: &str) -> Vec<String> {
    if is_right { Vec::new() } else { vec![wrong.to_owned()] }
}
