//! What can be typed after `policy`, `rules`, `list` and `dead-letters`.

use std::path::PathBuf;

use clap::{Args as Group, Subcommand};

use super::{RecordId, Sure, Why};

/// What is done with policies.
#[derive(Debug, Subcommand)]
pub(crate) enum Policy {
    /// The policies in force, or those of a version.
    Show {
        /// An earlier version.
        #[arg(long, value_name = "N", conflicts_with = "parameters")]
        version: Option<u32>,
        /// What the stack's parameters say, to start one's own from.
        #[arg(long)]
        parameters: bool,
    },
    /// Whether policies can be used, and every reason why not. Needs no AWS.
    Check {
        /// The policies, in Cedar; - is stdin.
        file: PathBuf,
    },
    /// What would change if these policies were in force.
    Diff {
        /// The policies, in Cedar; - is stdin.
        file: PathBuf,
        /// Ends with 3 if they differ.
        #[arg(long)]
        exit_code: bool,
    },
    /// Puts policies in force.
    Push {
        /// The policies, in Cedar.
        file: PathBuf,
        #[command(flatten)]
        why: Why,
        #[command(flatten)]
        sure: Sure,
    },
    /// Asks policies about cases. Needs no AWS with --policies.
    Test {
        /// The cases, as JSON; - is stdin.
        cases: PathBuf,
        /// The policies, in Cedar; by default those in force.
        #[arg(long, value_name = "FILE")]
        policies: Option<PathBuf>,
    },
}

/// What is done with rules.
#[derive(Debug, Subcommand)]
pub(crate) enum Rules {
    /// Whether rules can be used, and every reason why not. Needs no AWS.
    Check {
        /// The rules, in TOML; - is stdin.
        file: PathBuf,
    },
    /// The rules in force, or those of a version.
    Show {
        /// An earlier version.
        #[arg(long, value_name = "N")]
        version: Option<u32>,
    },
    /// Puts rules in force.
    Push {
        /// The rules, in TOML.
        file: PathBuf,
        #[command(flatten)]
        why: Why,
        #[command(flatten)]
        sure: Sure,
    },
    /// Which rules were in force, since when and why, the newest first.
    History,
    /// Puts the rules of an earlier version in force again, as a new version.
    Rollback {
        /// The earlier version.
        #[arg(value_name = "N")]
        version: u32,
        #[command(flatten)]
        why: Why,
        #[command(flatten)]
        sure: Sure,
    },
    /// Which channels hear of something, when, and by which rules, as if it was told for the first time.
    ///
    /// Of a finding in an event, or of a record: `kintsugi rules explain --record k-0123456789ab`. An event
    /// needs no AWS with --rules.
    Explain(ExplainRules),
}

/// What is explained, and by which rules.
#[derive(Debug, Clone, Group)]
pub(crate) struct ExplainRules {
    /// An event with findings as JSON, as EventBridge or SQS would send it; - is stdin.
    #[arg(required_unless_present = "record", conflicts_with = "record")]
    pub(crate) event: Option<PathBuf>,
    /// A record.
    #[arg(long, value_name = "ID")]
    pub(crate) record: Option<RecordId>,
    /// The rules, in TOML; by default those in force.
    #[arg(long, value_name = "FILE")]
    pub(crate) rules: Option<PathBuf>,
}

/// What is done with the threat list.
#[derive(Debug, Subcommand)]
pub(crate) enum List {
    /// What is on it, what was taken off, and what cannot be on it.
    Show,
    /// Why something is on it, or is not.
    Why {
        /// An address, a network or a domain.
        name: String,
    },
    /// Puts addresses, networks or domains on it, for good.
    Add {
        /// What.
        #[arg(required = true)]
        names: Vec<String>,
        #[command(flatten)]
        why: Why,
    },
    /// Takes addresses, networks or domains off it; they stay off until there is newer evidence.
    Remove {
        /// What.
        #[arg(required = true)]
        names: Vec<String>,
        #[command(flatten)]
        why: Why,
    },
}

/// What is done with events that could not be handled.
#[derive(Debug, Subcommand)]
pub(crate) enum DeadLetters {
    /// Which there are.
    List,
    /// What each says, and why it could not be handled.
    Explain {
        /// The number in the list, or how its id begins; none: all of them.
        which: Vec<String>,
    },
    /// Sends them to their queue again.
    Redrive {
        /// The number in the list, or how its id begins.
        #[arg(required_unless_present = "all", conflicts_with = "all")]
        which: Vec<String>,
        /// All of them.
        #[arg(long)]
        all: bool,
        #[command(flatten)]
        sure: Sure,
    },
}
