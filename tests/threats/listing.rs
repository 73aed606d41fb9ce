//! Who gets on the list, and who does not.

use std::{net::Ipv4Addr, sync::Arc};

use catalog::guardduty::{By, Kind, ListChange, Listing, Name, ThreatList, Time};
use remedy::{Direction, Facet, Place, Role, Severity, Signal, Trigger};

use super::{at, attack, ignored, known, list, listing, lists, name, plan, refused, with};

#[test]
fn an_attacker_is_listed_by_the_whole_address_and_not_by_how_it_begins() {
    lists(
        &[],
        &list(&["198.51.100.10"]),
        &attack(&["198.51.100.1"]),
        &["list 198.51.100.1 until 2026-12-20: seen 2026-11-20 11:59 UTC, LOW, finding \
           16afba5c5c43e07c9e3e5e2e544e95df"],
    );
}

#[test]
fn every_address_of_a_port_probe_is_listed_by_one_plan() {
    let plan = plan(&[], &list(&[]), &attack(&["192.0.2.50", "192.0.2.51", "198.51.100.52"]));
    assert_eq!(plan.changes.len(), 3);
    let after = plan.changes.iter().fold(list(&[]), Facet::after);
    assert_eq!(after.text(), "192.0.2.50\n192.0.2.51\n198.51.100.52\n");
}

#[test]
fn an_ipv6_address_is_refused_and_told_and_its_ipv4_neighbours_are_listed() {
    let signal = attack(&["2001:db8:bad::1", "192.0.2.44"]);
    let plan = plan(&[], &list(&[]), &signal);
    assert_eq!(plan.changes.len(), 1);
    assert_eq!(
        plan.left[0].why.to_string(),
        "2001:db8:bad::1 is an IPv6 address, and GuardDuty's lists take IPv4 only"
    );
    assert!(!plan.left[0].why.is_out_of_scope(), "people are told");
}

#[test]
fn what_must_not_be_listed_is_refused_by_name() {
    type Case = (&'static [(&'static str, &'static str)], &'static str, &'static str);
    let cases: &[Case] = &[
        (&[], "10.0.9.9", "10.0.9.9 is private (10.0.0.0/8)"),
        (&[], "127.0.0.1", "127.0.0.1 is loopback (127.0.0.0/8)"),
        (&[], "169.254.169.254", "169.254.169.254 is link-local (169.254.0.0/16)"),
        (
            &[],
            "100.64.3.4",
            "100.64.3.4 is shared by a carrier's customers (CGNAT) (100.64.0.0/10)",
        ),
        (&[], "224.0.0.9", "224.0.0.9 is multicast (224.0.0.0/4)"),
        (&[], "240.0.0.1", "240.0.0.1 is reserved (240.0.0.0/4)"),
        (
            &[],
            "203.0.113.50",
            "203.0.113.50 is our own: Elastic IP eipalloc-1 in 111122223333/eu-west-1",
        ),
        (
            &[],
            "203.0.113.51",
            "203.0.113.51 is our own: a NAT gateway (eni-1) in 111122223333/eu-west-1",
        ),
        (&[], "192.0.2.130", "192.0.2.130 is on GuardDuty's list of trusted addresses"),
        (&[], "3.5.141.9", "3.5.141.9 lies in AWS's own ranges"),
        (
            &[("NEVER_LIST", "198.51.100.0/24, scanner.example")],
            "198.51.100.7",
            "198.51.100.7 is never to be listed (NeverList has 198.51.100.0/24)",
        ),
    ];
    for (settings, address, why) in cases {
        assert_eq!(refused(settings, &list(&[]), &attack(&[address])), [*why]);
    }
    let mut unreadable = list(&[]);
    let denied = "could not act in account 444455556666: AccessDenied";
    let mut known = known();
    known.own.insert(Place::new("444455556666", "eu-west-1"), Err(denied.into()));
    unreadable.known = Arc::new(known);
    let elsewhere =
        Signal { place: Place::new("444455556666", "eu-west-1"), ..attack(&["192.0.2.44"]) };
    assert_eq!(
        refused(&[], &list(&[]), &elsewhere),
        ["192.0.2.44 may be our own: the addresses of 444455556666/eu-west-1 are not known"]
    );
    assert_eq!(
        refused(&[], &unreadable, &elsewhere),
        [format!("192.0.2.44 may be our own: {denied}")]
    );
    assert_eq!(plan(&[], &unreadable, &attack(&["192.0.2.44"])).changes.len(), 1, "its neighbours");
}

#[test]
fn only_who_calls_us_is_an_attacker() {
    let cases: &[(Role, Direction, &str, &str)] = &[
        (Role::Target, Direction::Inbound, "UnauthorizedAccess:EC2/SSHBruteForce", ""),
        (Role::Unknown, Direction::Inbound, "AttackSequence:EC2/CompromisedInstanceGroup", ""),
        (
            Role::Actor,
            Direction::Outbound,
            "UnauthorizedAccess:EC2/SSHBruteForce",
            "192.0.2.45 is no attacker: our own resource attacks it",
        ),
        (
            Role::Actor,
            Direction::Inbound,
            "UnauthorizedAccess:EC2/SSHBruteForce",
            "192.0.2.45 is no attacker: our own resource attacks it",
        ),
        (
            Role::Target,
            Direction::Outbound,
            "UnauthorizedAccess:EC2/TorClient",
            "192.0.2.45 was called by our own resource",
        ),
        (
            Role::Target,
            Direction::Unknown,
            "UnauthorizedAccess:EC2/SSHBruteForce",
            "it is not known whether 192.0.2.45 called or was called",
        ),
        (
            Role::Actor,
            Direction::Outbound,
            "Backdoor:EC2/C&CActivity.B",
            "192.0.2.45 is where our own resource calls; such are listed with ListOutbound only",
        ),
    ];
    for (role, direction, kind, why) in cases {
        let signal = with(attack(&["192.0.2.45"]), |signal, threat| {
            signal.trigger = Trigger::Finding((*kind).into());
            threat.role = *role;
            threat.peers[0].direction = *direction;
        });
        assert_eq!(ignored(&[], &signal), *why, "{kind}");
    }
}

#[test]
fn command_and_control_servers_are_listed_where_the_operator_wants_them_domains_included() {
    let outbound = |host: &str, kind: &str| {
        with(attack(&[host]), |signal, threat| {
            signal.trigger = Trigger::Finding(kind.to_owned().into());
            threat.role = Role::Actor;
            threat.peers[0].direction = Direction::Outbound;
        })
    };
    let on = [("LIST_OUTBOUND", "true")];
    for (host, kind) in [
        ("192.0.2.46", "Backdoor:EC2/C&CActivity.B"),
        ("192.0.2.47", "CryptoCurrency:EC2/BitcoinTool.B"),
        ("bad.example.com", "Trojan:EC2/DNSDataExfiltration"),
    ] {
        let plan = plan(&on, &list(&[]), &outbound(host, kind));
        assert!(plan.lines()[0].starts_with(&format!("list {host} until")), "{:?}", plan.lines());
    }
    let victim = outbound("192.0.2.45", "UnauthorizedAccess:EC2/SSHBruteForce");
    assert!(ignored(&on, &victim).contains("is no attacker"));
    let intel = ThreatList { kind: Kind::IntelSet, ..list(&[]) };
    assert_eq!(
        refused(&on, &intel, &outbound("bad.example.com", "Trojan:EC2/DNSDataExfiltration")),
        ["bad.example.com is a domain, and a ThreatIntelSet takes addresses only"]
    );
}

#[test]
fn what_is_no_evidence_of_an_attacker_is_ignored_with_the_reason() {
    let kind = |kind: &str, severity| {
        with(attack(&["192.0.2.44"]), |signal, _| {
            signal.trigger = Trigger::Finding(kind.to_owned().into());
            signal.severity = severity;
        })
    };
    let brute = "UnauthorizedAccess:EC2/SSHBruteForce";
    for (settings, signal, why) in [
        (
            [("LIST_FROM_SEVERITY", "HIGH")],
            kind(brute, Severity::Medium),
            "its severity is MEDIUM, and ListFromSeverity is HIGH",
        ),
        (
            [("LIST_FROM_SEVERITY", "LOW")],
            kind(brute, Severity::Informational),
            "its severity is INFORMATIONAL, and ListFromSeverity is LOW",
        ),
        (
            [("LIST_DAYS", "1")],
            kind("Policy:IAMUser/RootCredentialUsage", Severity::High),
            "findings like Policy:IAMUser/RootCredentialUsage are about our own people, not strangers",
        ),
        (
            [("LIST_DAYS", "1")],
            kind("Discovery:IAMUser/AnomalousBehavior", Severity::Medium),
            "it only says that a call was unusual; below HIGH that is often a colleague \
             (Discovery:IAMUser/AnomalousBehavior)",
        ),
        ([("LIST_DAYS", "1")], attack(&[]), "it names nobody at the other end"),
    ] {
        assert_eq!(ignored(&settings, &signal), why);
    }
    let unusual = "CredentialAccess:RDS/AnomalousBehavior.SuccessfulLogin";
    assert_eq!(ignored(&[], &kind(unusual, Severity::High)), "");
    let asked = Signal { asked_by: Some("Kintsugi: run".into()), ..kind(brute, Severity::Medium) };
    assert_eq!(ignored(&[("LIST_FROM_SEVERITY", "HIGH")], &asked), "", "a person asked");
}

#[test]
fn who_is_seen_again_stays_longer_and_older_evidence_changes_nothing() {
    let facet = list(&["192.0.2.44"]);
    lists(
        &[],
        &facet,
        &attack(&["192.0.2.44"]),
        &["keep 192.0.2.44 on the list until 2026-12-20: seen from 2026-11-10 12:00 UTC to \
           2026-11-20 11:59 UTC, LOW, findings 16afba5c5c43e07c9e3e5e2e544e95df, 0"],
    );
    let older = |id: &str| Signal {
        id: id.into(),
        seen: "2026-11-09T00:00:00Z".parse().unwrap(),
        ..attack(&["192.0.2.44"])
    };
    lists(&[], &facet, &older("0"), &[]);
    lists(
        &[],
        &facet,
        &older("another"),
        &["keep 192.0.2.44 on the list until 2026-12-10: seen from 2026-11-09 00:00 UTC to \
           2026-11-10 12:00 UTC, LOW, findings 0, another"],
    );
}

#[test]
fn who_lies_in_a_listed_network_is_not_listed_a_second_time() {
    let plan = plan(&[], &list(&["198.51.100.0/24"]), &attack(&["198.51.100.7"]));
    assert!(plan.lines()[0].starts_with("keep 198.51.100.0/24 on the list"), "{:?}", plan.lines());
}

#[test]
fn a_finding_that_our_own_list_made_is_remembered_and_keeps_nobody_on_it() {
    let own = |hosts: &[&str]| {
        with(attack(hosts), |signal, threat| {
            signal.trigger =
                Trigger::Finding("UnauthorizedAccess:EC2/MaliciousIPCaller.Custom".into());
            threat.lists = vec!["kintsugi".into()];
        })
    };
    let facet = list(&["192.0.2.44"]);
    let plan = plan(&[], &facet, &own(&["192.0.2.44"]));
    let [ListChange::See { from, to, .. }] = plan.changes.as_slice() else {
        panic!("{:?}", plan.lines())
    };
    assert_eq!((to.until, to.last), (from.until, at("2026-11-20T11:59:00Z")));
    assert!(remedy::Change::is_routine(&plan.changes[0]), "no notification");
    lists(&[], &list(&[]), &own(&["192.0.2.44"]), &[]);
}

#[test]
fn what_was_taken_off_stays_off_until_there_is_newer_evidence() {
    let mut facet = list(&[]);
    facet.truth.removed.insert(name("192.0.2.44"), at("2026-11-20T11:59:00Z"));
    assert_eq!(
        refused(&[], &facet, &attack(&["192.0.2.44"])),
        ["192.0.2.44 was taken off the list, and was not seen since 2026-11-20 11:59 UTC"]
    );
    let newer = Signal { seen: "2026-11-20T11:59:01Z".parse().unwrap(), ..attack(&["192.0.2.44"]) };
    let plan = plan(&[], &facet, &newer);
    let after = plan.changes.iter().fold(facet, Facet::after);
    assert_eq!(after.text(), "192.0.2.44\n");
    assert!(after.truth.removed.is_empty());
}

#[test]
fn undo_takes_an_address_off_and_keeps_it_off() {
    let signal = attack(&["192.0.2.44"]);
    let listed = plan(&[], &list(&[]), &signal);
    let facet = listed.changes.iter().fold(list(&[]), Facet::after);
    let undo = listed.inverse().unwrap();
    assert_eq!(undo[0].to_string(), "take 192.0.2.44 off the list: its listing is taken back");
    let undone = undo.iter().fold(facet, Facet::after);
    assert_eq!(undone.text(), "");
    assert_eq!(refused(&[], &undone, &signal).len(), 1);
    let redone =
        undo.iter().rev().filter_map(remedy::Change::inverse).fold(undone, |f, c| f.after(&c));
    assert_eq!(redone.text(), "192.0.2.44\n", "undo of an undo");
}

#[test]
fn from_a_full_list_the_stalest_goes_with_an_alarm_and_what_a_person_wrote_stays() {
    let mut facet = list(&[]);
    let mut roll: Vec<(Name, Listing)> = (0..1_000_u32)
        .map(|n| {
            let address = Ipv4Addr::from(0xC633_0000 + n);
            (Name::address(address), listing("2026-11-15T12:00:00Z"))
        })
        .collect();
    roll[3].1 = Listing { by: By::Hand, until: Time::NEVER, ..listing("2026-01-01T00:00:00Z") };
    roll[7].1 = listing("2026-11-01T12:00:00Z");
    facet.truth.roll = roll.into_iter().collect();
    let signal = attack(&["192.0.2.44"]);
    lists(
        &[],
        &facet,
        &signal,
        &[
            "take 198.51.0.7 off the list: the list is full, and it was last seen on 2026-11-01 12:00 \
             UTC, before all others",
            "list 192.0.2.44 until 2026-12-20: seen 2026-11-20 11:59 UTC, LOW, finding \
             16afba5c5c43e07c9e3e5e2e544e95df",
        ],
    );
    assert!(plan(&[], &facet, &signal).alarm.unwrap().contains("full (1000 entries)"));
    let stale = Signal { seen: "2026-10-30T00:00:00Z".parse().unwrap(), ..attack(&["192.0.2.44"]) };
    assert_eq!(
        refused(&[], &facet, &stale),
        ["192.0.2.44 has no room: the list is full, and all on it was seen later"]
    );
    let intel = ThreatList { kind: Kind::IntelSet, ..facet };
    assert_eq!(plan(&[], &intel, &signal).changes.len(), 1, "there is room for 250,000");
}

#[test]
fn of_a_large_list_the_newest_finding_of_each_is_kept() {
    let names = (0..25_000_u32).map(|n| Name::address(Ipv4Addr::from(0xC633_0000 + n)));
    let mut facet = list(&[]);
    facet.truth.roll = names.map(|name| (name, listing("2026-11-10T12:00:00Z"))).collect();
    let facet = ThreatList { kind: Kind::IntelSet, ..facet };
    let ids = |signal: &Signal| {
        let plan = plan(&[], &facet, signal);
        let after = plan.changes.iter().fold(facet.clone(), Facet::after);
        let known = after.truth.roll.get(&name("198.51.0.1")).cloned().unwrap();
        let again = super::plan(&[], &after, signal);
        assert!(again.is_empty(), "{:?}", again.lines());
        known.findings.iter().map(|id| id.to_string()).collect::<Vec<_>>()
    };
    let newer = attack(&["198.51.0.1"]);
    assert_eq!(ids(&newer), ["16afba5c5c43e07c9e3e5e2e544e95df"]);
    let older = Signal { seen: "2026-11-09T00:00:00Z".parse().unwrap(), ..newer };
    assert_eq!(ids(&older), ["0"]);
}
