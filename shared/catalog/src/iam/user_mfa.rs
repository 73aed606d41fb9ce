//! Facet: what a user signs in with beside the password.

use remedy::{Action, Facet, Never, Place, Tags};
use serde::{Deserialize, Serialize};

use super::{UserId, user::USERS};

/// A user, as far as a second factor goes.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct UserMfa {
    /// The serial numbers of the devices.
    pub devices: Vec<String>,
    /// Whether there is a password for the console.
    pub password: bool,
    /// The user's tags.
    pub tags: Tags,
}

impl Facet for UserMfa {
    type Id = UserId;
    type Change = Never;

    const NAME: &'static str = "second factor of a user";
    const READS: &'static [Action] = &[
        Action::on(USERS, "iam:GetLoginProfile"),
        Action::on(USERS, "iam:GetUser"),
        Action::on(USERS, "iam:ListMFADevices"),
    ];

    fn tags(&self) -> Option<&Tags> {
        Some(&self.tags)
    }

    fn after(self, change: &Never) -> Self {
        match *change {}
    }

    fn commands(_: &Place, _: &UserId, _: &[Never]) -> Vec<String> {
        Vec::new()
    }
}
