//! Who gets on the threat list, who does not, and who leaves it again.

mod listing;
mod sweeping;

use std::{net::Ipv4Addr, sync::Arc};

use catalog::guardduty::{
    By, Findings, Known, ListAttackers, ListChange, Listing, Name, Roll, Status, ThreatList, Time,
    Trusted, Truth,
};
use remedy::{
    Case, Direction, Host, Peer, Place, Plan, Remediation, Role, Settings, Severity, Signal,
    Source, Threat, Timestamp, Trigger, check,
};

const BUCKET: (&str, &str) = ("THREAT_LIST_BUCKET", "bucket");
const FINDING: &str = "arn:aws:guardduty:eu-west-1:111122223333:detector/d/finding/\
                       16afba5c5c43e07c9e3e5e2e544e95df";

pub(crate) fn name(text: &str) -> Name {
    text.parse().unwrap()
}

pub(crate) fn at(text: &str) -> Time {
    text.parse::<Timestamp>().unwrap().into()
}

fn configured<R: Remediation>(more: &[(&str, &str)]) -> R {
    let settings: Settings = [BUCKET].iter().chain(more).copied().collect();
    R::configured(&settings).unwrap()
}

/// A finding of brute force, by `hosts`.
pub(crate) fn attack(hosts: &[&str]) -> Signal {
    let peer = |host: &&str| Peer {
        host: match host.parse() {
            Ok(address) => Host::Address(address),
            Err(_) => Host::Domain((*host).into()),
        },
        direction: Direction::Inbound,
        blocked: false,
    };
    let peers = hosts.iter().map(peer).collect();
    Signal {
        id: FINDING.into(),
        seen: "2026-11-20T11:59:00Z".parse().unwrap(),
        source: Source::GuardDuty,
        trigger: Trigger::Finding("UnauthorizedAccess:EC2/SSHBruteForce".into()),
        severity: Severity::Low,
        threat: Some(Threat { role: Role::Target, peers, lists: Vec::new() }),
        ..check::signal("arn:aws:ec2:eu-west-1:111122223333:instance/i-0a1")
    }
}

fn with(signal: Signal, edit: impl FnOnce(&mut Signal, &mut Threat)) -> Signal {
    let mut signal = signal;
    let mut threat = signal.threat.take().unwrap();
    edit(&mut signal, &mut threat);
    Signal { threat: Some(threat), ..signal }
}

fn known() -> Known {
    let own = |address: &str, what: &str| (address.parse::<Ipv4Addr>().unwrap(), what.to_owned());
    let here = [
        own("203.0.113.50", "Elastic IP eipalloc-1"),
        own("203.0.113.51", "a NAT gateway (eni-1)"),
    ];
    let trusted = Trusted::read(&["192.0.2.128/28\npartner.example\n".to_owned()]);
    Known {
        own: [(Place::new("111122223333", "eu-west-1"), Ok(Arc::new(here.into())))].into(),
        trusted: Arc::new(trusted),
        aws: Arc::new(["3.5.140.0/22".parse().unwrap()].into_iter().collect()),
    }
}

pub(crate) fn listing(last: &str) -> Listing {
    Listing {
        first: at(last),
        last: at(last),
        until: at(last).after(chrono::TimeDelta::days(30)),
        severity: Severity::Low,
        by: By::Finding,
        findings: Findings::one("0"),
        serial: 1,
    }
}

/// A list with these on it, seen for the last time at noon of the 10th.
pub(crate) fn list(names: &[&str]) -> ThreatList {
    let roll: Roll =
        names.iter().map(|text| (name(text), listing("2026-11-10T12:00:00Z"))).collect();
    let serial = u32::from(!names.is_empty());
    ThreatList {
        truth: Truth { serial, shown: serial, roll, ..Truth::default() },
        told: serial,
        status: Status::Active,
        known: Arc::new(known()),
        tags: [("AutoRemediate".into(), "True".into())].into(),
        ..ThreatList::default()
    }
}

#[track_caller]
fn lists(settings: &[(&str, &str)], facet: &ThreatList, signal: &Signal, expected: &[&str]) {
    let remediation: ListAttackers = configured(settings);
    assert_eq!(remediation.ignores(signal), None);
    check::check(&remediation, facet, signal, expected);
}

fn plan(settings: &[(&str, &str)], facet: &ThreatList, signal: &Signal) -> Plan<ListChange> {
    let remediation: ListAttackers = configured(settings);
    remediation.plan(facet, &Case { signal, now: check::now() })
}

/// Why each of those that were refused was.
fn refused(settings: &[(&str, &str)], facet: &ThreatList, signal: &Signal) -> Vec<String> {
    let plan = plan(settings, facet, signal);
    assert!(plan.is_empty(), "{:?}", plan.lines());
    plan.left.iter().map(|left| left.why.to_string()).collect()
}

fn ignored(settings: &[(&str, &str)], signal: &Signal) -> String {
    configured::<ListAttackers>(settings).ignores(signal).unwrap_or_default()
}
