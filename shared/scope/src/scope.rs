//! What answers: policies that are ready to be asked.

use std::{
    collections::{BTreeMap, BTreeSet, btree_map::Entry},
    sync::{Arc, OnceLock},
};

use cedar_policy::{
    AuthorizationError, Authorizer, Effect, Entities, ParseErrors, PolicyId, PolicySet, Request,
};
use remedy::Timestamp;

use crate::{
    Ask, Denial, Missing, Mode, Shut, Verdict, Window,
    ask::{Change, Names, groups, word},
    fault::{Fault, position},
    rule::{Rule, RuleEffect},
    token::excess,
    wanted::Wanted,
};

/// Policies that are ready to be asked. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Scope(Arc<Policies>);

/// Permits and forbids stand apart: Cedar tells of the permits only where nothing forbids.
#[derive(Debug)]
struct Policies {
    authorizer: Authorizer,
    names: Names,
    rules: Vec<Rule>,
    permits: PolicySet,
    forbids: PolicySet,
    /// Found when first something is out of scope.
    wanted: OnceLock<Vec<Wanted>>,
}

/// Trying a tag takes about as long as deciding does.
const MOST_TRIED: usize = 100;

/// Policies that cannot be used: nothing is touched by them.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unusable {
    /// It is not written in Cedar.
    #[error("the policies cannot be read: {0}")]
    Syntax(String),
    /// A policy lacks what it needs, or has what it cannot have.
    #[error("policy {policy}: {problem}")]
    Policy {
        /// Its id, or which it is, counted from 1, if it has none.
        policy: String,
        /// What is wrong with it.
        problem: String,
    },
    /// There is no permit.
    #[error("no policy permits anything, so nothing would ever be touched")]
    NoPermit,
}

/// Which of a set apply, and which cannot be evaluated.
#[derive(Debug, Default)]
struct Answer {
    apply: BTreeSet<PolicyId>,
    unclear: BTreeMap<PolicyId, String>,
}

impl Scope {
    /// Policies from their text. Only what can be known without a schema is looked at; see
    /// [`author::check`](crate::author::check) for the rest.
    ///
    /// # Errors
    /// If they cannot be used.
    pub fn load(text: &str) -> Result<Self, Unusable> {
        if let Some(fault) = excess(text) {
            return Err(Unusable::Syntax(described(text, fault)));
        }
        let set: PolicySet = text.parse().map_err(|e| unreadable(text, &e))?;
        if let Some(template) = set.templates().next() {
            let policy = template.annotation("id").unwrap_or("without an id").to_owned();
            return Err(Unusable::Policy { policy, problem: "templates are not supported".into() });
        }
        let mut policies = Policies {
            authorizer: Authorizer::new(),
            names: Names::new().map_err(|e| unreadable("", &e))?,
            rules: Vec::new(),
            permits: PolicySet::new(),
            forbids: PolicySet::new(),
            wanted: OnceLock::new(),
        };
        for (at, policy) in set.policies().enumerate() {
            let named =
                || policy.annotation("id").map_or_else(|| format!("{}", at + 1), str::to_owned);
            let wrong = |problem: String| Unusable::Policy { policy: named(), problem };
            let rule = Rule::read(policy).map_err(|slips| {
                let problems: Vec<String> = slips.into_iter().map(|slip| slip.message).collect();
                wrong(problems.join(", "))
            })?;
            if policies.rules.iter().any(|known| known.id == rule.id) {
                return Err(wrong("there is another one with this id".into()));
            }
            let set = match policy.effect() {
                Effect::Permit => &mut policies.permits,
                Effect::Forbid => &mut policies.forbids,
            };
            set.add(policy.new_id(rule.id.clone())).map_err(|error| wrong(error.to_string()))?;
            policies.rules.push(rule);
        }
        match policies.permits.is_empty() {
            true => Err(Unusable::NoPermit),
            false => Ok(Self(Arc::new(policies))),
        }
    }

    /// What the policies say. They never fail: what cannot be decided is not permitted.
    pub fn decide(&self, ask: &Ask<'_>) -> Verdict {
        self.0.decide(ask).unwrap_or_else(Verdict::unclear)
    }

    /// The ids of those that `verdict`, one of this scope's, is due to: what forbids, else the window
    /// that is shut, else the permits of the strictest mode.
    pub fn deciding<'a>(&'a self, verdict: &'a Verdict) -> Vec<&'a str> {
        if !verdict.forbids.is_empty() {
            return verdict.forbids.iter().map(|denial| denial.policy.as_str()).collect();
        }
        if let Some(shut) = verdict.window.as_ref().filter(|_| verdict.mode == Mode::Enforce) {
            return vec![&shut.policy];
        }
        let strictest = self.0.rules.iter().filter(|rule| {
            matches!(rule.effect, RuleEffect::Permit { mode, .. } if mode == verdict.mode)
                && verdict.permits.contains(&rule.name)
        });
        strictest.map(|rule| rule.name.as_str()).collect()
    }
}

fn unreadable(text: &str, errors: &ParseErrors) -> Unusable {
    let faults = Fault::of(errors).into_iter().map(|fault| described(text, fault));
    Unusable::Syntax(faults.collect::<Vec<_>>().join("; "))
}

fn described(text: &str, fault: Fault) -> String {
    match fault.offset.map(|offset| position(text, offset)) {
        Some((line, column)) => format!("{line}:{column}: {}", fault.message),
        None => fault.message,
    }
}

impl Policies {
    fn decide(&self, ask: &Ask<'_>) -> Result<Verdict, String> {
        let request = self.names.request(ask)?;
        let entities = self.names.entities(ask, Change::default())?;
        let permits = self.ask(&request, &self.permits, &entities);
        let mut verdict = self.permitted(&permits, ask.now);
        verdict.forbids = self.forbidden(ask, &request, &entities)?;
        if verdict.is_out_of_scope() {
            verdict.missing = self.missing(ask, &request)?;
        }
        Ok(verdict)
    }

    fn ask(&self, request: &Request, set: &PolicySet, entities: &Entities) -> Answer {
        if set.is_empty() {
            return Answer::default();
        }
        let response = self.authorizer.is_authorized(request, set, entities);
        let diagnostics = response.diagnostics();
        let unclear =
            diagnostics.errors().map(|AuthorizationError::PolicyEvaluationError(error)| {
                (error.policy_id().clone(), error.inner().to_string())
            });
        Answer { apply: diagnostics.reason().cloned().collect(), unclear: unclear.collect() }
    }

    /// What the permits that apply come to.
    fn permitted(&self, answer: &Answer, now: Timestamp) -> Verdict {
        let applying = self.rules.iter().filter_map(|rule| match &rule.effect {
            RuleEffect::Permit { mode, window } if answer.apply.contains(&rule.id) => {
                Some((rule, *mode, window.as_ref()))
            }
            RuleEffect::Permit { .. } | RuleEffect::Forbid => None,
        });
        let mut permits = Vec::new();
        let mut strictest = None;
        let mut shut: Option<Shut> = None;
        for (rule, mode, window) in applying {
            permits.push(rule.name.clone());
            strictest = strictest.max(Some(mode));
            let opens = window.and_then(|window| next_opening(window, now));
            if let Some(until) = opens
                && shut.as_ref().is_none_or(|shut| shut.until < until)
            {
                shut = Some(Shut { policy: rule.name.clone(), until });
            }
        }
        let mode = strictest.unwrap_or_default();
        let window = shut.filter(|_| mode != Mode::DryRun);
        Verdict { permits, mode, window, ..Verdict::default() }
    }

    fn forbidden(
        &self,
        ask: &Ask<'_>,
        request: &Request,
        entities: &Entities,
    ) -> Result<Vec<Denial>, String> {
        let answer = self.ask(request, &self.forbids, entities);
        if answer.is_empty() {
            return Ok(Vec::new());
        }
        let disowned = match ask.resource.owner {
            Some(_) => {
                let change = Change { disowned: true, ..Change::default() };
                Some(self.ask(request, &self.forbids, &self.names.entities(ask, change)?))
            }
            None => None,
        };
        let denials = self.rules.iter().filter(|rule| answer.has(&rule.id)).map(|rule| Denial {
            policy: rule.name.clone(),
            reason: rule.reason.clone(),
            by_owner: disowned.as_ref().is_some_and(|disowned| !disowned.has(&rule.id)),
            unclear: answer.unclear.get(&rule.id).cloned(),
        });
        Ok(denials.collect())
    }

    /// The single tags that would bring it in, tried one by one.
    fn missing(&self, ask: &Ask<'_>, request: &Request) -> Result<Vec<Missing>, String> {
        let Some(tags) = ask.resource.tags else { return Ok(Vec::new()) };
        let risk = word(ask.risk)?;
        let actions: Vec<&str> = groups(ask, &risk).chain([ask.remediation]).collect();
        let is_open = |wanted: &&Wanted| wanted.is_about(&actions) && !wanted.is_in(tags);
        let mut tried: BTreeMap<(&str, &str), Entities> = BTreeMap::new();
        let mut missing = Vec::new();
        for wanted in self.wanted().iter().filter(is_open).take(MOST_TRIED) {
            let tag = (wanted.key.as_str(), wanted.value.as_deref().unwrap_or_default());
            let entities = match tried.entry(tag) {
                Entry::Occupied(known) => known.into_mut(),
                Entry::Vacant(new) => {
                    let change = Change { tag: Some(tag), ..Change::default() };
                    new.insert(self.names.entities(ask, change)?)
                }
            };
            if !self.ask(request, &wanted.alone, entities).apply.is_empty()
                && self.ask(request, &self.forbids, entities).is_empty()
            {
                missing.push(Missing {
                    policy: wanted.policy.clone(),
                    tag: wanted.words(),
                    nearly: wanted.nearly(tags),
                });
            }
        }
        Ok(missing)
    }

    fn wanted(&self) -> &[Wanted] {
        self.wanted.get_or_init(|| {
            let permits = self.rules.iter().filter_map(|rule| {
                let policy = self.permits.policy(&rule.id)?;
                Some(Wanted::of(rule, policy))
            });
            permits.flatten().collect()
        })
    }
}

impl Answer {
    fn has(&self, id: &PolicyId) -> bool {
        self.apply.contains(id) || self.unclear.contains_key(id)
    }

    fn is_empty(&self) -> bool {
        self.apply.is_empty() && self.unclear.is_empty()
    }
}

/// When it opens, if it is shut.
fn next_opening(window: &Window, now: Timestamp) -> Option<Timestamp> {
    (!window.is_open(now)).then(|| window.opens(now))
}

#[cfg(test)]
mod laws;
#[cfg(test)]
mod tests;
