//! Facet: what a user signs in and signs requests with, and when that was last used.

use std::fmt;

use remedy::{Action, Change, Facet, Place, Tags, Timestamp, quoted};
use serde::{Deserialize, Serialize};

use super::{UserId, user::USERS};

/// A user's credentials.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct UserCredentials {
    /// The access keys.
    pub keys: Vec<AccessKey>,
    /// The password for the console, if there is one.
    pub password: Option<Password>,
    /// The user's tags.
    pub tags: Tags,
}

/// An access key.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct AccessKey {
    /// Such as `AKIAIOSFODNN7EXAMPLE`.
    pub id: String,
    /// Whether requests can be signed with it.
    pub active: bool,
    /// When it was made.
    pub created: Timestamp,
    /// When it was last used, as far as IAM knows.
    pub used: Option<Timestamp>,
    /// For which service, such as `s3`.
    pub service: String,
}

/// A password for the console.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Password {
    /// When it was made.
    pub created: Timestamp,
    /// When the user last signed in with it, or with one before it.
    pub used: Option<Timestamp>,
}

impl AccessKey {
    /// Since when nobody has needed it.
    pub fn idle_since(&self) -> Timestamp {
        self.used.map_or(self.created, |used| used.max(self.created))
    }
}

impl Password {
    /// Since when nobody has needed it. A password before it may have been used last.
    pub fn idle_since(&self) -> Timestamp {
        self.used.map_or(self.created, |used| used.max(self.created))
    }
}

/// What is done to an access key. Either is named by the key's id.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum KeyChange {
    /// Requests cannot be signed with it any more.
    Deactivate(String),
    /// They can again.
    Activate(String),
}

const UPDATE: &[Action] = &[Action::on(USERS, "iam:UpdateAccessKey").tagged()];

impl Facet for UserCredentials {
    type Id = UserId;
    type Change = KeyChange;

    const NAME: &'static str = "credentials of a user";
    const READS: &'static [Action] = &[
        Action::on(USERS, "iam:GetAccessKeyLastUsed"),
        Action::on(USERS, "iam:GetLoginProfile"),
        Action::on(USERS, "iam:GetUser"),
        Action::on(USERS, "iam:ListAccessKeys"),
    ];

    fn tags(&self) -> Option<&Tags> {
        Some(&self.tags)
    }

    fn after(mut self, change: &KeyChange) -> Self {
        let (KeyChange::Deactivate(id) | KeyChange::Activate(id)) = change;
        for key in self.keys.iter_mut().filter(|key| key.id == *id) {
            key.active = matches!(change, KeyChange::Activate(_));
        }
        self
    }

    fn commands(_: &Place, id: &UserId, changes: &[KeyChange]) -> Vec<String> {
        changes.iter().map(|change| update_key(id, change)).collect()
    }
}

/// The command that makes an access key active or inactive.
pub(super) fn update_key(user: &UserId, change: &KeyChange) -> String {
    let (KeyChange::Deactivate(key) | KeyChange::Activate(key)) = change;
    let status = match change {
        KeyChange::Deactivate(_) => "Inactive",
        KeyChange::Activate(_) => "Active",
    };
    format!(
        "aws iam update-access-key --user-name {} --access-key-id {} --status {status}",
        quoted(&user.name),
        quoted(key)
    )
}

impl Change for KeyChange {
    const MAKE: &'static [Action] = UPDATE;
    const UNDO: &'static [Action] = UPDATE;

    fn needs(&self) -> &'static [Action] {
        UPDATE
    }

    fn inverse(&self) -> Option<Self> {
        Some(match self {
            Self::Deactivate(key) => Self::Activate(key.clone()),
            Self::Activate(key) => Self::Deactivate(key.clone()),
        })
    }
}

impl fmt::Display for KeyChange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Deactivate(key) => write!(f, "deactivate access key {key}"),
            Self::Activate(key) => write!(f, "activate access key {key}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_names_user_and_key() {
        let place = Place::new("111122223333", "eu-west-1");
        let id = UserId { path: "/ops/".into(), name: "alice".into() };
        let changes = [KeyChange::Deactivate("AKIA1".into()), KeyChange::Activate("AKIA2".into())];
        assert_eq!(
            UserCredentials::commands(&place, &id, &changes),
            [
                "aws iam update-access-key --user-name alice --access-key-id AKIA1 --status Inactive",
                "aws iam update-access-key --user-name alice --access-key-id AKIA2 --status Active",
            ]
        );
    }

    #[test]
    fn a_key_that_is_gone_by_now_has_no_change_that_fails_to_stand() {
        let gone = UserCredentials::default();
        assert!(gone.shows(&KeyChange::Deactivate("AKIA1".into())));
    }
}
