//! Taking back what was changed under a record, because a person asked for it.

use remedy::{Change, ChangeOf, Facet, Hold, Id, IdOf, Left, Place, Plan, Remediation, Timestamp};

use crate::{
    Cloud, Desk, Error, Exempt, Outcome, Page, Report, State, Step, Written,
    remediate::{PATIENCE, ended},
    tell::close_and_tell,
};

/// What a person asked to be taken back.
#[derive(Debug, Clone)]
pub struct Undo<'a> {
    /// The record of what was changed.
    pub page: &'a Page,
    /// Who asked.
    pub by: &'a str,
    /// Why, if they said.
    pub why: &'a str,
    /// Until when the resource is then left alone.
    pub until: Timestamp,
}

/// Takes back, last change first, what still stands of the changes made under `order.page`, after the
/// resource is made exempt, so that the repair does not come at once again. Taking back an undo ends
/// that exemption.
///
/// Asked for twice it is done once. What somebody changed since stays as it is, and is named.
pub async fn undo<R, C, D>(order: &Undo<'_>, cloud: &C, desk: &D) -> Report
where
    R: Remediation,
    C: Cloud<R::Facet>,
    D: Desk,
{
    let exempts = !R::Facet::SHARED && order.page.exempt_until.is_none();
    let page = Page {
        exempt_until: exempts.then_some(order.until),
        ..Page::of_undo(order.page, order.by, desk.now())
    };
    let about = &order.page.about;
    let (Some(place), Some(id)) = (about.place.clone(), IdOf::<R>::locate(&about.resource)) else {
        let what = format!("`{}` is no {}", about.resource, R::Facet::NAME);
        return refused(page, &format!("could not undo record {}: {what}", order.page.id));
    };
    let way = Way::<R, _, _> { order, place, id, cloud, desk };
    match way.back(page.clone()).await {
        Ok(report) => report,
        Err(error) => Report::cut_short(page, &error),
    }
}

fn refused(page: Page, why: &str) -> Report {
    Report {
        page: page.ended(Outcome::Unreadable { why: why.into() }),
        again: false,
        told: false,
        trouble: Vec::new(),
    }
}

struct Way<'a, R: Remediation, C, D> {
    order: &'a Undo<'a>,
    place: Place,
    id: IdOf<R>,
    cloud: &'a C,
    desk: &'a D,
}

impl<R, C, D> Way<'_, R, C, D>
where
    R: Remediation,
    C: Cloud<R::Facet>,
    D: Desk,
{
    async fn back(&self, page: Page) -> Result<Report, Error> {
        // First, so that whoever looks from now on leaves it alone.
        self.exempt().await?;
        let Some(facet) = self.load().await? else {
            return Ok(close_and_tell(self.desk, page.ended(Outcome::Gone)).await);
        };
        let (changes, left) = self.standing(&facet);
        let mut page =
            page.planned::<R>(&facet, &self.place, &self.id, changes.into_iter().collect());
        page.left = left;
        let page = match self.open(page, &facet).await? {
            Ok(page) => page,
            Err(done) => return Ok(*done),
        };
        let page = self.apply(page).await?;
        let page = self.verified(page).await?;
        Ok(close_and_tell(self.desk, page.with_commands::<R>(&self.place, &self.id)).await)
    }

    /// What everybody shares remembers by itself what a person took out of it.
    async fn exempt(&self) -> Result<(), Error> {
        if R::Facet::SHARED {
            return Ok(());
        }
        let Undo { page, by, why, until } = self.order;
        let why = match *why {
            "" => format!("undo of record {}", page.id),
            why => format!("undo of record {}, {why}", page.id),
        };
        let exempt = Exempt { until: *until, by: (*by).into(), why };
        let exempt = page.exempt_until.is_none().then_some(&exempt);
        self.desk.exempt(&page.about.resource, exempt).await
    }

    async fn load(&self) -> Result<Option<R::Facet>, Error> {
        self.cloud.load(&self.place, &self.id, &[]).await
    }

    /// The inverses of what still stands, last change first; and what does not.
    fn standing(&self, facet: &R::Facet) -> (Vec<ChangeOf<R>>, Vec<Left>) {
        let (mut facet, mut changes, mut left) = (facet.clone(), Vec::new(), Vec::new());
        for made in self.order.page.made::<ChangeOf<R>>().into_iter().rev() {
            let why = match made.inverse() {
                Some(inverse) if facet.shows(&made) => {
                    facet = facet.after(&inverse);
                    changes.push(inverse);
                    continue;
                }
                Some(_) => Hold::Drifted,
                None => Hold::Irreversible,
            };
            left.push(Left { what: made.to_string(), why });
        }
        (changes, left)
    }

    /// The page to carry out; or the report of what was done when it was asked for before.
    async fn open(
        &self,
        mut page: Page,
        facet: &R::Facet,
    ) -> Result<Result<Page, Box<Report>>, Error> {
        loop {
            let Written::Already(old) = self.desk.note(&page).await? else { return Ok(Ok(page)) };
            if old.outcome == Outcome::Open {
                // Cut short, or under way: what it made is not made twice.
                return Ok(Ok(Page { left: old.left.clone(), ..old.resumed::<R>(page, facet) }));
            }
            if page.steps.is_empty() {
                let trouble = Vec::new();
                return Ok(Err(Box::new(Report { page: *old, again: false, told: true, trouble })));
            }
            page.id = old.next_id();
        }
    }

    async fn apply(&self, mut page: Page) -> Result<Page, Error> {
        let plan = page.plan::<ChangeOf<R>>().unwrap_or_else(Plan::none);
        let (mut whose, mut changes) = (Vec::new(), Vec::new());
        let steps = page.steps.iter_mut().zip(plan.changes);
        for (step, change) in steps.filter(|(step, _)| step.state == State::Planned) {
            whose.push(step);
            changes.push(change);
        }
        if changes.is_empty() {
            return Ok(page);
        }
        let results = self.cloud.apply(&self.place, &self.id, &changes).await;
        let mut trouble = None;
        for (step, result) in whose.into_iter().zip(results) {
            match result {
                Ok(()) => step.state = State::Made,
                Err(Error::Refused(why)) => step.state = State::Refused(why),
                Err(error) => trouble = Some(error),
            }
        }
        // The record stays open: asked for again, the rest is made.
        trouble.map_or(Ok(page), Err)
    }

    /// Reads again for a while, as long as something that was made does not show.
    async fn verified(&self, mut page: Page) -> Result<Page, Error> {
        let made = page.made::<ChangeOf<R>>();
        let mut waits = PATIENCE.iter();
        let missing = loop {
            let facet = self.load().await?;
            let hidden = |change: &&ChangeOf<R>| facet.as_ref().is_some_and(|f| !f.shows(change));
            let missing: Vec<_> = made.iter().filter(hidden).map(ToString::to_string).collect();
            match waits.next() {
                Some(wait) if !missing.is_empty() => self.desk.sleep(*wait).await,
                _ => break missing,
            }
        };
        page.outcome = match page.steps.is_empty() {
            true => Outcome::Right,
            false => ended(&page.steps, missing),
        };
        if page.outcome == Outcome::Fixed && !page.left.is_empty() {
            page.outcome = Outcome::Partial;
        }
        Ok(page)
    }
}

impl Page {
    /// The changes that were made under it.
    fn made<C: Change>(&self) -> Vec<C> {
        let changes = self.plan::<C>().map(|plan| plan.changes).unwrap_or_default();
        let is_made = |step: &Step| step.state == State::Made;
        let made = self.steps.iter().zip(changes).filter(|(step, _)| is_made(step));
        made.map(|(_, change)| change).collect()
    }
}
