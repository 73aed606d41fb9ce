//! Facet: what a policy of the account's own allows.

use std::fmt;

use remedy::{Action, Facet, Id, Never, Place, Tags};
use serde::{Deserialize, Deserializer, Serialize};

use super::user::{arn, located};

/// A policy of the account's own: the name, which no other in the account has, and the path it is under.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CustomerPolicyId {
    /// Such as `/`.
    pub path: String,
    /// Such as `deploy`.
    pub name: String,
}

impl Id for CustomerPolicyId {
    const TYPE: &'static str = "AWS::IAM::Policy";

    fn locate(resource: &str) -> Option<Self> {
        let (path, name) = located(resource, "policy")?;
        Some(Self { path, name })
    }

    fn arn(&self, place: &Place) -> String {
        arn(place, "policy", &self.path, &self.name)
    }

    fn link(&self, place: &Place) -> String {
        let (console, region, arn) = (place.console(), &place.region, self.arn(place));
        format!("{console}/iam/home?region={region}#/policies/details/{arn}")
    }
}

impl fmt::Display for CustomerPolicyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)
    }
}

/// A policy of the account's own.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct CustomerPolicy {
    /// The version that holds, such as `v3`.
    pub version: String,
    /// What it says.
    pub statements: Vec<Statement>,
    /// How many users, groups and roles it is attached to.
    pub attachments: u32,
    /// The policy's tags.
    pub tags: Tags,
}

/// A statement of a policy, as far as it matters here.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct Statement {
    /// What its author calls it.
    pub sid: String,
    /// `Allow` or `Deny`.
    pub effect: String,
    /// Actions, with wildcards.
    #[serde(deserialize_with = "one_or_more")]
    pub action: Vec<String>,
    /// All actions but these.
    #[serde(deserialize_with = "one_or_more")]
    pub not_action: Vec<String>,
    /// ARNs, with wildcards.
    #[serde(deserialize_with = "one_or_more")]
    pub resource: Vec<String>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum OneOrMore<T> {
    One(T),
    More(Vec<T>),
}

fn one_or_more<'de, D: Deserializer<'de>, T: Deserialize<'de>>(
    from: D,
) -> Result<Vec<T>, D::Error> {
    Ok(match OneOrMore::deserialize(from)? {
        OneOrMore::One(one) => vec![one],
        OneOrMore::More(more) => more,
    })
}

impl Statement {
    /// The statements of a policy's document.
    ///
    /// # Errors
    /// If it is no such document.
    pub fn of(document: &str) -> Result<Vec<Self>, String> {
        #[derive(Deserialize)]
        #[serde(rename_all = "PascalCase")]
        struct Document {
            #[serde(deserialize_with = "one_or_more")]
            statement: Vec<Statement>,
        }
        let read: Result<Document, _> = serde_json::from_str(document);
        read.map(|document| document.statement).map_err(|error| error.to_string())
    }

    /// Whether it allows `action`, wherever.
    pub fn allows(&self, action: &str) -> bool {
        let matches = |pattern: &String| is_like(pattern, action);
        let is_meant = match self.not_action.is_empty() {
            true => self.action.iter().any(matches),
            false => !self.not_action.iter().any(matches),
        };
        self.effect == "Allow" && is_meant
    }
}

/// Whether `text` is like `pattern`, in which `*` stands for anything and `?` for a character; the case of
/// letters says nothing.
pub(super) fn is_like(pattern: &str, text: &str) -> bool {
    let (pattern, text) = (pattern.to_ascii_lowercase(), text.to_ascii_lowercase());
    let (pattern, text): (Vec<char>, Vec<char>) =
        (pattern.chars().collect(), text.chars().collect());
    // The ends of what the pattern so far can have eaten.
    let mut ends = vec![true];
    ends.resize(text.len() + 1, false);
    for wanted in pattern {
        let mut next = vec![false; text.len() + 1];
        for at in 0..=text.len() {
            next[at] = match wanted {
                '*' => ends[at] || (at > 0 && next[at - 1]),
                '?' => at > 0 && ends[at - 1],
                letter => at > 0 && ends[at - 1] && text[at - 1] == letter,
            };
        }
        ends = next;
    }
    ends.last().copied().unwrap_or_default()
}

const POLICIES: &str = "arn:${AWS::Partition}:iam::${AWS::AccountId}:policy/*";

impl Facet for CustomerPolicy {
    type Id = CustomerPolicyId;
    type Change = Never;

    const NAME: &'static str = "policy";
    const READS: &'static [Action] =
        &[Action::on(POLICIES, "iam:GetPolicy"), Action::on(POLICIES, "iam:GetPolicyVersion")];

    fn tags(&self) -> Option<&Tags> {
        Some(&self.tags)
    }

    fn after(self, change: &Never) -> Self {
        match *change {}
    }

    fn commands(_: &Place, _: &CustomerPolicyId, _: &[Never]) -> Vec<String> {
        Vec::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_is_read_however_it_is_written() {
        let one = r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}"#;
        let more = r#"{"Statement":[{"Sid":"a","Effect":"Allow","NotAction":["iam:*"],"Resource":["*"],
            "Condition":{"Bool":{"aws:SecureTransport":"true"}}}]}"#;
        assert_eq!(Statement::of(one).unwrap()[0].action, ["*"]);
        assert_eq!(Statement::of(more).unwrap()[0].not_action, ["iam:*"]);
        assert!(Statement::of("{}").is_err());
        assert!(Statement::of("what?").is_err());
    }

    #[test]
    fn what_is_allowed_is_what_the_patterns_meet() {
        let statement = |text: &str| serde_json::from_str::<Statement>(text).unwrap();
        for (text, is) in [
            (r#"{"Effect":"Allow","Action":"kms:*"}"#, true),
            (r#"{"Effect":"Allow","Action":["s3:*","KMS:De*pt"]}"#, true),
            (r#"{"Effect":"Allow","Action":"kms:Decryp?"}"#, true),
            (r#"{"Effect":"Allow","Action":"*"}"#, true),
            (r#"{"Effect":"Allow","NotAction":"iam:*"}"#, true),
            (r#"{"Effect":"Allow","NotAction":"kms:*"}"#, false),
            (r#"{"Effect":"Allow","Action":"kms:Encrypt"}"#, false),
            (r#"{"Effect":"Allow","Action":"kms:Decrypt?"}"#, false),
            (r#"{"Effect":"Deny","Action":"*"}"#, false),
            (r#"{"Effect":"Allow"}"#, false),
        ] {
            assert_eq!(statement(text).allows("kms:Decrypt"), is, "{text}");
        }
    }
}
