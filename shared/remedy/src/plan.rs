//! What should change.

use serde::{Deserialize, Serialize};

use crate::{Change, Hold};

/// The changes that put a facet right, in the order they are made. Empty means: nothing to do.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Plan<C> {
    /// To be made.
    pub changes: Vec<C>,
    /// What would have to change too, and is left alone on purpose.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub left: Vec<Left>,
    /// Why a person should look before it is carried out, if one should.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ask: Option<String>,
    /// What operators should hear of although it is carried out, if there is something.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub alarm: Option<String>,
    /// There is more to do, another time: it does not fit into one record.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub more: bool,
    /// The commands of the AWS CLI that a person types for what is left to them, in their order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub by_hand: Vec<String>,
}

/// Something wrong that a plan leaves as it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Left {
    /// Such as `tcp/22 from 0.0.0.0/0`.
    pub what: String,
    /// The reason.
    pub why: Hold,
}

impl<C: Change> Plan<C> {
    /// Nothing to do.
    pub fn none() -> Self {
        Self {
            changes: Vec::new(),
            left: Vec::new(),
            ask: None,
            alarm: None,
            more: false,
            by_hand: Vec::new(),
        }
    }
    /// Nothing that is done here, not even on request: `what` is wrong, `why` a person must look, and what
    /// they would type.
    pub fn by_hand(
        what: impl Into<String>,
        why: impl Into<String>,
        commands: impl IntoIterator<Item = String>,
    ) -> Self {
        let left = Left { what: what.into(), why: Hold::ByHand { why: why.into() } };
        Self { left: vec![left], by_hand: commands.into_iter().collect(), ..Self::none() }
    }
    /// The same, if a person agrees; `why` says why one should look.
    #[must_use]
    pub fn asking(self, why: impl Into<String>) -> Self {
        if self.is_empty() { self } else { Self { ask: Some(why.into()), ..self } }
    }
    /// Whether there is nothing to change.
    pub fn is_empty(&self) -> bool {
        self.changes.is_empty()
    }
    /// The changes that take this one back, last change first; `None` if some change cannot be.
    pub fn inverse(&self) -> Option<Vec<C>> {
        self.changes.iter().rev().map(Change::inverse).collect()
    }
    /// One line a change, for people.
    pub fn lines(&self) -> Vec<String> {
        self.changes.iter().map(ToString::to_string).collect()
    }
}

impl<C: Change> FromIterator<C> for Plan<C> {
    fn from_iter<I: IntoIterator<Item = C>>(changes: I) -> Self {
        Self { changes: changes.into_iter().collect(), ..Self::none() }
    }
}
