//! What became of everything. Each part returns what is not as it must be.

use std::collections::BTreeMap;

use remedy::Timestamp;
use stage::{Message, Queue, Record, Result, Stage, Vpc};

use crate::{
    account::GROUPS,
    paint::{Paint, WIDTH, wrapped},
    people,
    play::Scene,
};

/// Before and after of one group, the decision and its reason.
pub(crate) async fn group(
    paint: Paint,
    stage: &Stage,
    scene: &Scene,
    records: &[Record],
) -> Result<Vec<String>> {
    let Scene { group, id, before, .. } = scene;
    let vpc = match group.vpc {
        Vpc::Default => "default VPC",
        Vpc::Own => "VPC of its own",
    };
    let tags: Vec<_> = group.tags.iter().map(|(key, value)| format!("{key}={value}")).collect();
    println!("\n{} {}", paint.bold(group.name), paint.dim(&format!("{id}, {vpc}")));
    for line in wrapped(&format!("  {}", tags.join(", ")), WIDTH, "  ") {
        println!("{}", paint.dim(&line));
    }
    println!("  {}", group.about);

    let after = stage.estate.rules(id).await?;
    let mut wrong = Vec::new();
    for line in before {
        let text = line.to_string();
        let stayed = after.contains(line);
        match stayed {
            // What goes out is no matter of these controls.
            true if line.egress && !group.is_default() => {}
            true => println!("      {text}"),
            false => println!("    {} {}", paint.bad("-"), paint.struck(&text)),
        }
        let must = if group.goes(&text) { "gone" } else { "there" };
        if stayed == group.goes(&text) {
            wrong.push(format!("{}: `{text}` should be {must}", group.name));
        }
    }
    for line in after.iter().filter(|line| !before.contains(line)) {
        println!("    {} {}", paint.good("+"), paint.new_line(&line.to_string()));
        wrong.push(format!("{}: `{line}` was not there before", group.name));
    }
    match scene.record(records) {
        Some(record) => {
            decision(paint, &group.reporter(), record);
            if record.outcome != group.outcome {
                let (is, must) = (&record.outcome, group.outcome);
                wrong.push(format!("{}: it ended as {is}, not as {must}", group.name));
            }
        }
        None => wrong.push(format!("{}: there is no record of any decision", group.name)),
    }
    Ok(wrong)
}

pub(crate) fn decision(paint: Paint, reporter: &str, record: &Record) {
    let lines = wrapped(&format!("  {}: {}", record.outcome, record.why), WIDTH, "    ");
    for (nth, line) in lines.iter().enumerate() {
        match nth {
            0 => println!("{}", line.replacen(&record.outcome, &paint.outcome(&record.outcome), 1)),
            _ => println!("{line}"),
        }
    }
    for left in &record.page.left {
        let why = left.why.to_string();
        let text = if why.starts_with(&left.what) { why } else { format!("{}: {why}", left.what) };
        if record.why.contains(&text) {
            // The reason says it.
            continue;
        }
        for line in wrapped(&format!("  left alone: {text}"), WIDTH, "    ") {
            println!("{line}");
        }
    }
    let remediation = if record.remediation.is_empty() { "none" } else { &record.remediation };
    let facts = format!("  reported by {reporter}; {remediation}; record {}", record.id);
    println!("{}", paint.dim(&facts));
}

/// Records that are about none of the groups, and what the dead-letter queue keeps.
pub(crate) async fn others(
    paint: Paint,
    stage: &Stage,
    scenes: &[Scene],
    records: &[Record],
) -> Result<Vec<String>> {
    let mut wrong = Vec::new();
    println!("\n  The duplicate of web's finding made no second record and no second message.");
    println!("  A Config event that says COMPLIANT did not even start the function.");
    for scene in scenes {
        match records.iter().filter(|record| record.is_about(&scene.id)).count() {
            0 | 1 => {}
            some => wrong.push(format!("{}: {some} records, not one", scene.group.name)),
        }
    }
    let known = |record: &&Record| scenes.iter().any(|scene| record.is_about(&scene.id));
    let of_events = records.iter().filter(|record| record.outcome != "ordered");
    let unknown: Vec<_> = of_events.filter(|record| !known(record)).collect();
    for record in &unknown {
        println!();
        decision(paint, "Security Hub", record);
    }
    let kept = stage.waiting(Queue::DeadLetters).await?;
    println!("\n  Its event waits in the dead-letter queue, which has an alarm ({kept} message).");
    if (unknown.len(), kept) != (1, 1) {
        let some = unknown.len();
        wrong.push(format!(
            "{some} records of what nobody can read and {kept} dead letters, not 1 and 1"
        ));
    }
    Ok(wrong)
}

/// The message about a group.
pub(crate) fn message(paint: Paint, scene: &Scene, messages: &[Message]) -> Vec<String> {
    let mine: Vec<_> = messages.iter().filter(|message| message.text.contains(&scene.id)).collect();
    mine.iter().take(1).for_each(|message| whole(paint, message));
    match mine.len() {
        1 => Vec::new(),
        some => vec![format!("{}: {some} messages, not one", scene.group.name)],
    }
}

/// A message, whole.
pub(crate) fn whole(paint: Paint, message: &Message) {
    println!("\n{} {}", paint.dim("Subject:"), paint.bold(&message.subject));
    // The news repeats the message for machines.
    let attributes = message.attributes.iter().filter(|(name, _)| *name != "news");
    let attributes: Vec<_> = attributes.map(|(k, v)| format!("{k}={v}")).collect();
    println!("{} {}\n", paint.dim("Attributes:"), attributes.join(", "));
    for line in message.text.lines() {
        let indent = " ".repeat(line.len() - line.trim_start().len() + 2);
        for line in wrapped(line, WIDTH - 2, &indent) {
            println!("{} {line}", paint.dim("|"));
        }
    }
}

/// What was written on a group's finding.
pub(crate) async fn finding(paint: Paint, stage: &Stage, scene: &Scene) -> Result<Vec<String>> {
    let told = stage.estate.told(&scene.finding).await?;
    println!();
    for line in wrapped(&format!("Id: {}", scene.finding), WIDTH, "  ") {
        println!("{}", line.replacen("Id:", &paint.dim("Id:"), 1));
    }
    println!("{} {}", paint.dim("Workflow.Status:"), paint.good(&told.workflow));
    println!("{} {}", paint.dim("Note.UpdatedBy:"), told.by);
    for line in wrapped(&format!("Note.Text: {}", told.note), WIDTH, "  ") {
        println!("{}", line.replacen("Note.Text:", &paint.dim("Note.Text:"), 1));
    }
    let right = told.workflow == "RESOLVED" && told.note.contains("Kintsugi fixed");
    let wrong = format!(
        "{}: its finding is {}, and its note: {}",
        scene.group.name, told.workflow, told.note
    );
    Ok(if right { Vec::new() } else { vec![wrong] })
}

/// Takes a repair back and looks whether all is as it was.
pub(crate) async fn undo(
    paint: Paint,
    stage: &Stage,
    scene: &Scene,
    records: &[Record],
) -> Result<Vec<String>> {
    let Some(record) = scene.record(records) else { return Ok(Vec::new()) };
    let mut wrong = people::undo(paint, stage, record, &scene.event).await?;
    let texts = |lines: &[stage::Line]| lines.iter().map(ToString::to_string).collect::<Vec<_>>();
    let (before, after) = (texts(&scene.before), texts(&stage.estate.rules(&scene.id).await?));
    println!("\n  {} has now", paint.bold(scene.group.name));
    for text in &after {
        match scene.group.goes(text) {
            true => println!("    {} {}", paint.good("+"), paint.new_line(text)),
            false => println!("      {text}"),
        }
    }
    if before == after {
        println!("  {}", paint.good("which is what it had before, descriptions included."));
    } else {
        let name = scene.group.name;
        wrong.push(format!("{name}: taken back it has {after:?}, and had {before:?}"));
    }
    Ok(wrong)
}

/// Everything in numbers.
pub(crate) fn summary(
    paint: Paint,
    scenes: &[Scene],
    records: &[Record],
    messages: usize,
    sent: &[Timestamp],
) {
    let mut outcomes: BTreeMap<&str, usize> = BTreeMap::new();
    for record in records {
        *outcomes.entry(&record.outcome).or_default() += 1;
    }
    let outcomes: Vec<_> =
        outcomes.iter().map(|(word, count)| format!("{count} {}", paint.outcome(word))).collect();
    let rules: usize = scenes.iter().map(|scene| scene.before.len()).sum();
    let all = GROUPS.iter().flat_map(|group| group.rules);
    let gone = all.filter(|rule| rule.starts_with('-')).count();
    let decided = scenes.iter().zip(sent).filter_map(|(scene, sent)| {
        let record = scene.record(records)?;
        Some((record.page.at - *sent).num_milliseconds())
    });
    let slowest = decided.max().unwrap_or_default();
    println!("\n{} groups, {} events: {}.", scenes.len(), sent.len(), outcomes.join(", "));
    println!("{gone} of {rules} rules closed, {messages} messages.");
    println!("The slowest decision came {slowest} ms after its event, cold starts included.");
}
