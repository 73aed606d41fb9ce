//! What goes over the wire, and what is made of what comes back.

mod alarm;
mod event_store;
mod log_group;
mod recorder;
mod trail;
mod trails;
mod watch;

use std::{fmt, sync::Arc};

use lambda::{Accounts, Aws};
use remedy::{Facet, Place};
use runtime::{Cloud, Error};
use script::{Answer, Request, Script, answer, encoded};

use crate::Audit;

fn audit(script: &Script) -> Audit {
    let aws = Aws::new(script.config());
    Audit::new(&Arc::new(Accounts::new(home(), "kintsugi-audit", "", aws)))
}

fn home() -> Place {
    Place::new("111122223333", "eu-west-1")
}

async fn load<F>(script: &Script, id: &F::Id) -> Result<Option<F>, Error>
where
    F: Facet,
    Audit: Cloud<F>,
{
    audit(script).load(&home(), id, &[]).await
}

async fn apply<F>(script: &Script, id: &F::Id, changes: &[F::Change]) -> Vec<Result<(), Error>>
where
    F: Facet,
    Audit: Cloud<F>,
{
    Cloud::<F>::apply(&audit(script), &home(), id, changes).await
}

/// What a request asks for, such as `GetTrail`.
fn operation(request: &Request) -> String {
    let target = request.header("x-amz-target").unwrap_or(&request.uri);
    target.rsplit(['.', '/']).next().unwrap_or_default().to_owned()
}

/// AWS answers each operation so, the first time and then the next.
fn says(answers: impl IntoIterator<Item = (&'static str, Answer)>) -> Script {
    let mut answers: Vec<_> = answers.into_iter().collect();
    Script::to(move |request| {
        let asked = operation(request);
        let nth = answers.iter().position(|(operation, _)| *operation == asked)?;
        Some(answers.remove(nth).1)
    })
}

/// Every operation that was asked for, and what was sent with it.
fn asked(script: &Script) -> Vec<String> {
    let line = |request: &Request| format!("{} {}", operation(request), request.body);
    script.requests().iter().map(line).collect()
}

fn yes(body: &str) -> Answer {
    answer(200, body)
}

fn no(code: &str) -> Answer {
    answer(400, &format!(r#"{{"__type":"{code}","message":"of {code}"}}"#))
}

/// It is an error that says `why`.
#[track_caller]
fn refused<T: fmt::Debug>(result: Result<T, Error>, why: &str) {
    let error = result.unwrap_err().to_string();
    assert!(error.contains(why), "{error}");
}

/// CBOR, as `CloudWatch` speaks it.
mod cbor {
    use super::{Answer, encoded};

    pub(super) type Item = Vec<u8>;

    fn head(kind: u8, length: usize) -> Item {
        match u8::try_from(length).unwrap() {
            short @ ..24 => vec![kind << 5 | short],
            long => vec![kind << 5 | 0x18, long],
        }
    }
    pub(super) fn text(text: &str) -> Item {
        [head(3, text.len()), text.as_bytes().to_vec()].concat()
    }
    pub(super) fn number(number: u8) -> Item {
        head(0, number.into())
    }
    pub(super) fn float(number: f64) -> Item {
        [vec![0xfb], number.to_be_bytes().to_vec()].concat()
    }
    pub(super) fn flag(on: bool) -> Item {
        vec![if on { 0xf5 } else { 0xf4 }]
    }
    pub(super) fn list(items: &[Item]) -> Item {
        [head(4, items.len()), items.concat()].concat()
    }
    pub(super) fn map(items: &[(&str, Item)]) -> Item {
        let items: Vec<_> =
            items.iter().map(|(key, value)| [text(key), value.clone()].concat()).collect();
        [head(5, items.len()), items.concat()].concat()
    }
    pub(super) fn yes(items: &[(&str, Item)]) -> Answer {
        encoded(200, map(items)).with("smithy-protocol", "rpc-v2-cbor")
    }
    pub(super) fn no(code: &str) -> Answer {
        let body = map(&[("__type", text(code)), ("message", text("no"))]);
        encoded(400, body).with("smithy-protocol", "rpc-v2-cbor")
    }
}
