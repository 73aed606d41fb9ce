//! Facet: whom a KMS key's policy lets use it.

use std::collections::BTreeMap;

use remedy::{Action, Facet, Never, Place, Tags};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{KeyId, key::KEYS};

/// Whom the policy of a key lets use it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct KeyPolicy {
    /// The statements that let everybody use it.
    pub public: Vec<PublicStatement>,
    /// The key's tags.
    pub tags: Tags,
}

/// A statement that lets everybody use a key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PublicStatement {
    /// What its author calls it, else which one it is.
    pub name: String,
}

/// What of a condition limits who is meant.
const WHO: &[&str] = &[
    "aws:principalaccount",
    "aws:principalarn",
    "aws:principalorgid",
    "aws:principalorgpaths",
    "aws:sourceaccount",
    "aws:sourcearn",
    "aws:sourceorgid",
    "aws:sourceorgpaths",
    "aws:sourcevpc",
    "aws:sourcevpce",
    "aws:userid",
    "kms:calleraccount",
];

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Document {
    statement: OneOrMore<Statement>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Statement {
    sid: Option<String>,
    effect: String,
    principal: Option<Principal>,
    #[serde(default)]
    condition: BTreeMap<String, BTreeMap<String, Value>>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Principal {
    Everybody(String),
    Named(BTreeMap<String, OneOrMore<String>>),
}

#[derive(Deserialize)]
#[serde(untagged)]
enum OneOrMore<T> {
    One(T),
    More(Vec<T>),
}

impl<T> OneOrMore<T> {
    fn all(&self) -> &[T] {
        match self {
            Self::One(one) => std::slice::from_ref(one),
            Self::More(more) => more,
        }
    }
}

impl PublicStatement {
    /// Those of a policy's document.
    ///
    /// # Errors
    /// If it is no such document.
    pub fn of(document: &str) -> Result<Vec<Self>, String> {
        let read: Document = serde_json::from_str(document).map_err(|error| error.to_string())?;
        let statements = read.statement.all().iter().enumerate();
        let public = statements.filter(|(_, statement)| statement.is_public());
        let name = |(nth, statement): (usize, &Statement)| Self {
            name: statement.sid.clone().unwrap_or_else(|| format!("number {}", nth + 1)),
        };
        Ok(public.map(name).collect())
    }
}

impl Statement {
    fn is_public(&self) -> bool {
        let is_everybody = match &self.principal {
            Some(Principal::Everybody(who)) => who == "*",
            Some(Principal::Named(named)) => {
                named.get("AWS").is_some_and(|who| who.all().iter().any(|who| who == "*"))
            }
            None => false,
        };
        let mut keys = self.condition.values().flat_map(BTreeMap::keys);
        let is_limited = keys.any(|key| WHO.contains(&key.to_ascii_lowercase().as_str()));
        self.effect == "Allow" && is_everybody && !is_limited
    }
}

impl Facet for KeyPolicy {
    type Id = KeyId;
    type Change = Never;

    const NAME: &'static str = "policy of a KMS key";
    const READS: &'static [Action] =
        &[Action::on(KEYS, "kms:GetKeyPolicy"), Action::on(KEYS, "kms:ListResourceTags")];

    fn tags(&self) -> Option<&Tags> {
        Some(&self.tags)
    }

    fn after(self, change: &Never) -> Self {
        match *change {}
    }

    fn commands(_: &Place, _: &KeyId, _: &[Never]) -> Vec<String> {
        Vec::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn public(statement: &str) -> Vec<String> {
        let document = format!(r#"{{"Version":"2012-10-17","Statement":{statement}}}"#);
        PublicStatement::of(&document).unwrap().into_iter().map(|public| public.name).collect()
    }

    #[test]
    fn everybody_is_everybody_however_it_is_written() {
        for statement in [
            r#"{"Sid":"All","Effect":"Allow","Principal":"*","Action":"kms:*"}"#,
            r#"[{"Sid":"All","Effect":"Allow","Principal":{"AWS":"*"},"Action":"kms:*"}]"#,
            r#"[{"Sid":"All","Effect":"Allow","Principal":{"AWS":["arn:aws:iam::1:root","*"]}}]"#,
            r#"[{"Sid":"All","Effect":"Allow","Principal":"*",
                "Condition":{"Bool":{"aws:SecureTransport":"true"}}}]"#,
        ] {
            assert_eq!(public(statement), ["All"], "{statement}");
        }
        assert_eq!(public(r#"[{"Effect":"Allow","Principal":"*"}]"#), ["number 1"]);
    }

    #[test]
    fn who_is_named_or_limited_is_not_everybody() {
        for statement in [
            r#"{"Effect":"Deny","Principal":"*"}"#,
            r#"{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:root"}}"#,
            r#"{"Effect":"Allow","Principal":{"Service":"s3.amazonaws.com"}}"#,
            r#"{"Effect":"Allow","Principal":{"AWS":"*"},
                "Condition":{"StringEquals":{"kms:CallerAccount":"111122223333"}}}"#,
            r#"{"Effect":"Allow","Principal":"*",
                "Condition":{"StringEquals":{"aws:PrincipalOrgID":["o-1"]}}}"#,
        ] {
            assert_eq!(public(statement), [""; 0], "{statement}");
        }
        assert!(PublicStatement::of("what?").is_err());
    }
}
