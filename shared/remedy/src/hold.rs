//! Why something was not changed.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{Exemption, Owner, Timestamp};

/// Why a plan, or a part of one, was not carried out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Hold {
    /// The opt-out tag is there.
    OptedOut {
        /// As it is written on the resource.
        key: String,
    },
    /// The opt-in tag is not there.
    NotOptedIn {
        /// `key=value`.
        wanted: String,
        /// A tag that differs only in case or space.
        nearly: Option<String>,
    },
    /// Somebody wrote that it is to be left alone for a time.
    Exempt {
        /// The end.
        until: Timestamp,
        /// Where that is written.
        by: String,
    },
    /// Somebody wrote that it is to be left alone, and nobody can read for how long.
    UnclearExemption {
        /// What is written in place of an end.
        text: String,
        /// Where that is written.
        by: String,
    },
    /// Somebody else keeps it as it is.
    Owned(Owner),
    /// It is shared with this account and belongs to another.
    OtherAccount {
        /// The account it belongs to.
        account: String,
    },
    /// The remediation wants a person to look first.
    NeedsPerson {
        /// Why.
        why: String,
    },
    /// Kintsugi does not do it at all: it destroys, costs or interrupts too much.
    ByHand {
        /// Why a person must look, and what they should look at.
        why: String,
    },
    /// It could not be taken back.
    Irreversible,
    /// A policy wants a person to agree first.
    NeedsApproval {
        /// The policies that want it.
        policies: Vec<String>,
    },
    /// Another record asks for the same already, and nobody has answered.
    AwaitsAnswer {
        /// The record.
        record: String,
        /// Until when it can be answered.
        until: Timestamp,
    },
    /// What a person agreed to is not what would be done now.
    PlanChanged {
        /// The record that they agreed to.
        record: String,
    },
    /// A policy forbids it.
    Forbidden {
        /// Its id.
        policy: String,
        /// What it says of itself, or why it could not be evaluated.
        why: Option<String>,
    },
    /// No policy permits it.
    NotPermitted,
    /// A policy lets it be done within a maintenance window only.
    Window {
        /// The policy.
        policy: String,
        /// When the window opens.
        until: Timestamp,
    },
    /// A person stopped it for now.
    Paused {
        /// Who.
        by: String,
        /// When.
        at: Timestamp,
        /// Why, if they said.
        why: String,
    },
    /// Somebody changed it since, so that it cannot be taken back.
    Drifted,
    /// The policies, or the stack, only let it be told.
    DryRun,
    /// It is one of those that must not be touched by this remediation.
    Guarded {
        /// What, such as an address.
        what: String,
        /// What guards it, such as `is private (10.0.0.0/8)`.
        by: String,
    },
    /// As many repairs as are allowed in an hour are made; a person must say that it may go on.
    OverCap {
        /// How many are allowed.
        cap: u32,
    },
}

impl Hold {
    /// The hold of an exemption that holds, written at `by`.
    pub fn exempt(exemption: Exemption, by: &str) -> Self {
        match exemption {
            Exemption::Until(until) => Self::Exempt { until, by: by.into() },
            Exemption::Unclear(text) => Self::UnclearExemption { text, by: by.into() },
        }
    }

    /// Whether a person who asks for the very repair has thereby answered it. Scope, owners and
    /// exemptions bind them too.
    pub fn is_lifted_by_asking(&self) -> bool {
        matches!(
            self,
            Self::NeedsPerson { .. }
                | Self::Irreversible
                | Self::NeedsApproval { .. }
                | Self::PlanChanged { .. }
        )
    }

    /// Whether time, or a person who resumes, lifts it: what is held by nothing else is then done.
    pub fn is_lifted_by_waiting(&self) -> bool {
        matches!(self, Self::Window { .. } | Self::Paused { .. } | Self::OverCap { .. })
    }

    /// Whether it only says that the resource is none of ours, as most are.
    pub fn is_out_of_scope(&self) -> bool {
        matches!(
            self,
            Self::OptedOut { .. } | Self::NotOptedIn { nearly: None, .. } | Self::NotPermitted
        )
    }

    /// The lower, the more final: reasons are told in this order.
    pub fn rank(&self) -> u8 {
        match self {
            Self::OptedOut { .. } => 0,
            Self::NotOptedIn { .. } | Self::NotPermitted => 1,
            Self::Forbidden { .. } => 2,
            Self::Exempt { .. } | Self::UnclearExemption { .. } => 3,
            Self::Owned(_) => 4,
            Self::OtherAccount { .. } => 5,
            Self::Guarded { .. } | Self::Drifted => 6,
            Self::PlanChanged { .. } => 7,
            Self::ByHand { .. } | Self::Irreversible => 8,
            Self::NeedsPerson { .. } | Self::NeedsApproval { .. } => 9,
            Self::AwaitsAnswer { .. } => 10,
            Self::Paused { .. } => 11,
            Self::OverCap { .. } => 12,
            Self::Window { .. } => 13,
            Self::DryRun => 14,
        }
    }

    /// One word for metrics and filters.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::OptedOut { .. } => "opted-out",
            Self::NotOptedIn { .. } => "not-opted-in",
            Self::Exempt { .. } => "exempt",
            Self::UnclearExemption { .. } => "unclear-exemption",
            Self::Owned(_) => "owned",
            Self::OtherAccount { .. } => "other-account",
            Self::NeedsPerson { .. } => "needs-person",
            Self::ByHand { .. } => "by-hand",
            Self::Irreversible => "irreversible",
            Self::NeedsApproval { .. } => "needs-approval",
            Self::AwaitsAnswer { .. } => "awaits-answer",
            Self::PlanChanged { .. } => "plan-changed",
            Self::Forbidden { .. } => "forbidden",
            Self::NotPermitted => "not-permitted",
            Self::Window { .. } => "window",
            Self::Paused { .. } => "paused",
            Self::Drifted => "drifted",
            Self::DryRun => "dry-run",
            Self::Guarded { .. } => "guarded",
            Self::OverCap { .. } => "over-cap",
        }
    }
}

impl fmt::Display for Hold {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::OptedOut { key } => write!(f, "it carries the opt-out tag {key}"),
            Self::NotOptedIn { wanted, nearly: None } => {
                write!(f, "it is not in scope: the tag {wanted} is missing")
            }
            Self::NotOptedIn { wanted, nearly: Some(nearly) } => write!(
                f,
                "it is not in scope: its tag `{nearly}` nearly matches {wanted}; write it exactly so if \
                 that is meant"
            ),
            Self::Exempt { until, by } => {
                write!(f, "it is exempt until {} ({by})", minute(*until))
            }
            Self::UnclearExemption { text, by } => write!(
                f,
                "its exemption ({by}) ends at `{text}`, which is no date; write it like 2027-03-31"
            ),
            Self::Owned(owner) => {
                write!(f, "it is kept by {owner}, which would put it back: mend it there")
            }
            Self::OtherAccount { account } => write!(f, "it belongs to account {account}"),
            Self::NeedsPerson { why } => write!(f, "a person should look first: {why}"),
            Self::ByHand { why } => write!(f, "it is left to a person: {why}"),
            Self::Irreversible => f.write_str("a person should look first: it could not be undone"),
            Self::NeedsApproval { policies } => {
                write!(f, "a person must approve it (policy {})", policies.join(", "))
            }
            Self::AwaitsAnswer { record, until } => {
                write!(f, "record {record} asks for the same, until {}", minute(*until))
            }
            Self::PlanChanged { record } => {
                write!(f, "what was approved with record {record} is not what would be done now")
            }
            Self::Forbidden { policy, why: None } => write!(f, "policy {policy} forbids it"),
            Self::Forbidden { policy, why: Some(why) } => {
                write!(f, "policy {policy} forbids it: {why}")
            }
            Self::NotPermitted => f.write_str("it is not in scope: no policy permits it"),
            Self::Window { policy, until } => write!(
                f,
                "policy {policy} lets it be done in its maintenance window only, which opens at {}",
                minute(*until)
            ),
            Self::Paused { by, at, why } => {
                write!(f, "{by} paused it at {}", minute(*at))?;
                if why.is_empty() { Ok(()) } else { write!(f, ": {why}") }
            }
            Self::Drifted => f.write_str("somebody changed it since"),
            Self::DryRun => f.write_str("this is a dry run"),
            Self::Guarded { what, by } => write!(f, "{what} {by}"),
            Self::OverCap { cap } => {
                write!(f, "the cap of {cap} repairs an hour is reached; a person must resume it")
            }
        }
    }
}

fn minute(at: Timestamp) -> impl fmt::Display {
    at.format("%Y-%m-%d %H:%M UTC")
}
