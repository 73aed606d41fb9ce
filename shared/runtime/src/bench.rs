//! What lies on the bench: all that concerns one resource, and how far each piece of evidence is.

use remedy::{IdOf, Place, Remediation, Signal};

use crate::{Attempt, Page, Report, State, Task};

/// All that concerns one resource.
pub(crate) struct Bench<'a, R: Remediation> {
    pub(crate) place: Place,
    pub(crate) id: IdOf<R>,
    pub(crate) repairs: Vec<Repair<'a>>,
}

/// One piece of evidence on its way to its outcome.
pub(crate) struct Repair<'a> {
    /// Which tasks it answers: the same evidence can come twice in a batch.
    pub(crate) tasks: Vec<usize>,
    pub(crate) signal: &'a Signal,
    pub(crate) attempt: Attempt,
    pub(crate) page: Page,
    pub(crate) stage: Stage,
    /// It was planned on top of changes that others of the batch had still to make.
    pub(crate) builds_on_others: bool,
}

/// How far a repair is.
pub(crate) enum Stage {
    /// To be carried out.
    Planned,
    /// Its record is open: it may be carried out.
    Opened,
    /// Carried out; how it ended is to be written down.
    Made,
    /// Not to be carried out; the decision is to be written down.
    Rests,
    /// Done with.
    Ended(Box<Report>),
}

impl<'a, R: Remediation> Bench<'a, R> {
    pub(crate) fn add(&mut self, nth: usize, Task { signal, attempt }: Task<'a>, page: Page) {
        match self.repairs.iter_mut().find(|repair| repair.page.id == page.id) {
            Some(same) => {
                same.tasks.push(nth);
                same.attempt.again |= attempt.again;
            }
            None => self.repairs.push(Repair {
                tasks: vec![nth],
                signal,
                attempt,
                page,
                stage: Stage::Planned,
                builds_on_others: false,
            }),
        }
    }

    pub(crate) fn opened(&mut self) -> impl Iterator<Item = &mut Repair<'a>> {
        self.repairs.iter_mut().filter(|repair| matches!(repair.stage, Stage::Opened))
    }

    /// What was planned on top of changes that were not made must be planned again.
    pub(crate) fn cut_short_after(&mut self, first: usize) {
        for repair in self.repairs.iter_mut().skip(first + 1) {
            let is_open = matches!(repair.stage, Stage::Opened | Stage::Rests);
            if repair.builds_on_others && is_open && !repair.page.has_made_some() {
                let trouble = vec!["what came before it in the batch was not done".into()];
                let page = repair.page.clone();
                repair.end(Report { page, again: true, told: false, trouble });
            }
        }
    }
}

impl Repair<'_> {
    pub(crate) fn end(&mut self, report: Report) {
        self.stage = Stage::Ended(Box::new(report));
    }

    pub(crate) fn is_refused(&self) -> bool {
        self.page.steps.iter().any(|step| matches!(step.state, State::Refused(_)))
    }

    /// The report, once for each task.
    pub(crate) fn reports(self) -> impl Iterator<Item = (usize, Report)> {
        let report = if let Stage::Ended(report) = self.stage {
            *report
        } else {
            let trouble = vec!["it did not come to an end".into()];
            Report { page: self.page, again: true, told: false, trouble }
        };
        self.tasks.into_iter().map(move |nth| (nth, report.clone()))
    }
}
