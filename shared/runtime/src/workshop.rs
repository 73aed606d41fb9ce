//! Everything that came in one invocation, handled: side by side where it can be, in turn where it
//! concerns the same resource.

use std::{collections::BTreeMap, fmt};

use futures_util::{StreamExt, future, stream};
use remedy::{Delivery, Message, Own, Reading, Signal, Subject, Timestamp, read};
use serde_json::Value;

use crate::{
    Attempt, Desk, Limits, Outcome, Page, Report, Runner, Task, runner::BoxFuture, tell::settle,
};

/// How many resources are worked on at the same time. AWS gives an account 5 rule changes a second
/// after the first 50: more would only be throttled.
const SIDE_BY_SIDE: usize = 8;

/// A function's remediations, and all they need.
pub struct Workshop<C, D> {
    /// The remediations.
    pub runners: Vec<Box<dyn Runner<C, D>>>,
    /// What the operator allows.
    pub limits: Limits,
    /// Who we are.
    pub own: Own,
    /// What of that which no remediation here answers is another function's.
    pub elsewhere: Elsewhere,
    /// The service that is mended.
    pub cloud: C,
    /// The ledger, the messages and the clock.
    pub desk: D,
}

/// What is another function's: what a person selects for a custom action reaches all of them.
#[derive(Debug, Clone, Copy)]
pub struct Elsewhere {
    /// Whether some function of the stack answers a signal.
    pub answers: fn(&Signal) -> bool,
    /// Whether it is this function that tells a person who asked for what none answers.
    pub tells: bool,
}

impl Elsewhere {
    /// There is no other function.
    pub const NONE: Self = Self { answers: |_| false, tells: true };

    /// Whether this function has nothing to say about what it does not answer.
    fn is_silent(self, signal: &Signal) -> bool {
        (self.answers)(signal) || !self.tells
    }
}

/// What became of a delivery.
#[derive(Debug, Default)]
pub struct Handled {
    /// Of every finding in it.
    pub reports: Vec<Report>,
    /// The ids of the messages that must come again.
    pub again: Vec<String>,
}

/// One finding of one message.
struct Job {
    message: usize,
    attempt: Attempt,
    reading: Reading,
}

impl<C: Send + Sync, D: Desk> Workshop<C, D> {
    /// Handles every finding of every message; whatever happens to one, the others are handled. What
    /// is not begun by `deadline` is left for another invocation.
    pub async fn handle(&self, delivery: Delivery, deadline: Timestamp) -> Handled {
        let messages = match delivery {
            Delivery::Batch(messages) => messages,
            Delivery::Bare(event) => {
                vec![Message { id: String::new(), receives: 1, body: Ok(event) }]
            }
        };
        let mut jobs = Vec::new();
        for (nth, message) in messages.iter().enumerate() {
            let attempt = Attempt { again: message.receives > 1 };
            let job = |reading| Job { message: nth, attempt, reading };
            jobs.extend(self.readings(message).into_iter().map(job));
        }
        let mut benches: BTreeMap<String, Vec<&Job>> = BTreeMap::new();
        for job in &jobs {
            benches.entry(job.bench()).or_default().push(job);
        }
        let work = benches
            .into_values()
            .map(|jobs| -> BoxFuture<'_, _> { Box::pin(self.in_turn(jobs, &messages, deadline)) });
        let work: Vec<_> = work.collect();
        let apart = stream::iter(work).buffer_unordered(SIDE_BY_SIDE).collect::<Vec<_>>();
        let (apart, shared) = future::join(apart, self.all_at_once(&jobs, deadline)).await;
        let done = apart.into_iter().flatten().chain(shared).collect();
        self.sorted(&messages, done).await
    }

    /// What concerns that which everybody shares, each such remediation for all of the batch at once.
    async fn all_at_once(&self, jobs: &[Job], deadline: Timestamp) -> Vec<(usize, Report)> {
        let mut reports = Vec::new();
        for runner in self.runners.iter().filter(|runner| runner.is_shared()) {
            let answered = jobs.iter().filter_map(|job| match &job.reading {
                Reading::Signal(signal) if runner.answers(signal) => Some((job, &**signal)),
                _ => None,
            });
            let (jobs, tasks): (Vec<_>, Vec<_>) =
                answered.map(|(job, signal)| (job, Task { signal, attempt: job.attempt })).unzip();
            if !tasks.is_empty() {
                let done = self.run(&**runner, &tasks, deadline).await;
                reports.extend(jobs.iter().map(|job| job.message).zip(done));
            }
        }
        reports
    }

    /// Runs a remediation, if there is time.
    async fn run(
        &self,
        runner: &dyn Runner<C, D>,
        tasks: &[Task<'_>],
        deadline: Timestamp,
    ) -> Vec<Report> {
        let now = self.desk.now();
        if now < deadline {
            return runner.run(tasks, &self.limits, &self.cloud, &self.desk).await;
        }
        let late = |task: &Task<'_>| {
            let trouble = vec!["no time was left; it is left for another invocation".into()];
            let page = Page::of(task.signal, runner.spec().id, now);
            Report { page, again: true, told: false, trouble }
        };
        tasks.iter().map(late).collect()
    }

    fn readings(&self, message: &Message) -> Vec<Reading> {
        match &message.body {
            Ok(event) => read(event, &self.own),
            Err(why) => {
                vec![Reading::Unreadable { about: Subject::default(), why: why.clone() }]
            }
        }
    }

    async fn in_turn(
        &self,
        jobs: Vec<&Job>,
        messages: &[Message],
        deadline: Timestamp,
    ) -> Vec<(usize, Report)> {
        let mut reports = Vec::new();
        for job in jobs {
            let id = messages.get(job.message).map_or("", |message| &message.id);
            let done = match &job.reading {
                Reading::Signal(signal) => self.answer(signal, job.attempt, deadline).await,
                Reading::Ignored { about, why } => {
                    let outcome = Outcome::Ignored { why: why.to_string() };
                    let page = Page::of_subject(about, id, self.desk.now(), outcome);
                    vec![settle(&self.desk, page, job.attempt).await]
                }
                Reading::Unreadable { about, why } => {
                    let outcome = Outcome::Unreadable { why: why.clone() };
                    let page = Page::of_subject(about, id, self.desk.now(), outcome);
                    vec![Report { again: true, ..settle(&self.desk, page, job.attempt).await }]
                }
            };
            reports.extend(done.into_iter().map(|report| (job.message, report)));
        }
        reports
    }

    /// Runs every remediation that answers `signal` for its own resource.
    async fn answer(&self, signal: &Signal, attempt: Attempt, deadline: Timestamp) -> Vec<Report> {
        let mut reports = Vec::new();
        let mut is_answered = false;
        for runner in self.runners.iter().filter(|runner| runner.answers(signal)) {
            is_answered = true;
            if !runner.is_shared() {
                reports.extend(self.run(&**runner, &[Task { signal, attempt }], deadline).await);
            }
        }
        if !is_answered && self.elsewhere.is_silent(signal) {
            reports.push(self.not_ours(signal));
        } else if !is_answered {
            let why = format!("no remediation of this function answers {}", signal.trigger);
            let mut page = Page::of(signal, "", self.desk.now());
            page.outcome = Outcome::Ignored { why };
            reports.push(settle(&self.desk, page, attempt).await);
        }
        reports
    }

    /// A finding that is another function's: that one writes it down, this one's log has it.
    fn not_ours(&self, signal: &Signal) -> Report {
        let why = format!("{} is for another function of the stack, if for any", signal.trigger);
        let mut page = Page::of(signal, "", self.desk.now());
        page.outcome = Outcome::Ignored { why };
        Report { page, again: false, told: true, trouble: Vec::new() }
    }

    /// Which messages must come again. Those of their findings that are done with are marked, so that
    /// nobody is told twice when the message does come again.
    async fn sorted(&self, messages: &[Message], done: Vec<(usize, Report)>) -> Handled {
        let mut handled = Handled::default();
        let mut marks = Vec::new();
        for (nth, message) in messages.iter().enumerate() {
            let mine = || done.iter().filter(|(of, _)| *of == nth).map(|(_, report)| report);
            if mine().any(|report| report.again) {
                handled.again.push(message.id.clone());
                let told = mine().filter(|report| report.told && !report.page.told);
                marks.extend(told.map(|report| report.page.id.clone()));
            }
        }
        // Best effort: a mark that is missing costs one more message at worst.
        future::join_all(marks.iter().map(|id| self.desk.told(id))).await;
        handled.reports = done.into_iter().map(|(_, report)| report).collect();
        handled
    }
}

impl Job {
    /// What concerns the same resource shares a bench.
    fn bench(&self) -> String {
        match &self.reading {
            Reading::Signal(signal) => {
                let id = signal.resource.rsplit(['/', ':']).next().unwrap_or_default();
                format!("{} {id}", signal.place)
            }
            Reading::Ignored { about, .. } | Reading::Unreadable { about, .. } => {
                format!("{} {}", about.id, self.message)
            }
        }
    }
}

impl<C, D> fmt::Debug for Workshop<C, D> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Workshop").field("runners", &self.runners).finish_non_exhaustive()
    }
}

/// What Lambda is answered: the messages of an SQS batch that must come again.
pub fn batch_response(again: &[String]) -> Value {
    let items = again.iter().map(|id| serde_json::json!({ "itemIdentifier": id }));
    serde_json::json!({ "batchItemFailures": items.collect::<Vec<_>>() })
}
