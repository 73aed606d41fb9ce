//! A resource's policy: read, judged and edited a statement at a time.
//!
//! What is not edited stays as it is written, to the byte: [`Policy`] keeps AWS's own text of every statement
//! and of everything beside them. Two statements are equal if they mean the same: lists are sets, a list of one
//! is its one, `"*"` is `{"AWS": "*"}`, and the case of an action says nothing. Two policies are equal if they
//! have equal statements, in any order.
//!
//! Who a statement lets in is told by [`Statement::reach`], which documents how that is judged. Any service's
//! policy can be read with it; nothing here knows topics or queues.

use std::{collections::BTreeSet, fmt};

use serde::{
    Deserialize, Deserializer, Serialize,
    de::{MapAccess, Visitor},
};
use serde_json::{Map, Value, value::RawValue};

use super::reach::{Reach, is_everybody, reach};

/// The name of the list of statements.
const STATEMENTS: &str = "Statement";
/// What a policy that is made here begins with.
const VERSION: &str = "\"2012-10-17\"";

/// A policy document. None at all is the default: a policy without statements, written as no text.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Policy {
    /// Everything at the top beside the statements, in order: the name and the raw value.
    head: Vec<(String, String)>,
    statements: Vec<Statement>,
}

/// One statement of a policy.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Statement {
    text: String,
    /// What it means, however it is written.
    meaning: Map<String, Value>,
}

/// A text that is no policy, or no statement of one.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("it is no policy: {0}")]
pub struct NoPolicy(String);

impl Policy {
    /// The policy that `text` is; none at all where that is empty.
    ///
    /// # Errors
    /// If it is not JSON, or not a policy's.
    pub fn parse(text: &str) -> Result<Self, NoPolicy> {
        if text.trim().is_empty() {
            return Ok(Self::default());
        }
        let Fields(fields) = read(text)?;
        let (mut head, mut statements) = (Vec::new(), Vec::new());
        for (name, value) in fields {
            if name == STATEMENTS {
                let list: Vec<Box<RawValue>> = match value.get().starts_with('[') {
                    true => read(value.get())?,
                    false => vec![value],
                };
                let each = list.iter().map(|one| Statement::parse(one.get()));
                statements.extend(each.collect::<Result<Vec<_>, _>>()?);
            } else {
                head.push((name, value.get().to_owned()));
            }
        }
        Ok(Self { head, statements })
    }

    /// Its statements, in order.
    pub fn statements(&self) -> &[Statement] {
        &self.statements
    }

    /// Whether it has such a statement.
    pub fn has(&self, statement: &Statement) -> bool {
        self.statements.contains(statement)
    }

    /// The same with `statement` at its end, unless it has it.
    #[must_use]
    pub fn with(mut self, statement: &Statement) -> Self {
        if self.head.is_empty() {
            self.head.push(("Version".into(), VERSION.into()));
        }
        if !self.has(statement) {
            self.statements.push(statement.clone());
        }
        self
    }

    /// The same without `statement`, however often it has it.
    #[must_use]
    pub fn without(mut self, statement: &Statement) -> Self {
        self.statements.retain(|one| one != statement);
        self
    }

    /// A statement that may keep out whom another one lets in: one that denies everybody, or everybody but
    /// some.
    pub fn shield(&self) -> Option<&Statement> {
        self.statements.iter().find(|one| super::reach::shields(&one.meaning))
    }
}

impl Statement {
    /// The statement that `text` is.
    ///
    /// # Errors
    /// If it is not a JSON object.
    pub fn parse(text: &str) -> Result<Self, NoPolicy> {
        let meaning: Map<String, Value> = read(text)?;
        let meaning = meaning.into_iter().map(|(name, value)| {
            let value = match name.as_str() {
                "Action" | "NotAction" => plain(lower(value)),
                "Resource" | "NotResource" => plain(value),
                "Principal" | "NotPrincipal" => principals(value),
                "Condition" => conditions(value),
                _ => value,
            };
            (name, value)
        });
        Ok(Self { meaning: meaning.collect(), text: text.to_owned() })
    }

    /// As it is written.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Its name, if it has one.
    pub fn sid(&self) -> Option<&str> {
        self.meaning.get("Sid").and_then(Value::as_str).filter(|sid| !sid.is_empty())
    }

    /// Who is let in.
    pub fn reach(&self) -> Reach {
        reach(&self.meaning)
    }

    /// What is left of it without "everybody": the principals that it names beside; `None` if there are none.
    pub fn narrowed(&self) -> Option<Self> {
        let mut whole: Map<String, Value> = read(&self.text).ok()?;
        let principal = whole.get_mut("Principal")?.as_object_mut()?;
        for who in principal.values_mut().filter_map(Value::as_array_mut) {
            who.retain(|one| !is_everybody(one));
        }
        principal.retain(|_, who| !is_everybody(who) && *who != Value::Array(Vec::new()));
        let is_left = !principal.is_empty();
        is_left.then(|| Self::parse(&Value::Object(whole).to_string()).ok()).flatten()
    }

    /// The services of AWS that it lets in.
    pub fn services(&self) -> BTreeSet<&str> {
        let is_allow = self.meaning.get("Effect").and_then(Value::as_str) == Some("Allow");
        let named = self.meaning.get("Principal").and_then(|who| who.get("Service"));
        match named.filter(|_| is_allow) {
            Some(Value::Array(all)) => all.iter().filter_map(Value::as_str).collect(),
            Some(one) => one.as_str().into_iter().collect(),
            None => BTreeSet::new(),
        }
    }
}

impl fmt::Display for Policy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.head.is_empty() && self.statements.is_empty() {
            return Ok(());
        }
        f.write_str("{")?;
        for (name, value) in &self.head {
            write!(f, "{}:{value},", Value::from(name.as_str()))?;
        }
        let statements: Vec<_> = self.statements.iter().map(Statement::text).collect();
        write!(f, "\"{STATEMENTS}\":[{}]}}", statements.join(","))
    }
}

/// `open: anybody may sqs:sendmessage`.
impl fmt::Display for Statement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let list = |name: &str| self.meaning.get(name).map(words);
        let who = match (self.meaning.get("Principal"), self.meaning.get("NotPrincipal")) {
            (_, Some(all_but)) => format!("anybody but {}", people(all_but)),
            (Some(all), None) => people(all),
            (None, None) => "nobody".into(),
        };
        let may =
            if self.meaning.get("Effect") == Some(&"Allow".into()) { "may" } else { "must not" };
        let what = match (list("Action"), list("NotAction")) {
            (Some(actions), _) => actions,
            (None, Some(actions)) => format!("do anything but {actions}"),
            (None, None) => "do nothing".into(),
        };
        let under = if self.meaning.contains_key("Condition") { " under conditions" } else { "" };
        write!(f, "{}: {who} {may} {what}{under}", self.sid().unwrap_or("(without a name)"))
    }
}

impl PartialEq for Policy {
    fn eq(&self, other: &Self) -> bool {
        let within = |one: &Self, all: &Self| one.statements.iter().all(|it| all.has(it));
        within(self, other) && within(other, self)
    }
}

impl Eq for Policy {}

impl PartialEq for Statement {
    fn eq(&self, other: &Self) -> bool {
        self.meaning == other.meaning
    }
}

impl Eq for Statement {}

impl TryFrom<String> for Policy {
    type Error = NoPolicy;

    fn try_from(text: String) -> Result<Self, NoPolicy> {
        Self::parse(&text)
    }
}

impl From<Policy> for String {
    fn from(policy: Policy) -> Self {
        policy.to_string()
    }
}

impl TryFrom<String> for Statement {
    type Error = NoPolicy;

    fn try_from(text: String) -> Result<Self, NoPolicy> {
        Self::parse(&text)
    }
}

impl From<Statement> for String {
    fn from(statement: Statement) -> Self {
        statement.text
    }
}

/// The members of an object, in order, as they are written.
struct Fields(Vec<(String, Box<RawValue>)>);

impl<'de> Deserialize<'de> for Fields {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Members;
        impl<'de> Visitor<'de> for Members {
            type Value = Fields;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Fields, A::Error> {
                let mut all = Vec::new();
                while let Some(member) = map.next_entry()? {
                    all.push(member);
                }
                Ok(Fields(all))
            }
        }
        deserializer.deserialize_map(Members)
    }
}

fn read<'a, T: Deserialize<'a>>(text: &'a str) -> Result<T, NoPolicy> {
    serde_json::from_str(text).map_err(|error| NoPolicy(error.to_string()))
}

/// A set of values, whichever way it is written: one for itself, several as a list.
fn plain(value: Value) -> Value {
    let Value::Array(list) = value else { return value };
    let texts: BTreeSet<_> = list.into_iter().map(|one| scalar(&one)).collect();
    let mut texts: Vec<_> = texts.into_iter().map(Value::from).collect();
    if texts.len() == 1 { texts.pop().unwrap_or_default() } else { Value::Array(texts) }
}

/// `true` and `"true"` mean the same in a policy.
fn scalar(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn lower(value: Value) -> Value {
    match value {
        Value::String(text) => Value::String(text.to_ascii_lowercase()),
        Value::Array(list) => Value::Array(list.into_iter().map(lower).collect()),
        other => other,
    }
}

fn principals(value: Value) -> Value {
    let by_kind = match value {
        Value::Object(by_kind) => by_kind,
        other => Map::from_iter([("AWS".to_owned(), other)]),
    };
    Value::Object(by_kind.into_iter().map(|(kind, who)| (kind, plain(who))).collect())
}

fn conditions(value: Value) -> Value {
    let Value::Object(operators) = value else { return value };
    let keys = |keys: Value| match keys {
        Value::Object(keys) => {
            let texts = |values: Value| match values {
                Value::Array(_) => plain(values),
                one => Value::String(scalar(&one)),
            };
            Value::Object(keys.into_iter().map(|(key, values)| (key, texts(values))).collect())
        }
        other => other,
    };
    Value::Object(operators.into_iter().map(|(operator, of)| (operator, keys(of))).collect())
}

fn words(value: &Value) -> String {
    match value {
        Value::Array(list) => list.iter().map(scalar).collect::<Vec<_>>().join(", "),
        one => scalar(one),
    }
}

/// Everybody first: whoever else is named says nothing then.
fn people(value: &Value) -> String {
    let Value::Object(by_kind) = value else { return words(value) };
    let each = by_kind.values().flat_map(|who| match who {
        Value::Array(list) => list.iter().collect(),
        one => vec![one],
    });
    let names: Vec<_> =
        each.map(|one| if is_everybody(one) { "anybody".into() } else { scalar(one) }).collect();
    names.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    const TWO: &str = r#"{"Id":"p", "Version":"2008-10-17","Statement":[{"Sid":"a","Effect":"Allow","Principal":"*","Action":["SQS:SendMessage"],"Resource":"q"}, {"Sid":"b","Effect":"Deny","Principal":"*","Action":"sqs:*","Resource":"q"}]}"#;

    fn statement(text: &str) -> Statement {
        Statement::parse(text).unwrap()
    }

    #[test]
    fn what_is_not_edited_stays_to_the_byte() {
        let policy = Policy::parse(TWO).unwrap();
        let first = policy.statements()[0].clone();
        let without = policy.clone().without(&first);
        assert_eq!(
            without.to_string(),
            r#"{"Id":"p","Version":"2008-10-17","Statement":[{"Sid":"b","Effect":"Deny","Principal":"*","Action":"sqs:*","Resource":"q"}]}"#
        );
        assert_ne!(without, policy);
        assert_eq!(without.with(&first), policy, "in another order");
    }

    #[test]
    fn statements_that_mean_the_same_are_equal() {
        let one = statement(
            r#"{"Effect":"Allow","Principal":"*","Action":["SNS:Publish"],"Resource":["t"],"Condition":{"Bool":{"aws:SecureTransport":true}}}"#,
        );
        let other = statement(
            r#"{"Principal":{"AWS":["*"]},"Effect":"Allow","Resource":"t","Action":"sns:Publish","Condition":{"Bool":{"aws:SecureTransport":["true"]}}}"#,
        );
        assert_eq!(one, other);
        for different in [
            r#"{"Effect":"Deny","Principal":"*","Action":"sns:Publish","Resource":"t"}"#,
            r#"{"Effect":"Allow","Principal":"*","Action":["sns:Publish","sns:Subscribe"],"Resource":"t"}"#,
        ] {
            assert_ne!(one, statement(different));
        }
    }

    #[test]
    fn no_policy_at_all_has_no_text_and_takes_a_statement() {
        let none = Policy::parse("").unwrap();
        assert_eq!(none.to_string(), "");
        let one = statement(r#"{"Sid":"a"}"#);
        assert_eq!(
            none.with(&one).with(&one).to_string(),
            r#"{"Version":"2012-10-17","Statement":[{"Sid":"a"}]}"#
        );
    }

    #[test]
    fn one_statement_may_stand_without_a_list() {
        let policy = Policy::parse(r#"{"Statement":{"Sid":"a"}}"#).unwrap();
        assert_eq!(policy.statements().len(), 1);
        assert_eq!(policy.to_string(), r#"{"Statement":[{"Sid":"a"}]}"#);
    }

    #[test]
    fn what_is_no_policy_is_refused() {
        for text in ["[]", "1", "{", r#"{"Statement":"a"}"#, r#"{"Statement":[1]}"#, "null"] {
            assert!(Policy::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn without_everybody_the_named_ones_stay() {
        let mixed = r#"{"Sid":"m","Effect":"Allow","Principal":{"AWS":["*","111122223333"],"Service":"s3.amazonaws.com"},"Action":"sns:Publish","Resource":"t"}"#;
        assert_eq!(
            statement(mixed).narrowed(),
            Some(statement(
                r#"{"Sid":"m","Effect":"Allow","Principal":{"AWS":"111122223333","Service":"s3.amazonaws.com"},"Action":"sns:Publish","Resource":"t"}"#
            ))
        );
        let service = r#"{"Effect":"Allow","Principal":{"AWS":"*","Service":"s3.amazonaws.com"}}"#;
        let service = statement(service).narrowed().unwrap();
        assert_eq!(service.services(), ["s3.amazonaws.com"].into());
        for alone in [r#""*""#, r#"{"AWS":"*"}"#, r#"{"AWS":["*"]}"#] {
            let text = format!(r#"{{"Effect":"Allow","Principal":{alone}}}"#);
            assert_eq!(statement(&text).narrowed(), None, "{text}");
        }
    }

    #[test]
    fn a_statement_is_told_in_a_line() {
        for (text, line) in [
            (
                r#"{"Sid":"a","Effect":"Allow","Principal":"*","Action":"SQS:SendMessage"}"#,
                "a: anybody may sqs:sendmessage",
            ),
            (
                r#"{"Effect":"Deny","NotPrincipal":{"AWS":"1"},"NotAction":["b","a"],"Condition":{}}"#,
                "(without a name): anybody but 1 must not do anything but a, b under conditions",
            ),
        ] {
            assert_eq!(statement(text).to_string(), line);
        }
    }
}
