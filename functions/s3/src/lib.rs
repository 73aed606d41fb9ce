//! Repairs of S3: buckets, and the settings of the account: only the calls. What is right and what is
//! wrong is decided in the catalog.

mod access;
mod access_point;
mod account_access;
mod bucket;
mod encryption;
mod endpoint;
mod events;
mod lifecycle;
mod lock;
mod logging;
mod ownership;
mod policy;
mod replication;
mod versioning;

#[cfg(test)]
mod tests;

use std::sync::Arc;

use lambda::{Accounts, Clients};

/// S3: buckets, and the settings of the account: wherever the resources are.
#[derive(Debug)]
pub struct S3 {
    s3: Clients<aws_sdk_s3::Client>,
    s3control: Clients<aws_sdk_s3control::Client>,
}

impl S3 {
    /// In these accounts.
    pub fn new(accounts: &Arc<Accounts>) -> Self {
        Self {
            s3: Clients::later(accounts, "S3", aws_sdk_s3::Client::new),
            s3control: Clients::later(accounts, "S3_CONTROL", |config| {
                endpoint::s3control(config.into(), config.endpoint_url())
            }),
        }
    }
}
