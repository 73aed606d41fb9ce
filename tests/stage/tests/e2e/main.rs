//! The deployed stack in the embedded AWS: from the event on the bus to groups, records, messages and notes.
//!
//! Each test has emulators of its own and plays many cases in them at once. What is asserted is what is
//! there afterwards, never which calls were made.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod breadth;
mod case;
mod closing;
mod disturbed;
mod events;
mod people;
mod person;
mod settings;
mod threats;
mod told;
