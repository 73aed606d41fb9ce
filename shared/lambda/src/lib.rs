//! What every function shares with AWS: events in, records and messages out, settings, credentials.
//!
//! **Invariant:** this is the only crate that reads the environment and the clock, and it decides
//! nothing about a resource: it stores, tells, retries and reports.

mod accounts;
mod cap;
mod config;
mod desk;
mod environment;
mod errors;
mod findings;
mod http;
mod ledger;
mod log;
mod marks;
mod record;
mod serve;
mod setup;
mod start;
mod topic;
mod warm;
mod web;

#[cfg(test)]
mod ledger_tests;

pub use accounts::{Accounts, Clients, Local};
pub use config::Aws;
pub use desk::AwsDesk;
pub use errors::{Tried, explain};
pub use marks::Marks;
pub use serve::serve;
pub use setup::{
    ANSWERS_OTHERS, MAX_REPAIRS_PER_HOUR, MEMBER_ROLE_NAME, OWN_ROLES, PARAMETERS, RECORD_DAYS,
    REMEDIATIONS, TABLE_NAME, TOPIC_ARN, UPDATE_FINDINGS, WARM_UP, WIRING,
};
pub use start::{Kit, Runners};

pub use web::Web;

pub(crate) use start::Failure;
