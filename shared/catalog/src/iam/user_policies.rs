//! Facet: the policies that a user has, and the groups.

use std::{collections::BTreeSet, fmt};

use remedy::{Action, Change, Facet, Place, Tags, quoted};
use serde::{Deserialize, Serialize};

use super::{UserId, user::USERS};

/// What a user is allowed by policies of their own.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct UserPolicies {
    /// The ARNs of the policies that are attached.
    pub attached: BTreeSet<String>,
    /// The names of those that are written into the user.
    pub inline: BTreeSet<String>,
    /// The groups that the user is in.
    pub groups: BTreeSet<String>,
    /// The user's tags.
    pub tags: Tags,
}

/// What is done to the policies of a user; each is named by its ARN.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum UserPolicyChange {
    /// Takes it away.
    Detach(String),
    /// Gives it back.
    Attach(String),
}

/// The only policy that is taken away, or can be given back.
pub(super) const CLOUDSHELL: &str = "arn:${AWS::Partition}:iam::aws:policy/AWSCloudShellFullAccess";

const DETACH: &[Action] = &[Action::on(USERS, "iam:DetachUserPolicy").tagged().only(
    "ArnEquals",
    "iam:PolicyARN",
    CLOUDSHELL,
)];
const ATTACH: &[Action] = &[Action::on(USERS, "iam:AttachUserPolicy").tagged().only(
    "ArnEquals",
    "iam:PolicyARN",
    CLOUDSHELL,
)];

/// Whether an ARN is that policy's.
pub(super) fn is_cloudshell(arn: &str) -> bool {
    arn.starts_with("arn:") && arn.ends_with(":iam::aws:policy/AWSCloudShellFullAccess")
}

impl Facet for UserPolicies {
    type Id = UserId;
    type Change = UserPolicyChange;

    const NAME: &'static str = "policies of a user";
    const READS: &'static [Action] = &[
        Action::on(USERS, "iam:GetUser"),
        Action::on(USERS, "iam:ListAttachedUserPolicies"),
        Action::on(USERS, "iam:ListGroupsForUser"),
        Action::on(USERS, "iam:ListUserPolicies"),
    ];

    fn tags(&self) -> Option<&Tags> {
        Some(&self.tags)
    }

    fn after(mut self, change: &UserPolicyChange) -> Self {
        match change {
            UserPolicyChange::Detach(arn) => {
                self.attached.remove(arn);
            }
            UserPolicyChange::Attach(arn) => {
                self.attached.insert(arn.clone());
            }
        }
        self
    }

    fn commands(_: &Place, id: &UserId, changes: &[UserPolicyChange]) -> Vec<String> {
        let command = |change: &UserPolicyChange| {
            let (verb, arn) = match change {
                UserPolicyChange::Detach(arn) => ("detach", arn),
                UserPolicyChange::Attach(arn) => ("attach", arn),
            };
            let (user, arn) = (quoted(&id.name), quoted(arn));
            format!("aws iam {verb}-user-policy --user-name {user} --policy-arn {arn}")
        };
        changes.iter().map(command).collect()
    }
}

impl Change for UserPolicyChange {
    const MAKE: &'static [Action] = DETACH;
    const UNDO: &'static [Action] = ATTACH;

    fn needs(&self) -> &'static [Action] {
        match self {
            Self::Detach(_) => DETACH,
            Self::Attach(_) => ATTACH,
        }
    }

    fn inverse(&self) -> Option<Self> {
        Some(match self {
            Self::Detach(arn) => Self::Attach(arn.clone()),
            Self::Attach(arn) => Self::Detach(arn.clone()),
        })
    }
}

impl fmt::Display for UserPolicyChange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Detach(arn) => write!(f, "detach policy {arn}"),
            Self::Attach(arn) => write!(f, "attach policy {arn}"),
        }
    }
}
