//! What is remembered of one resource: that it is to be left alone, and that a person was asked.

use chrono::TimeDelta;
use runtime::{Asked, Error, Exempt, Page, Standing};

use crate::{
    fields::Fields,
    orders::time,
    record::{self, Item, number, text},
    table::{Put, Table},
};

/// How long something is kept that holds no longer.
const LINGER: TimeDelta = TimeDelta::days(1);

impl Table {
    /// What is remembered of a resource, as it is now.
    ///
    /// # Errors
    /// If it cannot be read: then nothing may be changed.
    pub async fn standing(&self, resource: &str) -> Result<Standing, Error> {
        let what = format!("what is remembered of {resource}");
        match self.get(key(resource), &what).await? {
            Some(item) => standing(Fields { item: &item, what: &what }),
            None => Ok(Standing::default()),
        }
    }

    /// Lets a resource be left alone from now on; none: no longer.
    ///
    /// # Errors
    /// If it cannot be written.
    pub async fn exempt(&self, resource: &str, exempt: Option<&Exempt>) -> Result<(), Error> {
        let what = format!("write the exemption of {resource}");
        let Some(Exempt { until, by, why }) = exempt else {
            let call = self
                .update(key(resource))
                .update_expression("REMOVE #until, #by, #why")
                .condition_expression("attribute_exists(pk)")
                .expression_attribute_names("#until", "exempt_until")
                .expression_attribute_names("#by", "exempt_by")
                .expression_attribute_names("#why", "exempt_why");
            return self.put(call, &what).await.map(drop);
        };
        let set =
            [("exempt_until", time(*until)), ("exempt_by", text(by)), ("exempt_why", text(why))];
        self.remember(resource, set, *until, &what).await
    }

    /// Remembers that `page` asks a person, if it does and nobody has answered.
    pub(crate) async fn ask(&self, page: &Page) -> Result<(), Error> {
        let Some(asks) = page.asks.as_ref().filter(|_| page.answer.is_none()) else {
            return Ok(());
        };
        let what = format!("write that record {} asks", page.id);
        let set = [
            ("asked_record", text(&page.id)),
            ("asked_plan", text(&asks.plan)),
            ("asked_until", time(asks.until)),
        ];
        self.remember(&page.about.resource, set, asks.until, &what).await
    }

    /// Forgets that the record `id` asks about `resource`: it is answered, or asks no longer.
    ///
    /// # Errors
    /// If it cannot be written.
    pub async fn asks_no_longer(&self, resource: &str, id: &str) -> Result<(), Error> {
        let call = self
            .update(key(resource))
            .update_expression("REMOVE #record, #plan, #until")
            .condition_expression("#record = :record")
            .expression_attribute_names("#record", "asked_record")
            .expression_attribute_names("#plan", "asked_plan")
            .expression_attribute_names("#until", "asked_until")
            .expression_attribute_values(":record", text(id));
        self.put(call, &format!("write that record {id} asks no longer")).await.map(drop)
    }

    /// Sets three attributes; the item is kept until a day after `until` at least, and never for less long
    /// than it would have been.
    async fn remember(
        &self,
        resource: &str,
        set: [(&str, aws_sdk_dynamodb::types::AttributeValue); 3],
        until: remedy::Timestamp,
        what: &str,
    ) -> Result<(), Error> {
        let call = || {
            let mut call = self.update(key(resource));
            for (nth, (name, value)) in set.iter().enumerate() {
                call = call
                    .expression_attribute_names(format!("#{nth}"), *name)
                    .expression_attribute_values(format!(":{nth}"), value.clone());
            }
            call
        };
        let all = "SET #0 = :0, #1 = :1, #2 = :2";
        let with_end = call()
            .update_expression(format!("{all}, #expires = :expires"))
            .condition_expression("attribute_not_exists(#expires) OR #expires < :expires")
            .expression_attribute_names("#expires", "expires")
            .expression_attribute_values(":expires", number((until + LINGER).timestamp()));
        if let Put::Not(_) = self.put(with_end, what).await? {
            self.put(call().update_expression(all), what).await?;
        }
        Ok(())
    }
}

fn key(resource: &str) -> Item {
    record::keys(format!("resource#{resource}"), "standing")
}

/// All of one thing or nothing of it; a part is an error.
fn standing(fields: Fields<'_>) -> Result<Standing, Error> {
    let has = |names: [&str; 3]| names.iter().any(|name| fields.item.contains_key(*name));
    let exempt = has(["exempt_until", "exempt_by", "exempt_why"]).then(|| {
        Ok::<_, Error>(Exempt {
            until: fields.time("exempt_until")?,
            by: fields.text("exempt_by")?.to_owned(),
            why: fields.maybe_text("exempt_why")?.unwrap_or_default().to_owned(),
        })
    });
    let asked = has(["asked_record", "asked_plan", "asked_until"]).then(|| {
        Ok::<_, Error>(Asked {
            record: fields.text("asked_record")?.to_owned(),
            plan: fields.text("asked_plan")?.to_owned(),
            until: fields.time("asked_until")?,
        })
    });
    Ok(Standing { exempt: exempt.transpose()?, asked: asked.transpose()? })
}
