//! The embedded AWS: two emulators with the stack deployed in them, and the services that are played.
//!
//! The *platform* is the account that Kintsugi is deployed to, the *estate* the one that it repairs. They
//! are the same account in the same Region, kept by two emulators; see ARCHITECTURE.md for what these
//! cannot do.

mod channels;
mod emulators;
mod estate;
pub mod events;
mod faults;
mod findings;
mod person;
mod record;
mod stage;
mod threats;
mod undo;
mod wait;

use std::fmt::Display;

use aws_smithy_types::error::display::DisplayErrorContext;

pub use self::{
    channels::Channels,
    estate::{Estate, Line, Vpc},
    faults::{Faults, http},
    findings::Told,
    person::{ADA, Said},
    record::Record,
    stage::{Message, Queue, Stage},
    threats::AtGuardDuty,
    wait::{LIMIT, wait},
};

/// What went wrong: what was tried, on what, and what came back.
#[derive(Debug, Clone, thiserror::Error)]
#[error("{0}")]
pub struct Trouble(pub String);

/// What came of something that can go wrong.
pub type Result<T> = std::result::Result<T, Trouble>;

impl Trouble {
    /// `what` was tried, and `error` came back.
    pub fn new(what: &str, error: impl Display) -> Self {
        Self(format!("could not {what}: {error}"))
    }

    /// As [`new`](Self::new), for an error of the SDK.
    pub fn aws<E: std::error::Error>(what: &str, error: E) -> Self {
        Self::new(what, DisplayErrorContext(error))
    }
}
