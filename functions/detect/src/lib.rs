//! Repairs of what detects: GuardDuty, Inspector, Macie: only the calls. What is right and what is wrong is
//! decided in the catalog.

mod detector;
mod discovery;
mod guard_duty;
mod inspector;
mod macie;
mod part;

#[cfg(test)]
mod tests;

use std::sync::Arc;

use lambda::{Accounts, Clients};

/// What detects: GuardDuty, Inspector, Macie: wherever the resources are.
#[derive(Debug)]
pub struct Detect {
    guardduty: Clients<aws_sdk_guardduty::Client>,
    inspector2: Clients<aws_sdk_inspector2::Client>,
    macie2: Clients<aws_sdk_macie2::Client>,
    /// The tag that what is made gets; none: nothing is made.
    opt_in: Option<(String, String)>,
}

impl Detect {
    /// In these accounts.
    pub fn new(accounts: &Arc<Accounts>) -> Self {
        Self {
            guardduty: Clients::later(accounts, "GUARDDUTY", aws_sdk_guardduty::Client::new),
            inspector2: Clients::later(accounts, "INSPECTOR2", aws_sdk_inspector2::Client::new),
            macie2: Clients::later(accounts, "MACIE2", aws_sdk_macie2::Client::new),
            opt_in: None,
        }
    }

    /// The same; what is made gets this tag.
    #[must_use]
    pub fn making(self, opt_in: (String, String)) -> Self {
        Self { opt_in: Some(opt_in), ..self }
    }
}
