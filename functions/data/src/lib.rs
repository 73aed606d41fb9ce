//! Repairs of what keeps data: DynamoDB, `ElastiCache`, Redshift, Athena, EFS: only the calls. What is right and
//! what is wrong is decided in the catalog.

mod access_point;
mod cache_cluster;
mod file_system;
mod redshift_cluster;
mod redshift_log;
mod redshift_parameters;
mod replication_group;
mod table;
mod work_group;

#[cfg(test)]
mod tests;

use std::sync::Arc;

use lambda::{Accounts, Clients};
use runtime::Error;

/// What keeps data: DynamoDB, `ElastiCache`, Redshift, Athena, EFS: wherever the resources are.
#[derive(Debug)]
pub struct Data {
    athena: Clients<aws_sdk_athena::Client>,
    dynamodb: Clients<aws_sdk_dynamodb::Client>,
    efs: Clients<aws_sdk_efs::Client>,
    elasticache: Clients<aws_sdk_elasticache::Client>,
    redshift: Clients<aws_sdk_redshift::Client>,
}

impl Data {
    /// In these accounts.
    pub fn new(accounts: &Arc<Accounts>) -> Self {
        Self {
            athena: Clients::later(accounts, "ATHENA", aws_sdk_athena::Client::new),
            dynamodb: Clients::later(accounts, "DYNAMODB", aws_sdk_dynamodb::Client::new),
            efs: Clients::later(accounts, "EFS", aws_sdk_efs::Client::new),
            elasticache: Clients::later(accounts, "ELASTICACHE", aws_sdk_elasticache::Client::new),
            redshift: Clients::later(accounts, "REDSHIFT", aws_sdk_redshift::Client::new),
        }
    }
}

/// What AWS answers while a thing is being changed already: it can be tried again.
const BUSY: [&str; 5] = [
    "IncorrectFileSystemLifeCycleState",
    "InvalidCacheClusterState",
    "InvalidClusterState",
    "InvalidReplicationGroupState",
    "ResourceInUseException",
];

/// The error that was told for `code`, which another try may change.
fn later(code: Option<&str>, error: Error) -> Error {
    match error {
        Error::Refused(text) if code.is_some_and(|code| BUSY.contains(&code)) => {
            Error::Transient(text)
        }
        other => other,
    }
}
