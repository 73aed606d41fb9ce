//! A ticket for each case, for ever, whichever system keeps it.

use routing::Receipt;

use super::Telling;
use crate::post::Fault;

/// A system of tickets.
pub(super) trait Tickets: Sync {
    /// Makes the ticket of a case; what names it.
    fn make(&self, telling: &Telling<'_>) -> impl Future<Output = Result<String, Fault>> + Send;

    /// The ticket that carries the name of the case, if there is one.
    fn find(&self, case: &str) -> impl Future<Output = Result<Option<String>, Fault>> + Send;

    /// Says in the ticket how it went on, and closes or opens it, if that is called for; whether it is
    /// there.
    fn go_on(
        &self,
        ticket: &str,
        telling: &Telling<'_>,
    ) -> impl Future<Output = Result<bool, Fault>> + Send;
}

/// Makes the ticket of the case, or tells of the case in it. None of these systems knows whether it was asked
/// the same before: where that may be, the ticket is looked for first.
pub(super) async fn tell(tickets: &impl Tickets, telling: &Telling<'_>) -> Result<Receipt, Fault> {
    let receipt = |ticket| Receipt { ticket, ..Receipt::default() };
    let known = telling.ticket().map(str::to_owned);
    if known.is_none() && telling.is_unsure {
        let found = tickets.find(&telling.case.id).await?;
        if found.is_some() {
            return Ok(receipt(found));
        }
    }
    if let Some(ticket) = &known
        && tickets.go_on(ticket, telling).await?
    {
        return Ok(receipt(known));
    }
    // What is over needs no ticket.
    if !telling.is_live() {
        return Ok(Receipt::default());
    }
    tickets.make(telling).await.map(|made| receipt(Some(made)))
}
