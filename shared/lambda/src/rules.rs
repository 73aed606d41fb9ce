//! The rules of who hears what, and their versions: `control`/`rules` is in force, `control`/`rules#00000007`
//! is what was in force as version 7.

use remedy::Timestamp;
use runtime::Error;

use crate::{
    policy::{Kind, Pushed, Version},
    table::Table,
};

/// What is read with every plan ends before this, in the order of sort keys: plans do not depend on rules.
pub(crate) const RULES: Kind = Kind {
    sk: "rules",
    what: "the rules",
    first: "what holds where no rules were pushed",
    show: "kintsugi rules show",
};

impl Table {
    /// The rules in force, as their author wrote them; none: none were pushed.
    ///
    /// # Errors
    /// If they cannot be read.
    pub async fn rules(&self) -> Result<Option<Pushed>, Error> {
        self.pushed(RULES).await
    }

    /// What was in force as this version, if there was one.
    ///
    /// # Errors
    /// If it cannot be read.
    pub async fn rules_version(&self, version: u32) -> Result<Option<Pushed>, Error> {
        self.pushed_as(RULES, version).await
    }

    /// What was in force, the newest version first.
    ///
    /// # Errors
    /// If it cannot be read.
    pub async fn rules_versions(&self) -> Result<Vec<Version>, Error> {
        self.versions(RULES).await
    }

    /// Puts other rules in force, as the version after `replaces` (0: nothing was pushed yet). Whether they
    /// are valid is for the caller to know.
    ///
    /// # Errors
    /// If they cannot be written, or somebody else was quicker: then others are in force.
    pub async fn push_rules(
        &self,
        text: &str,
        replaces: u32,
        by: &str,
        at: Timestamp,
        why: &str,
    ) -> Result<Pushed, Error> {
        let (text, by, why) = (text.to_owned(), by.to_owned(), why.to_owned());
        let pushed = Pushed { version: replaces.saturating_add(1), text, by, at, why };
        self.push(RULES, pushed, replaces).await
    }
}
