//! When to look again at a case or a channel.

use aws_sdk_dynamodb::operation::delete_item::DeleteItemError;
use chrono::TimeDelta;
use remedy::Timestamp;
use routing::Timer;
use runtime::Error;

use super::{LEASE, Store, end_of, integer, keys, number, string};

/// The partition of all timers.
const DUE: &str = "due";
/// How often one is tried that fails.
const TRIES: i64 = 12;
/// How long is waited after the first failure; twice as long after each other, and no longer than this.
const PAUSE: (TimeDelta, TimeDelta) = (TimeDelta::minutes(1), TimeDelta::hours(1));

/// A timer that is due.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Due {
    pub(crate) timer: Timer,
    /// How often it failed.
    tries: i64,
    busy: Option<i64>,
}

impl Store {
    /// Sets a timer; twice is once.
    pub(crate) async fn set(&self, timer: &Timer) -> Result<(), Error> {
        self.put(keys(DUE, timer.to_string()), "a timer").await
    }

    /// The timers up to `now` that nobody has, the first first.
    pub(crate) async fn due(&self, now: Timestamp, most: usize) -> Result<Vec<Due>, Error> {
        let items = self.up_to(DUE, &end_of(now), most, "what is due").await?;
        let due = items.iter().filter_map(|item| {
            let timer = Timer::parse(string(item, "sk")?)?;
            let tries = integer(item, "tries").unwrap_or_default();
            Some(Due { timer, tries, busy: integer(item, "busy") })
        });
        Ok(due.filter(|due| due.busy.is_none_or(|until| until < now.timestamp())).collect())
    }

    /// Takes a timer; whether it was there and nobody else has it.
    pub(crate) async fn take(&self, due: &Due, now: Timestamp) -> Result<bool, Error> {
        const FREE: &str = "attribute_exists(pk) AND (attribute_not_exists(#busy) OR #busy < :now)";
        let call = self
            .update(keys(DUE, due.timer.to_string()))
            .update_expression("SET #busy = :until")
            .condition_expression(FREE)
            .expression_attribute_names("#busy", "busy")
            .expression_attribute_values(":until", number((now + LEASE).timestamp()))
            .expression_attribute_values(":now", number(now.timestamp()));
        Ok(self.change(call, "a timer").await?.is_ok())
    }

    /// Deletes a timer that was acted upon, unless it was set again in the meantime.
    pub(crate) async fn done(&self, timer: &Timer) -> Result<(), Error> {
        let key = keys(DUE, timer.to_string());
        let call = self.dynamodb.client.delete_item().table_name(&self.table).set_key(Some(key));
        let call = call
            .condition_expression("attribute_exists(#busy)")
            .expression_attribute_names("#busy", "busy");
        let Err(error) = call.send().await else { return Ok(()) };
        match error.as_service_error() {
            Some(DeleteItemError::ConditionalCheckFailedException(_)) => Ok(()),
            _ => Err(self.failed("delete a timer", "dynamodb:DeleteItem", &error)),
        }
    }

    /// Puts off a timer that could not be acted upon; whether it will be tried again.
    pub(crate) async fn put_off(&self, due: &Due, now: Timestamp) -> Result<bool, Error> {
        let tries = due.tries + 1;
        if tries >= TRIES {
            self.done(&due.timer).await?;
            return Ok(false);
        }
        let (first, longest) = PAUSE;
        let pause = (first * (1 << due.tries.clamp(0, 8))).min(longest);
        let call = self
            .update(keys(DUE, due.timer.to_string()))
            .update_expression("SET #busy = :until, #tries = :tries")
            .condition_expression("attribute_exists(pk)")
            .expression_attribute_names("#busy", "busy")
            .expression_attribute_names("#tries", "tries")
            .expression_attribute_values(":until", number((now + pause).timestamp() - 1))
            .expression_attribute_values(":tries", number(tries));
        Ok(self.change(call, "a timer").await?.is_ok())
    }
}
