//! The vocabulary every remediation is written in: what happened, what there is, what should change.
//!
//! **Invariant:** nothing here does I/O, is async, or reads the clock or the environment.
//! Everything is data, or a function from data to data.
//!
//! Read in this order: [`Signal`] (what happened), [`Facet`] (what there is), [`Change`] and [`Plan`]
//! (what should change), [`Remediation`] (who decides), [`Guard`] (what binds them all), [`Entry`] (what
//! the docs, IAM policies and event patterns are generated from).

mod entry;
mod event;
mod exemption;
mod facet;
pub mod guard;
mod hold;
mod owner;
mod place;
mod plan;
mod remediation;
mod settings;
mod signal;
mod threat;

pub mod check;

pub use entry::{Entry, patterns, policies};
pub use event::{Delivery, Ignored, Message, Own, Reading, Subject, again, delivery, read};
pub use exemption::Exemption;
pub use facet::{Action, Change, Facet, Id, Tags};
pub use guard::Guard;
pub use hold::Hold;
pub use owner::Owner;
pub use place::{Arn, Place};
pub use plan::{Left, Plan};
pub use remediation::{Case, ChangeOf, IdOf, Remediation, Risk, Spec};
pub use settings::{Parameter, Settings, Wrong};
pub use signal::{Approval, Finding, Severity, Signal, Source, Trigger};
pub use threat::{Direction, Host, Peer, Role, Threat};

/// A point in time, UTC.
pub type Timestamp = chrono::DateTime<chrono::Utc>;
