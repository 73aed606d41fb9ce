//! Problems, each once, however many records tell of it.

use std::collections::HashMap;

use remedy::{Severity, Timestamp};
use runtime::notice::clean;

use crate::{
    CaseEntry, Cause, Drift, Entry, Prevention, Reopened, Report,
    ended::Ended,
    names::{Latest, Name, Names},
    tally::what,
    weeks::{Done, Marks},
};

/// The problems of the period, by the number of their case.
#[derive(Debug, Default)]
pub(crate) struct Problems {
    all: HashMap<u64, Problem>,
    /// How many stand open of a remediation or control.
    open: HashMap<Name, u64>,
}

#[derive(Debug, Default)]
struct Problem {
    what: Name,
    severity: Severity,
    done: Done,
    repairs: u32,
    last_repair: u32,
    /// That it is repaired again does not say that it came back.
    is_shared: bool,
    is_back: bool,
    returns: u32,
    account: Name,
    region: Name,
    /// Only known of what came back.
    resource: Name,
    team: Latest,
    owner: Latest,
    caused_by: Latest,
}

impl Problems {
    /// A record met it.
    pub(crate) fn meet(
        &mut self,
        names: &mut Names,
        key: u64,
        entry: &Entry,
        ended: Ended,
        marks: Marks,
        is_shared: bool,
    ) {
        let about = if entry.remediation.is_empty() { &entry.trigger } else { &entry.remediation };
        let at = seconds(entry.at);
        let problem = self.all.entry(key).or_default();
        names.settle(&mut problem.what, &clean(about, 200));
        problem.severity = problem.severity.max(entry.severity);
        problem.done.found |= marks;
        names.settle(&mut problem.account, &clean(&entry.account, 100));
        names.settle(&mut problem.region, &clean(&entry.region, 100));
        problem.team.say(names, at, cleaned(entry.team.as_deref(), 200).as_deref());
        problem.owner.say(names, at, cleaned(entry.owner.as_deref(), 400).as_deref());
        problem.caused_by.say(names, at, cleaned(entry.caused_by.as_deref(), 400).as_deref());
        problem.is_shared |= is_shared;
        problem.is_back |= entry.is_back;
        if ended == Ended::Held {
            problem.done.held |= marks;
        }
        if ended == Ended::Repaired {
            problem.done.repaired |= marks;
            problem.repairs = problem.repairs.saturating_add(1);
            problem.last_repair =
                problem.last_repair.max(seconds(entry.closed.unwrap_or(entry.at)));
        }
        if problem.came_back() > 0 {
            names.settle(&mut problem.resource, &clean(&entry.resource, 400));
        }
    }

    /// A case tells of it: met at `marks`, and come back in the period if it `returned`.
    pub(crate) fn know(
        &mut self,
        names: &mut Names,
        key: u64,
        case: &CaseEntry,
        marks: Marks,
        returned: bool,
    ) {
        let problem = self.all.entry(key).or_default();
        names.settle(&mut problem.what, &clean(what(case), 200));
        problem.severity = problem.severity.max(case.severity);
        problem.done.found |= marks;
        names.settle(&mut problem.account, &clean(&case.account, 100));
        names.settle(&mut problem.region, &clean(&case.region, 100));
        problem.team.say(names, seconds(case.since), cleaned(case.team.as_deref(), 200).as_deref());
        if returned {
            problem.returns = problem.returns.max(case.returns);
            names.settle(&mut problem.resource, &clean(&case.resource, 400));
        }
    }

    /// One stands open.
    pub(crate) fn open(&mut self, names: &mut Names, what: &str) {
        *self.open.entry(names.name(&clean(what, 200))).or_default() += 1;
    }

    /// Whether it was put right by Kintsugi while a case stood open.
    pub(crate) fn was_repaired(&self, key: u64, since: Timestamp, closed: Timestamp) -> bool {
        let within = seconds(since)..=seconds(closed);
        let repairs = self.all.get(&key).filter(|problem| problem.repairs > 0);
        repairs.is_some_and(|problem| within.contains(&problem.last_repair))
    }

    /// People put it right.
    pub(crate) fn solve(&mut self, key: u64, marks: Marks) {
        if let Some(problem) = self.all.get_mut(&key) {
            problem.done.by_people |= marks;
        }
    }

    /// What was done to each.
    pub(crate) fn done(&self) -> Vec<Done> {
        self.all.values().map(|problem| problem.done).collect()
    }

    pub(crate) fn reopened(&self, names: &Names) -> Reopened {
        let back = self.all.values().filter(|problem| problem.came_back() > 0);
        let mut most: Vec<_> = back.map(|problem| problem.drift(names)).collect();
        let problems = u64::try_from(most.len()).unwrap_or(u64::MAX);
        let times = most.iter().map(|drift| drift.times).sum();
        most.sort_by(|a, b| {
            let order =
                |drift: &Drift| (drift.what.clone(), drift.account.clone(), drift.resource.clone());
            b.times.cmp(&a.times).then_with(|| order(a).cmp(&order(b)))
        });
        most.truncate(Report::LINES);
        Reopened { problems, times, most }
    }

    pub(crate) fn causes(
        &self,
        names: &Names,
        prevention: &dyn Fn(&str) -> Option<Prevention>,
    ) -> Vec<Cause> {
        let mut of: HashMap<Name, (Severity, u64)> = HashMap::new();
        for problem in self.all.values().filter(|problem| problem.done.found != 0) {
            let (severity, problems) = of.entry(problem.what).or_default();
            *severity = (*severity).max(problem.severity);
            *problems += 1;
        }
        let open = |what: Name| self.open.get(&what).copied().unwrap_or_default();
        let cause = |(what, (severity, problems)): (Name, (Severity, u64))| Cause {
            what: names.text(what).to_owned(),
            severity,
            problems,
            open: open(what),
            prevention: None,
        };
        let mut causes: Vec<_> = of.into_iter().map(cause).collect();
        causes.sort_by(|a, b| (b.problems, b.open, &a.what).cmp(&(a.problems, a.open, &b.what)));
        causes.truncate(Report::CAUSES);
        for cause in &mut causes {
            cause.prevention = prevention(&cause.what);
        }
        causes
    }
}

impl Problem {
    /// How often it came back.
    fn came_back(&self) -> u32 {
        let again = if self.is_shared { 0 } else { self.repairs.saturating_sub(1) };
        again.max(u32::from(self.is_back)).max(self.returns)
    }

    fn drift(&self, names: &Names) -> Drift {
        Drift {
            what: names.text(self.what).to_owned(),
            account: names.text(self.account).to_owned(),
            region: names.text(self.region).to_owned(),
            resource: names.text(self.resource).to_owned(),
            team: names.maybe(self.team.name),
            times: u64::from(self.came_back()),
            owner: names.maybe(self.owner.name),
            caused_by: names.maybe(self.caused_by.name),
        }
    }
}

fn cleaned(text: Option<&str>, most: usize) -> Option<String> {
    text.map(|text| clean(text, most))
}

/// Seconds of the epoch, up to the year 2106.
fn seconds(at: Timestamp) -> u32 {
    u32::try_from(at.timestamp().max(0)).unwrap_or(u32::MAX)
}
