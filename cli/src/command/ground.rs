//! What a plan is judged by: parameters, policies, what people ordered, and the time.

use std::{collections::BTreeMap, sync::Arc};

use catalog::guardduty::{List, THREAT_LIST_BUCKET};
use guardduty::GuardDuty;
use lambda::Table;
use remedy::{Guard, Place, Settings, Timestamp};
use runtime::Orders;
use scope::{Bounds, Scope};

use crate::{
    args::Terms,
    fail::Fail,
    look::{Lists, Live, Look, Onlooker},
    say::{Say, paint},
    session::Session,
    settings::{read, settings},
};

/// In place of a bucket where none is deployed: nothing is read from it.
const NO_BUCKET: &str = "not-deployed";

/// What a plan is judged by.
pub(crate) struct Ground {
    pub(crate) settings: Settings,
    pub(crate) orders: Arc<Orders>,
    table: Option<Table>,
    pub(crate) now: Timestamp,
    member_role: String,
    is_deployed: bool,
}

impl Ground {
    /// As it is typed, without AWS.
    ///
    /// # Errors
    /// If a parameter or a policy cannot be used.
    pub(crate) fn offline(terms: &Terms) -> Result<Self, Fail> {
        Self::of(terms, BTreeMap::new(), None, None)
    }

    /// As the stack has it, if there is one, with what is typed on top.
    ///
    /// # Errors
    /// As [`offline`](Self::offline), and if the stack's table cannot be read.
    pub(crate) async fn deployed(
        terms: &Terms,
        session: &Session,
        say: &Say,
    ) -> Result<Self, Fail> {
        let stack = match session.stack_if_any().await {
            Ok(stack) => stack,
            Err(fail) => {
                let note = paint::paint(paint::WAITS, "note:");
                say.aside(&format!("{note} {fail}. It goes on as if no stack were deployed"));
                None
            }
        };
        let Some(stack) = stack else { return Self::offline(terms) };
        let table = session.table_of(stack)?;
        let base = settings(stack.settings.clone(), &terms.sets)?;
        let orders = match &terms.policies {
            None => Some(table.orders(&base).await?),
            Some(_) => None,
        };
        let pauses = match &orders {
            Some(_) => None,
            None => Some(table.pauses().await?),
        };
        let mut ground = Self::of(terms, stack.settings.clone(), orders, Some(table))?;
        if let Some(pauses) = pauses {
            Arc::make_mut(&mut ground.orders).pauses = pauses;
        }
        Ok(ground)
    }

    fn of(
        terms: &Terms,
        mut base: BTreeMap<String, String>,
        orders: Option<Orders>,
        table: Option<Table>,
    ) -> Result<Self, Fail> {
        let bucket = base.entry(THREAT_LIST_BUCKET.variable()).or_default();
        let is_deployed = !bucket.trim().is_empty();
        if !is_deployed {
            NO_BUCKET.clone_into(bucket);
        }
        let settings = settings(base, &terms.sets)?;
        let orders = match orders {
            Some(orders) => orders,
            None => typed(terms, &settings)?,
        };
        // The stack's own roles trust its functions, and nobody at a terminal.
        let member_role = terms.member_role.clone().unwrap_or_default();
        Ok(Self {
            orders: Arc::new(Orders { looks_only: true, ..orders }),
            settings,
            table,
            now: terms.at.unwrap_or_else(super::now),
            member_role,
            is_deployed,
        })
    }

    /// Whether there is a role to act with in other accounts.
    pub(crate) fn reaches_others(&self) -> bool {
        !self.member_role.is_empty()
    }

    /// AWS as it is now.
    ///
    /// # Errors
    /// If a parameter is set to what it cannot be.
    pub(crate) fn live(&self, session: &Session) -> Result<Look, Fail> {
        let accounts = session.accounts(&self.member_role);
        let kit = session.kit(&accounts, &self.settings);
        let guardduty = GuardDuty::new(&kit)?;
        let guardduty = match self.is_deployed {
            true => Lists::Kept(guardduty),
            false => Lists::Empty {
                guardduty,
                tags: [Guard::configured(&self.settings)?.opt_in].into(),
                kind: List::configured(&self.settings)?.kind,
            },
        };
        Ok(Look::live(Live::new(&accounts, guardduty)))
    }

    /// A desk that writes nothing.
    pub(crate) fn desk(&self) -> Onlooker {
        Onlooker { orders: Arc::clone(&self.orders), table: self.table.clone(), now: self.now }
    }

    /// Every remediation there is, over `look`.
    ///
    /// # Errors
    /// If a parameter is set to what it cannot be.
    pub(crate) fn workshop(
        &self,
        look: Look,
        home: &Place,
    ) -> Result<runtime::Workshop<Look, Onlooker>, Fail> {
        Ok(crate::look::workshop(look, self.desk(), &self.settings, home)?)
    }
}

/// The policies of a file, else those of the parameters.
fn typed(terms: &Terms, settings: &Settings) -> Result<Orders, Fail> {
    let (policies, text) = match &terms.policies {
        Some(file) => (file.display().to_string(), read(file, "the policies")?),
        None => ("the parameters".to_owned(), Bounds::configured(settings)?.policies()),
    };
    let scope = Scope::load(&text).map_err(|why| {
        Fail::Failed(format!(
            "could not use the policies of {policies}: {why}; see `kintsugi policy check`"
        ))
    })?;
    Ok(Orders { scope, policies, pauses: Vec::new(), looks_only: true })
}
