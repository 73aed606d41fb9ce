//! What goes over the wire, and what is made of what comes back.

mod account;
mod changing;
mod instances;
mod launch_templates;
mod networks;
mod reading;

use std::sync::Arc;

use catalog::ec2::{Rule, SecurityGroupId};
use lambda::{Accounts, Aws};
use remedy::{Facet, Place};
use runtime::{Cloud, Error};

use script::{Answer, Script, answer};

use crate::Ec2;

fn ec2(script: &Script) -> Ec2 {
    let aws = Aws::new(script.config());
    Ec2::new(&Arc::new(Accounts::new(home(), "kintsugi-ec2", "", aws)))
}

fn home() -> Place {
    Place::new("111122223333", "eu-west-1")
}

/// Makes changes of one of the facets.
async fn make<F: Facet>(cloud: &Ec2, id: &F::Id, changes: &[F::Change]) -> Vec<Result<(), Error>>
where
    Ec2: Cloud<F>,
{
    Cloud::<F>::apply(cloud, &home(), id, changes).await
}

fn group() -> SecurityGroupId {
    SecurityGroupId("sg-1".into())
}

fn rule(id: &str, text: &str) -> Rule {
    Rule { id: id.into(), ..text.parse().unwrap() }
}

/// EC2 does as it is told.
fn yes(action: &str, body: &str) -> Answer {
    answer(200, &format!("<{action}Response><requestId>r</requestId>{body}</{action}Response>"))
}

/// EC2 does not.
fn no(status: u16, code: &str) -> Answer {
    let error = format!("<Error><Code>{code}</Code><Message>of {code}</Message></Error>");
    answer(
        status,
        &format!("<Response><Errors>{error}</Errors><RequestID>r</RequestID></Response>"),
    )
}

/// The value of a parameter in a request.
fn field(body: &str, name: &str) -> Option<String> {
    let value = |pair: &str| {
        pair.split_once('=').filter(|(key, _)| *key == name).map(|(_, v)| v.to_owned())
    };
    body.split('&').find_map(value)
}

/// The rule ids that a request names, in its order.
fn ids(body: &str) -> Vec<String> {
    (1..).map_while(|nth| field(body, &format!("SecurityGroupRuleId.{nth}"))).collect()
}

fn action(body: &str) -> String {
    field(body, "Action").unwrap()
}
