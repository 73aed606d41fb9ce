//! What findings are told, and what is made of what Security Hub says to it.

use lambda::{Aws, Shell};
use remedy::{Finding, Place, Settings, Severity, check};
use runtime::Error;
use script::{Answer, Script, answer};
use serde_json::{Value, json};

use crate::hub::{Hub, Update, Workflow};

const KEYS: &str = "<AssumeRoleResponse><AssumeRoleResult><Credentials>\
    <AccessKeyId>ASIAEXAMPLE</AccessKeyId><SecretAccessKey>s</SecretAccessKey>\
    <SessionToken>t</SessionToken><Expiration>2126-11-20T10:00:00Z</Expiration>\
    </Credentials></AssumeRoleResult></AssumeRoleResponse>";

fn hub(script: &Script, member_role: &str) -> Hub {
    let settings: Settings = [
        ("TABLE_NAME", "kintsugi"),
        ("TOPIC_ARN", "arn:aws:sns:eu-west-1:111122223333:kintsugi"),
        ("OWN_ROLES", "kintsugi-notify"),
        ("MEMBER_ROLE_NAME", member_role),
    ]
    .into_iter()
    .collect();
    let aws = Aws::new(script.config());
    Hub::new(&Shell::new(settings, &aws, script.connector(), "kintsugi-notify").unwrap())
}

fn home() -> Place {
    Place::new("111122223333", "eu-west-1")
}

fn asff(id: &str) -> Finding {
    Finding::Asff { id: id.into(), product: "product".into() }
}

fn ocsf(uid: &str) -> Finding {
    Finding::Ocsf { uid: uid.into() }
}

fn suppressed() -> Update {
    Update {
        seen: check::now(),
        severity: Some(Severity::Low),
        workflow: Some(Workflow::Suppressed),
        note: "accepted by bob until 2027-03-31: it is a test".into(),
    }
}

fn all_processed() -> Answer {
    answer(200, r#"{"ProcessedFindings": [], "UnprocessedFindings": []}"#)
}

fn bodies(script: &Script) -> Vec<Value> {
    script.bodies().iter().map(|body| serde_json::from_str(body).unwrap()).collect()
}

#[tokio::test]
async fn findings_of_both_forms_are_told_all_that_the_rules_say() {
    let script = Script::of([all_processed(), all_processed()]);
    let findings = [asff("f-1"), ocsf("u-1"), asff("f-2")];
    hub(&script, "").apply(&home(), &findings, &suppressed()).await.unwrap();
    assert_eq!(
        bodies(&script),
        [
            json!({
                "FindingIdentifiers": [
                    {"Id": "f-1", "ProductArn": "product"},
                    {"Id": "f-2", "ProductArn": "product"},
                ],
                "Note": {
                    "Text": "accepted by bob until 2027-03-31: it is a test",
                    "UpdatedBy": "kintsugi",
                },
                "Severity": {"Label": "LOW"},
                "Workflow": {"Status": "SUPPRESSED"},
            }),
            json!({
                "MetadataUids": ["u-1"],
                "Comment": "kintsugi 2026-11-20T12:00:00Z: accepted by bob until 2027-03-31: it is a test",
                "SeverityId": 2,
                "StatusId": 3,
            }),
        ]
    );
}

#[tokio::test]
async fn every_severity_and_status_has_its_number() {
    let severities = [
        (None, json!(null), json!(null)),
        (Some(Severity::Informational), json!("INFORMATIONAL"), json!(1)),
        (Some(Severity::Low), json!("LOW"), json!(2)),
        (Some(Severity::Medium), json!("MEDIUM"), json!(3)),
        (Some(Severity::High), json!("HIGH"), json!(4)),
        (Some(Severity::Critical), json!("CRITICAL"), json!(5)),
    ];
    let workflows = [
        (None, json!(null), json!(null)),
        (Some(Workflow::New), json!("NEW"), json!(1)),
        (Some(Workflow::Suppressed), json!("SUPPRESSED"), json!(3)),
    ];
    for (severity, label, severity_id) in &severities {
        for (workflow, status, status_id) in &workflows {
            let script = Script::by(|_| Some(all_processed()));
            let update = Update { severity: *severity, workflow: *workflow, ..suppressed() };
            hub(&script, "").apply(&home(), &[asff("f"), ocsf("u")], &update).await.unwrap();
            let [one, two] = bodies(&script).try_into().unwrap();
            assert_eq!((&one["Severity"]["Label"], &one["Workflow"]["Status"]), (label, status));
            assert_eq!((&two["SeverityId"], &two["StatusId"]), (severity_id, status_id));
        }
    }
}

#[tokio::test]
async fn no_call_names_more_findings_than_it_may_and_no_note_is_too_long_or_empty() {
    for (note, length) in [("x".repeat(600), 512), (" \n".into(), "the rules say so".len())] {
        let script = Script::by(|_| Some(all_processed()));
        let findings: Vec<_> = (0..201).map(|nth| asff(&nth.to_string())).collect();
        let update = Update { note, ..suppressed() };
        hub(&script, "").apply(&home(), &findings, &update).await.unwrap();
        let bodies = bodies(&script);
        let count = |body: &Value| body["FindingIdentifiers"].as_array().map(Vec::len);
        assert_eq!(bodies.iter().map(count).collect::<Vec<_>>(), [Some(100), Some(100), Some(1)]);
        for body in &bodies {
            assert_eq!(body["Note"]["Text"].as_str().unwrap().chars().count(), length);
        }
    }
    let script = Script::by(|_| Some(all_processed()));
    let findings: Vec<_> = (0..101).map(|nth| ocsf(&nth.to_string())).collect();
    let update = Update { note: "x".repeat(600), ..suppressed() };
    hub(&script, "").apply(&home(), &findings, &update).await.unwrap();
    for body in bodies(&script) {
        assert!(body["MetadataUids"].as_array().unwrap().len() <= 100);
        assert_eq!(body["Comment"].as_str().unwrap().chars().count(), 512);
    }
}

#[tokio::test]
async fn the_hub_that_reported_it_is_told() {
    let script = Script::to(|request| {
        Some(if request.uri.contains("sts.") { answer(200, KEYS) } else { all_processed() })
    });
    let hub = hub(&script, "KintsugiMember");
    for (account, region) in [
        ("111122223333", "eu-west-1"),
        ("111122223333", "us-east-1"),
        ("444455556666", "us-east-1"),
    ] {
        hub.apply(&Place::new(account, region), &[asff("f")], &suppressed()).await.unwrap();
    }
    let hosts: Vec<_> = script
        .requests()
        .iter()
        .map(|request| request.uri.split('/').nth(2).unwrap().replace(".amazonaws.com", ""))
        .collect();
    assert_eq!(
        hosts,
        [
            "securityhub.eu-west-1",
            "securityhub.us-east-1",
            "sts.eu-west-1",
            "securityhub.us-east-1"
        ]
    );
    let requests = script.requests();
    let token = |nth: usize| requests[nth].header("x-amz-security-token");
    assert_eq!((token(1), token(3)), (None, Some("t")));
}

#[tokio::test]
async fn a_member_s_hub_that_cannot_be_reached_is_told_with_the_reason() {
    let place = Place::new("444455556666", "eu-west-1");
    let script = Script::of([]);
    let error = hub(&script, "").apply(&place, &[asff("f")], &suppressed()).await.unwrap_err();
    assert!(error.to_string().contains("set MemberRoleName"), "{error}");
    assert!(script.bodies().is_empty());
}

#[tokio::test]
async fn a_finding_that_was_not_taken_is_named_and_those_that_never_will_be_come_first() {
    let unprocessed = |code: &str, id: &str| {
        json!({
            "FindingIdentifier": {"Id": id, "ProductArn": "product"},
            "ErrorCode": code, "ErrorMessage": "Not now",
        })
    };
    for (codes, expected) in [
        (
            ["ConcurrentUpdateError", "FindingNotFound"],
            Error::Refused(
                "could not update finding f-1 (2 in all) in 111122223333/eu-west-1: FindingNotFound (Not now)"
                    .into(),
            ),
        ),
        (
            ["ConcurrentUpdateError", "InternalFailure"],
            Error::Transient(
                "could not update finding f-0 (2 in all) in 111122223333/eu-west-1: \
                 ConcurrentUpdateError (Not now)"
                    .into(),
            ),
        ),
    ] {
        let left = [unprocessed(codes[0], "f-0"), unprocessed(codes[1], "f-1")];
        let answered = json!({ "ProcessedFindings": [], "UnprocessedFindings": left });
        let script = Script::of([answer(200, &answered.to_string())]);
        let result = hub(&script, "").apply(&home(), &[asff("f-0"), asff("f-1")], &suppressed()).await;
        assert_eq!(result, Err(expected));
    }
}

#[tokio::test]
async fn a_call_that_fails_says_what_is_needed_or_comes_again() {
    for (status, code, finding, said) in [
        (
            403,
            "AccessDeniedException",
            asff("f"),
            "The role kintsugi-notify needs securityhub:BatchUpdateFindings",
        ),
        (
            403,
            "AccessDeniedException",
            ocsf("u"),
            "The role kintsugi-notify needs securityhub:BatchUpdateFindings",
        ),
        (409, "ConflictException", ocsf("u"), "ConflictException"),
        (429, "TooManyRequestsException", asff("f"), "TooManyRequestsException"),
    ] {
        let said_so = answer(status, r#"{"Message": "no"}"#).with("x-amzn-errortype", code);
        let script = Script::of([said_so]);
        let error = hub(&script, "").apply(&home(), &[finding], &suppressed()).await.unwrap_err();
        assert!(error.to_string().contains(said), "{error}");
        assert_eq!(matches!(error, Error::Transient(_)), status != 403, "{error}");
    }
}

#[tokio::test]
async fn nobody_is_called_where_there_is_nothing_to_tell() {
    let script = Script::of([]);
    hub(&script, "").apply(&home(), &[], &suppressed()).await.unwrap();
    assert!(script.bodies().is_empty());
}
