//! What a finding's state, time, place and parameters do to what is read in it.

use remedy::{Finding, Ignored, Reading, Severity, Source, Trigger, read};
use serde_json::{Value, json};

use super::{fixture, one, own, signals, told, with, without};

const HUB: &str = "/detail/findings/0";

fn ignored(event: &Value) -> Ignored {
    let mut readings = read(event, &own());
    assert_eq!(readings.len(), 1, "{readings:#?}");
    match readings.remove(0) {
        Reading::Ignored { why, .. } => why,
        other => panic!("not ignored: {other:#?}"),
    }
}

fn is_signal(event: &Value) -> bool {
    matches!(read(event, &own()).as_slice(), [Reading::Signal(_)])
}

#[test]
fn a_finding_in_security_hub_counts_only_while_it_stands() {
    let not_failed = |status: &str| Ignored::NotFailed { status: status.into() };
    for event in [fixture("hub-control"), fixture("hub-custom-action")] {
        let mut event = event;
        event["detail"]["findings"].as_array_mut().unwrap().truncate(1);
        for (field, value, expected) in [
            ("RecordState", "ARCHIVED", Ignored::Archived),
            ("Workflow/Status", "SUPPRESSED", Ignored::Suppressed),
            ("Workflow/Status", "RESOLVED", Ignored::Resolved),
            ("Compliance/Status", "PASSED", Ignored::Passed),
            ("Compliance/Status", "WARNING", not_failed("WARNING")),
            ("Compliance/Status", "NOT_AVAILABLE", not_failed("NOT_AVAILABLE")),
        ] {
            assert_eq!(
                ignored(&with(&event, &format!("{HUB}/{field}"), value)),
                expected,
                "{field}"
            );
        }
        for (field, value) in
            [("Workflow/Status", "NEW"), ("Workflow/Status", "NOTIFIED"), ("RecordState", "ACTIVE")]
        {
            assert!(is_signal(&with(&event, &format!("{HUB}/{field}"), value)), "{field} {value}");
        }
    }
}

#[test]
fn a_finding_in_ocsf_counts_only_while_it_stands() {
    let event = fixture("hub-v2-control");
    let not_failed = |status: &str| Ignored::NotFailed { status: status.into() };
    let cases: &[(&[(&str, Value)], Ignored)] = &[
        (&[("status_id", json!(5))], Ignored::Archived),
        (&[("activity_id", json!(3))], Ignored::Archived),
        (&[("status_id", json!(3))], Ignored::Suppressed),
        (&[("status_id", json!(4))], Ignored::Resolved),
        (&[("compliance/status_id", json!(1)), ("status_id", json!(4))], Ignored::Passed),
        (&[("compliance/status_id", json!(2))], not_failed("WARNING")),
        (
            &[("compliance/status_id", json!(0)), ("compliance/status", json!("Unknown"))],
            not_failed("unknown"),
        ),
        (
            &[("compliance/status_id", Value::Null), ("compliance/status", json!("Pass"))],
            Ignored::Passed,
        ),
    ];
    for (changes, expected) in cases {
        let set = |event: Value, (field, value): &(&str, Value)| {
            with(&event, &format!("{HUB}/{field}"), value.clone())
        };
        let event = changes.iter().fold(event.clone(), set);
        assert_eq!(ignored(&event), *expected, "{changes:?}");
    }
    for (field, value) in
        [("status_id", json!(2)), ("compliance/status_id", Value::Null), ("activity_id", json!(1))]
    {
        assert!(is_signal(&with(&event, &format!("{HUB}/{field}"), value)), "{field}");
    }
}

#[test]
fn a_finding_in_ocsf_is_the_same_as_its_twin() {
    let [asff] = &signals(&fixture("hub-control"))[..] else { panic!("one") };
    for name in ["hub-v2-control", "hub-v2-arn-in-uid"] {
        let [mut ocsf] = <[_; 1]>::try_from(signals(&fixture(name))).unwrap();
        let uid = "e51603d1054aad9d9f498d82d6e81acf4cf6bc88140e8ad2273123c73b810840".into();
        assert_eq!(
            (ocsf.source, &ocsf.findings[..]),
            (Source::SecurityHubV2, &[Finding::Ocsf { uid }][..])
        );
        ocsf.source = asff.source;
        ocsf.findings.clone_from(&asff.findings);
        assert_eq!(ocsf, *asff);
    }
    let event = fixture("hub-v2-control");
    let in_millis = without(&event, "/detail/findings/0/finding_info/modified_time_dt");
    assert_eq!(signals(&in_millis)[0].seen, asff.seen);
}

#[test]
fn a_rule_of_config_counts_only_when_it_complains_of_what_is_there() {
    let event = fixture("config-restricted-ssh");
    let result = "/detail/newEvaluationResult";
    let mode = "/evaluationResultIdentifier/evaluationResultQualifier/evaluationMode";
    for status in ["COMPLIANT", "NOT_APPLICABLE", "INSUFFICIENT_DATA"] {
        let expected = Ignored::Compliant { status: status.into() };
        assert_eq!(ignored(&with(&event, &format!("{result}/complianceType"), status)), expected);
    }
    let proactive = with(&event, &format!("{result}{mode}"), "PROACTIVE");
    assert_eq!(ignored(&proactive), Ignored::Proactive);
    assert_eq!(ignored(&with(&event, result, Value::Null)), Ignored::Deleted);
    let answer = "/detail/findings/0/ProductFields/aws~1config~1ConfigComplianceType";
    let mut event = fixture("hub-config-rule");
    *event.pointer_mut(answer).unwrap() = json!("NOT_APPLICABLE");
    assert_eq!(ignored(&event), Ignored::Compliant { status: "NOT_APPLICABLE".into() });
}

#[test]
fn our_own_update_is_known_until_there_is_new_evidence_or_a_person_asks_again() {
    let echo = fixture("hub-our-own-note");
    assert_eq!(ignored(&echo), Ignored::OwnNote);
    for (field, value) in [
        ("Workflow/Status", "NEW"),
        ("UpdatedAt", "2026-11-20T10:00:06.000Z"),
        ("Note/UpdatedBy", "alice"),
    ] {
        assert!(is_signal(&with(&echo, &format!("{HUB}/{field}"), value)), "{field}");
    }
    let mut asked = with(&echo, "/detail-type", "Security Hub Findings - Custom Action");
    asked["detail"]["actionName"] = json!("Kintsugi: run");
    assert!(is_signal(&asked));
}

#[test]
fn our_own_comment_in_ocsf_is_known_until_there_is_new_evidence_or_a_person_asks_again() {
    let event = with(&fixture("hub-v2-control"), "/detail/findings/0/status_id", 2);
    let seen = "2026-11-20T09:59:01.250Z".parse().unwrap();
    let comment = own().comment(seen, "held: the group belongs to EKS");
    let echo = with(&event, "/detail/findings/0/comment", comment);
    assert_eq!(ignored(&echo), Ignored::OwnNote);
    for (field, value) in [
        ("status_id", json!(1)),
        ("finding_info/last_seen_time_dt", json!("2026-11-20T11:00:00Z")),
        ("comment", json!("looks bad to me")),
    ] {
        assert!(is_signal(&with(&echo, &format!("{HUB}/{field}"), value)), "{field}");
    }
}

#[test]
fn calls_of_our_own_roles_are_known_by_session_and_by_arn() {
    let event = fixture("cloudtrail-authorize");
    let arn = "arn:aws:sts::111122223333:assumed-role/kintsugi-ec2/run";
    let by_arn = with(&event, "/detail/userIdentity/arn", arn);
    assert_eq!(ignored(&by_arn), Ignored::OwnCall { role: "kintsugi-ec2".into() });
    let issuer = "/detail/userIdentity/sessionContext/sessionIssuer/userName";
    let by_session = with(&event, issuer, "kintsugi-ec2");
    assert_eq!(ignored(&by_session), Ignored::OwnCall { role: "kintsugi-ec2".into() });
}

#[test]
fn a_finding_type_says_for_whom_it_is_and_a_control_nobody_knows_is_ignored() {
    let event = fixture("hub-cis-1.2");
    let unknown = with(&event, "/detail/findings/0/GeneratorId", "cis/v/1/9.9");
    // Its other names still say it.
    assert_eq!(signals(&unknown)[0].trigger, Trigger::control("EC2.13"));
    let mut unknown = unknown;
    let finding = &mut unknown["detail"]["findings"][0];
    finding["Id"] = json!("finding-1");
    finding["ProductFields"] = json!({});
    assert_eq!(ignored(&unknown), Ignored::NoTrigger { generator: "cis/v/1/9.9".into() });
    let linked = with(
        &unknown,
        "/detail/findings/0/Remediation/Recommendation/Url",
        "https://docs.aws.amazon.com/console/securityhub/EC2.13/remediation",
    );
    assert_eq!(signals(&linked)[0].trigger, Trigger::control("EC2.13"));
}

#[test]
fn a_control_in_another_case_is_the_same_control() {
    let pointer = "/detail/findings/0/Compliance/SecurityControlId";
    let event = with(&fixture("hub-control"), pointer, " ec2.13 ");
    assert!(signals(&event)[0].trigger.is(&Trigger::control("EC2.13")));
    for missing in [without(&fixture("hub-control"), pointer), with(&event, pointer, "")] {
        assert!(signals(&missing)[0].trigger.is(&Trigger::control("EC2.13")));
    }
}

#[test]
fn samples_are_known_by_title_by_field_and_by_text() {
    let event = fixture("guardduty-brute-force");
    let info = "/detail/service/additionalInfo";
    for (pointer, value) in [
        ("/detail/title", json!("[SAMPLE] 192.0.2.44 is knocking")),
        (&format!("{info}/sample"), json!(true)),
        (&format!("{info}/sample"), json!("true")),
        (&format!("{info}/value"), json!("{\"sample\":true}")),
    ] {
        assert_eq!(ignored(&with(&event, pointer, value)), Ignored::Sample, "{pointer}");
    }
    let hub = fixture("hub-guardduty");
    for (field, value) in [("Sample", json!(true)), ("Title", json!("[SAMPLE] x"))] {
        assert_eq!(ignored(&with(&hub, &format!("{HUB}/{field}"), value)), Ignored::Sample);
    }
    let mut hub = hub;
    hub["detail"]["findings"][0]["ProductFields"]["aws/guardduty/service/additionalInfo/sample"] =
        json!("true");
    assert_eq!(ignored(&hub), Ignored::Sample);
}

#[test]
fn a_finding_of_guardduty_counts_unless_it_is_archived_or_about_nothing() {
    let event = fixture("guardduty-brute-force");
    assert_eq!(ignored(&with(&event, "/detail/service/archived", true)), Ignored::Archived);
    let nothing =
        with(&fixture("guardduty-runtime"), "/detail/resource", json!({"resourceType": "Toaster"}));
    assert_eq!(ignored(&nothing), Ignored::NoResource { kind: "Toaster".into() });
}

#[test]
fn the_same_finding_later_or_from_elsewhere_is_new_evidence() {
    let event = fixture("guardduty-brute-force");
    let ip = "/detail/service/action/networkConnectionAction/remoteIpDetails/ipAddressV4";
    let later = with(&with(&event, ip, "192.0.2.99"), "/detail/updatedAt", "2026-11-20T12:00:00Z");
    let (first, second) = (&signals(&event)[0], &signals(&later)[0]);
    assert_eq!(first.id, second.id);
    assert!(first.seen < second.seen);
    assert_ne!(first.threat, second.threat);
}

#[test]
fn guardduty_and_security_hub_know_a_finding_by_the_same_id() {
    let id = |name| signals(&fixture(name))[0].id.clone();
    assert_eq!(id("guardduty-brute-force"), id("hub-guardduty"));
    assert_eq!(id("hub-v2-guardduty"), id("hub-guardduty"));
}

#[test]
fn a_signal_says_when_and_where_it_was_found() {
    for (name, id, seen) in [
        (
            "config-restricted-ssh",
            "arn:aws:config:eu-west-1:111122223333:config-rule/config-rule-abc123/sg-0a1",
            "2026-11-20T09:59:58.234Z",
        ),
        ("cloudtrail-create", "66666666-7777-8888-9999-000000000004", "2026-11-20T09:59:30Z"),
        (
            "hub-control",
            "arn:aws:securityhub:eu-west-1:111122223333:security-control/EC2.13/finding/a1b2c3d4-5678-90ab-cdef-000000000001",
            "2026-11-20T09:59:00Z",
        ),
    ] {
        let signal = &signals(&fixture(name))[0];
        assert_eq!((signal.id.as_str(), signal.seen), (id, seen.parse().unwrap()), "{name}");
    }
}

#[test]
fn a_control_brings_its_parameters_and_the_finding_to_tell() {
    let signal = &signals(&fixture("hub-control-with-parameters"))[0];
    let tcp = ["80", "443", "8000-8100"].map(String::from).to_vec();
    let expected = [("authorizedTcpPorts".into(), tcp), ("authorizedUdpPorts".into(), vec![])];
    assert_eq!(signal.parameters, expected.into());
    let product = "arn:aws:securityhub:eu-west-1::product/aws/securityhub".into();
    assert_eq!(signal.findings, [Finding::Asff { id: signal.id.clone(), product }]);
}

#[test]
fn a_severity_is_a_label_else_a_number_else_nothing() {
    let event = fixture("hub-control");
    for (severity, expected) in [
        (json!({"Label": "CRITICAL", "Normalized": 1}), Severity::Critical),
        (json!({"Label": "odd", "Normalized": 40}), Severity::Medium),
        (json!({"Normalized": "90"}), Severity::Critical),
        (json!({"Normalized": 0}), Severity::Informational),
        (json!("HIGH"), Severity::Informational),
        (Value::Null, Severity::Informational),
    ] {
        let event = with(&event, "/detail/findings/0/Severity", severity);
        assert_eq!(signals(&event)[0].severity, expected);
    }
    let event = fixture("guardduty-brute-force");
    for (severity, expected) in [
        (json!(9), Severity::Critical),
        (json!(8.9), Severity::High),
        (json!(7.0), Severity::High),
        (json!(4), Severity::Medium),
        (json!("3.9"), Severity::Low),
        (json!(0), Severity::Informational),
        (Value::Null, Severity::Informational),
    ] {
        assert_eq!(signals(&with(&event, "/detail/severity", severity))[0].severity, expected);
    }
}

#[test]
fn what_a_finding_does_not_say_of_its_place_the_envelope_does() {
    let mut event = fixture("hub-bare-id-in-govcloud");
    let finding = event["detail"]["findings"][0].as_object_mut().unwrap();
    finding.remove("Region");
    finding.remove("AwsAccountId");
    finding["Resources"] = json!([{"Id": "sg-0d4"}]);
    let expected = "HIGH: Security Hub control EC2.2: \
        arn:aws-us-gov:ec2:us-gov-west-1:111122223333:security-group/sg-0d4 (111122223333/us-gov-west-1)";
    assert_eq!(one(&event), expected);
}

#[test]
fn a_call_of_another_service_with_the_same_name_is_another_call() {
    let event =
        with(&fixture("cloudtrail-authorize"), "/detail/eventSource", "redshift.amazonaws.com");
    let expected = Ignored::OtherCall { name: "AuthorizeSecurityGroupIngress".into() };
    assert_eq!(ignored(&event), expected);
}

#[test]
fn text_from_outside_is_cut_to_one_short_line() {
    let title = format!("open\r\nFIXED: all well\u{1b}[2J{}", "x".repeat(1000));
    let event = with(&fixture("hub-control"), "/detail/findings/0/Title", title);
    let title = &signals(&event)[0].title;
    assert!(title.chars().count() <= 256 && !title.chars().any(char::is_control), "{title}");
    assert_eq!(told(&event).len(), 1);
}
