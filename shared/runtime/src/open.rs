//! Opening the record of a plan: the last gate before its changes are made.

use remedy::{Facet, Hold, Place, Remediation};

use crate::{
    Desk, Limits, Opened, Outcome, Page, Refusal, Report, State, Terms,
    tell::{close, close_and_tell},
};

/// What a record is opened for.
pub(crate) struct Opening<'a, D, F, I> {
    pub(crate) desk: &'a D,
    pub(crate) limits: &'a Limits,
    pub(crate) facet: &'a F,
    pub(crate) place: &'a Place,
    pub(crate) id: &'a I,
}

impl<D: Desk, F: Facet> Opening<'_, D, F, F::Id> {
    /// Opens the record `page`: the page to carry out, or the report of what must not be carried out.
    pub(crate) async fn open<R: Remediation<Facet = F>>(
        &self,
        mut page: Page,
    ) -> Result<Page, Box<Report>> {
        let terms = Terms {
            cap: (!page.is_routine()).then_some(self.limits.cap),
            // What everybody shares knows by itself what is new to it.
            newest: !F::SHARED,
            standing: !F::SHARED,
        };
        loop {
            let Opened { old, refusal } = match self.desk.open(&page, terms).await {
                Ok(opened) => opened,
                Err(error) => return Err(Box::new(Report::cut_short(page, &error))),
            };
            match (old, refusal) {
                (None, None) => return Ok(page),
                (None, Some(refusal)) => return self.refused::<R>(page, &refusal).await,
                (Some(old), Some(Refusal::Stale(_))) if !old.is_under_way() => {
                    let trouble = Vec::new();
                    return Err(Box::new(Report { page: *old, again: false, told: true, trouble }));
                }
                // Two runs of the same evidence at once, and the other one was quicker.
                (Some(old), _) if old.has_ended_since(page.at) => {
                    let trouble = Vec::new();
                    return Err(Box::new(Report { page: *old, again: false, told: true, trouble }));
                }
                // The problem is back: what was done the first time stays on record.
                (Some(old), refusal) if old.outcome.has_changed_something() => {
                    page.id = old.next_id();
                    if let Some(refusal) = refusal {
                        return self.refused::<R>(page, &refusal).await;
                    }
                }
                (Some(old), refusal) => {
                    if old.is_under_way() {
                        page = old.resumed::<R>(page, self.facet);
                    }
                    if let Some(refusal) = refusal {
                        return self.refused::<R>(page, &refusal).await;
                    }
                    return match self.desk.close(&page).await {
                        Ok(()) => Ok(page),
                        Err(error) => Err(Box::new(Report::cut_short(page, &error))),
                    };
                }
            }
        }
    }

    /// Writes down that a plan must not be carried out.
    async fn refused<R: Remediation<Facet = F>>(
        &self,
        page: Page,
        refusal: &Refusal,
    ) -> Result<Page, Box<Report>> {
        let finish = async |page: Page| {
            close_and_tell(self.desk, page.with_commands::<R>(self.place, self.id)).await
        };
        Err(Box::new(match refusal {
            Refusal::Stale(_) | Refusal::Exempt(_) if page.has_made_some() => {
                // An earlier run was cut short in the middle; what it left belongs to the newer one.
                let left = page.steps.iter().filter(|step| step.state != State::Made);
                let left = left.map(|step| step.what.clone()).collect();
                finish(page.ended(Outcome::NotFixed { left })).await
            }
            Refusal::Stale(newer) => {
                let why = format!("newer evidence, of {newer}, was acted on already");
                close(self.desk, page.ended(Outcome::Ignored { why })).await
            }
            Refusal::Exempt(exempt) => {
                let why = exempt.hold(self.desk.now()).into_iter().collect();
                finish(page.ended(Outcome::Held { why })).await
            }
            Refusal::OverCap { first } => {
                let why = vec![Hold::OverCap { cap: self.limits.cap }];
                let page = page.ended(Outcome::Held { why });
                // It waits until a person resumes.
                match first {
                    true => finish(page).await,
                    false => close(self.desk, page).await,
                }
            }
        }))
    }
}
