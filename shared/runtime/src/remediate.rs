//! One signal, from finding to outcome.

use std::time::Duration;

use remedy::{
    Case, Change, ChangeOf, Facet, Hold, Id, IdOf, Place, Plan, Remediation, Severity, Timestamp,
};

use crate::{
    Attempt, Cloud, Desk, Error, Limits, Opened, Outcome, Page, Refusal, Report, State, Step, Task,
    record::hash,
    tell::{close, close_and_tell, settle},
};

/// How long to wait before reading again, when AWS does not show yet what was just changed.
const PATIENCE: [Duration; 3] =
    [Duration::from_millis(200), Duration::from_millis(600), Duration::from_millis(1_500)];

/// Load, plan, guard, record, apply, verify, tell.
///
/// What cannot be finished is not rolled back: every change made the resource safer, and the record
/// knows how to take it back. Whatever goes wrong ends in the report; nothing is changed unless its
/// record is written.
pub async fn remediate<R, C, D>(
    remediation: &R,
    task: Task<'_>,
    limits: &Limits,
    cloud: &C,
    desk: &D,
) -> Report
where
    R: Remediation,
    C: Cloud<R::Facet>,
    D: Desk,
{
    let Task { signal, attempt } = task;
    let now = desk.now();
    let mut page = Page::of(signal, R::SPEC.id, now).rated(R::SPEC.severity);
    let Some(id) = remediation.target(signal) else {
        let why = format!("`{}` is no {}", signal.resource, R::Facet::NAME);
        return settle(desk, page.ended(Outcome::Ignored { why }), attempt).await;
    };
    page = page.about::<R>(&signal.place, &id);

    let facet = match cloud.load(&signal.place, &id).await {
        Ok(Some(facet)) => facet,
        Ok(None) => return gone(desk, page, attempt).await,
        Err(error) => {
            let page = page.ended(Outcome::Unreadable { why: error.to_string() });
            return Report { again: true, ..settle(desk, page, attempt).await };
        }
    };
    let plan = remediation.plan(&facet, &Case { signal, now });
    let holds = holds(limits, &facet, &plan, task, now);
    page = page.planned::<R>(&facet, &signal.place, &id, plan);

    let run = Run { remediation, task, limits, cloud, desk, id: &id };
    if page.steps.is_empty() || !holds.is_empty() {
        let outcome = match holds.is_empty() {
            true => Outcome::Right,
            false => Outcome::Held { why: holds },
        };
        return run.finish_or_settle(page.ended(outcome), &facet).await;
    }
    run.carry_out(page, &facet).await
}

/// Why `plan` is not carried out; none if it is, or if there is nothing to carry out.
fn holds<F: Facet>(
    limits: &Limits,
    facet: &F,
    plan: &Plan<F::Change>,
    Task { signal, .. }: Task<'_>,
    now: Timestamp,
) -> Vec<Hold> {
    if plan.is_empty() && plan.left.is_empty() {
        return Vec::new();
    }
    let mut holds = limits.policy.judge(facet, &signal.place, plan, signal, now);
    if plan.is_empty() {
        // Nothing would be done in another mode either; what is left alone says why.
        holds.retain(|hold| *hold != Hold::DryRun);
        holds.extend(plan.left.iter().map(|left| left.why.clone()));
    }
    holds
}

/// A repair under way.
struct Run<'a, R: Remediation, C, D> {
    remediation: &'a R,
    task: Task<'a>,
    limits: &'a Limits,
    cloud: &'a C,
    desk: &'a D,
    id: &'a IdOf<R>,
}

impl<R, C, D> Run<'_, R, C, D>
where
    R: Remediation,
    C: Cloud<R::Facet>,
    D: Desk,
{
    fn place(&self) -> &Place {
        &self.task.signal.place
    }

    /// Writes the decision down; if an earlier run of the same message was cut short in the middle of
    /// its changes, ends that one instead.
    async fn finish_or_settle(&self, page: Page, facet: &R::Facet) -> Report {
        let report = settle(self.desk, page.clone(), self.task.attempt).await;
        if report.page.outcome != Outcome::Open {
            return report;
        }
        let mut merged = Self::resumed(&report.page, page.clone(), facet);
        // What it made is verified by now, also where something exempt was left alone.
        merged.outcome = match page.steps.is_empty() && merged.has_made_some() {
            true => Outcome::Fixed,
            false => page.outcome,
        };
        self.finish(merged).await
    }

    async fn carry_out(&self, mut page: Page, facet: &R::Facet) -> Report {
        loop {
            let Opened { old, refusal } = match self.desk.open(&page, self.limits.cap).await {
                Ok(opened) => opened,
                Err(error) => return Report::cut_short(page, &error),
            };
            match (old, refusal) {
                (None, None) => return self.apply(page).await,
                (None, Some(refusal)) => return self.refused(page, &refusal).await,
                (Some(old), Some(Refusal::Stale(_))) if !old.is_under_way() => {
                    return Report { page: *old, again: false, told: true, trouble: Vec::new() };
                }
                // The problem is back: what was done the first time stays on record.
                (Some(old), refusal) if old.outcome.has_changed_something() => {
                    page.id = old.next_id();
                    if let Some(refusal) = refusal {
                        return self.refused(page, &refusal).await;
                    }
                }
                (Some(old), refusal) => {
                    if old.is_under_way() {
                        page = Self::resumed(&old, page, facet);
                    }
                    if let Some(refusal) = refusal {
                        return self.refused(page, &refusal).await;
                    }
                    if let Err(error) = self.desk.close(&page).await {
                        return Report::cut_short(page, &error);
                    }
                    return self.apply(page).await;
                }
            }
        }
    }

    async fn refused(&self, page: Page, refusal: &Refusal) -> Report {
        match refusal {
            Refusal::Stale(newer) => {
                if page.has_made_some() {
                    // An earlier run was cut short in the middle; what it left belongs to the newer one.
                    let left = page.steps.iter().filter(|step| step.state != State::Made);
                    let left = left.map(|step| step.what.clone()).collect();
                    return self.finish(page.ended(Outcome::NotFixed { left })).await;
                }
                let why = format!("newer evidence, of {newer}, was acted on already");
                close(self.desk, page.ended(Outcome::Ignored { why })).await
            }
            Refusal::OverCap { first } => {
                let why = vec![Hold::OverCap { cap: self.limits.cap }];
                let page = page.ended(Outcome::Held { why });
                let report = match first {
                    true => self.finish(page).await,
                    false => close(self.desk, page).await,
                };
                // The message waits in its queues until a person resumes.
                Report { again: true, ..report }
            }
        }
    }

    /// Makes what is not made yet, reads back, plans again.
    async fn apply(&self, mut page: Page) -> Report {
        let changes = page.plan::<ChangeOf<R>>().map(|plan| plan.changes).unwrap_or_default();
        let waiting = |step: &Step| step.state == State::Planned;
        let (todo, changes): (Vec<usize>, Vec<_>) = (page.steps.iter().zip(changes).enumerate())
            .filter(|(_, (step, _))| waiting(step))
            .map(|(nth, (_, change))| (nth, change))
            .unzip();
        let results = self.cloud.apply(self.place(), self.id, &changes).await;
        let mut later = Vec::new();
        for (nth, result) in todo.into_iter().zip(results) {
            let Some(step) = page.steps.get_mut(nth) else { continue };
            match result {
                Ok(()) => step.state = State::Made,
                Err(Error::Refused(why)) => step.state = State::Refused(why),
                Err(Error::Transient(why)) => later.push(format!("{}: {why}", step.what)),
            }
        }
        if !later.is_empty() {
            // The record stays open: when the message comes again, the rest is made.
            return Report { page, again: true, told: false, trouble: later };
        }
        match self.left(&page).await {
            Ok(left) => {
                page.outcome = ended(&page.steps, left);
                self.finish(page).await
            }
            Err(error) => Report::cut_short(page, &error),
        }
    }

    /// What the remediation would still change; read again for a while, as long as that is something.
    async fn left(&self, page: &Page) -> Result<Vec<String>, Error> {
        let refused = page.steps.iter().any(|step| matches!(step.state, State::Refused(_)));
        let mut waits = PATIENCE.iter().take(if refused { 0 } else { PATIENCE.len() });
        loop {
            let Some(facet) = self.cloud.load(self.place(), self.id).await? else {
                return Ok(Vec::new());
            };
            let case = Case { signal: self.task.signal, now: self.desk.now() };
            let left = self.remediation.plan(&facet, &case).lines();
            match waits.next() {
                Some(wait) if !left.is_empty() => self.desk.sleep(*wait).await,
                _ => return Ok(left),
            }
        }
    }

    /// `new`, with what the record `old` of a run that was cut short had planned before it.
    fn resumed(old: &Page, new: Page, facet: &R::Facet) -> Page {
        let (before, after) = (old.plan::<ChangeOf<R>>(), new.plan::<ChangeOf<R>>());
        let (before, after) =
            (before.map_or(vec![], |plan| plan.changes), after.map_or(vec![], |p| p.changes));
        let state = |change: &_| if facet.shows(change) { State::Made } else { State::Planned };
        let mut steps: Vec<Step> = (before.iter())
            .map(|change| Step { what: change.to_string(), state: state(change) })
            .collect();
        let added: Vec<_> = after.into_iter().filter(|change| !before.contains(change)).collect();
        steps.extend(added.iter().map(Step::planned));
        let plan: Plan<_> = before.into_iter().chain(added).collect();
        let plan = Plan { left: new.left.clone(), ..plan };
        Page {
            id: old.id.clone(),
            found: old.found.clone(),
            plan: serde_json::to_value(&plan).unwrap_or_default(),
            steps,
            ..new
        }
    }

    /// Closes the record with what to type next, and tells people.
    async fn finish(&self, page: Page) -> Report {
        close_and_tell(self.desk, page.with_commands::<R>(self.place(), self.id)).await
    }
}

/// How it ended, by what became of each step and what is left to do.
fn ended(steps: &[Step], left: Vec<String>) -> Outcome {
    let refused = steps.iter().filter(|step| matches!(step.state, State::Refused(_))).count();
    match refused {
        0 if left.is_empty() => Outcome::Fixed,
        0 => Outcome::NotFixed { left },
        some if some == steps.len() => Outcome::Failed,
        _ => Outcome::Partial,
    }
}

/// The resource went, perhaps in the middle of an earlier run of the same message.
async fn gone<D: Desk>(desk: &D, page: Page, attempt: Attempt) -> Report {
    let report = settle(desk, page.ended(Outcome::Gone), attempt).await;
    if report.page.outcome != Outcome::Open {
        return report;
    }
    close(desk, report.page.ended(Outcome::Gone)).await
}

impl Page {
    /// A source that does not say how bad it is leaves that to the remediation.
    fn rated(mut self, severity: Severity) -> Self {
        if let Some(signal) = self.signal.as_mut().filter(|signal| !signal.source.rates()) {
            signal.severity = severity;
        }
        self
    }

    fn ended(self, outcome: Outcome) -> Self {
        Self { outcome, ..self }
    }

    fn about<R: Remediation>(mut self, place: &Place, id: &IdOf<R>) -> Self {
        self.about.kind = R::Facet::NAME.into();
        self.about.resource = id.arn(place);
        self.about.id = id.to_string();
        self.about.link = Some(id.link(place));
        self
    }

    fn planned<R: Remediation>(
        mut self,
        facet: &R::Facet,
        place: &Place,
        id: &IdOf<R>,
        plan: Plan<ChangeOf<R>>,
    ) -> Self {
        self.about.label = facet.label().map(str::to_owned);
        self.found = serde_json::to_vec(facet).ok().map(|json| hash(&json, 16, ""));
        self.steps = plan.changes.iter().map(Step::planned).collect();
        self.plan = match plan.is_empty() {
            true => serde_json::Value::Null,
            false => serde_json::to_value(&plan).unwrap_or_default(),
        };
        self.left = plan.left;
        self.with_commands::<R>(place, id)
    }

    /// What to type for each change by hand, or to take it back, now that it is made or is not.
    fn with_commands<R: Remediation>(mut self, place: &Place, id: &IdOf<R>) -> Self {
        let changes = self.plan::<ChangeOf<R>>().map(|plan| plan.changes).unwrap_or_default();
        let (mut make, mut undo) = (Vec::new(), Vec::new());
        for (change, step) in changes.into_iter().zip(&self.steps) {
            match step.state {
                State::Made => undo.extend(change.inverse()),
                State::Planned | State::Refused(_) => make.push(change),
            }
        }
        undo.reverse();
        self.make = R::Facet::commands(place, id, &make);
        self.undo = R::Facet::commands(place, id, &undo);
        self
    }
}

impl Step {
    fn planned<C: Change>(change: &C) -> Self {
        Self { what: change.to_string(), state: State::Planned }
    }
}

impl Attempt {
    /// The first one.
    pub const FIRST: Self = Self { again: false };
}
