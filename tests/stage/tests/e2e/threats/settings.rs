//! What operators chose.

use std::net::Ipv4Addr;

use aws_sdk_guardduty::types::IpSetFormat;
use catalog::guardduty::{Listing, Name, Time, Truth};
use stage::{Stage, events};

use super::{attack, guarded, of, read_by_guardduty};
use crate::case::run;

#[test]
fn the_larger_kind_of_list_is_kept_with_the_rights_that_it_needs() {
    run(|| async {
        let stage =
            guarded(&[("ThreatListKind", "ThreatIntelSet"), ("ListOutbound", "true")]).await;
        let called = |name: &str, host: &str| events::threat(name, &stage.place, &[host]).unwrap();
        stage.send(&called("guardduty-command-and-control", "192.0.2.81")).await.unwrap();
        let domain = called("guardduty-dns", "bad.example.com");
        stage.send(&domain).await.unwrap();
        stage.send(&attack(&stage, "198.51.100.1")).await.unwrap();
        assert_eq!(read_by_guardduty(&stage).await, ["192.0.2.81", "198.51.100.1"]);
        assert_eq!(stage.at_guardduty().await.unwrap().kind, "ThreatIntelSet");
        let records = stage.records().await.unwrap();
        let why = &of(&records, &domain)[0].why;
        assert!(why.contains("a ThreatIntelSet takes addresses only"), "{why}");
    });
}

#[test]
fn domains_are_listed_where_the_kind_takes_them() {
    run(|| async {
        let stage = guarded(&[("ListOutbound", "true")]).await;
        let domain = events::threat("guardduty-dns", &stage.place, &["bad.example.com"]).unwrap();
        stage.send(&domain).await.unwrap();
        assert_eq!(read_by_guardduty(&stage).await, ["bad.example.com"]);
    });
}

/// The operator trusts 203.0.113.0/28, by a list at GuardDuty.
async fn trusts(stage: &Stage) {
    stage.bucket("our-lists").await.unwrap();
    stage.put_in("our-lists", "trusted.txt", "203.0.113.0/28\n").await.unwrap();
    let client = stage.guardduty_client();
    let detectors = client.list_detectors().send().await.unwrap();
    let call = client.create_ip_set().detector_id(&detectors.detector_ids()[0]).name("trusted");
    let call = call.format(IpSetFormat::Txt).location("s3://our-lists/trusted.txt");
    call.activate(true).send().await.unwrap();
}

#[test]
fn what_is_trusted_or_aws_s_own_is_refused() {
    run(|| async {
        let parameters = [
            ("RefuseAwsRanges", "true"),
            ("TrustedListObject", "our-lists/trusted.txt"),
            ("ListFromSeverity", "MEDIUM"),
        ];
        let stage = guarded(&parameters).await;
        trusts(&stage).await;

        let medium = |address: &str| {
            let mut event = attack(&stage, address);
            event["detail"]["severity"] = 5.0.into();
            event
        };
        let cases = [
            (medium("203.0.113.9"), "held", "is on GuardDuty's list of trusted addresses"),
            (medium("3.5.141.7"), "held", "lies in AWS's own ranges"),
            (attack(&stage, "198.51.100.2"), "ignored", "its severity is LOW"),
            (medium("198.51.100.1"), "fixed", ""),
        ];
        for (event, ..) in &cases {
            stage.send(event).await.unwrap();
        }
        let lines = read_by_guardduty(&stage).await;
        let records = stage.records().await.unwrap();
        let said: Vec<_> = records.iter().map(|record| &record.why).collect();
        assert_eq!(lines, ["198.51.100.1"], "{said:#?}");
        for (event, outcome, why) in &cases {
            let record = of(&records, event)[0];
            assert_eq!(record.outcome, *outcome, "{}", record.why);
            assert!(record.why.contains(why), "{}", record.why);
        }
    });
}

#[test]
fn a_trusted_list_that_cannot_be_read_keeps_everybody_off_and_says_what_to_set() {
    run(|| async {
        let stage = guarded(&[]).await;
        trusts(&stage).await;
        let event = attack(&stage, "198.51.100.1");
        stage.send(&event).await.unwrap();
        stage.settled().await.unwrap();
        let records = stage.records().await.unwrap();
        let record = of(&records, &event)[0];
        assert_eq!(record.outcome, "unreadable");
        assert!(record.why.contains("set TrustedListObject to its bucket/key"), "{}", record.why);
        assert_eq!(stage.waiting(stage::Queue::DeadFindings).await.unwrap(), 1);
    });
}

#[test]
fn from_a_full_list_the_stalest_goes_and_operators_hear_of_it() {
    run(|| async {
        let stage = guarded(&[]).await;
        let now = Time::from(events::now());
        let listing = |age: u32| Listing {
            first: Time(now.0 - age),
            last: Time(now.0 - age),
            until: Time(now.0 + 100_000),
            ..Listing::default()
        };
        let name = |nth: u32| Name::address(Ipv4Addr::from(0xCB00_7100_u32 - 5_000 + nth));
        let roll = (0..1_000).map(|nth| (name(nth), listing(if nth == 7 { 90_000 } else { 500 })));
        let truth = Truth { serial: 1, roll: roll.collect(), ..Truth::default() };
        let json = String::from_utf8(truth.write()).unwrap();
        stage.put_object("kintsugi.json", &json).await.unwrap();
        stage.send(&attack(&stage, "198.51.100.1")).await.unwrap();
        let lines = read_by_guardduty(&stage).await;
        assert_eq!(lines.len(), 1_000);
        assert!(
            lines.contains(&"198.51.100.1".to_owned()) && !lines.contains(&name(7).to_string())
        );
        let messages = stage.messages().await.unwrap();
        let message = messages.iter().find(|m| m.text.contains("198.51.100.1")).unwrap();
        assert!(message.text.contains("the list is full (1000 entries)"), "{}", message.text);
        assert!(stage.log().unwrap().contains("\"Alarmed\":1"), "the metric of the alarm");
    });
}

#[test]
fn the_tags_of_the_list_say_whether_it_may_be_touched() {
    run(|| async {
        let stage = guarded(&[("MaxListingsPerHour", "2")]).await;
        stage.send(&attack(&stage, "198.51.100.1")).await.unwrap();
        assert_eq!(read_by_guardduty(&stage).await, ["198.51.100.1"]);
        stage.tag_list("DoNotRemediate", "for now").await.unwrap();
        let event = attack(&stage, "198.51.100.2");
        stage.send(&event).await.unwrap();
        assert_eq!(read_by_guardduty(&stage).await, ["198.51.100.1"]);
        let records = stage.records().await.unwrap();
        assert_eq!(of(&records, &event)[0].why, "it carries the opt-out tag DoNotRemediate");

        stage.untag_list("DoNotRemediate").await.unwrap();
        for nth in 3..=5 {
            stage.send(&attack(&stage, &format!("198.51.100.{nth}"))).await.unwrap();
            stage.settled().await.unwrap();
        }
        assert_eq!(stage.listed().await.unwrap(), ["198.51.100.1", "198.51.100.3"], "the cap");
        // Who is on the list already may be seen as often as they are.
        stage.send(&attack(&stage, "198.51.100.1")).await.unwrap();
        stage.settled().await.unwrap();
        let known = stage.listing("198.51.100.1").await.unwrap().unwrap();
        assert_eq!(known.findings.iter().count(), 2);
    });
}

#[test]
fn in_a_dry_run_nobody_is_listed_and_the_message_says_who_would_be() {
    run(|| async {
        let stage = guarded(&[("Mode", "dry-run")]).await;
        stage.send(&attack(&stage, "198.51.100.1")).await.unwrap();
        stage.settled().await.unwrap();
        stage.sweep().await.unwrap();
        assert!(stage.listed().await.unwrap().is_empty() && stage.lists().unwrap().is_empty());
        let messages = stage.messages().await.unwrap();
        let [message] = messages.as_slice() else { panic!("{messages:?}") };
        assert!(
            message.text.contains("Would change:\n  list 198.51.100.1 until"),
            "{}",
            message.text
        );
    });
}
