//! Facet: whether EBS snapshots of an account can be public at all.

use std::fmt;

use remedy::{AccountId, Action, Arn, Facet, Id, Place, Setting, Swap, Tags};
use serde::{Deserialize, Serialize};

/// The block of public EBS snapshots in a Region of an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SnapshotSharingId(pub String);

impl AccountId for SnapshotSharingId {
    const SERVICE: &'static str = "ec2";
    const SETTING: &'static str = "snapshot-block-public-access";
    const REGIONAL: bool = true;
}

impl Id for SnapshotSharingId {
    const TYPE: &'static str = "AWS::EC2::SnapshotBlockPublicAccess";

    fn locate(resource: &str) -> Option<Self> {
        let named = || {
            let arn = Arn::parse(resource).filter(|arn| arn.service == "ec2")?;
            let kind = arn.resource.split(['/', ':']).next().unwrap_or_default();
            let is_it = kind.replace('-', "").eq_ignore_ascii_case("SnapshotBlockPublicAccess");
            is_it.then(|| Self::account_of(arn.account)).flatten()
        };
        Self::account_of(resource).or_else(named).map(Self)
    }
    fn arn(&self, place: &Place) -> String {
        Self::name(place, &self.0)
    }
    fn link(&self, place: &Place) -> String {
        let region = &place.region;
        format!(
            "{}/ec2/home?region={region}#Settings:tab=dataProtectionAndSecurity",
            place.console()
        )
    }
}

impl fmt::Display for SnapshotSharingId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Whether EBS snapshots can be public.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SnapshotSharing {
    /// What is blocked.
    pub blocked: Blocked,
    /// Whether the organization decides it, by a declarative policy.
    pub is_declared: bool,
    /// The snapshots that are public now, `snap-...`.
    pub public: Vec<String>,
}

/// How much of the public sharing of snapshots is blocked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Blocked {
    /// Nothing.
    #[default]
    Nothing,
    /// No snapshot can become public; those that are stay so.
    New,
    /// No snapshot is public.
    All,
}

/// What it is set to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SnapshotSharingSetting {
    /// What is blocked.
    Blocked(Blocked),
}

/// AWS knows no resource for what concerns the whole account.
const ENABLE: Action = Action::on("*", "ec2:EnableSnapshotBlockPublicAccess");
const DISABLE: Action = Action::on("*", "ec2:DisableSnapshotBlockPublicAccess");

impl Facet for SnapshotSharing {
    type Id = SnapshotSharingId;
    type Change = Swap<SnapshotSharingSetting>;

    const NAME: &'static str = "block of public EBS snapshots";
    const READS: &'static [Action] = &[
        Action::on("*", "ec2:DescribeSnapshots"),
        Action::on("*", "ec2:GetSnapshotBlockPublicAccessState"),
    ];

    fn tags(&self) -> Option<&Tags> {
        None
    }

    fn after(mut self, change: &Swap<SnapshotSharingSetting>) -> Self {
        match change.to {
            SnapshotSharingSetting::Blocked(blocked) => self.blocked = blocked,
        }
        self
    }

    /// Snapshots come and go.
    fn same(&self, other: &Self) -> bool {
        self.blocked == other.blocked
    }

    fn commands(
        place: &Place,
        _: &SnapshotSharingId,
        changes: &[Swap<SnapshotSharingSetting>],
    ) -> Vec<String> {
        let region = &place.region;
        let command = |change: &Swap<SnapshotSharingSetting>| match change.to {
            SnapshotSharingSetting::Blocked(Blocked::Nothing) => {
                format!("aws ec2 disable-snapshot-block-public-access --region {region}")
            }
            SnapshotSharingSetting::Blocked(blocked) => format!(
                "aws ec2 enable-snapshot-block-public-access --region {region} --state {}",
                blocked.state()
            ),
        };
        changes.iter().map(command).collect()
    }
}

impl Blocked {
    /// As EC2 calls it.
    pub fn state(self) -> &'static str {
        match self {
            Self::Nothing => "unblocked",
            Self::New => "block-new-sharing",
            Self::All => "block-all-sharing",
        }
    }
}

impl Setting for SnapshotSharingSetting {
    const MAKE: &'static [Action] = &[ENABLE];
    const UNDO: &'static [Action] = &[DISABLE, ENABLE];

    fn needs(&self) -> &'static [Action] {
        match self {
            Self::Blocked(Blocked::Nothing) => &[DISABLE],
            Self::Blocked(Blocked::New | Blocked::All) => &[ENABLE],
        }
    }
}

impl fmt::Display for SnapshotSharingSetting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Blocked(blocked) => write!(f, "public sharing of snapshots {}", blocked.state()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_found_by_the_account_whichever_way_that_is_named() {
        let id = Some(SnapshotSharingId("111122223333".into()));
        for named in [
            "111122223333",
            "AWS::::Account:111122223333",
            "arn:aws:ec2:eu-west-1:111122223333:snapshot-block-public-access/111122223333",
            "arn:aws:ec2:eu-west-1:111122223333:SnapshotBlockPublicAccess:default",
            "arn:aws:ec2:eu-west-1:111122223333:account-setting/snapshot-block-public-access",
        ] {
            assert_eq!(SnapshotSharingId::locate(named), id, "{named}");
        }
        for other in [
            "",
            "snap-1",
            "arn:aws:ec2:eu-west-1::snapshot/snap-1",
            "arn:aws:ec2:eu-west-1:111122223333:account-setting/ebs-encryption-by-default",
            "arn:aws:ec2:eu-west-1::snapshot-block-public-access/x",
        ] {
            assert_eq!(SnapshotSharingId::locate(other), None, "{other}");
        }
    }
}
