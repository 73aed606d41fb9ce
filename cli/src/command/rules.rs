//! `rules`: who hears what.

use std::{fmt::Write, path::Path};

use catalog::entries;
use lambda::{Pushed, Table};
use remedy::Timestamp;
use routing::{Checked, Known, Misread, Rules as Routing};
use runtime::{notice::clean, order::What};
use scope::author::Problem;
use serde_json::{Value, json};

use super::policy::{lines, problem_json, shown};
use crate::{
    args::{Global, Rules, Sure},
    command::now,
    fail::{Code, Fail},
    say::{Found, Said, Say, count, minute, paint, problem::Grade, table::table},
    session::Session,
    settings::read,
};

mod explain;

/// What is done with rules.
pub(crate) async fn rules(rules: &Rules, global: &Global, say: &Say) -> Result<Said, Fail> {
    match rules {
        Rules::Check { file } => {
            Ok(checked(&file.display().to_string(), &read(file, "the rules")?, now()))
        }
        Rules::Show { version } => show(&Session::begin(global).await?, *version).await,
        Rules::Push { file, why, sure } => {
            let text = read(file, "the rules")?;
            push(&file.display().to_string(), &text, &why.why, *sure, global, say).await
        }
        Rules::History => history(&Session::begin(global).await?, say).await,
        Rules::Rollback { version, why, sure } => {
            let session = Session::begin(global).await?;
            let pushed = of_version(&session.table().await?, *version, &session).await?;
            let name = format!("version {version}");
            let why = if why.why.is_empty() { format!("back to {name}") } else { why.why.clone() };
            push(&name, &pushed.text, &why, *sure, global, say).await
        }
        Rules::Explain(explain) => explain::explain(explain, global, say).await,
    }
}

/// The rules in force.
struct InForce {
    /// Such as `version 7`.
    name: String,
    /// The version that the next one replaces; 0 if none were pushed.
    version: u32,
    /// None: none were pushed, or the item that says which are in force was deleted.
    pushed: Option<Pushed>,
}

impl InForce {
    async fn read(table: &Table) -> Result<Self, Fail> {
        if let Some(pushed) = table.rules().await? {
            return Ok(Self::of(pushed));
        }
        let last = table.rules_versions().await?.first().map_or(0, |version| version.number);
        Ok(Self { name: "no version".into(), version: last, pushed: None })
    }

    fn of(pushed: Pushed) -> Self {
        let name = format!("version {}", pushed.version);
        Self { name, version: pushed.version, pushed: Some(pushed) }
    }

    fn text(&self) -> &str {
        self.pushed.as_ref().map_or("", |pushed| &pushed.text)
    }

    fn json(&self) -> Value {
        let pushed = self.pushed.as_ref();
        json!({
            "version": pushed.map_or(0, |pushed| pushed.version),
            "by": pushed.map(|pushed| &pushed.by),
            "at": pushed.map(|pushed| pushed.at),
            "why": pushed.map(|pushed| &pushed.why),
            "text": self.text(),
        })
    }
}

async fn of_version(table: &Table, version: u32, session: &Session) -> Result<Pushed, Fail> {
    table.rules_version(version).await?.ok_or_else(|| {
        Fail::Failed(format!("there is no version {version} of the rules in {}", session.home))
    })
}

async fn show(session: &Session, version: Option<u32>) -> Result<Said, Fail> {
    let table = session.table().await?;
    let rules = match version {
        Some(version) => InForce::of(of_version(&table, version, session).await?),
        None => InForce::read(&table).await?,
    };
    // As comments, so that what is shown can be edited and pushed.
    let head = match &rules.pushed {
        Some(Pushed { version, by, at, why, .. }) => {
            let why = if why.is_empty() { String::new() } else { format!(": {}", clean(why, 500)) };
            format!("# Version {version}, pushed by {} at {}{why}", clean(by, 300), minute(*at))
        }
        None => "# No rules were pushed; these hold.".into(),
    };
    let mut text = format!("{}\n\n", paint::paint(paint::FAINT, &head));
    for line in rules.pushed.as_ref().map_or(Routing::USUAL, |pushed| &pushed.text).lines() {
        let _ = writeln!(text, "{}", clean(&line.replace('\t', "    "), 10_000));
    }
    Ok(Said::new(text, rules.json()))
}

async fn history(session: &Session, say: &Say) -> Result<Said, Fail> {
    let versions = session.table().await?.rules_versions().await?;
    let rows = versions.iter().map(|version| {
        let number = version.number.to_string();
        vec![number, minute(version.at), version.by.clone(), version.why.clone()]
    });
    let text = match versions.is_empty() {
        true => "No rules were pushed.\n".into(),
        false => table(&["version", "at", "by", "why"], &rows.collect::<Vec<_>>(), say.width),
    };
    let json = versions.iter().map(|version| {
        json!({ "version": version.number, "at": version.at, "by": version.by, "why": version.why })
    });
    Ok(Said::new(text, json!({ "versions": json.collect::<Vec<_>>() })))
}

/// Whether rules can be used.
fn checked(name: &str, text: &str, now: Timestamp) -> Said {
    let remediations: Vec<_> = entries().map(|entry| entry.spec.id).collect();
    let known = Known { remediations: &remediations };
    let (grade, problems, usable) = match Routing::check(text, &known, now) {
        Ok(Checked { rules, warnings }) => (Grade::Warning, warnings, Some(rules)),
        Err(Misread { problems }) => (Grade::Error, problems, None),
    };
    let problems: Vec<_> = problems.into_iter().map(as_of_policies).collect();
    let mut said = shown(grade, &problems, name, text);
    let told: Vec<_> = problems.iter().map(|problem| problem_json(grade, problem)).collect();
    let Some(rules) = usable else {
        let count = count(problems.len(), "problem");
        let _ = writeln!(said, "{name}: {count}; it cannot be used");
        return Said::new(said, json!({ "ok": false, "problems": told })).found(Found::Something);
    };
    let can = format!(
        "{name}: {} and {} can be used",
        count(rules.channels.len(), "channel"),
        count(rules.routes.len(), "route")
    );
    let _ = writeln!(said, "{}", paint::paint(paint::GOOD, &can));
    let channels: Vec<_> = rules.channels.keys().collect();
    let json = json!({
        "ok": true, "channels": channels, "routes": rules.routes.len(), "problems": told,
    });
    Said::new(said, json)
}

fn as_of_policies(problem: routing::Problem) -> Problem {
    let routing::Problem { line, column, message, hint } = problem;
    Problem { line, column, message, hint }
}

async fn push(
    name: &str,
    text: &str,
    why: &str,
    sure: Sure,
    global: &Global,
    say: &Say,
) -> Result<Said, Fail> {
    let checked = checked(name, text, now());
    if checked.code != Code::Done {
        // They are not in force: that is no finding but a failure.
        return Ok(Said { code: Code::Failed, ..checked });
    }
    let session = Session::begin(global).await?;
    let in_force = InForce::read(&session.table().await?).await?;
    if in_force.pushed.is_some() && in_force.text() == text {
        let said = format!("They are in force already, as {}.\n", in_force.name);
        return Ok(Said::new(said, in_force.json()));
    }
    let shown = format!("{}\n{}", checked.text, differences(&in_force, text));
    let question = format!("Put them in force in {}, in place of {}?", session.home, in_force.name);
    say.confirm(&shown, &question, sure.yes)?;
    let what = What::Rules { text: text.to_owned(), replaces: in_force.version };
    super::answer::order(what, why, &session).await
}

/// What the rules in force and new ones differ in, line by line.
fn differences(before: &InForce, new: &str) -> String {
    let mut out = format!("Against {}:\n\n", before.name);
    for (sign, style, line) in lines(before.text(), new) {
        let line = format!("{sign} {}", clean(&line.replace('\t', "    "), 2_000));
        let _ = writeln!(out, "  {}", paint::paint(style, line.trim_end()));
    }
    out
}

/// Rules that can be used, from a file.
fn usable(file: &Path) -> Result<Routing, Fail> {
    parsed(&file.display().to_string(), &read(file, "the rules")?)
}

fn parsed(name: &str, text: &str) -> Result<Routing, Fail> {
    Routing::parse(text).map_err(|misread| {
        let why = clean(&misread.to_string(), 2_000);
        Fail::Failed(format!(
            "could not use the rules of {name}: {why}; see `kintsugi rules check`"
        ))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(text: &str) -> String {
        anstream::adapter::strip_str(text).to_string()
    }

    fn pushed(text: &str) -> InForce {
        let at = "2026-11-20T10:00:00Z".parse().unwrap();
        let (by, why) = ("ada".into(), String::new());
        InForce::of(Pushed { version: 3, text: text.into(), by, at, why })
    }

    #[test]
    fn what_changes_is_shown_line_by_line() {
        let new = "[channels.mail]\nkind = \"mail\"\nmost = 9\n";
        assert_eq!(
            plain(&differences(&pushed("[channels.mail]\nkind = \"mail\"\n"), new)),
            "Against version 3:\n\n    [channels.mail]\n    kind = \"mail\"\n  + most = 9\n"
        );
    }

    #[test]
    fn rules_that_cannot_be_used_are_found_with_their_place() {
        let now = "2026-11-20T10:00:00Z".parse().unwrap();
        let said = checked("r.toml", "[channels.mail]\nkind = \"pigeon\"\n", now);
        assert_eq!((said.code, said.json["ok"].as_bool()), (Code::Found, Some(false)));
        let text = plain(&said.text);
        assert!(text.contains("--> r.toml:2:"), "{text}");
        assert!(text.ends_with("r.toml: 1 problem; it cannot be used\n"), "{text}");
        let said = checked("r.toml", "", now);
        assert_eq!(said.code, Code::Done);
        assert!(
            plain(&said.text).ends_with("2 channels and 3 routes can be used\n"),
            "{}",
            said.text
        );
    }
}
