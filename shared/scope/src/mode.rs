//! What becomes of a plan that is permitted.

use std::fmt;

use serde::{Deserialize, Serialize};

/// What becomes of a plan that is permitted; of several that apply, the strictest counts.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "kebab-case")]
pub enum Mode {
    /// It is carried out.
    Enforce,
    /// It is carried out once a person agrees.
    Approve,
    /// It is recorded and told, and nothing is changed.
    #[default]
    DryRun,
}

impl Mode {
    /// All of them, the strictest last.
    pub const ALL: [Self; 3] = [Self::Enforce, Self::Approve, Self::DryRun];

    /// As `@mode` takes it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Enforce => "enforce",
            Self::Approve => "approve",
            Self::DryRun => "dry-run",
        }
    }

    /// The reverse of [`word`](Self::word).
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|mode| mode.word() == word)
    }
}

impl fmt::Display for Mode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.word())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mode_is_stored_as_it_is_written_and_the_strictest_is_the_greatest() {
        for mode in Mode::ALL {
            let stored = serde_json::to_value(mode).unwrap();
            assert_eq!(stored, mode.word());
            assert_eq!(Mode::from_word(mode.word()), Some(mode));
        }
        assert!(Mode::DryRun > Mode::Approve && Mode::Approve > Mode::Enforce);
        assert_eq!(Mode::from_word("Enforce"), None);
    }
}
