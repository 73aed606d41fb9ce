//! How many repairs an account has seen in this hour, and whether there may be another.
//!
//! One item for each remediation and account: the hour, how many were opened in it, and since when the
//! cap stands blown. Blown it stays until a person resumes.

use chrono::TimeDelta;
use remedy::Timestamp;
use runtime::{Error, Page, Refusal};

use crate::{
    fields::Fields,
    record::{self, Item, number, text},
    table::{Put, Table},
};

/// The one partition that all counts are in.
const CAPS: &str = "caps";

/// How often to look again when another function was quicker.
const TRIES: usize = 10;
/// How long a count is kept that nobody goes on with.
const KEEP: TimeDelta = TimeDelta::days(7);

/// What there is of a count.
struct Count {
    hour: String,
    used: u32,
    blown: bool,
}

impl Count {
    /// None if there is none.
    fn of(item: &Item) -> Option<Self> {
        let hour = item.get("hour")?.as_s().ok()?.clone();
        let used = item.get("used")?.as_n().ok()?.parse().ok()?;
        Some(Self { hour, used, blown: item.contains_key("blown_at") })
    }
}

/// How many repairs of one remediation an account has seen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cap {
    /// The remediation.
    pub remediation: String,
    /// The account.
    pub account: String,
    /// The hour that was counted last, such as `2026-11-20T10`.
    pub hour: String,
    /// How many there were in it.
    pub used: u32,
    /// Since when the cap stands reached; a person must say that it may go on.
    pub blown_at: Option<Timestamp>,
}

impl Table {
    /// All counts there are.
    ///
    /// # Errors
    /// If they cannot be read.
    pub async fn caps(&self) -> Result<Vec<Cap>, Error> {
        let query = self
            .query()
            .key_condition_expression("#pk = :pk")
            .expression_attribute_names("#pk", "pk")
            .expression_attribute_values(":pk", text(CAPS));
        let items = self.all(query, usize::MAX, "how many repairs there were").await?;
        items.iter().map(cap).collect()
    }

    /// Lets repairs go on that were stopped at their cap, and counts them from none again; whether there
    /// was a count.
    ///
    /// # Errors
    /// If it cannot be written.
    pub async fn resume_cap(
        &self,
        remediation: &str,
        account: &str,
        now: Timestamp,
    ) -> Result<bool, Error> {
        let call = self
            .update(cap_item(&cap_key(remediation, account)))
            .update_expression("SET #used = :none, #expires = :expires REMOVE #blown_at")
            .condition_expression("attribute_exists(pk)")
            .expression_attribute_names("#used", "used")
            .expression_attribute_names("#blown_at", "blown_at")
            .expression_attribute_names("#expires", "expires")
            .expression_attribute_values(":none", number(0))
            .expression_attribute_values(":expires", number((now + KEEP).timestamp()));
        let what = format!("resume {remediation} in account {account}");
        Ok(matches!(self.put(call, &what).await?, Put::Done))
    }

    /// Counts one more repair, or says why there must be none.
    pub(crate) async fn count(
        &self,
        page: &Page,
        account: &str,
        cap: u32,
    ) -> Result<Option<Refusal>, Error> {
        let key = cap_key(&page.remediation, account);
        let mut hour = hour_of(page);
        for _ in 0..TRIES {
            let Put::Not(there) = self.one_more(&key, &hour, cap).await? else { return Ok(None) };
            match Count::of(&there) {
                Some(count) if count.blown => {
                    return Ok(Some(Refusal::OverCap { first: false }));
                }
                // Another function's clock is ahead, or this event waited over the hour.
                Some(count) if count.hour > hour => hour = count.hour,
                Some(count) if count.hour == hour && count.used >= cap => {
                    if let Put::Done = self.blow(&key, &hour, page).await? {
                        return Ok(Some(Refusal::OverCap { first: true }));
                    }
                }
                Some(count) if count.hour == hour => {}
                before => {
                    let before = before.map(|count| count.hour);
                    if let Put::Done = self.begin(&key, &hour, before, page).await? {
                        return Ok(None);
                    }
                }
            }
        }
        Err(Error::Transient(format!(
            "could not count a repair under `{key}` in table {}: {TRIES} times others were quicker",
            self.name
        )))
    }

    /// Takes one repair back that was counted and is not begun. Best effort: what is counted too many
    /// only holds another one back a little early.
    pub(crate) async fn uncount(&self, page: &Page, account: &str) {
        let call = self
            .update(cap_item(&cap_key(&page.remediation, account)))
            .update_expression("SET #used = #used - :one")
            .condition_expression("#hour = :hour AND #used >= :one")
            .expression_attribute_names("#hour", "hour")
            .expression_attribute_names("#used", "used")
            .expression_attribute_values(":hour", text(hour_of(page)))
            .expression_attribute_values(":one", number(1));
        let _ = self.put(call, "count a repair less").await;
    }

    async fn one_more(&self, key: &str, hour: &str, cap: u32) -> Result<Put, Error> {
        let call = self
            .update(cap_item(key))
            .update_expression("SET #used = #used + :one")
            .condition_expression(
                "#hour = :hour AND #used < :cap AND attribute_not_exists(#blown_at)",
            )
            .expression_attribute_names("#hour", "hour")
            .expression_attribute_names("#used", "used")
            .expression_attribute_names("#blown_at", "blown_at")
            .expression_attribute_values(":hour", text(hour))
            .expression_attribute_values(":one", number(1))
            .expression_attribute_values(":cap", number(cap));
        self.put(call, "count a repair").await
    }

    /// The first repair of an hour. `before` is the hour that was counted last.
    async fn begin(
        &self,
        key: &str,
        hour: &str,
        before: Option<String>,
        page: &Page,
    ) -> Result<Put, Error> {
        let call = self
            .update(cap_item(key))
            .update_expression("SET #hour = :hour, #used = :one, #expires = :expires")
            .expression_attribute_names("#hour", "hour")
            .expression_attribute_names("#used", "used")
            .expression_attribute_names("#blown_at", "blown_at")
            .expression_attribute_names("#expires", "expires")
            .expression_attribute_values(":hour", text(hour))
            .expression_attribute_values(":one", number(1))
            .expression_attribute_values(":expires", number((page.at + KEEP).timestamp()));
        let call = match before {
            None => call.condition_expression(
                "attribute_not_exists(#hour) AND attribute_not_exists(#blown_at)",
            ),
            Some(before) => call
                .condition_expression("#hour = :before AND attribute_not_exists(#blown_at)")
                .expression_attribute_values(":before", text(before)),
        };
        self.put(call, "count a repair").await
    }

    /// Done for exactly one of those who find the cap reached.
    async fn blow(&self, key: &str, hour: &str, page: &Page) -> Result<Put, Error> {
        let call = self
            .update(cap_item(key))
            .update_expression("SET #blown_at = :now REMOVE #expires")
            .condition_expression("#hour = :hour AND attribute_not_exists(#blown_at)")
            .expression_attribute_names("#hour", "hour")
            .expression_attribute_names("#blown_at", "blown_at")
            .expression_attribute_names("#expires", "expires")
            .expression_attribute_values(":hour", text(hour))
            .expression_attribute_values(":now", text(page.at.to_rfc3339()));
        self.put(call, "write that the cap is reached").await
    }
}

/// The hour that a repair is counted in.
fn hour_of(page: &Page) -> String {
    page.at.format("%Y-%m-%dT%H").to_string()
}

/// Of one remediation in one account.
fn cap_key(remediation: &str, account: &str) -> String {
    format!("{remediation}#{account}")
}

fn cap_item(key: &str) -> Item {
    record::keys(CAPS.into(), key)
}

fn cap(item: &Item) -> Result<Cap, Error> {
    let fields = Fields { item, what: "how many repairs there were" };
    let key = fields.text("sk")?;
    let (remediation, account) = key.rsplit_once('#').unwrap_or((key, ""));
    Ok(Cap {
        remediation: remediation.into(),
        account: account.into(),
        hour: fields.text("hour")?.into(),
        used: fields.number("used")?,
        blown_at: fields.maybe_time("blown_at")?,
    })
}
