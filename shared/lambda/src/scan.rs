//! All that the table holds, in short: what a report adds up, without the records themselves; and whole
//! records of a day, one page after the other.

use std::{collections::VecDeque, fmt};

use aws_sdk_dynamodb::types::AttributeValue;
use chrono::NaiveDate;
use futures_util::{
    StreamExt,
    stream::{self, BoxStream, SelectAll},
};
use remedy::Timestamp;
use runtime::{Error, Page};

use crate::{
    record::{self, Item, text},
    table::Table,
};

/// How many parts of the table are read at the same time.
const SEGMENTS: i32 = 8;
/// What is read of an item. Neither the record nor the message, which are most of it.
const FLAT: [&str; 32] = [
    "pk",
    "sk",
    "id",
    "at",
    "outcome",
    "why",
    "resource",
    "remediation",
    "trigger",
    "account",
    "region",
    "caused_by",
    "undoes",
    "severity",
    "team",
    "owner",
    "seen",
    "closed",
    "holds",
    "by",
    "is_back",
    "stands",
    "headline",
    "since",
    "returns",
    "accepted_why",
    "accepted_by",
    "accepted_until",
    "exempt_until",
    "exempt_by",
    "exempt_why",
    "expires",
];
/// What is read of the records of a day.
const WHOLE: [&str; 4] = ["id", "record", "told", "answer"];
/// What is read at all: records, cases, and what is exempt.
const WANTED: &str =
    "#sk IN (:record, :case) OR (#sk = :standing AND attribute_exists(#exempt_until))";

/// What an item is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sort {
    /// A record.
    Record,
    /// A problem, as it was told.
    Case,
    /// A resource that is left alone for a time.
    Exemption,
}

/// An item, in short. An attribute of another type than expected is as good as none: older and newer
/// versions write other ones.
#[derive(Debug, Clone)]
pub struct Flat {
    /// What it is.
    pub sort: Sort,
    item: Item,
}

/// The items of a table, page by page.
pub struct Scan<'a> {
    table: &'a Table,
    pages: SelectAll<BoxStream<'a, Result<Vec<Item>, Error>>>,
}

/// The records of a day, page by page.
pub struct Days<'a> {
    pages: BoxStream<'a, Result<Vec<Item>, Error>>,
    left: VecDeque<Item>,
}

impl Table {
    /// Begins to read all records, cases and exemptions. The table may change meanwhile: what is read is
    /// what was there at some time since.
    pub fn scan(&self) -> Scan<'_> {
        let pages = (0..SEGMENTS).map(|segment| self.segment(segment).boxed());
        Scan { table: self, pages: stream::select_all(pages) }
    }

    /// Begins to read the records of a day, the oldest first.
    pub fn records_of(&self, day: NaiveDate) -> Days<'_> {
        let mut query = self
            .index("by-day")
            .key_condition_expression("#day = :day")
            .expression_attribute_names("#day", "day")
            .expression_attribute_values(":day", text(day.format("%Y-%m-%d").to_string()))
            .projection_expression(projection(&WHOLE));
        for name in WHOLE {
            query = query.expression_attribute_names(format!("#{name}"), name);
        }
        let pages = stream::unfold(query.into_paginator().send(), move |mut pages| async move {
            let page = pages.next().await?;
            let page = page.map(|page| page.items.unwrap_or_default()).map_err(|error| {
                let what = format!("read the records of {day}");
                self.failed(&what, "dynamodb:Query on its indexes", &error)
            });
            Some((page, pages))
        });
        Days { pages: pages.boxed(), left: VecDeque::new() }
    }

    fn segment(&self, segment: i32) -> impl stream::Stream<Item = Result<Vec<Item>, Error>> + '_ {
        let mut scan = self
            .dynamodb
            .client
            .scan()
            .table_name(&self.name)
            .segment(segment)
            .total_segments(SEGMENTS)
            .filter_expression(WANTED)
            .projection_expression(projection(&FLAT))
            .expression_attribute_values(":record", text("record"))
            .expression_attribute_values(":case", text("case"))
            .expression_attribute_values(":standing", text("standing"));
        for name in FLAT {
            scan = scan.expression_attribute_names(format!("#{name}"), name);
        }
        stream::unfold(scan.into_paginator().send(), move |mut pages| async move {
            let page = pages.next().await?;
            let page = page.map(|page| page.items.unwrap_or_default());
            let page = page.map_err(|error| self.failed("read all", "dynamodb:Scan", &error));
            Some((page, pages))
        })
    }
}

fn projection(names: &[&str]) -> String {
    names.iter().map(|name| format!("#{name}")).collect::<Vec<_>>().join(", ")
}

impl Scan<'_> {
    /// The next items; none: that was all.
    ///
    /// # Errors
    /// If they cannot be read.
    pub async fn next(&mut self) -> Result<Option<Vec<Flat>>, Error> {
        let Some(items) = self.pages.next().await else { return Ok(None) };
        Ok(Some(items?.into_iter().filter_map(Flat::of).collect()))
    }
}

impl Days<'_> {
    /// The next record, or why it cannot be read; none: that was all.
    ///
    /// # Errors
    /// If the table cannot be read.
    pub async fn next(&mut self) -> Result<Option<Result<Page, Error>>, Error> {
        loop {
            if let Some(item) = self.left.pop_front() {
                let id = item.get("id").and_then(|id| id.as_s().ok()).map_or("?", String::as_str);
                return Ok(Some(record::page(id, &item)));
            }
            match self.pages.next().await {
                Some(items) => self.left = items?.into(),
                None => return Ok(None),
            }
        }
    }
}

impl Flat {
    fn of(item: Item) -> Option<Self> {
        let sort = match item.get("sk")?.as_s().ok()?.as_str() {
            "record" => Sort::Record,
            "case" => Sort::Case,
            "standing" => Sort::Exemption,
            _ => return None,
        };
        Some(Self { sort, item })
    }

    /// What follows the first `#` of its key: the id of a record or case, the name of a resource.
    pub fn name(&self) -> &str {
        self.text("pk").and_then(|pk| pk.split_once('#')).map_or("", |(_, name)| name)
    }

    /// The text in `name`, unless it is empty.
    pub fn text(&self, name: &str) -> Option<&str> {
        let text = self.item.get(name)?.as_s().ok()?;
        (!text.is_empty()).then_some(text)
    }

    /// The time in `name`.
    pub fn time(&self, name: &str) -> Option<Timestamp> {
        self.text(name)?.parse().ok()
    }

    /// The number in `name`.
    pub fn number(&self, name: &str) -> Option<u32> {
        self.item.get(name)?.as_n().ok()?.parse().ok()
    }

    /// The texts of the list in `name`.
    pub fn texts(&self, name: &str) -> Vec<String> {
        let list = self.item.get(name).and_then(|value| value.as_l().ok());
        let texts = list.into_iter().flatten().filter_map(|value| value.as_s().ok());
        texts.cloned().collect()
    }

    /// Whether `name` is true.
    pub fn is(&self, name: &str) -> bool {
        matches!(self.item.get(name), Some(AttributeValue::Bool(true)))
    }
}

impl fmt::Debug for Scan<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Scan").field("table", &self.table.name).finish_non_exhaustive()
    }
}

impl fmt::Debug for Days<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Days").finish_non_exhaustive()
    }
}
