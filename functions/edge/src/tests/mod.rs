//! What goes over the wire, and what is made of what comes back.

mod api_gateway;
mod auto_scaling;
mod distribution;
mod http_listeners;
mod load_balancer;

use std::sync::Arc;

use lambda::{Accounts, Aws};
use remedy::{Facet, Place};
use runtime::{Cloud, Error};
use script::{Answer, Script, answer};

use crate::Edge;

const TAGS: &str = "<member><Key>AutoRemediate</Key><Value>True</Value></member>";

fn edge(script: &Script) -> Edge {
    let aws = Aws::new(script.config());
    Edge::new(&Arc::new(Accounts::new(home(), "kintsugi-edge", "", aws)))
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
    Edge: Cloud<F>,
{
    edge(script).apply(&home(), id, changes).await
}

/// A service that speaks XML does as it is told.
fn yes(action: &str, body: &str) -> Answer {
    let result = format!("<{action}Result>{body}</{action}Result>");
    answer(200, &format!("<{action}Response>{result}</{action}Response>"))
}

/// It does not.
fn no(status: u16, code: &str) -> Answer {
    let error = format!(
        "<Error><Type>Sender</Type><Code>{code}</Code><Message>of {code}</Message></Error>"
    );
    answer(status, &format!("<ErrorResponse>{error}<RequestId>r</RequestId></ErrorResponse>"))
}

/// A service that speaks JSON does not.
fn not(status: u16, code: &str) -> Answer {
    answer(status, &format!(r#"{{"message":"of {code}"}}"#)).with("x-amzn-errortype", code)
}

/// Says of what is asked by a form what is said of its action.
fn by_action(answers: impl IntoIterator<Item = (&'static str, Answer)>) -> Script {
    let mut answers: Vec<_> = answers.into_iter().collect();
    Script::by(move |body| {
        let is_its = |(action, _): &(&str, Answer)| body.starts_with(&format!("Action={action}&"));
        let at = answers.iter().position(is_its)?;
        Some(answers.remove(at).1)
    })
}
