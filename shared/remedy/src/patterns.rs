//! The event patterns that follow from what remediations answer.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use crate::{
    Entry, Trigger,
    event::{PRODUCT, generators},
};

/// The `EventBridge` patterns that let exactly what `entries` answer through, by name. A pattern whose
/// kind of trigger none of them has is left out.
pub fn patterns(entries: &[Entry]) -> BTreeMap<String, Value> {
    let names = |pick: fn(&Trigger) -> bool| -> BTreeSet<&str> {
        let triggers = entries.iter().flat_map(|entry| entry.spec.triggers);
        triggers.filter(|trigger| pick(trigger)).map(Trigger::name).collect()
    };
    let controls = names(|trigger| matches!(trigger, Trigger::Control(_)));
    let rules = names(|trigger| matches!(trigger, Trigger::ConfigRule(_)));
    let calls = names(|trigger| matches!(trigger, Trigger::Call(_)));
    let findings = names(|trigger| matches!(trigger, Trigger::Finding(_)));
    let kinds: BTreeSet<&str> = entries.iter().map(|entry| entry.kind).collect();
    let mut patterns: BTreeMap<String, Value> = BTreeMap::new();
    split(&mut patterns, "security-hub", &controls, security_hub);
    split(&mut patterns, "security-hub-v2", &controls, security_hub_v2);
    if !controls.is_empty() {
        split(&mut patterns, "security-hub-config", &kinds, security_hub_config);
    }
    let mut insert = |name: &str, pattern| patterns.insert(name.to_owned(), pattern);
    if !findings.is_empty() {
        insert("guardduty", guardduty(&kinds_of(&findings)));
        insert("security-hub-guardduty", security_hub_guardduty(&kinds_of(&findings)));
        insert("security-hub-v2-guardduty", security_hub_v2_guardduty());
    }
    if !controls.is_empty() || !findings.is_empty() {
        insert("custom-action", custom_action());
    }
    if !rules.is_empty() {
        insert("config", config(&kinds));
    }
    if !calls.is_empty() {
        insert("cloudtrail", cloudtrail(&calls, &kinds));
    }
    patterns
}

/// What `EventBridge` takes of a pattern by default, in characters.
const LONGEST: usize = 2_048;

/// Adds the patterns that let `names` through: as few as fit, the second called `name-2`.
fn split(
    patterns: &mut BTreeMap<String, Value>,
    name: &str,
    names: &BTreeSet<&str>,
    pattern: impl Fn(&BTreeSet<&str>) -> Value,
) {
    let mut parts: Vec<BTreeSet<&str>> = Vec::new();
    for one in names {
        let fits = |part: &BTreeSet<&str>| {
            let with = part.iter().chain([one]).copied().collect();
            pattern(&with).to_string().len() <= LONGEST
        };
        match parts.last_mut().filter(|last| fits(last)) {
            Some(last) => drop(last.insert(one)),
            None => parts.push([*one].into()),
        }
    }
    for (nth, part) in parts.iter().enumerate() {
        let name = if nth == 0 { name.to_owned() } else { format!("{name}-{}", nth + 1) };
        patterns.insert(name, pattern(part));
    }
}

fn any_case(names: &BTreeSet<&str>) -> Vec<Value> {
    names.iter().map(|name| json!({ "equals-ignore-case": name })).collect()
}

/// Findings by their control; older ones by what generated them.
fn security_hub(controls: &BTreeSet<&str>) -> Value {
    let generators: Vec<_> = (controls.iter())
        .flat_map(|control| generators(control))
        .map(|end| json!({ "suffix": end }))
        .collect();
    failed(json!({
        "$or": [
            { "Compliance": { "SecurityControlId": any_case(controls) } },
            { "GeneratorId": generators },
        ],
    }))
}

/// AWS Config's own findings by their resource: its rules cannot be told by name here.
fn security_hub_config(kinds: &BTreeSet<&str>) -> Value {
    let kinds: BTreeSet<String> = kinds.iter().map(|kind| asff_type(kind)).collect();
    let kinds: Vec<_> = kinds.iter().map(|kind| json!({ "equals-ignore-case": kind })).collect();
    failed(json!({
        "ProductFields": { "aws/config/ConfigRuleName": [{ "exists": true }] },
        "Resources": { "Type": kinds },
    }))
}

/// Of these findings those that fail, and that nobody has dealt with.
fn failed(mut findings: Value) -> Value {
    findings["Compliance"] = json!({ "Status": ["FAILED"] });
    findings["Workflow"] = json!({ "Status": ["NEW", "NOTIFIED"] });
    findings["RecordState"] = json!(["ACTIVE"]);
    json!({
        "source": ["aws.securityhub"],
        "detail-type": ["Security Hub Findings - Imported"],
        "detail": { "findings": findings },
    })
}

/// Compliance findings (class 2003) that fail (3) and are new or in progress.
fn security_hub_v2(controls: &BTreeSet<&str>) -> Value {
    json!({
        "source": ["aws.securityhub"],
        "detail-type": ["Findings Imported V2"],
        "detail": { "findings": {
            "class_uid": [2003],
            "compliance": { "control": any_case(controls), "status_id": [3] },
            "status_id": [1, 2],
        } },
    })
}

/// The types of findings that are waited for; none: all of them.
fn kinds_of<'a>(findings: &BTreeSet<&'a str>) -> BTreeSet<&'a str> {
    let any = Trigger::any_finding();
    match findings.contains(any.name()) {
        true => BTreeSet::new(),
        false => findings.clone(),
    }
}

/// Whichever their severity, also archived ones: their record says why nothing was done.
fn guardduty(kinds: &BTreeSet<&str>) -> Value {
    let mut pattern = json!({ "source": ["aws.guardduty"], "detail-type": ["GuardDuty Finding"] });
    if !kinds.is_empty() {
        pattern["detail"]["type"] = json!(kinds);
    }
    pattern
}

/// The same findings, as they are passed on: `Purpose:Kind/Name` is `.../Purpose:Kind-Name` there.
fn security_hub_guardduty(kinds: &BTreeSet<&str>) -> Value {
    let mut pattern = json!({
        "source": ["aws.securityhub"],
        "detail-type": ["Security Hub Findings - Imported"],
        "detail": { "findings": {
            "ProductArn": [{ "suffix": PRODUCT }],
            "Workflow": { "Status": ["NEW", "NOTIFIED"] },
            "RecordState": ["ACTIVE"],
        } },
    });
    if !kinds.is_empty() {
        let kinds: Vec<_> =
            kinds.iter().map(|kind| json!({ "suffix": kind.replacen('/', "-", 1) })).collect();
        pattern["detail"]["findings"]["Types"] = json!(kinds);
    }
    pattern
}

fn security_hub_v2_guardduty() -> Value {
    json!({
        "source": ["aws.securityhub"],
        "detail-type": ["Findings Imported V2"],
        "detail": { "findings": {
            "metadata": { "product": { "uid": [{ "suffix": PRODUCT }] } },
            "status_id": [1, 2],
        } },
    })
}

fn custom_action() -> Value {
    json!({
        "source": ["aws.securityhub"],
        "detail-type": ["Security Hub Findings - Custom Action"],
        "detail": { "actionName": { "Ref": "CustomActionNames" } },
    })
}

/// Rules cannot be told by name here: Security Hub and others decorate them. Their resources can.
fn config(kinds: &BTreeSet<&str>) -> Value {
    json!({
        "source": ["aws.config"],
        "detail-type": ["Config Rules Compliance Change"],
        "detail": {
            "messageType": ["ComplianceChangeNotification"],
            "newEvaluationResult": { "complianceType": ["NON_COMPLIANT"] },
            "resourceType": kinds,
        },
    })
}

fn cloudtrail(calls: &BTreeSet<&str>, kinds: &BTreeSet<&str>) -> Value {
    let service = |kind: &&str| kind.split("::").nth(1).map(str::to_ascii_lowercase);
    let services: BTreeSet<_> = kinds.iter().filter_map(service).collect();
    let sources: Vec<_> = services.iter().map(|service| format!("aws.{service}")).collect();
    json!({
        "source": sources,
        "detail-type": ["AWS API Call via CloudTrail"],
        "detail": { "eventName": calls, "errorCode": [{ "exists": false }] },
    })
}

/// As Security Hub calls a type of resource, but for its case: `AWS::EC2::SecurityGroup` is
/// `AwsEc2SecurityGroup`.
fn asff_type(kind: &str) -> String {
    kind.replace("::ElasticLoadBalancingV2::", "::Elbv2::").split("::").collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entry::tests::entry;

    #[test]
    fn patterns_are_made_for_the_kinds_of_trigger_there_are() {
        let names =
            |triggers| -> Vec<String> { patterns(&[entry(triggers, false)]).into_keys().collect() };
        let control = const { &[Trigger::control("EC2.19")] };
        assert_eq!(
            names(control),
            ["custom-action", "security-hub", "security-hub-config", "security-hub-v2"]
        );
        let finding = const { &[Trigger::any_finding()] };
        assert_eq!(
            names(finding),
            ["custom-action", "guardduty", "security-hub-guardduty", "security-hub-v2-guardduty"]
        );
        assert_eq!(names(const { &[Trigger::config_rule("X")] }), ["config"]);
        assert_eq!(names(const { &[Trigger::call("RunInstances")] }), ["cloudtrail"]);
        assert_eq!(names(const { &[Trigger::schedule("sweep")] }), [""; 0]);
    }

    #[test]
    fn calls_come_from_the_service_of_what_they_are_about() {
        let patterns = patterns(&[entry(const { &[Trigger::call("RunInstances")] }, false)]);
        assert_eq!(patterns["cloudtrail"]["source"], json!(["aws.ec2"]));
    }

    #[test]
    fn findings_of_guardduty_are_told_by_who_made_them() {
        let patterns = patterns(&[entry(const { &[Trigger::any_finding()] }, true)]);
        assert_eq!(
            patterns["guardduty"],
            json!({ "source": ["aws.guardduty"], "detail-type": ["GuardDuty Finding"] })
        );
        let product = json!([{ "suffix": "/aws/guardduty" }]);
        let findings = |name: &str| &patterns[name]["detail"]["findings"];
        let asff = findings("security-hub-guardduty");
        assert_eq!(asff["ProductArn"], product);
        assert_eq!(asff["Workflow"]["Status"], json!(["NEW", "NOTIFIED"]));
        let ocsf = findings("security-hub-v2-guardduty");
        assert_eq!(ocsf["metadata"]["product"]["uid"], product);
        assert_eq!(ocsf["status_id"], json!([1, 2]));
    }
}
