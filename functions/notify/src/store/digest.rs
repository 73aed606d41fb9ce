//! What waits for a digest, and how much a channel was told in a window.

use chrono::TimeDelta;
use futures_util::{StreamExt, TryStreamExt, stream};
use remedy::Timestamp;
use routing::{Brief, Dropped, sortable};
use runtime::Error;

use super::{Item, Store, end_of, keys, number, string, text};

/// How long what nobody fetched is kept.
const STALE: TimeDelta = TimeDelta::days(14);
/// How many items are deleted at the same time.
const AT_ONCE: usize = 16;

/// What waits, and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Waiting {
    /// The sort key.
    pub(crate) key: String,
    pub(crate) brief: Brief,
}

impl Waiting {
    /// Until when it was to wait.
    pub(crate) fn due(&self) -> Option<Timestamp> {
        self.key.split('#').next()?.parse().ok()
    }
}

impl Store {
    /// Lets `brief` wait for what `channel` is told at `due`; what waited of the same case for the same
    /// time is replaced.
    pub(crate) async fn collect(
        &self,
        channel: &str,
        due: Timestamp,
        brief: &Brief,
    ) -> Result<(), Error> {
        let what = format!("what waits for channel {channel}");
        let json = serde_json::to_string(brief)
            .map_err(|error| Error::Refused(format!("could not write {what}: {error}")))?;
        let mut item = keys(partition(channel), key(due, &brief.case));
        item.insert("brief".into(), text(json));
        item.insert("expires".into(), number((due + STALE).timestamp()));
        self.put(item, &what).await
    }

    /// What waits for what `channel` is told at `due` or should have been told before, in order.
    pub(crate) async fn waiting(
        &self,
        channel: &str,
        due: Timestamp,
        most: usize,
    ) -> Result<Vec<Waiting>, Error> {
        let what = format!("what waits for channel {channel}");
        let items = self.up_to(&partition(channel), &end_of(due), most, &what).await?;
        let read = |item: Item| {
            let brief = string(&item, "brief").and_then(|text| serde_json::from_str(text).ok())?;
            Some(Waiting { key: string(&item, "sk")?.to_owned(), brief })
        };
        // What cannot be read is of a later version, or broken: neither may keep the rest from being told.
        Ok(items.into_iter().filter_map(read).collect())
    }

    /// Forgets what waited under these keys.
    pub(crate) async fn forget(&self, channel: &str, keys_of: &[String]) -> Result<(), Error> {
        let what = format!("what waited for channel {channel}");
        let delete = |key: &String| self.delete(keys(partition(channel), key), &what);
        let deletes = stream::iter(keys_of.iter().map(delete).collect::<Vec<_>>());
        deletes.buffer_unordered(AT_ONCE).try_collect().await
    }

    /// Forgets what waits of `case` for what the channel is told at that time.
    pub(crate) async fn drop(&self, dropped: &Dropped, case: &str) -> Result<(), Error> {
        self.forget(&dropped.channel, &[key(dropped.due, case)]).await
    }

    /// Spends one of the `most` messages that `channel` may get in the window that begins at `window`;
    /// whether there was one left.
    pub(crate) async fn spend(
        &self,
        channel: &str,
        window: Timestamp,
        most: u32,
    ) -> Result<bool, Error> {
        let call = self
            .update(keys(format!("budget#{channel}"), sortable(window)))
            .update_expression("ADD #sent :one SET #expires = :expires")
            .condition_expression("attribute_not_exists(#sent) OR #sent < :most")
            .expression_attribute_names("#sent", "sent")
            .expression_attribute_names("#expires", "expires")
            .expression_attribute_values(":one", number(1))
            .expression_attribute_values(":most", number(most))
            .expression_attribute_values(":expires", number((window + STALE).timestamp()));
        if most == 0 {
            return Ok(false);
        }
        let spent = self.change(call, &format!("how much channel {channel} was told")).await?;
        Ok(spent.is_ok())
    }
}

fn key(due: Timestamp, case: &str) -> String {
    format!("{}#{case}", sortable(due))
}

fn partition(channel: &str) -> String {
    format!("digest#{channel}")
}
