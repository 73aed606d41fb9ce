//! From signals to outcomes: what concerns the same resource is planned in turn, and made at once.

use std::{pin::Pin, time::Duration};

use chrono::TimeDelta;
use futures_util::{StreamExt, future, stream};
use remedy::{Case, ChangeOf, Facet, Id, IdOf, Place, Remediation, Signal};

use crate::{
    Attempt, Cloud, Desk, Error, Limits, Outcome, Page, Report, State, Step, Task,
    bench::{Bench, Repair, Stage},
    judge::{Judge, Judged, Matter},
    open::Opening,
    repeats::{REPEATS_WITHIN, repeats},
    tell::{close, close_and_tell, settle},
};

/// How long to wait before reading again, when AWS does not show yet what was just changed.
pub(crate) const PATIENCE: [Duration; 3] =
    [Duration::from_millis(200), Duration::from_millis(600), Duration::from_millis(1_500)];

/// No run takes longer.
const UNDER_WAY: TimeDelta = TimeDelta::minutes(1);

/// How many records are written, and how many messages sent, at the same time.
const SIDE_BY_SIDE: usize = 32;

/// Load, plan, guard, record, apply, verify, tell. One report for each task, in their order.
///
/// What cannot be finished is not rolled back: every change made the resource safer, and the record
/// knows how to take it back. Whatever goes wrong ends in the report; nothing is changed unless its
/// record is written.
pub async fn remediate<R, C, D>(
    remediation: &R,
    tasks: &[Task<'_>],
    limits: &Limits,
    cloud: &C,
    desk: &D,
) -> Vec<Report>
where
    R: Remediation,
    C: Cloud<R::Facet>,
    D: Desk,
{
    let run = Run { remediation, limits, cloud, desk };
    let (mut benches, ended) = run.sorted(tasks);
    let mut reports = run.ended(ended).await;
    for bench in &mut benches {
        run.at(bench).await;
        reports.extend(bench.repairs.drain(..).flat_map(Repair::reports));
    }
    reports.sort_by_key(|(nth, _)| *nth);
    reports.into_iter().map(|(_, report)| report).collect()
}

/// A remediation, and all it needs.
struct Run<'a, R, C, D> {
    remediation: &'a R,
    limits: &'a Limits,
    cloud: &'a C,
    desk: &'a D,
}

/// Of which task, how that came, and how it ended before any resource was looked at.
type Settled = (usize, Attempt, Page);

impl<'a, R, C, D> Run<'_, R, C, D>
where
    R: Remediation,
    C: Cloud<R::Facet>,
    D: Desk,
{
    /// The tasks by the resource they are about, and the pages of those that are about none.
    fn sorted(&self, tasks: &[Task<'a>]) -> (Vec<Bench<'a, R>>, Vec<Settled>) {
        let now = self.desk.now();
        let (mut benches, mut ended): (Vec<Bench<'a, R>>, Vec<_>) = (Vec::new(), Vec::new());
        for (nth, Task { signal, attempt }) in tasks.iter().copied().enumerate() {
            let page = Page::of(signal, R::SPEC.id, now).rated(&R::SPEC);
            let none = || format!("`{}` is no {}", signal.resource, R::Facet::NAME);
            let target = match self.remediation.ignores(signal) {
                Some(why) => Err(why),
                None => self.remediation.target(signal).ok_or_else(none),
            };
            let id = match target {
                Ok(id) => id,
                Err(why) => {
                    ended.push((nth, attempt, page.ended(Outcome::Ignored { why })));
                    continue;
                }
            };
            let place = if R::Facet::SHARED { &self.limits.home } else { &signal.place };
            let at = benches.iter().position(|bench| bench.id == id && bench.place == *place);
            let at = at.unwrap_or_else(|| {
                let place = place.clone();
                benches.push(Bench { place, id, repairs: Vec::new() });
                benches.len() - 1
            });
            if let Some(bench) = benches.get_mut(at) {
                let page = page.about::<R>(&bench.place, &bench.id);
                bench.add(nth, Task { signal, attempt }, page);
            }
        }
        // Evidence is looked at in the order in which it was seen.
        for bench in &mut benches {
            bench.repairs.sort_by_key(|repair| repair.signal.seen);
        }
        (benches, ended)
    }

    async fn ended(&self, pages: Vec<Settled>) -> Vec<(usize, Report)> {
        let settle = |(nth, attempt, page)| -> Work<'_, _> {
            Box::pin(async move { (nth, settle(self.desk, page, attempt).await) })
        };
        each(pages.into_iter().map(settle).collect()).await
    }

    /// Takes every repair of a bench to its end.
    async fn at(&self, bench: &mut Bench<'a, R>) {
        let signals: Vec<&Signal> = bench.repairs.iter().map(|repair| repair.signal).collect();
        let resource = bench.id.arn(&bench.place);
        let (loaded, orders, standing) = future::join3(
            Box::pin(self.cloud.load(&bench.place, &bench.id, &signals)),
            Box::pin(self.desk.orders()),
            Box::pin(self.desk.standing(&resource)),
        )
        .await;
        let (facet, orders, standing) = match (loaded, orders, standing) {
            (Ok(None), _, _) => return self.gone(bench).await,
            (Ok(Some(facet)), Ok(orders), Ok(standing)) => (facet, orders, standing),
            (Err(error), _, _) | (_, Err(error), _) | (_, _, Err(error)) => {
                return self.unreadable(bench, &error.to_string()).await;
            }
        };
        self.plan(
            bench,
            &facet,
            &Judge { limits: self.limits, orders: &orders, standing: &standing },
        );
        self.open(bench, &facet).await;
        self.apply(bench).await;
        self.verify(bench).await;
        self.settle(bench, &facet).await;
    }

    /// The resource went, perhaps in the middle of an earlier run of the same message.
    async fn gone(&self, bench: &mut Bench<'a, R>) {
        let work = bench.repairs.iter_mut().map(|repair| -> Work<'_, ()> {
            Box::pin(async move {
                let page = repair.page.clone().ended(Outcome::Gone);
                let report = settle(self.desk, page, repair.attempt).await;
                repair.end(match report.page.outcome {
                    Outcome::Open => close(self.desk, report.page.ended(Outcome::Gone)).await,
                    _ => report,
                });
            })
        });
        each(work.collect()).await;
    }

    async fn unreadable(&self, bench: &mut Bench<'a, R>, why: &str) {
        let work = bench.repairs.iter_mut().map(|repair| -> Work<'_, ()> {
            let page = repair.page.clone().ended(Outcome::Unreadable { why: why.into() });
            Box::pin(async move {
                let report = settle(self.desk, page, repair.attempt).await;
                repair.end(Report { again: true, ..report });
            })
        });
        each(work.collect()).await;
    }

    /// Plans each on top of what those before it are to change.
    fn plan(&self, bench: &mut Bench<'a, R>, facet: &R::Facet, judge: &Judge<'_>) {
        let now = self.desk.now();
        let Bench { place, id, repairs } = bench;
        let mut facet = facet.clone();
        let mut pending = false;
        for repair in repairs {
            let signal = repair.signal;
            let plan = self.remediation.plan(&facet, &Case { signal, now });
            let record = repair.page.id.as_str();
            let matter = Matter::<R> { facet: &facet, place, id, plan: &plan, signal, record, now };
            // Nothing to do is nothing to judge.
            let is_right = plan.is_empty() && plan.left.is_empty();
            let judged = (!is_right).then(|| judge.judge(&matter));
            let goes = !plan.is_empty() && judged.as_ref().is_some_and(|j| j.holds.is_empty());
            repair.builds_on_others = pending;
            repair.stage = if goes { Stage::Planned } else { Stage::Rests };
            let changes = if goes { plan.changes.clone() } else { Vec::new() };
            let page = repair.page.clone().whose(&facet, self.limits);
            let mut page = page.planned::<R>(&facet, place, id, plan);
            page.outcome = match &judged {
                None => Outcome::Right,
                Some(_) if goes => Outcome::Open,
                Some(judged) => Outcome::Held { why: judged.holds.clone() },
            };
            if let Some(Judged { verdict, asks, .. }) = judged {
                page.verdict = Some(verdict);
                page.policies.clone_from(&judge.orders.policies);
                page.asks = asks;
            }
            repair.page = page;
            pending |= goes;
            facet = changes.iter().fold(facet, Facet::after);
        }
    }

    /// Writes the records of what is to be carried out.
    async fn open(&self, bench: &mut Bench<'a, R>, facet: &R::Facet) {
        let Bench { place, id, repairs } = bench;
        let (place, id) = (&*place, &*id);
        let is_planned = |repair: &&mut Repair<'_>| matches!(repair.stage, Stage::Planned);
        let work = repairs.iter_mut().filter(is_planned).map(|repair| -> Work<'_, ()> {
            let opening = Opening { desk: self.desk, limits: self.limits, facet, place, id };
            Box::pin(async move {
                match opening.open::<R>(repair.page.clone()).await {
                    Ok(page) => (repair.page, repair.stage) = (page, Stage::Opened),
                    Err(report) => repair.end(*report),
                }
            })
        });
        each(work.collect()).await;
        let is_refused = |repair: &Repair<'_>| matches!(repair.stage, Stage::Ended(_));
        if let Some(first) = bench.repairs.iter().position(is_refused) {
            bench.cut_short_after(first);
        }
    }

    /// Makes what is not made yet, all of it at once.
    async fn apply(&self, bench: &mut Bench<'a, R>) {
        let mut changes = Vec::new();
        let mut whose = Vec::new();
        for (nth, repair) in bench.repairs.iter().enumerate() {
            if !matches!(repair.stage, Stage::Opened) {
                continue;
            }
            let plan = repair.page.plan::<ChangeOf<R>>().map(|plan| plan.changes);
            let steps = repair.page.steps.iter().zip(plan.unwrap_or_default()).enumerate();
            for (step, (_, change)) in steps.filter(|(_, (step, _))| step.state == State::Planned) {
                whose.push((nth, step));
                changes.push(change);
            }
        }
        if changes.is_empty() && !bench.repairs.iter().any(|r| matches!(r.stage, Stage::Opened)) {
            return;
        }
        let (results, before) = future::join(
            Box::pin(self.cloud.apply(&bench.place, &bench.id, &changes)),
            Box::pin(self.before(bench)),
        )
        .await;
        for (repair, before) in bench.opened().zip(before) {
            repair.page.repeats = before;
        }
        let mut later: Vec<Vec<String>> = bench.repairs.iter().map(|_| Vec::new()).collect();
        let mut failed = None;
        for ((nth, step), result) in whose.into_iter().zip(results) {
            if result.is_err() && failed.is_none() {
                failed = Some(nth);
            }
            let repair = bench.repairs.get_mut(nth);
            let Some(step) = repair.and_then(|repair| repair.page.steps.get_mut(step)) else {
                continue;
            };
            match result {
                Ok(()) => step.state = State::Made,
                Err(Error::Refused(why)) => step.state = State::Refused(why),
                Err(Error::Transient(why)) => {
                    later
                        .get_mut(nth)
                        .into_iter()
                        .for_each(|l| l.push(format!("{}: {why}", step.what)));
                }
            }
        }
        for (repair, trouble) in bench.repairs.iter_mut().zip(later) {
            if !trouble.is_empty() {
                // The record stays open: when the message comes again, the rest is made.
                let page = repair.page.clone();
                repair.end(Report { page, again: true, told: false, trouble });
            }
        }
        if let Some(first) = failed {
            bench.cut_short_after(first);
        }
    }

    /// What is to be said of repairs that were made before. That it cannot be read holds nothing up.
    async fn before(&self, bench: &Bench<'a, R>) -> Vec<Option<String>> {
        let opened = bench.repairs.iter().filter(|r| matches!(r.stage, Stage::Opened));
        let look = opened.map(|repair| -> Work<'_, _> {
            let page = &repair.page;
            Box::pin(async move {
                // What everybody shares is changed all day long.
                if R::Facet::SHARED {
                    return None;
                }
                let before = self.desk.recent(page, page.at - REPEATS_WITHIN).await;
                repeats(page, &before.unwrap_or_default())
            })
        });
        future::join_all(look).await
    }

    /// Reads again for a while, as long as something is left that the remediation would still change.
    async fn verify(&self, bench: &mut Bench<'a, R>) {
        let signals: Vec<&Signal> = bench.opened().map(|repair| repair.signal).collect();
        if signals.is_empty() {
            return;
        }
        let mut waits = PATIENCE.iter();
        loop {
            let facet = match self.cloud.load(&bench.place, &bench.id, &signals).await {
                Ok(facet) => facet,
                Err(error) => {
                    bench.opened().for_each(|repair| {
                        repair.end(Report::cut_short(repair.page.clone(), &error));
                    });
                    return;
                }
            };
            let now = self.desk.now();
            let left = |repair: &mut Repair<'a>| {
                let case = Case { signal: repair.signal, now };
                let plan = facet.as_ref().map(|facet| self.remediation.plan(facet, &case));
                repair.page.still_wrong(plan.map(|plan| plan.lines()).unwrap_or_default())
            };
            let lefts: Vec<_> = bench.opened().map(left).collect();
            let worth_a_wait =
                bench.opened().zip(&lefts).any(|(r, left)| !left.is_empty() && !r.is_refused());
            match waits.next() {
                Some(wait) if worth_a_wait => self.desk.sleep(*wait).await,
                _ => {
                    for (repair, left) in bench.opened().zip(lefts) {
                        repair.page.outcome = ended(&repair.page.steps, left);
                        repair.stage = Stage::Made;
                    }
                    return;
                }
            }
        }
    }

    /// Writes down how each ended, and tells people.
    async fn settle(&self, bench: &mut Bench<'a, R>, facet: &R::Facet) {
        let Bench { place, id, repairs } = bench;
        let (place, id) = (&*place, &*id);
        let work = repairs.iter_mut().map(|repair| -> Work<'_, ()> {
            Box::pin(async move {
                match repair.stage {
                    Stage::Rests => {
                        repair.end(self.finish_or_settle(place, id, repair, facet).await);
                    }
                    Stage::Made => {
                        let page = repair.page.clone().with_commands::<R>(place, id);
                        repair.end(close_and_tell(self.desk, page).await);
                    }
                    Stage::Planned | Stage::Opened | Stage::Ended(_) => {}
                }
            })
        });
        each(work.collect()).await;
    }

    /// Writes the decision down; if an earlier run of the same message was cut short in the middle of
    /// its changes, ends that one instead.
    async fn finish_or_settle(
        &self,
        place: &Place,
        id: &IdOf<R>,
        Repair { page, attempt, .. }: &Repair<'_>,
        facet: &R::Facet,
    ) -> Report {
        let report = settle(self.desk, page.clone(), *attempt).await;
        if report.page.outcome != Outcome::Open {
            return report;
        }
        if !attempt.again && self.desk.now() - report.page.at < UNDER_WAY {
            // Another run of the same evidence is at it; if it is cut short, its own message comes again.
            return Report { told: true, ..report };
        }
        let mut merged = report.page.resumed::<R>(page.clone(), facet);
        // What it made is verified by now, also where something exempt was left alone.
        merged.outcome = match page.steps.is_empty() && merged.has_made_some() {
            true => Outcome::Fixed,
            false => page.outcome.clone(),
        };
        close_and_tell(self.desk, merged.with_commands::<R>(place, id)).await
    }
}

/// Boxed, since a call's future is large, and many are under way at the same time.
type Work<'r, T> = Pin<Box<dyn Future<Output = T> + Send + 'r>>;

/// Does all of it, many at a time.
async fn each<T: Send>(work: Vec<Work<'_, T>>) -> Vec<T> {
    stream::iter(work).buffer_unordered(SIDE_BY_SIDE).collect().await
}

/// How it ended, by what became of each step and what is left to do.
pub(crate) fn ended(steps: &[Step], left: Vec<String>) -> Outcome {
    let refused = steps.iter().filter(|step| matches!(step.state, State::Refused(_))).count();
    match refused {
        0 if left.is_empty() => Outcome::Fixed,
        0 => Outcome::NotFixed { left },
        some if some == steps.len() => Outcome::Failed,
        _ => Outcome::Partial,
    }
}
