//! What is remembered: cases, what waits for a digest, how much a channel was told, and when to look again.

mod case;
mod digest;
mod timer;

use std::{collections::HashMap, fmt};

use aws_sdk_dynamodb::{
    Client,
    operation::update_item::{UpdateItemError, builders::UpdateItemFluentBuilder},
    types::{AttributeValue, ReturnValuesOnConditionCheckFailure as OnFailure},
};
use chrono::TimeDelta;
use lambda::Local;
use remedy::Timestamp;
use runtime::Error;

pub(crate) use case::{Claim, Kept, Mine};
pub(crate) use digest::Waiting;
pub(crate) use timer::Due;

/// An item of the table.
type Item = HashMap<String, AttributeValue>;

/// How long somebody may take to tell: whoever takes longer was killed.
const LEASE: TimeDelta = TimeDelta::seconds(60);

/// What is remembered, in the stack's table.
pub(crate) struct Store {
    dynamodb: Local<Client>,
    table: String,
    /// How long a case is kept after it was last heard of.
    keep: TimeDelta,
}

impl Store {
    pub(crate) fn new(dynamodb: Local<Client>, table: &str, keep: TimeDelta) -> Self {
        Self { dynamodb, table: table.to_owned(), keep }
    }

    async fn get(&self, key: Item, what: &str) -> Result<Option<Item>, Error> {
        let call = self.dynamodb.client.get_item().table_name(&self.table).consistent_read(true);
        match call.set_key(Some(key)).send().await {
            Ok(answer) => Ok(answer.item),
            Err(error) => Err(self.failed(&format!("read {what}"), "dynamodb:GetItem", &error)),
        }
    }

    /// Writes a whole item, whatever is there.
    async fn put(&self, item: Item, what: &str) -> Result<(), Error> {
        let call = self.dynamodb.client.put_item().table_name(&self.table).set_item(Some(item));
        let written = call.send().await;
        written
            .map(drop)
            .map_err(|error| self.failed(&format!("write {what}"), "dynamodb:PutItem", &error))
    }

    async fn delete(&self, key: Item, what: &str) -> Result<(), Error> {
        let call = self.dynamodb.client.delete_item().table_name(&self.table).set_key(Some(key));
        let deleted = call.send().await;
        deleted
            .map(drop)
            .map_err(|error| self.failed(&format!("delete {what}"), "dynamodb:DeleteItem", &error))
    }

    fn update(&self, key: Item) -> UpdateItemFluentBuilder {
        let call = self.dynamodb.client.update_item().table_name(&self.table).set_key(Some(key));
        call.return_values_on_condition_check_failure(OnFailure::AllOld)
    }

    /// Makes an update if its condition holds; what is there if it does not.
    async fn change(
        &self,
        call: UpdateItemFluentBuilder,
        what: &str,
    ) -> Result<Result<(), Item>, Error> {
        let Err(error) = call.send().await else { return Ok(Ok(())) };
        match error.as_service_error() {
            Some(UpdateItemError::ConditionalCheckFailedException(there)) => {
                Ok(Err(there.item().cloned().unwrap_or_default()))
            }
            _ => Err(self.failed(&format!("write {what}"), "dynamodb:UpdateItem", &error)),
        }
    }

    /// The items of `pk` whose sort key is at most `until`, in order, `most` at most.
    async fn up_to(
        &self,
        pk: &str,
        until: &str,
        most: usize,
        what: &str,
    ) -> Result<Vec<Item>, Error> {
        let query = self.dynamodb.client.query().table_name(&self.table).consistent_read(true);
        let query = query
            .key_condition_expression("#pk = :pk AND #sk <= :until")
            .expression_attribute_names("#pk", "pk")
            .expression_attribute_names("#sk", "sk")
            .expression_attribute_values(":pk", text(pk))
            .expression_attribute_values(":until", text(until));
        let mut found = query.into_paginator().items().send();
        let mut items = Vec::new();
        while items.len() < most {
            match found.next().await {
                Some(Ok(item)) => items.push(item),
                Some(Err(error)) => {
                    return Err(self.failed(&format!("read {what}"), "dynamodb:Query", &error));
                }
                None => break,
            }
        }
        Ok(items)
    }

    fn failed<E>(
        &self,
        what: &str,
        needs: &str,
        error: &aws_smithy_runtime_api::client::result::SdkError<
            E,
            aws_smithy_runtime_api::client::orchestrator::HttpResponse,
        >,
    ) -> Error
    where
        E: aws_smithy_types::error::metadata::ProvideErrorMetadata + std::error::Error + 'static,
    {
        self.dynamodb.failed(&format!("{what} in table {}", self.table), needs, error)
    }
}

impl fmt::Debug for Store {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Store").field("table", &self.table).finish_non_exhaustive()
    }
}

fn keys(pk: impl Into<String>, sk: impl Into<String>) -> Item {
    HashMap::from([("pk".to_owned(), text(pk)), ("sk".to_owned(), text(sk))])
}

fn text(text: impl Into<String>) -> AttributeValue {
    AttributeValue::S(text.into())
}

fn number(number: impl Into<i64>) -> AttributeValue {
    AttributeValue::N(number.into().to_string())
}

/// What sorts after everything that begins with this time and a `#`, and before all later ones.
fn end_of(at: Timestamp) -> String {
    format!("{}$", routing::sortable(at))
}

fn integer(item: &Item, name: &str) -> Option<i64> {
    item.get(name)?.as_n().ok()?.parse().ok()
}

fn string<'a>(item: &'a Item, name: &str) -> Option<&'a str> {
    item.get(name)?.as_s().ok().map(String::as_str)
}
