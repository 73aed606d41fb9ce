//! What goes over the wire, and what is made of what comes back.

mod db_cluster;
mod db_instance;
mod others;
mod snapshot;

use std::sync::Arc;

use lambda::{Accounts, Aws};
use remedy::{Facet, Place};
use runtime::{Cloud, Error};
use script::{Answer, Script, answer};

use crate::Rds;

fn rds(script: &Script) -> Rds {
    let aws = Aws::new(script.config());
    Rds::new(&Arc::new(Accounts::new(home(), "kintsugi-rds", "", aws)))
}

fn home() -> Place {
    Place::new("111122223333", "eu-west-1")
}

async fn load<F: Facet>(rds: &Rds, id: &F::Id) -> Result<Option<F>, Error>
where
    Rds: Cloud<F>,
{
    rds.load(&home(), id, &[]).await
}

async fn apply<F: Facet>(rds: &Rds, id: &F::Id, changes: &[F::Change]) -> Vec<Result<(), Error>>
where
    Rds: Cloud<F>,
{
    rds.apply(&home(), id, changes).await
}

/// RDS does as it is told.
fn yes(action: &str, body: &str) -> Answer {
    let result = format!("<{action}Result>{body}</{action}Result>");
    answer(200, &format!("<{action}Response>{result}</{action}Response>"))
}

/// RDS does not.
fn no(status: u16, code: &str) -> Answer {
    let error = format!(
        "<Error><Type>Sender</Type><Code>{code}</Code><Message>of {code}</Message></Error>"
    );
    answer(status, &format!("<ErrorResponse>{error}<RequestId>r</RequestId></ErrorResponse>"))
}
