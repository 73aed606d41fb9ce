//! Repairs of EC2: only the calls. What is right and what is wrong is decided in the catalog.

mod by_hand;
mod calls;
mod default_group;
mod ebs_encryption;
mod flow_logs;
mod instance;
mod launch_template;
mod network_acl;
mod network_interface;
mod pages;
mod read;
mod revoke;
mod rules;
mod security_group;
mod snapshots;
mod subnet;
mod template_data;
mod transit_gateway;
mod vpc;
mod vpc_exposure;

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
