//! Facet: what the root user of an account signs in with.

use remedy::{Action, Facet, Never, Place, Tags, account_id};
use serde::{Deserialize, Serialize};

account_id!(
    /// The account whose root user it is.
    RootUserId, "iam", "root-user", global, "/iam/home?region={region}#/security_credentials"
);

/// The root user of an account.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RootUser {
    /// Whether it has an access key.
    pub access_key: bool,
    /// Whether it has a password; where an organization keeps it, it may have none.
    pub password: bool,
    /// Its second factor.
    pub mfa: Option<Mfa>,
}

/// A second factor of the root user.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Mfa {
    /// A device, or a security key.
    Hardware,
    /// An app.
    Virtual,
}

impl Facet for RootUser {
    type Id = RootUserId;
    type Change = Never;

    const NAME: &'static str = "root user";
    const READS: &'static [Action] =
        &[Action::on("*", "iam:GetAccountSummary"), Action::on("*", "iam:ListVirtualMFADevices")];

    fn tags(&self) -> Option<&Tags> {
        None
    }

    fn after(self, change: &Never) -> Self {
        match *change {}
    }

    fn commands(_: &Place, _: &RootUserId, _: &[Never]) -> Vec<String> {
        Vec::new()
    }
}
