//! What goes over the wire, and what is made of what comes back.

mod activating;
mod estate;
mod guards;
mod reading;
mod writing;

use std::sync::Arc;

use catalog::guardduty::{Findings, ListChange, Listing, ThreatList, ThreatListId, Time};
use lambda::{Accounts, Aws, Kit, Marks, Web};
use remedy::{Direction, Host, Peer, Place, Role, Settings, Signal, Threat, check};
use runtime::{Cloud, Error};
use script::{Answer, answer};

use crate::GuardDuty;
use estate::{Estate, Reply};

fn home() -> Place {
    Place::new("111122223333", "eu-west-1")
}

fn id() -> ThreatListId {
    ThreatListId { bucket: "bucket".into(), name: "kintsugi".into() }
}

/// The cloud of a function that was just started.
fn started(estate: &Estate, settings: &[(&str, &str)]) -> GuardDuty {
    let script = estate.script();
    let aws = Aws::new(script.config());
    let bucket = [("THREAT_LIST_BUCKET", "bucket")];
    let settings: Settings = bucket.iter().chain(settings).copied().collect();
    let kit = Kit {
        accounts: &Arc::new(Accounts::new(home(), "kintsugi-guardduty", "", aws.clone())),
        settings: &settings,
        marks: Marks::alone(&aws, &home(), "kintsugi-guardduty", "table"),
        web: Web::new(script.connector()),
    };
    GuardDuty::new(&kit).unwrap()
}

async fn load(cloud: &GuardDuty) -> Result<ThreatList, Error> {
    load_for(cloud, &[]).await
}

async fn load_for(cloud: &GuardDuty, signals: &[&Signal]) -> Result<ThreatList, Error> {
    let list = cloud.load(&home(), &id(), signals).await?;
    Ok(list.unwrap())
}

/// Why the list could not be read.
async fn unread(estate: &Estate) -> String {
    load(&started(estate, &[])).await.unwrap_err().to_string()
}

/// Reads the list, as is done before every change, and makes `changes`.
async fn make(cloud: &GuardDuty, changes: &[ListChange]) -> Vec<Result<(), Error>> {
    load(cloud).await.unwrap();
    cloud.apply(&home(), &id(), changes).await
}

/// A finding in `place` by some attacker.
fn attack(place: &Place) -> Signal {
    let host = Host::Address("192.0.2.44".parse().unwrap());
    let peers = vec![Peer { host, direction: Direction::Inbound, blocked: false }];
    let threat = Some(Threat { role: Role::Target, peers, lists: Vec::new() });
    Signal { place: place.clone(), threat, ..check::signal("i-0a1") }
}

fn evidence(last: u32) -> Listing {
    let at = Time(1_795_000_000 + last);
    Listing {
        first: at,
        last: at,
        until: Time(1_799_000_000),
        findings: Findings::one(&last.to_string()),
        ..Listing::default()
    }
}

fn list(address: &str) -> ListChange {
    ListChange::List { name: address.parse().unwrap(), evidence: evidence(1) }
}

fn see(address: &str, last: u32) -> ListChange {
    let name = address.parse().unwrap();
    ListChange::See { name, from: evidence(1), to: evidence(last) }
}

fn activate(serial: u32) -> ListChange {
    ListChange::Activate { serial, mends: None }
}

/// S3's words for what went wrong.
fn s3_error(status: u16, code: &str) -> Answer {
    answer(status, &format!("<Error><Code>{code}</Code><Message>of {code}</Message></Error>"))
}

/// `GuardDuty`'s.
fn error(status: u16, code: &str) -> Answer {
    let body = format!(r#"{{"__type":"{code}","message":"of {code}"}}"#);
    answer(status, &body).with("x-amzn-errortype", code)
}

/// Answers with this instead.
fn says(answer: Answer) -> impl FnOnce(&mut estate::State) -> Reply + Send + 'static {
    move |_| Reply::Say(answer)
}
