//! Facet: whether the parameter groups of a cluster of Redshift want TLS. Nobody changes it: clients have to follow.

use std::collections::BTreeMap;

use remedy::{Action, Facet, Never, Place, Tags};
use serde::{Deserialize, Serialize};

use super::{RedshiftClusterId, redshift_cluster::DESCRIBE};

/// The parameter groups of a cluster.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RedshiftParameters {
    /// Each by its name: whether it wants TLS of every connection.
    pub wants_tls: BTreeMap<String, bool>,
    /// The cluster's tags.
    pub tags: Tags,
}

const PARAMETERS: &str = "arn:${AWS::Partition}:redshift:*:${AWS::AccountId}:parametergroup:*";

impl Facet for RedshiftParameters {
    type Id = RedshiftClusterId;
    type Change = Never;

    const NAME: &'static str = "Redshift cluster's parameters";
    const READS: &'static [Action] =
        &[DESCRIBE, Action::on(PARAMETERS, "redshift:DescribeClusterParameters")];

    fn tags(&self) -> Option<&Tags> {
        Some(&self.tags)
    }

    fn after(self, change: &Never) -> Self {
        match *change {}
    }

    fn commands(_: &Place, _: &RedshiftClusterId, _: &[Never]) -> Vec<String> {
        Vec::new()
    }
}
