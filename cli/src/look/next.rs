//! What would come of a finding, read from the record that was not written.

use remedy::Hold;
use runtime::{Outcome, Page};
use scope::Mode;
use serde::Serialize;

/// What would come of a finding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub(crate) enum Next {
    /// It would be put right.
    Fix,
    /// A person would be asked.
    Approve {
        /// Why.
        why: Vec<String>,
    },
    /// The policies let it be told only.
    DryRun,
    /// It would be put right later.
    Waits {
        /// What for.
        why: Vec<String>,
    },
    /// It would be held.
    Held {
        /// Why.
        why: Vec<String>,
    },
    /// It may not be touched.
    OutOfScope {
        /// Why.
        why: Vec<String>,
        /// Which tags would bring it in.
        tags: Vec<Wanted>,
    },
    /// Nothing is wrong with it (any more).
    Right,
    /// It is not there any more.
    Gone,
    /// There is nothing to do about it.
    Ignored {
        /// Why.
        why: String,
    },
    /// Something could not be read.
    Unreadable {
        /// What, and what came back.
        why: String,
    },
    /// No remediation answers it.
    NotCovered,
}

/// A tag that would bring a resource in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Wanted {
    /// `key=value`.
    pub(crate) tag: String,
    /// The policy that permits it then.
    pub(crate) policy: String,
    /// A tag that nearly is that one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) nearly: Option<String>,
}

/// What would come of the finding of `page`, which was only looked at.
pub(crate) fn next(page: &Page) -> Next {
    match &page.outcome {
        Outcome::Held { why } => held(page, why),
        Outcome::Right => Next::Right,
        Outcome::Gone => Next::Gone,
        Outcome::Ignored { .. } if page.remediation.is_empty() && page.signal.is_some() => {
            Next::NotCovered
        }
        Outcome::Ignored { why } => Next::Ignored { why: why.clone() },
        Outcome::Unreadable { why } => Next::Unreadable { why: why.clone() },
        Outcome::Open
        | Outcome::Fixed
        | Outcome::Partial
        | Outcome::NotFixed { .. }
        | Outcome::Failed
        | Outcome::Ordered { .. } => {
            Next::Unreadable { why: "it ended as only what is carried out can".into() }
        }
    }
}

fn held(page: &Page, holds: &[Hold]) -> Next {
    let verdict = page.verdict.as_ref();
    // That it is a dry run is said because it is only looked at, or because the policies have it so.
    let holds: Vec<&Hold> = holds.iter().filter(|hold| **hold != Hold::DryRun).collect();
    let why = || holds.iter().map(ToString::to_string).collect::<Vec<_>>();
    if page.steps.is_empty() && !holds.iter().any(|hold| is_out_of_scope(hold)) {
        return Next::Held { why: why() };
    }
    if holds.is_empty() {
        return match verdict.map(|verdict| verdict.mode) {
            Some(Mode::DryRun) => Next::DryRun,
            Some(Mode::Enforce | Mode::Approve) | None => Next::Fix,
        };
    }
    if holds.iter().any(|hold| is_out_of_scope(hold)) {
        let missing = verdict.map(|verdict| verdict.missing.as_slice()).unwrap_or_default();
        let tags = missing.iter().map(|missing| Wanted {
            tag: missing.tag.clone(),
            policy: missing.policy.clone(),
            nearly: missing.nearly.clone(),
        });
        return Next::OutOfScope { why: why(), tags: tags.collect() };
    }
    if holds.iter().all(|hold| hold.is_lifted_by_asking()) {
        return Next::Approve { why: why() };
    }
    if holds.iter().all(|hold| hold.is_lifted_by_waiting()) {
        return Next::Waits { why: why() };
    }
    Next::Held { why: why() }
}

/// Whether a tag is all that may be missing, or it must never be touched.
fn is_out_of_scope(hold: &Hold) -> bool {
    hold.is_out_of_scope() || matches!(hold, Hold::NotOptedIn { .. })
}

impl Next {
    /// One word, for tables and filters.
    pub(crate) fn word(&self) -> &'static str {
        match self {
            Self::Fix => "fix",
            Self::Approve { .. } => "approve",
            Self::DryRun => "dry-run",
            Self::Waits { .. } => "waits",
            Self::Held { .. } => "held",
            Self::OutOfScope { .. } => "out-of-scope",
            Self::Right => "right",
            Self::Gone => "gone",
            Self::Ignored { .. } => "ignored",
            Self::Unreadable { .. } => "unreadable",
            Self::NotCovered => "not-covered",
        }
    }

    /// The lower, the sooner it is told.
    pub(crate) fn rank(&self) -> u8 {
        match self {
            Self::Fix => 0,
            Self::Approve { .. } => 1,
            Self::Waits { .. } => 2,
            Self::DryRun => 3,
            Self::Held { .. } => 4,
            Self::OutOfScope { .. } => 5,
            Self::Unreadable { .. } => 6,
            Self::Right => 7,
            Self::Gone => 8,
            Self::Ignored { .. } => 9,
            Self::NotCovered => 10,
        }
    }

    /// Whether something would be changed, now or once it may be.
    pub(crate) fn acts(&self) -> bool {
        matches!(self, Self::Fix | Self::Approve { .. } | Self::Waits { .. })
    }

    /// In words, as a sentence without its end.
    pub(crate) fn words(&self) -> String {
        match self {
            Self::Fix => "it would be put right, read back, and told".into(),
            Self::Approve { .. } => {
                "a person would be asked, and `kintsugi approve` would carry it out".into()
            }
            Self::DryRun => "it would be told, and not done: the policies say dry-run".into(),
            Self::Waits { .. } => "it would be put right as soon as that is over".into(),
            Self::Held { .. } => "it would be held and told".into(),
            Self::OutOfScope { tags, .. } if tags.is_empty() => {
                "nothing: it may not be touched; a record says so".into()
            }
            Self::OutOfScope { tags, .. } => {
                let tags: Vec<_> = tags.iter().map(|wanted| wanted.tag.as_str()).collect();
                format!(
                    "nothing: it may not be touched; a record says so. The tag {} would bring it in",
                    tags.join(" or ")
                )
            }
            Self::Right => "nothing: nothing is wrong with it (any more)".into(),
            Self::Gone => "nothing: it is not there any more".into(),
            Self::Ignored { .. } => "nothing: there is nothing to do about it".into(),
            Self::Unreadable { .. } => {
                "it would come again four times, and then rest in the dead-letter queue".into()
            }
            Self::NotCovered => "nothing: no remediation answers it".into(),
        }
    }

    /// Every reason.
    pub(crate) fn why(&self) -> Vec<String> {
        match self {
            Self::Fix | Self::DryRun | Self::Right | Self::Gone | Self::NotCovered => Vec::new(),
            Self::Approve { why }
            | Self::Waits { why }
            | Self::Held { why }
            | Self::OutOfScope { why, .. } => why.clone(),
            Self::Ignored { why } | Self::Unreadable { why } => vec![why.clone()],
        }
    }
}

#[cfg(test)]
mod tests {
    use remedy::check::{now, signal};
    use runtime::{State, Step};
    use scope::{Missing, Verdict};

    use super::*;

    fn page(why: Vec<Hold>, verdict: Verdict) -> Page {
        let what = "revoke tcp/22 from 0.0.0.0/0".into();
        Page {
            steps: vec![Step { what, state: State::Planned, routine: false }],
            outcome: Outcome::Held { why },
            verdict: Some(verdict),
            ..Page::of(&signal("sg-1"), "ec2/close_world_ingress", now())
        }
    }

    #[test]
    fn what_would_come_is_read_from_the_holds() {
        let mode = |mode| Verdict { mode, ..Verdict::default() };
        let missing = || Hold::NotOptedIn { wanted: "AutoRemediate=True".into(), nearly: None };
        let paused = || Hold::Paused { by: "ada".into(), at: now(), why: String::new() };
        let asks = || Hold::NeedsApproval { policies: vec!["ask".into()] };
        let owned = || Hold::OtherAccount { account: "444455556666".into() };
        for (holds, verdict, word) in [
            (vec![Hold::DryRun], mode(Mode::Enforce), "fix"),
            (vec![Hold::DryRun], mode(Mode::DryRun), "dry-run"),
            (vec![asks(), Hold::DryRun], mode(Mode::Approve), "approve"),
            (vec![Hold::Irreversible, Hold::DryRun], mode(Mode::Enforce), "approve"),
            (vec![asks(), paused(), Hold::DryRun], mode(Mode::Approve), "held"),
            (vec![paused(), Hold::DryRun], mode(Mode::Enforce), "waits"),
            (vec![owned(), Hold::DryRun], mode(Mode::Enforce), "held"),
            (vec![missing(), owned(), Hold::DryRun], mode(Mode::Enforce), "out-of-scope"),
            (vec![Hold::OptedOut { key: "No".into() }], mode(Mode::Enforce), "out-of-scope"),
        ] {
            assert_eq!(next(&page(holds.clone(), verdict)).word(), word, "{holds:?}");
        }
    }

    #[test]
    fn the_tag_that_would_bring_it_in_is_named() {
        let tag = Missing {
            policy: "opted-in".into(),
            tag: "AutoRemediate=True".into(),
            nearly: Some("autoremediate=true".into()),
        };
        let hold = Hold::NotOptedIn { wanted: tag.tag.clone(), nearly: tag.nearly.clone() };
        let verdict = Verdict { missing: vec![tag], ..Verdict::default() };
        let next = next(&page(vec![hold, Hold::DryRun], verdict));
        assert_eq!(next.word(), "out-of-scope");
        assert!(next.words().ends_with("The tag AutoRemediate=True would bring it in"));
        assert_eq!(next.why().len(), 1);
    }

    #[test]
    fn what_no_remediation_answers_is_not_covered() {
        let none = Outcome::Ignored { why: "no remediation of this function answers".into() };
        let of = |remediation| Page {
            outcome: none.clone(),
            ..Page::of(&signal("sg-1"), remediation, now())
        };
        assert_eq!(next(&of("")), Next::NotCovered);
        assert_eq!(next(&of("guardduty/list_attackers")).word(), "ignored");
    }
}
