//! Who is told what, and when not to tell it twice.

use futures_util::future;
use remedy::{Signal, Source};

use crate::{Attempt, Desk, Error, Notice, Outcome, Page, Report, Workflow, Written, notice};

/// What came of telling.
#[derive(Debug)]
pub(crate) struct Told {
    /// Whoever should know was told. If not, it must be tried again.
    pub(crate) done: bool,
    pub(crate) trouble: Vec<String>,
}

impl Told {
    /// There was nothing to tell.
    const NOTHING: Self = Self { done: true, trouble: Vec::new() };
}

/// Writes down a decision that changes nothing, and tells people unless they were told.
///
/// If a run of the same message was cut short in the middle of its changes, nothing is written, and
/// the report's page is that run's: still open.
pub(crate) async fn settle<D: Desk>(desk: &D, page: Page, attempt: Attempt) -> Report {
    // A message that comes again may have been cut short in the middle: its record must not stay open.
    if page.is_idle() && !attempt.again {
        return report(page, Told::NOTHING);
    }
    let old = match desk.note(&page).await {
        Ok(Written::New) => return report(page.clone(), tell(desk, &page).await),
        Ok(Written::Already(old)) => *old,
        Err(error) => return Report::cut_short(page, &error),
    };
    if old.outcome == Outcome::Open {
        return report(old, Told::NOTHING);
    }
    if old.outcome != page.outcome && !old.outcome.has_changed_something() {
        // What could not be read or was held has turned out otherwise.
        let news = old.outcome.word() != page.outcome.word();
        let page = Page { told: old.told && !news, ..page };
        return if news { close_and_tell(desk, page).await } else { close(desk, page).await };
    }
    // A message that comes again although it was handled: either it shares its fate with a bad
    // neighbour, and then its record says that people were told, or the first run was cut short.
    let told = match attempt.again && !old.told {
        true => tell(desk, &old).await,
        false => Told::NOTHING,
    };
    report(old, told)
}

impl Page {
    /// A look on a schedule that found nothing to do: the log has it, and nobody would read the record.
    fn is_idle(&self) -> bool {
        let is_scheduled = |signal: &Signal| signal.source == Source::Schedule;
        self.outcome == Outcome::Right && self.signal.as_ref().is_some_and(is_scheduled)
    }
}

fn report(page: Page, Told { done, trouble }: Told) -> Report {
    Report { page, again: !done, told: done, trouble }
}

impl Report {
    /// It did not come to an end, and must be tried again.
    pub(crate) fn cut_short(page: Page, error: &Error) -> Self {
        Self { page, again: true, told: false, trouble: vec![error.to_string()] }
    }
}

/// Replaces the record and tells people, at the same time.
pub(crate) async fn close_and_tell<D: Desk>(desk: &D, page: Page) -> Report {
    let page = Page { closed: Some(desk.now()), ..page };
    let (closed, told) = future::join(desk.close(&page), tell(desk, &page)).await;
    let mut report = report(page, told);
    report.again |= closed.is_err();
    report.trouble.extend(closed.err().map(|error| error.to_string()));
    report
}

/// Replaces the record of something that is no news.
pub(crate) async fn close<D: Desk>(desk: &D, page: Page) -> Report {
    let page = Page { closed: Some(desk.now()), ..page };
    let closed = desk.close(&page).await;
    let trouble: Vec<_> = closed.err().map(|error| error.to_string()).into_iter().collect();
    Report { page, again: !trouble.is_empty(), told: true, trouble }
}

/// Tells everybody who should know of `page`, the subscribers and the findings at the same time.
pub(crate) async fn tell<D: Desk>(desk: &D, page: &Page) -> Told {
    let Some(notice) = notice::of(page) else { return Told::NOTHING };
    let (published, annotated) =
        future::join(desk.publish(&notice), annotate(desk, page, &notice)).await;
    // A finding that could not be annotated is not worth a second message to everybody.
    let done = published.is_ok();
    let published = published.err().map(|e| format!("could not publish the message: {e}"));
    let annotated = annotated.map(|e| format!("could not annotate the finding: {e}"));
    Told { done, trouble: published.into_iter().chain(annotated).collect() }
}

async fn annotate<D: Desk>(desk: &D, page: &Page, notice: &Notice) -> Option<Error> {
    let signal = page.signal.as_ref().filter(|signal| !signal.findings.is_empty())?;
    let workflow = match page.outcome {
        Outcome::Fixed if page.left.is_empty() => Workflow::Resolved,
        _ => Workflow::Notified,
    };
    desk.annotate(signal, &notice.note, workflow).await.err()
}
