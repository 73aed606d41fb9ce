//! Repairs of SNS and SQS: only the calls. What is right and what is wrong is decided in the
//! catalog.

mod queue;
mod queue_policy;
mod topic;
mod topic_policy;

#[cfg(test)]
mod tests;

use std::sync::Arc;

use lambda::{Accounts, Clients};

/// SNS and SQS: wherever the resources are.
#[derive(Debug)]
pub struct Messages {
    sns: Clients<aws_sdk_sns::Client>,
    sqs: Clients<aws_sdk_sqs::Client>,
}

impl Messages {
    /// In these accounts.
    pub fn new(accounts: &Arc<Accounts>) -> Self {
        Self {
            sns: Clients::later(accounts, "SNS", aws_sdk_sns::Client::new),
            sqs: Clients::later(accounts, "SQS", aws_sdk_sqs::Client::new),
        }
    }
}
