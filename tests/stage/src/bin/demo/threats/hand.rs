//! A person takes an address off by hand.

use chrono::TimeDelta;
use remedy::Timestamp;
use serde_json::Value;
use stage::{Result, Stage, Trouble, events};

use super::{
    cases::ATTACKER,
    play::{attack, of, swept, swept_and_read},
};
use crate::{
    paint::{Paint, say},
    show, step,
};

const TEXT: &str = "kintsugi.txt";
/// How many are sent.
pub(crate) const FINDINGS: usize = 2;

/// Adds the line to the text that takes the address off, and plays what comes after it.
pub(crate) async fn play(paint: Paint, stage: &Stage) -> Result<Vec<String>> {
    let mut wrong = Vec::new();
    println!();
    say(&format!(
        "{ATTACKER} is a scanner of our own, somebody remembers, and adds the line `-{ATTACKER}` to {TEXT}."
    ));
    let did = step("The sweep comes by", taken_off(stage)).await?;
    for line in &did {
        say(&format!("  {line}"));
    }
    wrong.extend(is_listed(paint, stage, false).await?);

    let now = events::now();
    println!("\n  Then a finding arrives that was late: the attack was an hour ago.");
    let late = finding(stage, now - TimeDelta::hours(1));
    let late = step("It is handled", late).await?;
    wrong.extend(
        decided(paint, stage, &late, "held", "was taken off the list, and was not seen since")
            .await?,
    );
    wrong.extend(is_listed(paint, stage, false).await?);

    println!("\n  And one of an attack after it was taken off.");
    let newer = finding(stage, now + TimeDelta::minutes(1));
    let newer = step("It is handled", newer).await?;
    wrong.extend(decided(paint, stage, &newer, "fixed", "1 of 1 changes").await?);
    wrong.extend(is_listed(paint, stage, true).await?);
    say("Who wants it off for good sets NeverList.");
    Ok(wrong)
}

/// What the sweep did about the line.
async fn taken_off(stage: &Stage) -> Result<Vec<String>> {
    let text = stage.object(TEXT).await?;
    let text = text.ok_or_else(|| Trouble(format!("there is no {TEXT}")))?;
    stage.put_object(TEXT, &format!("{text}-{ATTACKER}\n")).await?;
    let mut did = swept(stage).await?;
    did.extend(swept_and_read(stage).await?);
    Ok(did)
}

/// Sends a finding about the address, seen then.
async fn finding(stage: &Stage, seen: Timestamp) -> Result<Value> {
    let event = attack(stage, ATTACKER, seen)?;
    stage.send(&event).await?;
    stage.settled().await?;
    swept_and_read(stage).await?;
    Ok(event)
}

async fn decided(
    paint: Paint,
    stage: &Stage,
    event: &Value,
    outcome: &str,
    why: &str,
) -> Result<Vec<String>> {
    let records = stage.records().await?;
    let Some(record) = of(&records, event).first().copied() else {
        return Ok(vec![format!("{ATTACKER}: there is no record of a finding about it")]);
    };
    show::decision(paint, "GuardDuty", record);
    if record.outcome == outcome && record.why.contains(why) {
        return Ok(Vec::new());
    }
    Ok(vec![format!("{ATTACKER}: {}: {}, not {outcome}: {why}", record.outcome, record.why)])
}

/// Whether the address is on the list, as Kintsugi keeps it and as GuardDuty reads it.
async fn is_listed(paint: Paint, stage: &Stage, must: bool) -> Result<Vec<String>> {
    let kept = stage.listing(ATTACKER).await?.is_some();
    let read = stage.at_guardduty().await?.lines.iter().any(|line| line == ATTACKER);
    let is = match (kept, read) {
        (true, true) => "on the list",
        (false, false) => "off the list",
        (true, false) => "on the list, and GuardDuty has not read it",
        (false, true) => "off the list, and GuardDuty has not read it",
    };
    let (good, text) = ((kept, read) == (must, must), format!("{ATTACKER} is {is}."));
    say(&if good { paint.good(&text) } else { paint.bad(&text) });
    let must = if must { "on" } else { "off" };
    Ok(if good { Vec::new() } else { vec![format!("{ATTACKER} is {is}, and should be {must} it")] })
}
