//! What waits: the records of plans that are carried out as soon as a pause, a cap or a closed window is
//! over.

use remedy::Timestamp;
use runtime::{Error, Page};

use crate::{
    fields::Fields,
    orders::time,
    record::{self, Item, number, text},
    table::Table,
};

/// The one partition that all of it is in.
const PARKED: &str = "parked";

/// A plan that waits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parked {
    /// Its record.
    pub record: String,
    /// Its remediation.
    pub remediation: String,
    /// The account of its resource.
    pub account: String,
    /// Not before this time, if that is known.
    pub until: Option<Timestamp>,
    /// When it was looked at last.
    pub at: Timestamp,
}

impl Table {
    /// All that waits.
    ///
    /// # Errors
    /// If it cannot be read.
    pub async fn parked(&self) -> Result<Vec<Parked>, Error> {
        let query = self
            .query()
            .key_condition_expression("#pk = :pk")
            .expression_attribute_names("#pk", "pk")
            .expression_attribute_values(":pk", text(PARKED));
        let items = self.all(query, usize::MAX, "what waits").await?;
        items.iter().map(parked).collect()
    }

    /// Forgets that a plan waits, unless it was looked at again since.
    ///
    /// # Errors
    /// If it cannot be deleted.
    pub async fn unpark(&self, parked: &Parked) -> Result<(), Error> {
        let call = self
            .dynamodb
            .client
            .delete_item()
            .table_name(&self.name)
            .set_key(Some(key(&parked.record)))
            .condition_expression("#at = :at")
            .expression_attribute_names("#at", "at")
            .expression_attribute_values(":at", time(parked.at));
        match call.send().await {
            Ok(_) => Ok(()),
            Err(error) => match error.as_service_error() {
                Some(there) if there.is_conditional_check_failed_exception() => Ok(()),
                _ => {
                    let what = format!("forget that record {} waits", parked.record);
                    Err(self.failed(&what, "dynamodb:DeleteItem", &error))
                }
            },
        }
    }

    /// Remembers that `page` waits, if it does.
    pub(crate) async fn park(&self, page: &Page) -> Result<(), Error> {
        let Some(wait) = page.waits() else { return Ok(()) };
        let account = page.about.place.as_ref().map_or("", |place| &place.account);
        let mut item = key(&page.id);
        item.insert("remediation".into(), text(&page.remediation));
        item.insert("account".into(), text(account));
        item.insert("at".into(), time(page.at));
        item.insert("expires".into(), number((page.at + self.keep).timestamp()));
        item.extend(wait.until.map(|until| ("until".to_owned(), time(until))));
        self.write(item, &format!("that record {} waits", page.id)).await
    }
}

fn key(record: &str) -> Item {
    record::keys(PARKED.into(), record)
}

fn parked(item: &Item) -> Result<Parked, Error> {
    let fields = Fields { item, what: "what waits" };
    Ok(Parked {
        record: fields.text("sk")?.to_owned(),
        remediation: fields.text("remediation")?.to_owned(),
        account: fields.text("account")?.to_owned(),
        until: fields.maybe_time("until")?,
        at: fields.time("at")?,
    })
}
