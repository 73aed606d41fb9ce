//! The vocabulary every remediation is written in: what happened, what there is, what should change.
//!
//! **Invariant:** nothing here does I/O, is async, or reads the clock or the environment.
//! Everything is data, or a function from data to data.
//!
//! Read in this order: [`Signal`] (what happened), [`Facet`] (what there is), [`Change`] and [`Plan`]
//! (what should change), [`Remediation`] (who decides), [`Guard`] (what binds them all), [`Entry`] (what
//! the docs, IAM policies and event patterns are generated from).

mod account;
mod entry;
mod event;
mod exemption;
mod facet;
pub mod guard;
mod hold;
mod owner;
mod patterns;
mod place;
mod plan;
mod policies;
mod remediation;
mod setting;
mod settings;
mod shell;
mod signal;
mod threat;

pub mod check;

pub use account::AccountId;
pub use entry::Entry;
pub use event::{
    Delivery, Described, Ignored, Message, Own, Progress, Reading, Silent, Standing, Subject,
    Whole, again, delivery, read, whole,
};
pub use exemption::Exemption;
pub use facet::{Action, Change, Facet, Id, Never, Tags};
pub use guard::Guard;
pub use hold::Hold;
pub use owner::Owner;
pub use patterns::patterns;
pub use place::{Arn, Place};
pub use plan::{Left, Plan};
pub use policies::{policies, statements};
pub use remediation::{Case, ChangeOf, IdOf, Remediation, Risk, Spec, Undo};
pub use setting::{Setting, Swap};
pub use settings::{Parameter, Settings, Wrong};
pub use shell::quoted;
pub use signal::{Approval, Finding, Severity, Signal, Source, Trigger};
pub use threat::{Direction, Host, Peer, Role, Threat};

/// A point in time, UTC.
pub type Timestamp = chrono::DateTime<chrono::Utc>;
