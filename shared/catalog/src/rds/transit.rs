//! Facet: whether a database instance wants encrypted connections, which its parameter group says.

use remedy::{Action, Facet, Never, Place, Tags};
use serde::{Deserialize, Serialize};

use super::DbInstanceId;

/// How connections to a database instance are made. Nobody changes it here: a parameter group has other
/// instances too.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct DbInstanceTransit {
    /// Such as `postgres`.
    pub engine: String,
    /// The cluster that it is a member of, if it is.
    pub cluster: Option<String>,
    /// The name of its parameter group.
    pub group: String,
    /// Whether connections must be encrypted; none: its version has no parameter for that.
    pub requires_tls: Option<bool>,
    /// The instance's tags.
    pub tags: Tags,
}

impl DbInstanceTransit {
    /// The parameter that says whether connections to instances of `engine` must be encrypted.
    pub fn parameter(engine: &str) -> Option<&'static str> {
        match engine {
            "mariadb" | "mysql" => Some("require_secure_transport"),
            "postgres" => Some("rds.force_ssl"),
            _ if engine.starts_with("sqlserver-") => Some("rds.force_ssl"),
            _ => None,
        }
    }
}

const INSTANCES: &str = "arn:${AWS::Partition}:rds:*:${AWS::AccountId}:db:*";
const GROUPS: &str = "arn:${AWS::Partition}:rds:*:${AWS::AccountId}:pg:*";

impl Facet for DbInstanceTransit {
    type Id = DbInstanceId;
    type Change = Never;

    const NAME: &'static str = "connections to a database instance";
    const READS: &'static [Action] = &[
        Action::on(INSTANCES, "rds:DescribeDBInstances"),
        Action::on(GROUPS, "rds:DescribeDBParameters"),
    ];

    fn tags(&self) -> Option<&Tags> {
        Some(&self.tags)
    }

    fn after(self, change: &Never) -> Self {
        match *change {}
    }

    fn commands(_: &Place, _: &DbInstanceId, _: &[Never]) -> Vec<String> {
        Vec::new()
    }
}
