//! What people push as a whole, with every version of it. The policies: `control`/`policy` is in force,
//! `control`/`policy#00000007` is what was in force as version 7.

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
/// Bytes of what is pushed: an item takes 400 KiB.
const LARGEST: usize = 300 * 1024;

/// What people push as a whole.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Kind {
    /// The sort key of what is in force.
    pub(crate) sk: &'static str,
    /// What it is for people, in the plural.
    pub(crate) what: &'static str,
    /// What holds until something is pushed.
    pub(crate) first: &'static str,
    /// The command that shows it.
    pub(crate) show: &'static str,
}

const POLICIES: Kind = Kind {
    sk: POLICY,
    what: "the policies",
    first: "the policies of the stack's parameters",
    show: "kintsugi policy show",
};

/// A set of policies, or of rules, that a person pushed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pushed {
    /// Counted from one.
    pub version: u32,
    /// As they wrote it.
    pub text: String,
    /// Who.
    pub by: String,
    /// When.
    pub at: Timestamp,
    /// Why, if they said.
    pub why: String,
}

/// What is known of one without its text.
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
        self.pushed(POLICIES).await
    }

    /// What was in force as this version, if there was one.
    ///
    /// # Errors
    /// If it cannot be read.
    pub async fn policy_version(&self, version: u32) -> Result<Option<Pushed>, Error> {
        self.pushed_as(POLICIES, version).await
    }

    /// What was in force, the newest version first.
    ///
    /// # Errors
    /// If it cannot be read.
    pub async fn policy_versions(&self) -> Result<Vec<Version>, Error> {
        self.versions(POLICIES).await
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
        let (text, by, why) = (text.to_owned(), by.to_owned(), why.to_owned());
        let pushed = Pushed { version: replaces.saturating_add(1), text, by, at, why };
        self.push(POLICIES, pushed, replaces).await
    }

    /// What is in force of this kind.
    pub(crate) async fn pushed(&self, kind: Kind) -> Result<Option<Pushed>, Error> {
        let item = self.get(key(kind.sk), kind.what).await?;
        item.as_ref().map(|item| read(kind, item)).transpose()
    }

    /// What was in force as this version.
    pub(crate) async fn pushed_as(
        &self,
        kind: Kind,
        version: u32,
    ) -> Result<Option<Pushed>, Error> {
        let what = format!("version {version} of {}", kind.what);
        let item = self.get(key(&kind.version(version)), &what).await?;
        item.as_ref().map(|item| read(kind, item)).transpose()
    }

    /// What was in force of this kind, the newest version first.
    pub(crate) async fn versions(&self, kind: Kind) -> Result<Vec<Version>, Error> {
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
            .expression_attribute_values(":version", text(format!("{}#", kind.sk)))
            .scan_index_forward(false);
        let items = self.all(query, usize::MAX, &format!("the versions of {}", kind.what)).await?;
        items.iter().map(|item| version(kind, item)).collect()
    }

    /// Puts `pushed` in force in place of version `replaces`.
    pub(crate) async fn push(
        &self,
        kind: Kind,
        pushed: Pushed,
        replaces: u32,
    ) -> Result<Pushed, Error> {
        let what = kind.what;
        let size = pushed.text.len();
        if size > LARGEST {
            return Err(Error::Refused(format!(
                "could not push {what}: they have {} KiB, and at most {} can be kept",
                size / 1024,
                LARGEST / 1024
            )));
        }
        let items = self
            .writes(kind, &pushed, replaces)
            .map_err(|error| Error::Refused(format!("could not push {what}: {error}")))?;
        let call = self.dynamodb.client.transact_write_items().set_transact_items(Some(items));
        let Err(error) = call.send().await else { return Ok(pushed) };
        match error.as_service_error() {
            Some(TransactWriteItemsError::TransactionCanceledException(canceled)) => {
                let reasons = canceled.cancellation_reasons();
                let is_of = |code: &str| reasons.iter().any(|reason| reason.code() == Some(code));
                if is_of("ConditionalCheckFailed") {
                    let there = reasons.first().and_then(|reason| reason.item());
                    return Err(quicker(kind, there, replaces));
                }
                if is_of("TransactionConflict") {
                    return Err(Error::Transient(format!(
                        "could not push {what}: somebody else pushes some at this very moment; look at \
                         theirs, and try again"
                    )));
                }
                Err(self.failed(&format!("push {what}"), NEEDS, &error))
            }
            _ => Err(self.failed(&format!("push {what}"), NEEDS, &error)),
        }
    }

    /// What is in force, if it is still what is replaced; the version that is kept; and that the one before
    /// is there.
    fn writes(
        &self,
        kind: Kind,
        pushed: &Pushed,
        replaces: u32,
    ) -> Result<Vec<TransactWriteItem>, aws_sdk_dynamodb::error::BuildError> {
        let put = |sk: &str| {
            let put = Put::builder().table_name(&self.name).set_item(Some(item(sk, pushed)));
            put.return_values_on_condition_check_failure(OnFailure::AllOld)
        };
        let current = match replaces {
            0 => put(kind.sk).condition_expression("attribute_not_exists(pk)"),
            // That it was deleted holds everything: then, too, the next version is what mends it.
            _ => put(kind.sk)
                .condition_expression("attribute_not_exists(pk) OR #version = :replaces")
                .expression_attribute_names("#version", "version")
                .expression_attribute_values(":replaces", number(replaces)),
        };
        let kept = put(&kind.version(pushed.version));
        let kept = kept.condition_expression("attribute_not_exists(pk)");
        let mut writes = vec![
            TransactWriteItem::builder().put(current.build()?).build(),
            TransactWriteItem::builder().put(kept.build()?).build(),
        ];
        if replaces > 0 {
            let before = ConditionCheck::builder().table_name(&self.name);
            let before = before.set_key(Some(key(&kind.version(replaces))));
            let before = before.condition_expression("attribute_exists(pk)").build()?;
            writes.push(TransactWriteItem::builder().condition_check(before).build());
        }
        Ok(writes)
    }
}

/// What pushing needs.
const NEEDS: &str = "dynamodb:PutItem and dynamodb:ConditionCheckItem";

impl Kind {
    /// The sort key of a version.
    fn version(self, version: u32) -> String {
        format!("{}#{version:08}", self.sk)
    }
}

/// The sort key of a version of the policies.
pub(crate) fn version_key(version: u32) -> String {
    POLICIES.version(version)
}

/// The policies in an item.
pub(crate) fn pushed(item: &Item) -> Result<Pushed, Error> {
    read(POLICIES, item)
}

fn read(kind: Kind, item: &Item) -> Result<Pushed, Error> {
    let Version { number, by, at, why } = version(kind, item)?;
    let text = Fields { item, what: kind.what }.text("text")?.to_owned();
    Ok(Pushed { version: number, text, by, at, why })
}

fn version(kind: Kind, item: &Item) -> Result<Version, Error> {
    let fields = Fields { item, what: kind.what };
    Ok(Version {
        number: fields.number("version")?,
        by: fields.text("by")?.to_owned(),
        at: fields.time("at")?,
        why: fields.maybe_text("why")?.unwrap_or_default().to_owned(),
    })
}

fn quicker(kind: Kind, there: Option<&Item>, replaces: u32) -> Error {
    let Kind { what, first, show, .. } = kind;
    let before = match replaces {
        0 => first.to_owned(),
        version => format!("version {version}"),
    };
    let there = there.and_then(|item| version(kind, item).ok());
    let is = there.filter(|there| there.number != replaces).map_or_else(
        || format!("{before} is not what was in force last"),
        |Version { number, by, at, .. }| {
            let at = at.format("%Y-%m-%d %H:%M UTC");
            format!("{by} was quicker, and pushed version {number} at {at}, which does not replace {before}")
        },
    );
    Error::Refused(format!(
        "could not push {what}: {is}; look at what is in force ({show}), and push again"
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
