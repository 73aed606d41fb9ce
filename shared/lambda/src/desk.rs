//! What the pipeline needs beside the resource itself, by AWS.

use std::{
    sync::Arc,
    time::{Duration, SystemTime},
};

use remedy::{Signal, Timestamp};
use runtime::{
    Brief, Clock, Control, Error, Exempt, Herald, Ledger, Notice, Opened, Orders, Page, Report,
    Standing, Terms, Workflow, Written,
};

use crate::{
    findings::Findings,
    in_force::InForce,
    log::{Level, Log, say},
    table::Table,
    topic::Topic,
};

/// The stack's table, its topic, Security Hub, and the clock of the machine.
#[derive(Debug)]
pub struct AwsDesk {
    pub(crate) table: Table,
    pub(crate) in_force: InForce,
    pub(crate) topic: Topic,
    /// None if findings are not to be told.
    pub(crate) findings: Option<Findings>,
    pub(crate) log: Log,
}

impl AwsDesk {
    /// The stack's table.
    pub fn table(&self) -> &Table {
        &self.table
    }

    /// Writes a line to the log.
    pub fn say(&self, message: &str) {
        say(Level::Info, message, self.now());
    }

    /// Writes a line to the log that counts one more of `metric`, for `channel` if it is of one.
    pub fn count(&self, message: &str, metric: &str, channel: Option<&str>) {
        self.log.counted(Level::Info, message, metric, channel, self.now());
    }

    /// The same of what went wrong.
    pub fn count_trouble(&self, message: &str, metric: &str, channel: Option<&str>) {
        self.log.counted(Level::Error, message, metric, channel, self.now());
    }

    /// Writes what was decided since `since` to the log, for the invocation `request`.
    pub(crate) fn log_all(&self, reports: &[Report], request: &str, since: Timestamp) {
        let ended = self.now();
        for report in reports {
            self.log.decided(report, request, since, ended);
        }
    }
}

impl Ledger for AwsDesk {
    async fn note(&self, page: &Page) -> Result<Written, Error> {
        self.table.note(page).await
    }
    async fn open(&self, page: &Page, terms: Terms) -> Result<Opened, Error> {
        self.table.open(page, terms).await
    }
    async fn close(&self, page: &Page) -> Result<(), Error> {
        self.table.close(page).await
    }
    async fn told(&self, id: &str) -> Result<(), Error> {
        self.table.told(id).await
    }
}

impl Control for AwsDesk {
    async fn orders(&self) -> Result<Arc<Orders>, Error> {
        self.in_force.orders().await
    }
    async fn standing(&self, resource: &str) -> Result<Standing, Error> {
        self.table.standing(resource).await
    }
    async fn exempt(&self, resource: &str, exempt: Option<&Exempt>) -> Result<(), Error> {
        self.table.exempt(resource, exempt).await
    }
    async fn recent(&self, page: &Page, since: Timestamp) -> Result<Vec<Brief>, Error> {
        self.table.recent(page, since).await
    }
}

impl Herald for AwsDesk {
    async fn publish(&self, notice: &Notice) -> Result<(), Error> {
        let published = self.topic.publish(notice).await;
        if let Err(error) = &published {
            self.log.not_sent(&notice.subject, error, self.now());
        }
        published
    }
    async fn annotate(&self, signal: &Signal, note: &str, workflow: Workflow) -> Result<(), Error> {
        match &self.findings {
            Some(findings) => findings.annotate(signal, note, workflow).await,
            None => Ok(()),
        }
    }
}

impl Clock for AwsDesk {
    fn now(&self) -> Timestamp {
        now()
    }
    async fn sleep(&self, time: Duration) {
        tokio::time::sleep(time).await;
    }
}

/// The time, for all that is written down.
#[expect(clippy::disallowed_methods, reason = "the clock of the pipeline is made here")]
pub(crate) fn now() -> Timestamp {
    SystemTime::now().into()
}
