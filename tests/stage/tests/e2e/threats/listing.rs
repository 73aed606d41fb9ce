//! Who gets on the list.

use std::collections::BTreeSet;

use remedy::Place;
use stage::{Queue, events};

use super::{attack, guarded, of, read_by_guardduty};
use crate::case::run;

#[test]
fn attackers_are_listed_and_nobody_else_is() {
    run(|| async {
        let stage = guarded(&[("NeverList", "198.51.100.128/25")]).await;
        let own = stage.estate.elastic_ip().await.unwrap();
        let at = &stage.place;
        let threat = |name: &str, hosts: &[&str]| events::threat(name, at, hosts).unwrap();
        let elsewhere = Place::new("444455556666", at.region.clone());
        let cases = [
            ("an attacker", attack(&stage, "198.51.100.10"), "fixed", "1 of 1 changes"),
            (
                "one whose address begins the same",
                attack(&stage, "198.51.100.1"),
                "fixed",
                "1 of 1",
            ),
            (
                "a port probe by several",
                threat("guardduty-port-probe", &["192.0.2.50", "192.0.2.51", "203.0.113.52"]),
                "fixed",
                "3 of 3 changes",
            ),
            ("an API caller", threat("guardduty-access-key", &["192.0.2.60"]), "fixed", "1 of 1"),
            ("a sign-in", threat("guardduty-rds-login", &["192.0.2.61"]), "fixed", "1 of 1"),
            ("through Security Hub", threat("hub-guardduty", &["192.0.2.70"]), "fixed", "1 of 1"),
            (
                "a victim of our own",
                threat("guardduty-brute-force-by-us", &["192.0.2.80"]),
                "ignored",
                "192.0.2.80 is no attacker: our own resource attacks it",
            ),
            (
                "a server that our own calls",
                threat("guardduty-command-and-control", &["192.0.2.81"]),
                "ignored",
                "such are listed with ListOutbound only",
            ),
            ("a domain", threat("guardduty-dns", &["bad.example.com"]), "ignored", "ListOutbound"),
            ("a private one", attack(&stage, "10.0.9.9"), "held", "10.0.9.9 is private"),
            ("our own", attack(&stage, &own), "held", "is our own: Elastic IP"),
            (
                "IPv6",
                threat("guardduty-ipv6-only", &["2001:db8:bad::1"]),
                "held",
                "2001:db8:bad::1 is an IPv6 address",
            ),
            (
                "one of our scanners",
                attack(&stage, "198.51.100.200"),
                "held",
                "198.51.100.200 is never to be listed (NeverList has 198.51.100.128/25)",
            ),
            (
                "an account that is none of ours",
                events::threat("guardduty-brute-force", &elsewhere, &["192.0.2.90"]).unwrap(),
                "held",
                "192.0.2.90 may be our own: could not act in account 444455556666",
            ),
        ];
        let samples = [threat("guardduty-sample", &[]), threat("guardduty-archived", &[])];
        for (_, event, ..) in &cases {
            stage.send(event).await.unwrap();
        }
        for event in &samples {
            stage.send(event).await.unwrap();
        }
        let lines = read_by_guardduty(&stage).await;
        let expected = [
            "192.0.2.50",
            "192.0.2.51",
            "192.0.2.60",
            "192.0.2.61",
            "192.0.2.70",
            "198.51.100.1",
            "198.51.100.10",
            "203.0.113.52",
        ];
        assert_eq!(lines, expected);
        assert_eq!(stage.listed().await.unwrap(), expected);
        let records = stage.records().await.unwrap();
        let messages = stage.messages().await.unwrap();
        for (case, event, outcome, why) in &cases {
            let mine = of(&records, event);
            let [record] = mine.as_slice() else { panic!("{case}: {} records", mine.len()) };
            assert_eq!(record.outcome, *outcome, "{case}: {}", record.why);
            assert!(record.why.contains(why), "{case}: {}", record.why);
            let told = messages.iter().filter(|message| message.text.contains(&record.id)).count();
            assert_eq!(told, usize::from(*outcome != "ignored"), "{case}");
        }
        let ignored = records.iter().filter(|record| record.outcome == "ignored");
        let whys: BTreeSet<_> = ignored.map(|record| record.why.as_str()).collect();
        assert!(whys.contains("it is a sample finding: nothing of it is real"), "{whys:?}");
        assert!(whys.contains("the finding is archived"), "{whys:?}");
        assert_eq!(stage.waiting(Queue::DeadFindings).await.unwrap(), 0);
    });
}
