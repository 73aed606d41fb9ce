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
        Self { changes: Vec::new(), left: Vec::new(), ask: None, alarm: None, more: false }
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
