//! What reading an event comes to, and who we are to it.

use chrono::SecondsFormat;
use serde_json::Value;

use super::{
    Ignored,
    said::{Said, full_name},
    shape::{short, text},
};
use crate::{Place, Signal, Timestamp};

/// What one finding of an event came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reading {
    /// A problem to look at.
    Signal(Box<Signal>),
    /// Understood, and there is nothing to do.
    Ignored {
        /// The finding.
        about: Subject,
        /// Why there is nothing to do.
        why: Ignored,
    },
    /// Not understood. The message must be kept, so that nothing is lost.
    Unreadable {
        /// The finding, as far as it can be told.
        about: Subject,
        /// What was expected, and what was there.
        why: String,
    },
}

/// What can be said of a finding that is no signal: for the record, and only as far as it is known.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Subject {
    /// The finding's id, else the event's.
    pub id: String,
    /// When the source last saw it.
    pub seen: Option<Timestamp>,
    /// The control, rule, finding type or call, else the kind of event.
    pub trigger: String,
    /// The first resource it names.
    pub resource: String,
    /// Where that is.
    pub place: Option<Place>,
}

/// Who we are, so that we know our own doing when it comes back as an event.
#[derive(Debug, Clone)]
pub struct Own {
    /// The names of our roles.
    pub roles: Vec<String>,
    /// Whom our notes on findings are by.
    pub note_by: &'static str,
}

impl Own {
    /// A comment for a finding in OCSF about what was `seen` then. Such comments have neither author nor
    /// time, so both lead the text; by them we know the comment when it comes back.
    pub fn comment(&self, seen: Timestamp, text: &str) -> String {
        let seen = seen.to_rfc3339_opts(SecondsFormat::AutoSi, true);
        format!("{} {seen}: {text}", self.note_by)
    }

    /// What a comment of ours was about.
    pub(super) fn commented(&self, comment: &str) -> Option<Timestamp> {
        let ours = comment.strip_prefix(self.note_by)?.strip_prefix(' ')?;
        ours.split_once(": ")?.0.parse().ok()
    }

    /// Whether a role, by its name or ARN, is one of ours.
    pub(super) fn is_role(&self, role: &str) -> bool {
        let named = name_of(role);
        !named.is_empty() && self.roles.iter().any(|own| name_of(own) == named)
    }
}

impl Subject {
    /// What there is to say of an event whose very envelope cannot be read.
    pub(super) fn of_event(event: &Value) -> Self {
        Self {
            id: short(text(event, "/id"), 200),
            seen: text(event, "/time").parse().ok(),
            trigger: short(text(event, "/detail-type"), 200),
            ..Self::default()
        }
    }

    /// The subject with these parts, which may be empty. `said` says where it is.
    pub(super) fn new(id: &str, seen: &str, trigger: &str, resource: &str, said: Said<'_>) -> Self {
        let place = said.place(resource, &[]).ok();
        let resource = place.as_ref().map_or_else(|| resource.into(), |at| full_name(resource, at));
        Self {
            id: short(id, 512),
            seen: seen.parse().ok(),
            trigger: short(trigger, 200),
            resource: short(&resource, 512),
            place,
        }
    }
}

/// The name of a role, which ends its ARN.
fn name_of(role: &str) -> &str {
    role.rsplit('/').next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn own() -> Own {
        let roles = vec![
            String::new(),
            "mender".into(),
            "arn:aws:iam::111122223333:role/path/other".into(),
        ];
        Own { roles, note_by: "kintsugi" }
    }

    #[test]
    fn a_comment_of_ours_is_known_again_with_the_time_it_is_about() {
        let seen: Timestamp = "2026-11-20T09:59:00.250Z".parse().unwrap();
        let comment = own().comment(seen, "revoked: tcp/22 from 0.0.0.0/0");
        assert_eq!(comment, "kintsugi 2026-11-20T09:59:00.250Z: revoked: tcp/22 from 0.0.0.0/0");
        assert_eq!(own().commented(&comment), Some(seen));
        for other in ["", "kintsugi", "kintsugi is great: really", "seen by kintsugi 2026: x"] {
            assert_eq!(own().commented(other), None, "{other}");
        }
    }

    #[test]
    fn our_roles_are_known_by_name_and_by_arn() {
        for role in ["mender", "arn:aws:iam::444455556666:role/mender", "other"] {
            assert!(own().is_role(role), "{role}");
        }
        for role in ["", "/", "mender2", "arn:aws:iam::444455556666:role/Dev"] {
            assert!(!own().is_role(role), "{role}");
        }
    }
}
