//! What goes over the wire, and what is made of what comes back.

mod access;
mod account;
mod policy;
mod rules;
mod settings;

use std::sync::Arc;

use catalog::s3::BucketId;
use lambda::{Accounts, Aws};
use remedy::{Facet, Place};
use runtime::{Cloud, Error};
use script::{Answer, Request, Script, answer};

use crate::S3;

fn s3(script: &Script) -> S3 {
    let aws = Aws::new(script.config());
    S3::new(&Arc::new(Accounts::new(home(), "kintsugi-s3", "", aws)))
}

fn home() -> Place {
    Place::new("111122223333", "eu-west-1")
}

fn web() -> BucketId {
    BucketId("web".into())
}

/// What is asked of the bucket, such as `GET policy`.
fn asked(request: &Request) -> String {
    let query = request.uri.split_once('?').map_or("", |(_, query)| query);
    let part = query.split('&').find(|part| !part.starts_with("x-id")).unwrap_or_default();
    format!("{} {}", request.method, part.trim_end_matches('='))
}

/// A bucket that answers so, and has a tag.
fn bucket(answers: &[(&str, Answer)]) -> Script {
    let tags = "<Tagging><TagSet><Tag><Key>AutoRemediate</Key><Value>True</Value></Tag></TagSet></Tagging>";
    let mut answers: Vec<_> =
        answers.iter().map(|(to, says)| ((*to).to_owned(), says.clone())).collect();
    answers.push(("GET tagging".into(), answer(200, tags)));
    Script::to(move |request| {
        let asked = asked(request);
        answers.iter().find(|(to, _)| *to == asked).map(|(_, says)| says.clone())
    })
}

/// S3 does as it is told.
fn yes(body: &str) -> Answer {
    answer(200, body)
}

/// S3 does not.
fn no(status: u16, code: &str) -> Answer {
    answer(status, &error(code))
}

fn error(code: &str) -> String {
    format!("<Error><Code>{code}</Code><Message>of {code}</Message></Error>")
}

async fn load<F>(script: &Script) -> Result<Option<F>, Error>
where
    F: Facet<Id = BucketId>,
    S3: Cloud<F>,
{
    Cloud::<F>::load(&s3(script), &home(), &web(), &[]).await
}

async fn apply<F>(script: &Script, change: F::Change) -> Vec<Result<(), Error>>
where
    F: Facet<Id = BucketId>,
    S3: Cloud<F>,
{
    Cloud::<F>::apply(&s3(script), &home(), &web(), &[change]).await
}

/// The body of what was asked so.
fn body(script: &Script, wanted: &str) -> String {
    let requests = script.requests();
    let found = requests.iter().find(|request| asked(request) == wanted);
    let found = found.unwrap_or_else(|| panic!("{wanted} was not asked"));
    // Another account's bucket of this name is never meant.
    assert_eq!(found.header("x-amz-expected-bucket-owner"), Some("111122223333"));
    let declared = r#"<?xml version="1.0" encoding="UTF-8"?>"#;
    let space = r#" xmlns="http://s3.amazonaws.com/doc/2006-03-01/""#;
    found.body.replace(declared, "").replace(space, "")
}
