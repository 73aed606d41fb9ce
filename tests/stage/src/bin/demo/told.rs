//! The fourth part: the right people hear the right thing once, and a report says how it stands.

use std::{fs, path::Path};

use serde_json::{Value, json};
use stage::{Result, Stage, Trouble, Vpc, events, wait};

use crate::{
    paint::{Paint, say},
    people::types,
};

/// What the demo's people wrote down of who hears what.
const RULES: &str = include_str!("rules.toml");
/// Where what is to be looked at is put.
const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../.local/demo");
/// A control that no remediation answers.
const NOBODYS: &str = "Account.1";

/// Puts the rules in force, and lets the channels in.
pub(crate) async fn begin(stage: &Stage) -> Result<()> {
    // The demo is not to wait for Slack, which takes a message a second.
    stage.channels.set(&json!({ "slack": { "per_second": 0 } }))?;
    stage.tell_by(RULES).await.map(drop)
}

/// What is not as it must be.
pub(crate) async fn part(paint: Paint, stage: &Stage) -> Result<Vec<String>> {
    paint.title("Who hears of it");
    say(
        "Everything above was told by these rules, to servers that stand in for Slack, Jira and Backlog.",
    );
    types(paint, stage, &["rules", "show"])?;
    let mut wrong = ticket(paint, stage).await?;
    wrong.extend(channels(paint, stage).await?);
    wrong.extend(report(paint, stage).await?);
    Ok(wrong)
}

/// A finding that nobody repairs: one ticket, however often it is said, that closes with it.
async fn ticket(paint: Paint, stage: &Stage) -> Result<Vec<String>> {
    println!("\n{}", paint.bold("What nobody repairs"));
    say(
        "It is reported three times, and gets one ticket; when it is put right, the ticket is closed.",
    );
    let group = stage.estate.group(Vpc::Own, "no-contact", &[], &[]).await?;
    let event = events::control(NOBODYS, &stage.place, &group)?;
    stage.estate.import(&event).await?;
    for _ in 0..3 {
        stage.send(&events::seen(event.clone(), events::now())).await?;
    }
    stage.told().await?;
    let about = |all: Vec<Value>| -> Vec<Value> {
        all.into_iter().filter(|one| one.to_string().contains(&group)).collect()
    };
    let opened = about(stage.channels.got("jira")?);
    show(paint, &opened);

    let mut passed = events::seen(event, events::now());
    passed["detail"]["findings"][0]["Compliance"]["Status"] = "PASSED".into();
    passed["detail"]["findings"][0]["Workflow"]["Status"] = "RESOLVED".into();
    stage.send(&passed).await?;
    stage.told().await?;
    let closed = about(stage.channels.got("jira")?);
    show(paint, &closed);
    let status = |all: &[Value]| -> Vec<String> {
        all.iter().map(|one| one["status"].as_str().unwrap_or_default().to_owned()).collect()
    };
    let is = (status(&opened), status(&closed));
    let must = (vec!["To Do".to_owned()], vec!["Done".to_owned()]);
    if is == must {
        Ok(Vec::new())
    } else {
        Ok(vec![format!("the ticket was {is:?}, not {must:?}")])
    }
}

fn show(paint: Paint, tickets: &[Value]) {
    for ticket in tickets {
        let text = |place: &str| ticket.pointer(place).and_then(Value::as_str).unwrap_or_default();
        let key = format!("{} {}", text("/key"), text("/status"));
        let comments = ticket["comments"].as_array().map_or(0, Vec::len);
        let about = format!("{comments} comments");
        println!("  {} {} {}", paint.bold(&key), text("/fields/summary"), paint.dim(&about));
    }
}

/// What each channel got.
async fn channels(paint: Paint, stage: &Stage) -> Result<Vec<String>> {
    println!("\n{}", paint.bold("What each channel got"));
    stage.tick()?;
    stage.told().await?;
    let mails = stage.mails().await?.len();
    let mut wrong = Vec::new();
    let line = |what: &str, count: usize| println!("  {count:>5}  {what}");
    for (service, what) in [
        ("slack", "messages in Slack, their threads not counted"),
        ("jira", "tickets in Jira"),
        ("backlog", "tickets in Backlog"),
        ("webhook", "signed calls of a webhook"),
    ] {
        line(what, stage.channels.got(service)?.len());
        wrong.extend(
            stage.channels.refused(service)?.iter().map(|one| format!("{service} refused {one}")),
        );
    }
    line("mails", mails);
    let page = write("channels.html", &stage.channels.page()?)?;
    println!("  All of them: {page}");
    Ok(wrong)
}

/// The report, by the deployed function.
async fn report(paint: Paint, stage: &Stage) -> Result<Vec<String>> {
    println!("\n{}", paint.bold("How it stands"));
    stage.invoke("ReportFunctionName", &json!({ "source": "aws.events" })).await?;
    let look = async || match stage.report("latest/index.html").await {
        Ok(page) => Ok(Ok(page)),
        Err(Trouble(why)) => Ok(Err(why)),
    };
    let page = write("report.html", &wait("the report", look).await?)?;
    let json = stage.report("latest/report.json").await?;
    let report: Value =
        serde_json::from_str(&json).map_err(|e| Trouble::new("read the report", e))?;
    let fixed = stage.records().await?;
    let fixed = fixed.iter().filter(|record| record.outcome == "fixed").count();
    println!("  The report: {page}");
    let repaired = &report["records"]["repaired"];
    println!("  {repaired} repaired by Kintsugi, {} open now.", report["open"]["total"]);
    // What was taken back is a record that ended well, too.
    match repaired.as_u64().and_then(|count| usize::try_from(count).ok()) {
        Some(count) if count > 0 && count <= fixed => Ok(Vec::new()),
        _ => Ok(vec![format!("the report tells of {repaired} repairs, the records of {fixed}")]),
    }
}

fn write(name: &str, text: &str) -> Result<String> {
    let failed = |error| Trouble::new(&format!("write {name}"), error);
    fs::create_dir_all(FOLDER).map_err(failed)?;
    let folder = Path::new(FOLDER).canonicalize().map_err(failed)?;
    let path = folder.join(name);
    fs::write(&path, text).map_err(failed)?;
    Ok(path.display().to_string())
}
