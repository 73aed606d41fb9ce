//! An AWS service with all its types forgotten: its remediations and the cloud they act on, for who serves
//! several of them.

use std::fmt;

use remedy::Place;

use crate::{Desk, Report, Runner, Undo, runner::BoxFuture};

/// What a person can have done by one function of the stack. [`Serving`] is the only one.
pub trait Service<D>: Send + Sync {
    /// The function's name, as in `ec2`.
    fn name(&self) -> &'static str;
    /// The full name of what `resource` names in `place`, if it looks at such things.
    fn names(&self, resource: &str, place: &Place) -> Option<String>;
    /// Takes back what was changed under a record; none: the remediation is none of its own.
    fn undo<'a>(&'a self, order: &'a Undo<'a>, desk: &'a D) -> Option<BoxFuture<'a, Report>>;
}

/// A service: its remediations, and the cloud that they act on.
pub struct Serving<C, D> {
    /// The function's name.
    pub name: &'static str,
    /// Its remediations.
    pub runners: Vec<Box<dyn Runner<C, D>>>,
    /// What they act on.
    pub cloud: C,
}

impl<C: Send + Sync, D: Desk> Service<D> for Serving<C, D> {
    fn name(&self) -> &'static str {
        self.name
    }
    fn names(&self, resource: &str, place: &Place) -> Option<String> {
        self.runners.iter().find_map(|runner| runner.names(resource, place))
    }
    fn undo<'a>(&'a self, order: &'a Undo<'a>, desk: &'a D) -> Option<BoxFuture<'a, Report>> {
        let its = self.runners.iter().find(|runner| runner.spec().id == order.page.remediation);
        its.map(|runner| runner.undo(order, &self.cloud, desk))
    }
}

impl<C, D> fmt::Debug for Serving<C, D> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Serving").field("name", &self.name).finish_non_exhaustive()
    }
}

impl<D> fmt::Debug for dyn Service<D> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
