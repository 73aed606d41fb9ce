use remedy::Hold;
use runtime::Outcome;

use super::{
    LIST, finding, handle, handle_again, handle_to_the_end, listed, messages, none_is_open,
    outcomes, page, parked, shop, told,
};
use crate::events::{fixture, with};

#[test]
fn fifty_findings_of_twenty_attackers_are_read_once_written_once_and_verified_once() {
    let shop = shop(&[], &[]);
    let time = |nth: usize| format!("11:{nth:02}:00");
    let address = |nth: usize| format!("192.0.2.{}", nth % 20 + 1);
    let events = (0..50).map(|nth| finding(nth, &time(nth), &address(nth)));
    let handled = handle(&shop, &messages(events));
    assert!(handled.again.is_empty(), "{:?}", handled.again);
    let mut attackers: Vec<_> = (0..20).map(address).collect();
    attackers.sort_by_key(|address| address.parse::<std::net::Ipv4Addr>().unwrap());
    assert_eq!(listed(&shop), attackers);
    let count = |call| shop.cloud.line.count(call);
    assert_eq!((count("load"), count("apply")), (2, 1));
    assert_eq!(outcomes(&shop), ["fixed"; 50], "a record for each");
    assert_eq!(handled.reports.len(), 50);
    assert_eq!(told(&shop), 20, "of those who are new; the others were seen again");
    let truth = shop.cloud.get(LIST).unwrap().truth;
    let (_, first) = truth.roll.iter().next().unwrap();
    let seen = (first.first.to_string(), first.last.to_string(), first.findings.iter().count());
    assert_eq!(seen, ("2026-11-20 11:00 UTC".into(), "2026-11-20 11:40 UTC".into(), 3));
}

#[test]
fn a_finding_that_comes_directly_and_through_security_hub_is_one_record_and_one_message() {
    for order in
        [["guardduty-brute-force", "hub-guardduty"], ["hub-guardduty", "guardduty-brute-force"]]
    {
        let shop = shop(&[], &[]);
        let batch = messages(order.map(fixture));
        let handled = handle(&shop, &batch);
        assert_eq!((handled.again.len(), handled.reports.len()), (0, 2));
        assert_eq!(listed(&shop), ["192.0.2.44"]);
        assert_eq!((page(&shop).outcome, told(&shop)), (Outcome::Fixed, 1));
        handle(&shop, &batch);
        assert_eq!((page(&shop).outcome, told(&shop)), (Outcome::Fixed, 1), "and once more");
    }
}

#[test]
fn an_attack_sequence_about_several_resources_is_one_record() {
    let shop = shop(&[], &[]);
    let handled = handle(&shop, &messages([fixture("guardduty-attack-sequence")]));
    assert_eq!((handled.again.len(), handled.reports.len()), (0, 2), "one for each resource");
    assert_eq!(listed(&shop), ["192.0.2.70"], "not the domain that our own resource calls");
    let page = page(&shop);
    assert_eq!((&page.outcome, told(&shop)), (&Outcome::Fixed, 1));
    let left: Vec<_> = page.left.iter().map(|left| left.what.as_str()).collect();
    assert_eq!(left, ["2001:db8:bad::3"]);
}

#[test]
fn a_bad_message_takes_no_neighbour_down() {
    let shop = shop(&[], &[]);
    let mut batch = messages([
        finding(1, "11:00:00", "192.0.2.1"),
        with(&finding(2, "11:00:00", "192.0.2.2"), "/detail/updatedAt", "yesterday"),
        finding(3, "11:00:00", "192.0.2.3"),
        finding(4, "11:00:00", "192.0.2.4"),
    ]);
    batch[2].body = Err("it is not JSON".into());
    assert_eq!(handle(&shop, &batch).again, ["1", "2"]);
    assert_eq!(listed(&shop), ["192.0.2.1", "192.0.2.4"]);
    assert_eq!(outcomes(&shop), ["fixed", "fixed", "unreadable", "unreadable"]);
    assert_eq!(told(&shop), 4);
}

#[test]
fn who_is_seen_again_is_fixed_silently_and_beside_the_cap() {
    let mut shop = shop(&[], &["192.0.2.44"]);
    shop.limits.cap = 0;
    let handled = handle(&shop, &messages([fixture("guardduty-brute-force")]));
    assert!(handled.again.is_empty());
    let page = page(&shop);
    assert_eq!((&page.outcome, page.steps[0].routine), (&Outcome::Fixed, true));
    assert!(page.steps[0].what.starts_with("keep 192.0.2.44 on the list until 2026-12-20"));
    assert_eq!(told(&shop), 0);
    handle(&shop, &messages([finding(1, "11:00:00", "192.0.2.1")]));
    let parked = shop.desk.parked().len();
    assert_eq!((parked, listed(&shop).len()), (1, 1), "the cap holds for all others");
}

#[test]
fn over_the_cap_in_the_middle_of_a_batch_the_rest_is_held_until_a_person_resumes() {
    let mut shop = shop(&[], &[]);
    shop.limits.cap = 3;
    let event = |nth: usize| finding(nth, &format!("11:{nth:02}:00"), &format!("192.0.2.{nth}"));
    let batch = messages((1..=8).map(event));
    assert_eq!(handle(&shop, &batch).again, [""; 0], "what is held waits elsewhere");
    assert_eq!(listed(&shop), ["192.0.2.1", "192.0.2.2", "192.0.2.3"]);
    let expected = [vec!["fixed"; 3], vec!["held"; 5]].concat();
    assert_eq!(outcomes(&shop), expected);
    let over_cap = |page: &runtime::Page| match &page.outcome {
        Outcome::Held { why } => why == &[Hold::OverCap { cap: 3 }],
        _ => true,
    };
    assert!(shop.desk.pages().iter().all(over_cap));
    assert_eq!(told(&shop), 3 + 1, "one message for all that are held");

    assert_eq!(shop.desk.parked().len(), 5);
    handle(&shop, &parked(&shop));
    assert_eq!((listed(&shop).len(), told(&shop)), (3, 4), "until a person resumes");
    shop.desk.resume();
    shop.limits.cap = 100;
    handle(&shop, &parked(&shop));
    assert_eq!(shop.desk.parked(), []);
    assert_eq!(listed(&shop).len(), 8);
    assert_eq!(outcomes(&shop), ["fixed"; 8]);
}

#[test]
fn older_evidence_after_newer_loses_no_address() {
    let shop = shop(&[], &[]);
    handle(&shop, &messages([finding(1, "11:30:00", "192.0.2.2")]));
    handle(&shop, &messages([finding(1, "11:00:00", "192.0.2.1")]));
    assert_eq!(listed(&shop), ["192.0.2.1", "192.0.2.2"]);
    assert_eq!(outcomes(&shop), ["fixed", "fixed"]);
    handle(&shop, &messages([finding(1, "11:10:00", "192.0.2.2")]));
    let listing =
        shop.cloud.get(LIST).unwrap().truth.roll.get(&"192.0.2.2".parse().unwrap()).cloned();
    assert_eq!(listing.unwrap().last.to_string(), "2026-11-20 11:30 UTC", "nor a date");
    assert_eq!(outcomes(&shop), ["fixed", "fixed", "right"]);
}

#[test]
fn what_was_planned_on_top_of_a_change_that_is_refused_is_planned_again() {
    let shop = shop(&[], &[]);
    let refused = "list 192.0.2.1 until 2026-12-20: seen 2026-11-20 11:00 UTC, LOW, finding \
                   00000000000000000000000000000001";
    shop.cloud.refuses.lock().unwrap().push(refused.into());
    let batch = messages([
        finding(1, "11:00:00", "192.0.2.1"),
        finding(2, "11:01:00", "192.0.2.1"),
        finding(3, "11:02:00", "192.0.2.3"),
    ]);
    let again = handle(&shop, &batch).again;
    assert!(again.contains(&"1".into()) && !again.contains(&"0".into()), "{again:?}");
    let of = |nth: usize| {
        let pages = shop.desk.pages().into_iter();
        let mine =
            |page: &runtime::Page| page.signal.as_ref().unwrap().id.ends_with(&format!("{nth}"));
        pages.filter(mine).map(|page| page.outcome.word()).collect::<Vec<_>>()
    };
    assert_eq!((of(1), of(2)), (vec!["failed"], vec!["open"]), "it does not claim to be fixed");
    handle_to_the_end(&shop, &batch, again);
    assert_eq!(listed(&shop), ["192.0.2.1", "192.0.2.3"]);
    assert_eq!((of(1), of(2), of(3)), (vec!["failed"], vec!["fixed"], vec!["fixed"]));
    assert_eq!(told(&shop), 3);
}

#[test]
fn what_has_nothing_to_do_because_of_a_change_that_is_refused_does_not_claim_that() {
    let shop = shop(&[], &[]);
    let direct = fixture("guardduty-brute-force");
    let asked = with(
        &with(&fixture("hub-guardduty"), "/detail/actionName", "Kintsugi: run"),
        "/detail-type",
        "Security Hub Findings - Custom Action",
    );
    let refused = "list 192.0.2.44 until 2026-12-20: seen 2026-11-20 09:59 UTC, LOW, finding \
                   16afba5c5c43e07c9e3e5e2e544e95df";
    shop.cloud.refuses.lock().unwrap().push(refused.into());
    let batch = messages([direct, asked]);
    assert_eq!(handle(&shop, &batch).again, ["1"]);
    shop.cloud.refuses.lock().unwrap().clear();
    handle_to_the_end(&shop, &batch, vec!["1".into()]);
    assert_eq!(listed(&shop), ["192.0.2.44"]);
    assert_eq!(outcomes(&shop), ["failed", "fixed"]);
}

#[test]
fn what_builds_on_somebody_over_the_cap_waits_with_it() {
    let mut shop = shop(&[], &[]);
    shop.limits.cap = 1;
    let batch = messages([
        finding(1, "11:00:00", "192.0.2.1"),
        finding(2, "11:01:00", "192.0.2.2"),
        finding(3, "11:02:00", "192.0.2.2"),
    ]);
    assert_eq!(handle(&shop, &batch).again, ["2"]);
    assert_eq!(listed(&shop), ["192.0.2.1"]);
    handle_again(&shop, &batch[2..]);
    assert_eq!(listed(&shop), ["192.0.2.1"], "alone it would list, and the cap is reached");
    assert_eq!(shop.desk.parked().len(), 2);
    shop.desk.resume();
    shop.limits.cap = 100;
    handle(&shop, &parked(&shop));
    assert_eq!(listed(&shop), ["192.0.2.1", "192.0.2.2"]);
    none_is_open(&shop, "at the end");
    assert_eq!(outcomes(&shop), ["fixed"; 3]);
}
