//! Facet: whether Macie looks for sensitive data in buckets by itself.

use std::fmt;

use remedy::{Action, Facet, Place, Setting, Swap, Tags, quoted};
use serde::{Deserialize, Serialize};

use super::word;

remedy::account_id!(
    /// The account in whose buckets Macie looks for sensitive data in a Region.
    DiscoveryId, "macie2", "automated-discovery", regional, "/macie/home?region={region}#settings/automated"
);

/// The automated discovery of Macie.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Discovery {
    /// Whether Macie is on at all.
    pub macie: bool,
    /// Whether it looks by itself.
    pub on: bool,
    /// For which accounts of the organisation it is turned on by itself, if it says: `ALL`, `NEW`, `NONE`.
    pub members: Option<String>,
}

/// What the automated discovery is set to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DiscoverySetting {
    /// Whether Macie looks by itself.
    pub on: bool,
    /// For which accounts of the organisation it is turned on by itself: as it was found, since AWS takes all
    /// of them where nothing is said.
    pub members: Option<String>,
}

const UPDATE: &[Action] = &[Action::on("*", "macie2:UpdateAutomatedDiscoveryConfiguration")];

impl Facet for Discovery {
    type Id = DiscoveryId;
    type Change = Swap<DiscoverySetting>;

    const NAME: &'static str = "automated discovery of Macie";
    const READS: &'static [Action] = &[
        Action::on("*", "macie2:GetAutomatedDiscoveryConfiguration"),
        Action::on("*", "macie2:GetMacieSession"),
    ];

    fn tags(&self) -> Option<&Tags> {
        None
    }

    fn after(mut self, change: &Swap<DiscoverySetting>) -> Self {
        self.on = change.to.on;
        self
    }

    fn commands(place: &Place, _: &DiscoveryId, changes: &[Swap<DiscoverySetting>]) -> Vec<String> {
        let command = |change: &Swap<DiscoverySetting>| {
            let status = if change.to.on { "ENABLED" } else { "DISABLED" };
            let members = change.to.members.as_deref();
            let members =
                members.map(|who| format!(" --auto-enable-organization-members {}", quoted(who)));
            format!(
                "aws macie2 update-automated-discovery-configuration --region {} --status {status}{}",
                place.region,
                members.unwrap_or_default()
            )
        };
        changes.iter().map(command).collect()
    }
}

impl Setting for DiscoverySetting {
    const MAKE: &'static [Action] = UPDATE;
    const UNDO: &'static [Action] = UPDATE;

    fn needs(&self) -> &'static [Action] {
        UPDATE
    }
}

impl fmt::Display for DiscoverySetting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "automated discovery {}", word(self.on))
    }
}
