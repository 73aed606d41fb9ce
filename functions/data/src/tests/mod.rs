//! What goes over the wire, and what is made of what comes back.

mod cache;
mod files;
mod redshift;
mod table;
mod work_group;

use std::sync::Arc;

use lambda::{Accounts, Aws};
use remedy::{Facet, Place, Setting, Swap};
use runtime::{Cloud, Error};
use script::{Answer, Script, answer};

use crate::Data;

fn data(script: &Script) -> Data {
    let aws = Aws::new(script.config());
    Data::new(&Arc::new(Accounts::new(home(), "kintsugi-data", "", aws)))
}

fn home() -> Place {
    Place::new("111122223333", "eu-west-1")
}

/// Makes changes of a facet.
async fn apply<F>(script: &Script, id: &F::Id, changes: &[F::Change]) -> Vec<Result<(), Error>>
where
    F: Facet,
    Data: Cloud<F>,
{
    Cloud::<F>::apply(&data(script), &home(), id, changes).await
}

/// A change to this, from whatever it was.
fn to<S: Setting>(setting: S) -> Swap<S> {
    Swap { from: setting.clone(), to: setting }
}

/// A service that is asked by operation answers.
fn says(operation: &str, body: &str) -> Answer {
    let result = format!("<{operation}Result>{body}</{operation}Result>");
    answer(200, &format!("<{operation}Response>{result}</{operation}Response>"))
}

/// It does not.
fn denies(status: u16, code: &str) -> Answer {
    let error = format!(
        "<Error><Type>Sender</Type><Code>{code}</Code><Message>of {code}</Message></Error>"
    );
    answer(status, &format!("<ErrorResponse>{error}<RequestId>r</RequestId></ErrorResponse>"))
}

/// What an answer by JSON says in place of one.
fn refuses(status: u16, code: &str) -> Answer {
    answer(status, &format!(r#"{{"__type":"{code}","message":"of {code}"}}"#))
}
