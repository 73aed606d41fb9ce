//! Edits of policies, and the plan that closes one to the world.

use std::fmt;

use remedy::{Change, Hold, Left, Plan, quoted};
use serde::{Deserialize, Serialize};

use super::{Policy, Reach, Statement};

/// An edit of a policy. The order of statements says nothing, so it knows no places.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PolicyEdit {
    /// Takes a statement out.
    TakeOut(Statement),
    /// Puts a statement in.
    PutIn(Statement),
}

impl PolicyEdit {
    /// `policy` after it.
    #[must_use]
    pub fn on(&self, policy: Policy) -> Policy {
        match self {
            Self::TakeOut(statement) => policy.without(statement),
            Self::PutIn(statement) => policy.with(statement),
        }
    }

    pub(super) fn inverse(&self) -> Self {
        match self {
            Self::TakeOut(statement) => Self::PutIn(statement.clone()),
            Self::PutIn(statement) => Self::TakeOut(statement.clone()),
        }
    }

    /// What makes it of the text of a policy, for `jq`.
    fn filter(&self) -> String {
        match self {
            Self::TakeOut(statement) => format!(".Statement -= [{}]", statement.text()),
            Self::PutIn(statement) => format!(".Statement += [{}]", statement.text()),
        }
    }
}

impl fmt::Display for PolicyEdit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TakeOut(statement) => write!(f, "take out of its policy {statement}"),
            Self::PutIn(statement) => write!(f, "put into its policy {statement}"),
        }
    }
}

/// The command that makes `edits` of `policy.json`, as `edited.json`.
pub(super) fn command<'a>(edits: impl Iterator<Item = &'a PolicyEdit>) -> String {
    let filters: Vec<_> = edits.map(PolicyEdit::filter).collect();
    format!("jq -c {} policy.json > edited.json", quoted(&filters.join(" | ")))
}

/// Takes out what lets everybody in. Of a statement that also names some, these stay; if nothing at all would be
/// left, `owner` is put in. What cannot be judged is left to a person, who begins with `by_hand`.
pub(super) fn close<C: Change>(
    policy: &Policy,
    owner: Option<Statement>,
    edit: fn(PolicyEdit) -> C,
    by_hand: impl IntoIterator<Item = String>,
) -> Plan<C> {
    let (mut put, mut taken, mut left) = (Vec::new(), Vec::new(), Vec::new());
    for statement in policy.statements() {
        match statement.reach() {
            Reach::Somebody => {}
            Reach::Anybody if taken.contains(statement) => {}
            Reach::Anybody => {
                put.extend(statement.narrowed().filter(|narrow| !policy.has(narrow)));
                taken.push(statement.clone());
            }
            Reach::Unclear(condition) => {
                let why =
                    format!("nobody can tell from here whom its condition {condition} keeps out");
                left.push(Left { what: statement.to_string(), why: Hold::ByHand { why } });
            }
        }
    }
    let stays = policy.statements().iter().any(|one| !taken.contains(one)) || !put.is_empty();
    put.extend(owner.filter(|_| !taken.is_empty() && !stays));
    let put = put.into_iter().map(PolicyEdit::PutIn);
    let edits = put.chain(taken.into_iter().map(PolicyEdit::TakeOut));
    let plan: Plan<C> = edits.map(edit).collect();
    let by_hand = if left.is_empty() { Vec::new() } else { by_hand.into_iter().collect() };
    let plan = Plan { left, by_hand, ..plan };
    match policy.shield() {
        Some(shield) => plan.asking(format!(
            "the policy also denies, and may keep everybody out already: {shield}"
        )),
        None => plan,
    }
}
