use runtime::Outcome;

use super::{LIST, finding, handle, listed, messages, outcomes, page, shop, told};
use crate::{
    events::{fixture, with},
    world::why,
};

#[test]
fn who_must_not_be_listed_is_held_and_told() {
    for (event, expected) in [
        (finding(1, "11:00:00", "10.0.9.9"), "10.0.9.9 is private (10.0.0.0/8)"),
        (
            finding(1, "11:00:00", "203.0.113.50"),
            "203.0.113.50 is our own: Elastic IP eipalloc-1 in 111122223333/eu-west-1",
        ),
        (
            finding(1, "11:00:00", "192.0.2.130"),
            "192.0.2.130 is on GuardDuty's list of trusted addresses",
        ),
        (
            fixture("guardduty-ipv6-only"),
            "2001:db8:bad::1 is an IPv6 address, and GuardDuty's lists take IPv4 only",
        ),
    ] {
        let shop = shop(&[], &[]);
        let neighbour = finding(2, "11:01:00", "192.0.2.2");
        let handled = handle(&shop, &messages([event.clone()]));
        assert!(handled.again.is_empty());
        assert_eq!((page(&shop).outcome.word(), why(&page(&shop)).as_str()), ("held", expected));
        assert_eq!(told(&shop), 1, "{expected}");
        assert!(shop.desk.notices()[0].text.contains(expected));
        handle(&shop, &messages([event, neighbour]));
        assert_eq!(listed(&shop), ["192.0.2.2"]);
        assert_eq!((outcomes(&shop), told(&shop)), (vec!["fixed", "held"], 2), "{expected}");
    }
}

#[test]
fn victims_and_what_is_not_severe_enough_are_ignored_silently_and_nothing_is_read() {
    let only_high: &[_] = &[("LIST_FROM_SEVERITY", "HIGH")];
    for (settings, event, expected) in [
        (
            &[][..],
            fixture("guardduty-brute-force-by-us"),
            "192.0.2.45 is no attacker: our own resource attacks it",
        ),
        (
            only_high,
            fixture("guardduty-brute-force"),
            "its severity is LOW, and ListFromSeverity is HIGH",
        ),
    ] {
        let shop = shop(settings, &[]);
        let handled = handle(&shop, &messages([event]));
        assert!(handled.again.is_empty());
        let page = page(&shop);
        assert_eq!(page.outcome, Outcome::Ignored { why: expected.into() });
        assert_eq!((listed(&shop).len(), told(&shop)), (0, 0));
        assert_eq!(shop.cloud.line.count("load"), 0);
    }
}

#[test]
fn a_dry_run_lists_nobody_and_says_whom_it_would_list() {
    let shop = shop(&[("MODE", "dry-run")], &[]);
    let batch = messages([
        finding(1, "11:00:00", "192.0.2.1"),
        finding(2, "11:01:00", "192.0.2.1"),
        finding(3, "11:02:00", "192.0.2.3"),
    ]);
    assert!(handle(&shop, &batch).again.is_empty());
    assert!(listed(&shop).is_empty());
    assert_eq!(shop.cloud.line.count("apply"), 0);
    assert_eq!(outcomes(&shop), ["held"; 3]);
    let mut steps: Vec<_> =
        shop.desk.pages().into_iter().flat_map(|page| page.steps).map(|step| step.what).collect();
    steps.sort();
    let expected = ["192.0.2.1", "192.0.2.1", "192.0.2.3"];
    for (step, address) in steps.iter().zip(expected) {
        assert!(step.starts_with(&format!("list {address} until 2026-12-20")), "{step}");
    }
    assert_eq!(told(&shop), 3);
    let texts: Vec<_> = shop.desk.notices().into_iter().map(|notice| notice.text).collect();
    let says =
        |text: &String| text.contains("would update") && text.contains("Would change:\n  list");
    assert!(texts.iter().all(says), "{texts:#?}");
}

#[test]
fn a_list_that_is_opted_out_or_not_opted_in_is_left_as_it_is() {
    for (tags, expected, messages_sent) in [
        (
            &[("AutoRemediate", "True"), ("DoNotRemediate", "")][..],
            "it carries the opt-out tag DoNotRemediate",
            0,
        ),
        (&[], "it is not in scope: the tag AutoRemediate=True is missing", 0),
        (
            &[("AutoRemediate", "true")],
            "it is not in scope: its tag `AutoRemediate=true` nearly matches AutoRemediate=True; \
             write it exactly so if that is meant",
            2,
        ),
    ] {
        let shop = shop(&[], &["192.0.2.44"]);
        shop.cloud.edit(LIST, |list| list.tags = crate::world::tags(tags));
        let batch = [finding(1, "11:00:00", "192.0.2.1"), finding(2, "11:00:00", "192.0.2.44")];
        assert!(handle(&shop, &messages(batch)).again.is_empty());
        assert_eq!(listed(&shop), ["192.0.2.44"]);
        assert_eq!(shop.cloud.line.count("apply"), 0);
        let whys: Vec<_> = shop.desk.pages().iter().map(why).collect();
        assert_eq!(whys, [expected; 2]);
        assert_eq!(told(&shop), messages_sent, "{tags:?}");
    }
}

#[test]
fn a_list_that_cannot_be_read_keeps_every_message() {
    let shop = shop(&[], &[]);
    shop.cloud.line.breaks(crate::memory::Fault::Denied(1));
    let batch = messages((1..=3).map(|nth| finding(nth, "11:00:00", &format!("192.0.2.{nth}"))));
    assert_eq!(handle(&shop, &batch).again, ["0", "1", "2"]);
    assert_eq!(outcomes(&shop), ["unreadable"; 3]);
    super::handle_to_the_end(&shop, &batch, vec!["0".into(), "1".into(), "2".into()]);
    assert_eq!(listed(&shop).len(), 3);
    assert_eq!(outcomes(&shop), ["fixed"; 3]);
}

#[test]
fn what_was_taken_off_by_hand_stays_off_and_that_is_told() {
    let shop = shop(&[], &[]);
    let off = crate::threats::at("2026-11-20T11:30:00Z");
    shop.cloud.edit(LIST, |list| {
        list.truth.removed = [("192.0.2.1".parse().unwrap(), off)].into();
    });
    let event = finding(1, "11:00:00", "192.0.2.1");
    handle(&shop, &messages([event.clone()]));
    assert_eq!(
        why(&page(&shop)),
        "192.0.2.1 was taken off the list, and was not seen since 2026-11-20 11:30 UTC"
    );
    let newer = with(&event, "/detail/updatedAt", "2026-11-20T11:31:00.000Z");
    handle(&shop, &messages([newer]));
    assert_eq!(listed(&shop), ["192.0.2.1"]);
}
