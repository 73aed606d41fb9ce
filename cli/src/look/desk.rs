//! A desk that reads what people ordered, and writes nothing.

use std::{sync::Arc, time::Duration};

use lambda::Table;
use remedy::{Signal, Timestamp};
use runtime::{
    Brief, Clock, Control, Error, Exempt, Herald, Ledger, Notice, Opened, Orders, Page, Standing,
    Terms, Workflow, Written,
};

/// Whoever only looks.
pub(crate) struct Onlooker {
    pub(crate) orders: Arc<Orders>,
    /// Where the stack remembers resources, if there is one.
    pub(crate) table: Option<Table>,
    pub(crate) now: Timestamp,
}

impl Ledger for Onlooker {
    async fn note(&self, _: &Page) -> Result<Written, Error> {
        Ok(Written::New)
    }
    async fn open(&self, page: &Page, _: Terms) -> Result<Opened, Error> {
        // Everything is held: it is only looked at.
        Err(Error::Refused(format!("record {} is not opened: this only looks", page.id)))
    }
    async fn close(&self, _: &Page) -> Result<(), Error> {
        Ok(())
    }
    async fn told(&self, _: &str) -> Result<(), Error> {
        Ok(())
    }
}

impl Control for Onlooker {
    async fn orders(&self) -> Result<Arc<Orders>, Error> {
        Ok(Arc::clone(&self.orders))
    }
    async fn standing(&self, resource: &str) -> Result<Standing, Error> {
        match &self.table {
            Some(table) => table.standing(resource).await,
            None => Ok(Standing::default()),
        }
    }
    async fn exempt(&self, resource: &str, _: Option<&Exempt>) -> Result<(), Error> {
        Err(Error::Refused(format!("{resource} is not made exempt: this only looks")))
    }
    async fn recent(&self, _: &Page, _: Timestamp) -> Result<Vec<Brief>, Error> {
        Ok(Vec::new())
    }
}

impl Herald for Onlooker {
    async fn publish(&self, _: &Notice) -> Result<(), Error> {
        Ok(())
    }
    async fn annotate(&self, _: &Signal, _: &str, _: Workflow) -> Result<(), Error> {
        Ok(())
    }
}

impl Clock for Onlooker {
    fn now(&self) -> Timestamp {
        self.now
    }
    async fn sleep(&self, _: Duration) {}
}
