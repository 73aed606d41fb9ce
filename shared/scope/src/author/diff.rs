//! What two versions of a policy set differ in.

use std::collections::BTreeMap;

use cedar_policy::Policy;

use super::statement::Statement;

/// One policy that is not as it was. Comments between policies are no part of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Edit {
    /// It is new.
    Added {
        /// Its id; empty if it has none.
        id: String,
        /// Its text.
        text: String,
    },
    /// It is gone.
    Removed {
        /// Its id; empty if it has none.
        id: String,
        /// What its text was.
        text: String,
    },
    /// It is another one under the same id.
    Changed {
        /// Its id.
        id: String,
        /// What its text was.
        old: String,
        /// What its text is.
        new: String,
    },
}

impl Edit {
    /// The id of the policy.
    pub fn id(&self) -> &str {
        let (Self::Added { id, .. } | Self::Removed { id, .. } | Self::Changed { id, .. }) = self;
        id
    }
}

/// What became of the policies of `old` in `new`, in the order of `old`, then what is new. A policy that
/// only moved is as it was.
pub fn diff(old: &str, new: &str) -> Vec<Edit> {
    let (before, mut after) = (by_id(old), by_id(new));
    let order = |text| Statement::all(text).into_iter().map(id_of);
    let mut edits = Vec::new();
    let mut before = before;
    for id in order(old).chain(order(new)) {
        let edit = match (before.remove(&id), after.remove(&id)) {
            (Some(old), Some(new)) => {
                (old != new).then(|| Edit::Changed { id, old: old.join("\n"), new: new.join("\n") })
            }
            (Some(old), None) => Some(Edit::Removed { id, text: old.join("\n") }),
            (None, Some(new)) => Some(Edit::Added { id, text: new.join("\n") }),
            (None, None) => None,
        };
        edits.extend(edit);
    }
    edits
}

/// The texts of each id: more than one only where an id is there twice, or missing twice.
fn by_id(text: &str) -> BTreeMap<String, Vec<&str>> {
    let mut policies: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for statement in Statement::all(text) {
        policies.entry(id_of(statement)).or_default().push(statement.text);
    }
    policies
}

fn id_of(statement: Statement<'_>) -> String {
    let policy = Policy::parse(None, statement.text).ok();
    let id = policy.as_ref().and_then(|policy| policy.annotation("id"));
    id.unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn policy(id: &str, owner: &str) -> String {
        format!(
            "@id(\"{id}\") forbid (principal, action, resource) when {{ resource.owner == \"{owner}\" }};"
        )
    }

    #[test]
    fn what_is_new_gone_or_changed_is_told_by_id() {
        let text = |policies: &[(&str, &str)]| {
            policies.iter().map(|(id, o)| policy(id, o) + "\n").collect::<String>()
        };
        let old = text(&[("a", "x"), ("b", "x"), ("c", "x")]);
        let new = format!("// Moved.\n{}", text(&[("c", "y"), ("a", "x"), ("d", "x")]));
        assert_eq!(
            diff(&old, &new),
            [
                Edit::Removed { id: "b".into(), text: policy("b", "x") },
                Edit::Changed { id: "c".into(), old: policy("c", "x"), new: policy("c", "y") },
                Edit::Added { id: "d".into(), text: policy("d", "x") },
            ]
        );
        assert_eq!(diff(&old, &old), []);
        assert_eq!(diff("", "").len(), 0);
    }

    #[test]
    fn a_text_that_cannot_be_read_is_compared_too() {
        let edits = diff("nonsense;", &policy("a", "x"));
        assert_eq!(edits.iter().map(Edit::id).collect::<Vec<_>>(), ["", "a"]);
    }
}
