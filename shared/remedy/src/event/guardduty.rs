//! Findings of `GuardDuty`.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

use super::{
    Event, Found, Ignored, Subject,
    said::{Said, account, full_name},
    sent_from,
    shape::{Moment, each, is_true, number, of_hundred, shaped, short, text},
    threat,
};
use crate::{Severity, Signal, Source, Trigger};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", expecting = "a finding of GuardDuty")]
struct Finding<'a> {
    id: &'a str,
    arn: Option<&'a str>,
    #[serde(rename = "type")]
    kind: &'a str,
    partition: Option<&'a str>,
    account_id: Option<&'a str>,
    region: Option<&'a str>,
    title: Option<&'a str>,
    updated_at: Moment,
    #[serde(borrow)]
    resource: Resource<'a>,
    service: Option<Service>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", expecting = "an object")]
struct Resource<'a> {
    resource_type: &'a str,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", expecting = "an object")]
struct Service {
    archived: Option<bool>,
}

/// Where a resource of each kind is named. A kind that is not here is named by the first that is there.
const NAMED_AT: &[(&str, &str, &str)] = &[
    ("EKSCluster", "/eksClusterDetails", "/arn"),
    ("ECSCluster", "/ecsClusterDetails", "/arn"),
    ("Lambda", "/lambdaDetails", "/functionArn"),
    ("RDSDBInstance", "/rdsDbInstanceDetails", "/dbInstanceArn"),
    ("RDSLimitlessDB", "/rdsLimitlessDbDetails", "/dbShardGroupArn"),
    ("S3Bucket", "/s3BucketDetails", "/arn"),
    ("Instance", "/instanceDetails", "/instanceId"),
];

pub(super) fn finding(event: &Event) -> Found {
    let raw = &event.detail;
    let finding: Finding<'_> = shaped(raw, "detail")?;
    if is_sample(raw) {
        return Err(Ignored::Sample.into());
    }
    if finding.service.as_ref().and_then(|service| service.archived) == Some(true) {
        return Err(Ignored::Archived.into());
    }
    let threat = threat::of_service(raw.get("service").unwrap_or(&Value::Null))?;
    let said =
        Said { partition: finding.partition, account: finding.account_id, region: finding.region };
    let signal = |(resource, there): (String, Said<'_>)| {
        let place = there.place(&resource, &[said, sent_from(event)])?;
        Ok(Signal {
            // The ARN is the finding's id in Security Hub.
            id: finding.arn.unwrap_or(finding.id).into(),
            seen: finding.updated_at.0,
            source: Source::GuardDuty,
            trigger: Trigger::Finding(finding.kind.to_owned().into()),
            severity: severity(raw),
            title: short(finding.title.unwrap_or_default(), 256),
            resource: full_name(&resource, &place),
            place,
            findings: Vec::new(),
            asked_by: None,
            approves: None,
            caused_by: None,
            parameters: BTreeMap::new(),
            threat: Some(threat.clone()),
        })
    };
    let mut named = resources(raw, finding.resource.resource_type);
    if named.is_empty() {
        if threat.peers.is_empty() {
            let kind = short(finding.resource.resource_type, 100);
            return Err(Ignored::NoResource { kind }.into());
        }
        named.push((account(&[said, sent_from(event)]), Said::default()));
    }
    named.into_iter().map(signal).collect()
}

pub(super) fn subject(raw: &Value) -> Subject {
    let kind = text(raw, "/resource/resourceType");
    let named = resources(raw, kind).into_iter().next();
    let (resource, there) = named.unwrap_or_else(|| (kind.into(), Said::default()));
    let ids = [text(raw, "/arn"), text(raw, "/id")];
    let first = |one: Option<_>, other| one.or(Some(other));
    let said = Said {
        account: first(there.account, text(raw, "/accountId")),
        region: first(there.region, text(raw, "/region")),
        ..Said::default()
    };
    let id = ids.into_iter().find(|id| !id.is_empty()).unwrap_or_default();
    Subject::new(id, text(raw, "/updatedAt"), text(raw, "/type"), &resource, said)
}

/// `GuardDuty` says it in the title, in a field, and in a text that holds JSON.
fn is_sample(raw: &Value) -> bool {
    let service = raw.get("service");
    let within = service.and_then(threat::additional_info);
    let says_so = |info: Option<&Value>| is_true(info.and_then(|info| info.get("sample")));
    text(raw, "/title").starts_with("[SAMPLE]")
        || says_so(service.and_then(|service| service.get("additionalInfo")))
        || says_so(within.as_ref())
}

/// What a finding is about, and where that is said to be if not where the finding is.
fn resources<'a>(raw: &'a Value, kind: &str) -> Vec<(String, Said<'a>)> {
    let Some(resource) = raw.get("resource") else { return Vec::new() };
    let here = |name: &str| (name.to_owned(), Said::default());
    let at = |(_, list, name): &(&str, &str, &str)| -> Vec<_> {
        let named = each(resource, list).map(|item| text(item, name));
        named.filter(|name| !name.is_empty()).map(here).collect()
    };
    let named: Vec<_> = match kind {
        "AttackSequence" => sequence(raw),
        "AccessKey" => {
            let parts = ["userName", "accessKeyId"];
            let part = |part| text(resource, &format!("/accessKeyDetails/{part}"));
            let parts: Vec<_> =
                parts.into_iter().map(part).filter(|part| !part.is_empty()).collect();
            Some(parts.join("/"))
                .filter(|key| !key.is_empty())
                .map(|key| here(&key))
                .into_iter()
                .collect()
        }
        "S3Object" => each(resource, "/s3BucketDetails")
            .flat_map(|bucket| each(bucket, "/s3ObjectDetails"))
            .map(|object| text(object, "/objectArn"))
            .filter(|object| !object.is_empty())
            .map(here)
            .collect(),
        _ => NAMED_AT.iter().find(|(name, ..)| *name == kind).map(at).unwrap_or_default(),
    };
    if named.is_empty() {
        return NAMED_AT.iter().map(at).find(|named| !named.is_empty()).unwrap_or_default();
    }
    named
}

fn sequence(raw: &Value) -> Vec<(String, Said<'_>)> {
    let said = |resource| {
        let there = Said {
            partition: Some(text(resource, "/cloudPartition")),
            account: Some(text(resource, "/accountId")),
            region: Some(text(resource, "/region")),
        };
        (text(resource, "/uid").to_owned(), there)
    };
    let resources = each(raw, "/service/detection/sequence/resources");
    resources.map(said).filter(|(uid, _)| !uid.is_empty()).collect()
}

fn severity(raw: &Value) -> Severity {
    // From 1.0 to 10.0.
    number(raw.get("severity")).map(|severity| of_hundred(severity * 10.0)).unwrap_or_default()
}
