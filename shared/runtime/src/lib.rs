//! The imperative shell: everything that happens around [`Remediation::plan`](remedy::Remediation::plan).
//!
//! **Invariant:** the pipeline knows no AWS service. It sees a [`Cloud`] it can load facets from and
//! apply changes to, and a [`Desk`]: a [`Ledger`] it can write to, a [`Control`] that tells what
//! people ordered, a [`Herald`] that tells people, a [`Clock`].

mod bench;
mod judge;
pub mod news;
pub mod notice;
mod open;
pub mod order;
mod orders;
mod outcome;
mod ports;
mod record;
mod remediate;
mod repeats;
mod runner;
mod service;
mod tell;
mod undo;
mod workshop;
mod written;

pub use news::{News, Section, Stands};
pub use notice::Notice;
pub use orders::{Asked, Brief, Exempt, Orders, Pause, Standing, Wait};
pub use outcome::{Outcome, State, Step};
pub use ports::{
    Attempt, Clock, Cloud, Control, Desk, Error, Herald, Ledger, Opened, Refusal, Report, Task,
    Terms, Workflow, Written,
};
pub use record::{About, Answer, Asks, Page, VERSION};
pub use remediate::remediate;
pub use runner::{Limits, Runner};
pub use service::{Service, Serving};
pub use undo::{Undo, undo};
pub use workshop::{Elsewhere, Handled, Workshop, batch_response};
