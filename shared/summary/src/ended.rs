//! How records ended, and why they were held, in groups and words of the report.

use crate::{Entry, Records};

/// What became of a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ended {
    Repaired,
    PartlyRepaired,
    Failed,
    Held,
    TakenBack,
    Right,
    Gone,
    Unreadable,
    Ignored,
    Ordered,
    UnderWay,
    Other,
}

impl Ended {
    pub(crate) fn of(entry: &Entry) -> Self {
        match (entry.outcome.as_str(), entry.undoes.is_some()) {
            ("fixed" | "partial", true) => Self::TakenBack,
            ("fixed", false) => Self::Repaired,
            ("partial", false) => Self::PartlyRepaired,
            ("not-fixed" | "failed", _) => Self::Failed,
            ("held", _) => Self::Held,
            ("right", _) => Self::Right,
            ("gone", _) => Self::Gone,
            ("unreadable", _) => Self::Unreadable,
            ("ignored", _) => Self::Ignored,
            ("ordered", _) => Self::Ordered,
            ("open", _) => Self::UnderWay,
            _ => Self::Other,
        }
    }

    /// Whether a problem was met.
    pub(crate) fn met_one(self) -> bool {
        match self {
            Self::Repaired | Self::PartlyRepaired | Self::Failed | Self::Held | Self::UnderWay => {
                true
            }
            Self::TakenBack
            | Self::Right
            | Self::Gone
            | Self::Unreadable
            | Self::Ignored
            | Self::Ordered
            | Self::Other => false,
        }
    }
}

impl Records {
    pub(crate) fn count(&mut self, ended: Ended) {
        self.total += 1;
        *match ended {
            Ended::Repaired => &mut self.repaired,
            Ended::PartlyRepaired => &mut self.partly_repaired,
            Ended::Failed => &mut self.failed,
            Ended::Held => &mut self.held,
            Ended::TakenBack => &mut self.taken_back,
            Ended::Right => &mut self.right,
            Ended::Gone => &mut self.gone,
            Ended::Unreadable => &mut self.unreadable,
            Ended::Ignored => &mut self.ignored,
            Ended::Ordered => &mut self.ordered,
            Ended::UnderWay => &mut self.under_way,
            Ended::Other => &mut self.other,
        } += 1;
    }
}

/// The reason of records that do not say one.
pub(crate) const UNKNOWN: &str = "unknown";

/// A kind of hold in words.
pub(crate) fn words(reason: &str) -> &str {
    match reason {
        "opted-out" => "it carries the opt-out tag",
        "not-opted-in" => "the opt-in tag is missing",
        "not-permitted" => "no policy permits it",
        "forbidden" => "a policy forbids it",
        "exempt" => "it is exempt for a time",
        "unclear-exemption" => "its exemption ends at what is no date",
        "owned" => "something else keeps it as it is, and would put it back",
        "other-account" => "it belongs to another account",
        "guarded" => "it must not be touched",
        "drifted" => "somebody changed it since",
        "plan-changed" => "what was approved is not what would be done now",
        "by-hand" => "it is left to a person",
        "irreversible" => "it could not be undone",
        "needs-person" => "a person should look first",
        "needs-approval" => "a person must approve it",
        "awaits-answer" => "a question about it is not answered yet",
        "paused" => "a person paused it",
        "over-cap" => "as many repairs as are allowed in an hour were made",
        "window" => "it waits for its maintenance window",
        "dry-run" => "this is a dry run",
        UNKNOWN => "the record does not say",
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use remedy::{Hold, Owner, check::now};
    use runtime::Outcome;

    fn outcomes() -> [(Outcome, Ended); 11] {
        let (why, left, what) = (String::new(), Vec::new(), String::new());
        [
            (Outcome::Open, Ended::UnderWay),
            (Outcome::Ignored { why: why.clone() }, Ended::Ignored),
            (Outcome::Unreadable { why }, Ended::Unreadable),
            (Outcome::Gone, Ended::Gone),
            (Outcome::Right, Ended::Right),
            (Outcome::Held { why: Vec::new() }, Ended::Held),
            (Outcome::Fixed, Ended::Repaired),
            (Outcome::Partial, Ended::PartlyRepaired),
            (Outcome::NotFixed { left }, Ended::Failed),
            (Outcome::Failed, Ended::Failed),
            (Outcome::Ordered { what }, Ended::Ordered),
        ]
    }

    #[test]
    fn every_outcome_is_known_and_what_was_taken_back_is_no_repair() {
        for (outcome, expected) in outcomes() {
            let mut entry = Entry { outcome: outcome.word().into(), ..Entry::default() };
            assert_eq!(Ended::of(&entry), expected, "{outcome:?}");
            entry.undoes = Some("k-1".into());
            let expected = match expected {
                Ended::Repaired | Ended::PartlyRepaired => Ended::TakenBack,
                other => other,
            };
            assert_eq!(Ended::of(&entry), expected, "undo, {outcome:?}");
        }
        let newer = Entry { outcome: "melted".into(), ..Entry::default() };
        assert_eq!(Ended::of(&newer), Ended::Other);
    }

    #[test]
    fn every_reason_to_hold_has_words() {
        let (at, text) = (now(), String::new);
        let holds = [
            Hold::OptedOut { key: text() },
            Hold::NotOptedIn { wanted: text(), nearly: None },
            Hold::Exempt { until: at, by: text() },
            Hold::UnclearExemption { text: text(), by: text() },
            Hold::Owned(Owner::new("rds", "")),
            Hold::OtherAccount { account: text() },
            Hold::NeedsPerson { why: text() },
            Hold::ByHand { why: text() },
            Hold::Irreversible,
            Hold::NeedsApproval { policies: Vec::new() },
            Hold::AwaitsAnswer { record: text(), until: at },
            Hold::PlanChanged { record: text() },
            Hold::Forbidden { policy: text(), why: None },
            Hold::NotPermitted,
            Hold::Window { policy: text(), until: at },
            Hold::Paused { by: text(), at, why: text() },
            Hold::Drifted,
            Hold::DryRun,
            Hold::Guarded { what: text(), by: text() },
            Hold::OverCap { cap: 1 },
        ];
        for hold in holds {
            let kind = hold.kind();
            assert_ne!(words(kind), kind);
        }
        assert_eq!(words("melted"), "melted");
    }
}
