//! What people ordered, as it was read last: read again before it is half a minute old, and by one of
//! those who want it at the same time.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use futures_util::{future, lock::Mutex};
use remedy::Timestamp;
use runtime::{Error, Orders};
use scope::{Bounds, Scope};

use crate::{desk::now, log::Log, table::Table};

/// How long it is used: whatever is ordered holds half a minute later, with what a call may take.
const FRESH: Duration = Duration::from_secs(25);

/// What people ordered, as it was read last.
#[derive(Debug)]
pub(crate) struct InForce {
    table: Table,
    /// What the stack's parameters say.
    bounds: Bounds,
    log: Log,
    kept: Mutex<Kept>,
}

#[derive(Debug, Default)]
struct Kept {
    orders: Option<(Moment, Arc<Orders>)>,
    /// The text that was compiled last, and what it is.
    scope: Option<(String, Scope)>,
}

/// A point in time by two clocks: one stands still while Lambda does not let the process run, the other
/// can be set back.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Moment {
    pub(crate) instant: Instant,
    pub(crate) clock: Timestamp,
}

impl Moment {
    fn now() -> Self {
        Self { instant: Instant::now(), clock: now() }
    }

    /// Whether `orders`, that were read at this moment, are good for who asked at `asked` and has waited
    /// until `now`, by both clocks.
    fn is_fresh(self, orders: &Orders, asked: Self, now: Self) -> bool {
        let clock = (now.clock - self.clock).to_std();
        let is_young = now.instant.duration_since(self.instant) <= FRESH
            && clock.is_ok_and(|age| age <= FRESH);
        // While something is paused nothing is changed, and who resumes need not wait: it is read anew.
        is_young && (orders.pauses.is_empty() || asked.instant <= self.instant)
    }
}

impl InForce {
    pub(crate) fn new(table: Table, bounds: Bounds, log: Log) -> Self {
        Self { table, bounds, log, kept: Mutex::default() }
    }

    /// As [`runtime::Control::orders`].
    pub(crate) async fn orders(&self) -> Result<Arc<Orders>, Error> {
        self.orders_at(Moment::now).await
    }

    pub(crate) async fn orders_at(&self, now: impl Fn() -> Moment) -> Result<Arc<Orders>, Error> {
        let asked = now();
        // Whoever comes second waits for what the first one reads.
        let mut kept = self.kept.lock().await;
        // Its age counts from before it was read.
        let begun = now();
        let is_fresh = |(at, orders): &&(Moment, Arc<Orders>)| at.is_fresh(orders, asked, begun);
        if let Some((_, orders)) = kept.orders.as_ref().filter(is_fresh) {
            return Ok(Arc::clone(orders));
        }
        kept.orders = None;
        let configured = self.bounds.policies();
        let known = &mut kept.scope;
        let first = async {
            // While the table answers: the first policies of a process take Cedar's parser milliseconds.
            if known.is_none() {
                let scope = Scope::load(&configured).ok();
                *known = scope.map(|scope| (configured.clone(), scope));
            }
        };
        let (ordered, ()) = future::join(self.table.ordered(), first).await;
        let ordered = ordered.map_err(|error| self.unusable(error))?;
        let orders = ordered.compiled(&self.bounds, &mut kept.scope);
        let orders = Arc::new(orders.map_err(|why| self.unusable(why.into()))?);
        kept.orders = Some((begun, Arc::clone(&orders)));
        Ok(orders)
    }

    /// What cannot be used will not be usable the next time, either: operators must hear of it.
    fn unusable(&self, error: Error) -> Error {
        if let Error::Refused(why) = &error {
            self.log.policy_unusable(why, now());
        }
        error
    }
}
