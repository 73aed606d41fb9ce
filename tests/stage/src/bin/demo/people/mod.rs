//! The third part: people stay in charge. What they type is typed here, too.

mod account;
mod scenes;

use std::{thread, time::Duration};

use stage::{Result, Stage, Trouble};

use crate::paint::{Paint, WIDTH, say, wrapped};

pub(crate) use account::{CAP, POLICIES};
pub(crate) use scenes::{part, undo};

/// How long functions may still do what they knew before.
const UNTIL_KNOWN: Duration = Duration::from_secs(26);
/// Lines of an answer that are shown.
const LINES: usize = 24;

/// Types a command, and shows what it answers.
pub(crate) fn types(paint: Paint, stage: &Stage, arguments: &[&str]) -> Result<String> {
    let quoted = |word: &&str| match word.contains(' ') {
        true => format!("'{word}'"),
        false => (*word).to_owned(),
    };
    let words: Vec<_> = arguments.iter().map(quoted).collect();
    println!("\n  {} {}", paint.dim("$"), paint.bold(&format!("kintsugi {}", words.join(" "))));
    let said = stage.says(arguments)?;
    let lines: Vec<_> = said.lines().collect();
    for line in lines.iter().take(LINES) {
        let indent = " ".repeat(line.len() - line.trim_start().len() + 2);
        for line in wrapped(line, WIDTH - 4, &indent) {
            println!("  {} {line}", paint.dim("|"));
        }
    }
    if let Some(more) = lines.len().checked_sub(LINES).filter(|more| *more > 0) {
        println!("  {} ... and {more} lines more", paint.dim("|"));
    }
    Ok(said)
}

/// Lets every function learn what was ordered last.
async fn known() -> Result<()> {
    let wait = tokio::task::spawn_blocking(|| thread::sleep(UNTIL_KNOWN));
    wait.await.map_err(|error| Trouble::new("wait", error))
}

/// Puts the demo's policies in force, before any function has looked.
pub(crate) fn begin(stage: &Stage) -> Result<()> {
    let file = std::env::temp_dir().join(format!("kintsugi-demo-{}.cedar", std::process::id()));
    let failed = |error| Trouble::new("write the demo's policies", error);
    std::fs::write(&file, POLICIES).map_err(failed)?;
    let path = file.to_string_lossy().into_owned();
    let pushed = stage.says(&["policy", "push", &path, "--why", "the demo", "--yes"]);
    let _ = std::fs::remove_file(&file);
    pushed.map(drop)
}

/// A headline within the part.
fn scene(paint: Paint, title: &str, about: &str) {
    println!("\n{}", paint.bold(title));
    say(about);
}
