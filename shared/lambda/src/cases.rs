//! What a person says to a case. The case itself is written by whoever tells people of it.

use runtime::Error;

use crate::{
    record::{self, text},
    table::{Put, Table},
};

/// What became of the word of a person who takes care of a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Heeded {
    /// It is written.
    Yes,
    /// There is no such case: nobody was told of it.
    Unknown,
    /// It does not stand open.
    Closed,
}

impl Table {
    /// Writes `said` beside the case `id`, as JSON: who takes care of it, when, and why.
    ///
    /// # Errors
    /// If it cannot be written.
    pub async fn acknowledge(&self, id: &str, said: &str) -> Result<Heeded, Error> {
        let call = self
            .update(record::keys(format!("case#{id}"), "case"))
            .update_expression("SET #acknowledged = :said")
            .condition_expression("attribute_exists(pk) AND attribute_not_exists(#closed)")
            .expression_attribute_names("#acknowledged", "acknowledged")
            .expression_attribute_names("#closed", "closed")
            .expression_attribute_values(":said", text(said));
        Ok(match self.put(call, &format!("write who takes care of case {id}")).await? {
            Put::Done => Heeded::Yes,
            Put::Not(there) if there.is_empty() => Heeded::Unknown,
            Put::Not(_) => Heeded::Closed,
        })
    }
}
