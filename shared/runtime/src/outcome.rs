//! How a record ended, and what became of each of its changes.

use remedy::Hold;
use serde::{Deserialize, Serialize};

/// A change, for people.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// Such as `revoke tcp/22 from 0.0.0.0/0`.
    pub what: String,
    /// What became of it.
    pub state: State,
    /// It only keeps up what was decided before, and is no news.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub routine: bool,
}

/// What became of a change.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// Not made, or not yet.
    #[default]
    Planned,
    /// Made.
    Made,
    /// Refused, with AWS's answer.
    Refused(String),
}

/// How it ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Outcome {
    /// It has not ended: the plan is being carried out, or the run was cut short.
    Open,
    /// The event asks for nothing.
    Ignored {
        /// Why.
        why: String,
    },
    /// The event, the resource or its tags could not be read, so nothing was changed.
    Unreadable {
        /// What was tried, on what, and what came back.
        why: String,
    },
    /// The resource is not there any more.
    Gone,
    /// Nothing is wrong with the resource (any more).
    Right,
    /// Something should change, and was not changed.
    Held {
        /// Every reason, the most final first.
        why: Vec<Hold>,
    },
    /// Everything was changed, and nothing is left to change.
    Fixed,
    /// Some changes were refused; the others are made.
    Partial,
    /// Every change was made, and the resource is still not right.
    NotFixed {
        /// What would have to change still.
        left: Vec<String>,
    },
    /// Every change was refused.
    Failed,
    /// A person ordered something that changes no resource.
    Ordered {
        /// What.
        what: String,
    },
}

impl Outcome {
    /// One word, for metrics and filters.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Ignored { .. } => "ignored",
            Self::Unreadable { .. } => "unreadable",
            Self::Gone => "gone",
            Self::Right => "right",
            Self::Held { .. } => "held",
            Self::Fixed => "fixed",
            Self::Partial => "partial",
            Self::NotFixed { .. } => "not-fixed",
            Self::Failed => "failed",
            Self::Ordered { .. } => "ordered",
        }
    }

    /// Whether changes were made under it: its record must be kept for an undo.
    pub fn has_changed_something(&self) -> bool {
        matches!(self, Self::Fixed | Self::Partial | Self::NotFixed { .. })
    }
}
