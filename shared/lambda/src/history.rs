//! What was decided, read back: one record, a day's, a resource's.

use chrono::NaiveDate;
use remedy::Timestamp;
use runtime::{Answer, Brief, Error, Outcome, Page};

use crate::{
    fields::Fields,
    orders::time,
    record::{self, Item, clean_name, text},
    table::{Put, Table},
};

/// How many records of a resource are looked through for earlier repairs, and how many are told of.
const RECENT: (i32, usize) = (100, 20);

/// Records, the newest first.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct History {
    /// Those that can be read.
    pub pages: Vec<Page>,
    /// Why others cannot.
    pub unreadable: Vec<String>,
}

impl Table {
    /// The record `id`, if there is one.
    ///
    /// # Errors
    /// If it cannot be read.
    pub async fn page(&self, id: &str) -> Result<Option<Page>, Error> {
        let item = self.get(record::key(id), &format!("record {id}")).await?;
        item.map(|item| record::page(id, &item)).transpose()
    }

    /// The newest records of a day, `limit` of them at most.
    ///
    /// # Errors
    /// If they cannot be read.
    pub async fn day(&self, day: NaiveDate, limit: usize) -> Result<History, Error> {
        let query = self
            .index("by-day")
            .key_condition_expression("#day = :day")
            .expression_attribute_names("#day", "day")
            .expression_attribute_values(":day", text(day.format("%Y-%m-%d").to_string()))
            .scan_index_forward(false);
        let items = self.all(query, limit, &format!("the records of {day}")).await?;
        Ok(History::of(&items))
    }

    /// The newest records of a resource since `since`, `limit` of them at most.
    ///
    /// # Errors
    /// If they cannot be read.
    pub async fn of_resource(
        &self,
        resource: &str,
        since: Timestamp,
        limit: usize,
    ) -> Result<History, Error> {
        let query = self.since(resource, since);
        let items = self.all(query, limit, &format!("the records of {resource}")).await?;
        Ok(History::of(&items))
    }

    /// Writes a person's answer to the record `id`, unless there is one: then that one is told.
    ///
    /// # Errors
    /// If it cannot be written, or the record is not there.
    pub async fn answer(&self, id: &str, answer: &Answer) -> Result<Result<(), Answer>, Error> {
        let json = serde_json::to_string(answer).map_err(|error| {
            Error::Refused(format!("could not write the answer to record {id} as JSON: {error}"))
        })?;
        let call = self
            .update(record::key(id))
            .update_expression("SET #answer = :answer")
            .condition_expression("attribute_exists(pk) AND attribute_not_exists(#answer)")
            .expression_attribute_names("#answer", "answer")
            .expression_attribute_values(":answer", text(json));
        let there = match self.put(call, &format!("write the answer to record {id}")).await? {
            Put::Done => return Ok(Ok(())),
            Put::Not(there) => there,
        };
        let gone =
            || Error::Refused(format!("could not answer record {id}: it is not there any more"));
        record::answer(id, &there)?.map(Err).ok_or_else(gone)
    }

    /// As [`runtime::Control::recent`].
    pub(crate) async fn recent(&self, page: &Page, since: Timestamp) -> Result<Vec<Brief>, Error> {
        let call = self
            .since(&page.about.resource, since)
            .filter_expression(
                "#remediation = :remediation AND #outcome = :fixed AND attribute_not_exists(#undoes) AND \
                 #id <> :id",
            )
            .projection_expression("#id, #at, #changes, #caused_by")
            .expression_attribute_names("#remediation", "remediation")
            .expression_attribute_names("#outcome", "outcome")
            .expression_attribute_names("#undoes", "undoes")
            .expression_attribute_names("#id", "id")
            .expression_attribute_names("#changes", "changes")
            .expression_attribute_names("#caused_by", "caused_by")
            .expression_attribute_values(":remediation", text(&page.remediation))
            .expression_attribute_values(":fixed", text(Outcome::Fixed.word()))
            .expression_attribute_values(":id", text(&page.id))
            .limit(RECENT.0);
        let answer = call.send().await.map_err(|error| {
            let what = format!("read the records of {}", page.about.resource);
            self.failed(&what, "dynamodb:Query on its indexes", &error)
        })?;
        let newest = answer.items().iter().take(RECENT.1);
        let mut briefs = newest.map(brief).collect::<Result<Vec<_>, _>>()?;
        briefs.reverse();
        Ok(briefs)
    }

    /// The newest records of a resource first.
    fn since(
        &self,
        resource: &str,
        since: Timestamp,
    ) -> aws_sdk_dynamodb::operation::query::builders::QueryFluentBuilder {
        self.index("by-resource")
            .key_condition_expression("#resource = :resource AND #at >= :since")
            .expression_attribute_names("#resource", "resource")
            .expression_attribute_names("#at", "at")
            .expression_attribute_values(":resource", text(clean_name(resource)))
            .expression_attribute_values(":since", time(since))
            .scan_index_forward(false)
    }
}

impl History {
    fn of(items: &[Item]) -> Self {
        let mut history = Self::default();
        for item in items {
            let id = Fields { item, what: "a record" }.text("id").unwrap_or("?");
            match record::page(id, item) {
                Ok(page) => history.pages.push(page),
                Err(error) => history.unreadable.push(error.to_string()),
            }
        }
        history
    }
}

fn brief(item: &Item) -> Result<Brief, Error> {
    let fields = Fields { item, what: "an earlier record" };
    Ok(Brief {
        record: fields.text("id")?.to_owned(),
        at: fields.time("at")?,
        changes: fields.texts("changes"),
        caused_by: fields.maybe_text("caused_by")?.map(str::to_owned),
    })
}
