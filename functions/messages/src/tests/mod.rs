//! What goes over the wire, and what is made of what comes back.

mod queue;
mod topic;

use std::sync::Arc;

use lambda::{Accounts, Aws};
use remedy::{Facet, Place};
use runtime::{Cloud, Error};
use script::Script;

use crate::Messages;

fn messages(script: &Script) -> Messages {
    let aws = Aws::new(script.config());
    Messages::new(&Arc::new(Accounts::new(home(), "kintsugi-messages", "", aws)))
}

fn home() -> Place {
    Place::new("111122223333", "eu-west-1")
}

/// Makes changes of a facet.
async fn apply<F>(script: &Script, id: &F::Id, changes: &[F::Change]) -> Vec<Result<(), Error>>
where
    F: Facet,
    Messages: Cloud<F>,
{
    Cloud::<F>::apply(&messages(script), &home(), id, changes).await
}
