//! Answers to what a record asks, and repairs that a person asks for.

use remedy::{Signal, again};
use runtime::{Answer, Exempt, Page, notice};

use crate::{
    Respond,
    given::{Answered, Done, Given, Hears, minute, refused},
};

impl Respond {
    /// Carries out the plan of a record, if it is still the same.
    pub(crate) async fn approve(&self, given: Given<'_>, record: &str) -> Answered {
        let page = self.page(record).await?;
        if let Some(answer) = page.answer.clone().filter(|answer| answer.approved) {
            return Box::pin(self.approved_before(given, page, &answer)).await;
        }
        let function = function_of(&page)?;
        let signal = page.approved(given.by, given.now)?;
        let answer = given.answer(Answers::Approved);
        let written = self.desk.table().answer(record, &answer).await.map_err(refused)?;
        if let Err(before) = written {
            return match before.approved {
                true => Box::pin(self.approved_before(given, page, &before)).await,
                false => Err(already(record, &before)),
            };
        }
        self.send(function, &signal, given).await.map_err(|why| {
            format!("record {record} is approved, and not carried out yet: {why}; approve it again")
        })?;
        let said = format!(
            "record {record} is approved: {} carries it out if its plan is still the same{}",
            function,
            becomes(&page, &signal, given)
        );
        self.answered(given, &page, &format!("approve record {record}"), said).await
    }

    /// It was approved; whether it was carried out is seen by the record of that.
    async fn approved_before(&self, given: Given<'_>, page: Page, answer: &Answer) -> Answered {
        let (record, was) = (page.id.clone(), already(&page.id, answer));
        let page = Page { answer: None, ..page };
        let Ok(signal) = page.approved(&answer.by, given.now) else { return Err(was) };
        let run = Page::of(&signal, &page.remediation, given.now).id;
        if let Some(run) = self.desk.table().page(&run).await.map_err(refused)? {
            let said = format!("{was}; that is record {}: {}", run.id, notice::why(&run));
            return Ok(Done { said, record: Some(run), ..Done::default() });
        }
        let function = function_of(&page)?;
        self.send(function, &signal, given).await?;
        let said =
            format!("{was}; it is sent to {function} once more{}", becomes(&page, &signal, given));
        self.answered(given, &page, &format!("approve record {record} once more"), said).await
    }

    /// Leaves the resource of a record alone for a time.
    pub(crate) async fn reject(
        &self,
        given: Given<'_>,
        record: &str,
        days: Option<u32>,
    ) -> Answered {
        let page = self.page(record).await?;
        let until = self.end(given.now, days)?;
        let is_mine = |answer: &Answer| !answer.approved && answer.by == given.by;
        // Whoever asks twice may do so because the first time was cut short.
        if !page.answer.as_ref().is_some_and(is_mine) {
            page.may_be_rejected(given.now)?;
            let answer = given.answer(Answers::Rejected);
            let written = self.desk.table().answer(record, &answer).await.map_err(refused)?;
            written.map_err(|before| already(record, &before))?;
        }
        let why = given.with_why(&format!("rejection of record {record}"));
        let exempt = Exempt { until, by: given.by.into(), why };
        let resource = &page.about.resource;
        self.desk.table().exempt(resource, Some(&exempt)).await.map_err(|error| {
            format!(
                "record {record} is rejected, and its resource is not exempt yet: {}; reject it again",
                refused(error)
            )
        })?;
        let until = minute(until);
        let said = format!("record {record} is rejected: {resource} is left alone until {until}");
        let what = format!("reject record {record}, and leave {resource} alone until {until}");
        self.answered(given, &page, &what, said).await
    }

    /// Plans the signal of a record anew, and carries it out.
    pub(crate) async fn run(&self, given: Given<'_>, record: &str) -> Answered {
        let page = self.page(record).await?;
        let signal = page.asked(given.by)?;
        let functions: Vec<_> = match catalog::function_of(&page.remediation) {
            Some(function) => vec![function],
            None => catalog::functions_for(&signal).collect(),
        };
        if functions.is_empty() {
            return Err(format!(
                "record {record} cannot be run: no remediation answers {}",
                signal.trigger
            ));
        }
        for function in &functions {
            self.send(function, &signal, given).await?;
        }
        let said = format!(
            "the finding of record {record} is on its way to {}{}",
            functions.join(" and "),
            becomes(&page, &signal, given)
        );
        let report = self
            .wrote(
                given,
                &format!("run record {record}"),
                page.about,
                &page.remediation,
                Hears::Nobody,
            )
            .await;
        Ok(Done::ordered(said, report))
    }

    /// Sends a signal to the function that owns it.
    pub(crate) async fn send(
        &self,
        function: &str,
        signal: &Signal,
        given: Given<'_>,
    ) -> Result<(), String> {
        self.queues.send(function, &again(signal, given.now)).await.map_err(refused)
    }

    /// Nobody is asked any more; and what was answered is written down.
    async fn answered(&self, given: Given<'_>, page: &Page, what: &str, said: String) -> Answered {
        let forgotten = self.desk.table().asks_no_longer(&page.about.resource, &page.id).await;
        let about = page.about.clone();
        let mut report = self.wrote(given, what, about, &page.remediation, Hears::Nobody).await;
        report.trouble.extend(forgotten.err().map(|error| error.to_string()));
        Ok(Done::ordered(said, report))
    }
}

/// What a person can answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Answers {
    Approved,
    Rejected,
}

impl Given<'_> {
    fn answer(self, what: Answers) -> Answer {
        Answer {
            approved: what == Answers::Approved,
            by: self.by.into(),
            at: self.now,
            why: self.why.into(),
        }
    }
}

/// The function that a record is of.
fn function_of(page: &Page) -> Result<&'static str, String> {
    catalog::function_of(&page.remediation).ok_or_else(|| {
        format!("record {} is of `{}`, which no function has", page.id, page.remediation)
    })
}

fn already(record: &str, answer: &Answer) -> String {
    let was = if answer.approved { "approved" } else { "rejected" };
    format!("record {record} was {was} by {} at {}", answer.by, minute(answer.at))
}

/// Under which record a signal will be found, where that is known before.
fn becomes(page: &Page, signal: &Signal, given: Given<'_>) -> String {
    let is_shared = |entry: &&remedy::Entry| entry.spec.id == page.remediation && entry.shared;
    if page.remediation.is_empty() || catalog::entries().any(|entry| is_shared(&entry)) {
        return String::new();
    }
    format!("; that will be record {}", Page::of(signal, &page.remediation, given.now).id)
}
