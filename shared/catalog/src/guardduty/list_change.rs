//! The edits of a threat list.

use std::fmt;

use remedy::{Action, Change};
use serde::{Deserialize, Serialize};

use super::{Listing, Name, Time, iam, truth::Rejected};

/// An edit of a threat list. Data, joined to what is there by the time it is made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ListChange {
    /// Puts something on the list.
    List {
        /// What.
        name: Name,
        /// What is known of it.
        evidence: Listing,
    },
    /// Writes down that something on the list was seen again.
    See {
        /// What.
        name: Name,
        /// What was known of it.
        from: Listing,
        /// What is known now.
        to: Listing,
    },
    /// Takes a [`See`](Self::See) back.
    Forget {
        /// What.
        name: Name,
        /// What is known.
        from: Listing,
        /// What was known before.
        to: Listing,
    },
    /// Takes something off the list, unless it was seen again since.
    Remove {
        /// What.
        name: Name,
        /// What is known of it.
        listing: Listing,
        /// Why.
        why: Why,
        /// It stays off unless it is seen later than this.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        keep_off: Option<Time>,
    },
    /// Puts back what was taken off.
    Restore {
        /// What.
        name: Name,
        /// What was known of it.
        listing: Listing,
    },
    /// Sets aside a line that was written by hand and cannot be on the list.
    Reject(Rejected),
    /// Takes a [`Reject`](Self::Reject) back.
    Readmit(Rejected),
    /// Lets GuardDuty read the list as it is after so many changes.
    Activate {
        /// How many.
        serial: u32,
        /// What is wrong with the list at GuardDuty, beside being behind.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        mends: Option<String>,
    },
}

/// Why something goes off the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Why {
    /// It was not seen for as long as it may stay.
    Expired,
    /// The list is full, and everything else was seen later.
    Full,
    /// A person took it out of the text.
    Hand,
    /// Its listing is taken back.
    Undone,
}

impl ListChange {
    /// What it puts on the list, or takes off it.
    pub fn name(&self) -> Option<&Name> {
        match self {
            Self::List { name, .. }
            | Self::See { name, .. }
            | Self::Forget { name, .. }
            | Self::Remove { name, .. }
            | Self::Restore { name, .. } => Some(name),
            Self::Reject(_) | Self::Readmit(_) | Self::Activate { .. } => None,
        }
    }
}

impl Change for ListChange {
    const MAKE: &'static [Action] = iam::WRITES;
    const UNDO: &'static [Action] = iam::WRITES;

    fn needs(&self) -> &'static [Action] {
        iam::WRITES
    }

    fn inverse(&self) -> Option<Self> {
        Some(match self.clone() {
            Self::List { name, evidence } => {
                let keep_off = Some(evidence.last);
                Self::Remove { name, listing: evidence, why: Why::Undone, keep_off }
            }
            Self::See { name, from, to } => Self::Forget { name, from: to, to: from },
            Self::Forget { name, from, to } => Self::See { name, from: to, to: from },
            Self::Remove { name, listing, .. } => Self::Restore { name, listing },
            Self::Restore { name, listing } => {
                let keep_off = Some(listing.last);
                Self::Remove { name, listing, why: Why::Undone, keep_off }
            }
            Self::Reject(rejected) => Self::Readmit(rejected),
            Self::Readmit(rejected) => Self::Reject(rejected),
            // The list itself is what can be taken back; GuardDuty reads it again then.
            activate @ Self::Activate { .. } => activate,
        })
    }

    fn is_routine(&self) -> bool {
        match self {
            Self::See { .. } | Self::Forget { .. } => true,
            Self::Remove { why, .. } => *why == Why::Expired,
            Self::Activate { mends, .. } => mends.is_none(),
            Self::List { .. } | Self::Restore { .. } | Self::Reject(_) | Self::Readmit(_) => false,
        }
    }
}

impl fmt::Display for ListChange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::List { name, evidence } => {
                write!(f, "list {name} {}: {evidence}", Until(evidence.until))
            }
            Self::See { name, to, .. } => {
                write!(f, "keep {name} on the list {}: {to}", Until(to.until))
            }
            Self::Forget { name, to, .. } => {
                write!(f, "keep {name} on the list {} as before", Until(to.until))
            }
            Self::Remove { name, listing, why, .. } => {
                write!(f, "take {name} off the list: ")?;
                match why {
                    Why::Expired => write!(f, "not seen since {}", listing.last),
                    Why::Full => write!(
                        f,
                        "the list is full, and it was last seen on {}, before all others",
                        listing.last
                    ),
                    Why::Hand => f.write_str("a person took it out of the text"),
                    Why::Undone => f.write_str("its listing is taken back"),
                }
            }
            Self::Restore { name, listing } => {
                write!(f, "put {name} back on the list {}", Until(listing.until))
            }
            Self::Reject(Rejected { line, why }) => {
                write!(f, "set aside the line `{line}`: it {why}")
            }
            Self::Readmit(Rejected { line, .. }) => write!(f, "forget the line `{line}`"),
            Self::Activate { serial, mends } => {
                write!(f, "let GuardDuty read the list as of change {serial}")?;
                mends.iter().try_for_each(|why| write!(f, ", since it {why}"))
            }
        }
    }
}

struct Until(Time);

impl fmt::Display for Until {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Time::NEVER => f.write_str("for good"),
            time => write!(f, "until {}", time.day()),
        }
    }
}

impl fmt::Display for Listing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.by == super::By::Hand && self.findings == super::Findings::None {
            return f.write_str("a person wrote it into the text");
        }
        if self.first == self.last {
            write!(f, "seen {}", self.last)?;
        } else {
            write!(f, "seen from {} to {}", self.first, self.last)?;
        }
        write!(f, ", {}", self.severity)?;
        let ids: Vec<_> = self.findings.iter().map(|id| id.to_string()).collect();
        match ids.len() {
            0 => Ok(()),
            1 => write!(f, ", finding {}", ids.concat()),
            _ => write!(f, ", findings {}", ids.join(", ")),
        }
    }
}
