//! The events a function is fed, as EventBridge hands them on: Security Hub's EC2.13 about one group, a finding of
//! GuardDuty about one attacker, the schedule's.

use std::net::Ipv4Addr;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::{Value, json};

use crate::program::Work;

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

pub(crate) fn event(work: Work, shape: Shape, number: u64) -> Value {
    let event = match work {
        Work::Nothing | Work::Closes | Work::Idles => finding(number),
        Work::Lists => threat(number, attacker(number), now()),
        // It has no queue.
        Work::Sweeps => return schedule(number),
    };
    match shape {
        Shape::Bare => event,
        Shape::Sqs => json!({ "Records": [record(number, &event.to_string(), 1)] }),
    }
}

/// A message of a queue that is handed out for the `receives`-th time.
pub(crate) fn record(number: u64, body: &str, receives: u32) -> Value {
    json!({
            "messageId": message_id(number),
            "receiptHandle": "AQEBexample",
            "body": body,
            "attributes": {
                "ApproximateReceiveCount": receives.to_string(),
                "SentTimestamp": since_epoch().as_millis().to_string(),
                "SenderId": "AIDAEXAMPLE",
                "ApproximateFirstReceiveTimestamp": since_epoch().as_millis().to_string(),
            },
            "messageAttributes": {},
            "md5OfBody": "00000000000000000000000000000000",
            "eventSource": "aws:sqs",
            "eventSourceARN": format!("arn:aws:sqs:{REGION}:{ACCOUNT}:kintsugi-ec2"),
            "awsRegion": REGION,
    })
}

pub(crate) fn message_id(number: u64) -> String {
    format!("00000000-0000-4000-9000-{number:012x}")
}

/// The address of attacker `number`; none of the addresses that lists are filled with.
pub(crate) fn attacker(number: u64) -> Ipv4Addr {
    Ipv4Addr::from(
        u32::from(Ipv4Addr::new(52, 0, 0, 1)) + u32::try_from(number).unwrap_or_default(),
    )
}

/// GuardDuty's finding `number`: `attacker` tries passwords.
pub(crate) fn threat(number: u64, attacker: Ipv4Addr, seen: DateTime<Utc>) -> Value {
    let id = format!("{number:032x}");
    let detector =
        format!("arn:aws:guardduty:{REGION}:{ACCOUNT}:detector/12abc34d567e8fa901bc2d34e56789f0");
    let seen = seen.to_rfc3339_opts(SecondsFormat::Millis, true);
    let title =
        format!("{attacker} is performing SSH brute force attacks against i-0a1b2c3d4e5f60718.");
    json!({
        "version": "0",
        "id": format!("00000000-0000-4000-a000-{number:012x}"),
        "detail-type": "GuardDuty Finding",
        "source": "aws.guardduty",
        "account": ACCOUNT,
        "time": seen,
        "region": REGION,
        "resources": [],
        "detail": {
            "schemaVersion": "2.0",
            "accountId": ACCOUNT,
            "region": REGION,
            "partition": "aws",
            "id": id,
            "arn": format!("{detector}/finding/{id}"),
            "type": "UnauthorizedAccess:EC2/SSHBruteForce",
            "resource": { "resourceType": "Instance", "instanceDetails": {
                "instanceId": "i-0a1b2c3d4e5f60718",
                "instanceType": "t3.micro",
                "launchTime": "2026-01-01T00:00:00.000Z",
                "platform": null,
                "networkInterfaces": [{
                    "ipv6Addresses": [],
                    "networkInterfaceId": "eni-0a1b2c3d4e5f60718",
                    "privateDnsName": "ip-10-0-0-5.ec2.internal",
                    "privateIpAddress": "10.0.0.5",
                    "privateIpAddresses": [
                        { "privateDnsName": "ip-10-0-0-5.ec2.internal", "privateIpAddress": "10.0.0.5" },
                    ],
                    "subnetId": "subnet-0a1b2c3d4e5f60718",
                    "vpcId": "vpc-0a1b2c3d4e5f60718",
                    "securityGroups": [{ "groupName": "web", "groupId": "sg-0a1b2c3d4e5f60718" }],
                    "publicDnsName": "",
                    "publicIp": "198.51.100.20",
                }],
                "tags": [{ "key": "Name", "value": "web" }],
                "instanceState": "running",
                "availabilityZone": format!("{REGION}a"),
                "imageId": "ami-0a1b2c3d4e5f60718",
                "imageDescription": "Amazon Linux 2023",
            }},
            "service": {
                "serviceName": "guardduty",
                "detectorId": "12abc34d567e8fa901bc2d34e56789f0",
                "action": { "actionType": "NETWORK_CONNECTION", "networkConnectionAction": {
                    "connectionDirection": "INBOUND",
                    "remoteIpDetails": {
                        "organization": { "asn": "64500", "asnOrg": "Example", "isp": "Example", "org": "Example" },
                        "country": { "countryName": "Nowhere" },
                        "city": { "cityName": "" },
                        "geoLocation": { "lat": 0, "lon": 0 },
                        "ipAddressV4": attacker.to_string(),
                    },
                    "remotePortDetails": { "port": 51000, "portName": "Unknown" },
                    "localPortDetails": { "port": 22, "portName": "SSH" },
                    "protocol": "TCP",
                    "blocked": false,
                    "localIpDetails": { "ipAddressV4": "10.0.0.5" },
                }},
                "additionalInfo": { "value": "{}", "type": "default" },
                "eventFirstSeen": seen,
                "eventLastSeen": seen,
                "archived": false,
                "count": 1,
                "resourceRole": "TARGET",
            },
            "severity": 2,
            "createdAt": seen,
            "updatedAt": seen,
            "title": title,
            "description": title,
        },
    })
}

fn schedule(number: u64) -> Value {
    json!({
        "version": "0",
        "id": format!("00000000-0000-4000-a000-{number:012x}"),
        "detail-type": "Kintsugi Schedule",
        "source": "kintsugi.schedule",
        "account": ACCOUNT,
        "time": rfc3339_now(),
        "region": REGION,
        "resources": [],
        "detail": { "name": "sweep" },
    })
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

/// Now, to the millisecond.
pub(crate) fn now() -> DateTime<Utc> {
    let millis = i64::try_from(since_epoch().as_millis()).unwrap_or_default();
    DateTime::<Utc>::from_timestamp_millis(millis).unwrap_or_default()
}

fn rfc3339_now() -> String {
    now().to_rfc3339_opts(SecondsFormat::Secs, true)
}
