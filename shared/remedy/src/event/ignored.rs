//! Why nothing is done about what was understood.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Why nothing is done about a finding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Ignored {
    /// A Config rule has no complaint, or no longer.
    Compliant {
        /// What it says instead.
        status: String,
    },
    /// A Config rule looked at what is yet to be deployed.
    Proactive,
    /// The resource, or the rule, is gone.
    Deleted,
    /// The finding is put away.
    Archived,
    /// A person does not want to hear of it.
    Suppressed,
    /// The finding is marked as resolved.
    Resolved,
    /// The control is met.
    Passed,
    /// The control could not be checked, or only warns.
    NotFailed {
        /// What it says instead.
        status: String,
    },
    /// Made up, to show what findings look like.
    Sample,
    /// Our own API call.
    OwnCall {
        /// The role that we made it with.
        role: String,
    },
    /// Our own update of the finding.
    OwnNote,
    /// An API call that AWS turned down, so that nothing happened.
    DeniedCall {
        /// AWS's error code.
        code: String,
    },
    /// An API call that opens nothing.
    OtherCall {
        /// Its name.
        name: String,
    },
    /// It names nothing that could be looked at.
    NoResource {
        /// The kind of resource that it is about.
        kind: String,
    },
    /// Nothing in it tells what kind of problem it is.
    NoTrigger {
        /// What made it.
        generator: String,
    },
}

impl fmt::Display for Ignored {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Compliant { status } => write!(f, "the Config rule says {status}"),
            Self::Proactive => f.write_str(
                "the Config rule looked at a resource before its deployment (PROACTIVE)",
            ),
            Self::Deleted => f.write_str("the resource or the Config rule is deleted"),
            Self::Archived => f.write_str("the finding is archived"),
            Self::Suppressed => f.write_str("the finding is suppressed"),
            Self::Resolved => f.write_str("the finding is marked as resolved"),
            Self::Passed => f.write_str("the control is passed"),
            Self::NotFailed { status } => write!(f, "the control is not failed but {status}"),
            Self::Sample => f.write_str("it is a sample finding: nothing of it is real"),
            Self::OwnCall { role } => write!(f, "it is our own doing, with role `{role}`"),
            Self::OwnNote => f.write_str("it is our own update of the finding that came back"),
            Self::DeniedCall { code } => write!(f, "AWS turned the call down ({code})"),
            Self::OtherCall { name } => write!(f, "calls of `{name}` open nothing"),
            Self::NoResource { kind } => {
                write!(f, "it names no resource to look at (resource type `{kind}`)")
            }
            Self::NoTrigger { generator } => {
                write!(
                    f,
                    "it names no known control, rule or finding type (generator `{generator}`)"
                )
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_is_kept_by_its_name() {
        let why = Ignored::DeniedCall { code: "Client.UnauthorizedOperation".into() };
        let kept = serde_json::to_string(&why).unwrap();
        assert_eq!(kept, r#"{"denied-call":{"code":"Client.UnauthorizedOperation"}}"#);
        assert_eq!(serde_json::from_str::<Ignored>(&kept).unwrap(), why);
        assert_eq!(serde_json::to_string(&Ignored::OwnNote).unwrap(), r#""own-note""#);
    }
}
