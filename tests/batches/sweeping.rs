use std::net::Ipv4Addr;

use catalog::guardduty::{Edits, Name, Status, ThreatList};
use remedy::Message;
use runtime::Outcome;

use super::{LIST, Shop, handle, list, listed, messages, none_is_open, outcomes, page, told};
use crate::{events::fixture, threats::listing};

/// A workshop that looks after `list` on a schedule.
pub(super) fn sweeper(list: ThreatList) -> Shop {
    super::workshop(&[], list, catalog::sweep::runners)
}

pub(super) fn sweep() -> Vec<Message> {
    messages([fixture("schedule")])
}

/// A list with so many on it that were not seen for long.
pub(super) fn expired(count: u32) -> ThreatList {
    let mut list = list(&["192.0.2.44"]);
    let name = |nth| Name::address(Ipv4Addr::from(0xC633_0000 + nth));
    let old = (0..count).map(|nth| (name(nth), listing("2026-01-01T00:00:00Z")));
    let rest = list.truth.roll.iter().map(|(name, listing)| (name.clone(), listing.clone()));
    list.truth.roll = rest.collect::<Vec<_>>().into_iter().chain(old).collect();
    list
}

#[test]
fn a_sweep_that_finds_nothing_to_do_leaves_no_record() {
    let shop = sweeper(list(&["192.0.2.44"]));
    let handled = handle(&shop, &sweep());
    assert_eq!((handled.again.len(), handled.reports.len()), (0, 3));
    assert_eq!((shop.desk.pages().len(), told(&shop)), (0, 0));
    assert_eq!(shop.cloud.line.count("apply"), 0);
}

#[test]
fn whoever_was_not_seen_for_long_goes_on_record_and_silently() {
    let shop = sweeper(expired(2));
    assert!(handle(&shop, &sweep()).again.is_empty());
    assert_eq!(listed(&shop), ["192.0.2.44"]);
    let pages = shop.desk.pages();
    let expiry = pages.iter().find(|page| page.remediation == "sweep/expire_addresses").unwrap();
    assert_eq!((&expiry.outcome, expiry.steps.len()), (&Outcome::Fixed, 2));
    let rest = pages.iter().find(|page| page.remediation == "sweep/activate_list").unwrap();
    assert_eq!(rest.steps[0].what, "let GuardDuty read the list as of change 3");
    assert_eq!((outcomes(&shop), told(&shop)), (vec!["fixed", "fixed"], 0));
    let pages = shop.desk.pages().len();
    shop.cloud.edit(LIST, |list| list.status = Status::Active);
    handle(&shop, &sweep());
    assert_eq!(shop.desk.pages().len(), pages, "there is nothing more to do");
}

#[test]
fn more_than_fits_into_a_record_is_fixed_in_turns_and_never_called_not_fixed() {
    let shop = sweeper(expired(1_200));
    let mut sizes = Vec::new();
    for minute in 0..4 {
        handle(&shop, &at_minute(minute));
        shop.cloud.edit(LIST, |list| list.status = Status::Active);
        sizes.push(listed(&shop).len());
    }
    assert_eq!(sizes, [801, 401, 1, 1]);
    let words = outcomes(&shop);
    assert!(words.iter().all(|word| *word == "fixed"), "{words:?}");
    assert_eq!(told(&shop), 0);
}

#[test]
fn a_list_that_guardduty_could_not_read_is_read_again_with_a_message() {
    let broken = Status::Broken("the object is not there".into());
    let shop = sweeper(ThreatList { status: broken, ..list(&["192.0.2.44"]) });
    assert!(handle(&shop, &sweep()).again.is_empty());
    assert_eq!(page(&shop).outcome, Outcome::Fixed);
    assert_eq!(told(&shop), 1);
    let text = shop.desk.notices()[0].text.clone();
    assert!(text.contains("since it could not be read there (the object is not there)"), "{text}");
}

#[test]
fn what_people_wrote_is_taken_over_and_told() {
    let edits = Edits { added: ["192.0.2.9".parse().unwrap()].into(), ..Edits::default() };
    let shop = sweeper(ThreatList { edits, ..list(&["192.0.2.44"]) });
    assert!(handle(&shop, &sweep()).again.is_empty());
    assert_eq!(listed(&shop), ["192.0.2.9", "192.0.2.44"]);
    assert_eq!((outcomes(&shop), told(&shop)), (vec!["fixed", "fixed"], 1));
    none_is_open(&shop, "at the end");
}

#[test]
fn while_guardduty_is_busy_it_is_not_asked_and_nobody_hears_of_it() {
    let shop = sweeper(ThreatList { told: 0, status: Status::Busy, ..list(&["192.0.2.44"]) });
    handle(&shop, &sweep());
    assert_eq!((shop.desk.pages().len(), shop.cloud.line.count("apply")), (0, 0));
    shop.cloud.edit(LIST, |list| list.status = Status::Active);
    handle(&shop, &sweep());
    assert_eq!((page(&shop).outcome, told(&shop)), (Outcome::Fixed, 0));
}

/// The most that the table takes of a plan.
const LARGEST_PLAN: usize = 200 * 1024;

#[track_caller]
fn fits(shop: &Shop) {
    for page in shop.desk.pages() {
        let open = runtime::Page { make: vec![], undo: vec![], outcome: Outcome::Open, ..page };
        let size = serde_json::to_string(&open).unwrap().len();
        assert!(size <= LARGEST_PLAN, "{}: {size} bytes", open.remediation);
    }
}

fn at_minute(minute: usize) -> Vec<Message> {
    let time = format!("2026-11-20T10:{minute:02}:00Z");
    messages([crate::events::with(&fixture("schedule"), "/time", time)])
}

#[test]
fn what_expires_at_once_fits_into_its_record() {
    let mut list = expired(600);
    let ids = (0..4).map(|nth| catalog::guardduty::FindingId::of(&format!("{nth:032x}")));
    let findings: catalog::guardduty::Findings = ids.collect();
    let roll = list.truth.roll.iter().map(|(name, listing)| {
        let listing = catalog::guardduty::Listing { findings: findings.clone(), ..listing.clone() };
        (name.clone(), listing)
    });
    list.truth.roll = roll.collect();
    let shop = sweeper(list);
    handle(&shop, &at_minute(0));
    fits(&shop);
}

#[test]
fn a_table_in_place_of_the_text_is_taken_over_in_turns_and_what_is_no_address_is_counted() {
    let lines = (0..600_u32).map(|nth| {
        let address = Ipv4Addr::from(0xC633_0000 + nth);
        format!("{address}\n{address},\u{fc}ber die Grenze,{}\n", "\u{1f980}".repeat(300))
    });
    let text = format!("192.0.2.44\n{}", lines.collect::<String>());
    let shop = sweeper(list(&["192.0.2.44"]));
    let mut sizes = Vec::new();
    for minute in 0..4 {
        // As the list is read while the text is as it was written.
        shop.cloud.edit(LIST, |list| {
            list.edits = catalog::guardduty::edits(&text, &list.truth, list.told, list.kind);
        });
        handle(&shop, &at_minute(minute));
        sizes.push(listed(&shop).len());
    }
    assert_eq!(sizes, [251, 501, 601, 601]);
    fits(&shop);
    assert!(outcomes(&shop).iter().all(|word| *word == "fixed"), "{:?}", outcomes(&shop));
    let rejected = shop.cloud.get(LIST).unwrap().truth.rejected;
    assert_eq!(rejected.len(), 51);
    assert_eq!(rejected[50].why, "stands for 550 lines more that cannot be on the list");
}
