//! Numbers that are remembered in the stack's table, by name.

use std::sync::Arc;

use remedy::Place;
use runtime::Error;

use crate::{
    Aws,
    record::{self, Item, number},
    table::{Put, Table},
};

/// Numbers that are remembered, by name.
#[derive(Debug, Clone)]
pub struct Marks(Arc<Table>);

impl Marks {
    pub(crate) fn new(table: Table) -> Self {
        Self(Arc::new(table))
    }

    /// In the table of this name, for who has no ledger beside them.
    pub fn alone(aws: &Aws, home: &Place, role: &str, table: &str) -> Self {
        Self::new(Table::new(aws, home, role, table, chrono::TimeDelta::days(1)))
    }

    /// The number of this name; 0 if there is none.
    ///
    /// # Errors
    /// If it cannot be read.
    pub async fn read(&self, name: &str) -> Result<u32, Error> {
        let Some(item) = self.0.get(key(name), &format!("mark {name}")).await? else {
            return Ok(0);
        };
        let mark = item.get("mark").and_then(|mark| mark.as_n().ok()?.parse().ok());
        mark.ok_or_else(|| self.0.dynamodb.odd(&format!("read mark {name}"), "it is no number"))
    }

    /// Writes the number of this name.
    ///
    /// # Errors
    /// If it cannot be written.
    pub async fn write(&self, name: &str, mark: u32) -> Result<(), Error> {
        let call = self
            .0
            .update(key(name))
            .update_expression("SET #mark = :mark")
            .expression_attribute_names("#mark", "mark")
            .expression_attribute_values(":mark", number(mark));
        match self.0.put(call, &format!("write mark {name}")).await? {
            Put::Done | Put::Not(_) => Ok(()),
        }
    }
}

fn key(name: &str) -> Item {
    record::keys(format!("mark#{name}"), "mark")
}

#[cfg(test)]
mod tests {
    use super::*;
    use script::{Script, answer};

    fn marks(script: &Script) -> Marks {
        let place = Place::new("111122223333", "eu-west-1");
        Marks::alone(&Aws::new(script.config()), &place, "role", "table")
    }

    #[tokio::test]
    async fn a_number_that_is_not_there_is_nothing_and_one_that_is_none_is_an_error() {
        let script = Script::of([
            answer(200, "{}"),
            answer(200, r#"{"Item":{"mark":{"N":"7"}}}"#),
            answer(200, r#"{"Item":{"mark":{"S":"x"}}}"#),
        ]);
        let marks = marks(&script);
        assert_eq!(marks.read("list").await, Ok(0));
        assert_eq!(marks.read("list").await, Ok(7));
        assert!(marks.read("list").await.is_err());
    }

    #[tokio::test]
    async fn a_number_is_written_under_its_name() {
        let script = Script::of([answer(200, "{}")]);
        assert_eq!(marks(&script).write("list", 3).await, Ok(()));
        let body = &script.bodies()[0];
        assert!(body.contains("mark#list") && body.contains(r#"{"N":"3"}"#), "{body}");
    }
}
