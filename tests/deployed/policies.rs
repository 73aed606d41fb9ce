//! What roles may do, as the templates have it.

use std::{collections::BTreeMap, fmt::Write};

use remedy::{Action, policies, statements};
use serde_json::{Value, json};

use crate::generated::laid_out;

/// IAM takes 6,144 characters in a managed policy, white space not counted; parameters of the template may
/// be longer than their names.
const LONGEST_MANAGED: usize = 5_400;

/// Policies within a role.
pub(crate) fn inline(function: &str, actions: &[&Action]) -> String {
    let mut out = String::new();
    for (when, document) in policies(actions.iter().copied()) {
        let (name, margin) = match when {
            None => (function.to_owned(), ""),
            Some(condition) => {
                let _ = writeln!(out, "- !If\n  - {condition}");
                (format!("{function}-{condition}"), "  ")
            }
        };
        let _ = writeln!(out, "{margin}- PolicyName: {name}");
        out.push_str(&document_at(&document, &format!("{margin}  ")));
        if when.is_some() {
            let _ = writeln!(out, "  - !Ref AWS::NoValue");
        }
    }
    out
}

/// Policies beside a role: as many as it takes, each with as much as fits. All but one under `condition`, too.
pub(crate) fn managed(
    actions: &[&Action],
    name: &str,
    role: &str,
    condition: Option<&str>,
) -> String {
    let mut by_condition: BTreeMap<Option<&str>, Vec<Vec<Value>>> = BTreeMap::new();
    for (when, statement) in statements(actions.iter().copied()) {
        let parts = by_condition.entry(when).or_insert_with(|| vec![Vec::new()]);
        let size = |part: &[Value]| part.iter().map(length).sum::<usize>();
        match parts.last_mut() {
            Some(last) if size(last) + length(&statement) <= LONGEST_MANAGED => {
                last.push(statement);
            }
            _ => parts.push(vec![statement]),
        }
    }
    let mut out = String::new();
    for (when, parts) in by_condition {
        for (nth, statements) in parts.into_iter().enumerate() {
            let document = json!({ "Version": "2012-10-17", "Statement": statements });
            let suffix = when.map_or_else(|| (nth + 1).to_string(), str::to_owned);
            assert!(when.is_none() || nth == 0, "more than one policy under {when:?}");
            let _ = writeln!(out, "{name}{suffix}:\n  Type: AWS::IAM::ManagedPolicy");
            if let Some(condition) = when.or(condition) {
                let _ = writeln!(out, "  Condition: {condition}");
            }
            let _ = writeln!(out, "  Properties:\n    Roles: [!Ref {role}]");
            out.push_str(&document_at(&document, "    "));
            out.push('\n');
        }
    }
    out.trim_end_matches('\n').to_owned() + "\n"
}

fn length(statement: &Value) -> usize {
    statement.to_string().len() + 1
}

/// The opt-in tag's key is a parameter, and `CloudFormation` computes no keys of a map: hence as text.
fn document_at(document: &Value, margin: &str) -> String {
    let text = laid_out(document, 0);
    let sub = if text.contains("${") { " !Sub |" } else { "" };
    let mut out = format!("{margin}PolicyDocument:{sub}\n");
    for line in text.lines() {
        let _ = writeln!(out, "{margin}  {line}");
    }
    out
}
