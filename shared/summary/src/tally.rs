//! Adding up, one after the other, whatever comes first. What is kept grows with the number of problems,
//! by less than a hundred bytes each; texts are kept once.

use std::{
    collections::{BTreeSet, HashMap, HashSet},
    hash::{DefaultHasher, Hash, Hasher},
};

use remedy::Timestamp;
use runtime::{Stands, news::case_id, notice::clean};

use crate::{
    CaseEntry, Ending, Entry, Lapse, Numbers, Prevention, Reason, Records, Report,
    accepted::Risks,
    ended::{self, Ended, UNKNOWN},
    names::{Name, Names},
    now_open::NowOpen,
    problems::Problems,
    times::Took,
    weeks::Weeks,
};

/// What a report is to be like.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    /// What it is called.
    pub title: String,
    /// The stack that it is about.
    pub stack: String,
    /// How many weeks it sums up, the one that is not over included: 1 to 53.
    pub weeks: u32,
    /// Remediations of what is there once for everybody, such as a list: that one is changed again does
    /// not say that a problem came back.
    pub shared: BTreeSet<String>,
}

impl Default for Options {
    fn default() -> Self {
        let (title, stack) = ("Kintsugi".into(), "kintsugi".into());
        Self { title, stack, weeks: 13, shared: BTreeSet::new() }
    }
}

/// What was added so far.
#[derive(Debug)]
pub struct Tally {
    options: Options,
    weeks: Weeks,
    now: Timestamp,
    names: Names,
    known: HashSet<u64>,
    records: Records,
    held: HashMap<Name, u64>,
    problems: Problems,
    took: Took,
    solved: Vec<Solved>,
    open: NowOpen,
    open_by_week: Vec<u64>,
    risks: Risks,
    lapses: Vec<Lapse>,
}

/// A problem that is not there any more. Who put it right is only known at the end.
#[derive(Debug)]
struct Solved {
    key: u64,
    control: Name,
    since: Timestamp,
    closed: Timestamp,
}

impl Tally {
    /// Nothing yet. `now` is the end of the time that is summed up.
    pub fn new(now: Timestamp, options: &Options) -> Self {
        Self {
            options: options.clone(),
            weeks: Weeks::new(now, options.weeks),
            now,
            names: Names::default(),
            known: HashSet::new(),
            records: Records::default(),
            held: HashMap::new(),
            problems: Problems::default(),
            took: Took::default(),
            solved: Vec::new(),
            open: NowOpen::default(),
            open_by_week: Vec::new(),
            risks: Risks::default(),
            lapses: Vec::new(),
        }
    }

    /// From when on records count.
    pub fn from(&self) -> Timestamp {
        self.weeks.period().from
    }

    /// Adds a record, and says whether it counts: one that was added before, or is not of the period, does
    /// not.
    pub fn add(&mut self, entry: &Entry) -> bool {
        if !self.weeks.holds(entry.at) || !self.is_new(&entry.id) {
            return false;
        }
        let ended = Ended::of(entry);
        self.records.count(ended);
        if ended == Ended::Held {
            let reason = entry.holds.first().map_or(UNKNOWN, String::as_str);
            *self.held.entry(self.names.name(&clean(reason, 100))).or_default() += 1;
        }
        if ended.met_one() {
            let key = key_of(entry);
            let marks = self.weeks.marks(entry.at);
            let is_shared = self.options.shared.contains(&entry.remediation);
            self.problems.meet(&mut self.names, key, entry, ended, marks, is_shared);
        }
        if ended == Ended::Repaired
            && let Some(seen) = entry.seen
        {
            let control = control(&entry.trigger, &entry.remediation);
            let took = entry.closed.unwrap_or(entry.at) - seen;
            self.took.kintsugi(self.names.name(&control), took);
        }
        true
    }

    /// Adds a problem, and says whether it counts: one that was added before does not, nor what is no
    /// problem of a resource.
    pub fn add_case(&mut self, case: &CaseEntry) -> bool {
        if case.stands == Stands::Notice || !self.is_new(&case.id) {
            return false;
        }
        let key = key_of_case(&case.id);
        match case.stands {
            Stands::Open | Stands::Asks => {
                self.open.add(&mut self.names, case, self.now);
                self.problems.open(&mut self.names, what(case));
                self.weeks.count_open(&mut self.open_by_week, case.since, None);
            }
            Stands::Solved => {
                // Of what was solved when it was first heard of, nobody knows since when it stood.
                let counts = |closed: &Timestamp| case.since < *closed && self.weeks.holds(*closed);
                if let Some(closed) = case.closed.filter(counts) {
                    let control = self.names.name(&control(&case.trigger, &case.remediation));
                    self.solved.push(Solved { key, control, since: case.since, closed });
                }
            }
            Stands::Accepted => self.risks.add(case),
            Stands::Fixed | Stands::Notice => {}
        }
        if !matches!(case.stands, Stands::Open | Stands::Asks)
            && let Some(closed) = case.closed
        {
            self.weeks.count_open(&mut self.open_by_week, case.since, Some(closed));
        }
        // What somebody repairs is met by the records.
        let met = if case.remediation.is_empty() { self.weeks.marks(case.since) } else { 0 };
        let returned = case.returns > 0 && self.weeks.holds(case.since);
        let closed_now =
            case.stands == Stands::Solved && case.closed.is_some_and(|at| self.weeks.holds(at));
        if met != 0 || returned || closed_now {
            self.problems.know(&mut self.names, key, case, met, returned);
        }
        true
    }

    /// Adds what is left alone until a day.
    pub fn add_lapse(&mut self, lapse: Lapse) {
        self.lapses.push(lapse);
    }

    /// The report. `prevention` knows what keeps the problems of a remediation or a control from coming
    /// again.
    pub fn report(mut self, prevention: &dyn Fn(&str) -> Option<Prevention>) -> Report {
        for solved in std::mem::take(&mut self.solved) {
            let Solved { key, control, since, closed } = solved;
            // After a repair the source, too, says that nothing is wrong: that was not people's doing.
            if !self.problems.was_repaired(key, since, closed) {
                self.took.people(control, closed - since);
                self.problems.solve(key, self.weeks.marks(closed));
            }
        }
        let Self { options, weeks, now, names, mut records, problems, took, open, .. } = self;
        records.held_by_reason = reasons(&names, self.held);
        let (ending, ending_total) = endings(self.lapses, &self.risks, now);
        let done = problems.done();
        Report {
            title: clean(&options.title, 200),
            stack: clean(&options.stack, 200),
            at: now,
            period: weeks.period(),
            open: open.told(&names),
            records,
            problems: Numbers::of_all(&done),
            recent: weeks.recent(&done),
            repair: took.repair(&names),
            reopened: problems.reopened(&names),
            causes: problems.causes(&names, prevention),
            accepted: self.risks.told(),
            ending,
            ending_total,
            trend: weeks.weeks(&done, &self.open_by_week),
        }
    }

    fn is_new(&mut self, id: &str) -> bool {
        let mut hasher = DefaultHasher::new();
        id.hash(&mut hasher);
        self.known.insert(hasher.finish())
    }
}

/// The name of a problem's case, as a number.
fn key_of(entry: &Entry) -> u64 {
    let what = if entry.remediation.is_empty() { &entry.trigger } else { &entry.remediation };
    let case = match (what.as_str(), entry.resource.as_str()) {
        ("", _) | (_, "") => case_id("record", &entry.id),
        (what, resource) => case_id(what, resource),
    };
    key_of_case(&case)
}

fn key_of_case(id: &str) -> u64 {
    let digits = id.strip_prefix("c-").filter(|digits| digits.len() == 12);
    digits.and_then(|digits| u64::from_str_radix(digits, 16).ok()).unwrap_or_else(|| {
        let mut hasher = DefaultHasher::new();
        id.hash(&mut hasher);
        // Above all that twelve digits can name.
        hasher.finish() | 1 << 63
    })
}

/// What a problem is told under: the remediation, or what signalled it where none answers.
pub(crate) fn what(case: &CaseEntry) -> &str {
    if case.remediation.is_empty() { &case.trigger } else { &case.remediation }
}

fn control(trigger: &str, remediation: &str) -> String {
    clean(if trigger.is_empty() { remediation } else { trigger }, 200)
}

fn reasons(names: &Names, held: HashMap<Name, u64>) -> Vec<Reason> {
    let reason = |(reason, count): (Name, u64)| {
        let reason = names.text(reason);
        Reason { reason: reason.into(), words: ended::words(reason).into(), count }
    };
    let mut reasons: Vec<_> = held.into_iter().map(reason).collect();
    reasons.sort_by(|a, b| (b.count, &a.reason).cmp(&(a.count, &b.reason)));
    reasons
}

fn endings(lapses: Vec<Lapse>, risks: &Risks, now: Timestamp) -> (Vec<Ending>, u64) {
    let soon = |until: &Timestamp| {
        (0..Report::ENDING * 24 * 60 * 60).contains(&(*until - now).num_seconds()) && *until > now
    };
    let ending = |lapse: Lapse| Ending {
        what: clean(&lapse.what, 400),
        until: lapse.until,
        days: (lapse.until - now).num_days(),
        by: clean(&lapse.by, 200),
        why: clean(&lapse.why, 400),
    };
    let lapses = lapses.into_iter().filter(|lapse| soon(&lapse.until)).map(ending);
    let mut endings: Vec<_> = lapses.collect();
    // What is accepted by a rule is told once, by the rule's name.
    let told: HashSet<_> =
        endings.iter().map(|end| (end.until, end.by.clone(), end.why.clone())).collect();
    let accepted = risks.lapses().filter(|lapse| soon(&lapse.until)).map(ending);
    endings.extend(
        accepted.filter(|end| !told.contains(&(end.until, end.by.clone(), end.why.clone()))),
    );
    endings
        .sort_by(|a, b| (a.until, &a.what, &a.by, &a.why).cmp(&(b.until, &b.what, &b.by, &b.why)));
    endings.dedup();
    let total = u64::try_from(endings.len()).unwrap_or(u64::MAX);
    endings.truncate(Report::LINES);
    (endings, total)
}
