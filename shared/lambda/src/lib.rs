//! What every function shares with AWS: events in, records and messages out, settings, credentials.
//!
//! **Invariant:** this is the only crate that reads the environment and the clock, and it decides
//! nothing about a resource: it stores, tells, retries and reports.

mod accounts;
mod cap;
mod cases;
mod config;
mod desk;
mod environment;
mod errors;
mod fields;
mod findings;
mod history;
mod http;
mod in_force;
mod ledger;
mod log;
mod marks;
mod orders;
mod parked;
mod policy;
mod queues;
mod record;
mod release;
mod rules;
mod scan;
mod serve;
mod setup;
mod shell;
mod standing;
mod start;
mod table;
mod topic;
mod warm;
mod web;

#[cfg(test)]
mod tests;

pub use accounts::{Accounts, Clients, Local};
pub use cap::Cap;
pub use cases::Heeded;
pub use config::Aws;
pub use desk::AwsDesk;
pub use errors::{Tried, explain};
pub use history::History;
pub use http::Connections;
pub use marks::Marks;
pub use parked::Parked;
pub use policy::{Pushed, Version};
pub use queues::{Queues, urls};
pub use release::{Release, Released};
pub use scan::{Days, Flat, Scan, Sort};
pub use serve::{Answers, Asked, Beside, Works, answer, serve, serve_beside, work};
pub use setup::{
    ANSWERS_OTHERS, APPROVAL_HOURS, DEAD_LETTERS, EXEMPT_DAYS, MAX_REPAIRS_PER_HOUR,
    MEMBER_ROLE_NAME, OWN_ROLES, PARAMETERS, QUEUES, RECORD_DAYS, REMEDIATIONS, TABLE_NAME,
    TEAM_TAG_KEYS, TOPIC_ARN, UPDATE_FINDINGS, WARM_UP, WIRING, days, home, limits,
};
pub use shell::{Kit, Shell};
pub use start::Runners;
pub use table::Table;
pub use topic::NEWS;
pub use web::{Call, Outside, Reply, Web};

pub(crate) use start::Failure;
