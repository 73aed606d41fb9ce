//! What goes over the wire, and what is made of what comes back.

mod build_project;
mod ecs;
mod eks;
mod function_access;
mod function_setup;
mod repository;
mod stack;
mod state_machine;
mod task_definition;

use std::sync::Arc;

use lambda::{Accounts, Aws};
use remedy::{Facet, Place};
use runtime::{Cloud, Error};
use script::{Answer, Script, answer};

use crate::Compute;

fn compute(script: &Script) -> Compute {
    let aws = Aws::new(script.config());
    Compute::new(&Arc::new(Accounts::new(home(), "kintsugi-compute", "", aws)))
}

fn home() -> Place {
    Place::new("111122223333", "eu-west-1")
}

async fn apply<F: Facet>(
    script: &Script,
    id: &F::Id,
    changes: &[F::Change],
) -> Vec<Result<(), Error>>
where
    Compute: Cloud<F>,
{
    compute(script).apply(&home(), id, changes).await
}

/// AWS does as it is told.
fn yes(body: &str) -> Answer {
    answer(200, body)
}

/// AWS does not.
fn no(status: u16, code: &str) -> Answer {
    let body = format!(r#"{{"__type":"{code}","message":"of {code}"}}"#);
    answer(status, &body).with("x-amzn-errortype", code)
}

/// Answers each request by the first of `answers` whose beginning is in the address or the target.
fn by(answers: &'static [(&'static str, &'static str)]) -> Script {
    Script::to(move |request| {
        let target = request.header("x-amz-target").unwrap_or_default();
        let asked = format!("{} {} {target}", request.method, request.uri);
        let found = answers.iter().find(|(part, _)| asked.contains(part));
        Some(match found {
            Some((_, "404")) => no(404, "ResourceNotFoundException"),
            Some((_, "403")) => no(403, "AccessDeniedException"),
            Some((_, body)) => yes(body),
            None => no(400, &format!("NothingFor {asked}")),
        })
    })
}
