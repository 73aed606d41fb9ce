//! Facet: whether a user can do anything at all.

use std::fmt;

use remedy::{Action, Change, Facet, Place, Tags, quoted};
use serde::{Deserialize, Serialize};

use super::{KeyChange, UserId, user::USERS, user_credentials::update_key};

/// A user, as far as containing them goes.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct UserContainment {
    /// The path that the user is under, such as `/`.
    pub path: String,
    /// The ids of the access keys that requests can be signed with.
    pub active_keys: Vec<String>,
    /// Whether AWS's policy `AWSDenyAll` is attached.
    pub denied: bool,
    /// The user's tags.
    pub tags: Tags,
}

/// What is done to contain a user, and to let them go.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ContainmentChange {
    /// Requests cannot be signed with this key any more.
    Deactivate(String),
    /// They can again.
    Activate(String),
    /// All that the user does is denied, in sessions that are open too.
    Deny,
    /// It is denied no longer.
    Allow,
}

macro_rules! deny_all {
    ($name:literal) => {
        Action::on(USERS, $name).tagged().only(
            "ArnEquals",
            "iam:PolicyARN",
            "arn:${AWS::Partition}:iam::aws:policy/AWSDenyAll",
        )
    };
}

const UPDATE: &[Action] = &[Action::on(USERS, "iam:UpdateAccessKey").tagged()];
const ATTACH: &[Action] = &[deny_all!("iam:AttachUserPolicy")];
const DETACH: &[Action] = &[deny_all!("iam:DetachUserPolicy")];

impl UserContainment {
    /// The ARN of AWS's policy that denies everything.
    pub fn deny_all(place: &Place) -> String {
        format!("arn:{}:iam::aws:policy/AWSDenyAll", place.partition)
    }
}

impl Facet for UserContainment {
    type Id = UserId;
    type Change = ContainmentChange;

    const NAME: &'static str = "user";
    const VERB: &'static str = "contain";
    const READS: &'static [Action] = &[
        Action::on(USERS, "iam:GetUser"),
        Action::on(USERS, "iam:ListAccessKeys"),
        Action::on(USERS, "iam:ListAttachedUserPolicies"),
    ];

    fn tags(&self) -> Option<&Tags> {
        Some(&self.tags)
    }

    fn after(mut self, change: &ContainmentChange) -> Self {
        match change {
            ContainmentChange::Deactivate(key) => self.active_keys.retain(|active| active != key),
            ContainmentChange::Activate(key) => {
                if !self.active_keys.contains(key) {
                    self.active_keys.push(key.clone());
                    self.active_keys.sort();
                }
            }
            ContainmentChange::Deny => self.denied = true,
            ContainmentChange::Allow => self.denied = false,
        }
        self
    }

    fn commands(place: &Place, id: &UserId, changes: &[ContainmentChange]) -> Vec<String> {
        let policy = |verb: &str| {
            let user = quoted(&id.name);
            let deny_all = Self::deny_all(place);
            format!("aws iam {verb}-user-policy --user-name {user} --policy-arn {deny_all}")
        };
        let command = |change: &ContainmentChange| match change {
            ContainmentChange::Deactivate(key) => {
                update_key(id, &KeyChange::Deactivate(key.clone()))
            }
            ContainmentChange::Activate(key) => update_key(id, &KeyChange::Activate(key.clone())),
            ContainmentChange::Deny => policy("attach"),
            ContainmentChange::Allow => policy("detach"),
        };
        changes.iter().map(command).collect()
    }
}

impl Change for ContainmentChange {
    const MAKE: &'static [Action] =
        &[deny_all!("iam:AttachUserPolicy"), Action::on(USERS, "iam:UpdateAccessKey").tagged()];
    const UNDO: &'static [Action] =
        &[deny_all!("iam:DetachUserPolicy"), Action::on(USERS, "iam:UpdateAccessKey").tagged()];

    fn needs(&self) -> &'static [Action] {
        match self {
            Self::Deactivate(_) | Self::Activate(_) => UPDATE,
            Self::Deny => ATTACH,
            Self::Allow => DETACH,
        }
    }

    fn inverse(&self) -> Option<Self> {
        Some(match self {
            Self::Deactivate(key) => Self::Activate(key.clone()),
            Self::Activate(key) => Self::Deactivate(key.clone()),
            Self::Deny => Self::Allow,
            Self::Allow => Self::Deny,
        })
    }
}

impl fmt::Display for ContainmentChange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Deactivate(key) => write!(f, "deactivate access key {key}"),
            Self::Activate(key) => write!(f, "activate access key {key}"),
            Self::Deny => f.write_str("attach policy AWSDenyAll"),
            Self::Allow => f.write_str("detach policy AWSDenyAll"),
        }
    }
}
