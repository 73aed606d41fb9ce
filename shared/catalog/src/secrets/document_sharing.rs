//! Facet: whether the documents of an account can be shared with everybody.

use std::fmt;

use remedy::{Action, Facet, Place, Setting, Swap, Tags, account_id};
use serde::{Deserialize, Serialize};

account_id!(
    /// The account whose documents they are.
    DocumentSharingId, "ssm", "document-public-sharing", regional, "/systems-manager/documents?region={region}"
);

/// Whether documents can be shared with everybody.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct DocumentSharing {
    /// Whether they can.
    pub public: bool,
}

/// Whether documents can be shared with everybody.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DocumentSharingSetting {
    /// Whether they can.
    Public(bool),
}

impl DocumentSharing {
    /// What Systems Manager calls the setting.
    pub const SETTING: &'static str = "/ssm/documents/console/public-sharing-permission";
}

const SETTING: &str = "arn:${AWS::Partition}:ssm:*:${AWS::AccountId}:servicesetting/ssm/documents/console/public-sharing-permission";
const UPDATE: &[Action] = &[Action::on(SETTING, "ssm:UpdateServiceSetting")];

impl Facet for DocumentSharing {
    type Id = DocumentSharingId;
    type Change = Swap<DocumentSharingSetting>;

    const NAME: &'static str = "sharing of documents";
    const READS: &'static [Action] = &[Action::on(SETTING, "ssm:GetServiceSetting")];

    fn tags(&self) -> Option<&Tags> {
        None
    }

    fn after(self, change: &Swap<DocumentSharingSetting>) -> Self {
        let DocumentSharingSetting::Public(public) = change.to;
        Self { public }
    }

    fn commands(
        place: &Place,
        _: &DocumentSharingId,
        changes: &[Swap<DocumentSharingSetting>],
    ) -> Vec<String> {
        let command = |change: &Swap<DocumentSharingSetting>| {
            format!(
                "aws ssm update-service-setting --region {} --setting-id {} --setting-value {}",
                place.region,
                Self::SETTING,
                change.to.value()
            )
        };
        changes.iter().map(command).collect()
    }
}

impl DocumentSharingSetting {
    /// As Systems Manager writes it.
    pub fn value(&self) -> &'static str {
        match self {
            Self::Public(true) => "Enable",
            Self::Public(false) => "Disable",
        }
    }
}

impl Setting for DocumentSharingSetting {
    const MAKE: &'static [Action] = UPDATE;
    const UNDO: &'static [Action] = UPDATE;

    fn needs(&self) -> &'static [Action] {
        UPDATE
    }
}

impl fmt::Display for DocumentSharingSetting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Public(true) => "public sharing of documents allowed",
            Self::Public(false) => "public sharing of documents blocked",
        })
    }
}
