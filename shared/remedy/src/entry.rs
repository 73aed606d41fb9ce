//! What the docs, the IAM policies and the event patterns are generated from.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use crate::{
    Action, Change, Facet, Id, Remediation, Spec, Trigger,
    event::{PRODUCT, generators},
};

/// A remediation with its types forgotten: the card, and the permissions its types imply.
#[derive(Debug, Clone, Copy)]
pub struct Entry {
    /// The card.
    pub spec: Spec,
    /// What it looks at.
    pub facet: &'static str,
    /// The type of resource that is part of.
    pub kind: &'static str,
    /// There is one for everybody, where the stack is.
    pub shared: bool,
    /// What reading that needs.
    pub reads: &'static [Action],
    /// What is read beside it.
    pub also_reads: &'static [Action],
    /// What of that is needed in the account where a problem was found, if there is one for everybody.
    pub reads_elsewhere: &'static [Action],
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
            shared: <R::Facet as Facet>::SHARED,
            reads: <R::Facet as Facet>::READS,
            also_reads: R::ALSO_READS,
            reads_elsewhere: R::READS_ELSEWHERE,
            makes: <<R::Facet as Facet>::Change as Change>::MAKE,
            undoes: <<R::Facet as Facet>::Change as Change>::UNDO,
        }
    }

    /// What it needs to act by itself, in the account where the stack is.
    pub fn acting(&self) -> impl Iterator<Item = &'static Action> {
        self.reads.iter().chain(self.also_reads).chain(self.makes)
    }

    /// What taking it back needs, in the account where the stack is.
    pub fn undoing(&self) -> impl Iterator<Item = &'static Action> {
        self.reads.iter().chain(self.also_reads).chain(self.undoes)
    }

    /// What taking it back needs in other accounts. What is there once for everybody is in none of them.
    pub fn undoing_elsewhere(&self) -> impl Iterator<Item = &'static Action> {
        let (reads, undoes): (&[Action], &[Action]) = match self.shared {
            true => (&[], &[]),
            false => (self.reads, self.undoes),
        };
        reads.iter().chain(undoes)
    }

    /// What it needs to act by itself in other accounts. A schedule is about none of them.
    pub fn acting_elsewhere(&self) -> impl Iterator<Item = &'static Action> {
        let is_schedule = |trigger: &Trigger| matches!(trigger, Trigger::Schedule(_));
        let (reads, makes): (&[Action], &[Action]) = if self.spec.triggers.iter().all(is_schedule) {
            (&[], &[])
        } else if self.shared {
            (self.reads_elsewhere, &[])
        } else {
            (self.reads, self.makes)
        };
        reads.iter().chain(makes)
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
    let findings = names(|trigger| matches!(trigger, Trigger::Finding(_)));
    let kinds: BTreeSet<&str> = entries.iter().map(|entry| entry.kind).collect();
    let mut patterns = BTreeMap::new();
    if !controls.is_empty() {
        patterns.insert("security-hub", security_hub(&controls, &kinds));
        patterns.insert("security-hub-v2", security_hub_v2(&controls));
    }
    if !findings.is_empty() {
        patterns.insert("guardduty", guardduty());
        patterns.insert("security-hub-guardduty", security_hub_guardduty());
        patterns.insert("security-hub-v2-guardduty", security_hub_v2_guardduty());
    }
    if !controls.is_empty() || !findings.is_empty() {
        patterns.insert("custom-action", custom_action());
    }
    if !rules.is_empty() {
        patterns.insert("config", config(&kinds));
    }
    if !calls.is_empty() {
        patterns.insert("cloudtrail", cloudtrail(&calls, &kinds));
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

/// All of them, whichever their type or severity, also archived ones: their record says why nothing was
/// done.
fn guardduty() -> Value {
    json!({ "source": ["aws.guardduty"], "detail-type": ["GuardDuty Finding"] })
}

/// The same findings, as they are passed on.
fn security_hub_guardduty() -> Value {
    json!({
        "source": ["aws.securityhub"],
        "detail-type": ["Security Hub Findings - Imported"],
        "detail": { "findings": {
            "ProductArn": [{ "suffix": PRODUCT }],
            "Workflow": { "Status": ["NEW", "NOTIFIED"] },
            "RecordState": ["ACTIVE"],
        } },
    })
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
    use crate::{Risk, Severity};

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

    fn entry(triggers: &'static [Trigger], shared: bool) -> Entry {
        const READS: &[Action] = &[Action::on("*", "ec2:Describe"), Action::on("*", "s3:Get")];
        const ELSEWHERE: &[Action] = &[Action::on("*", "ec2:Describe")];
        const MAKES: &[Action] = &[Action::on("arn", "ec2:Revoke")];
        const UNDOES: &[Action] = &[Action::on("arn", "ec2:Authorize")];
        let spec = Spec {
            id: "ec2/test",
            title: "",
            triggers,
            severity: Severity::Low,
            risk: Risk::Safe,
            parameters: &[],
            since: "",
        };
        Entry {
            spec,
            facet: "security group",
            kind: "AWS::EC2::SecurityGroup",
            shared,
            reads: READS,
            also_reads: &[],
            reads_elsewhere: if shared { ELSEWHERE } else { &[] },
            makes: MAKES,
            undoes: UNDOES,
        }
    }

    #[test]
    fn patterns_are_made_for_the_kinds_of_trigger_there_are() {
        let names =
            |triggers| -> Vec<_> { patterns(&[entry(triggers, false)]).into_keys().collect() };
        let control = const { &[Trigger::control("EC2.19")] };
        assert_eq!(names(control), ["custom-action", "security-hub", "security-hub-v2"]);
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

    #[test]
    fn elsewhere_no_more_is_needed_than_what_is_done_there() {
        let names = |triggers, shared| -> Vec<_> {
            entry(triggers, shared).acting_elsewhere().map(|action| action.name).collect()
        };
        let (control, sweep) =
            const { (&[Trigger::control("EC2.19")], &[Trigger::schedule("sweep")]) };
        assert_eq!(names(control, false), ["ec2:Describe", "s3:Get", "ec2:Revoke"]);
        assert_eq!(names(control, true), ["ec2:Describe"]);
        assert_eq!(names(sweep, true), [""; 0]);
        assert_eq!(entry(control, true).acting().count(), 3);
    }

    #[test]
    fn who_undoes_reads_and_takes_back_and_makes_nothing() {
        let control = const { &[Trigger::control("EC2.19")] };
        let (own, shared) = (entry(control, false), entry(control, true));
        let names = |actions: Vec<&Action>| actions.iter().map(|a| a.name).collect::<Vec<_>>();
        let expected = ["ec2:Describe", "s3:Get", "ec2:Authorize"];
        assert_eq!(names(own.undoing().collect()), expected);
        assert_eq!(names(shared.undoing().collect()), expected);
        assert_eq!(names(own.undoing_elsewhere().collect()), expected);
        assert_eq!(names(shared.undoing_elsewhere().collect()), [""; 0]);
    }

    #[test]
    fn a_type_is_known_by_both_its_names() {
        assert_eq!(asff_type("AWS::EC2::SecurityGroup"), "AwsEc2SecurityGroup");
        assert_eq!(asff_type("AWS::S3::Bucket"), "AwsS3Bucket");
    }
}
