//! What a person can order, and what they are answered. The command line sends it, `respond` does it.

use remedy::{Approval, Signal, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{Answer, Outcome, Page};

/// Something a person orders.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Order {
    /// Who: the ARN of the caller, as the command line was told by AWS.
    pub by: String,
    /// Why, if they say.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub why: String,
    /// What.
    pub what: What,
}

/// What can be ordered.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum What {
    /// Carry out the plan of this record, if it is still the same.
    Approve {
        /// The record.
        record: String,
    },
    /// Leave the resource of this record alone for a time.
    Reject {
        /// The record.
        record: String,
        /// For how many days; none: as the stack has it.
        #[serde(default)]
        days: Option<u32>,
    },
    /// Take back what was changed under this record, and leave the resource alone for a time.
    Undo {
        /// The record.
        record: String,
        /// For how many days; none: as the stack has it.
        #[serde(default)]
        days: Option<u32>,
    },
    /// Plan the signal of this record anew, and carry it out.
    Run {
        /// The record.
        record: String,
    },
    /// Handle an event now, as if a person had sent its findings by a custom action.
    RunEvent {
        /// A whole event.
        event: Value,
    },
    /// Stop repairs: of one remediation, or all.
    Pause {
        /// Which; none: all of them.
        #[serde(default)]
        remediation: Option<String>,
        /// When that ends by itself, if it does.
        #[serde(default)]
        until: Option<Timestamp>,
    },
    /// Let repairs go on that were paused, or that reached their cap.
    Resume {
        /// Which; none: all of them.
        #[serde(default)]
        remediation: Option<String>,
        /// In which account, for the cap; none: in all of them.
        #[serde(default)]
        account: Option<String>,
    },
    /// Leave a resource alone.
    Exempt {
        /// Its ARN.
        resource: String,
        /// Until when; none: no longer.
        until: Option<Timestamp>,
    },
    /// Put another set of policies in force.
    Policy {
        /// Cedar.
        text: String,
        /// The version that it replaces; 0 for the policies of the stack's parameters.
        replaces: u32,
    },
    /// Put other rules of who hears what in force.
    Rules {
        /// TOML.
        text: String,
        /// The version that they replace; 0 if none were pushed yet.
        replaces: u32,
    },
    /// Take care of a problem: it does not escalate.
    Acknowledge {
        /// The case, or a record of it.
        case_or_record: String,
    },
    /// Change who is on the threat list.
    List {
        /// What is put on it.
        #[serde(default)]
        add: Vec<String>,
        /// What is taken off it.
        #[serde(default)]
        remove: Vec<String>,
    },
}

/// What a person is answered.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reply {
    /// It is done, or on its way.
    Done {
        /// What was done, for people.
        said: String,
        /// The record of it, if there is one.
        #[serde(default)]
        record: Option<Box<Page>>,
    },
    /// It is not done, and nothing was changed.
    Refused {
        /// Why, and what to do.
        why: String,
    },
}

impl Page {
    /// The signal that carries out what this record asks for, as `by` agrees.
    ///
    /// # Errors
    /// Why it cannot be approved.
    pub fn approved(&self, by: &str, now: Timestamp) -> Result<Signal, String> {
        let asks = self.may_be_answered(now, "approved")?;
        let approves = Approval { record: self.id.clone(), plan: asks };
        self.asked(by).map(|signal| Signal { approves: Some(approves), ..signal })
    }

    /// Whether it can be rejected.
    ///
    /// # Errors
    /// Why not.
    pub fn may_be_rejected(&self, now: Timestamp) -> Result<(), String> {
        self.may_be_answered(now, "rejected").map(drop)
    }

    /// The signal of this record, as `by` asks for it now.
    ///
    /// # Errors
    /// If no signal led to it.
    pub fn asked(&self, by: &str) -> Result<Signal, String> {
        let none = || format!("record {} cannot be run: no finding led to it", self.id);
        let signal = self.signal.clone().ok_or_else(none)?;
        Ok(Signal { asked_by: Some(by.into()), approves: None, ..signal })
    }

    /// Whether what was changed under it can be taken back.
    ///
    /// # Errors
    /// Why not.
    pub fn may_be_undone(&self) -> Result<(), String> {
        let id = &self.id;
        match &self.outcome {
            Outcome::Open => Err(format!(
                "record {id} cannot be undone yet: it is still being carried out; try again in a minute"
            )),
            _ if self.has_made_some() => Ok(()),
            outcome => Err(format!(
                "record {id} cannot be undone: nothing was changed under it (it is {})",
                outcome.word()
            )),
        }
    }

    /// What names the plan that is asked about.
    fn may_be_answered(&self, now: Timestamp, how: &str) -> Result<String, String> {
        let Self { id, asks, answer, outcome, .. } = self;
        let refuse = |why: String| Err(format!("record {id} cannot be {how}: {why}"));
        let Some(asks) = asks else {
            return refuse(format!("it asks nothing (it is {})", outcome.word()));
        };
        if let Some(Answer { approved, by, at, .. }) = answer {
            let was = if *approved { "approved" } else { "rejected" };
            let at = at.format("%Y-%m-%d %H:%M UTC");
            return refuse(format!("it was {was} by {by} at {at}"));
        }
        if asks.until <= now {
            let until = asks.until.format("%Y-%m-%d %H:%M UTC");
            return refuse(format!(
                "it could be answered until {until}; `kintsugi run {id}` plans it anew"
            ));
        }
        Ok(asks.plan.clone())
    }
}
