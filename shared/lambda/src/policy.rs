//! The policies that were pushed: `control`/`policy` is in force, `control`/`policy#00000007` is what
//! was in force as version 7.

use aws_sdk_dynamodb::{
    operation::transact_write_items::TransactWriteItemsError,
    types::{
        ConditionCheck, Put, ReturnValuesOnConditionCheckFailure as OnFailure, TransactWriteItem,
    },
};
use remedy::Timestamp;
use runtime::Error;

use crate::{
    fields::Fields,
    orders::{CONTROL, time},
    record::{self, Item, number, text},
    table::Table,
};

/// The policies in force; what follows a `#` is a version that was.
pub(crate) const POLICY: &str = "policy";
/// Bytes of a set of policies: an item takes 400 KiB.
const LARGEST: usize = 300 * 1024;

/// A set of policies that a person pushed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pushed {
    /// Counted from one.
    pub version: u32,
    /// Cedar.
    pub text: String,
    /// Who.
    pub by: String,
    /// When.
    pub at: Timestamp,
    /// Why, if they said.
    pub why: String,
}

/// What is known of a set of policies without its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Version {
    /// Counted from one.
    pub number: u32,
    /// Who.
    pub by: String,
    /// When.
    pub at: Timestamp,
    /// Why, if they said.
    pub why: String,
}

impl Table {
    /// The policies in force; none: those of the stack's parameters.
    ///
    /// # Errors
    /// If they cannot be read.
    pub async fn policy(&self) -> Result<Option<Pushed>, Error> {
        let item = self.get(key(POLICY), "the policies").await?;
        item.as_ref().map(pushed).transpose()
    }

    /// What was in force as this version, if there was one.
    ///
    /// # Errors
    /// If it cannot be read.
    pub async fn policy_version(&self, version: u32) -> Result<Option<Pushed>, Error> {
        let what = format!("version {version} of the policies");
        let item = self.get(key(&version_key(version)), &what).await?;
        item.as_ref().map(pushed).transpose()
    }

    /// What was in force, the newest version first.
    ///
    /// # Errors
    /// If it cannot be read.
    pub async fn policy_versions(&self) -> Result<Vec<Version>, Error> {
        let query = self
            .query()
            .key_condition_expression("#pk = :pk AND begins_with(#sk, :version)")
            .projection_expression("#version, #by, #at, #why")
            .expression_attribute_names("#pk", "pk")
            .expression_attribute_names("#sk", "sk")
            .expression_attribute_names("#version", "version")
            .expression_attribute_names("#by", "by")
            .expression_attribute_names("#at", "at")
            .expression_attribute_names("#why", "why")
            .expression_attribute_values(":pk", text(CONTROL))
            .expression_attribute_values(":version", text(format!("{POLICY}#")))
            .scan_index_forward(false);
        let items = self.all(query, usize::MAX, "the versions of the policies").await?;
        items.iter().map(version).collect()
    }

    /// Puts another set of policies in force, as the version after `replaces` (0: after those of the
    /// stack's parameters). Whether it is valid is for the caller to know.
    ///
    /// # Errors
    /// If it cannot be written, or somebody else was quicker: then another one is in force.
    pub async fn push_policy(
        &self,
        text: &str,
        replaces: u32,
        by: &str,
        at: Timestamp,
        why: &str,
    ) -> Result<Pushed, Error> {
        if text.len() > LARGEST {
            return Err(Error::Refused(format!(
                "could not push the policies: they have {} KiB, and at most {} can be kept",
                text.len() / 1024,
                LARGEST / 1024
            )));
        }
        let version = replaces.saturating_add(1);
        let (text, by, why) = (text.to_owned(), by.to_owned(), why.to_owned());
        let pushed = Pushed { version, text, by, at, why };
        let items = self
            .writes(&pushed, replaces)
            .map_err(|error| Error::Refused(format!("could not push the policies: {error}")))?;
        let call = self.dynamodb.client.transact_write_items().set_transact_items(Some(items));
        let Err(error) = call.send().await else { return Ok(pushed) };
        match error.as_service_error() {
            Some(TransactWriteItemsError::TransactionCanceledException(canceled)) => {
                let reasons = canceled.cancellation_reasons();
                let is_of = |code: &str| reasons.iter().any(|reason| reason.code() == Some(code));
                if is_of("ConditionalCheckFailed") {
                    let there = reasons.first().and_then(|reason| reason.item());
                    return Err(quicker(there, replaces));
                }
                if is_of("TransactionConflict") {
                    return Err(Error::Transient(
                        "could not push the policies: somebody else pushes some at this very moment; look \
                         at theirs, and try again"
                            .into(),
                    ));
                }
                Err(self.failed("push policies", NEEDS, &error))
            }
            _ => Err(self.failed("push policies", NEEDS, &error)),
        }
    }

    /// What is in force, if it is still what is replaced; the version that is kept; and that the one before
    /// is there.
    fn writes(
        &self,
        pushed: &Pushed,
        replaces: u32,
    ) -> Result<Vec<TransactWriteItem>, aws_sdk_dynamodb::error::BuildError> {
        let put = |sk: &str| {
            let put = Put::builder().table_name(&self.name).set_item(Some(item(sk, pushed)));
            put.return_values_on_condition_check_failure(OnFailure::AllOld)
        };
        let current = match replaces {
            0 => put(POLICY).condition_expression("attribute_not_exists(pk)"),
            // That it was deleted holds everything: then, too, the next version is what mends it.
            _ => put(POLICY)
                .condition_expression("attribute_not_exists(pk) OR #version = :replaces")
                .expression_attribute_names("#version", "version")
                .expression_attribute_values(":replaces", number(replaces)),
        };
        let kept = put(&version_key(pushed.version));
        let kept = kept.condition_expression("attribute_not_exists(pk)");
        let mut writes = vec![
            TransactWriteItem::builder().put(current.build()?).build(),
            TransactWriteItem::builder().put(kept.build()?).build(),
        ];
        if replaces > 0 {
            let before = ConditionCheck::builder().table_name(&self.name);
            let before = before.set_key(Some(key(&version_key(replaces))));
            let before = before.condition_expression("attribute_exists(pk)").build()?;
            writes.push(TransactWriteItem::builder().condition_check(before).build());
        }
        Ok(writes)
    }
}

/// What pushing needs.
const NEEDS: &str = "dynamodb:PutItem and dynamodb:ConditionCheckItem";

/// The sort key of a version.
pub(crate) fn version_key(version: u32) -> String {
    format!("{POLICY}#{version:08}")
}

/// The policies in an item.
pub(crate) fn pushed(item: &Item) -> Result<Pushed, Error> {
    let Version { number, by, at, why } = version(item)?;
    let text = Fields { item, what: "the policies" }.text("text")?.to_owned();
    Ok(Pushed { version: number, text, by, at, why })
}

fn version(item: &Item) -> Result<Version, Error> {
    let fields = Fields { item, what: "the policies" };
    Ok(Version {
        number: fields.number("version")?,
        by: fields.text("by")?.to_owned(),
        at: fields.time("at")?,
        why: fields.maybe_text("why")?.unwrap_or_default().to_owned(),
    })
}

fn quicker(there: Option<&Item>, replaces: u32) -> Error {
    let before = match replaces {
        0 => "the policies of the stack's parameters".to_owned(),
        version => format!("version {version}"),
    };
    let there = there.and_then(|item| version(item).ok());
    let is = there.filter(|there| there.number != replaces).map_or_else(
        || format!("{before} is not what was in force last"),
        |Version { number, by, at, .. }| {
            let at = at.format("%Y-%m-%d %H:%M UTC");
            format!("{by} was quicker, and pushed version {number} at {at}, which does not replace {before}")
        },
    );
    Error::Refused(format!(
        "could not push the policies: {is}; look at what is in force (kintsugi policy show), and push again"
    ))
}

fn key(sk: &str) -> Item {
    record::keys(CONTROL.into(), sk)
}

fn item(sk: &str, pushed: &Pushed) -> Item {
    let mut item = key(sk);
    item.insert("version".into(), number(pushed.version));
    item.insert("text".into(), text(&pushed.text));
    item.insert("by".into(), text(&pushed.by));
    item.insert("at".into(), time(pushed.at));
    item.insert("why".into(), text(&pushed.why));
    item
}
