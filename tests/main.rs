//! What no single crate can test: the pipeline over an AWS in memory, and the files generated from the
//! catalog.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::disallowed_methods,
    reason = "a test may panic, and reads the files it checks"
)]

mod batches;
mod cards;
mod deployed;
mod events;
mod faults;
mod generated;
mod holds;
mod laws;
mod list_laws;
mod memory;
mod messages;
mod news;
mod people;
mod permissions;
mod pipeline;
mod policies;
mod remediations;
mod rules;
mod template;
mod threats;
mod workshop;
mod world;
