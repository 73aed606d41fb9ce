//! What a person asked for: the orders of the command line, and the custom action in Security Hub.
//!
//! Whatever a person does wrong is an answer that says why, never a failed invocation. What is ordered
//! leaves a record.

mod action;
mod answers;
mod events;
mod given;
mod list;
mod orders;
mod policies;
mod rules;
mod services;
#[cfg(test)]
mod tests;
mod undoing;

use chrono::TimeDelta;
use lambda::{Answers, AwsDesk, EXEMPT_DAYS, Local, Queues, Release, Shell, Web};
use remedy::{Own, Place, Settings, Timestamp, Wrong};
use runtime::{
    Clock, Report, Service,
    order::{Order, Reply, What},
};
use scope::defaults::ACCOUNT_SETTINGS;
use serde_json::Value;

pub use services::services;

use given::{Answered, Given};
use list::Hand;

/// Who does what people ask for.
#[derive(Debug)]
pub struct Respond {
    desk: AwsDesk,
    queues: Queues,
    release: Release,
    services: Vec<Box<dyn Service<AwsDesk>>>,
    hub: Local<aws_sdk_securityhub::Client>,
    web: Web,
    hand: Hand,
    own: Own,
    home: Place,
    /// How long what was undone or rejected is left alone.
    exempt: TimeDelta,
}

impl Respond {
    /// As the operator set it.
    ///
    /// # Errors
    /// If a parameter is set to what it cannot be.
    pub fn new(shell: Shell) -> Result<Self, Wrong> {
        known_settings(&shell.settings)?;
        Ok(Self {
            queues: shell.queues()?,
            release: Release::new(&shell, catalog::function_of)?,
            services: services(&shell.kit())?,
            hub: shell.at_home("SECURITYHUB", aws_sdk_securityhub::Client::new),
            web: shell.web.clone(),
            hand: Hand::new(&shell)?,
            home: shell.home().clone(),
            exempt: lambda::days(&shell.settings, &EXEMPT_DAYS)?,
            own: shell.own,
            desk: shell.desk,
        })
    }

    /// Does what is ordered. What is not begun by `until` is not done.
    pub async fn obey(&self, order: Order, until: Timestamp) -> (Reply, Vec<Report>) {
        let Order { by, why, what } = order;
        let given = match Given::new(&by, &why, self.desk.now(), until) {
            Ok(given) => given,
            Err(why) => return (Reply::Refused { why }, Vec::new()),
        };
        // Boxed, since these futures are large, and only one of them is needed.
        let answered: Answered = match what {
            What::Approve { record } => Box::pin(self.approve(given, &record)).await,
            What::Reject { record, days } => Box::pin(self.reject(given, &record, days)).await,
            What::Undo { record, days } => Box::pin(self.undo(given, &record, days)).await,
            What::Run { record } => Box::pin(self.run(given, &record)).await,
            What::RunEvent { event } => Box::pin(self.run_event(given, &event)).await,
            What::Pause { remediation, until } => {
                Box::pin(self.pause(given, remediation, until)).await
            }
            What::Resume { remediation, account } => {
                Box::pin(self.resume(given, remediation.as_deref(), account.as_deref())).await
            }
            What::Exempt { resource, until } => {
                Box::pin(self.exempt(given, &resource, until)).await
            }
            What::Policy { text, replaces } => Box::pin(self.policy(given, &text, replaces)).await,
            What::Rules { text, replaces } => Box::pin(self.rules(given, &text, replaces)).await,
            What::Acknowledge { case_or_record } => {
                Box::pin(self.acknowledge(given, &case_or_record)).await
            }
            What::List { add, remove } => Box::pin(self.list(given, &add, &remove)).await,
        };
        match answered {
            Ok(done) => {
                let record = done.record.map(Box::new);
                (Reply::Done { said: done.said, record }, done.reports)
            }
            Err(why) => (Reply::Refused { why }, Vec::new()),
        }
    }
}

/// That settings of the account are named by remediations that there are: a slip would let nothing be touched, and
/// nobody would notice.
fn known_settings(settings: &Settings) -> Result<(), Wrong> {
    let is_known = |name: &str| {
        name == "all"
            || catalog::entries()
                .any(|entry| entry.spec.id == name && entry.kind == "AWS::::Account")
    };
    let known = |name: &str| is_known(name).then_some(());
    settings.each(&ACCOUNT_SETTINGS, known).map(drop)
}

/// The answer to a request where a setting of the stack cannot be: a deployment that brings it is refused
/// with the reason.
pub async fn sorry(wrong: &Wrong, request: Value, web: &Web) -> Value {
    if request.get("RequestType").is_some() {
        return action::sorry(wrong, &request, web).await;
    }
    let why = format!("the stack is set up wrongly: {wrong}");
    serde_json::to_value(Reply::Refused { why }).unwrap_or_default()
}

impl Answers for Respond {
    fn desk(&self) -> &AwsDesk {
        &self.desk
    }

    async fn answer(&self, request: Value, until: Timestamp) -> (Value, Vec<Report>) {
        if request.get("RequestType").is_some() {
            return (self.action(&request).await, Vec::new());
        }
        let (reply, reports) = match serde_json::from_value::<Order>(request) {
            Ok(order) => self.obey(order, until).await,
            Err(error) => {
                let why = format!(
                    "the order cannot be read: {error}; the command line and the stack may be of \
                     different versions"
                );
                (Reply::Refused { why }, Vec::new())
            }
        };
        (serde_json::to_value(reply).unwrap_or_default(), reports)
    }
}
