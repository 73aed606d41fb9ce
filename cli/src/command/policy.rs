//! `policy`: what says what may be touched.

use std::{fmt::Write, path::Path};

use catalog::entries;
use lambda::Pushed;
use remedy::{Risk, Settings};
use runtime::{notice::clean, order::What};
use scope::{
    Bounds, Scope,
    author::{Cases, Checked, Edit, Problem, check, diff},
};
use serde_json::{Value, json};

use crate::{
    args::{Global, Policy, Sure},
    fail::{Code, Fail},
    say::{
        Found, Said, Say, count, minute, paint,
        problem::{Grade, problem},
    },
    session::Session,
    settings::{actions, read},
};

/// What is done with policies.
pub(crate) async fn policy(policy: &Policy, global: &Global, say: &Say) -> Result<Said, Fail> {
    match policy {
        Policy::Check { file } => Ok(checked(file, &read(file, "the policies")?)),
        Policy::Test { cases, policies: Some(file) } => {
            test(cases, &file.display().to_string(), &read(file, "the policies")?)
        }
        Policy::Test { cases, policies: None } => {
            let session = Session::begin(global).await?;
            let InForce { name, text, .. } = InForce::read(&session).await?;
            test(cases, &name, &text)
        }
        Policy::Show { version, parameters } => {
            let session = Session::begin(global).await?;
            show(&session, *version, *parameters).await
        }
        Policy::Diff { file, exit_code } => {
            let new = read(file, "the policies")?;
            let session = Session::begin(global).await?;
            let now = InForce::read(&session).await?;
            let edits = diff(&now.text, &new);
            let found = Found::if_so(*exit_code && !edits.is_empty());
            let json = json!({ "in_force": now.json(), "edits": edits.iter().map(edit_json).collect::<Vec<_>>() });
            Ok(Said::new(differences(&now.name, &edits), json).found(found))
        }
        Policy::Push { file, why, sure } => push(file, &why.why, *sure, global, say).await,
    }
}

/// The policies in force.
struct InForce {
    /// Such as `version 7`.
    name: String,
    /// 0 for those of the stack's parameters.
    version: u32,
    text: String,
    pushed: Option<Pushed>,
}

impl InForce {
    async fn read(session: &Session) -> Result<Self, Fail> {
        let stack = session.stack().await?;
        match session.table_of(stack)?.policy().await? {
            Some(pushed) => Ok(Self::of(pushed)),
            None => Self::of_parameters(session).await,
        }
    }

    fn of(pushed: Pushed) -> Self {
        Self {
            name: format!("version {}", pushed.version),
            version: pushed.version,
            text: pushed.text.clone(),
            pushed: Some(pushed),
        }
    }

    async fn of_parameters(session: &Session) -> Result<Self, Fail> {
        let settings: Settings = session.stack().await?.settings.clone().into_iter().collect();
        let text = Bounds::configured(&settings)?.policies();
        Ok(Self { name: "the stack's parameters".into(), version: 0, text, pushed: None })
    }

    fn json(&self) -> Value {
        let pushed = self.pushed.as_ref();
        json!({
            "version": self.version,
            "name": self.name,
            "by": pushed.map(|pushed| &pushed.by),
            "at": pushed.map(|pushed| pushed.at),
            "why": pushed.map(|pushed| &pushed.why),
            "text": self.text,
        })
    }
}

async fn show(session: &Session, version: Option<u32>, parameters: bool) -> Result<Said, Fail> {
    let shown = match version {
        Some(version) => {
            let table = session.table().await?;
            let pushed = table.policy_version(version).await?;
            InForce::of(pushed.ok_or_else(|| {
                Fail::Failed(format!(
                    "there is no version {version} of the policies in {}",
                    session.home
                ))
            })?)
        }
        None if parameters => InForce::of_parameters(session).await?,
        None => InForce::read(session).await?,
    };
    // As comments, so that what is shown can be edited and pushed.
    let mut text = String::new();
    let head = match &shown.pushed {
        Some(Pushed { version, by, at, why, .. }) => {
            let why = if why.is_empty() { String::new() } else { format!(": {}", clean(why, 500)) };
            format!("// Version {version}, pushed by {} at {}{why}", clean(by, 300), minute(*at))
        }
        None => format!("// The policies of {}.", shown.name),
    };
    let _ = writeln!(text, "{}\n", paint::paint(paint::FAINT, &head));
    for line in shown.text.lines() {
        let _ = writeln!(text, "{}", clean(&line.replace('\t', "    "), 10_000));
    }
    Ok(Said::new(text, shown.json()))
}

/// Whether a set of policies can be used.
fn checked(file: &Path, text: &str) -> Said {
    let name = file.display().to_string();
    let (grade, problems, usable) = match check(text, &actions()) {
        Ok(Checked { policies, warnings }) => {
            let said = format!("{name}: {} can be used", count_policies(policies.len()));
            (Grade::Warning, warnings, Some((policies, said)))
        }
        Err(problems) => (Grade::Error, problems, None),
    };
    let mut said = shown(grade, &problems, &name, text);
    let told: Vec<_> = problems.iter().map(|problem| problem_json(grade, problem)).collect();
    let Some((policies, can)) = usable else {
        let count = count(problems.len(), "problem");
        let _ = writeln!(said, "{name}: {count}; it cannot be used");
        return Said::new(said, json!({ "ok": false, "problems": told })).found(Found::Something);
    };
    let _ = writeln!(said, "{}", paint::paint(paint::GOOD, &can));
    Said::new(said, json!({ "ok": true, "policies": policies, "problems": told }))
}

fn count_policies(number: usize) -> String {
    if number == 1 { "1 policy".into() } else { format!("{number} policies") }
}

pub(super) fn shown(grade: Grade, problems: &[Problem], name: &str, text: &str) -> String {
    problems.iter().fold(String::new(), |mut out, one| {
        let _ = writeln!(out, "{}", problem(grade, one, name, text));
        out
    })
}

pub(super) fn problem_json(grade: Grade, problem: &Problem) -> Value {
    let Problem { line, column, message, hint } = problem;
    let grade = match grade {
        Grade::Error => "error",
        Grade::Warning => "warning",
    };
    json!({ "grade": grade, "line": line, "column": column, "message": message, "hint": hint })
}

/// Asks policies about cases.
fn test(file: &Path, name: &str, text: &str) -> Result<Said, Fail> {
    let wrong = |why: String| {
        Fail::Failed(format!("could not read the cases from {}: {why}", file.display()))
    };
    let cases = Cases::parse(&read(file, "the cases")?).map_err(wrong)?;
    if cases.is_empty() {
        return Err(wrong("there are none".into()));
    }
    let scope = Scope::load(text).map_err(|why| {
        Fail::Failed(format!(
            "could not use the policies of {name}: {why}; see `kintsugi policy check`"
        ))
    })?;
    let outcomes = cases.run(&scope, risk_of);
    let failed = outcomes.iter().filter(|outcome| !outcome.passed()).count();
    let mut said = String::new();
    for outcome in &outcomes {
        let (word, style) = match outcome.passed() {
            true => ("passed", paint::GOOD),
            false => ("failed", paint::BAD),
        };
        let _ = writeln!(said, "{}  {}", paint::paint(style, word), clean(&outcome.name, 500));
        if let Some(failure) = &outcome.failure {
            let _ = writeln!(said, "        {}", clean(failure, 2_000));
        }
    }
    let total = count(outcomes.len(), "case");
    let _ = writeln!(said, "\n{total}, {failed} failed, by the policies of {}", clean(name, 300));
    let json: Vec<_> = outcomes
        .iter()
        .map(|o| json!({ "name": o.name, "passed": o.passed(), "failure": o.failure }))
        .collect();
    let json = json!({ "policies": name, "failed": failed, "cases": json });
    Ok(Said::new(said, json).found(Found::if_so(failed > 0)))
}

fn risk_of(id: &str) -> Option<Risk> {
    entries().find(|entry| entry.spec.id == id).map(|entry| entry.spec.risk)
}

async fn push(
    file: &Path,
    why: &str,
    sure: Sure,
    global: &Global,
    say: &Say,
) -> Result<Said, Fail> {
    let text = read(file, "the policies")?;
    let checked = checked(file, &text);
    if checked.code != Code::Done {
        // They are not in force: that is no finding but a failure.
        return Ok(Said { code: Code::Failed, ..checked });
    }
    let session = Session::begin(global).await?;
    let now = InForce::read(&session).await?;
    if now.pushed.is_some() && now.text == text {
        return Ok(Said::new(format!("They are in force already, as {}.\n", now.name), now.json()));
    }
    let edits = diff(&now.text, &text);
    let shown = format!("{}\n{}", checked.text, differences(&now.name, &edits));
    let question = format!("Put them in force in {}, in place of {}?", session.home, now.name);
    say.confirm(&shown, &question, sure.yes)?;
    super::answer::order(What::Policy { text, replaces: now.version }, why, &session).await
}

/// What two sets of policies differ in, policy by policy.
fn differences(before: &str, edits: &[Edit]) -> String {
    if edits.is_empty() {
        return format!("Nothing differs from the policies of {before}.\n");
    }
    let mut out = format!("Against the policies of {before}:\n\n");
    for edit in edits {
        let id = match edit.id() {
            "" => "without an id",
            id => id,
        };
        let (word, style, old, new) = match edit {
            Edit::Added { text, .. } => ("new", paint::GOOD, None, Some(text)),
            Edit::Removed { text, .. } => ("gone", paint::BAD, Some(text), None),
            Edit::Changed { old, new, .. } => ("changed", paint::WAITS, Some(old), Some(new)),
        };
        let _ = writeln!(
            out,
            "{} {}",
            paint::paint(style, word),
            paint::paint(paint::HEAD, &clean(id, 200))
        );
        for (sign, style, line) in
            lines(old.map_or("", String::as_str), new.map_or("", String::as_str))
        {
            let line = format!("{sign} {}", clean(&line.replace('\t', "    "), 2_000));
            let _ = writeln!(out, "  {}", paint::paint(style, &line));
        }
        out.push('\n');
    }
    out
}

/// The lines of two texts: first those both begin with, then the old and the new, then those both end with.
pub(super) fn lines<'a>(old: &'a str, new: &'a str) -> Vec<(char, anstyle::Style, &'a str)> {
    let (old, new): (Vec<_>, Vec<_>) = (old.lines().collect(), new.lines().collect());
    let same = old.iter().zip(&new).take_while(|(one, other)| one == other).count();
    let (left_old, left_new) = (old.len() - same, new.len() - same);
    let tail =
        old.iter().rev().zip(new.iter().rev()).take_while(|(one, other)| one == other).count();
    let tail = tail.min(left_old).min(left_new);
    let mut all = Vec::new();
    all.extend(old.iter().take(same).map(|line| (' ', paint::FAINT, *line)));
    let gone = old.iter().take(old.len() - tail).skip(same);
    all.extend(gone.map(|line| ('-', paint::BAD, *line)));
    let come = new.iter().take(new.len() - tail).skip(same);
    all.extend(come.map(|line| ('+', paint::GOOD, *line)));
    all.extend(old.iter().skip(old.len() - tail).map(|line| (' ', paint::FAINT, *line)));
    all
}

fn edit_json(edit: &Edit) -> Value {
    match edit {
        Edit::Added { id, text } => json!({ "kind": "added", "id": id, "new": text }),
        Edit::Removed { id, text } => json!({ "kind": "removed", "id": id, "old": text }),
        Edit::Changed { id, old, new } => {
            json!({ "kind": "changed", "id": id, "old": old, "new": new })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(text: &str) -> String {
        anstream::adapter::strip_str(text).to_string()
    }

    #[test]
    fn a_change_shows_what_goes_and_what_comes_between_what_stays() {
        let edit = Edit::Changed {
            id: "a".into(),
            old: "@id(\"a\")\npermit (principal, action, resource)\nwhen { false };".into(),
            new: "@id(\"a\")\nforbid (principal, action, resource)\nwhen { false };".into(),
        };
        assert_eq!(
            plain(&differences("version 3", &[edit])),
            "Against the policies of version 3:\n\nchanged a\n    @id(\"a\")\n  - permit (principal, action, \
             resource)\n  + forbid (principal, action, resource)\n    when { false };\n\n"
        );
    }

    #[test]
    fn what_is_new_and_what_is_gone_is_shown_whole() {
        let edits = [
            Edit::Removed { id: "a".into(), text: "permit (x);".into() },
            Edit::Added { id: String::new(), text: "forbid (x);".into() },
        ];
        assert_eq!(
            plain(&differences("version 3", &edits)),
            "Against the policies of version 3:\n\ngone a\n  - permit (x);\n\nnew without an id\n  + forbid \
             (x);\n\n"
        );
        assert!(differences("version 3", &[]).starts_with("Nothing differs"));
    }

    #[test]
    fn lines_that_both_begin_and_end_with_are_said_once() {
        let signs = |old: &'static str, new: &'static str| -> String {
            lines(old, new).iter().map(|(sign, ..)| *sign).collect()
        };
        for (old, new, expected) in [
            ("a\nb\nc", "a\nx\nc", " -+ "),
            ("a\na", "a", " -"),
            ("a", "a\na", " +"),
            ("", "a", "+"),
            ("a\nb", "a\nb", "  "),
        ] {
            assert_eq!(signs(old, new), expected, "{old:?} {new:?}");
        }
    }
}
