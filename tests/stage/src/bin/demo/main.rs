//! A small account, the events that it sends, and what Kintsugi makes of them.
//!
//! Ends with 1 if anything that should have stayed is gone, or anything that should have gone stayed,
//! or somebody is on the threat list who should not be, or not on it who should.

mod account;
mod paint;
mod people;
mod play;
mod show;
mod threats;
mod told;

use std::{io::Write, process::ExitCode, time::Instant};

use stage::{Result, Stage, Trouble};

use crate::{paint::Paint, play::Scene};

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let paint = Paint::new();
    match Box::pin(demo(paint)).await {
        Ok(wrong) if wrong.is_empty() => ExitCode::SUCCESS,
        Ok(_) => ExitCode::FAILURE,
        Err(trouble) => {
            eprintln!("\n{} {trouble}", paint.bad("demo:"));
            ExitCode::FAILURE
        }
    }
}

/// What is not as it must be.
async fn demo(paint: Paint) -> Result<Vec<String>> {
    let since = Instant::now();
    println!("{}", paint.bold("Kintsugi in an embedded AWS: the real template and the real function, in two emulators on"));
    println!("{}\n", paint.bold("loopback ports. Nothing leaves this machine."));
    let mut stage = step(
        "Starting the emulators, deploying template.yaml",
        Stage::up(&[("MaxRepairsPerHour", people::CAP)]),
    )
    .await?;
    step("Putting policies in force, as `kintsugi policy push` does", async {
        people::begin(&stage)
    })
    .await?;
    step("Putting rules in force of who hears what", told::begin(&stage)).await?;
    step("Making two VPCs and two prefix lists", stage.estate.furnish()).await?;
    let scenes = step("Making security groups as accounts have them", play::set(&stage)).await?;
    let sending = play::send(&stage, &scenes);
    let sent = step("Playing Security Hub, Config, CloudTrail and a person", sending).await?;
    step("Waiting until every event is handled", stage.settled()).await?;
    let records = stage.records().await?;
    let messages = stage.messages().await?;

    let mut wrong = Vec::new();
    paint.title("Security groups, before and after");
    for scene in &scenes {
        wrong.extend(show::group(paint, &stage, scene, &records).await?);
    }
    paint.title("Events that asked for nothing, or that nobody can read");
    wrong.extend(show::others(paint, &stage, &scenes, &records).await?);
    let example = scenes.first().ok_or_else(|| Trouble("there is no group".into()))?;
    paint.title("One message in full, as a mail has it");
    wrong.extend(show::message(paint, example, &messages));
    paint.title("What Security Hub shows of the finding now");
    wrong.extend(show::finding(paint, &stage, example).await?);
    paint.title("Taking it back, from the record");
    wrong.extend(show::undo(paint, &stage, example, &records).await?);

    let threats = Box::pin(threats::part(paint, &stage)).await?;
    let people = Box::pin(people::part(paint, &stage)).await?;
    let told = Box::pin(told::part(paint, &stage)).await?;

    paint.title("In the end");
    show::summary(paint, &scenes, &records, messages.len(), &sent);
    println!("{}", threats.summary);
    let verdicts = [
        (wrong.is_empty(), "All that should be closed is closed, and all that should stay stayed."),
        (threats.wrong.is_empty(), "Who attacked is listed, and nobody else is."),
        (
            people.is_empty(),
            "Nothing was done that people had not allowed, and all that they ordered.",
        ),
        (told.is_empty(), "Who should hear of it heard, once, and the report adds up."),
    ];
    wrong.extend(threats.wrong);
    wrong.extend(people);
    wrong.extend(told);
    for line in &wrong {
        println!("{} {line}", paint.bad("WRONG:"));
    }
    for (_, verdict) in verdicts.iter().filter(|(is_right, _)| *is_right) {
        println!("{}", paint.good(verdict));
    }
    match wrong.len() {
        0 => {}
        1 => println!("{}", paint.bad("One thing is not as it should be.")),
        some => println!("{}", paint.bad(&format!("{some} things are not as they should be."))),
    }
    println!("{}", paint.dim(&format!("({:.1} s)", since.elapsed().as_secs_f32())));
    Ok(wrong)
}

/// Says what is being done, and how long it took.
async fn step<T>(what: &str, work: impl Future<Output = Result<T>>) -> Result<T> {
    print!("  {what} ... ");
    // Who reads along sees it when it begins.
    let _ = std::io::stdout().flush();
    let since = Instant::now();
    let done = Box::pin(work).await?;
    println!("{:.1} s", since.elapsed().as_secs_f32());
    Ok(done)
}

impl Scene {
    /// Its record.
    fn record<'a>(&self, records: &'a [stage::Record]) -> Option<&'a stage::Record> {
        records.iter().find(|record| record.is_about(&self.id))
    }
}
