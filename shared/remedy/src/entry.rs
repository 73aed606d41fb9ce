//! What the docs, the IAM policies and the event patterns are generated from.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use crate::{Action, Change, Facet, Id, Remediation, Spec, Trigger, event::generators};

/// A remediation with its types forgotten: the card, and the permissions its types imply.
#[derive(Debug, Clone, Copy)]
pub struct Entry {
    /// The card.
    pub spec: Spec,
    /// What it looks at.
    pub facet: &'static str,
    /// The type of resource that is part of.
    pub kind: &'static str,
    /// What reading that needs.
    pub reads: &'static [Action],
    /// What acting by itself needs.
    pub makes: &'static [Action],
    /// What taking it back needs.
    pub undoes: &'static [Action],
}

impl Entry {
    /// The entry of a remediation.
    pub const fn of<R: Remediation>() -> Self {
        Self {
            spec: R::SPEC,
            facet: <R::Facet as Facet>::NAME,
            kind: <<R::Facet as Facet>::Id as Id>::TYPE,
            reads: <R::Facet as Facet>::READS,
            makes: <<R::Facet as Facet>::Change as Change>::MAKE,
            undoes: <<R::Facet as Facet>::Change as Change>::UNDO,
        }
    }
}

/// The least that lets a function do `actions`: IAM policies by the template's condition they depend
/// on (none first), one statement an action. The opt-in tag is left to the template's parameters.
pub fn policies<'a>(
    actions: impl IntoIterator<Item = &'a Action>,
) -> BTreeMap<Option<&'static str>, Value> {
    let mut by_condition: BTreeMap<_, BTreeSet<&Action>> = BTreeMap::new();
    for action in actions {
        by_condition.entry(action.when).or_default().insert(action);
    }
    let policy = |actions: BTreeSet<&Action>| {
        let mut names = BTreeMap::new();
        let statements: Vec<_> = actions
            .into_iter()
            .map(|action| {
                let name = action.name.rsplit(':').next().unwrap_or_default();
                let nth = names.entry(name).and_modify(|n| *n += 1).or_insert(1);
                let sid = if *nth == 1 { name.to_owned() } else { format!("{name}{nth}") };
                statement(action, &sid)
            })
            .collect();
        json!({ "Version": "2012-10-17", "Statement": statements })
    };
    by_condition.into_iter().map(|(when, actions)| (when, policy(actions))).collect()
}

fn statement(action: &Action, sid: &str) -> Value {
    let mut statement = json!({
        "Sid": sid, "Effect": "Allow", "Action": action.name, "Resource": action.resource,
    });
    if action.by_tag {
        statement["Condition"]["StringEquals"]["aws:ResourceTag/${ScopeTagKey}"] =
            "${ScopeTagValue}".into();
    }
    if let Some((operator, key, value)) = action.only {
        statement["Condition"][operator][key] = value.into();
    }
    statement
}

/// The `EventBridge` patterns that let exactly what `entries` answer through, by name. A pattern whose
/// kind of trigger none of them has is left out.
pub fn patterns(entries: &[Entry]) -> BTreeMap<&'static str, Value> {
    let names = |pick: fn(&Trigger) -> bool| -> BTreeSet<&str> {
        let triggers = entries.iter().flat_map(|entry| entry.spec.triggers);
        triggers.filter(|trigger| pick(trigger)).map(Trigger::name).collect()
    };
    let controls = names(|trigger| matches!(trigger, Trigger::Control(_)));
    let rules = names(|trigger| matches!(trigger, Trigger::ConfigRule(_)));
    let calls = names(|trigger| matches!(trigger, Trigger::Call(_)));
    let kinds: BTreeSet<&str> = entries.iter().map(|entry| entry.kind).collect();
    let mut patterns = BTreeMap::new();
    if !controls.is_empty() {
        patterns.insert("security-hub", security_hub(&controls, &kinds));
        patterns.insert("security-hub-v2", security_hub_v2(&controls));
        patterns.insert("custom-action", custom_action());
    }
    if !rules.is_empty() {
        patterns.insert("config", config(&kinds));
    }
    if !calls.is_empty() {
        patterns.insert("cloudtrail", cloudtrail(&calls));
    }
    patterns
}

fn any_case(names: &BTreeSet<&str>) -> Vec<Value> {
    names.iter().map(|name| json!({ "equals-ignore-case": name })).collect()
}

/// Findings by their control; older ones by what generated them; AWS Config's own by their resource.
fn security_hub(controls: &BTreeSet<&str>, kinds: &BTreeSet<&str>) -> Value {
    let generators: Vec<_> = (controls.iter())
        .flat_map(|control| generators(control))
        .map(|end| json!({ "suffix": end }))
        .collect();
    let kinds: Vec<_> = kinds.iter().map(|kind| asff_type(kind)).collect();
    json!({
        "source": ["aws.securityhub"],
        "detail-type": ["Security Hub Findings - Imported"],
        "detail": { "findings": {
            "$or": [
                { "Compliance": { "SecurityControlId": any_case(controls) } },
                { "GeneratorId": generators },
                {
                    "ProductFields": { "aws/config/ConfigRuleName": [{ "exists": true }] },
                    "Resources": { "Type": kinds },
                },
            ],
            "Compliance": { "Status": ["FAILED"] },
            "Workflow": { "Status": ["NEW", "NOTIFIED"] },
            "RecordState": ["ACTIVE"],
        } },
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

fn cloudtrail(calls: &BTreeSet<&str>) -> Value {
    json!({
        "source": ["aws.ec2"],
        "detail-type": ["AWS API Call via CloudTrail"],
        "detail": { "eventName": calls, "errorCode": [{ "exists": false }] },
    })
}

/// As Security Hub calls a type of resource: `AWS::EC2::SecurityGroup` is `AwsEc2SecurityGroup`.
fn asff_type(kind: &str) -> String {
    let mut words = kind.split("::");
    let (cloud, service) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    let title = |word: &str| -> String {
        let lower = word.to_ascii_lowercase();
        lower
            .chars()
            .enumerate()
            .map(|(n, c)| if n == 0 { c.to_ascii_uppercase() } else { c })
            .collect()
    };
    format!("{}{}{}", title(cloud), title(service), words.collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_action_is_a_statement_of_its_own_under_its_condition() {
        const GROUPS: &str = "arn:aws:ec2:*:*:security-group/*";
        let actions = [
            Action::on("*", "ec2:DescribeSecurityGroups"),
            Action::on(GROUPS, "ec2:Revoke").tagged(),
            Action::on("*", "ec2:Revoke"),
            Action::on(GROUPS, "ec2:CreateTags").only("StringEquals", "k", "v").when("Splits"),
            Action::on("*", "ec2:DescribeSecurityGroups"),
        ];
        let policies = policies(&actions);
        let sids = |when: Option<&str>| -> Vec<String> {
            let statements = policies[&when]["Statement"].as_array().unwrap();
            statements.iter().map(|s| s["Sid"].as_str().unwrap().to_owned()).collect()
        };
        assert_eq!(sids(None), ["DescribeSecurityGroups", "Revoke", "Revoke2"]);
        assert_eq!(sids(Some("Splits")), ["CreateTags"]);
        let condition = &policies[&None]["Statement"][2]["Condition"];
        assert_eq!(
            *condition,
            json!({ "StringEquals": { "aws:ResourceTag/${ScopeTagKey}": "${ScopeTagValue}" } })
        );
    }

    #[test]
    fn a_type_is_known_by_both_its_names() {
        assert_eq!(asff_type("AWS::EC2::SecurityGroup"), "AwsEc2SecurityGroup");
        assert_eq!(asff_type("AWS::S3::Bucket"), "AwsS3Bucket");
    }
}
