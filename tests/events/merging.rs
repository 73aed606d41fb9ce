//! Many findings in one event.

use remedy::{Reading, Severity, read};
use serde_json::{Value, json};

use super::{fixture, own, signals, told};

/// The finding of `hub-control`, about a group of this id, under an id of its own.
fn finding(number: usize, group: &str) -> Value {
    let mut finding = fixture("hub-control")["detail"]["findings"][0].take();
    finding["Id"] = json!(format!("finding-{number}"));
    finding["Resources"][0]["Id"] =
        json!(format!("arn:aws:ec2:eu-west-1:111122223333:security-group/{group}"));
    finding
}

fn event(findings: Vec<Value>) -> Value {
    let mut event = fixture("hub-control");
    event["detail"]["findings"] = findings.into();
    event
}

#[test]
fn of_twenty_findings_two_are_malformed_and_eighteen_are_handled_each_group_once() {
    let mut findings: Vec<_> =
        (0..20).map(|number| finding(number, &format!("sg-0{}", number % 6))).collect();
    findings[3] = json!("not a finding");
    findings[17]["Resources"] = json!("sg-05");
    let readings = read(&event(findings), &own());
    let mut handled: Vec<_> = readings
        .iter()
        .filter_map(|reading| match reading {
            Reading::Signal(signal) => Some(signal.findings.len()),
            _ => None,
        })
        .collect();
    handled.sort_unstable();
    assert_eq!(handled, [2, 2, 3, 3, 4, 4]);
    let unreadable: Vec<_> = readings
        .iter()
        .filter_map(|reading| match reading {
            Reading::Unreadable { about, why } => Some((about.id.as_str(), why.as_str())),
            _ => None,
        })
        .collect();
    assert_eq!(
        unreadable,
        [
            (
                "5d9b1a3e-0000-4000-8000-000000000001#3",
                "detail.findings[3] is a string, not an object"
            ),
            (
                "finding-17",
                "detail.findings[17] cannot be read at `Resources`: \
                 invalid type: string \"sg-05\", expected a sequence"
            ),
        ]
    );
    assert_eq!(readings.len(), 8);
}

#[test]
fn the_newest_of_those_that_are_alike_leads_and_nothing_else_is_lost() {
    let mut first = finding(1, "sg-0a1");
    first["Severity"] = json!({"Label": "CRITICAL"});
    first["Compliance"]["SecurityControlParameters"] = json!([{"Name": "a", "Value": ["1"]}]);
    let mut second = finding(2, "sg-0a1");
    second["UpdatedAt"] = json!("2026-11-20T10:30:00Z");
    second["Compliance"]["SecurityControlId"] = json!("ec2.13");
    // The bare id of a group names the same group.
    second["Resources"][0]["Id"] = json!("sg-0a1");
    let newest = "2026-11-20T10:30:00Z".parse().unwrap();
    for findings in [vec![first.clone(), second.clone()], vec![second, first]] {
        let [signal] = <[_; 1]>::try_from(signals(&event(findings))).unwrap();
        assert_eq!((signal.id.as_str(), signal.seen), ("finding-2", newest));
        assert_eq!(signal.severity, Severity::Critical);
        assert_eq!(signal.parameters["a"], ["1"]);
        let ids: Vec<_> = signal.findings.iter().map(remedy::Finding::id).collect();
        assert_eq!(ids, ["finding-2", "finding-1"]);
    }
}

#[test]
fn the_same_finding_twice_is_told_once() {
    let [signal] =
        <[_; 1]>::try_from(signals(&event(vec![finding(1, "sg-0a1"), finding(1, "sg-0a1")])))
            .unwrap();
    assert_eq!(signal.findings.len(), 1);
}

#[test]
fn findings_about_the_same_join_what_they_say_of_the_other_end() {
    let mut event = fixture("hub-guardduty");
    let list = event["detail"]["findings"].as_array_mut().unwrap();
    let mut later = list[0].clone();
    later["Id"] = json!("later");
    later["UpdatedAt"] = json!("2026-11-20T11:00:00Z");
    later["Action"]["NetworkConnectionAction"]["ConnectionDirection"] = json!("OUTBOUND");
    later["ProductFields"]["aws/guardduty/service/resourceRole"] = json!("ACTOR");
    later["ProductFields"]["aws/guardduty/service/additionalInfo/threatListName"] = json!("ours");
    list.push(later);
    let line = "LOW: finding UnauthorizedAccess:EC2/SSHBruteForce: \
        arn:aws:ec2:eu-west-1:111122223333:instance/i-0a1 (111122223333/eu-west-1), \
        as unknown, from 192.0.2.44, to 192.0.2.44, on list ours";
    assert_eq!(told(&event), [line]);
}

#[test]
fn other_groups_places_and_controls_are_other_signals() {
    let mut elsewhere = finding(3, "sg-0a1");
    elsewhere["Resources"][0]["Id"] =
        json!("arn:aws:ec2:us-east-1:111122223333:security-group/sg-0a1");
    let mut other = finding(4, "sg-0a1");
    other["Compliance"]["SecurityControlId"] = json!("EC2.19");
    let all = vec![finding(1, "sg-0a1"), finding(2, "sg-0b2"), elsewhere, other];
    assert_eq!(signals(&event(all)).len(), 4);
}

#[test]
fn what_is_ignored_and_what_is_not_stand_side_by_side() {
    let mut passed = finding(2, "sg-0b2");
    passed["Compliance"]["Status"] = json!("PASSED");
    assert_eq!(
        told(&event(vec![passed, finding(1, "sg-0a1")])),
        [
            "ignored: EC2.13: the control is passed",
            "HIGH: Security Hub control EC2.13: arn:aws:ec2:eu-west-1:111122223333:security-group/sg-0a1 (111122223333/eu-west-1)",
        ]
    );
}
