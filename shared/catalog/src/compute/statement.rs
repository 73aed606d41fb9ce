//! A statement of a resource policy, and whom it lets in.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::condition::{Condition, Narrows};

/// One statement of a policy.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Statement {
    /// What it is called; empty if it has no name.
    pub sid: String,
    /// Whether it allows; else it denies.
    pub allows: bool,
    /// Whom it is about, by kind, such as `AWS` or `Service`. A bare `*` is the same as `*` of `AWS`.
    pub principals: BTreeMap<String, BTreeSet<String>>,
    /// What it is about.
    pub actions: BTreeSet<String>,
    /// What it is about.
    pub resources: BTreeSet<String>,
    /// What must hold beside.
    pub conditions: BTreeSet<Condition>,
    /// The elements that say it the other way round, such as `NotPrincipal`, or that are not known here.
    pub unusual: BTreeSet<String>,
}

/// Whom a statement lets in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LetsIn {
    /// Nobody, or those it names.
    Some,
    /// Everybody.
    Everybody,
    /// Everybody who meets a condition that is not understood here.
    Unclear,
    /// S3 on behalf of anybody's bucket.
    AnyBucket,
}

impl Statement {
    /// The statements of a policy document, or `None` if it is none.
    pub fn all(policy: &str) -> Option<Vec<Self>> {
        let document: Value = serde_json::from_str(policy).ok()?;
        let statements = match document.get("Statement")? {
            Value::Array(statements) => statements.iter().collect(),
            one => vec![one],
        };
        statements.into_iter().map(Self::of).collect()
    }

    fn of(statement: &Value) -> Option<Self> {
        let mut found = Self::default();
        for (element, value) in statement.as_object()? {
            match element.as_str() {
                "Sid" => value.as_str()?.clone_into(&mut found.sid),
                "Effect" => found.allows = value.as_str()? == "Allow",
                "Principal" => found.principals = principals(value)?,
                "Action" => found.actions = texts(value)?,
                "Resource" => found.resources = texts(value)?,
                "Condition" => found.conditions = Condition::all(value)?,
                other => drop(found.unusual.insert(other.to_owned())),
            }
        }
        Some(found)
    }

    /// Whom it lets in.
    pub fn lets_in(&self) -> LetsIn {
        if !self.allows {
            return LetsIn::Some;
        }
        let has = |kind: &str, name: &str| {
            self.principals.get(kind).is_some_and(|all| all.contains(name))
        };
        let narrows = |narrows: Narrows| self.conditions.iter().any(|c| c.narrows() == narrows);
        let anybody = has("AWS", "*");
        if self.unusual.contains("NotPrincipal") {
            return LetsIn::Unclear;
        }
        if narrows(Narrows::Yes) {
            return LetsIn::Some;
        }
        match anybody {
            true if narrows(Narrows::Unclear) => LetsIn::Unclear,
            true => LetsIn::Everybody,
            false if has("Service", "s3.amazonaws.com") => LetsIn::AnyBucket,
            false => LetsIn::Some,
        }
    }

    /// The values of its condition on `key`.
    pub(super) fn values(&self, key: &str) -> impl Iterator<Item = &str> {
        let on = self.conditions.iter().filter(move |c| c.key.eq_ignore_ascii_case(key));
        on.flat_map(|condition| condition.values.iter().map(String::as_str))
    }

    /// Whether it is what opens the URL of a function to everybody.
    pub fn opens_url(&self) -> bool {
        self.values("lambda:FunctionUrlAuthType").any(|kind| kind == "NONE")
            || self.values("lambda:InvokedViaFunctionUrl").any(|is| is.eq_ignore_ascii_case("true"))
            || self.actions.contains("lambda:InvokeFunctionUrl")
    }
}

fn principals(value: &Value) -> Option<BTreeMap<String, BTreeSet<String>>> {
    match value {
        Value::Object(kinds) => {
            kinds.iter().map(|(kind, names)| Some((kind.clone(), texts(names)?))).collect()
        }
        names => Some([("AWS".to_owned(), texts(names)?)].into()),
    }
}

/// A text, or a list of them. Numbers and truth values are written as texts as well as not.
pub(super) fn texts(value: &Value) -> Option<BTreeSet<String>> {
    match value {
        Value::Array(values) => {
            let texts: Option<Vec<_>> = values.iter().map(texts).collect();
            Some(texts?.into_iter().flatten().collect())
        }
        Value::String(text) => Some([text.clone()].into()),
        Value::Bool(_) | Value::Number(_) => Some([value.to_string()].into()),
        Value::Null | Value::Object(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn lets_in(statement: &str) -> LetsIn {
        let policy = format!(r#"{{"Version":"2012-10-17","Statement":[{statement}]}}"#);
        Statement::all(&policy).unwrap()[0].lets_in()
    }

    #[test]
    fn everybody_is_let_in_however_it_is_written() {
        for principal in
            [r#""*""#, r#"["*"]"#, r#"{"AWS":"*"}"#, r#"{"AWS":["arn:aws:iam::1:root","*"]}"#]
        {
            let allow = format!(
                r#"{{"Effect":"Allow","Principal":{principal},"Action":"lambda:InvokeFunction"}}"#
            );
            assert_eq!(lets_in(&allow), LetsIn::Everybody, "{allow}");
            assert_eq!(lets_in(&allow.replace("Allow", "Deny")), LetsIn::Some);
        }
    }

    #[test]
    fn those_it_names_are_not_everybody() {
        for principal in [
            r#"{"Service":"events.amazonaws.com"}"#,
            r#"{"AWS":"arn:aws:iam::444455556666:root"}"#,
            r#"{"AWS":"444455556666"}"#,
        ] {
            let allow = format!(
                r#"{{"Effect":"Allow","Principal":{principal},"Action":"lambda:InvokeFunction"}}"#
            );
            assert_eq!(lets_in(&allow), LetsIn::Some, "{allow}");
        }
    }

    #[test]
    fn the_storage_service_stands_for_whoever_owns_a_bucket() {
        let open = r#"{"Effect":"Allow","Principal":{"Service":"s3.amazonaws.com"},"Action":"lambda:InvokeFunction"}"#;
        assert_eq!(lets_in(open), LetsIn::AnyBucket);
        let account = r#""Action":"lambda:InvokeFunction","Condition":{"StringEquals":{"AWS:SourceAccount":"111122223333"}}"#;
        assert_eq!(
            lets_in(&open.replace(r#""Action":"lambda:InvokeFunction""#, account)),
            LetsIn::Some
        );
    }

    #[test]
    fn what_is_said_the_other_way_round_is_not_decided() {
        let others = r#"{"Effect":"Allow","NotPrincipal":{"AWS":"444455556666"},"Action":"lambda:InvokeFunction"}"#;
        assert_eq!(lets_in(others), LetsIn::Unclear);
    }

    #[test]
    fn a_document_that_is_no_policy_is_none() {
        for text in
            ["", "{}", "[]", r#"{"Statement":[1]}"#, r#"{"Statement":[{"Principal":null}]}"#]
        {
            assert_eq!(Statement::all(text), None, "{text}");
        }
        let one = r#"{"Statement":{"Effect":"Deny","Principal":"*","Action":"*"}}"#;
        assert_eq!(Statement::all(one).map(|all| all.len()), Some(1));
    }
}
