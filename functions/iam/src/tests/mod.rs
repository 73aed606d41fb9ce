//! What goes over the wire, and what is made of what comes back.

mod accounts;
mod password_policy;
mod policies;
mod users;

use std::sync::Arc;

use lambda::{Accounts, Aws};
use remedy::{Facet, Place};
use runtime::{Cloud, Error};
use script::{Answer, Script, answer};

use crate::Iam;

fn iam(script: &Script) -> Iam {
    let aws = Aws::new(script.config());
    Iam::new(&Arc::new(Accounts::new(home(), "kintsugi-iam", "", aws)))
}

fn home() -> Place {
    Place::new("111122223333", "eu-west-1")
}

/// The facet, as it is read.
async fn read<F: Facet>(script: &Script, id: &F::Id) -> Result<Option<F>, Error>
where
    Iam: Cloud<F>,
{
    iam(script).load(&home(), id, &[]).await
}

/// The same, where it is there.
async fn found<F: Facet>(script: &Script, id: &F::Id) -> F
where
    Iam: Cloud<F>,
{
    read(script, id).await.unwrap().unwrap()
}

/// What became of the changes.
async fn make<F: Facet>(
    script: &Script,
    id: &F::Id,
    changes: &[F::Change],
) -> Vec<Result<(), Error>>
where
    Iam: Cloud<F>,
{
    iam(script).apply(&home(), id, changes).await
}

/// IAM does as it is told.
fn yes(action: &str, body: &str) -> Answer {
    let result = format!("<{action}Result>{body}</{action}Result>");
    answer(200, &format!("<{action}Response>{result}</{action}Response>"))
}

/// IAM does not.
fn no(status: u16, code: &str) -> Answer {
    let error = format!(
        "<Error><Type>Sender</Type><Code>{code}</Code><Message>of {code}</Message></Error>"
    );
    answer(status, &format!("<ErrorResponse>{error}<RequestId>r</RequestId></ErrorResponse>"))
}

/// The call that a body makes.
fn action(body: &str) -> &str {
    body.strip_prefix("Action=").and_then(|rest| rest.split('&').next()).unwrap_or_default()
}

/// An IAM that answers each call by its name, whenever it comes.
fn by_name(answers: &[(&str, Answer)]) -> Script {
    let answers: Vec<_> =
        answers.iter().map(|(name, answer)| ((*name).to_owned(), answer.clone())).collect();
    Script::by(move |body| {
        let name = action(body);
        answers.iter().find(|(known, _)| known == name).map(|(_, answer)| answer.clone())
    })
}

/// The calls that were made, in the order of their names.
fn called(script: &Script) -> Vec<String> {
    let mut called: Vec<_> = script.bodies().iter().map(|body| action(body).to_owned()).collect();
    called.sort();
    called
}
