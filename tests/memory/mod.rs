//! An AWS, a ledger and a herald in memory.

mod desk;

use std::{
    collections::BTreeMap,
    fmt::Debug,
    sync::{
        Mutex, MutexGuard,
        atomic::{AtomicBool, AtomicUsize, Ordering::SeqCst},
    },
    task::{Context, Poll, Waker},
};

use remedy::{Facet, Place, Signal};
use runtime::{Cloud, Error};

pub(crate) use desk::MemoryDesk;

/// What happens to the call of this number, counted from one over all of a world's calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    /// It is not made, and worth another try.
    Down(usize),
    /// It takes effect, and the answer is lost.
    Lost(usize),
    /// It is denied.
    Denied(usize),
}

/// Counts calls, and makes one of them fail.
#[derive(Debug, Default)]
pub(crate) struct Line {
    pub(crate) calls: AtomicUsize,
    /// How many there were of each name.
    counts: Mutex<BTreeMap<String, usize>>,
    fault: Mutex<Option<Fault>>,
    /// The process is killed after this many calls: none that follows is made.
    life: Mutex<Option<usize>>,
    /// Others come in between any two calls.
    yields: AtomicBool,
}

impl Line {
    pub(crate) fn breaks(&self, fault: Fault) {
        *lock(&self.fault) = Some(fault);
    }

    pub(crate) fn dies_after(&self, calls: usize) {
        *lock(&self.life) = Some(calls);
    }

    /// How many calls of this name there were.
    pub(crate) fn count(&self, what: &str) -> usize {
        lock(&self.counts).get(what).copied().unwrap_or_default()
    }

    /// From now on each call lets others go first, if there are any.
    pub(crate) fn yields(&self) {
        self.yields.store(true, SeqCst);
    }

    async fn call<T>(&self, what: &str, make: impl FnOnce() -> T) -> Result<T, Error> {
        if self.yields.load(SeqCst) {
            let mut went = false;
            std::future::poll_fn(|context| {
                if std::mem::replace(&mut went, true) {
                    return Poll::Ready(());
                }
                context.waker().wake_by_ref();
                Poll::Pending
            })
            .await;
        }
        self.made(what, make)
    }

    fn made<T>(&self, what: &str, make: impl FnOnce() -> T) -> Result<T, Error> {
        let nth = self.calls.fetch_add(1, SeqCst) + 1;
        *lock(&self.counts).entry(what.into()).or_default() += 1;
        if lock(&self.life).is_some_and(|calls| nth > calls) {
            return Err(Error::Transient(format!("{what}: killed")));
        }
        match *lock(&self.fault) {
            Some(Fault::Down(at)) if at == nth => Err(Error::Transient(format!("{what}: down"))),
            Some(Fault::Denied(at)) if at == nth => {
                Err(Error::Refused(format!("{what}: AccessDenied")))
            }
            Some(Fault::Lost(at)) if at == nth => {
                make();
                Err(Error::Transient(format!("{what}: no answer")))
            }
            _ => Ok(make()),
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().expect("no test holds it and panics")
}

/// One kind of facet, by the text of its id. What a change does to it is what [`Facet::after`] says.
#[derive(Debug)]
pub(crate) struct MemoryCloud<F: Facet> {
    facets: Mutex<BTreeMap<String, F>>,
    /// Changes by their words that are refused.
    pub(crate) refuses: Mutex<Vec<String>>,
    /// Changes that are answered with success and not made.
    pub(crate) forgets: Mutex<Vec<String>>,
    pub(crate) line: std::sync::Arc<Line>,
}

impl<F: Facet> MemoryCloud<F> {
    pub(crate) fn with(facets: impl IntoIterator<Item = (String, F)>) -> Self {
        Self {
            facets: Mutex::new(facets.into_iter().collect()),
            refuses: Mutex::default(),
            forgets: Mutex::default(),
            line: std::sync::Arc::default(),
        }
    }
    pub(crate) fn get(&self, id: &str) -> Option<F> {
        lock(&self.facets).get(id).cloned()
    }
    pub(crate) fn edit(&self, id: &str, edit: impl FnOnce(&mut F)) {
        edit(lock(&self.facets).get_mut(id).expect("it is there"));
    }
    pub(crate) fn remove(&self, id: &str) {
        lock(&self.facets).remove(id);
    }
    fn refusal(&self, change: &F::Change) -> Option<Error> {
        let is_refused = lock(&self.refuses).contains(&change.to_string());
        is_refused.then(|| Error::Refused("AccessDenied".into()))
    }
}

impl<F: Facet> Cloud<F> for MemoryCloud<F> {
    async fn load(&self, _: &Place, id: &F::Id, _: &[&Signal]) -> Result<Option<F>, Error> {
        self.line.call("load", || self.get(&id.to_string())).await
    }

    async fn apply(&self, _: &Place, id: &F::Id, changes: &[F::Change]) -> Vec<Result<(), Error>> {
        let is_forgotten = |change: &F::Change| lock(&self.forgets).contains(&change.to_string());
        let make = |changes: &[&F::Change]| {
            let mut facets = lock(&self.facets);
            if let Some(facet) = facets.remove(&id.to_string()) {
                let real = changes.iter().filter(|change| !is_forgotten(change));
                facets
                    .insert(id.to_string(), real.fold(facet, |facet, change| facet.after(change)));
            }
        };
        if F::SHARED {
            // One call makes all of them, or none.
            let answer = self.line.call("apply", || {
                let refusal = changes.iter().find_map(|change| self.refusal(change));
                if refusal.is_none() {
                    make(&changes.iter().collect::<Vec<_>>());
                }
                refusal.map_or(Ok(()), Err)
            });
            let answer = answer.await;
            return vec![answer.flatten(); changes.len()];
        }
        let mut results = Vec::new();
        for change in changes {
            results.push(if let Some(refusal) = self.refusal(change) {
                self.line.calls.fetch_add(1, SeqCst);
                Err(refusal)
            } else if is_forgotten(change) {
                Ok(())
            } else {
                self.line.call("apply", || make(&[change])).await
            });
        }
        results
    }
}

/// Runs a future that never really waits.
pub(crate) fn now<T>(future: impl Future<Output = T>) -> T {
    let mut future = std::pin::pin!(future);
    let mut context = Context::from_waker(Waker::noop());
    loop {
        if let Poll::Ready(value) = future.as_mut().poll(&mut context) {
            return value;
        }
    }
}

/// Work of one of several people.
pub(crate) type Work<'a> = std::pin::Pin<Box<dyn Future<Output = ()> + 'a>>;

/// Does all of it, one call of one of them at a time, in the order that `turns` tells.
pub(crate) fn in_turns(mut work: Vec<Work<'_>>, mut turns: impl Iterator<Item = usize>) {
    let mut context = Context::from_waker(Waker::noop());
    while !work.is_empty() {
        let turn = turns.next().unwrap_or_default() % work.len();
        if work[turn].as_mut().poll(&mut context).is_ready() {
            drop(work.remove(turn));
        }
    }
}
