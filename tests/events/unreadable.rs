//! What nobody can read: each says what was expected and what was there.

use remedy::{Reading, read};
use serde_json::{Value, json};

use super::{fixture, one, own, with, without};

/// Why the only finding of `event` cannot be read.
fn why(event: &Value) -> String {
    let mut readings = read(event, &own());
    assert_eq!(readings.len(), 1, "{readings:#?}");
    match readings.remove(0) {
        Reading::Unreadable { why, .. } => why,
        other => panic!("readable: {other:#?}"),
    }
}

#[test]
fn an_envelope_that_is_none_says_so() {
    let event = fixture("config-restricted-ssh");
    for (event, expected) in [
        (json!(null), "the event is null, not an object"),
        (json!("{}"), "the event is a string, not an object"),
        (json!([event]), "the event is a list, not an object"),
        (json!({}), "the event cannot be read: missing field `detail-type`"),
        (without(&event, "/source"), "the event cannot be read: missing field `source`"),
        (without(&event, "/detail"), "the event cannot be read: missing field `detail`"),
        (
            with(&event, "/time", "yesterday"),
            "the event cannot be read at `time`: input contains invalid characters",
        ),
        (
            with(&event, "/account", 111_122_223_333_u64),
            "the event cannot be read at `account`: \
             invalid type: integer `111122223333`, expected a string",
        ),
        (with(&event, "/detail", json!(null)), "detail is null, not an object"),
    ] {
        assert_eq!(why(&event), expected);
    }
}

#[test]
fn an_event_without_time_is_read_for_nothing_needs_it() {
    assert!(
        one(&without(&fixture("config-restricted-ssh"), "/time")).starts_with("INFORMATIONAL: ")
    );
}

#[test]
fn a_kind_of_event_that_is_unknown_is_named_in_one_short_line() {
    let event = with(&fixture("health-abuse"), "/detail-type", format!("x\n{}", "y".repeat(500)));
    let why = why(&event);
    assert!(why.starts_with("no reader for events of source `aws.health` and detail-type `x yyy"));
    assert!(why.chars().count() < 200 && !why.contains('\n'), "{why}");
    for (pointer, value) in [
        ("/source", "my.app"),
        ("/source", "aws.guardduty"),
        ("/detail-type", "Security Hub Insight Results"),
    ] {
        let why = one(&with(&fixture("hub-control"), pointer, value));
        assert!(why.contains("no reader for events of source"), "{why}");
    }
    let forged = with(&fixture("cloudtrail-authorize"), "/source", "my.app");
    assert!(one(&forged).contains("no reader for events of source `my.app`"));
}

#[test]
fn a_finding_says_which_of_its_fields_is_wrong() {
    let hub = fixture("hub-control");
    let finding = "/detail/findings/0";
    for (field, value, expected) in [
        ("Id", json!(5), "at `Id`: invalid type: integer `5`, expected a string"),
        ("UpdatedAt", json!("x"), "at `UpdatedAt`: `x` is no time as in RFC 3339"),
        (
            "Compliance",
            json!("FAILED"),
            "at `Compliance`: invalid type: string \"FAILED\", expected an object",
        ),
        (
            "Compliance/Status",
            json!("FAIL"),
            "Compliance.Status is `FAIL`, which is none of ASFF's",
        ),
        ("Workflow/Status", json!("DONE"), "at `Workflow.Status`: unknown variant `DONE`"),
        ("RecordState", json!(1), "at `RecordState`: "),
        ("Resources", json!([]), "it names no resource"),
        ("Resources/0/Id", json!(""), "the name of the resource is empty"),
        (
            "Resources/0/Id",
            json!("sg-1\n"),
            "the name of the resource holds control characters: `sg-1 `",
        ),
        ("Resources/0/Id", json!("x".repeat(2000)), "the name of the resource is 2000 bytes long"),
        ("Id", json!(""), "the finding's id is empty"),
        (
            "Resources/0/Id",
            json!("arn:aws:ec2:eu-west-1:12:security-group/sg-1"),
            "no account and Region of AWS: account `12`, Region `eu-west-1`",
        ),
    ] {
        let why = why(&with(&hub, &format!("{finding}/{field}"), value));
        assert!(why.contains(expected), "{field}: {why}");
    }
    let why_not = why(&without(&hub, "/detail/findings/0/Compliance/Status"));
    assert_eq!(why_not, "Compliance.Status is missing");
}

#[test]
fn findings_that_are_no_list_or_too_many_are_one_complaint() {
    let hub = fixture("hub-control");
    let many = vec![json!({}); 101];
    for (findings, expected) in [
        (json!({}), "detail.findings is an object, not a list"),
        (json!([]), "detail.findings holds 0 findings; 1 to 100 can be read"),
        (json!(many), "detail.findings holds 101 findings; 1 to 100 can be read"),
    ] {
        assert_eq!(why(&with(&hub, "/detail/findings", findings)), expected);
    }
    assert_eq!(why(&without(&hub, "/detail/findings")), "detail.findings is missing");
    let resources = vec![json!({"Id": "sg-1"}); 101];
    let crowded = with(&hub, "/detail/findings/0/Resources", json!(resources));
    assert_eq!(why(&crowded), "it names 101 resources; at most 100 can be read");
}

#[test]
fn a_custom_action_without_a_name_is_nobodys_approval() {
    let mut event = without(&fixture("hub-custom-action"), "/detail/actionName");
    event["detail"]["findings"].as_array_mut().unwrap().truncate(1);
    assert_eq!(why(&event), "detail.actionName does not say which action a person chose");
}

#[test]
fn what_ocsf_does_not_have_is_told() {
    let event = fixture("hub-v2-control");
    let finding = "/detail/findings/0";
    for (field, value, expected) in [
        ("status_id", json!(99), "status_id is 99, which Security Hub does not use"),
        ("resources", json!([{}]), "the name of the resource is empty"),
        ("compliance", json!({"control": "EC2.13"}), "compliance.status is missing"),
        ("finding_info", json!({"uid": "x"}), "cannot be read"),
    ] {
        let mut event = with(&event, &format!("{finding}/{field}"), value);
        if field == "finding_info" {
            event["detail"]["findings"][0]["metadata"] = json!("x");
        }
        assert!(why(&event).contains(expected), "{field}: {}", why(&event));
    }
    let mut timeless = event;
    let finding = &mut timeless["detail"]["findings"][0];
    for time in ["time", "time_dt"] {
        finding.as_object_mut().unwrap().remove(time);
    }
    for time in ["modified_time", "modified_time_dt"] {
        finding["finding_info"].as_object_mut().unwrap().remove(time);
    }
    assert_eq!(why(&timeless), "detail.findings[0] does not say when it was modified");
}

#[test]
fn what_config_does_not_have_is_told() {
    let event = fixture("config-restricted-ssh");
    let mode =
        "newEvaluationResult/evaluationResultIdentifier/evaluationResultQualifier/evaluationMode";
    for (field, value, expected) in [
        ("messageType", json!("Hello"), "detail.messageType is `Hello`, which is no change"),
        (mode, json!("DREAMY"), "evaluationMode is `DREAMY`, which is unknown"),
        (
            "newEvaluationResult/complianceType",
            json!("?"),
            "complianceType is `?`, which is unknown",
        ),
        ("resourceId", json!(7), "detail cannot be read at `resourceId`"),
        ("awsAccountId", json!("1"), "no account and Region of AWS: account `1`"),
        (
            "configRuleName",
            json!(""),
            "the name of the control, rule, finding type, call or schedule is empty",
        ),
    ] {
        let why = why(&with(&event, &format!("/detail/{field}"), value));
        assert!(why.contains(expected), "{field}: {why}");
    }
    let missing = without(&event, "/detail/newEvaluationResult");
    assert_eq!(why(&missing), "detail cannot be read: missing field `newEvaluationResult`");
}

#[test]
fn a_call_that_names_no_group_and_an_address_that_is_none_are_told() {
    let call = with(&fixture("cloudtrail-create"), "/detail/responseElements", json!(null));
    assert_eq!(why(&call), "the call of CreateSecurityGroup names no security group");
    let denied = with(&fixture("cloudtrail-denied"), "/detail/errorCode", json!({"code": 1}));
    assert!(why(&denied).contains("detail cannot be read at `errorCode`"));
    let ip = "/detail/service/action/networkConnectionAction/remoteIpDetails/ipAddressV4";
    let odd = with(&fixture("guardduty-brute-force"), ip, "192.0.2.444");
    assert_eq!(why(&odd), "`192.0.2.444` is no IP address");
}
