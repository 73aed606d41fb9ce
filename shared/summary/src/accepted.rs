//! What is accepted, by reason.

use std::collections::HashMap;

use remedy::{Severity, Timestamp};
use runtime::notice::clean;

use crate::{Accepted, CaseEntry, Lapse, Report, Risk, Severities};

/// Why, by whom, until when.
type Reason = (String, String, Option<Timestamp>);

/// The accepted problems.
#[derive(Debug, Default)]
pub(crate) struct Risks {
    total: u64,
    by_severity: Severities,
    by_reason: HashMap<Reason, Group>,
}

#[derive(Debug)]
struct Group {
    problems: u64,
    severity: Severity,
    example: String,
}

impl Risks {
    pub(crate) fn add(&mut self, case: &CaseEntry) {
        self.total += 1;
        self.by_severity.count(case.severity);
        let (why, by, until) = case.accepted.clone().unwrap_or_default();
        let example = if case.resource.is_empty() { &case.headline } else { &case.resource };
        let example = clean(example, 400);
        let new = Group { problems: 0, severity: case.severity, example: example.clone() };
        let group = self.by_reason.entry((clean(&why, 400), clean(&by, 200), until)).or_insert(new);
        group.problems += 1;
        group.severity = group.severity.max(case.severity);
        if example < group.example {
            group.example = example;
        }
    }

    /// Those that end, as what is left alone until a day.
    pub(crate) fn lapses(&self) -> impl Iterator<Item = Lapse> {
        self.by_reason.iter().filter_map(|((why, by, until), group)| {
            let (what, by, why) = (group.example.clone(), by.clone(), why.clone());
            until.map(|until| Lapse { what, until, by, why })
        })
    }

    pub(crate) fn told(self) -> Accepted {
        let risk = |((why, by, until), group): (Reason, Group)| {
            let Group { problems, severity, example } = group;
            Risk { why, by, until, problems, severity, example }
        };
        let mut risks: Vec<_> = self.by_reason.into_iter().map(risk).collect();
        risks.sort_by(|a, b| {
            let order = |risk: &Risk| (risk.until.is_none(), risk.until);
            order(a).cmp(&order(b)).then_with(|| (&a.why, &a.by).cmp(&(&b.why, &b.by)))
        });
        let risks_total = u64::try_from(risks.len()).unwrap_or(u64::MAX);
        risks.truncate(Report::LINES);
        Accepted { total: self.total, by_severity: self.by_severity, risks, risks_total }
    }
}
