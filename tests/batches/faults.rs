//! Every call of a batch fails in every way, and the process is killed between any two of them.

use std::sync::atomic::Ordering::SeqCst;

use remedy::Message;
use runtime::Outcome;

use super::{
    LIST, Shop, finding, handle, handle_again, handle_to_the_end, list, listed, messages,
    none_is_open, outcomes, shop,
    sweeping::{expired, sweep, sweeper},
};
use crate::memory::Fault;

/// Three are new, one of them by three findings; one is known; one may not be listed.
fn batch() -> Vec<Message> {
    messages([
        finding(1, "11:00:00", "192.0.2.1"),
        finding(2, "11:01:00", "192.0.2.2"),
        finding(3, "11:02:00", "192.0.2.1"),
        finding(4, "11:03:00", "192.0.2.44"),
        finding(5, "11:04:00", "10.0.0.5"),
        finding(6, "11:05:00", "192.0.2.3"),
        finding(6, "11:05:00", "192.0.2.3"),
        finding(7, "11:06:00", "192.0.2.1"),
    ])
}

const ALL: [&str; 4] = ["192.0.2.1", "192.0.2.2", "192.0.2.3", "192.0.2.44"];

fn world() -> Shop {
    shop(&[], &["192.0.2.44"])
}

fn calls() -> usize {
    let undisturbed = world();
    assert!(handle(&undisturbed, &batch()).again.is_empty());
    assert_eq!(listed(&undisturbed), ALL);
    undisturbed.cloud.line.calls.load(SeqCst)
}

#[track_caller]
fn is_as_if_nothing_had_happened(shop: &Shop, when: &str) {
    assert_eq!(listed(shop), ALL, "{when}");
    none_is_open(shop, when);
    let expected = [vec!["fixed"; 6], vec!["held"]].concat();
    assert_eq!(outcomes(shop), expected, "{when}");
    let known = shop.cloud.get(LIST).unwrap().truth.roll;
    let first = known.get(&"192.0.2.1".parse().unwrap()).unwrap();
    let seen = (first.first.to_string(), first.last.to_string());
    assert_eq!(seen, ("2026-11-20 11:00 UTC".into(), "2026-11-20 11:06 UTC".into()), "{when}");
    for address in ["192.0.2.1", "192.0.2.2", "192.0.2.3", "10.0.0.5"] {
        let notices = shop.desk.notices();
        let tells = notices.iter().any(|notice| notice.text.contains(&format!("{address} ")));
        assert!(tells, "{when}: nobody was told of {address}");
    }
}

#[test]
fn wherever_a_batch_is_cut_short_it_ends_like_an_undisturbed_one() {
    for fault in (1..=calls()).flat_map(|nth| [Fault::Down(nth), Fault::Lost(nth)]) {
        let shop = world();
        shop.cloud.line.breaks(fault);
        let again = handle(&shop, &batch()).again;
        handle_to_the_end(&shop, &batch(), again);
        is_as_if_nothing_had_happened(&shop, &format!("{fault:?}"));
    }
}

#[test]
fn killed_between_any_two_calls_a_batch_loses_nobody() {
    for calls in 0..=calls() {
        let shop = world();
        shop.cloud.line.dies_after(calls);
        handle(&shop, &batch());
        shop.cloud.line.dies_after(usize::MAX);
        let again = handle_again(&shop, &batch()).again;
        handle_to_the_end(&shop, &batch(), again);
        is_as_if_nothing_had_happened(&shop, &format!("killed after {calls} calls"));
    }
}

#[test]
fn wherever_a_batch_is_denied_its_records_are_true() {
    for nth in 1..=calls() {
        let when = format!("denied call {nth}");
        let shop = world();
        shop.cloud.line.breaks(Fault::Denied(nth));
        let again = handle(&shop, &batch()).again;
        handle_to_the_end(&shop, &batch(), again);
        none_is_open(&shop, &when);
        let known = listed(&shop);
        for page in shop.desk.pages() {
            let signal = page.signal.as_ref().unwrap();
            let host = signal.threat.as_ref().unwrap().peers[0].host.to_string();
            match page.outcome {
                Outcome::Fixed => assert!(known.contains(&host), "{when}: {host} is not listed"),
                Outcome::Failed | Outcome::Held { .. } => {
                    let notices = shop.desk.notices();
                    assert!(notices.iter().any(|n| n.text.contains(&host)), "{when}: {host}");
                }
                ref other => panic!("{when}: {host}: {other:?}"),
            }
        }
        assert!(shop.desk.pages().len() == 7, "{when}: a record for each");
    }
}

#[test]
fn wherever_a_sweep_is_cut_short_none_of_its_records_stays_open() {
    let sweeps = || sweeper(super::ThreatList { told: 0, ..expired(3) });
    let undisturbed = sweeps();
    handle(&undisturbed, &sweep());
    let calls = undisturbed.cloud.line.calls.load(SeqCst);
    assert!(calls >= 8, "{calls}");
    let left = listed(&undisturbed);
    let faults = (1..=calls).flat_map(|nth| [Fault::Down(nth), Fault::Lost(nth)]);
    for fault in faults {
        let shop = sweeps();
        shop.cloud.line.breaks(fault);
        let again = handle(&shop, &sweep()).again;
        handle_to_the_end(&shop, &sweep(), again);
        assert_eq!(listed(&shop), left, "{fault:?}");
        none_is_open(&shop, &format!("{fault:?}"));
    }
    for calls in 0..=calls {
        let shop = sweeps();
        shop.cloud.line.dies_after(calls);
        handle(&shop, &sweep());
        shop.cloud.line.dies_after(usize::MAX);
        let again = handle_again(&shop, &sweep()).again;
        handle_to_the_end(&shop, &sweep(), again);
        assert_eq!(listed(&shop), left, "killed after {calls} calls");
        none_is_open(&shop, &format!("killed after {calls} calls"));
    }
}

#[test]
fn what_a_later_sweep_did_closes_the_record_of_an_earlier_one() {
    let shop = sweeper(expired(1));
    // Read for edits, read for who goes, open.
    shop.cloud.line.dies_after(3);
    assert!(!handle(&shop, &sweep()).again.is_empty());
    shop.cloud.line.dies_after(usize::MAX);
    shop.cloud.edit(LIST, |now| *now = list(&["192.0.2.44"]));
    handle_again(&shop, &sweep());
    none_is_open(&shop, "at the end");
}
