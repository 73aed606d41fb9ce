//! What people ordered, as the table has it: `control`/`policy` and `control`/`pause…`.

use chrono::SecondsFormat;
use remedy::{Settings, Timestamp};
use runtime::{Error, Orders, Pause};
use scope::{Bounds, Mode, Scope};

use crate::{
    fields::Fields,
    policy::{self, Pushed},
    record::{self, Item, text},
    table::Table,
};

/// The one partition that all orders are in.
pub(crate) const CONTROL: &str = "control";
/// The pause of all repairs; what follows a `#` is paused alone.
const PAUSE: &str = "pause";
/// More orders than a person gives.
const MOST: usize = 10_000;

/// What the table says, before policies are compiled.
#[derive(Debug)]
pub(crate) struct Ordered {
    /// The policies that were pushed last; none: those of the stack's parameters.
    pub(crate) pushed: Option<Pushed>,
    pub(crate) pauses: Vec<Pause>,
}

impl Ordered {
    /// The orders, with their policies compiled; `known` is a text that was compiled before, and what it
    /// is, and the last one then. `bounds` are those of the stack.
    pub(crate) fn compiled(
        self,
        bounds: &Bounds,
        known: &mut Option<(String, Scope)>,
    ) -> Result<Orders, Unusable> {
        let (policies, text) = in_force(self.pushed.as_ref(), &bounds.policies());
        let scope = match known.take().filter(|(known, _)| *known == text) {
            Some((_, scope)) => scope,
            None => match Scope::load(&text) {
                Ok(scope) => scope,
                Err(why) => return Err(Unusable { policies, why: why.to_string() }),
            },
        };
        *known = Some((text, scope.clone()));
        let looks_only = bounds.mode == Mode::DryRun;
        Ok(Orders { scope, policies, pauses: self.pauses, looks_only })
    }
}

/// Why policies cannot be used, for people and for the metric that counts it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Unusable {
    pub(crate) policies: String,
    pub(crate) why: String,
}

impl Table {
    /// What people ordered, as it is now. `settings` are the stack's: their policies hold until others
    /// are pushed.
    ///
    /// # Errors
    /// If it cannot be read, or cannot be used: then nothing may be changed.
    pub async fn orders(&self, settings: &Settings) -> Result<Orders, Error> {
        let bounds = Bounds::configured(settings);
        let bounds = bounds.map_err(|wrong| Error::Refused(wrong.to_string()))?;
        let ordered = self.ordered().await?;
        ordered.compiled(&bounds, &mut None).map_err(Error::from)
    }

    /// What is paused.
    ///
    /// # Errors
    /// If it cannot be read.
    pub async fn pauses(&self) -> Result<Vec<Pause>, Error> {
        self.ordered().await.map(|ordered| ordered.pauses)
    }

    /// Stops repairs; a pause of the same is replaced.
    ///
    /// # Errors
    /// If it cannot be written.
    pub async fn pause(&self, pause: &Pause) -> Result<(), Error> {
        let what = pause_of(pause.remediation.as_deref());
        let mut item = key_of_pause(pause.remediation.as_deref());
        item.insert("by".into(), text(&pause.by));
        item.insert("at".into(), time(pause.at));
        item.insert("why".into(), text(&pause.why));
        item.extend(pause.until.map(|until| ("until".to_owned(), time(until))));
        self.write(item, &what).await
    }

    /// Ends the pause of this remediation, or the one of all; whether there was one.
    ///
    /// # Errors
    /// If it cannot be deleted.
    pub async fn resume(&self, remediation: Option<&str>) -> Result<bool, Error> {
        self.delete(key_of_pause(remediation), &pause_of(remediation)).await
    }

    /// All orders by one query. The first version of the policies is read with them: where it is there and
    /// `policy` is not, somebody deleted what was in force.
    pub(crate) async fn ordered(&self) -> Result<Ordered, Error> {
        let query = self
            .query()
            .key_condition_expression("#pk = :pk AND #sk BETWEEN :from AND :to")
            .expression_attribute_names("#pk", "pk")
            .expression_attribute_names("#sk", "sk")
            .expression_attribute_values(":pk", text(CONTROL))
            .expression_attribute_values(":from", text(PAUSE))
            .expression_attribute_values(":to", text(policy::version_key(1)));
        let items = self.all(query, MOST, "what people ordered").await?;
        let (mut pushed, mut pauses, mut was_pushed) = (None, Vec::new(), false);
        for item in &items {
            let sk = Fields { item, what: "what people ordered" }.text("sk")?;
            match sk.split_once('#') {
                None if sk == policy::POLICY => pushed = Some(policy::pushed(item)?),
                Some((policy::POLICY, _)) => was_pushed = true,
                None if sk == PAUSE => pauses.push(pause(None, item)?),
                Some((PAUSE, remediation)) => pauses.push(pause(Some(remediation), item)?),
                _ => {
                    return Err(Error::Refused(format!(
                        "could not read what people ordered: nobody knows what the item `{sk}` under \
                         `{CONTROL}` in table {} means; delete it",
                        self.name
                    )));
                }
            }
        }
        if was_pushed && pushed.is_none() {
            let why = "the item that says which are in force was deleted".into();
            return Err(Unusable { policies: "an unknown version".into(), why }.into());
        }
        Ok(Ordered { pushed, pauses })
    }
}

/// Which policies are in force, and their text. `configured` are those of the stack's parameters.
pub(crate) fn in_force(pushed: Option<&Pushed>, configured: &str) -> (String, String) {
    match pushed {
        Some(pushed) => (format!("version {}", pushed.version), pushed.text.clone()),
        None => ("the stack's parameters".into(), configured.to_owned()),
    }
}

impl From<Unusable> for Error {
    fn from(Unusable { policies, why }: Unusable) -> Self {
        Self::Refused(format!(
            "policies of {policies} cannot be used: {why}; push a set that can: kintsugi policy push FILE"
        ))
    }
}

/// A time, as it is written into items.
pub(crate) fn time(at: Timestamp) -> aws_sdk_dynamodb::types::AttributeValue {
    text(at.to_rfc3339_opts(SecondsFormat::Millis, true))
}

fn key_of_pause(remediation: Option<&str>) -> Item {
    match remediation {
        Some(remediation) => record::keys(CONTROL.into(), &format!("{PAUSE}#{remediation}")),
        None => record::keys(CONTROL.into(), PAUSE),
    }
}

fn pause_of(remediation: Option<&str>) -> String {
    format!("the pause of {}", remediation.unwrap_or("all repairs"))
}

fn pause(remediation: Option<&str>, item: &Item) -> Result<Pause, Error> {
    let what = pause_of(remediation);
    let fields = Fields { item, what: &what };
    Ok(Pause {
        remediation: remediation.map(str::to_owned),
        by: fields.text("by")?.to_owned(),
        at: fields.time("at")?,
        why: fields.maybe_text("why")?.unwrap_or_default().to_owned(),
        until: fields.maybe_time("until")?,
    })
}
