//! A whole report against an AWS that answers as it is told.

use std::collections::BTreeMap;

use lambda::{Asked, Aws, Shell, Works};
use remedy::{Parameter, Settings, Timestamp, check};
use runtime::{Outcome, Page};
use serde_json::{Value, json};

use script::{Answer, Request, Script, answer};

use crate::{PARAMETERS, Reporter, WIRING};

const SETTINGS: [(&str, &str); 6] = [
    ("TABLE_NAME", "kintsugi"),
    ("TOPIC_ARN", "arn:aws:sns:eu-west-1:111122223333:kintsugi"),
    ("OWN_ROLES", "kintsugi-report"),
    ("REPORT_BUCKET", "reports"),
    ("MAIL_TOPIC_ARN", "arn:aws:sns:eu-west-1:111122223333:mail"),
    ("REPORT_MAIL_DAYS", "tue"),
];

fn now() -> Timestamp {
    "2026-11-24T06:00:00Z".parse().unwrap()
}

fn record(id: &str, outcome: &str) -> Value {
    json!({
        "pk": {"S": format!("record#{id}")}, "sk": {"S": "record"}, "id": {"S": id},
        "at": {"S": "2026-11-23T10:00:00.000Z"}, "closed": {"S": "2026-11-23T10:00:05.000Z"},
        "seen": {"S": "2026-11-23T09:59:00.000Z"}, "outcome": {"S": outcome}, "why": {"S": "=cmd|' /C calc'!A0"},
        "remediation": {"S": "ec2/close_world_ingress"}, "trigger": {"S": "Security Hub control EC2.18"},
        "severity": {"S": "HIGH"}, "account": {"S": "111122223333"}, "region": {"S": "eu-west-1"},
        "resource": {"S": "arn:aws:ec2:eu-west-1:111122223333:security-group/sg-1"},
    })
}

fn case(id: &str) -> Value {
    json!({
        "pk": {"S": format!("case#{id}")}, "sk": {"S": "case"}, "stands": {"S": "open"},
        "severity": {"S": "CRITICAL"}, "headline": {"S": "<script>alert(1)</script>"}, "trigger": {"S": "IAM.6"},
        "account": {"S": "111122223333"}, "region": {"S": "eu-west-1"}, "resource": {"S": "arn:aws:iam::111122223333:root"},
        "since": {"S": "2026-11-01T10:00:00.000Z"}, "returns": {"N": "0"}, "team": {"S": "shop"},
    })
}

fn closed_page() -> Page {
    let page = Page::of(&check::signal("sg-1"), "ec2/close_world_ingress", now());
    let held = Outcome::Held { why: vec![remedy::Hold::DryRun] };
    Page { outcome: held, closed: Some(now()), ..page }
}

/// A table with these items; what `says` answers comes first.
fn world(
    items: Vec<Value>,
    mut says: impl FnMut(&Request) -> Option<Answer> + Send + 'static,
) -> Script {
    let page = closed_page();
    Script::to(move |request| {
        if let Some(said) = says(request) {
            return Some(said);
        }
        let target = request.header("x-amz-target").unwrap_or_default().rsplit('.').next();
        let body: Value = serde_json::from_str(&request.body).unwrap_or_default();
        let found = |items: &[Value]| json!({ "Items": items, "Count": items.len() }).to_string();
        Some(match target.unwrap_or_default() {
            "Scan" if body["Segment"] == 0 => answer(200, &found(&items)),
            "Query" if body["ExpressionAttributeValues"][":day"]["S"] == "2026-11-24" => {
                let json = serde_json::to_string(&page).unwrap();
                let odd = json!({"id": {"S": "k-odd"}, "record": {"S": "{"}});
                let page = json!({"id": {"S": page.id}, "record": {"S": json}});
                answer(200, &found(&[odd, page]))
            }
            "Scan" | "Query" => answer(200, &found(&[])),
            "GetItem" => answer(200, "{}"),
            _ if request.body.starts_with("Action=Publish") => answer(
                200,
                "<PublishResponse><PublishResult><MessageId>m</MessageId></PublishResult></PublishResponse>",
            ),
            _ if request.uri.contains("uploads") => {
                let id = "<InitiateMultipartUploadResult><UploadId>u1</UploadId></InitiateMultipartUploadResult>";
                answer(200, id)
            }
            _ if request.method == "POST" => {
                answer(200, "<CompleteMultipartUploadResult></CompleteMultipartUploadResult>")
            }
            _ => answer(200, "").with("etag", "\"e\""),
        })
    })
}

fn reporter(script: &Script) -> Reporter {
    let settings: Settings = SETTINGS.into_iter().collect();
    let aws = Aws::new(script.config());
    let shell = Shell::new(settings, &aws, script.connector(), "kintsugi-report");
    Reporter::new(shell.unwrap()).unwrap()
}

/// What was written to the bucket, by key, in its order.
fn written(script: &Script) -> Vec<(String, String)> {
    let puts = script.requests().into_iter().filter(|request| request.method == "PUT");
    let key = |uri: &str| {
        let path = uri.split('?').next().unwrap_or_default();
        let at = path.find("/reports/").or(path.find("/ocsf/")).unwrap_or_else(|| panic!("{uri}"));
        path[at + 1..].to_owned()
    };
    puts.map(|put| (key(&put.uri), put.body)).collect()
}

#[tokio::test]
async fn the_same_report_is_written_by_its_day_and_as_the_latest_one() {
    let items = vec![
        record("k-000000000001", "fixed"),
        case("c-000000000001"),
        json!({
            "pk": {"S": "case#c-2"}, "sk": {"S": "case"}, "expires": {"N": "1"},
        }),
    ];
    let script = world(items, |_| None);
    let done = reporter(&script).report("kintsugi", now()).await.unwrap();
    assert_eq!(
        (&done["open"], &done["records"], &done["unread"]),
        (&json!(1), &json!(1), &json!(1))
    );
    assert_eq!((&done["exported"], &done["mailed"]), (&json!(1), &json!(true)));
    assert_eq!(
        done["unexported"], 1,
        "one that cannot be read is counted, and takes no other down"
    );

    let all = written(&script);
    let by_key: BTreeMap<_, _> =
        all.iter().map(|(key, body)| (key.as_str(), body.as_str())).collect();
    for name in
        ["index.html", "report.json", "open.csv", "accepted.csv", "controls.csv", "repairs.csv"]
    {
        let of = |folder: &str| by_key[format!("reports/{folder}/{name}").as_str()];
        assert_eq!(of("2026-11-24"), of("latest"), "{name}");
        assert!(!of("latest").is_empty(), "{name}");
    }
    let last_report = all.iter().rposition(|(key, _)| key.starts_with("reports/")).unwrap();
    assert!(all[last_report].0.ends_with("index.html"), "who opens it finds the rest");
    assert!(by_key["reports/latest/open.csv"].contains("c-000000000001"));
    assert!(by_key["reports/latest/repairs.csv"].contains("k-000000000001"));
    assert!(!by_key["reports/latest/index.html"].contains("<script>alert"));
    let json: Value = serde_json::from_str(by_key["reports/latest/report.json"]).unwrap();
    assert_eq!((&json["open"]["total"], &json["records"]["repaired"]), (&json!(1), &json!(1)));
}

#[tokio::test]
async fn records_are_exported_by_day_region_and_account() {
    let script = world(Vec::new(), |_| None);
    reporter(&script).report("kintsugi", now()).await.unwrap();
    let all = written(&script);
    let exports: Vec<_> = all.iter().filter(|(key, _)| key.starts_with("ocsf/")).collect();
    let place = closed_page().about.place.unwrap();
    let [(key, body)] = exports.as_slice() else { panic!("{exports:?}") };
    let folder =
        format!("ocsf/region={}/accountId={}/eventDay=20261124", place.region, place.account);
    assert_eq!(key.replace("%3D", "="), format!("{folder}/kintsugi.json"));
    let lines: Vec<Value> = body.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines.len(), 1);
    assert_eq!(lines[0]["class_uid"], 7001);
}

#[tokio::test]
async fn the_digest_says_where_the_page_is_and_comes_last() {
    let script = world(vec![case("c-000000000001")], |_| None);
    reporter(&script).report("kintsugi", now()).await.unwrap();
    let requests = script.requests();
    let last = requests.last().unwrap();
    assert!(last.body.starts_with("Action=Publish"), "{last:?}");
    assert!(last.body.contains("reports%2F2026-11-24%2Findex.html"), "{}", last.body);

    let wednesday = now() + chrono::TimeDelta::days(1);
    let script = world(Vec::new(), |_| None);
    let done = reporter(&script).report("kintsugi", wednesday).await.unwrap();
    assert_eq!(done["mailed"], false);
    assert!(script.bodies().iter().all(|body| !body.starts_with("Action=Publish")));
}

#[tokio::test]
async fn a_long_table_is_sent_in_parts_and_arrives_whole() {
    let long = |nth| {
        let mut record = record(&format!("k-{nth:012}"), "fixed");
        record["why"]["S"] = "x".repeat(1_500).into();
        record
    };
    let records = (0..4_000).map(long);
    let script = world(records.collect(), |_| None);
    reporter(&script).report("kintsugi", now()).await.unwrap();
    let parts = script.requests().into_iter().filter(|request| request.uri.contains("partNumber="));
    let latest: Vec<_> = parts.filter(|part| part.uri.contains("/latest/repairs.csv")).collect();
    let whole: String = latest.iter().map(|part| part.body.as_str()).collect();
    let rows = whole.matches("k-0").count();
    assert_eq!(rows, 4_000);
    let completed = script.requests().into_iter().filter(|request| {
        request.method == "POST" && request.body.contains("<CompleteMultipartUpload")
    });
    assert_eq!(completed.count(), 2);
}

#[tokio::test]
async fn what_cannot_be_written_fails_and_mails_nobody() {
    let script = world(Vec::new(), |request| {
        let denied = "<Error><Code>AccessDenied</Code><Message>no</Message></Error>";
        (request.method == "PUT").then(|| answer(403, denied))
    });
    let asked = Asked { event: Value::Null, until: now(), function: "kintsugi-report" };
    let error = reporter(&script).work(asked).await.unwrap_err().to_string();
    assert!(error.contains("s3:PutObject") && error.contains("s3://reports/"), "{error}");
    assert!(script.bodies().iter().all(|body| !body.starts_with("Action=Publish")));
}

#[tokio::test]
async fn rules_that_cannot_be_read_are_left_out() {
    let rules = json!({ "Item": {
        "text": {"S": "["}, "version": {"N": "1"}, "by": {"S": "ada"}, "at": {"S": "2026-11-20T10:00:00Z"},
    }});
    let script = world(Vec::new(), move |request| {
        let is_get =
            request.header("x-amz-target").is_some_and(|target| target.ends_with("GetItem"));
        is_get.then(|| answer(200, &rules.to_string()))
    });
    assert!(reporter(&script).report("kintsugi", now()).await.is_ok());
}

const TEMPLATE: &str = include_str!("../../../template.yaml");

/// The parameter or resource of this name, as text.
fn block(name: &str) -> String {
    let (_, rest) = TEMPLATE.split_once(&format!("\n  {name}:\n")).unwrap_or_default();
    let lines = rest.lines().take_while(|line| line.is_empty() || line.starts_with("    "));
    lines.fold(String::new(), |text, line| text + line + "\n")
}

#[test]
fn every_setting_is_in_the_template_with_its_default() {
    for Parameter { name, default, .. } in PARAMETERS {
        let block = block(name);
        let forms = [format!("Default: {default}\n"), format!("Default: \"{default}\"")];
        assert!(forms.iter().any(|form| block.contains(form)), "{name}: {block}");
    }
    let all = PARAMETERS.iter().chain(WIRING);
    for parameter in all {
        let line = format!("          {}: !Ref ", parameter.variable());
        assert!(block("ReportFunction").contains(&line), "{} does not reach it", parameter.name);
    }
}
