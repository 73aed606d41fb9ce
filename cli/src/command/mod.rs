//! The commands, one file each or one a group.

mod answer;
mod dead_letters;
mod explain;
mod ground;
mod history;
mod list;
mod policy;
mod preview;
mod report;
mod rules;
mod status;

use std::time::SystemTime;

use clap::CommandFactory;
use remedy::Timestamp;
use runtime::order::What;

use crate::{
    args::{Args, Command, Exempt, Free, Global, OfStack},
    fail::Fail,
    reference,
    say::{Said, Say},
    session::Session,
};

/// Does what was typed.
///
/// # Errors
/// If it was refused, failed, or means nothing.
pub(crate) async fn run(args: &Args, say: &Say) -> Result<Said, Fail> {
    let global = &args.global;
    match &args.command {
        Command::Free(free) => without_stack(free, global, say).await,
        Command::OfStack(command) => with_stack(command, &Session::begin(global).await?, say).await,
    }
}

/// What can be done without a stack.
async fn without_stack(command: &Free, global: &Global, say: &Say) -> Result<Said, Fail> {
    match command {
        Free::Explain(explain) => explain::explain(explain, global, say).await,
        Free::Preview(preview) => Box::pin(preview::preview(preview, global, say)).await,
        Free::Policy(policy) => policy::policy(policy, global, say).await,
        Free::Rules(rules) => Box::pin(rules::rules(rules, global, say)).await,
        Free::Completions { shell } => {
            let mut text = Vec::new();
            clap_complete::generate(*shell, &mut Args::command(), "kintsugi", &mut text);
            let text = String::from_utf8_lossy(&text).into_owned();
            Ok(Said::new(text.clone(), text))
        }
        Free::Reference => {
            let text = reference::commands(&mut Args::command());
            Ok(Said::new(text.clone(), text))
        }
    }
}

/// What needs a stack.
async fn with_stack(command: &OfStack, session: &Session, say: &Say) -> Result<Said, Fail> {
    match command {
        OfStack::Status => status::status(session, say).await,
        OfStack::History(history) => history::history(history, session, say).await,
        OfStack::Show { record } => history::show(record, session).await,
        OfStack::List(list) => list::list(list, session, say).await,
        OfStack::DeadLetters { what } => {
            dead_letters::dead_letters(what.as_ref(), session, say).await
        }
        OfStack::Approve { record, why } => {
            answer::order(What::Approve { record: record.0.clone() }, &why.why, session).await
        }
        OfStack::Reject { record, days, why } => {
            let what = What::Reject { record: record.0.clone(), days: *days };
            answer::order(what, &why.why, session).await
        }
        OfStack::Undo { record, days, why, sure } => {
            answer::undo(record, *days, &why.why, *sure, session, say).await
        }
        OfStack::Acknowledge { problem, why } => {
            let what = What::Acknowledge { case_or_record: problem.0.clone() };
            answer::order(what, &why.why, session).await
        }
        OfStack::Report(report) => report::report(report, session, say).await,
        OfStack::Run(run) => answer::run(run, session).await,
        OfStack::Pause { remediation, until, span, why } => {
            answer::pause(remediation.as_deref(), *until, *span, &why.why, session).await
        }
        OfStack::Resume { remediation, account, why } => {
            answer::resume(remediation.as_deref(), account.as_deref(), &why.why, session).await
        }
        OfStack::Exempt(Exempt { resource, end, why }) => {
            answer::exempt(resource, end, &why.why, session).await
        }
    }
}

/// The time.
#[expect(clippy::disallowed_methods, reason = "whoever sits at the terminal asks for now")]
fn now() -> Timestamp {
    SystemTime::now().into()
}
