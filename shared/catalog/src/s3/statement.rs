//! What a statement of a bucket's policy says.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use super::wildcard::{covers, overlap};

/// A statement, as far as it is understood here.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Statement {
    pub(super) sid: Option<String>,
    pub(super) effect: Effect,
    principal: Option<Whom>,
    not_principal: Option<Whom>,
    action: Option<Words>,
    not_action: Option<Words>,
    resource: Option<Words>,
    not_resource: Option<Words>,
    #[serde(default)]
    condition: BTreeMap<String, BTreeMap<String, Words>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub(super) enum Effect {
    Allow,
    Deny,
}

/// Whom a statement is about.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Who {
    Anyone,
    /// An account, by its number, or a user or role of one.
    Aws(String),
    /// A service of AWS.
    Service(String),
    /// Somebody else: the kind, and the name.
    Other(String, String),
}

impl Who {
    /// The account that it is, or belongs to.
    pub(super) fn account(&self) -> Option<&str> {
        let Self::Aws(name) = self else { return None };
        let account = match remedy::Arn::parse(name) {
            Some(arn) => arn.account,
            None => name,
        };
        let is_account = account.len() == 12 && account.bytes().all(|b| b.is_ascii_digit());
        is_account.then_some(account)
    }

    /// What `name` names. S3 gives the numbers of accounts back as ARNs.
    fn aws(name: String) -> Self {
        if name == "*" {
            return Self::Anyone;
        }
        let root = remedy::Arn::parse(&name);
        let root = root.filter(|arn| arn.service == "iam" && arn.resource == "root");
        Self::Aws(root.map(|arn| arn.account.to_owned()).unwrap_or(name))
    }

    /// Whether it is what IAM leaves of a user or role that is gone. S3 takes no policy with it.
    pub(super) fn is_gone(&self) -> bool {
        let Self::Aws(name) = self else { return false };
        let is_id = |prefix| name.starts_with(prefix) && name.len() >= 16;
        ["AIDA", "AROA", "AGPA", "AIPA"].into_iter().any(is_id) && !name.contains(':')
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(from = "Principals")]
struct Whom(Vec<Who>);

#[derive(Deserialize)]
#[serde(untagged)]
enum Principals {
    All(String),
    Some(BTreeMap<String, Words>),
}

impl From<Principals> for Whom {
    fn from(principals: Principals) -> Self {
        let who = |kind: &str, name: String| match kind {
            "AWS" => Who::aws(name),
            "Service" => Who::Service(name),
            _ => Who::Other(kind.into(), name),
        };
        Self(match principals {
            Principals::All(name) => vec![who("AWS", name)],
            Principals::Some(kinds) => {
                let each = |(kind, names): (String, Words)| {
                    names.0.into_iter().map(move |name| who(&kind, name)).collect::<Vec<_>>()
                };
                kinds.into_iter().flat_map(each).collect()
            }
        })
    }
}

/// One, or a list in any order; true, false and numbers are as good as their texts.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(from = "OneOrMany")]
struct Words(BTreeSet<String>);

#[derive(Deserialize)]
#[serde(untagged)]
enum OneOrMany {
    One(Word),
    Many(Vec<Word>),
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Word {
    Text(String),
    Flag(bool),
    Number(serde_json::Number),
}

impl From<OneOrMany> for Words {
    fn from(words: OneOrMany) -> Self {
        let text = |word| match word {
            Word::Text(text) => text,
            Word::Flag(flag) => flag.to_string(),
            Word::Number(number) => number.to_string(),
        };
        Self(match words {
            OneOrMany::One(word) => [text(word)].into(),
            OneOrMany::Many(words) => words.into_iter().map(text).collect(),
        })
    }
}

impl Words {
    fn any(&self, is: impl Fn(&str) -> bool) -> bool {
        self.0.iter().any(|word| is(word))
    }
}

impl Statement {
    /// Whom it names; nobody, if it names whom it is not about.
    pub(super) fn named(&self) -> &[Who] {
        self.principal.as_ref().map_or(&[], |whom| &whom.0)
    }

    /// Whom it is about: anyone, if it names whom it is not about.
    pub(super) fn about(&self) -> &[Who] {
        self.principal.as_ref().map_or(&[Who::Anyone], |whom| &whom.0)
    }

    /// Whether some action that `pattern` means is one of its.
    pub(super) fn touches(&self, pattern: &str) -> bool {
        match (&self.action, &self.not_action) {
            (Some(actions), _) => actions.any(|action| overlap(action, pattern)),
            (None, Some(others)) => !others.any(|other| covers(other, pattern)),
            (None, None) => false,
        }
    }

    /// Whether all that `pattern` means are its actions, on the bucket `resource` and all that is in it.
    pub(super) fn covers(&self, pattern: &str, resource: &str) -> bool {
        let named = |words: &Option<Words>, name: &str| {
            words.as_ref().is_some_and(|words| words.any(|word| covers(word, name)))
        };
        named(&self.action, pattern)
            && named(&self.resource, resource)
            && named(&self.resource, &format!("{resource}/*"))
    }

    /// Whether it has just these conditions: operator, key and value.
    pub(super) fn holds_if(&self, conditions: &[(&str, &str, &str)]) -> bool {
        let said = self.condition.iter().flat_map(|(operator, keys)| {
            keys.iter().map(move |(key, values)| (operator, key, values))
        });
        let is = |operator: &String, key: &String, values: &Words| {
            conditions.iter().any(|(wanted, name, value)| {
                // With `IfExists` it holds where the key is missing, too: that is no less.
                operator.strip_suffix("IfExists").unwrap_or(operator) == *wanted
                    && key.eq_ignore_ascii_case(name)
                    && values.0.len() == 1
                    && values.any(|only| only.eq_ignore_ascii_case(value))
            })
        };
        let mut count = 0;
        for (operator, key, values) in said {
            if !is(operator, key, values) {
                return false;
            }
            count += 1;
        }
        count == conditions.len()
    }
}
