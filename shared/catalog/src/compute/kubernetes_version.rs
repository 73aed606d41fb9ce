//! Facet: which version of Kubernetes an EKS cluster runs.

use remedy::{Action, Facet, Never, Place, Tags};
use serde::{Deserialize, Serialize};

use super::{EksClusterName, eks_cluster::CLUSTERS};

/// The version of Kubernetes that a cluster runs.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct KubernetesVersion {
    /// The cluster's name.
    pub name: String,
    /// Such as `1.33`.
    pub version: String,
    /// How AWS supports that version, such as `STANDARD_SUPPORT`; none if it does not know it any more.
    pub support: Option<String>,
    /// The cluster's tags.
    pub tags: Tags,
}

impl Facet for KubernetesVersion {
    type Id = EksClusterName;
    type Change = Never;

    const NAME: &'static str = "version of Kubernetes";
    const READS: &'static [Action] = &[
        Action::on(CLUSTERS, "eks:DescribeCluster"),
        Action::on("*", "eks:DescribeClusterVersions"),
    ];

    fn tags(&self) -> Option<&Tags> {
        Some(&self.tags)
    }

    fn after(self, change: &Never) -> Self {
        match *change {}
    }

    fn commands(_: &Place, _: &EksClusterName, changes: &[Never]) -> Vec<String> {
        changes.iter().map(|change| match *change {}).collect()
    }
}
