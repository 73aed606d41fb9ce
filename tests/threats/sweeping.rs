//! Who leaves the list, what people did to it, and when GuardDuty reads it.

use std::net::Ipv4Addr;

use catalog::{
    guardduty::{
        By, Edits, Findings, ListChange, Listing, Name, Rejected, Status, ThreatList, Time, Truth,
    },
    sweep::{ActivateList, AdoptEdits, ExpireAddresses},
};
use remedy::{Case, Facet, Remediation, Signal, Source, Trigger, check};

use super::{at, attack, configured, list, listing, name, refused};

fn sweep(at: &str) -> Signal {
    Signal {
        id: "schedule/sweep".into(),
        seen: at.parse().unwrap(),
        source: Source::Schedule,
        trigger: Trigger::schedule("sweep"),
        ..check::signal("AWS::::Account:111122223333")
    }
}

#[test]
fn who_was_not_seen_for_as_long_as_that_goes_and_who_was_seen_yesterday_stays() {
    let mut facet = list(&["192.0.2.1", "192.0.2.2", "192.0.2.3"]);
    let set = |truth: &mut Truth, text: &str, listing| {
        let rest = truth.roll.iter().map(|(n, l)| (n.clone(), l.clone()));
        truth.roll =
            rest.filter(|(n, _)| *n != name(text)).chain([(name(text), listing)]).collect();
    };
    set(&mut facet.truth, "192.0.2.1", listing("2026-10-21T11:59:59Z"));
    set(&mut facet.truth, "192.0.2.2", listing("2026-11-19T12:00:00Z"));
    let by_hand = Listing { by: By::Hand, until: Time::NEVER, ..listing("2026-01-01T00:00:00Z") };
    set(&mut facet.truth, "192.0.2.3", by_hand);
    let expire: ExpireAddresses = configured(&[]);
    let expected = ["take 192.0.2.1 off the list: not seen since 2026-10-21 11:59 UTC"];
    check::check(&expire, &facet, &sweep("2026-11-20T12:00:00Z"), &expected);
}

#[test]
fn what_expires_at_once_in_great_number_goes_in_turns() {
    let mut facet = list(&[]);
    let old = (0..1_200_u32)
        .map(|n| (Name::address(Ipv4Addr::from(0xC633_0000 + n)), listing("2026-01-01T00:00:00Z")));
    facet.truth.roll = old.collect();
    let expire: ExpireAddresses = configured(&[]);
    let signal = sweep("2026-11-20T12:00:00Z");
    let mut turns = Vec::new();
    while turns.len() < 5 {
        let plan = expire.plan(&facet, &Case { signal: &signal, now: check::now() });
        turns.push((plan.changes.len(), plan.more));
        facet = plan.changes.iter().fold(facet, Facet::after);
        if !plan.more {
            break;
        }
    }
    assert_eq!(turns, [(400, true), (400, true), (400, false)]);
}

#[test]
fn what_people_wrote_is_taken_over() {
    let rejected = Rejected { line: "nonsense".into(), why: "is nothing".into() };
    let facet = ThreatList {
        edits: Edits {
            added: [name("198.51.100.0/24")].into(),
            removed: [name("192.0.2.1")].into(),
            rejected: vec![rejected],
        },
        edited: at("2026-11-20T11:00:00Z"),
        ..list(&["192.0.2.1", "192.0.2.2"])
    };
    let adopt: AdoptEdits = configured(&[]);
    check::check(
        &adopt,
        &facet,
        &sweep("2026-11-20T12:00:00Z"),
        &[
            "take 192.0.2.1 off the list: a person took it out of the text",
            "list 198.51.100.0/24 for good: a person wrote it into the text",
            "set aside the line `nonsense`: it is nothing",
        ],
    );
    let plan =
        adopt.plan(&facet, &Case { signal: &sweep("2026-11-20T12:00:00Z"), now: check::now() });
    let after = plan.changes.iter().fold(facet, Facet::after);
    assert_eq!(after.text(), "192.0.2.2\n198.51.100.0/24\n");
    let old = Signal { seen: "2026-11-20T10:59:00Z".parse().unwrap(), ..attack(&["192.0.2.1"]) };
    assert_eq!(
        refused(&[], &after, &old),
        ["192.0.2.1 was taken off the list, and was not seen since 2026-11-20 11:00 UTC"]
    );
}

#[test]
fn guardduty_reads_the_list_when_it_is_due_and_never_while_it_is_busy() {
    let due = ThreatList { told: 0, ..list(&["192.0.2.1"]) };
    let broken = || Status::Broken("the object is not there".into());
    let edited = Edits { added: [name("192.0.2.9")].into(), ..Edits::default() };
    let cases = [
        (due.clone(), &["let GuardDuty read the list as of change 1"] as &[_]),
        (list(&["192.0.2.1"]), &[]),
        (ThreatList { status: Status::Busy, ..due.clone() }, &[]),
        (ThreatList { edits: edited, ..due.clone() }, &[]),
        (ThreatList { status: Status::Missing, ..list(&[]) }, &[]),
        (
            ThreatList { status: Status::Missing, ..due },
            &["let GuardDuty read the list as of change 1"],
        ),
        (
            ThreatList { status: Status::Missing, ..list(&["192.0.2.1"]) },
            &["let GuardDuty read the list as of change 1, since it is missing there"],
        ),
        (
            ThreatList { status: Status::Inactive, ..list(&["192.0.2.1"]) },
            &["let GuardDuty read the list as of change 1, since it was switched off there"],
        ),
        (
            ThreatList { status: broken(), ..list(&["192.0.2.1"]) },
            &["let GuardDuty read the list as of change 1, since it could not be read there (the \
               object is not there)"],
        ),
    ];
    let activate: ActivateList = configured(&[]);
    for (facet, expected) in cases {
        check::check(&activate, &facet, &sweep("2026-11-20T12:00:00Z"), expected);
    }
}

#[test]
fn whatever_order_changes_come_in_nothing_is_lost() {
    let evidence = |address: &str, seen: &str, id: &str| ListChange::List {
        name: name(address),
        evidence: Listing { findings: Findings::one(id), serial: 0, ..listing(seen) },
    };
    let changes = [
        evidence("192.0.2.1", "2026-11-18T00:00:00Z", "a"),
        evidence("192.0.2.1", "2026-11-19T00:00:00Z", "b"),
        evidence("192.0.2.2", "2026-11-17T00:00:00Z", "c"),
        evidence("192.0.2.1", "2026-11-17T00:00:00Z", "d"),
    ];
    let made = |order: &[usize]| {
        let mut truth = Truth::default();
        for nth in order {
            truth.make(&changes[*nth]);
        }
        let known = truth.roll.get(&name("192.0.2.1")).unwrap().clone();
        (truth.roll.len(), known.first, known.last, known.until, truth.serial >= 2)
    };
    let expected = made(&[0, 1, 2, 3]);
    assert_eq!(expected.0, 2);
    for order in [[3, 2, 1, 0], [1, 0, 3, 2], [2, 3, 0, 1], [1, 3, 0, 2]] {
        assert_eq!(made(&order), expected, "{order:?}");
    }
}
