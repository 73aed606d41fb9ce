//! Facet: whether an EBS volume is encrypted, and who uses it.

use remedy::{Action, Facet, Never, Place, Tags};
use serde::{Deserialize, Serialize};

use super::id::ec2_id;

ec2_id!(
    /// `vol-...`
    VolumeId,
    "AWS::EC2::Volume",
    "volume",
    "vol-",
    "/ec2/home?region={region}#VolumeDetails:volumeId={id}"
);

/// An EBS volume.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Volume {
    /// Whether it is encrypted.
    pub is_encrypted: bool,
    /// The Availability Zone it is in.
    pub zone: String,
    /// Such as `gp3`.
    pub kind: String,
    /// The instances that it is attached to, and as which device.
    pub attached: Vec<(String, String)>,
    /// The volume's tags.
    pub tags: Tags,
}

impl Facet for Volume {
    type Id = VolumeId;
    type Change = Never;

    const NAME: &'static str = "EBS volume";
    const READS: &'static [Action] = &[Action::on("*", "ec2:DescribeVolumes")];

    fn label(&self) -> Option<&str> {
        self.tags.get("Name").map(String::as_str)
    }
    fn tags(&self) -> Option<&Tags> {
        Some(&self.tags)
    }
    fn after(self, change: &Never) -> Self {
        match *change {}
    }
    fn commands(_: &Place, _: &VolumeId, _: &[Never]) -> Vec<String> {
        Vec::new()
    }
}
