//! Facet: whether new EBS volumes of an account are encrypted unless somebody asks for it.

use std::fmt;

use remedy::{Action, Facet, Place, Setting, Swap, Tags, account_id};
use serde::{Deserialize, Serialize};

account_id!(
    /// The default encryption of EBS volumes in a Region of an account.
    EbsEncryptionId,
    "ec2",
    "ebs-encryption-by-default",
    regional,
    "/ec2/home?region={region}#Settings:tab=dataProtectionAndSecurity"
);

/// The default encryption of EBS volumes.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct EbsEncryption {
    /// Whether it is on.
    pub on: bool,
}

/// What it is set to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum EbsEncryptionSetting {
    /// Whether new volumes and copies of snapshots are encrypted.
    ByDefault(bool),
}

/// AWS knows no resource for what concerns the whole account.
const ENABLE: &[Action] = &[Action::on("*", "ec2:EnableEbsEncryptionByDefault")];
const DISABLE: &[Action] = &[Action::on("*", "ec2:DisableEbsEncryptionByDefault")];

impl Facet for EbsEncryption {
    type Id = EbsEncryptionId;
    type Change = Swap<EbsEncryptionSetting>;

    const NAME: &'static str = "default encryption of EBS volumes";
    const READS: &'static [Action] = &[Action::on("*", "ec2:GetEbsEncryptionByDefault")];

    fn tags(&self) -> Option<&Tags> {
        None
    }

    fn after(mut self, change: &Swap<EbsEncryptionSetting>) -> Self {
        match change.to {
            EbsEncryptionSetting::ByDefault(on) => self.on = on,
        }
        self
    }

    fn commands(
        place: &Place,
        _: &EbsEncryptionId,
        changes: &[Swap<EbsEncryptionSetting>],
    ) -> Vec<String> {
        let command = |change: &Swap<EbsEncryptionSetting>| {
            let verb = match change.to {
                EbsEncryptionSetting::ByDefault(true) => "enable",
                EbsEncryptionSetting::ByDefault(false) => "disable",
            };
            format!("aws ec2 {verb}-ebs-encryption-by-default --region {}", place.region)
        };
        changes.iter().map(command).collect()
    }
}

impl Setting for EbsEncryptionSetting {
    const MAKE: &'static [Action] = ENABLE;
    const UNDO: &'static [Action] = DISABLE;

    fn needs(&self) -> &'static [Action] {
        match self {
            Self::ByDefault(true) => ENABLE,
            Self::ByDefault(false) => DISABLE,
        }
    }
}

impl fmt::Display for EbsEncryptionSetting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ByDefault(true) => f.write_str("encryption by default on"),
            Self::ByDefault(false) => f.write_str("encryption by default off"),
        }
    }
}
