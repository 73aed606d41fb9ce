//! Facet: the policies that are attached to a role.

use std::{collections::BTreeSet, fmt};

use remedy::{Action, Change, Facet, Id, Place, Tags, quoted};
use serde::{Deserialize, Serialize};

use super::{
    user::{arn, located},
    user_policies::CLOUDSHELL,
};

/// A role: the name, which no other in the account has, and the path it is under.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoleId {
    /// Such as `/` or `/service-role/`.
    pub path: String,
    /// Such as `web`.
    pub name: String,
}

impl Id for RoleId {
    const TYPE: &'static str = "AWS::IAM::Role";

    fn locate(resource: &str) -> Option<Self> {
        let (path, name) = located(resource, "role")?;
        Some(Self { path, name })
    }

    fn arn(&self, place: &Place) -> String {
        arn(place, "role", &self.path, &self.name)
    }

    fn link(&self, place: &Place) -> String {
        format!("{}/iam/home?region={}#/roles/details/{self}", place.console(), place.region)
    }
}

impl fmt::Display for RoleId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)
    }
}

/// What a role is allowed by policies that are attached to it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RolePolicies {
    /// The ARNs of the policies.
    pub attached: BTreeSet<String>,
    /// The role's tags.
    pub tags: Tags,
}

/// What is done to the policies of a role; each is named by its ARN.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RolePolicyChange {
    /// Takes it away.
    Detach(String),
    /// Gives it back.
    Attach(String),
}

const ROLES: &str = "arn:${AWS::Partition}:iam::${AWS::AccountId}:role/*";
const DETACH: &[Action] = &[Action::on(ROLES, "iam:DetachRolePolicy").tagged().only(
    "ArnEquals",
    "iam:PolicyARN",
    CLOUDSHELL,
)];
const ATTACH: &[Action] = &[Action::on(ROLES, "iam:AttachRolePolicy").tagged().only(
    "ArnEquals",
    "iam:PolicyARN",
    CLOUDSHELL,
)];

impl Facet for RolePolicies {
    type Id = RoleId;
    type Change = RolePolicyChange;

    const NAME: &'static str = "policies of a role";
    const READS: &'static [Action] =
        &[Action::on(ROLES, "iam:GetRole"), Action::on(ROLES, "iam:ListAttachedRolePolicies")];

    fn tags(&self) -> Option<&Tags> {
        Some(&self.tags)
    }

    fn after(mut self, change: &RolePolicyChange) -> Self {
        match change {
            RolePolicyChange::Detach(arn) => {
                self.attached.remove(arn);
            }
            RolePolicyChange::Attach(arn) => {
                self.attached.insert(arn.clone());
            }
        }
        self
    }

    fn commands(_: &Place, id: &RoleId, changes: &[RolePolicyChange]) -> Vec<String> {
        let command = |change: &RolePolicyChange| {
            let (verb, arn) = match change {
                RolePolicyChange::Detach(arn) => ("detach", arn),
                RolePolicyChange::Attach(arn) => ("attach", arn),
            };
            let (role, arn) = (quoted(&id.name), quoted(arn));
            format!("aws iam {verb}-role-policy --role-name {role} --policy-arn {arn}")
        };
        changes.iter().map(command).collect()
    }
}

impl Change for RolePolicyChange {
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

impl fmt::Display for RolePolicyChange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Detach(arn) => write!(f, "detach policy {arn}"),
            Self::Attach(arn) => write!(f, "attach policy {arn}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_role_is_located() {
        let id = RoleId { path: "/service-role/".into(), name: "web".into() };
        assert_eq!(RoleId::locate("arn:aws:iam::111122223333:role/service-role/web"), Some(id));
        for other in
            ["web", "arn:aws:iam::111122223333:user/web", "arn:aws:iam::111122223333:role/"]
        {
            assert_eq!(RoleId::locate(other), None, "{other}");
        }
    }
}
