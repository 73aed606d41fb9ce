//! The stack's table: how its items are read and written. What they are is each module's own.

use aws_sdk_dynamodb::{
    Client,
    operation::{
        query::builders::QueryFluentBuilder,
        update_item::{UpdateItemError, builders::UpdateItemFluentBuilder},
    },
    types::ReturnValuesOnConditionCheckFailure as OnFailure,
};
use chrono::TimeDelta;
use remedy::Place;
use runtime::Error;

use crate::{Aws, Local, record::Item};

/// The stack's table: records, and what people ordered.
#[derive(Debug, Clone)]
pub struct Table {
    pub(crate) dynamodb: Local<Client>,
    pub(crate) name: String,
    /// How long records are kept.
    pub(crate) keep: TimeDelta,
}

/// What became of a write that was to be made only under a condition.
pub(crate) enum Put {
    Done,
    /// The condition does not hold, because of what is there.
    Not(Item),
}

impl Table {
    /// The table called `name`, at `home`. `role` is who asks, for errors; what is written as a record is
    /// kept for `keep`.
    pub fn new(aws: &Aws, home: &Place, role: &str, name: &str, keep: TimeDelta) -> Self {
        let client = Client::new(&aws.service("DYNAMODB"));
        Self { dynamodb: Local::new(client, home.clone(), role), name: name.to_owned(), keep }
    }

    /// What it is called.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The item with this key as it is now.
    pub(crate) async fn get(&self, key: Item, what: &str) -> Result<Option<Item>, Error> {
        let call = self.dynamodb.client.get_item().table_name(&self.name).consistent_read(true);
        match call.set_key(Some(key)).send().await {
            Ok(answer) => Ok(answer.item),
            Err(error) => Err(self.failed(&format!("read {what}"), "dynamodb:GetItem", &error)),
        }
    }

    /// A query of the table itself, as it is now.
    pub(crate) fn query(&self) -> QueryFluentBuilder {
        self.dynamodb.client.query().table_name(&self.name).consistent_read(true)
    }

    /// A query of an index, which can be a moment behind.
    pub(crate) fn index(&self, index: &str) -> QueryFluentBuilder {
        self.dynamodb.client.query().table_name(&self.name).index_name(index)
    }

    /// The items that a query finds, `most` of them at most.
    pub(crate) async fn all(
        &self,
        query: QueryFluentBuilder,
        most: usize,
        what: &str,
    ) -> Result<Vec<Item>, Error> {
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

    /// Writes a whole item, whatever is there.
    pub(crate) async fn write(&self, item: Item, what: &str) -> Result<(), Error> {
        let call = self.dynamodb.client.put_item().table_name(&self.name).set_item(Some(item));
        call.send()
            .await
            .map(drop)
            .map_err(|error| self.failed(&format!("write {what}"), "dynamodb:PutItem", &error))
    }

    /// Deletes the item with this key; whether there was one.
    pub(crate) async fn delete(&self, key: Item, what: &str) -> Result<bool, Error> {
        let call = self.dynamodb.client.delete_item().table_name(&self.name).set_key(Some(key));
        let call = call.return_values(aws_sdk_dynamodb::types::ReturnValue::AllOld);
        match call.send().await {
            Ok(answer) => Ok(answer.attributes.is_some_and(|old| !old.is_empty())),
            Err(error) => {
                Err(self.failed(&format!("delete {what}"), "dynamodb:DeleteItem", &error))
            }
        }
    }

    /// An update of the item with this key.
    pub(crate) fn update(&self, key: Item) -> UpdateItemFluentBuilder {
        let call = self.dynamodb.client.update_item().table_name(&self.name).set_key(Some(key));
        call.return_values_on_condition_check_failure(OnFailure::AllOld)
    }

    /// Makes an update if its condition holds.
    pub(crate) async fn put(
        &self,
        call: UpdateItemFluentBuilder,
        what: &str,
    ) -> Result<Put, Error> {
        let Err(error) = call.send().await else { return Ok(Put::Done) };
        match error.as_service_error() {
            Some(UpdateItemError::ConditionalCheckFailedException(there)) => {
                Ok(Put::Not(there.item().cloned().unwrap_or_default()))
            }
            _ => Err(self.failed(what, "dynamodb:UpdateItem", &error)),
        }
    }

    /// The error of a call that was to do `what` in this table.
    pub(crate) fn failed<E>(
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
        self.dynamodb.failed(&format!("{what} in table {}", self.name), needs, error)
    }
}
