//! Repairs of RDS, Neptune and `DocumentDB`: only the calls. What is right and what is wrong is decided in
//! the catalog.

mod accepted;
mod db_cluster;
mod db_instance;
mod db_proxy;
mod event_subscription;
mod said;
mod snapshot;
mod transit;

#[cfg(test)]
mod tests;

use std::sync::Arc;

use catalog::rds::{DbCluster, DbInstance};
use lambda::{Accounts, Clients};

use crate::accepted::Accepted;

/// RDS, Neptune and `DocumentDB`: wherever the resources are.
#[derive(Debug)]
pub struct Rds {
    clients: Clients<aws_sdk_rds::Client>,
    instances: Accepted<DbInstance>,
    clusters: Accepted<DbCluster>,
}

impl Rds {
    /// In these accounts.
    pub fn new(accounts: &Arc<Accounts>) -> Self {
        Self {
            clients: Clients::new(accounts, "RDS", aws_sdk_rds::Client::new),
            instances: Accepted::default(),
            clusters: Accepted::default(),
        }
    }
}
