//! The imperative shell: everything that happens around [`Remediation::plan`](remedy::Remediation::plan).
//!
//! **Invariant:** the pipeline knows no AWS service. It sees a [`Cloud`] it can load facets from and
//! apply changes to, and a [`Desk`]: a [`Ledger`] it can write to, a [`Herald`] that tells people, a
//! [`Clock`].

mod bench;
pub mod notice;
mod open;
mod ports;
mod record;
mod remediate;
mod runner;
mod tell;
mod workshop;
mod written;

pub use notice::Notice;
pub use ports::{
    Attempt, Clock, Cloud, Desk, Error, Herald, Ledger, Opened, Refusal, Report, Task, Terms,
    Workflow, Written,
};
pub use record::{About, Outcome, Page, State, Step, VERSION};
pub use remediate::remediate;
pub use runner::{Limits, Runner};
pub use workshop::{Elsewhere, Handled, Workshop, batch_response};
