//! Changes of what has one value at a time.

use std::fmt::{self, Debug, Display};

use serde::{Deserialize, Serialize, de::DeserializeOwned};

use crate::{Action, Change};

/// What a resource is set to in one respect, such as `deletion protection on`.
///
/// An enum with a variant for each setting that a facet has, each holding the value. Its [`Display`] goes
/// after "set ": `set deletion protection on`.
pub trait Setting:
    Clone + Debug + Display + PartialEq + Serialize + DeserializeOwned + Send + Sync
{
    /// What setting what is planned needs.
    const MAKE: &'static [Action];
    /// What setting it back needs.
    const UNDO: &'static [Action];

    /// What setting this very one needs.
    fn needs(&self) -> &'static [Action];

    /// Whether it can be set back to this once it is set to `to`.
    fn comes_back(&self, _to: &Self) -> bool {
        true
    }
}

/// One setting is given another value.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Swap<S> {
    /// As it was found.
    pub from: S,
    /// As it should be.
    pub to: S,
}

impl<S: Setting> Swap<S> {
    /// The change from `from` to `to`, if they differ.
    pub fn of(from: S, to: S) -> Option<Self> {
        (from != to).then_some(Self { from, to })
    }
}

impl<S: Setting> Change for Swap<S> {
    const MAKE: &'static [Action] = S::MAKE;
    const UNDO: &'static [Action] = S::UNDO;

    fn needs(&self) -> &'static [Action] {
        self.to.needs()
    }

    fn inverse(&self) -> Option<Self> {
        let back = Self { from: self.to.clone(), to: self.from.clone() };
        self.from.comes_back(&self.to).then_some(back)
    }
}

impl<S: Setting> Display for Swap<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "set {} (it is {})", self.to, self.from)
    }
}
