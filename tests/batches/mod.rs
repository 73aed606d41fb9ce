//! Whole batches about the one list that everybody shares: planned in turn, made at once.

mod faults;
mod listing;
mod refusing;
mod sweeping;

use std::sync::Arc;

use catalog::guardduty::{Known, ThreatList};
use remedy::{Delivery, Message, Own, Place, Settings, again, check};
use runtime::{Elsewhere, Handled, Outcome, Page, Runner, Workshop};
use serde_json::Value;

use crate::world::limits;
use crate::{
    events::{fixture, with},
    memory::{MemoryCloud, MemoryDesk, now},
    threats,
};

type Shop = Workshop<MemoryCloud<ThreatList>, MemoryDesk>;
type Runners = Vec<Box<dyn Runner<MemoryCloud<ThreatList>, MemoryDesk>>>;

/// What the list is called.
const LIST: &str = "kintsugi";

/// A workshop with these remediations and a list that GuardDuty reads.
fn workshop(
    settings: &[(&str, &str)],
    list: ThreatList,
    runners: fn(&Settings) -> Result<Runners, remedy::Wrong>,
) -> Shop {
    let bucket = [("THREAT_LIST_BUCKET", "bucket")];
    let settings: Settings = bucket.iter().chain(settings).copied().collect();
    let cloud = MemoryCloud::with([(LIST.to_owned(), list)]);
    let desk = MemoryDesk::on(cloud.line.clone());
    let home = Place::new("111122223333", "eu-west-1");
    desk.set_up(&settings);
    Workshop {
        runners: runners(&settings).unwrap(),
        limits: limits(&settings, 100, home),
        own: Own { roles: vec![], note_by: "kintsugi" },
        elsewhere: Elsewhere::NONE,
        cloud,
        desk,
    }
}

/// A workshop that lists attackers on a list with these names.
fn shop(settings: &[(&str, &str)], names: &[&str]) -> Shop {
    workshop(settings, list(names), catalog::guardduty::runners)
}

/// What waits, as it comes again.
fn parked(shop: &Shop) -> Vec<Message> {
    let signals = shop.desk.parked().into_iter().filter_map(|page| page.signal);
    messages(signals.map(|signal| again(&signal, check::now())))
}

/// A list with these names, in an account that has addresses in two Regions.
fn list(names: &[&str]) -> ThreatList {
    let list = threats::list(names);
    let mut known = Known::clone(&list.known);
    known.own.insert(Place::new("111122223333", "eu-central-1"), Ok(Arc::default()));
    ThreatList { known: Arc::new(known), ..list }
}

/// The `nth` finding of brute force by `address`, at `time` of the 20th.
fn finding(nth: usize, time: &str, address: &str) -> Value {
    let arn = format!(
        "arn:aws:guardduty:eu-west-1:111122223333:detector/12abc34d567e8fa901bc2d34e56789f0/\
         finding/{nth:032x}"
    );
    let event = with(&fixture("guardduty-brute-force"), "/detail/arn", arn);
    let event = with(&event, "/detail/id", format!("{nth:032x}"));
    let event = with(&event, "/detail/updatedAt", format!("2026-11-20T{time}.000Z"));
    with(
        &event,
        "/detail/service/action/networkConnectionAction/remoteIpDetails/ipAddressV4",
        address,
    )
}

/// The messages of a batch; each is called by its place in it.
fn messages(events: impl IntoIterator<Item = Value>) -> Vec<Message> {
    let message = |(nth, event): (usize, Value)| Message {
        id: nth.to_string(),
        receives: 1,
        body: Ok(event),
    };
    events.into_iter().enumerate().map(message).collect()
}

fn handle(shop: &Shop, messages: &[Message]) -> Handled {
    let later = "2026-11-20T12:05:00Z".parse().unwrap();
    now(shop.handle(Delivery::Batch(messages.to_vec()), later))
}

/// Handles `messages` that came before.
fn handle_again(shop: &Shop, messages: &[Message]) -> Handled {
    let again = |message: &Message| Message { receives: 2, ..message.clone() };
    handle(shop, &messages.iter().map(again).collect::<Vec<_>>())
}

/// Handles `messages` as often as SQS delivers them: those that must come again do.
fn handle_to_the_end(shop: &Shop, messages: &[Message], mut again: Vec<String>) {
    for _ in 0..5 {
        let left: Vec<_> = messages.iter().filter(|m| again.contains(&m.id)).cloned().collect();
        if left.is_empty() {
            return;
        }
        again = handle_again(shop, &left).again;
    }
    panic!("{again:?} came five times, and would end in the dead-letter queue");
}

fn listed(shop: &Shop) -> Vec<String> {
    let list = shop.cloud.get(LIST).unwrap();
    list.truth.roll.iter().map(|(name, _)| name.to_string()).collect()
}

fn outcomes(shop: &Shop) -> Vec<&'static str> {
    let mut words: Vec<_> = shop.desk.pages().iter().map(|page| page.outcome.word()).collect();
    words.sort_unstable();
    words
}

fn told(shop: &Shop) -> usize {
    shop.desk.notices().len()
}

#[track_caller]
fn page(shop: &Shop) -> Page {
    let [page] = <[Page; 1]>::try_from(shop.desk.pages()).unwrap();
    page
}

#[track_caller]
fn none_is_open(shop: &Shop, when: &str) {
    let open = |page: &Page| page.outcome == Outcome::Open;
    let open: Vec<_> = shop.desk.pages().into_iter().filter(open).collect();
    assert!(open.is_empty(), "{when}: open for ever: {open:#?}");
}
