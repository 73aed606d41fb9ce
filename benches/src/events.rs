//! The events a function is fed: Security Hub's EC2.13 about one group, as EventBridge hands it on.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::{Value, json};

pub(crate) const ACCOUNT: &str = "111122223333";
pub(crate) const REGION: &str = "us-east-1";

/// How an event reaches the function.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shape {
    /// A batch of one, from a queue.
    Sqs,
    /// The rule's target is the function itself.
    Bare,
}

pub(crate) fn group_id(number: u64) -> String {
    format!("sg-{number:017x}")
}

pub(crate) fn event(shape: Shape, number: u64) -> Value {
    let finding = finding(number);
    match shape {
        Shape::Bare => finding,
        Shape::Sqs => json!({ "Records": [{
            "messageId": format!("00000000-0000-4000-9000-{number:012x}"),
            "receiptHandle": "AQEBexample",
            "body": finding.to_string(),
            "attributes": {
                "ApproximateReceiveCount": "1",
                "SentTimestamp": since_epoch().as_millis().to_string(),
                "SenderId": "AIDAEXAMPLE",
                "ApproximateFirstReceiveTimestamp": since_epoch().as_millis().to_string(),
            },
            "messageAttributes": {},
            "md5OfBody": "00000000000000000000000000000000",
            "eventSource": "aws:sqs",
            "eventSourceARN": format!("arn:aws:sqs:{REGION}:{ACCOUNT}:kintsugi-ec2"),
            "awsRegion": REGION,
        }]}),
    }
}

fn finding(number: u64) -> Value {
    let id = format!(
        "arn:aws:securityhub:{REGION}:{ACCOUNT}:security-control/EC2.13/finding/00000000-0000-4000-8000-{number:012x}"
    );
    let product = format!("arn:aws:securityhub:{REGION}::product/aws/securityhub");
    let group = format!("arn:aws:ec2:{REGION}:{ACCOUNT}:security-group/{}", group_id(number));
    let now = rfc3339_now();
    json!({
        "version": "0",
        "id": format!("00000000-0000-4000-a000-{number:012x}"),
        "detail-type": "Security Hub Findings - Imported",
        "source": "aws.securityhub",
        "account": ACCOUNT,
        "time": now,
        "region": REGION,
        "resources": [format!("{product}/{id}")],
        "detail": { "findings": [{
            "SchemaVersion": "2018-10-08",
            "Id": id,
            "ProductArn": product,
            "ProductName": "Security Hub",
            "CompanyName": "AWS",
            "Region": REGION,
            "GeneratorId": "security-control/EC2.13",
            "AwsAccountId": ACCOUNT,
            "AwsAccountName": "dev",
            "Types": ["Software and Configuration Checks/Industry and Regulatory Standards"],
            "FirstObservedAt": now,
            "LastObservedAt": now,
            "CreatedAt": now,
            "UpdatedAt": now,
            "Severity": { "Label": "HIGH", "Normalized": 70, "Original": "HIGH" },
            "Title": "Security groups should not allow ingress from 0.0.0.0/0 or ::/0 to port 22",
            "Description": "This control checks whether a security group allows ingress from 0.0.0.0/0 or ::/0 to port 22.",
            "ProductFields": {
                "RelatedAWSResources:0/name": "securityhub-restricted-ssh-1a2b3c4d",
                "RelatedAWSResources:0/type": "AWS::Config::ConfigRule",
                "aws/securityhub/ProductName": "Security Hub",
                "aws/securityhub/CompanyName": "AWS",
                "Resources:0/Id": group,
                "PreviousComplianceStatus": "PASSED",
            },
            "Resources": [{ "Type": "AwsEc2SecurityGroup", "Id": group, "Partition": "aws", "Region": REGION }],
            "Compliance": {
                "Status": "FAILED",
                "SecurityControlId": "EC2.13",
                "AssociatedStandards": [{ "StandardsId": "standards/aws-foundational-security-best-practices/v/1.0.0" }],
            },
            "WorkflowState": "NEW",
            "Workflow": { "Status": "NEW" },
            "RecordState": "ACTIVE",
        }]},
    })
}

#[expect(clippy::disallowed_methods, reason = "events and deadlines carry the time")]
pub(crate) fn since_epoch() -> Duration {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default()
}

fn rfc3339_now() -> String {
    let seconds = i64::try_from(since_epoch().as_secs()).unwrap_or_default();
    let now = DateTime::<Utc>::from_timestamp(seconds, 0).unwrap_or_default();
    now.to_rfc3339_opts(SecondsFormat::Secs, true)
}
