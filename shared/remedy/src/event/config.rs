//! What AWS Config tells when a rule changes its mind about a resource.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer};
use serde_json::Value;

use super::{
    Event, Found, Ignored, Subject, rule,
    said::{Said, full_name},
    sent_from,
    shape::{Moment, shaped, short, text},
};
use crate::{Severity, Signal, Source};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", expecting = "a compliance change")]
struct Change<'a> {
    message_type: Option<&'a str>,
    aws_account_id: Option<&'a str>,
    aws_region: Option<&'a str>,
    config_rule_name: &'a str,
    #[serde(rename = "configRuleARN")]
    config_rule_arn: Option<&'a str>,
    resource_id: &'a str,
    /// Null when there is nothing to evaluate any more; never left out.
    #[serde(borrow, deserialize_with = "present")]
    new_evaluation_result: Option<Evaluation<'a>>,
    notification_creation_time: Option<Moment>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", expecting = "an evaluation")]
struct Evaluation<'a> {
    compliance_type: &'a str,
    #[serde(borrow, rename = "evaluationResultIdentifier")]
    identifier: Option<Identifier<'a>>,
    result_recorded_time: Option<Moment>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", expecting = "an object")]
struct Identifier<'a> {
    #[serde(borrow, rename = "evaluationResultQualifier")]
    qualifier: Option<Qualifier<'a>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", expecting = "an object")]
struct Qualifier<'a> {
    evaluation_mode: Option<&'a str>,
}

fn present<'de, D: Deserializer<'de>, T: Deserialize<'de>>(from: D) -> Result<Option<T>, D::Error> {
    Option::deserialize(from)
}

impl<'a> Evaluation<'a> {
    fn mode(&self) -> Option<&'a str> {
        self.identifier.as_ref()?.qualifier.as_ref()?.evaluation_mode
    }
}

pub(super) fn change(event: &Event) -> Found {
    let change: Change<'_> = shaped(&event.detail, "detail")?;
    let kind = change.message_type.unwrap_or("ComplianceChangeNotification");
    if kind != "ComplianceChangeNotification" {
        return Err(
            format!("detail.messageType is `{}`, which is no change", short(kind, 100)).into()
        );
    }
    let Some(result) = change.new_evaluation_result.as_ref() else {
        return Err(Ignored::Deleted.into());
    };
    match result.mode() {
        None | Some("DETECTIVE") => {}
        Some("PROACTIVE") => return Err(Ignored::Proactive.into()),
        Some(mode) => {
            return Err(format!("evaluationMode is `{}`, which is unknown", short(mode, 50)).into());
        }
    }
    match result.compliance_type {
        "NON_COMPLIANT" => {}
        status @ ("COMPLIANT" | "NOT_APPLICABLE" | "INSUFFICIENT_DATA") => {
            return Err(Ignored::Compliant { status: status.into() }.into());
        }
        other => {
            return Err(
                format!("complianceType is `{}`, which is unknown", short(other, 50)).into()
            );
        }
    }
    let seen = result.result_recorded_time.or(change.notification_creation_time);
    let seen =
        seen.ok_or_else(|| String::from("detail does not say when the result was recorded"))?;
    let said =
        Said { account: change.aws_account_id, region: change.aws_region, ..Said::default() };
    let place = said.place(change.resource_id, &[sent_from(event)])?;
    let name = change.config_rule_name;
    Ok(vec![Signal {
        id: format!("{}/{}", change.config_rule_arn.unwrap_or(name), change.resource_id),
        seen: seen.0,
        source: Source::Config,
        trigger: rule::rule(name),
        // Config rules have none.
        severity: Severity::default(),
        title: format!("NON_COMPLIANT with Config rule {}", short(name, 200)),
        resource: full_name(change.resource_id, &place),
        place,
        findings: Vec::new(),
        asked_by: None,
        approves: None,
        caused_by: None,
        parameters: BTreeMap::new(),
        threat: None,
    }])
}

pub(super) fn subject(raw: &Value) -> Subject {
    let rule = [text(raw, "/configRuleARN"), text(raw, "/configRuleName")];
    let resource = text(raw, "/resourceId");
    let rule = rule.into_iter().find(|rule| !rule.is_empty());
    let id = rule.map(|rule| format!("{rule}/{resource}")).unwrap_or_default();
    let said = Said {
        account: Some(text(raw, "/awsAccountId")),
        region: Some(text(raw, "/awsRegion")),
        ..Said::default()
    };
    let seen = text(raw, "/newEvaluationResult/resultRecordedTime");
    Subject::new(&id, seen, rule::rule(text(raw, "/configRuleName")).name(), resource, said)
}
