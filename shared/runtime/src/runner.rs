//! A remediation with its types forgotten, so that a function can hold all of its own in one list.

use std::{fmt, future::Future, pin::Pin};

use chrono::TimeDelta;
use remedy::{Facet, Guard, Id, IdOf, Place, Remediation, Signal, Spec};

use crate::{Cloud, Desk, Report, Task, Undo, remediate, undo};

pub(crate) type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// What an operator allows, beside the policies.
#[derive(Debug, Clone)]
pub struct Limits {
    /// What binds whatever the policies say.
    pub guard: Guard,
    /// How many repairs of one remediation an account may see in an hour.
    pub cap: u32,
    /// Where the stack is: what everybody shares is there.
    pub home: Place,
    /// For how long a person can approve a plan that waits for one.
    pub approval: TimeDelta,
    /// The keys of the tags that say whose a resource is.
    pub teams: Vec<String>,
}

/// A [`Remediation`] whose facet is known to be served by `C`, with its types forgotten.
///
/// Written for all of them below; nobody implements it by hand.
pub trait Runner<C, D>: Send + Sync {
    /// The remediation's card.
    fn spec(&self) -> Spec;
    /// Whether it is the one to answer `signal`.
    fn answers(&self, signal: &Signal) -> bool;
    /// The full name of what `resource` names in `place`, if this looks at such things.
    fn names(&self, resource: &str, place: &Place) -> Option<String>;
    /// Whether all that it answers is about one thing that everybody shares.
    fn is_shared(&self) -> bool;
    /// From signals to outcomes, one for each.
    fn run<'a>(
        &'a self,
        tasks: &'a [Task<'a>],
        limits: &'a Limits,
        cloud: &'a C,
        desk: &'a D,
    ) -> BoxFuture<'a, Vec<Report>>;
    /// Takes back what was changed under a record of its own.
    fn undo<'a>(&'a self, order: &'a Undo<'a>, cloud: &'a C, desk: &'a D) -> BoxFuture<'a, Report>;
}

impl<R, C, D> Runner<C, D> for R
where
    R: Remediation,
    C: Cloud<R::Facet>,
    D: Desk,
{
    fn spec(&self) -> Spec {
        R::SPEC
    }
    fn answers(&self, signal: &Signal) -> bool {
        Remediation::answers(self, signal)
    }
    fn names(&self, resource: &str, place: &Place) -> Option<String> {
        IdOf::<R>::locate(resource).map(|id| id.arn(place))
    }
    fn is_shared(&self) -> bool {
        R::Facet::SHARED
    }
    fn run<'a>(
        &'a self,
        tasks: &'a [Task<'a>],
        limits: &'a Limits,
        cloud: &'a C,
        desk: &'a D,
    ) -> BoxFuture<'a, Vec<Report>> {
        Box::pin(remediate(self, tasks, limits, cloud, desk))
    }
    fn undo<'a>(&'a self, order: &'a Undo<'a>, cloud: &'a C, desk: &'a D) -> BoxFuture<'a, Report> {
        Box::pin(undo::<R, C, D>(order, cloud, desk))
    }
}

impl<C, D> fmt::Debug for dyn Runner<C, D> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.spec().id)
    }
}
