//! An order as it was given, and what comes of it.

use chrono::TimeDelta;
use futures_util::future;
use remedy::Timestamp;
use runtime::{About, Error, Herald, Ledger, Page, Report, notice};

use crate::Respond;

/// The longest name of a person, and the longest reason.
const LONGEST: usize = 1_000;
/// Days that anything can be left alone.
const MOST_DAYS: u32 = 3_653;

/// Who gives an order, and when.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Given<'a> {
    pub(crate) by: &'a str,
    pub(crate) why: &'a str,
    pub(crate) now: Timestamp,
    /// What is not begun by then is not done.
    pub(crate) until: Timestamp,
}

/// What came of an order: what was done, or why it is not.
pub(crate) type Answered = Result<Done, String>;

/// What was done.
#[derive(Debug, Default)]
pub(crate) struct Done {
    pub(crate) said: String,
    pub(crate) record: Option<Page>,
    pub(crate) reports: Vec<Report>,
}

/// Who hears of an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Hears {
    Everybody,
    /// What comes of it is told.
    Nobody,
}

impl<'a> Given<'a> {
    /// # Errors
    /// If it does not say who gives it, or says too much.
    pub(crate) fn new(
        by: &'a str,
        why: &'a str,
        now: Timestamp,
        until: Timestamp,
    ) -> Result<Self, String> {
        let (by, why) = (by.trim(), why.trim());
        if by.is_empty() {
            return Err("the order does not say who gives it".into());
        }
        if by.len() > LONGEST || why.len() > LONGEST {
            return Err(format!("who gives an order, and why, may have {LONGEST} bytes each"));
        }
        Ok(Self { by, why, now, until })
    }

    /// `what`, and why if that was said.
    pub(crate) fn with_why(self, what: &str) -> String {
        if self.why.is_empty() { what.to_owned() } else { format!("{what}: {}", self.why) }
    }
}

impl Respond {
    /// The record `id`.
    pub(crate) async fn page(&self, id: &str) -> Result<Page, String> {
        if !is_record(id) {
            return Err(format!(
                "`{}` is no record: records are called like k-1234567890ab",
                notice::clean(id, 100)
            ));
        }
        let page = self.desk.table().page(id).await.map_err(refused)?;
        page.ok_or_else(|| {
            format!(
                "there is no record {id} in table {}; it may have expired",
                self.desk.table().name()
            )
        })
    }

    /// Until when something is left alone, as said, or as the stack has it.
    pub(crate) fn end(&self, now: Timestamp, days: Option<u32>) -> Result<Timestamp, String> {
        let time = match days {
            None => self.exempt,
            Some(days) if (1..=MOST_DAYS).contains(&days) => TimeDelta::days(days.into()),
            Some(days) => {
                return Err(format!("{days} days are not possible: 1 to {MOST_DAYS} are"));
            }
        };
        Ok(now + time)
    }

    /// Writes down what was ordered, and tells whoever is to hear of it.
    pub(crate) async fn wrote(
        &self,
        given: Given<'_>,
        what: &str,
        about: About,
        remediation: &str,
        hears: Hears,
    ) -> Report {
        let page = Page::of_order(given.by, given.with_why(what), about, given.now);
        let page = Page { remediation: remediation.into(), ..page };
        let published = async {
            match notice::of(&page).filter(|_| hears == Hears::Everybody) {
                Some(notice) => self.desk.publish(&notice).await,
                None => Ok(()),
            }
        };
        let (noted, published) = future::join(self.desk.note(&page), published).await;
        let trouble = noted.map(drop).err().into_iter().chain(published.err());
        let trouble: Vec<_> = trouble.map(|error| error.to_string()).collect();
        Report { told: trouble.is_empty(), page, again: false, trouble }
    }
}

impl Done {
    /// `said` of an order, and the record of it.
    pub(crate) fn ordered(said: String, report: Report) -> Self {
        Self { said, record: Some(report.page.clone()), reports: vec![report] }.with_trouble()
    }

    /// Says also what went wrong beside it.
    fn with_trouble(mut self) -> Self {
        for trouble in self.reports.iter().flat_map(|report| &report.trouble) {
            self.said = format!("{}; but {trouble}", self.said);
        }
        self
    }
}

/// What a person is told of an error.
pub(crate) fn refused(error: Error) -> String {
    match error {
        Error::Transient(why) => format!("{why}; try again"),
        Error::Refused(why) => why,
    }
}

/// A point in time, for people.
pub(crate) fn minute(at: Timestamp) -> String {
    at.format("%Y-%m-%d %H:%M UTC").to_string()
}

/// Whether `id` looks like a record's.
fn is_record(id: &str) -> bool {
    let (id, nth) = id.split_once('.').unwrap_or((id, "1"));
    let is_hex = |text: &str| {
        (1..=64).contains(&text.len())
            && text.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
    };
    let is_number = (1..=9).contains(&nth.len()) && nth.bytes().all(|b| b.is_ascii_digit());
    id.strip_prefix("k-").is_some_and(is_hex) && is_number
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_is_known_by_its_name() {
        for id in ["k-1234567890ab", "k-1", "k-1234567890ab.2", "k-ab.10"] {
            assert!(is_record(id), "{id}");
        }
        for id in [
            "",
            "k-",
            "1234567890ab",
            "k-XY",
            "k-ab.",
            "k-ab.x",
            "k-ab.2.3",
            "k-ab#record",
            "k-a b",
        ] {
            assert!(!is_record(id), "{id}");
        }
    }

    #[test]
    fn an_order_says_who_gives_it() {
        let now = remedy::check::now();
        assert!(Given::new(" ", "", now, now).is_err());
        assert!(Given::new("ada", &"x".repeat(2_000), now, now).is_err());
        let given = Given::new("ada ", " a test ", now, now).unwrap();
        assert_eq!(given.with_why("pause all repairs"), "pause all repairs: a test");
        assert_eq!(Given::new("ada", "", now, now).unwrap().with_why("pause"), "pause");
    }
}
