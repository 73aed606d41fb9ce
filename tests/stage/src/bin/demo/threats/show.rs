//! What became of the threat list. Each part returns what is not as it must be.

use catalog::guardduty::By;
use stage::{AtGuardDuty, Message, Record, Result, Stage};

use super::{
    burst,
    cases::{ATTACKER, COMMANDER, OWN, PROBERS, VICTIM},
    play::Scene,
};
use crate::{
    paint::{Paint, say},
    show,
};

/// How many lines of the list are shown.
const LINES: usize = 12;

/// Whom a finding was about, the decision and its reason.
pub(crate) fn case(paint: Paint, scene: &Scene, records: &[Record]) -> Vec<String> {
    let Scene { case, hosts, event } = scene;
    let title = event["detail"]["type"].as_str().unwrap_or_default();
    println!("\n{} {}", paint.bold(case.what), paint.dim(title));
    println!("  {}", case.about);
    let mine = scene.records(records);
    let [record] = mine.as_slice() else {
        return vec![format!("{}: {} records, not one", case.what, mine.len())];
    };
    let sign = if record.outcome == "fixed" { paint.good("+") } else { " ".into() };
    for host in hosts {
        println!("    {sign} {host}");
    }
    show::decision(paint, "GuardDuty", record);
    if record.outcome == case.outcome && record.why.contains(case.why) {
        return Vec::new();
    }
    let (is, must) = (&record.outcome, case.outcome);
    vec![format!("{}: it ended as {is}: {}, not as {must}: {}", case.what, record.why, case.why)]
}

/// The list as GuardDuty reads it.
pub(crate) fn list(paint: Paint, list: &AtGuardDuty, must: usize) -> Vec<String> {
    let AtGuardDuty { kind, name, status, activations, lines } = list;
    println!(
        "\n{} {}",
        paint.bold(name),
        paint.dim(&format!("{kind}, {status}, read {activations} times"))
    );
    lines.iter().take(LINES).for_each(|line| println!("      {line}"));
    if let Some(more) = lines.len().checked_sub(LINES).filter(|more| *more > 0) {
        println!("      ... and {more} more");
    }
    let right = status == "ACTIVE" && lines.len() == must;
    let some = lines.len();
    let wrong = format!("GuardDuty's list is {status} with {some} lines, not ACTIVE with {must}");
    if right { Vec::new() } else { vec![wrong] }
}

/// Why these are listed, and those not.
pub(crate) async fn why(
    paint: Paint,
    stage: &Stage,
    scenes: &[Scene],
    records: &[Record],
) -> Result<Vec<String>> {
    let mut wrong = Vec::new();
    let prober = PROBERS.first().copied().unwrap_or_default();
    for (name, least) in [(burst::address(7), 2), (prober.to_owned(), 1)] {
        wrong.extend(listed(paint, stage, &name, least).await?);
    }
    for host in [VICTIM, OWN, COMMANDER] {
        let scene = scenes.iter().find(|scene| scene.case.hosts == [host]);
        wrong.extend(match scene {
            Some(scene) => not_listed(paint, stage, scene, records).await?,
            None => vec![format!("{host}: there is no finding about it")],
        });
    }
    Ok(wrong)
}

/// What is known of an address that is on the list.
async fn listed(paint: Paint, stage: &Stage, name: &str, least: usize) -> Result<Vec<String>> {
    println!("\n{} {}", paint.bold(name), paint.good("is listed"));
    let Some(listing) = stage.listing(name).await? else {
        return Ok(vec![format!("{name} is not on the list")]);
    };
    let by = match listing.by {
        By::Finding => "Kintsugi, because of findings",
        By::Hand => "a person",
    };
    let findings: Vec<_> = listing.findings.iter().map(|id| id.to_string()).collect();
    for (what, text) in [
        ("by", by.to_owned()),
        ("severity", listing.severity.to_string()),
        ("first seen", listing.first.to_string()),
        ("last seen", listing.last.to_string()),
        ("until", listing.until.to_string()),
    ] {
        println!("  {} {text}", paint.dim(&format!("{what:<11}")));
    }
    for (nth, id) in findings.iter().enumerate() {
        let what = if nth == 0 { "findings" } else { "" };
        println!("  {} {id}", paint.dim(&format!("{what:<11}")));
    }
    let few = format!("{name}: known by {} findings, not by {least} or more", findings.len());
    Ok(if findings.len() < least { vec![few] } else { Vec::new() })
}

/// Why nobody of a finding is on the list.
async fn not_listed(
    paint: Paint,
    stage: &Stage,
    scene: &Scene,
    records: &[Record],
) -> Result<Vec<String>> {
    let mut wrong = Vec::new();
    for host in &scene.hosts {
        println!("\n{} {}", paint.bold(host), paint.dim("is not listed"));
        for record in scene.records(records) {
            say(&format!("{}: {}", record.outcome, record.why));
            println!("{}", paint.dim(&format!("  record {} of {}", record.id, record.at)));
        }
        if stage.listing(host).await?.is_some() {
            wrong.push(format!("{host} is on the list"));
        }
    }
    Ok(wrong)
}

/// The message about the first attacker.
pub(crate) fn message(
    paint: Paint,
    scenes: &[Scene],
    records: &[Record],
    messages: &[Message],
) -> Vec<String> {
    let ids: Vec<_> = scenes.iter().take(1).flat_map(|scene| scene.records(records)).collect();
    let is_mine = |message: &&Message| ids.iter().any(|record| message.text.contains(&record.id));
    let mine: Vec<_> = messages.iter().filter(is_mine).collect();
    let [message] = mine.as_slice() else {
        return vec![format!("{ATTACKER}: {} messages, not one", mine.len())];
    };
    show::whole(paint, message);
    let undo =
        message.text.contains("put-object") && message.text.contains(&format!("-{ATTACKER}"));
    let wrong = format!("{ATTACKER}: its message does not tell how to take it back");
    if undo { Vec::new() } else { vec![wrong] }
}
