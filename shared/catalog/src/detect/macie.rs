//! Facet: whether Macie looks at the buckets of an account and Region.

use std::fmt;

use remedy::{Action, Facet, Place, Setting, Swap, Tags};
use serde::{Deserialize, Serialize};

use super::guard_duty::service_role;

remedy::account_id!(
    /// The account whose buckets Macie looks at in a Region.
    MacieId, "macie2", "session", regional, "/macie/home?region={region}#settings"
);

/// Macie in an account and Region.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Macie {
    /// Whether it looks.
    pub state: MacieState,
}

/// Whether Macie looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum MacieState {
    /// It knows nothing of the account.
    #[default]
    Off,
    /// It keeps what it knows and looks at nothing.
    Paused,
    /// It does.
    On,
}

const UPDATE: Action = Action::on("*", "macie2:UpdateMacieSession");
const ENABLE: Action = Action::on("*", "macie2:EnableMacie");
const ROLE: Action = service_role(
    "arn:${AWS::Partition}:iam::${AWS::AccountId}:role/aws-service-role/macie.amazonaws.com/*",
    "macie.amazonaws.com",
);

impl Facet for Macie {
    type Id = MacieId;
    type Change = Swap<MacieState>;

    const NAME: &'static str = "Macie in a Region";
    const READS: &'static [Action] = &[Action::on("*", "macie2:GetMacieSession")];

    fn tags(&self) -> Option<&Tags> {
        None
    }

    fn after(mut self, change: &Swap<MacieState>) -> Self {
        self.state = change.to;
        self
    }

    fn commands(place: &Place, _: &MacieId, changes: &[Swap<MacieState>]) -> Vec<String> {
        let region = &place.region;
        let command = |change: &Swap<MacieState>| match (change.from, change.to) {
            (_, MacieState::Off) => None,
            (MacieState::Off, MacieState::On) => {
                Some(format!("aws macie2 enable-macie --region {region} --status ENABLED"))
            }
            (_, MacieState::On) => {
                Some(format!("aws macie2 update-macie-session --region {region} --status ENABLED"))
            }
            (_, MacieState::Paused) => {
                Some(format!("aws macie2 update-macie-session --region {region} --status PAUSED"))
            }
        };
        changes.iter().filter_map(command).collect()
    }
}

impl Setting for MacieState {
    const MAKE: &'static [Action] = &[ENABLE, ROLE, UPDATE];
    const UNDO: &'static [Action] = &[UPDATE];

    fn needs(&self) -> &'static [Action] {
        match self {
            Self::Off => &[],
            Self::Paused => Self::UNDO,
            Self::On => Self::MAKE,
        }
    }

    /// It is not turned off: all that it knows would go.
    fn comes_back(&self, _: &Self) -> bool {
        *self != Self::Off
    }
}

impl fmt::Display for MacieState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Off => "Macie off",
            Self::Paused => "Macie paused",
            Self::On => "Macie on",
        })
    }
}
