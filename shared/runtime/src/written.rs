//! How a decision is written into its record.

use remedy::{Change, ChangeOf, Facet, Id, IdOf, Place, Plan, Remediation, Spec};

use crate::{Limits, Outcome, Page, State, Step, record::hash};

impl Page {
    /// A source that does not say how bad it is leaves that to the remediation.
    pub(crate) fn rated(mut self, spec: &Spec) -> Self {
        if let Some(signal) = &mut self.signal {
            signal.severity = spec.rated(signal);
        }
        self
    }

    pub(crate) fn ended(self, outcome: Outcome) -> Self {
        Self { outcome, ..self }
    }

    pub(crate) fn about<R: Remediation>(mut self, place: &Place, id: &IdOf<R>) -> Self {
        self.about.kind = R::Facet::NAME.into();
        self.about.verb = Some(R::Facet::VERB.into()).filter(|verb| verb != "repair");
        self.about.resource = id.arn(place);
        self.about.id = id.to_string();
        self.about.place = Some(place.clone());
        self.about.link = Some(id.link(place));
        if R::Facet::SHARED {
            let resource = self.about.resource.clone();
            return self.shared(&resource);
        }
        self
    }

    /// Whose it is, and what makes it.
    pub(crate) fn whose<F: Facet>(mut self, facet: &F, limits: &Limits) -> Self {
        let tags = facet.tags().into_iter().flatten();
        let says = |(key, _): &(&String, &String)| limits.teams.iter().any(|team| team == *key);
        self.about.tags =
            tags.filter(says).map(|(key, value)| (key.clone(), value.clone())).collect();
        let owner = limits.guard.owner(facet);
        self.about.owner = owner.map(|owner| format!("{} {}", owner.kind, owner.place));
        self
    }

    pub(crate) fn planned<R: Remediation>(
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
        self.alarm = plan.alarm;
        self.more = plan.more;
        self = self.with_commands::<R>(place, id);
        if plan.changes.is_empty() {
            self.make = plan.by_hand;
        }
        self
    }

    /// What to type for each change by hand, or to take it back, now that it is made or is not.
    pub(crate) fn with_commands<R: Remediation>(mut self, place: &Place, id: &IdOf<R>) -> Self {
        let plan = self.plan::<ChangeOf<R>>().unwrap_or_else(Plan::none);
        let Plan { changes, by_hand, .. } = plan;
        let (mut make, mut undo) = (Vec::new(), Vec::new());
        for (change, step) in changes.into_iter().zip(&self.steps) {
            match step.state {
                State::Made => undo.extend(change.inverse()),
                State::Planned | State::Refused(_) => make.push(change),
            }
        }
        undo.reverse();
        self.make = R::Facet::commands(place, id, &make);
        self.make.extend(by_hand);
        self.undo = R::Facet::commands(place, id, &undo);
        self
    }

    /// `new`, with what this record of a run that was cut short had planned before it.
    pub(crate) fn resumed<R: Remediation>(&self, new: Self, facet: &R::Facet) -> Self {
        let (before, after) = (self.plan::<ChangeOf<R>>(), new.plan::<ChangeOf<R>>());
        let (before, after) =
            (before.map_or(vec![], |plan| plan.changes), after.map_or(vec![], |p| p.changes));
        let state = |change: &_| if facet.shows(change) { State::Made } else { State::Planned };
        let mut steps: Vec<Step> = (before.iter())
            .map(|change| Step { state: state(change), ..Step::planned(change) })
            .collect();
        let added: Vec<_> = after.into_iter().filter(|change| !before.contains(change)).collect();
        steps.extend(added.iter().map(Step::planned));
        let plan: Plan<_> = before.into_iter().chain(added).collect();
        let plan = Plan { left: new.left.clone(), ..plan };
        Self {
            id: self.id.clone(),
            found: self.found.clone(),
            plan: serde_json::to_value(&plan).unwrap_or_default(),
            steps,
            ..new
        }
    }

    /// What of `left`, that would still have to change, was to be changed under this record.
    pub(crate) fn still_wrong(&self, mut left: Vec<String>) -> Vec<String> {
        if self.more {
            left.retain(|line| self.steps.iter().any(|step| step.what == *line));
        }
        left
    }

    /// Whether all that it changes only keeps up what was decided before.
    pub(crate) fn is_routine(&self) -> bool {
        !self.steps.is_empty() && self.steps.iter().all(|step| step.routine)
    }
}

impl Step {
    fn planned<C: Change>(change: &C) -> Self {
        Self { what: change.to_string(), state: State::Planned, routine: change.is_routine() }
    }
}
