//! An AWS, a ledger and a herald in memory.

use std::{
    collections::BTreeMap,
    fmt::Debug,
    sync::{
        Mutex, MutexGuard,
        atomic::{AtomicUsize, Ordering::SeqCst},
    },
    time::Duration,
};

use remedy::{Facet, Place, Signal, Timestamp, check};
use runtime::{
    Clock, Cloud, Error, Herald, Ledger, Notice, Opened, Page, Refusal, Terms, Workflow, Written,
};

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

    fn call<T>(&self, what: &str, make: impl FnOnce() -> T) -> Result<T, Error> {
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
        self.line.call("load", || self.get(&id.to_string()))
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
            return vec![answer.flatten(); changes.len()];
        }
        let each = |change: &F::Change| {
            if let Some(refusal) = self.refusal(change) {
                self.line.calls.fetch_add(1, SeqCst);
                return Err(refusal);
            }
            if is_forgotten(change) {
                return Ok(());
            }
            self.line.call("apply", || make(&[change]))
        };
        changes.iter().map(each).collect()
    }
}

/// Records, messages and notes on findings; a clock that stands still until somebody sleeps.
#[derive(Debug)]
pub(crate) struct MemoryDesk {
    pub(crate) pages: Mutex<BTreeMap<String, Page>>,
    pub(crate) notices: Mutex<Vec<Notice>>,
    pub(crate) notes: Mutex<Vec<(String, Workflow)>>,
    /// Security Hub does not have the findings any more.
    pub(crate) unknown_findings: Mutex<bool>,
    pub(crate) line: std::sync::Arc<Line>,
    caps: Mutex<BTreeMap<String, (String, u32, bool)>>,
    seen: Mutex<BTreeMap<String, Timestamp>>,
    now: Mutex<Timestamp>,
}

impl MemoryDesk {
    pub(crate) fn on(line: std::sync::Arc<Line>) -> Self {
        Self {
            pages: Mutex::default(),
            notices: Mutex::default(),
            notes: Mutex::default(),
            unknown_findings: Mutex::default(),
            line,
            caps: Mutex::default(),
            seen: Mutex::default(),
            now: Mutex::new(check::now()),
        }
    }
    pub(crate) fn pages(&self) -> Vec<Page> {
        lock(&self.pages).values().cloned().collect()
    }
    pub(crate) fn notices(&self) -> Vec<Notice> {
        lock(&self.notices).clone()
    }
    pub(crate) fn notes(&self) -> Vec<(String, Workflow)> {
        lock(&self.notes).clone()
    }
    pub(crate) fn set(&self, now: &str) {
        *lock(&self.now) = now.parse().expect("a time");
    }
    /// A person resumes what was stopped at its cap.
    pub(crate) fn resume(&self) {
        lock(&self.caps).clear();
    }

    fn put(&self, page: &Page) -> Option<Box<Page>> {
        let mut pages = lock(&self.pages);
        if let Some(old) = pages.get(&page.id) {
            return Some(Box::new(old.clone()));
        }
        pages.insert(page.id.clone(), stored(page));
        None
    }

    fn counted(&self, page: &Page, cap: u32) -> Option<Refusal> {
        let account = page.about.place.as_ref().map_or("", |place| &place.account);
        let hour = page.at.format("%Y-%m-%dT%H").to_string();
        let mut caps = lock(&self.caps);
        let key = runtime::notice::cap_key(&page.remediation, account);
        let (of, used, blown) = caps.entry(key).or_insert((hour.clone(), 0, false));
        if *of != hour && !*blown {
            (*of, *used) = (hour, 0);
        }
        if *blown || *used >= cap {
            let first = !*blown;
            *blown = true;
            return Some(Refusal::OverCap { first });
        }
        *used += 1;
        None
    }

    fn stale(&self, page: &Page) -> Option<Refusal> {
        let signal = page.signal.as_ref()?;
        let key = format!("{} {} {}", page.remediation, signal.resource, signal.id);
        let mut all = lock(&self.seen);
        let seen = all.entry(key).or_insert(signal.seen);
        if *seen > signal.seen {
            return Some(Refusal::Stale(*seen));
        }
        *seen = signal.seen;
        None
    }
}

/// What is read back is what was written: records go through their text.
fn stored(page: &Page) -> Page {
    let text = serde_json::to_string(page).expect("a record serializes");
    serde_json::from_str(&text).expect("a record deserializes")
}

impl Ledger for MemoryDesk {
    async fn note(&self, page: &Page) -> Result<Written, Error> {
        self.line.call("note", || self.put(page).map_or(Written::New, Written::Already))
    }
    async fn open(&self, page: &Page, terms: Terms) -> Result<Opened, Error> {
        self.line.call("open", || {
            let old = self.put(page);
            let stale = terms.newest.then(|| self.stale(page)).flatten();
            let over = terms.cap.and_then(|cap| self.counted(page, cap));
            Opened { old, refusal: stale.or(over) }
        })
    }
    async fn close(&self, page: &Page) -> Result<(), Error> {
        self.line.call("close", || {
            lock(&self.pages).insert(page.id.clone(), stored(page));
        })
    }
    async fn told(&self, id: &str) -> Result<(), Error> {
        self.line.call("told", || {
            if let Some(page) = lock(&self.pages).get_mut(id) {
                page.told = true;
            }
        })
    }
}

impl Herald for MemoryDesk {
    async fn publish(&self, notice: &Notice) -> Result<(), Error> {
        self.line.call("publish", || lock(&self.notices).push(notice.clone()))
    }
    async fn annotate(&self, _: &Signal, note: &str, flow: Workflow) -> Result<(), Error> {
        if *lock(&self.unknown_findings) {
            return Err(Error::Refused("FindingNotFound".into()));
        }
        self.line.call("annotate", || lock(&self.notes).push((note.into(), flow)))
    }
}

impl Clock for MemoryDesk {
    fn now(&self) -> Timestamp {
        *lock(&self.now)
    }
    async fn sleep(&self, time: Duration) {
        *lock(&self.now) += time;
    }
}

/// Runs a future that never really waits.
pub(crate) fn now<T>(future: impl Future<Output = T>) -> T {
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    match std::pin::pin!(future).poll(&mut context) {
        std::task::Poll::Ready(value) => value,
        std::task::Poll::Pending => panic!("nothing in memory waits"),
    }
}
