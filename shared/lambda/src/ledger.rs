//! The ledger, in the stack's table.

use aws_sdk_dynamodb::{
    operation::put_item::PutItemError, types::ReturnValuesOnConditionCheckFailure as OnFailure,
};
use futures_util::future;
use remedy::{Signal, Timestamp};
use runtime::{Error, Opened, Outcome, Page, Refusal, Terms, Written};
use sha2::{Digest, Sha256};

use crate::{
    record::{self, Item, number},
    table::{Put, Table},
};

impl Table {
    /// As [`runtime::Ledger::note`].
    pub(crate) async fn note(&self, page: &Page) -> Result<Written, Error> {
        let item = record::item(page, self.keep)?;
        // First, so that whatever comes in between, it is not forgotten.
        self.park(page).await?;
        let written = self.add(&page.id, item).await?;
        let is_answered = matches!(&written, Written::Already(old) if old.answer.is_some());
        if !is_answered {
            Box::pin(self.ask(page)).await?;
        }
        Ok(written)
    }

    /// As [`runtime::Ledger::open`]: up to three writes and a read at the same time, each of an item of
    /// its own.
    pub(crate) async fn open(&self, page: &Page, terms: Terms) -> Result<Opened, Error> {
        let Some(signal) = &page.signal else {
            let why = format!("could not open record {}: no signal asked for it", page.id);
            return Err(Error::Refused(why));
        };
        let account = &page.about.place.as_ref().unwrap_or(&signal.place).account;
        // Whether it fits is known before anything is written.
        let item = record::item(page, self.keep)?;
        // Boxed, since a call's future is large, and many repairs are under way at the same time.
        let (written, over_cap, newer, standing) = future::join4(
            Box::pin(self.add(&page.id, item)),
            Box::pin(async {
                match terms.cap {
                    Some(cap) => self.count(page, account, cap).await,
                    None => Ok(None),
                }
            }),
            Box::pin(async { if terms.newest { self.see(page, signal).await } else { Ok(None) } }),
            Box::pin(async {
                match terms.standing {
                    true => {
                        self.standing(&page.about.resource).await.map(|standing| standing.exempt)
                    }
                    false => Ok(None),
                }
            }),
        )
        .await;
        let old = match written? {
            Written::New => None,
            Written::Already(old) => Some(old),
        };
        let (over_cap, stale) = (over_cap?, newer?.map(Refusal::Stale));
        let exempt = standing?.filter(|exempt| page.at < exempt.until).map(Refusal::Exempt);
        let refused = exempt.or(stale);
        // Begun before, or under another id next, or not at all.
        let is_counted =
            |old: &Page| old.outcome == Outcome::Open || old.outcome.has_changed_something();
        let counted = terms.cap.is_some() && over_cap.is_none();
        if counted && (refused.is_some() || old.as_deref().is_some_and(is_counted)) {
            Box::pin(self.uncount(page, account)).await;
        }
        if old.as_deref().is_some_and(|old| old.asks.is_some()) {
            // What it asked is decided without an answer.
            Box::pin(self.asks_no_longer(&page.about.resource, &page.id)).await?;
        }
        // That the cap is reached is told once, so that once must not be lost.
        let refusal = match over_cap {
            Some(Refusal::OverCap { first: true }) => over_cap,
            _ => refused.or(over_cap),
        };
        Ok(Opened { old, refusal })
    }

    /// As [`runtime::Ledger::close`].
    pub(crate) async fn close(&self, page: &Page) -> Result<(), Error> {
        let item = record::item(page, self.keep)?;
        self.park(page).await?;
        let (written, asked) = future::join(
            Box::pin(self.write(item, &format!("record {}", page.id))),
            Box::pin(async {
                match &page.outcome {
                    _ if page.asks.is_some() => self.ask(page).await,
                    // It may have asked before things turned out otherwise.
                    Outcome::Held { .. }
                    | Outcome::Right
                    | Outcome::Gone
                    | Outcome::Ignored { .. } => {
                        self.asks_no_longer(&page.about.resource, &page.id).await
                    }
                    _ => Ok(()),
                }
            }),
        )
        .await;
        written.and(asked)
    }

    /// As [`runtime::Ledger::told`].
    pub(crate) async fn told(&self, id: &str) -> Result<(), Error> {
        let call = self
            .update(record::key(id))
            .update_expression("SET #told = :true")
            .condition_expression("attribute_exists(pk)")
            .expression_attribute_names("#told", "told")
            .expression_attribute_values(":true", true_value());
        // A record that is gone needs no mark.
        self.put(call, &format!("mark record {id}")).await.map(drop)
    }

    /// Writes a record unless there is one.
    async fn add(&self, id: &str, item: Item) -> Result<Written, Error> {
        let call = self
            .dynamodb
            .client
            .put_item()
            .table_name(&self.name)
            .set_item(Some(item))
            .condition_expression("attribute_not_exists(pk)")
            .return_values_on_condition_check_failure(OnFailure::AllOld);
        match call.send().await {
            Ok(_) => Ok(Written::New),
            Err(error) => match error.as_service_error() {
                Some(PutItemError::ConditionalCheckFailedException(there)) => {
                    let old = record::page(id, there.item().unwrap_or(&Item::new()))?;
                    Ok(Written::Already(Box::new(old)))
                }
                _ => Err(self.failed(&format!("write record {id}"), "dynamodb:PutItem", &error)),
            },
        }
    }

    /// Remembers what evidence was acted on; the time of newer evidence, if that was before.
    async fn see(&self, page: &Page, signal: &Signal) -> Result<Option<Timestamp>, Error> {
        let what = [&page.remediation, &page.about.resource, &signal.id];
        let what = what.map(String::as_str).join("\n");
        let call = self
            .update(record::keys(format!("seen#{}", hash(&what)), "seen"))
            .update_expression("SET #seen = :seen, #expires = :expires")
            .condition_expression("attribute_not_exists(#seen) OR #seen <= :seen")
            .expression_attribute_names("#seen", "seen")
            .expression_attribute_names("#expires", "expires")
            .expression_attribute_values(":seen", number(signal.seen.timestamp_millis()))
            .expression_attribute_values(":expires", number((page.at + self.keep).timestamp()));
        let there = match self.put(call, "write what evidence was acted on").await? {
            Put::Done => return Ok(None),
            Put::Not(there) => there,
        };
        let seen = there.get("seen").and_then(|seen| seen.as_n().ok()?.parse().ok());
        seen.and_then(Timestamp::from_timestamp_millis).map(Some).ok_or_else(|| {
            self.dynamodb.odd("read what evidence was acted on", "the item has no time in `seen`")
        })
    }
}

fn hash(text: &str) -> String {
    let bytes = Sha256::digest(text);
    bytes.iter().fold(String::new(), |text, byte| format!("{text}{byte:02x}"))
}

fn true_value() -> aws_sdk_dynamodb::types::AttributeValue {
    aws_sdk_dynamodb::types::AttributeValue::Bool(true)
}
