//! What people order: approve, reject, undo, pause, resume, and other policies; one after the other, and
//! all at once.

mod approving;
mod policies;
mod races;
mod repeating;
mod undoing;
mod waiting;

use crate::{
    memory::now,
    world::{World, limits},
};
use catalog::ec2::CloseWorldIngress;
use remedy::{Remediation, Settings, Signal};
use runtime::{Attempt, Page, Report, Runner, Task, Undo, remediate};
use scope::Scope;

pub(crate) const ADA: &str = "arn:aws:iam::111122223333:user/ada";

/// The policies that the tests put in force; each needs the opt-in tag.
pub(crate) fn policies(w: &World, mode: &str, annotations: &str) {
    let text = format!(
        r#"@id("ours") @mode("{mode}") {annotations}
           permit (principal, action, resource)
           when {{ resource.hasTag("AutoRemediate") && resource.getTag("AutoRemediate") == "True" }};"#
    );
    w.desk.order(|orders| {
        orders.scope = Scope::load(&text).unwrap();
        orders.policies = "version 7".into();
    });
}

impl World {
    /// Handles a signal with the policies that are in force.
    pub(crate) async fn handle(&self, signal: &Signal) -> Report {
        let settings = Settings::default();
        let limits = limits(&settings, self.cap, signal.place.clone());
        let remediation = CloseWorldIngress::configured(&settings).unwrap();
        let task = Task { signal, attempt: Attempt::FIRST };
        let tasks = [task];
        let work = remediate(&remediation, &tasks, &limits, &self.cloud, &self.desk);
        work.await.remove(0)
    }

    pub(crate) fn handled(&self, signal: &Signal) -> Page {
        now(self.handle(signal)).page
    }

    /// Takes back what was changed under a record, as Ada asks.
    pub(crate) async fn undo(&self, page: &Page) -> Report {
        let until = "2026-12-20T12:00:00Z".parse().unwrap();
        let order = Undo { page, by: ADA, why: "the shop is down", until };
        let remediation = CloseWorldIngress::configured(&Settings::default()).unwrap();
        Runner::undo(&remediation, &order, &self.cloud, &self.desk).await
    }

    pub(crate) fn undone(&self, page: &Page) -> Page {
        now(self.undo(page)).page
    }
}
