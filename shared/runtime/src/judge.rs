//! All that may speak against a plan: what binds always, the policies, and what people ordered.

use remedy::{
    Change, ChangeOf, Facet, Hold, Id, IdOf, Owner, Place, Plan, Remediation, Signal, Timestamp,
};
use scope::{Ask, Denial, Missing, Mode, Shut, Thing, Verdict};

use crate::{Asks, Limits, Orders, Standing, record::hash};

/// Who judges: the limits of the stack, and what people ordered.
pub(crate) struct Judge<'a> {
    pub(crate) limits: &'a Limits,
    pub(crate) orders: &'a Orders,
    pub(crate) standing: &'a Standing,
}

/// What is judged.
pub(crate) struct Matter<'a, R: Remediation> {
    pub(crate) facet: &'a R::Facet,
    pub(crate) place: &'a Place,
    pub(crate) id: &'a IdOf<R>,
    pub(crate) plan: &'a Plan<ChangeOf<R>>,
    pub(crate) signal: &'a Signal,
    /// The record of it.
    pub(crate) record: &'a str,
    pub(crate) now: Timestamp,
}

/// What came of it.
pub(crate) struct Judged {
    /// Every reason against it, the most final first. None: it may be carried out.
    pub(crate) holds: Vec<Hold>,
    pub(crate) verdict: Verdict,
    /// What a person is to agree to, if nothing else is missing.
    pub(crate) asks: Option<Asks>,
}

impl Judge<'_> {
    pub(crate) fn judge<R: Remediation>(&self, matter: &Matter<'_, R>) -> Judged {
        let Matter { facet, place, plan, signal, now, .. } = *matter;
        let owner = self.limits.guard.owner(facet);
        let verdict = self.verdict(matter, owner.as_ref());
        let mut holds = self.limits.guard.judge(facet, place, plan, now);
        self.hear(&verdict, owner.as_ref(), &mut holds);
        holds.extend(self.standing.exempt.as_ref().and_then(|exempt| exempt.hold(now)));
        holds.extend(self.orders.paused(R::SPEC.id, now));
        let name = name(plan);
        match (&signal.asked_by, &signal.approves) {
            (None, _) => {}
            (Some(_), Some(approval)) if !covers(&approval.plan, &name) => {
                holds.push(Hold::PlanChanged { record: approval.record.clone() });
            }
            (Some(_), approval) => {
                // Who asks for it to be run now means now; who agrees to it, when it may be.
                let lifted = |hold: &Hold| {
                    hold.is_lifted_by_asking()
                        || (approval.is_none() && matches!(hold, Hold::Window { .. }))
                };
                holds.retain(|hold| !lifted(hold));
            }
        }
        let asks = self.asks(&mut holds, name, matter.record, now);
        if self.orders.looks_only && !verdict.permits.is_empty() {
            add(&mut holds, Hold::DryRun);
        }
        if plan.is_empty() {
            // Nothing would be done in another mode either; what is left alone says why.
            let is_of_plan = |hold: &Hold| {
                hold.is_lifted_by_asking() || hold.is_lifted_by_waiting() || *hold == Hold::DryRun
            };
            holds.retain(|hold| !is_of_plan(hold));
            holds.extend(plan.left.iter().map(|left| left.why.clone()));
            return Judged { holds, verdict, asks: None };
        }
        holds.sort_by_key(Hold::rank);
        Judged { holds, verdict, asks }
    }

    fn verdict<R: Remediation>(&self, matter: &Matter<'_, R>, owner: Option<&Owner>) -> Verdict {
        let Matter { facet, place, id, signal, now, .. } = *matter;
        let (arn, id) = (id.arn(place), id.to_string());
        self.orders.scope.decide(&Ask {
            remediation: R::SPEC.id,
            risk: R::SPEC.risk,
            resource: Thing {
                kind: <IdOf<R> as Id>::TYPE,
                arn: &arn,
                id: &id,
                place,
                tags: facet.tags(),
                owner: owner.map(|owner| owner.kind.as_str()),
            },
            trigger: signal.trigger.name(),
            source: signal.source,
            severity: R::SPEC.rated(signal),
            asked_by: signal.asked_by.as_deref(),
            now,
        })
    }

    /// Adds what the policies have against it.
    fn hear(&self, verdict: &Verdict, owner: Option<&Owner>, holds: &mut Vec<Hold>) {
        for Denial { policy, reason, by_owner, unclear } in verdict.forbids.iter().cloned() {
            match owner.filter(|_| by_owner) {
                Some(owner) => add(holds, Hold::Owned(owner.clone())),
                None => add(holds, Hold::Forbidden { policy, why: unclear.or(reason) }),
            }
        }
        if verdict.permits.is_empty() {
            let nearest = verdict.missing.iter().max_by_key(|missing| missing.nearly.is_some());
            match nearest.cloned() {
                // What IAM wants is more than that.
                Some(Missing { tag, .. }) if is_wanted(holds, &tag) => {}
                Some(Missing { tag, nearly, .. }) => {
                    add(holds, Hold::NotOptedIn { wanted: tag, nearly });
                }
                None if is_wanted(holds, "") => {}
                None => add(holds, Hold::NotPermitted),
            }
            return;
        }
        match verdict.mode {
            Mode::Enforce => {}
            Mode::Approve => {
                let policies = self.orders.scope.deciding(verdict);
                let policies = policies.into_iter().map(str::to_owned).collect();
                add(holds, Hold::NeedsApproval { policies });
            }
            Mode::DryRun => add(holds, Hold::DryRun),
        }
        if let Some(Shut { policy, until }) = verdict.window.clone() {
            add(holds, Hold::Window { policy, until });
        }
    }

    /// The question to a person, if their answer is all that is missing, and nobody is asked yet.
    fn asks(
        &self,
        holds: &mut Vec<Hold>,
        plan: String,
        record: &str,
        now: Timestamp,
    ) -> Option<Asks> {
        // What is approved waits for its window then.
        let is_answered =
            |hold: &Hold| hold.is_lifted_by_asking() || matches!(hold, Hold::Window { .. });
        if !holds.iter().any(Hold::is_lifted_by_asking) || !holds.iter().all(is_answered) {
            return None;
        }
        let asked = self.standing.asked.as_ref();
        let asked = asked.filter(|asked| asked.plan == plan && now < asked.until);
        match asked.filter(|asked| asked.record != record) {
            Some(asked) => {
                let (record, until) = (asked.record.clone(), asked.until);
                holds.push(Hold::AwaitsAnswer { record, until });
                None
            }
            None => Some(Asks { plan, until: now + self.limits.approval }),
        }
    }
}

/// What names the changes of a plan, each by a name of its own.
fn name<C: Change>(plan: &Plan<C>) -> String {
    // What cannot be written down is still named by its own words, never like another one.
    let written =
        |change: &C| serde_json::to_vec(change).unwrap_or_else(|_| change.to_string().into_bytes());
    let name = |change: &C| hash(&written(change), 8, "");
    plan.changes.iter().map(name).collect::<Vec<_>>().join(".")
}

/// Whether every change of `plan` was agreed to: what of it is made already need not be made again.
fn covers(agreed: &str, plan: &str) -> bool {
    let agreed: Vec<_> = agreed.split('.').collect();
    plan.split('.').all(|change| agreed.contains(&change))
}

/// Whether the tag is asked for already, or a value of it; no tag: whether any is.
fn is_wanted(holds: &[Hold], tag: &str) -> bool {
    holds.iter().any(|hold| match hold {
        Hold::NotOptedIn { wanted, .. } => {
            tag.is_empty() || wanted == tag || wanted.starts_with(&format!("{tag}="))
        }
        _ => false,
    })
}

fn add(holds: &mut Vec<Hold>, hold: Hold) {
    if !holds.contains(&hold) {
        holds.push(hold);
    }
}
