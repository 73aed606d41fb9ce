//! Repairs of what is recorded, in CloudTrail, `CloudWatch` and AWS Config: only the calls. What is right and
//! what is wrong is decided in the catalog.

mod alarm;
mod event_store;
mod log_group;
mod recorder;
mod selectors;
mod trail;
mod trails;
mod watch;

#[cfg(test)]
mod tests;

use std::sync::Arc;

use lambda::{Accounts, Clients};

/// What is recorded: CloudTrail, `CloudWatch` and AWS Config: wherever the resources are.
#[derive(Debug)]
pub struct Audit {
    cloudtrail: Clients<aws_sdk_cloudtrail::Client>,
    cloudwatch: Clients<aws_sdk_cloudwatch::Client>,
    cloudwatchlogs: Clients<aws_sdk_cloudwatchlogs::Client>,
    config: Clients<aws_sdk_config::Client>,
}

impl Audit {
    /// In these accounts.
    pub fn new(accounts: &Arc<Accounts>) -> Self {
        Self {
            cloudtrail: Clients::later(accounts, "CLOUDTRAIL", aws_sdk_cloudtrail::Client::new),
            cloudwatch: Clients::later(accounts, "CLOUDWATCH", aws_sdk_cloudwatch::Client::new),
            cloudwatchlogs: Clients::later(
                accounts,
                "CLOUDWATCH_LOGS",
                aws_sdk_cloudwatchlogs::Client::new,
            ),
            config: Clients::later(accounts, "CONFIG_SERVICE", aws_sdk_config::Client::new),
        }
    }
}

/// Everything there is, page after page: half of it would be worse than nothing.
#[derive(Default)]
struct Pages {
    /// Of the page to ask for; the first has none.
    token: Option<String>,
    over: bool,
}

impl Pages {
    /// Goes on to the page of which the last one has told.
    fn turn(&mut self, next: Option<String>) -> Result<(), &'static str> {
        let next = next.filter(|token| !token.is_empty());
        if next.is_some() && next == self.token {
            return Err("the same page came twice");
        }
        self.over = next.is_none();
        self.token = next;
        Ok(())
    }
}
