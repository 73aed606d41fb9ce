//! A policy as it is written: what is not changed stays as it is, letter by letter and in its order.

use std::fmt;

use serde::{
    Deserialize, Deserializer, Serialize,
    de::{MapAccess, Visitor},
};
use serde_json::{Value, value::RawValue};

use super::statement::Statement;

/// The policy of a bucket.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Document {
    before: Vec<(String, String)>,
    statements: Vec<Written>,
    after: Vec<(String, String)>,
}

/// A statement: its text, and what it says.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Written {
    text: String,
    says: Statement,
}

/// What S3 takes, in bytes.
const LARGEST: usize = 20 * 1024;

impl Document {
    /// The policy that `text` is.
    ///
    /// # Errors
    /// If it is none, in words.
    pub fn read(text: &str) -> Result<Self, String> {
        let words = |error: serde_json::Error| format!("the policy cannot be read: {error}");
        let Fields(mut fields) = serde_json::from_str(text).map_err(words)?;
        let at = fields.iter().position(|(key, _)| key == "Statement");
        let at = at.ok_or("the policy has no statements")?;
        let after = fields.split_off(at + 1);
        let (_, statements) = fields.pop().ok_or("the policy has no statements")?;
        let texts: Vec<String> = if statements.starts_with('[') {
            let list: Vec<Box<RawValue>> = serde_json::from_str(&statements).map_err(words)?;
            list.into_iter().map(|one| one.get().to_owned()).collect()
        } else {
            vec![statements]
        };
        let statements = texts.into_iter().map(Written::read).collect::<Result<_, _>>();
        Ok(Self { before: fields, statements: statements.map_err(words)?, after })
    }

    /// A policy of this statement only.
    fn of(statement: &str) -> Option<Self> {
        Self::read(&format!(r#"{{"Version":"2012-10-17","Statement":[{statement}]}}"#)).ok()
    }

    /// `policy`, or a new one, with one more statement at its end, unless that is there.
    #[must_use]
    pub fn with(policy: Option<Self>, statement: &str) -> Option<Self> {
        let Some(mut policy) = policy else { return Self::of(statement) };
        if !policy.statements.iter().any(|one| one.is(statement))
            && let Ok(one) = Written::read(statement.to_owned())
        {
            policy.statements.push(one);
        }
        Some(policy)
    }

    /// The policy without this statement; nothing, if it has no other.
    #[must_use]
    pub fn without(mut self, statement: &str) -> Option<Self> {
        self.statements.retain(|one| !one.is(statement));
        (!self.statements.is_empty()).then_some(self)
    }

    /// Whether both say the same.
    pub fn same(&self, other: &Self) -> bool {
        let value = |policy: &Self| serde_json::from_str::<Value>(&policy.to_string()).ok();
        self == other || value(self) == value(other)
    }

    /// Whether S3 takes it for too large.
    pub(super) fn is_too_large(&self) -> bool {
        self.to_string().len() > LARGEST
    }

    /// What its statements say.
    pub(super) fn statements(&self) -> impl Iterator<Item = &Statement> {
        self.statements.iter().map(|one| &one.says)
    }

    /// A name for one more statement that begins with `name`.
    pub(super) fn free_name(policy: Option<&Self>, name: &str) -> String {
        let is_taken = |sid: &str| {
            policy.is_some_and(|p| p.statements().any(|one| one.sid.as_deref() == Some(sid)))
        };
        let mut free = name.to_owned();
        let mut number = 2;
        while is_taken(&free) {
            free = format!("{name}{number}");
            number += 1;
        }
        free
    }
}

impl Written {
    fn read(text: String) -> Result<Self, serde_json::Error> {
        let says = serde_json::from_str(&text)?;
        Ok(Self { text, says })
    }

    fn is(&self, statement: &str) -> bool {
        // S3 may give it back in other words: a list of one as the one, an account by its ARN.
        serde_json::from_str::<Statement>(statement).is_ok_and(|says| says == self.says)
    }
}

impl fmt::Display for Document {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let field =
            |(key, value): &(String, String)| format!("{}:{value}", Value::from(key.as_str()));
        let texts: Vec<_> = self.statements.iter().map(|one| one.text.as_str()).collect();
        let mut fields: Vec<_> = self.before.iter().map(field).collect();
        fields.push(format!(r#""Statement":[{}]"#, texts.join(",")));
        fields.extend(self.after.iter().map(field));
        write!(f, "{{{}}}", fields.join(","))
    }
}

impl TryFrom<String> for Document {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        Self::read(&text)
    }
}

impl From<Document> for String {
    fn from(policy: Document) -> Self {
        policy.to_string()
    }
}

/// The fields of an object, in their order, as they are written.
struct Fields(Vec<(String, String)>);

impl<'de> Deserialize<'de> for Fields {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct InOrder;

        impl<'de> Visitor<'de> for InOrder {
            type Value = Fields;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a policy")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Fields, A::Error> {
                let mut fields = Vec::new();
                while let Some((key, value)) = map.next_entry::<String, Box<RawValue>>()? {
                    fields.push((key, value.get().to_owned()));
                }
                Ok(Fields(fields))
            }
        }

        from.deserialize_map(InOrder)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ONE: &str =
        r#"{"Sid":"One","Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"*"}"#;

    #[test]
    fn what_is_not_changed_stays_letter_by_letter() {
        let text = r#"{"Version":"2008-10-17","Statement":[{ "Effect": "Allow", "Condition": {"Bool": {"b": true, "a": "x"}} }],"Id":"\u0041"}"#;
        let policy = Document::read(text).unwrap();
        assert_eq!(policy.to_string(), text);
        let with = Document::with(Some(policy.clone()), ONE).unwrap();
        let expected = text.replace("} }]", &format!("}} }},{ONE}]"));
        assert_eq!(with.to_string(), expected);
        assert_eq!(Document::with(Some(with.clone()), ONE), Some(with.clone()));
        assert_eq!(with.without(ONE), Some(policy));
    }

    #[test]
    fn one_statement_is_a_list_of_one() {
        let single = Document::read(&format!(r#"{{"Statement":{ONE}}}"#)).unwrap();
        assert_eq!(single.to_string(), format!(r#"{{"Statement":[{ONE}]}}"#));
        assert_eq!(single.clone().without(ONE), None);
        // However it is spaced and ordered.
        let other =
            r#"{ "Effect":"Deny","Sid":"One", "Action":"s3:*","Principal":"*","Resource":"*"}"#;
        assert_eq!(single.without(other), None);
    }

    #[test]
    fn a_name_that_is_taken_is_not_given_again() {
        let policy = Document::of(ONE).unwrap();
        assert_eq!(Document::free_name(None, "One"), "One");
        assert_eq!(Document::free_name(Some(&policy), "Two"), "Two");
        assert_eq!(Document::free_name(Some(&policy), "One"), "One2");
    }

    #[test]
    fn what_is_no_policy_is_refused() {
        for text in ["", "[]", "{}", r#"{"Statement":3}"#, r#"{"Statement":[{"Effect":"May"}]}"#] {
            assert!(Document::read(text).is_err(), "{text}");
        }
    }
}
