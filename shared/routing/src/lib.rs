//! Who hears what, when and how: the rules, what is remembered of a problem, and what channels are sent.
//! Pure: `functions/notify` is its shell.

pub mod advice;
mod case;
mod digest;
mod finding;
mod hear;
pub mod render;
mod rules;
mod said;
mod tell;
mod timing;
mod triage;

pub use case::*;
pub use digest::digest;
pub use finding::*;
pub use hear::*;
pub use rules::*;
pub use said::*;
pub use tell::*;
pub use timing::Span;
pub use triage::*;
