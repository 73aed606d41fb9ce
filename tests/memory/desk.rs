//! Records, orders, messages and a clock in memory.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, atomic::Ordering::SeqCst},
    time::Duration,
};

use remedy::{Settings, Signal, Timestamp, check};
use runtime::{
    Asked, Brief, Clock, Control, Error, Exempt, Herald, Ledger, Notice, Opened, Orders, Outcome,
    Page, Refusal, Standing, Terms, Workflow, Written,
};
use scope::{Bounds, Scope};

use super::{Line, lock};

/// Records, messages and notes on findings; a clock that stands still until somebody sleeps.
#[derive(Debug)]
pub(crate) struct MemoryDesk {
    pub(crate) pages: Mutex<BTreeMap<String, Page>>,
    pub(crate) notices: Mutex<Vec<Notice>>,
    pub(crate) notes: Mutex<Vec<(String, Workflow)>>,
    /// Security Hub does not have the findings any more.
    pub(crate) unknown_findings: Mutex<bool>,
    pub(crate) line: std::sync::Arc<Line>,
    /// What people ordered; an error if it cannot be read.
    pub(crate) orders: Mutex<Result<Orders, Error>>,
    pub(crate) exempt: Mutex<BTreeMap<String, Exempt>>,
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
            orders: Mutex::new(Ok(orders(&Settings::default()))),
            exempt: Mutex::default(),
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
    /// The policies of these parameters are in force.
    pub(crate) fn set_up(&self, settings: &Settings) {
        *lock(&self.orders) = Ok(orders(settings));
    }
    /// People order something else.
    pub(crate) fn order(&self, order: impl FnOnce(&mut Orders)) {
        order(lock(&self.orders).as_mut().expect("they can be read"));
    }
    /// What waits to be done.
    pub(crate) fn parked(&self) -> Vec<Page> {
        self.pages().into_iter().filter(|page| page.waits().is_some()).collect()
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
        let key = format!("{} {account}", page.remediation);
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

/// What the stack's parameters order.
pub(crate) fn orders(settings: &Settings) -> Orders {
    let policies = Bounds::configured(settings).expect("the settings are right").policies();
    let scope = Scope::load(&policies).expect("they are valid");
    let policies = "the stack's parameters".into();
    Orders { scope, policies, pauses: Vec::new(), looks_only: false }
}

/// What is read back is what was written: records go through their text.
fn stored(page: &Page) -> Page {
    let text = serde_json::to_string(page).expect("a record serializes");
    serde_json::from_str(&text).expect("a record deserializes")
}

impl Ledger for MemoryDesk {
    async fn note(&self, page: &Page) -> Result<Written, Error> {
        self.line.call("note", || self.put(page).map_or(Written::New, Written::Already)).await
    }
    async fn open(&self, page: &Page, terms: Terms) -> Result<Opened, Error> {
        self.line
            .call("open", || {
                let old = self.put(page);
                let stale = terms.newest.then(|| self.stale(page)).flatten();
                let over = terms.cap.and_then(|cap| self.counted(page, cap));
                let exempt = lock(&self.exempt).get(&page.about.resource).cloned();
                let exempt = exempt.filter(|exempt| terms.standing && page.at < exempt.until);
                Opened { old, refusal: exempt.map(Refusal::Exempt).or(stale).or(over) }
            })
            .await
    }
    async fn close(&self, page: &Page) -> Result<(), Error> {
        self.line
            .call("close", || {
                lock(&self.pages).insert(page.id.clone(), stored(page));
            })
            .await
    }
    async fn told(&self, id: &str) -> Result<(), Error> {
        self.line
            .call("told", || {
                if let Some(page) = lock(&self.pages).get_mut(id) {
                    page.told = true;
                }
            })
            .await
    }
}

impl Control for MemoryDesk {
    async fn orders(&self) -> Result<Arc<Orders>, Error> {
        self.line.call("orders", || lock(&self.orders).clone()).await?.map(Arc::new)
    }
    async fn standing(&self, resource: &str) -> Result<Standing, Error> {
        self.line
            .call("standing", || {
                let about = self.pages().into_iter().filter(|page| page.about.resource == resource);
                let asked = about.filter(|page| page.answer.is_none()).filter_map(|page| {
                    let asks = page.asks?;
                    Some(Asked { record: page.id, plan: asks.plan, until: asks.until })
                });
                let exempt = lock(&self.exempt).get(resource).cloned();
                Standing { exempt, asked: asked.max_by_key(|asked| asked.until) }
            })
            .await
    }
    async fn exempt(&self, resource: &str, exempt: Option<&Exempt>) -> Result<(), Error> {
        self.line
            .call("exempt", || {
                let mut all = lock(&self.exempt);
                all.remove(resource);
                all.extend(exempt.map(|exempt| (resource.to_owned(), exempt.clone())));
            })
            .await
    }
    async fn recent(&self, page: &Page, since: Timestamp) -> Result<Vec<Brief>, Error> {
        self.line
            .call("recent", || {
                let is_alike = |old: &Page| {
                    old.remediation == page.remediation
                        && old.about.resource == page.about.resource
                        && old.outcome == Outcome::Fixed
                        && old.undoes.is_none()
                        && old.id != page.id
                        && old.at >= since
                };
                let brief = |old: Page| Brief {
                    record: old.id,
                    at: old.at,
                    changes: old.steps.into_iter().map(|step| step.what).collect(),
                    caused_by: old.signal.and_then(|signal| signal.caused_by),
                };
                let mut all: Vec<_> =
                    self.pages().into_iter().filter(is_alike).map(brief).collect();
                all.sort_by_key(|brief| brief.at);
                all
            })
            .await
    }
}

impl Herald for MemoryDesk {
    async fn publish(&self, notice: &Notice) -> Result<(), Error> {
        self.line.call("publish", || lock(&self.notices).push(notice.clone())).await
    }
    async fn annotate(&self, _: &Signal, note: &str, flow: Workflow) -> Result<(), Error> {
        if *lock(&self.unknown_findings) {
            return Err(Error::Refused("FindingNotFound".into()));
        }
        self.line.call("annotate", || lock(&self.notes).push((note.into(), flow))).await
    }
}

impl Clock for MemoryDesk {
    fn now(&self) -> Timestamp {
        let mut now = lock(&self.now);
        if self.line.yields.load(SeqCst) {
            // Where several are at work, no two moments are the same.
            *now += Duration::from_millis(1);
        }
        *now
    }
    async fn sleep(&self, time: Duration) {
        *lock(&self.now) += time;
    }
}
