//! The second part: attackers, and the list of GuardDuty that warns of them.

mod burst;
mod cases;
mod hand;
mod play;
mod show;

use stage::{Result, Stage};

use self::play::Scene;
use crate::{
    paint::{Paint, say},
    step,
};

/// How the second part ended.
#[derive(Debug)]
pub(crate) struct End {
    pub(crate) wrong: Vec<String>,
    /// Everything in numbers.
    pub(crate) summary: String,
}

/// Plays all of it.
pub(crate) async fn part(paint: Paint, stage: &Stage) -> Result<End> {
    paint.title("The threat list: GuardDuty finds attackers");
    println!();
    let own = step("Switching GuardDuty on, taking an Elastic IP", play::set(stage)).await?;
    let scenes =
        step("Playing GuardDuty, and waiting for decisions", play::send(stage, &own)).await?;
    let records = stage.records().await?;
    let mut messages = stage.messages().await?;
    let mut wrong: Vec<_> =
        scenes.iter().flat_map(|scene| show::case(paint, scene, &records)).collect();
    let listed = stage.listed().await?;
    wrong.extend(as_expected(&scenes, &listed));

    paint.title("A burst, while GuardDuty is busy");
    println!();
    play::swept_and_read(stage).await?;
    let burst = step(&burst::headline(), burst::send(stage)).await?;
    let records = stage.records().await?;
    let told = stage.messages().await?;
    wrong.extend(burst::show(paint, stage, &burst, &records, told.len()).await?);
    messages.extend(told);

    paint.title("The list as GuardDuty reads it");
    wrong.extend(due(paint, stage).await?);

    paint.title("Taken off by hand");
    wrong.extend(hand::play(paint, stage).await?);

    paint.title("Why is this one listed, and that one not?");
    let records = stage.records().await?;
    wrong.extend(show::why(paint, stage, &scenes, &records).await?);
    paint.title("One message of a listing in full");
    wrong.extend(show::message(paint, &scenes, &records, &messages));
    messages.extend(stage.messages().await?);
    let listed = stage.listed().await?.len();
    let read = stage.at_guardduty().await?.activations;
    let summary = format!(
        "{} findings: {listed} addresses listed, {} messages; GuardDuty read the list {read} times.",
        scenes.len() + burst.size() + hand::FINDINGS,
        messages.len(),
    );
    Ok(End { wrong, summary })
}

/// Whether those are listed that must be, and nobody else.
fn as_expected(scenes: &[Scene], listed: &[String]) -> Vec<String> {
    let fixed = scenes.iter().filter(|scene| scene.case.outcome == "fixed");
    let mut must: Vec<_> = fixed.flat_map(|scene| scene.hosts.clone()).collect();
    let mut is = listed.to_vec();
    must.sort();
    is.sort();
    if must == is { Vec::new() } else { vec![format!("on the list is {is:?}, not {must:?}")] }
}

/// What GuardDuty was too busy for is due, and the sweep sees to it.
async fn due(paint: Paint, stage: &Stage) -> Result<Vec<String>> {
    println!();
    let kept = stage.listed().await?.len();
    let early = step("The sweep comes by, and GuardDuty is busy still", play::swept(stage)).await?;
    let idle = if early.is_empty() { "It leaves the list alone.".into() } else { early.join("; ") };
    say(&idle);
    stage.activation_takes(0.2)?;
    let behind =
        step("GuardDuty ends reading what it was told first", stage.at_guardduty()).await?;
    say(&format!("It has {} addresses; Kintsugi knows {kept}.", behind.lines.len()));
    let did =
        step("The sweep comes by again, and GuardDuty reads", play::swept_and_read(stage)).await?;
    for line in &did {
        say(&format!("  {line}"));
    }
    let list = stage.at_guardduty().await?;
    let mut wrong = show::list(paint, &list, kept);
    if !early.is_empty() {
        wrong.push(format!("the sweep did something while GuardDuty was busy: {early:?}"));
    }
    if list.lines != stage.listed().await? {
        wrong.push("GuardDuty reads another list than Kintsugi keeps".to_owned());
    }
    Ok(wrong)
}
