//! What may be touched: policies in Cedar, and what they say of one plan.
//!
//! **Invariant:** nothing here does I/O, reads the clock or the environment. What is not permitted is
//! not touched; what forbids wins over what permits; what cannot be decided is not touched either.
//!
//! Read in this order: [`Ask`] (what is asked), [`Scope`] (what answers), [`Verdict`] (the answer),
//! [`defaults`] (policies made of the stack's parameters), [`author`] (what those who write policies need).

pub mod author;
pub mod defaults;

mod ask;
mod fault;
mod mode;
mod nearest;
mod rule;
mod scope;
mod token;
mod verdict;
mod wanted;
mod window;

pub use ask::{Ask, Thing};
pub use defaults::Bounds;
pub use mode::Mode;
pub use nearest::nearest;
pub use scope::{Scope, Unusable};
pub use verdict::{Denial, Missing, Shut, Verdict};
pub use window::{Misread, Window};

/// What a resource's owner is when nobody but people look after it.
pub const NO_OWNER: &str = "none";
