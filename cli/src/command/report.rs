//! `report`: the same that the stack writes to its bucket, as files.

use std::{
    fs::{self, File},
    io::BufWriter,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use report::{Sheets, accepted, found, options, prevention};
use serde_json::Value;

use crate::{
    args::{Opens, Report},
    command::now,
    fail::Fail,
    say::{Said, Say, count},
    session::Session,
    settings::write,
};

/// Lines of the digest that are shown.
const LINES: usize = 10;

/// Makes the report.
pub(crate) async fn report(asked: &Report, session: &Session, say: &Say) -> Result<Said, Fail> {
    let table = session.table().await?;
    let now = now();
    let out = &asked.out;
    fs::create_dir_all(out).map_err(|error| failed(out, &error))?;
    let file = |name: &str| {
        let path = out.join(name);
        File::create(&path).map(BufWriter::new).map_err(|error| failed(&path, &error))
    };
    let outs = [file("open.csv")?, file("accepted.csv")?, file("repairs.csv")?];
    let options = options(&session.name, asked.weeks);
    let written = |error: std::io::Error| failed(out, &error);
    let mut sheets = Sheets::new(now, &options, outs).map_err(written)?;
    if let Some(pushed) = table.rules().await? {
        match accepted(&pushed.text, now) {
            Ok(lapses) => lapses.into_iter().for_each(|lapse| sheets.lapse(lapse)),
            Err(why) => say.aside(&format!("which risks are accepted is left out: {why}")),
        }
    }
    let bar = say.progress("reading the table");
    let mut scan = table.scan();
    while let Some(items) = scan.next().await? {
        for item in &items {
            match found(item) {
                Some(found) => sheets.add(found).map_err(written)?,
                None => sheets.unread(),
            }
        }
        bar.inc(items.len() as u64);
    }
    bar.finish_and_clear();
    if sheets.unread > 0 {
        let many = usize::try_from(sheets.unread).unwrap_or(usize::MAX);
        say.aside(&format!("{} cannot be read, and left out", count(many, "item")));
    }
    let report = sheets.finish(&prevention).map_err(written)?;
    let json = report.json().map_err(|error| failed(out, &error))?;
    let controls =
        summary::csv::controls(Vec::new(), &report).map_err(|error| failed(out, &error))?;
    let page = out.join("index.html");
    for (name, content) in [
        ("report.json", json.as_bytes()),
        ("controls.csv", controls.as_slice()),
        ("index.html", summary::page::html(&report).as_bytes()),
    ] {
        write(&out.join(name), "the report", content)?;
    }
    if let Some(what) = asked.open {
        open(&out.join(name_of(what)), *say);
    }
    let (_, digest) = summary::digest(&report, None);
    let json: Value = serde_json::from_str(&json).unwrap_or_default();
    Ok(Said::new(told(&page, &digest), json))
}

/// Where it is, and what it says in short.
fn told(page: &Path, digest: &str) -> String {
    let lines = digest.lines().filter(|line| !line.trim().is_empty());
    let lines: Vec<_> = lines.take(LINES).map(str::trim_end).collect();
    format!("{}\n\n{}\n", page.display(), lines.join("\n"))
}

fn name_of(what: Opens) -> &'static str {
    match what {
        Opens::Csv => "open.csv",
        Opens::Json => "report.json",
        Opens::Html => "index.html",
    }
}

/// Shows a file with what the computer shows such files with. That there is nothing is no failure.
fn open(file: &PathBuf, say: Say) {
    let program = match std::env::consts::OS {
        "macos" => "open",
        "windows" => "explorer",
        _ => "xdg-open",
    };
    let begun = Command::new(program).arg(file).stdout(Stdio::null()).stderr(Stdio::null()).spawn();
    if let Err(error) = begun {
        say.aside(&format!("could not open {} with {program}: {error}", file.display()));
    }
}

fn failed(path: &Path, error: &dyn std::fmt::Display) -> Fail {
    Fail::Failed(format!("could not write the report to {}: {error}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_path_comes_first_and_then_ten_lines_at_most() {
        let digest = (1..=20).fold(String::new(), |text, nth| text + &format!("line {nth}  \n\n"));
        let text = told(Path::new("r/index.html"), &digest);
        let lines: Vec<_> = text.lines().collect();
        assert_eq!(lines[..3], ["r/index.html", "", "line 1"]);
        assert_eq!((lines.len(), lines.last()), (12, Some(&"line 10")));
    }

    #[test]
    fn what_is_opened_is_what_was_written() {
        for (what, name) in
            [(Opens::Csv, "open.csv"), (Opens::Json, "report.json"), (Opens::Html, "index.html")]
        {
            assert_eq!(name_of(what), name);
        }
    }
}
