//! Jira Cloud: issues and comments, in the Atlassian Document Format.

use runtime::notice::clean;
use serde_json::{Value, json};

use super::adf::document;
use super::sheet::{Room, Sheet};
use super::words::name;
use crate::{Jira, One};

/// Characters of a summary, and of a label.
const SUMMARY: usize = 255;
/// Characters of a text: Jira refuses more than 32,767.
const LONGEST: usize = 30_000;

/// As much as there may be room for, and less and less.
const ROOMS: [Room; 6] = [
    Room { text: 16_000, parts: 40 },
    Room { text: 8_000, parts: 40 },
    Room { text: 3_000, parts: 40 },
    Room { text: 1_000, parts: 30 },
    Room { text: 300, parts: 20 },
    Room { text: 60, parts: 10 },
];

/// What makes an issue: the body of `POST /rest/api/3/issue`.
pub fn issue(one: &One<'_>, jira: &Jira) -> Value {
    let labels =
        std::iter::once(marker(&one.news.case)).chain(jira.labels.iter().map(|l| label(l)));
    let mut fields = json!({
        "project": {"key": jira.project},
        "issuetype": {"name": jira.issue_type},
        "summary": clean(&name(one.news), SUMMARY),
        "description": text(one),
        "labels": labels.filter(|label| !label.is_empty()).collect::<Vec<_>>(),
    });
    if let Some(fields) = fields.as_object_mut() {
        let priority = jira.priorities.get(&one.news.severity);
        fields.extend(priority.map(|name| ("priority".into(), json!({"name": name}))));
        let assignee = jira.assignee.as_ref();
        fields.extend(assignee.map(|id| ("assignee".into(), json!({"accountId": id}))));
    }
    json!({"fields": fields})
}

/// What comments on one: the body of `POST /rest/api/3/issue/KEY/comment`.
pub fn comment(one: &One<'_>) -> Value {
    json!({"body": text(one)})
}

fn text(one: &One<'_>) -> Value {
    let sheet = Sheet::of_one(one);
    let fits = |text: &Value| text.to_string().chars().count() <= LONGEST;
    sheet.fitted(&ROOMS, |sheet| document(sheet, Some(&sheet.title)), fits)
}

/// The label that names a case.
pub fn marker(case: &str) -> String {
    let plain = |c: &char| c.is_ascii_alphanumeric() || *c == '-';
    format!("kintsugi-{}", case.chars().filter(plain).take(40).collect::<String>())
}

/// Jira takes no spaces in labels.
fn label(text: &str) -> String {
    clean(text, SUMMARY).split_whitespace().collect::<Vec<_>>().join("-")
}

/// JQL that finds the issue of a case: the oldest first, should there be more.
pub fn search(case: &str, project: &str) -> String {
    let project = project.replace('\\', "\\\\").replace('"', "\\\"");
    format!("project = \"{project}\" AND labels = \"{}\" ORDER BY created ASC", marker(case))
}

#[cfg(test)]
mod tests;
