//! What the pipeline needs of the world.

use std::{future::Future, sync::Arc, time::Duration};

use remedy::{Facet, Place, Signal, Timestamp};

use crate::{Brief, Exempt, Notice, Orders, Page, Standing};

/// An AWS service, as far as one facet goes. Implemented once with the SDK, and once in memory.
pub trait Cloud<F: Facet>: Send + Sync {
    /// The facet as it is now, or `None` if the resource is gone.
    ///
    /// All or nothing: what cannot be read in full is an error, never half a facet.
    ///
    /// `signals` are what asks for it: some facets hold what is to be known of them, too.
    fn load(
        &self,
        place: &Place,
        id: &F::Id,
        signals: &[&Signal],
    ) -> impl Future<Output = Result<Option<F>, Error>> + Send;

    /// Makes `changes`, in order and as few calls as it takes; one that fails does not stop the others.
    /// Making a change twice is the same as making it once, and taking away what is gone succeeds.
    ///
    /// One result for each change.
    fn apply(
        &self,
        place: &Place,
        id: &F::Id,
        changes: &[F::Change],
    ) -> impl Future<Output = Vec<Result<(), Error>>> + Send;
}

/// Where decisions are kept: plans are written before they are carried out, so that they can be taken
/// back, and a run that was cut short is found again.
pub trait Ledger: Send + Sync {
    /// Writes the record of a decision that changes nothing, unless there is one of that id. What
    /// [waits](Page::waits) is found again when that is over, and what [asks](Page::asks) a person by
    /// the [standing](Control::standing) of its resource.
    fn note(&self, page: &Page) -> impl Future<Output = Result<Written, Error>> + Send;

    /// Writes the record of a plan that is about to be carried out, if nothing speaks against it:
    /// at once, and atomically for each of them,
    /// * no record of that id is there,
    /// * fewer than `terms.cap` plans of this remediation were opened in this account within the hour of
    ///   `page.at`, and no plan was refused for it since a person last resumed it,
    /// * no newer evidence of the same finding was acted on, if `terms.newest` asks for that,
    /// * the resource is not exempt, if `terms.standing` asks for that.
    fn open(&self, page: &Page, terms: Terms)
    -> impl Future<Output = Result<Opened, Error>> + Send;

    /// Replaces the record of that id; as [`note`](Self::note) for what waits or asks.
    fn close(&self, page: &Page) -> impl Future<Output = Result<(), Error>> + Send;

    /// Remembers that people were told of the record, so that they are not told again.
    fn told(&self, id: &str) -> impl Future<Output = Result<(), Error>> + Send;
}

/// Under which terms a plan may be opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Terms {
    /// How many plans an account may see in an hour. None: this one does not count.
    pub cap: Option<u32>,
    /// Evidence that is older than what was acted on is refused.
    pub newest: bool,
    /// So is a resource that became exempt since it was looked at.
    pub standing: bool,
}

/// What became of [`Ledger::note`].
#[derive(Debug, Clone, PartialEq)]
pub enum Written {
    /// It is written.
    New,
    /// This record was there.
    Already(Box<Page>),
}

/// What became of [`Ledger::open`].
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Opened {
    /// The record of that id which was there, and is there still. None: the new one is written.
    pub old: Option<Box<Page>>,
    /// Why the plan must not be carried out. None: go.
    pub refusal: Option<Refusal>,
}

/// Why a plan was not opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// The cap is reached.
    OverCap {
        /// This plan is the one that reached it: people must be told.
        first: bool,
    },
    /// Evidence newer than this was acted on.
    Stale(Timestamp),
    /// A person said that the resource is to be left alone.
    Exempt(Exempt),
}

/// What people ordered.
pub trait Control: Send + Sync {
    /// What holds for every plan; at most 30 seconds old.
    ///
    /// # Errors
    /// If it cannot be read, or cannot be used: then nothing may be changed.
    fn orders(&self) -> impl Future<Output = Result<Arc<Orders>, Error>> + Send;

    /// What is remembered of a resource.
    fn standing(&self, resource: &str) -> impl Future<Output = Result<Standing, Error>> + Send;

    /// Lets a resource be left alone from now on; none: no longer.
    fn exempt(
        &self,
        resource: &str,
        exempt: Option<&Exempt>,
    ) -> impl Future<Output = Result<(), Error>> + Send;

    /// The repairs of the remediation and the resource of `page` that were made since `since`, without
    /// its own.
    fn recent(
        &self,
        page: &Page,
        since: Timestamp,
    ) -> impl Future<Output = Result<Vec<Brief>, Error>> + Send;
}

/// How people are told.
pub trait Herald: Send + Sync {
    /// To everybody who subscribed.
    fn publish(&self, notice: &Notice) -> impl Future<Output = Result<(), Error>> + Send;

    /// To the findings of a signal themselves: a note of at most 512 characters, and whether each is
    /// now in somebody's hands or solved.
    fn annotate(
        &self,
        signal: &Signal,
        note: &str,
        workflow: Workflow,
    ) -> impl Future<Output = Result<(), Error>> + Send;
}

/// What becomes of a finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Workflow {
    /// Somebody must look at it, and was told.
    Notified,
    /// It is put right, and that was verified.
    Resolved,
}

/// The time, and how to let it pass.
pub trait Clock: Send + Sync {
    /// Now.
    fn now(&self) -> Timestamp;
    /// Lets `time` pass.
    fn sleep(&self, time: Duration) -> impl Future<Output = ()> + Send;
}

/// All that a pipeline needs beside the resource itself.
pub trait Desk: Ledger + Control + Herald + Clock {}
impl<T: Ledger + Control + Herald + Clock> Desk for T {}

/// What the world answered instead.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// Worth another try: throttled, timed out, or down.
    #[error("{0}")]
    Transient(String),
    /// Not worth one: denied, or not valid.
    #[error("{0}")]
    Refused(String),
}

/// What one finding of one message came to; a message is kept for another try if any asks for it.
#[derive(Debug, Clone, PartialEq)]
pub struct Report {
    /// As it stands in the ledger.
    pub page: Page,
    /// The message must come again: nothing may be lost.
    pub again: bool,
    /// Whoever should know of it was told, now or before.
    pub told: bool,
    /// Something beside the decision went wrong, such as a message that was not sent.
    pub trouble: Vec<String>,
}

/// How a message came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Attempt {
    /// It was received before: an earlier run may have been cut short.
    pub again: bool,
}

impl Attempt {
    /// The first one.
    pub const FIRST: Self = Self { again: false };
}

/// The signal and how it came.
#[derive(Debug, Clone, Copy)]
pub struct Task<'a> {
    /// What happened.
    pub signal: &'a Signal,
    /// How often it came.
    pub attempt: Attempt,
}
