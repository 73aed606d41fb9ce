//! Repairs of what is kept secret: KMS, Secrets Manager, Systems Manager: only the calls. What is right and what is wrong is decided in the
//! catalog.

mod documents;
mod instances;
mod keys;
mod secret;
mod settings;

#[cfg(test)]
mod tests;

use std::sync::Arc;

use aws_sdk_kms::primitives::DateTime;
use lambda::{Accounts, Clients};
use remedy::Timestamp;

/// What is kept secret: KMS, Secrets Manager, Systems Manager: wherever the resources are.
#[derive(Debug)]
pub struct Secrets {
    kms: Clients<aws_sdk_kms::Client>,
    secretsmanager: Clients<aws_sdk_secretsmanager::Client>,
    ssm: Clients<aws_sdk_ssm::Client>,
}

impl Secrets {
    /// In these accounts.
    pub fn new(accounts: &Arc<Accounts>) -> Self {
        let secretsmanager = aws_sdk_secretsmanager::Client::new;
        Self {
            kms: Clients::later(accounts, "KMS", aws_sdk_kms::Client::new),
            secretsmanager: Clients::later(accounts, "SECRETS_MANAGER", secretsmanager),
            ssm: Clients::later(accounts, "SSM", aws_sdk_ssm::Client::new),
        }
    }
}

fn time(time: DateTime) -> Option<Timestamp> {
    Timestamp::from_timestamp(time.secs(), time.subsec_nanos())
}
