//! What goes over the wire, and what is made of what comes back.

mod guard_duty;
mod inspector;
mod macie;

use std::sync::Arc;

use lambda::{Accounts, Aws};
use remedy::{Facet, Place};
use runtime::{Cloud, Error};
use script::{Answer, Script, answer};

use crate::Detect;

fn detect(script: &Script) -> Detect {
    let aws = Aws::new(script.config());
    let accounts = Accounts::new(home(), "kintsugi-detect", "", aws);
    Detect::new(&Arc::new(accounts)).making(("AutoRemediate".into(), "True".into()))
}

fn home() -> Place {
    Place::new("111122223333", "eu-west-1")
}

/// A service does not do as it is told.
fn no(status: u16, code: &str, why: &str) -> Answer {
    answer(status, &format!(r#"{{"message":"{why}"}}"#)).with("x-amzn-errortype", code)
}

async fn load<F: Facet>(script: &Script, id: &F::Id) -> Result<Option<F>, Error>
where
    Detect: Cloud<F>,
{
    detect(script).load(&home(), id, &[]).await
}

async fn apply<F: Facet>(
    script: &Script,
    id: &F::Id,
    changes: &[F::Change],
) -> Vec<Result<(), Error>>
where
    Detect: Cloud<F>,
{
    detect(script).apply(&home(), id, changes).await
}
