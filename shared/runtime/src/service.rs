//! An AWS service with all its types forgotten: its remediations and the cloud they act on, for who serves
//! several of them.

use std::fmt;

use remedy::{Delivery, Own, Place, Signal, Spec, Timestamp};

use crate::{
    Desk, Elsewhere, Handled, Limits, Report, Runner, Undo, runner::BoxFuture, workshop::Shift,
};

/// Under what a service works.
#[derive(Debug)]
pub struct Duty<'a, D> {
    /// What the operator allows.
    pub limits: &'a Limits,
    /// Who we are.
    pub own: &'a Own,
    /// What of that which no remediation of the service answers is another's.
    pub elsewhere: Elsewhere,
    /// The ledger, the messages and the clock.
    pub desk: &'a D,
}

/// What one function of the stack does, for who has a desk of its own. [`Serving`] is the only one.
pub trait Service<D>: Send + Sync {
    /// The function's name, as in `ec2`.
    fn name(&self) -> &'static str;
    /// The cards of its remediations.
    fn specs(&self) -> Vec<Spec>;
    /// Whether some remediation of it answers `signal`.
    fn answers(&self, signal: &Signal) -> bool;
    /// The full name of what `resource` names in `place`, if it looks at such things.
    fn names(&self, resource: &str, place: &Place) -> Option<String>;
    /// Takes back what was changed under a record; none: the remediation is none of its own.
    fn undo<'a>(&'a self, order: &'a Undo<'a>, desk: &'a D) -> Option<BoxFuture<'a, Report>>;
    /// Handles a delivery as the function does: plans, judges, writes down, changes, tells. What of that
    /// takes effect is the desk's to say, and the orders' that it tells. What is not begun by `until` is
    /// not done.
    fn handle<'a>(
        &'a self,
        delivery: Delivery,
        until: Timestamp,
        duty: Duty<'a, D>,
    ) -> BoxFuture<'a, Handled>;
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
    fn specs(&self) -> Vec<Spec> {
        self.runners.iter().map(|runner| runner.spec()).collect()
    }
    fn answers(&self, signal: &Signal) -> bool {
        self.runners.iter().any(|runner| runner.answers(signal))
    }
    fn names(&self, resource: &str, place: &Place) -> Option<String> {
        self.runners.iter().find_map(|runner| runner.names(resource, place))
    }
    fn undo<'a>(&'a self, order: &'a Undo<'a>, desk: &'a D) -> Option<BoxFuture<'a, Report>> {
        let its = self.runners.iter().find(|runner| runner.spec().id == order.page.remediation);
        its.map(|runner| runner.undo(order, &self.cloud, desk))
    }
    fn handle<'a>(
        &'a self,
        delivery: Delivery,
        until: Timestamp,
        duty: Duty<'a, D>,
    ) -> BoxFuture<'a, Handled> {
        let shift = Shift { runners: &self.runners, cloud: &self.cloud, duty };
        Box::pin(async move { shift.handle(delivery, until).await })
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
