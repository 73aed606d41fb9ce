//! Who is told what, and when not to tell it twice.

use futures_util::future;

use crate::{Attempt, Desk, Notice, Outcome, Page, Report, Workflow, Written, notice};

/// What came of telling.
#[derive(Debug, Default)]
pub(crate) struct Told {
    /// It must be tried again.
    pub(crate) again: bool,
    pub(crate) trouble: Vec<String>,
}

/// Writes down a decision that changes nothing, and tells people unless they were told.
///
/// If a run of the same message was cut short in the middle of its changes, nothing is written, and
/// the report's page is that run's: still open.
pub(crate) async fn settle<D: Desk>(desk: &D, page: Page, attempt: Attempt) -> Report {
    let old = match desk.note(&page).await {
        Ok(Written::New) => return report(page.clone(), tell(desk, &page).await),
        Ok(Written::Already(old)) => *old,
        Err(error) => return Report { page, again: true, trouble: vec![error.to_string()] },
    };
    if old.outcome == Outcome::Open {
        return report(old, Told::default());
    }
    if old.outcome != page.outcome && !old.outcome.has_changed_something() {
        // What could not be read or was held has turned out otherwise.
        let news = old.outcome.word() != page.outcome.word();
        let page = Page { told: old.told && !news, ..page };
        let told = async { if news { tell(desk, &page).await } else { Told::default() } };
        let (closed, told) = future::join(desk.close(&page), told).await;
        let mut report = report(page, told);
        report.again |= closed.is_err();
        report.trouble.extend(closed.err().map(|error| error.to_string()));
        return report;
    }
    // A message that comes again although it was handled: either it shares its fate with a bad
    // neighbour, and then its record says that people were told, or the first run was cut short.
    let told = match attempt.again && !old.told {
        true => tell(desk, &old).await,
        false => Told::default(),
    };
    report(old, told)
}

fn report(page: Page, Told { again, trouble }: Told) -> Report {
    Report { page, again, trouble }
}

/// Tells everybody who should know of `page`, the subscribers and the findings at the same time.
pub(crate) async fn tell<D: Desk>(desk: &D, page: &Page) -> Told {
    let Some(notice) = notice::of(page) else { return Told::default() };
    let (published, annotated) =
        future::join(desk.publish(&notice), annotate(desk, page, &notice)).await;
    // A finding that could not be annotated is not worth a second message to everybody.
    let again = published.is_err();
    let published = published.err().map(|e| format!("could not publish the message: {e}"));
    let annotated = annotated.map(|e| format!("could not annotate the finding: {e}"));
    Told { again, trouble: published.into_iter().chain(annotated).collect() }
}

async fn annotate<D: Desk>(desk: &D, page: &Page, notice: &Notice) -> Option<crate::Error> {
    let signal = page.signal.as_ref().filter(|signal| !signal.findings.is_empty())?;
    let workflow = match page.outcome {
        Outcome::Fixed if page.left.is_empty() => Workflow::Resolved,
        _ => Workflow::Notified,
    };
    desk.annotate(signal, &notice.note, workflow).await.err()
}
