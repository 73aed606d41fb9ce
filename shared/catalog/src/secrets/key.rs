//! Facet: the life of a KMS key: whether its material is rotated, and whether it is about to be deleted.

use std::fmt;

use remedy::{Action, Arn, Facet, Id, Place, Setting, Swap, Tags, Timestamp};
use serde::{Deserialize, Serialize};

/// The id of a key, such as `1234abcd-12ab-34cd-56ef-1234567890ab`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyId(pub String);

impl Id for KeyId {
    const TYPE: &'static str = "AWS::KMS::Key";

    fn locate(resource: &str) -> Option<Self> {
        let id = match Arn::parse(resource) {
            Some(arn) if arn.service == "kms" => arn.resource.strip_prefix("key/")?,
            Some(_) => return None,
            None => resource,
        };
        is_id(id).then(|| Self(id.to_owned()))
    }

    fn arn(&self, Place { partition, account, region }: &Place) -> String {
        format!("arn:{partition}:kms:{region}:{account}:key/{self}")
    }

    fn link(&self, place: &Place) -> String {
        format!("{}/kms/home?region={}#/kms/keys/{self}", place.console(), place.region)
    }
}

/// A UUID; of a key in several Regions without its dashes, after `mrk-`.
fn is_id(id: &str) -> bool {
    let is_hex =
        |text: &str, length| text.len() == length && text.bytes().all(|b| b.is_ascii_hexdigit());
    if let Some(id) = id.strip_prefix("mrk-") {
        return is_hex(id, 32);
    }
    let (parts, lengths): (Vec<_>, _) = (id.split('-').collect(), [8, 4, 4, 4, 12]);
    parts.len() == lengths.len()
        && parts.iter().zip(lengths).all(|(part, length)| is_hex(part, length))
}

impl fmt::Display for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A KMS key.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Key {
    /// Such as `Enabled` or `PendingDeletion`.
    pub state: String,
    /// Whether the account manages it, and not a service of AWS.
    pub customer: bool,
    /// Such as `SYMMETRIC_DEFAULT`.
    pub spec: String,
    /// Where its material is from, such as `AWS_KMS`.
    pub origin: String,
    /// The Region of the key that this one is a copy of.
    pub copy_of: Option<String>,
    /// Whether its material is rotated.
    pub rotation: bool,
    /// When it is deleted, if it is.
    pub deletion: Option<Timestamp>,
    /// The key's tags.
    pub tags: Tags,
}

impl Key {
    /// Whether KMS itself can rotate its material.
    pub fn can_rotate(&self) -> bool {
        self.customer && self.spec == "SYMMETRIC_DEFAULT" && self.origin == "AWS_KMS"
    }

    /// Whether it waits to be deleted.
    pub fn is_leaving(&self) -> bool {
        ["PendingDeletion", "PendingReplicaDeletion"].contains(&self.state.as_str())
    }
}

/// What a key is set to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum KeySetting {
    /// Whether its material is rotated.
    Rotation(bool),
    /// The state it is in.
    State(String),
}

/// Every key of the account.
pub(super) const KEYS: &str = "arn:${AWS::Partition}:kms:*:${AWS::AccountId}:key/*";

const ENABLE: &[Action] = &[Action::on(KEYS, "kms:EnableKeyRotation").tagged()];
const DISABLE: &[Action] = &[Action::on(KEYS, "kms:DisableKeyRotation").tagged()];
const CANCEL: &[Action] = &[Action::on(KEYS, "kms:CancelKeyDeletion").tagged()];

impl Facet for Key {
    type Id = KeyId;
    type Change = Swap<KeySetting>;

    const NAME: &'static str = "KMS key";
    const READS: &'static [Action] = &[
        Action::on(KEYS, "kms:DescribeKey"),
        Action::on(KEYS, "kms:GetKeyRotationStatus"),
        Action::on(KEYS, "kms:ListResourceTags"),
    ];

    fn tags(&self) -> Option<&Tags> {
        Some(&self.tags)
    }

    fn after(mut self, change: &Swap<KeySetting>) -> Self {
        match &change.to {
            KeySetting::Rotation(on) => self.rotation = *on,
            KeySetting::State(state) => {
                self.state.clone_from(state);
                self.deletion = None;
            }
        }
        self
    }

    fn commands(place: &Place, id: &KeyId, changes: &[Swap<KeySetting>]) -> Vec<String> {
        let command = |change: &Swap<KeySetting>| {
            let verb = match change.to {
                KeySetting::Rotation(true) => "enable-key-rotation",
                KeySetting::Rotation(false) => "disable-key-rotation",
                KeySetting::State(_) => "cancel-key-deletion",
            };
            format!("aws kms {verb} --region {} --key-id {id}", place.region)
        };
        changes.iter().map(command).collect()
    }
}

impl Setting for KeySetting {
    const MAKE: &'static [Action] = &[
        Action::on(KEYS, "kms:CancelKeyDeletion").tagged(),
        Action::on(KEYS, "kms:EnableKeyRotation").tagged(),
    ];
    const UNDO: &'static [Action] = DISABLE;

    fn needs(&self) -> &'static [Action] {
        match self {
            Self::Rotation(true) => ENABLE,
            Self::Rotation(false) => DISABLE,
            Self::State(_) => CANCEL,
        }
    }

    /// That a key is deleted is never asked for here.
    fn comes_back(&self, _: &Self) -> bool {
        match self {
            Self::Rotation(_) => true,
            Self::State(_) => false,
        }
    }
}

impl fmt::Display for KeySetting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Rotation(true) => f.write_str("rotation on"),
            Self::Rotation(false) => f.write_str("rotation off"),
            Self::State(state) => write!(f, "state {state}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_located_by_its_arn_and_by_its_id() {
        for id in ["1234abcd-12ab-34cd-56ef-1234567890ab", "mrk-1234abcd12ab34cd56ef1234567890ab"] {
            let arn = format!("arn:aws-cn:kms:cn-north-1:111122223333:key/{id}");
            assert_eq!(KeyId::locate(&arn), Some(KeyId(id.into())));
            assert_eq!(KeyId::locate(id), Some(KeyId(id.into())));
        }
        for other in [
            "",
            "web",
            "alias/web",
            "mrk-1",
            "1234abcd-12ab-34cd-56ef-1234567890a",
            "arn:aws:kms:eu-west-1:111122223333:alias/web",
            "arn:aws:s3:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab",
        ] {
            assert_eq!(KeyId::locate(other), None, "{other}");
        }
    }
}
