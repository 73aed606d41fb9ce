//! What the ledger adds up to: numbers, the page that shows them, tables, a short mail, and OCSF. Pure.

mod accepted;
mod by;
pub mod csv;
mod digest;
mod ended;
mod entry;
mod names;
mod now_open;
pub mod ocsf;
pub mod page;
mod problems;
mod report;
#[cfg(test)]
mod sample;
mod tally;
mod times;
mod weeks;

pub use by::{Ages, Severities};
pub use digest::digest;
pub use entry::{CaseEntry, Entry, Lapse};
pub use report::*;
pub use tally::{Options, Tally};
