//! What holds for arbitrary threat lists, findings and texts.

use std::{collections::BTreeMap, net::Ipv4Addr};

use catalog::{
    guardduty::{
        By, Edits, FindingId, Kind, ListAttackers, ListChange, Listing, Name, Rejected, Status,
        ThreatList, Time, Truth, edits, render,
    },
    sweep::{ActivateList, AdoptEdits, ExpireAddresses},
};
use proptest::{collection::vec, prelude::*, sample::select};
use remedy::{
    Case, Direction, Facet, Host, Peer, Remediation, Role, Settings, Severity, Signal, Source,
    Threat, Timestamp, Trigger, check,
};

use crate::threats;

/// The time that tests are at, in seconds.
const NOW: u32 = 1_795_176_000;
const DAY: u32 = 86_400;

fn configured<R: Remediation>() -> R {
    let settings = [("THREAT_LIST_BUCKET", "bucket"), ("LIST_OUTBOUND", "true")];
    R::configured(&settings.into_iter().collect::<Settings>()).unwrap()
}

/// Few enough that they meet, and lie in each other.
fn name() -> impl Strategy<Value = Name> {
    let net = (0..=255_u8, prop_oneof![4 => Just(32_u8), 1 => 24..=31_u8]);
    let net = net.prop_map(|(last, length)| {
        let address = Ipv4Addr::new(198, 51, 100, last & 0b1110_0011);
        Name::Net(ipnet::Ipv4Net::new_assert(address, length).trunc())
    });
    prop_oneof![
        6 => net,
        1 => select(vec!["bad.example", "worse.example", "a.bad.example"])
            .prop_map(|domain| domain.parse().unwrap()),
    ]
}

fn severity() -> impl Strategy<Value = Severity> {
    select(vec![Severity::Low, Severity::Medium, Severity::High, Severity::Critical])
}

fn time() -> impl Strategy<Value = Time> {
    (NOW - 60 * DAY..NOW).prop_map(Time)
}

prop_compose! {
    fn listing()(
        times in (time(), time()),
        until in prop_oneof![1 => Just(None), 4 => (0..60 * DAY).prop_map(Some)],
        severity in severity(),
        by in select(vec![By::Finding, By::Hand]),
        ids in vec(prop_oneof!["[0-9a-f]{32}", ".{0,12}", "[a-c]"], 0..4),
        serial in 0..9_u32,
    ) -> Listing {
        let (first, last) = (times.0.min(times.1), times.0.max(times.1));
        let until = until.map_or(Time::NEVER, |stay| Time(last.0 + stay));
        let findings = ids.iter().map(|id| FindingId::of(id)).collect();
        Listing { first, last, until, severity, by, findings, serial }
    }
}

prop_compose! {
    fn truth()(
        roll in prop::collection::btree_map(name(), listing(), 0..12),
        removed in prop::collection::btree_map(name(), time(), 0..6),
        rejected in vec((".{0,30}", ".{1,30}"), 0..3),
        serial in 8..12_u32,
        shown in 0..9_u32,
    ) -> Truth {
        let removed = removed.into_iter().filter(|(name, _)| !roll.contains_key(name)).collect();
        let rejected = rejected.into_iter().map(|(line, why)| Rejected { line, why }).collect();
        Truth { serial, shown, roll: roll.into_iter().collect(), removed, rejected }
    }
}

/// A text that somebody may have written: much of it means something.
fn text() -> impl Strategy<Value = String> {
    let line = prop_oneof![
        8 => name().prop_map(|name| name.to_string()),
        2 => name().prop_map(|name| format!("-{name}")),
        1 => name().prop_map(|name| format!("  \"{name}\", # by hand\r")),
        1 => select(vec!["", "# x", "10.0.0.1", "::1", "0.0.0.0/0", "-", "\u{feff}", "1.2.3", "x.y;z"])
            .prop_map(str::to_owned),
        1 => ".{0,20}",
    ];
    prop_oneof![9 => vec(line, 0..14).prop_map(|lines| lines.join("\n")), 1 => any::<String>()]
}

fn kind() -> impl Strategy<Value = Kind> {
    select(vec![Kind::EntitySet, Kind::IntelSet])
}

fn facet(truth: Truth) -> ThreatList {
    let edited = Time(NOW);
    ThreatList { truth, edited, ..threats::list(&[]) }
}

fn status() -> impl Strategy<Value = Status> {
    let broken = Status::Broken("it is not there".into());
    select(vec![Status::Missing, Status::Active, Status::Busy, Status::Inactive, broken])
}

fn host() -> impl Strategy<Value = Host> {
    let odd =
        ["10.0.0.1", "203.0.113.50", "2001:db8::1"].map(|odd| Host::Address(odd.parse().unwrap()));
    let public = name().prop_map(|name| match name {
        Name::Net(net) => Host::Address(net.addr().into()),
        Name::Domain(domain) => Host::Domain(domain.into()),
    });
    prop_oneof![5 => public, 1 => select(odd.to_vec())]
}

prop_compose! {
    fn finding()(
        hosts in prop::collection::btree_set(host(), 1..5),
        seen in NOW - 40 * DAY..NOW,
        severity in severity(),
        id in select(vec!["a", "b", "16afba5c5c43e07c9e3e5e2e544e95df"]),
        own_list in any::<bool>(),
        direction in select(vec![Direction::Inbound, Direction::Outbound]),
    ) -> Signal {
        let peer = |host| Peer { host, direction, blocked: false };
        let (kind, lists) = match (own_list, direction) {
            (true, _) => ("UnauthorizedAccess:EC2/MaliciousIPCaller.Custom", vec!["kintsugi".into()]),
            (false, Direction::Outbound) => ("Backdoor:EC2/C&CActivity.B", vec![]),
            (false, _) => ("UnauthorizedAccess:EC2/SSHBruteForce", vec![]),
        };
        Signal {
            id: id.into(),
            seen: Timestamp::from_timestamp(seen.into(), 0).unwrap(),
            source: Source::GuardDuty,
            trigger: Trigger::finding(kind),
            severity,
            threat: Some(Threat { role: Role::Target, peers: hosts.into_iter().map(peer).collect(), lists }),
            ..check::signal("arn:aws:ec2:eu-west-1:111122223333:instance/i-0a1")
        }
    }
}

fn sweep() -> Signal {
    Signal { trigger: Trigger::schedule("sweep"), ..check::signal("AWS::::Account:111122223333") }
}

/// Makes what people's edits of `text` come to.
fn adopted(truth: &Truth, text: &str, told: u32, kind: Kind) -> ThreatList {
    let edits = edits(text, truth, told, kind);
    let list = ThreatList { kind, told, edits, ..facet(truth.clone()) };
    let signal = sweep();
    let case = Case { signal: &signal, now: check::now() };
    let plan = configured::<AdoptEdits>().plan(&list, &case);
    plan.changes.iter().fold(list, Facet::after)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn whom_a_finding_lists_is_listed_once_and_can_be_taken_off(
        truth in truth(), finding in finding(), kind in kind(),
    ) {
        let facet = ThreatList { kind, ..facet(truth) };
        let case = Case { signal: &finding, now: check::now() };
        let remediation: ListAttackers = configured();
        if remediation.ignores(&finding).is_none() {
            check::laws(&remediation, &facet, &case);
        }
        let after = remediation.plan(&facet, &case).changes.iter().fold(facet.clone(), Facet::after);
        for (name, _) in facet.truth.roll.iter() {
            prop_assert!(after.truth.roll.get(name).is_some(), "{} went", name);
        }
    }

    #[test]
    fn sweeps_keep_the_laws_whatever_there_is(
        truth in truth(), text in text(), told in 0..14_u32, status in status(), kind in kind(),
    ) {
        let edits = edits(&text, &truth, told, kind);
        let facet = ThreatList { kind, told, status, edits, ..facet(truth) };
        let signal = sweep();
        let case = Case { signal: &signal, now: check::now() };
        check::laws(&configured::<AdoptEdits>(), &facet, &case);
        check::laws(&configured::<ExpireAddresses>(), &facet, &case);
        check::laws(&configured::<ActivateList>(), &facet, &case);
    }

    #[test]
    fn the_object_is_read_as_it_was_written(truth in truth()) {
        let read = Truth::read(&truth.write());
        prop_assert_eq!(read.as_ref(), Ok(&truth));
        prop_assert_eq!(read.unwrap().write(), truth.write());
    }

    #[test]
    fn any_bytes_are_a_list_or_an_error(bytes in vec(any::<u8>(), 0..200), at in any::<usize>(), truth in truth()) {
        let _ = Truth::read(&bytes);
        let mut json = truth.write();
        let at = at % (json.len() - 1);
        json.truncate(at);
        prop_assert!(Truth::read(&json).is_err(), "what is cut off is no list");
    }

    #[test]
    fn an_untouched_text_is_no_edit(truth in truth(), kind in kind()) {
        let edits = edits(&render(&truth, kind), &truth, truth.serial, kind);
        prop_assert!(edits.is_empty(), "{:?}", edits);
    }

    #[test]
    fn whatever_people_write_is_taken_over_once_and_for_all(
        truth in truth(), text in text(), told in 0..14_u32, kind in kind(),
    ) {
        let list = adopted(&truth, &text, told, kind);
        let again = edits(&text, &list.truth, told, kind);
        prop_assert!(again.is_empty(), "the same text is an edit again: {:?}", again);
        let rendered = render(&list.truth, kind);
        let more = edits(&rendered, &list.truth, list.truth.serial, kind);
        prop_assert!(more.is_empty(), "our own text is an edit: {:?}", more);
    }

    #[test]
    fn what_is_written_is_on_the_list_and_what_is_named_off_is_not(
        truth in truth(), written in vec(name(), 1..6), off in vec(name(), 0..3),
    ) {
        let lines = written.iter().map(ToString::to_string);
        let text: Vec<_> = lines.chain(off.iter().map(|name| format!("-{name}"))).collect();
        let list = adopted(&truth, &text.join("\n"), truth.serial, Kind::EntitySet);
        for name in &off {
            prop_assert!(list.truth.roll.get(name).is_none(), "{} stays", name);
        }
        for name in written.iter().filter(|name| !off.contains(name)) {
            prop_assert!(list.truth.roll.covering(name).is_some(), "{} is missing", name);
        }
    }

    #[test]
    fn in_whichever_order_evidence_comes_the_same_comes_out(
        truth in truth(),
        evidence in vec((name(), listing(), any::<bool>()), 0..8),
        order in Just((0..8).collect::<Vec<usize>>()).prop_shuffle(),
    ) {
        let change = |(name, listing, sees): &(Name, Listing, bool)| {
            let evidence = Listing { until: Time(listing.last.0 + 30 * DAY), ..listing.clone() };
            let name = name.clone();
            match sees {
                true => ListChange::See { name, from: Listing::default(), to: evidence },
                false => ListChange::List { name, evidence },
            }
        };
        let changes: Vec<_> = evidence.iter().map(change).collect();
        let straight = (0..changes.len()).collect::<Vec<_>>();
        let made = |start: &Truth, order: &[usize]| {
            let mut truth = start.clone();
            order.iter().filter_map(|nth| changes.get(*nth)).for_each(|change| truth.make(change));
            truth
        };
        let known = |truth: &Truth| -> BTreeMap<Name, (Time, Time, Time, Severity)> {
            let all = truth.roll.iter();
            all.map(|(n, l)| (n.clone(), (l.first, l.last, l.until, l.severity))).collect()
        };
        let start = Truth { removed: BTreeMap::new(), ..truth.clone() };
        prop_assert_eq!(known(&made(&start, &straight)), known(&made(&start, &order)));
        // Of what was taken off, older evidence is forgotten; who is on the list, and for how long, is not.
        let listed = |truth: &Truth| -> Vec<_> {
            truth.roll.iter().map(|(name, l)| (name.clone(), l.last, l.until)).collect()
        };
        prop_assert_eq!(listed(&made(&truth, &straight)), listed(&made(&truth, &order)));
    }
}

#[test]
fn no_edit_takes_more_than_one_look() {
    let truth = |names: &[&str]| threats::list(names).truth;
    for (names, text, listed) in [
        // A network is narrowed down.
        (&["198.51.100.0/24"][..], "198.51.100.0/25\n", &["198.51.100.0/25"][..]),
        // What lay in a network that goes was not in the text: it goes, too.
        (&["198.51.100.0/24", "198.51.100.7", "192.0.2.1"], "192.0.2.1\n", &["192.0.2.1"]),
        // Unless a person wrote it.
        (
            &["198.51.100.0/24", "198.51.100.7", "192.0.2.1"],
            "192.0.2.1\n198.51.100.7\n",
            &["192.0.2.1", "198.51.100.7"],
        ),
    ] {
        let list = adopted(&truth(names), text, 1, Kind::EntitySet);
        let left: Vec<_> = list.truth.roll.iter().map(|(name, _)| name.to_string()).collect();
        assert_eq!(left, listed);
        assert_eq!(edits(text, &list.truth, 1, Kind::EntitySet), Edits::default());
    }
}
