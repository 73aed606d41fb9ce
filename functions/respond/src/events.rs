//! Events that a person hands in: handled as if they had sent its findings by a custom action.

use remedy::{Reading, Signal, read};
use runtime::{About, notice};
use serde_json::Value;

use crate::{
    Respond,
    given::{Answered, Done, Given, Hears},
};

/// How many findings of an event are named in an answer.
const NAMED: usize = 10;

impl Respond {
    /// Sends every finding of an event to the functions that answer it.
    pub(crate) async fn run_event(&self, given: Given<'_>, event: &Value) -> Answered {
        let (mut sent, mut not, mut about) = (Vec::new(), Vec::new(), About::default());
        for reading in read(event, &self.own) {
            match reading {
                Reading::Signal(signal) => {
                    let signal =
                        Signal { asked_by: Some(given.by.into()), approves: None, ..*signal };
                    let name = format!("{} of {}", signal.trigger, signal.resource);
                    let mut functions = catalog::functions_for(&signal).peekable();
                    if functions.peek().is_none() {
                        not.push(format!("{name}: no remediation answers it"));
                    }
                    for function in functions {
                        match self.send(function, &signal, given).await {
                            Ok(()) => sent.push(format!("{name} to {function}")),
                            Err(why) => not.push(format!("{name}: {why}")),
                        }
                    }
                    about.resource = signal.resource;
                    about.place = Some(signal.place);
                }
                Reading::Ignored { about, why } => not.push(format!("{}: {why}", about.trigger)),
                Reading::Unreadable { about, why } => not.push(format!("{}: {why}", about.trigger)),
            }
        }
        let not_sent = match not.len() {
            0 => String::new(),
            all => format!("; {all} not: {}", some(&not)),
        };
        if sent.is_empty() {
            return Err(format!("nothing of the event is to be done{not_sent}"));
        }
        let said = format!("{} on the way: {}{not_sent}", sent.len(), some(&sent));
        let what = format!("handle an event: {}", some(&sent));
        Ok(Done::ordered(said, self.wrote(given, &what, about, "", Hears::Nobody).await))
    }
}

/// The first of them, for people.
fn some(all: &[String]) -> String {
    let named: Vec<_> = all.iter().take(NAMED).map(|one| notice::clean(one, 300)).collect();
    let more = all.len().saturating_sub(NAMED);
    let more = if more == 0 { String::new() } else { format!(", and {more} more") };
    format!("{}{more}", named.join(", "))
}
