//! Repairs of EC2: only the calls. What is right and what is wrong is decided in the catalog.

mod calls;
mod default_group;
mod read;
mod revoke;
mod rules;
mod security_group;

#[cfg(test)]
mod tests;

use std::sync::Arc;

use aws_sdk_ec2::Client;
use lambda::{Accounts, Clients};

/// EC2, wherever the resources are.
#[derive(Debug)]
pub struct Ec2 {
    clients: Clients<Client>,
}

impl Ec2 {
    /// In these accounts.
    pub fn new(accounts: &Arc<Accounts>) -> Self {
        Self { clients: Clients::new(accounts, "EC2", Client::new) }
    }
}
