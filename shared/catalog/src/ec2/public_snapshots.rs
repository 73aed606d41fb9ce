//! Facet: the EBS snapshots of an account that everybody may restore.

use std::{collections::BTreeMap, fmt};

use remedy::{Action, Change, Facet, Place, Tags, account_id};
use serde::{Deserialize, Serialize};

account_id!(
    /// The public snapshots in a Region of an account.
    PublicSnapshotsId,
    "ec2",
    "public-ebs-snapshots",
    regional,
    "/ec2/home?region={region}#Snapshots:visibility=public"
);

/// The EBS snapshots that everybody may restore, with their tags.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct PublicSnapshots {
    /// By their ids, `snap-...`.
    pub snapshots: BTreeMap<String, Tags>,
}

/// An edit of who may restore a snapshot. Accounts that it is shared with by name stay.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SnapshotChange {
    /// Not everybody any more.
    Hide(String),
    /// Everybody again.
    Publish(String),
}

/// Snapshots are in no account as far as their ARNs go.
const SNAPSHOTS: &str = "arn:${AWS::Partition}:ec2:*::snapshot/*";
/// Who acts alone may take a snapshot from everybody, and give it to nobody.
const HIDE: &[Action] = &[Action::on(SNAPSHOTS, "ec2:ModifySnapshotAttribute").tagged().only(
    "StringEquals",
    "ec2:Remove/group",
    "all",
)];
const PUBLISH: &[Action] = &[Action::on(SNAPSHOTS, "ec2:ModifySnapshotAttribute").tagged().only(
    "StringEquals",
    "ec2:Add/group",
    "all",
)];

impl Facet for PublicSnapshots {
    type Id = PublicSnapshotsId;
    type Change = SnapshotChange;

    const NAME: &'static str = "public EBS snapshots";
    const READS: &'static [Action] = &[Action::on("*", "ec2:DescribeSnapshots")];

    fn tags(&self) -> Option<&Tags> {
        None
    }

    fn after(mut self, change: &SnapshotChange) -> Self {
        match change {
            SnapshotChange::Hide(id) => {
                self.snapshots.remove(id);
            }
            SnapshotChange::Publish(id) => {
                self.snapshots.entry(id.clone()).or_default();
            }
        }
        self
    }

    /// Of a snapshot that is not public nothing is read, so that its tags do not count.
    fn same(&self, other: &Self) -> bool {
        self.snapshots.keys().eq(other.snapshots.keys())
    }

    fn commands(place: &Place, _: &PublicSnapshotsId, changes: &[SnapshotChange]) -> Vec<String> {
        let command = |change: &SnapshotChange| {
            let (id, verb) = match change {
                SnapshotChange::Hide(id) => (id, "remove"),
                SnapshotChange::Publish(id) => (id, "add"),
            };
            format!(
                "aws ec2 modify-snapshot-attribute --region {} --snapshot-id {id} \
                 --attribute createVolumePermission --operation-type {verb} --group-names all",
                place.region
            )
        };
        changes.iter().map(command).collect()
    }
}

impl Change for SnapshotChange {
    const MAKE: &'static [Action] = HIDE;
    const UNDO: &'static [Action] = PUBLISH;

    fn needs(&self) -> &'static [Action] {
        match self {
            Self::Hide(_) => HIDE,
            Self::Publish(_) => PUBLISH,
        }
    }

    fn inverse(&self) -> Option<Self> {
        Some(match self.clone() {
            Self::Hide(id) => Self::Publish(id),
            Self::Publish(id) => Self::Hide(id),
        })
    }
}

impl fmt::Display for SnapshotChange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Hide(id) => write!(f, "make snapshot {id} private"),
            Self::Publish(id) => write!(f, "make snapshot {id} public"),
        }
    }
}
