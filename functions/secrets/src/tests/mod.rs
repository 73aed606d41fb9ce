//! What goes over the wire, and what is made of what comes back.

mod keys;
mod secret;
mod systems_manager;

use std::sync::Arc;

use lambda::{Accounts, Aws};
use remedy::{Facet, Place};
use runtime::{Cloud, Error};
use script::{Answer, Script, answer};

use crate::Secrets;

fn secrets(script: &Script) -> Secrets {
    let aws = Aws::new(script.config());
    Secrets::new(&Arc::new(Accounts::new(home(), "kintsugi-secrets", "", aws)))
}

fn home() -> Place {
    Place::new("111122223333", "eu-west-1")
}

/// The facet, as it is read.
async fn read<F: Facet>(script: &Script, id: &F::Id) -> Result<Option<F>, Error>
where
    Secrets: Cloud<F>,
{
    secrets(script).load(&home(), id, &[]).await
}

/// The same, where it is there.
async fn found<F: Facet>(script: &Script, id: &F::Id) -> F
where
    Secrets: Cloud<F>,
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
    Secrets: Cloud<F>,
{
    secrets(script).apply(&home(), id, changes).await
}

/// A service does as it is told.
fn yes(body: &str) -> Answer {
    answer(200, body).with("content-type", "application/x-amz-json-1.1")
}

/// A service does not.
fn no(code: &str) -> Answer {
    let body = format!(r#"{{"__type":"{code}","message":"of {code}"}}"#);
    answer(400, &body).with("content-type", "application/x-amz-json-1.1")
}

/// The calls that were made, in their order.
fn called(script: &Script) -> Vec<String> {
    let requests = script.requests();
    let targets = requests.iter().filter_map(|request| request.header("x-amz-target"));
    targets.filter_map(|target| target.split('.').next_back()).map(str::to_owned).collect()
}

/// A service that answers each call by its name, whenever it comes.
fn by_name(answers: &[(&'static str, Answer)]) -> Script {
    let answers = answers.to_vec();
    Script::to(move |request| {
        let target = request.header("x-amz-target")?;
        let is_it = |(name, _): &&(&str, Answer)| target.split('.').next_back() == Some(*name);
        answers.iter().find(is_it).map(|(_, answer)| answer.clone())
    })
}
