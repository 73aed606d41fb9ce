//! Findings of Security Hub CSPM in ASFF, as they come in and as people send them by a custom action.

use std::{borrow::Cow, collections::BTreeMap};

use serde_json::Value;

use super::{
    Event, Found, Ignored, Not, Own, Subject, Whole,
    asff::{Asff, Resource, product_field},
    rule,
    said::{Said, full_name},
    sent_from,
    shape::{number, of_hundred, shaped, short, text},
    threat::{is_guardduty_asff, of_asff},
    trigger,
    whole::{described, sent},
};
use crate::{Finding, Severity, Signal, Source, Threat, Trigger};

/// A finding that Security Hub sends by itself: a new one, or one that changed.
pub(super) fn imported(raw: &Value, at: &str, event: &Event, own: &Own) -> Found {
    let finding: Asff<'_> = shaped(raw, at)?;
    finding.needs_something(raw)?;
    if finding.is_own_echo(own) {
        return Err(Ignored::OwnNote.into());
    }
    signals(&finding, raw, event, None)
}

/// A finding that a person selected for a custom action. Our own note on it says nothing then: whoever
/// asks again wants an answer again.
pub(super) fn asked_for(raw: &Value, at: &str, event: &Event) -> Found {
    let action = text(&event.detail, "/actionName");
    if action.trim().is_empty() {
        return Err(
            String::from("detail.actionName does not say which action a person chose").into()
        );
    }
    let finding: Asff<'_> = shaped(raw, at)?;
    finding.needs_something(raw)?;
    signals(&finding, raw, event, Some(action))
}

/// All that a finding says, whether or not something is to be done.
pub(super) fn whole(raw: &Value, at: &str, event: &Event, own: &Own) -> Result<Whole, Not> {
    let finding: Asff<'_> = shaped(raw, at)?;
    let mut standing = finding.standing(raw, own)?;
    let trigger = match finding.trigger(raw) {
        Err(Not::Wanted(Ignored::Compliant { .. })) => {
            standing.passed = Some(true);
            rule::rule(product_field(raw, "aws/config/ConfigRuleName"))
        }
        trigger => trigger?,
    };
    let links = ["/Remediation/Recommendation/Url", "/SourceUrl"].map(|link| text(raw, link));
    let link = links.into_iter().find(|link| !link.is_empty()).unwrap_or_default();
    Ok(Whole {
        signals: signals_of(&finding, &trigger, None, raw, event, None)?,
        standing,
        sent: sent(event, finding.updated_at.0),
        description: short(text(raw, "/Description"), 1024),
        advice: short(text(raw, "/Remediation/Recommendation/Text"), 512),
        link: short(link, 2048),
        resources: described(raw, ["/Resources", "/Type", "/Tags"]),
    })
}

pub(super) fn subject(raw: &Value) -> Subject {
    let names = ["/Compliance/SecurityControlId", "/GeneratorId", "/Types/0", "/ProductName"];
    let name = names.map(|name| text(raw, name)).into_iter().find(|name| !name.is_empty());
    let region = [text(raw, "/Resources/0/Region"), text(raw, "/Region")];
    let said = Said {
        account: Some(text(raw, "/AwsAccountId")),
        region: region.into_iter().find(|region| !region.is_empty()),
        ..Said::default()
    };
    let resource = text(raw, "/Resources/0/Id");
    Subject::new(
        text(raw, "/Id"),
        text(raw, "/UpdatedAt"),
        name.unwrap_or_default(),
        resource,
        said,
    )
}

impl Asff<'_> {
    fn trigger(&self, raw: &Value) -> Result<Trigger, Not> {
        let control =
            self.compliance.as_ref().and_then(|compliance| compliance.security_control_id);
        if let Some(control) = control.map(str::trim).filter(|control| !control.is_empty()) {
            return Ok(Trigger::Control(Cow::Owned(control.to_owned())));
        }
        let rule = product_field(raw, "aws/config/ConfigRuleName");
        if !rule.is_empty() {
            return match product_field(raw, "aws/config/ConfigComplianceType") {
                "" | "NON_COMPLIANT" => Ok(rule::rule(rule)),
                status => Err(Ignored::Compliant { status: short(status, 50) }.into()),
            };
        }
        let generator = self.generator_id.unwrap_or_default();
        let standards = [generator, product_field(raw, "StandardsControlArn"), self.id];
        let types = || self.types.iter().flatten().copied();
        if let Some(known) = standards
            .into_iter()
            .find_map(trigger::control_of_standard)
            .or_else(|| trigger::finding_type(types()))
        {
            return Ok(known);
        }
        let hub = self.product_arn.is_none_or(|product| product.ends_with("/aws/securityhub"));
        let known = if hub {
            let links = [
                product_field(raw, "RecommendationUrl"),
                text(raw, "/Remediation/Recommendation/Url"),
            ];
            let rule = product_field(raw, "RelatedAWSResources:0/name");
            let linked = links.into_iter().find_map(trigger::control_of_link);
            linked.or_else(|| trigger::control_of_rule(rule))
        } else {
            types().next().map(|kind| Trigger::Finding(Cow::Owned(kind.to_owned())))
        };
        known.ok_or_else(|| Ignored::NoTrigger { generator: short(generator, 100) }.into())
    }
}

fn signals(finding: &Asff<'_>, raw: &Value, event: &Event, asked_by: Option<&str>) -> Found {
    let trigger = finding.trigger(raw)?;
    let threat = is_guardduty_asff(finding.product_arn).then(|| of_asff(raw)).transpose()?;
    signals_of(finding, &trigger, threat.as_ref(), raw, event, asked_by)
}

fn signals_of(
    finding: &Asff<'_>,
    trigger: &Trigger,
    threat: Option<&Threat>,
    raw: &Value,
    event: &Event,
    asked_by: Option<&str>,
) -> Found {
    let said = Said { account: finding.aws_account_id, region: finding.region, ..Said::default() };
    let product = finding
        .product_arn
        .map(|product| Finding::Asff { id: finding.id.into(), product: product.into() });
    let parameters = finding.compliance.iter().flat_map(|c| c.security_control_parameters.iter());
    let parameters: BTreeMap<String, Vec<String>> = parameters
        .flatten()
        .map(|parameter| (parameter.name.into(), parameter.value.clone().unwrap_or_default()))
        .collect();
    let signal = |resource: &Resource<'_>| {
        let Resource { id, partition, region } = *resource;
        let there = Said { partition, region, ..Said::default() };
        let place = there.place(id, &[said, sent_from(event)])?;
        Ok(Signal {
            id: finding.id.into(),
            seen: finding.updated_at.0,
            source: asked_by.map_or(Source::SecurityHub, |_| Source::CustomAction),
            trigger: trigger.clone(),
            severity: severity(raw),
            title: short(finding.title.unwrap_or_default(), 256),
            resource: full_name(id, &place),
            place,
            findings: product.iter().cloned().collect(),
            asked_by: asked_by.map(|action| short(action, 100)),
            approves: None,
            caused_by: None,
            parameters: parameters.clone(),
            threat: threat.cloned(),
        })
    };
    finding.resources.iter().map(signal).collect()
}

fn severity(raw: &Value) -> Severity {
    let said = Severity::from_label(text(raw, "/Severity/Label"));
    let counted = || number(raw.pointer("/Severity/Normalized")).map(of_hundred);
    said.or_else(counted).unwrap_or_default()
}
