//! Facet: who can open cases with AWS Support.

use remedy::{Action, Facet, Never, Place, Tags, account_id};
use serde::{Deserialize, Serialize};

account_id!(
    /// The account whose cases they are.
    SupportAccessId, "iam", "support-access", global, "/iam/home?region={region}#/roles"
);

/// Who has AWS's policy `AWSSupportAccess`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SupportAccess {
    /// The names of roles, users and groups.
    pub held_by: Vec<String>,
}

const READ: &[Action] = &[Action::on(
    "arn:${AWS::Partition}:iam::aws:policy/AWSSupportAccess",
    "iam:ListEntitiesForPolicy",
)];

impl Facet for SupportAccess {
    type Id = SupportAccessId;
    type Change = Never;

    const NAME: &'static str = "access to AWS Support";
    const READS: &'static [Action] = READ;

    fn tags(&self) -> Option<&Tags> {
        None
    }

    fn after(self, change: &Never) -> Self {
        match *change {}
    }

    fn commands(_: &Place, _: &SupportAccessId, _: &[Never]) -> Vec<String> {
        Vec::new()
    }
}
