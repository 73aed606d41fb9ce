//! The tags that policies ask for.

use cedar_policy::{ActionConstraint, EntityUid, Policy, PolicySet};
use remedy::Tags;

use crate::{rule::Rule, token::tokens};

/// A tag that a permit asks for.
#[derive(Debug, Clone)]
pub(crate) struct Wanted {
    /// The permit's id.
    pub(crate) policy: String,
    pub(crate) key: String,
    /// `None` where any value will do.
    pub(crate) value: Option<String>,
    /// The permit by itself.
    pub(crate) alone: PolicySet,
    /// The actions and groups it is about; `None`: all.
    actions: Option<Vec<String>>,
}

impl Wanted {
    /// Those that `policy` asks for.
    pub(crate) fn of(rule: &Rule, policy: &Policy) -> Vec<Self> {
        let Ok(alone) = PolicySet::from_policies([policy.clone()]) else { return Vec::new() };
        let name = |uid: EntityUid| uid.id().unescaped().to_owned();
        let actions = match policy.action_constraint() {
            ActionConstraint::Any => None,
            ActionConstraint::Eq(action) => Some(vec![name(action)]),
            ActionConstraint::In(actions) => Some(actions.into_iter().map(name).collect()),
        };
        let wanted = pairs(&policy.to_string()).into_iter().map(|(key, value)| Self {
            policy: rule.name.clone(),
            key,
            value,
            alone: alone.clone(),
            actions: actions.clone(),
        });
        wanted.collect()
    }

    /// As it is told to people.
    pub(crate) fn words(&self) -> String {
        match &self.value {
            Some(value) => format!("{}={value}", self.key),
            None => self.key.clone(),
        }
    }

    /// Whether its permit is about any of these actions and groups.
    pub(crate) fn is_about(&self, groups: &[&str]) -> bool {
        let is_one = |action: &String| groups.contains(&action.as_str());
        self.actions.as_ref().is_none_or(|actions| actions.iter().any(is_one))
    }

    /// Whether it is there.
    pub(crate) fn is_in(&self, tags: &Tags) -> bool {
        let found = tags.get(&self.key);
        self.value.as_ref().map_or(found.is_some(), |value| found == Some(value))
    }

    /// The tag that was probably meant to be it.
    pub(crate) fn nearly(&self, tags: &Tags) -> Option<String> {
        let meant = |value: &String| self.value.as_ref().is_none_or(|wanted| alike(value, wanted));
        let (key, value) =
            tags.iter().find(|(key, value)| alike(key, &self.key) && meant(value))?;
        Some(format!("{key}={value}"))
    }
}

/// The same but for case and space: what people mean when they mistype a tag.
fn alike(one: &str, other: &str) -> bool {
    one.trim().eq_ignore_ascii_case(other.trim())
}

/// Every key and value that a policy's text compares; a key without a value where it is only asked
/// whether it is there. What is found is tried before it is told, so what is overlooked or too much
/// does no harm.
fn pairs(policy: &str) -> Vec<(String, Option<String>)> {
    let words: Vec<&str> = tokens(policy).map(|token| token.text).collect();
    let mut found: Vec<(String, Option<String>)> = Vec::new();
    let mut keys = Vec::new();
    for at in 0..words.len() {
        match words.get(at..).unwrap_or_default() {
            ["resource", ".", "hasTag", "(", key, ")", ..] => keys.extend(literal(key)),
            ["resource", ".", "getTag", "(", key, ")", "=", "=", value, ..]
            | [value, "=", "=", "resource", ".", "getTag", "(", key, ")", ..] => {
                found.extend(literal(key).zip(literal(value)).map(|(k, v)| (k, Some(v))));
            }
            ["]", ".", "contains", "(", "resource", ".", "getTag", "(", key, ")", ")", ..] => {
                let before = words.iter().take(at).rev().take_while(|word| **word != "[");
                let values = before.filter_map(|word| literal(word));
                found.extend(values.filter_map(|value| Some((literal(key)?, Some(value)))));
            }
            _ => {}
        }
    }
    for key in keys {
        if !found.iter().any(|(known, _)| *known == key) {
            found.push((key, None));
        }
    }
    found.sort();
    found.dedup();
    found
}

/// What a string of Cedar's says.
fn literal(word: &str) -> Option<String> {
    let inner = word.strip_prefix('"')?.strip_suffix('"')?;
    if !inner.contains('\\') {
        return Some(inner.to_owned());
    }
    let policy = format!("@id({word}) permit (principal, action, resource);");
    Some(Policy::parse(None, policy).ok()?.annotation("id")?.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_found_wherever_a_policy_asks_for_them() {
        for (when, expected) in [
            (r#"resource.hasTag("a") && resource.getTag("a") == "1""#, "a=1"),
            (r#"resource.hasTag("a") && "1" == resource.getTag("a")"#, "a=1"),
            (r#"resource.hasTag("a")"#, "a"),
            (
                r#"resource . hasTag("a\"\u{e9}") && // x
               resource.getTag("a\"\u{e9}") == "\\""#,
                "a\"é=\\",
            ),
            (r#"resource.hasTag("a") && ["1", "2"].contains(resource.getTag("a"))"#, "a=1 a=2"),
            (r#"resource.hasTag("a") && resource.getTag("a") like "1*""#, "a"),
            (r#"if resource.hasTag("a") then !(resource.hasTag("b")) else context.asked"#, "a b"),
            (r#"resource.owner == "none""#, ""),
            ("resource.hasTag(context.trigger)", ""),
        ] {
            let policy = format!("permit (principal, action, resource) when {{ {when} }};");
            let policy = Policy::parse(None, policy).unwrap().to_string();
            let words = |(key, value): (String, Option<String>)| match value {
                Some(value) => format!("{key}={value}"),
                None => key,
            };
            let found: Vec<String> = pairs(&policy).into_iter().map(words).collect();
            assert_eq!(found.join(" "), expected, "{when}");
        }
    }
}
