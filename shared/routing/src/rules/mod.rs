//! The rules: channels, who hears what, what escalates, what matters here, what is accepted.

mod check;
mod kinds;
mod matching;
mod misread;
mod part;
mod text;
mod words;

use std::collections::{BTreeMap, BTreeSet};

use chrono::TimeDelta;
use remedy::{Severity, Timestamp};
use runtime::Stands;
use scope::Window;

pub use check::{Checked, Known};
pub use misread::{Misread, Problem};

/// All rules of a stack, as one text in TOML tells of them.
#[derive(Debug, Clone, PartialEq)]
pub struct Rules {
    /// The channels, by name.
    pub channels: BTreeMap<String, Channel>,
    /// Who hears what: each that matches adds its channels.
    pub routes: Vec<Route>,
    /// What escalates.
    pub escalations: Vec<Escalation>,
    /// How bad findings are here; the first that matches counts.
    pub severities: Vec<Regrade>,
    /// Which risks are accepted.
    pub accepted: Vec<Acceptance>,
}

/// A channel and its manners.
#[derive(Debug, Clone, PartialEq)]
pub struct Channel {
    /// What it is.
    pub kind: Kind,
    /// From which severity on it is told at once; the rest waits for the window's digest. What asks for
    /// an answer is told at once, too.
    pub at_once: Severity,
    /// How long alike and minor news is collected.
    pub window: TimeDelta,
    /// How many messages it gets in a window at most, the digest included.
    pub most: u32,
    /// When it is left in peace.
    pub quiet: Option<Window>,
    /// From which severity on it is told all the same.
    pub quiet_except: Severity,
    /// After which time an open problem is told again.
    pub remind: Option<TimeDelta>,
}

/// Kinds of channels.
#[derive(Debug, Clone, PartialEq)]
pub enum Kind {
    /// Mail, by a topic of SNS; none: the stack's own.
    Mail {
        /// Its ARN.
        topic: Option<String>,
    },
    /// Amazon Q Developer in chat applications, by a topic of SNS.
    Chat {
        /// Its ARN.
        topic: String,
    },
    /// Slack, by an incoming webhook or a bot's token: what the secret holds decides.
    Slack {
        /// The secret's name or ARN: JSON with `webhook`, or with `token`.
        secret: String,
        /// For a bot: the id of the channel.
        channel: Option<String>,
        /// Where Slack's Web API is.
        api: String,
    },
    /// A webhook, signed with HMAC-SHA-256.
    Webhook {
        /// Where to.
        url: String,
        /// The secret's name or ARN: JSON with `key`.
        secret: String,
    },
    /// Issues of Jira Cloud.
    Jira(Jira),
    /// Issues of Nulab Backlog.
    Backlog(Backlog),
}

/// How issues of Jira Cloud are made.
#[derive(Debug, Clone, PartialEq)]
pub struct Jira {
    /// Such as `https://example.atlassian.net`.
    pub site: String,
    /// The secret's name or ARN: JSON with `email` and `token`.
    pub secret: String,
    /// The project's key.
    pub project: String,
    /// The name of the issue type.
    pub issue_type: String,
    /// The names of priorities, by severity.
    pub priorities: BTreeMap<Severity, String>,
    /// The account id of the assignee.
    pub assignee: Option<String>,
    /// Labels beside the marker.
    pub labels: BTreeSet<String>,
    /// What becomes of it: the name of the transition that closes it; none: it is left open, with a comment.
    pub close: Option<String>,
    /// The name of the transition that opens it again.
    pub reopen: Option<String>,
}

/// How issues of Nulab Backlog are made.
#[derive(Debug, Clone, PartialEq)]
pub struct Backlog {
    /// Such as `https://example.backlog.com`.
    pub site: String,
    /// The secret's name or ARN: JSON with `api_key`.
    pub secret: String,
    /// The project's id.
    pub project: u64,
    /// The issue type's id.
    pub issue_type: u64,
    /// Ids of priorities, by severity: 2 high, 3 normal, 4 low.
    pub priorities: BTreeMap<Severity, u64>,
    /// The assignee's id.
    pub assignee: Option<u64>,
    /// Ids of categories.
    pub categories: Vec<u64>,
    /// The id of the status of what is closed, usually 4; none: it is left open, with a comment.
    pub close: Option<u64>,
    /// The id of the status of what is open again, usually 1.
    pub reopen: u64,
}

/// What a rule is about: everything it names must match; what it does not name matches all.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Match {
    /// From this severity on.
    pub severity: Option<Severity>,
    /// One of these accounts.
    pub accounts: BTreeSet<String>,
    /// One of these Regions.
    pub regions: BTreeSet<String>,
    /// All of these tags, each with one of these values; `*` stands for any.
    pub tags: BTreeMap<String, BTreeSet<String>>,
    /// One of these remediations, `ec2/*` for those of a function.
    pub remediations: BTreeSet<String>,
    /// One of these controls, whatever their case; `EC2.*` for those of a service.
    pub controls: BTreeSet<String>,
    /// One of these outcomes.
    pub outcomes: BTreeSet<String>,
    /// One of these resources: ARNs or ids, `*` at the end for what begins like that.
    pub resources: BTreeSet<String>,
    /// How it stands.
    pub stands: Vec<Stands>,
}

/// Who hears what.
#[derive(Debug, Clone, PartialEq)]
pub struct Route {
    /// What.
    pub on: Match,
    /// Who: names of channels; nobody: none beside it hears of it, if it is the first that matches.
    pub to: Vec<String>,
    /// No route after it is looked at.
    pub last: bool,
}

/// What escalates.
#[derive(Debug, Clone, PartialEq)]
pub struct Escalation {
    /// What; CRITICAL, where no severity is named.
    pub on: Match,
    /// After which time without repair or acknowledgement.
    pub after: TimeDelta,
    /// To whom.
    pub to: Vec<String>,
}

/// How bad a finding is here.
#[derive(Debug, Clone, PartialEq)]
pub struct Regrade {
    /// Which.
    pub on: Match,
    /// How bad.
    pub severity: Severity,
    /// Why.
    pub reason: String,
}

/// A risk that somebody accepted.
#[derive(Debug, Clone, PartialEq)]
pub struct Acceptance {
    /// What names it in the rules.
    pub name: String,
    /// Which findings.
    pub on: Match,
    /// Why.
    pub reason: String,
    /// Who.
    pub owner: String,
    /// The end of this day, in UTC, is the end of it.
    pub until: Timestamp,
}

impl Rules {
    /// What holds until rules are pushed, as their text.
    pub const USUAL: &str = include_str!("usual.toml");
}

impl Default for Rules {
    /// Those of [`Rules::USUAL`]: to the stack's own mail, and once a day what nobody repairs.
    fn default() -> Self {
        let mail = Channel::new(Kind::Mail { topic: None });
        let daily = Channel {
            at_once: Severity::Critical,
            window: TimeDelta::hours(24),
            most: 10,
            ..mail.clone()
        };
        let finding = |severity| Match {
            severity,
            outcomes: [String::from("finding")].into(),
            ..Match::default()
        };
        let route = |on, to: &[&str], last| Route {
            on,
            to: to.iter().copied().map(String::from).collect(),
            last,
        };
        Self {
            channels: [("mail".into(), mail), ("daily".into(), daily)].into(),
            routes: vec![
                route(finding(Some(Severity::Medium)), &["daily"], true),
                route(finding(None), &[], true),
                route(Match::default(), &["mail"], false),
            ],
            escalations: Vec::new(),
            severities: Vec::new(),
            accepted: Vec::new(),
        }
    }
}

impl Channel {
    /// One with the manners that are usual.
    pub fn new(kind: Kind) -> Self {
        Self {
            kind,
            at_once: Severity::High,
            window: TimeDelta::minutes(10),
            most: 5,
            quiet: None,
            quiet_except: Severity::Critical,
            remind: None,
        }
    }
}

#[cfg(test)]
mod tests;
