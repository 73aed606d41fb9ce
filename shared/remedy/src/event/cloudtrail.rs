//! API calls that `CloudTrail` saw: those that can open a security group.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

use super::{
    Event, Found, Ignored, Own, Subject,
    said::{Said, full_name},
    sent_from,
    shape::{Moment, each, shaped, short, text},
};
use crate::{Severity, Signal, Source, Trigger};

/// Calls after which a group may be open. A new group has no rules; those that follow are in its events,
/// and what was added in between is found as well.
const OPENING: [&str; 3] =
    ["AuthorizeSecurityGroupIngress", "ModifySecurityGroupRules", "CreateSecurityGroup"];

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", expecting = "an API call")]
struct Call<'a> {
    #[serde(rename = "eventID")]
    event_id: &'a str,
    event_time: Moment,
    event_source: &'a str,
    event_name: &'a str,
    aws_region: Option<&'a str>,
    recipient_account_id: Option<&'a str>,
    error_code: Option<&'a str>,
    #[serde(borrow)]
    user_identity: Option<Identity<'a>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", expecting = "an identity")]
struct Identity<'a> {
    arn: Option<&'a str>,
    principal_id: Option<&'a str>,
    account_id: Option<&'a str>,
    #[serde(borrow)]
    session_context: Option<Session<'a>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", expecting = "an object")]
struct Session<'a> {
    #[serde(borrow)]
    session_issuer: Option<Issuer<'a>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", expecting = "an object")]
struct Issuer<'a> {
    arn: Option<&'a str>,
    user_name: Option<&'a str>,
}

pub(super) fn call(event: &Event, own: &Own) -> Found {
    let raw = &event.detail;
    let call: Call<'_> = shaped(raw, "detail")?;
    let caller = call.user_identity.as_ref();
    if let Some(role) =
        caller.and_then(|caller| caller.roles().into_iter().find(|r| own.is_role(r)))
    {
        return Err(Ignored::OwnCall { role: short(role, 200) }.into());
    }
    if call.event_source != "ec2.amazonaws.com" || !OPENING.contains(&call.event_name) {
        return Err(Ignored::OtherCall { name: short(call.event_name, 100) }.into());
    }
    if let Some(code) = call.error_code.filter(|code| !code.is_empty()) {
        return Err(Ignored::DeniedCall { code: short(code, 100) }.into());
    }
    let group = group(raw)
        .ok_or_else(|| format!("the call of {} names no security group", call.event_name))?;
    let said =
        Said { account: call.recipient_account_id, region: call.aws_region, ..Said::default() };
    let callers = Said { account: caller.and_then(|caller| caller.account_id), ..Said::default() };
    let place = said.place(group, &[callers, sent_from(event)])?;
    Ok(vec![Signal {
        id: call.event_id.into(),
        seen: call.event_time.0,
        source: Source::CloudTrail,
        trigger: Trigger::Call(call.event_name.to_owned().into()),
        // CloudTrail has none, and before the group is read nobody knows whether it is open.
        severity: Severity::default(),
        title: call.event_name.into(),
        resource: full_name(group, &place),
        place,
        findings: Vec::new(),
        asked_by: None,
        approves: None,
        caused_by: caller
            .and_then(|caller| caller.arn.or(caller.principal_id))
            .map(|c| short(c, 512)),
        parameters: BTreeMap::new(),
        threat: None,
    }])
}

pub(super) fn subject(raw: &Value) -> Subject {
    let said = Said {
        account: Some(text(raw, "/recipientAccountId")),
        region: Some(text(raw, "/awsRegion")),
        ..Said::default()
    };
    let group = group(raw).unwrap_or_default();
    Subject::new(
        text(raw, "/eventID"),
        text(raw, "/eventTime"),
        text(raw, "/eventName"),
        group,
        said,
    )
}

impl<'a> Identity<'a> {
    /// The role behind the session: told by the session, and by its ARN
    /// (`arn:aws:sts::111122223333:assumed-role/NAME/SESSION`).
    fn roles(&self) -> Vec<&'a str> {
        let issuer =
            self.session_context.as_ref().and_then(|session| session.session_issuer.as_ref());
        let assumed =
            self.arn.and_then(|arn| arn.split_once(":assumed-role/")?.1.split('/').next());
        let issuer = issuer.map(|issuer| [issuer.arn, issuer.user_name]).into_iter().flatten();
        issuer.chain([assumed]).flatten().collect()
    }
}

/// The group that was changed or made: in the request, whose shape differs from call to call, or in the
/// answer, where the request gave a name only. Groups deeper within are sources of rules.
fn group(raw: &Value) -> Option<&str> {
    fn ids(value: &Value) -> [&str; 2] {
        ["/groupId", "/GroupId"].map(|name| text(value, name))
    }
    let request = raw.get("requestParameters");
    let answer = raw.get("responseElements");
    let wrapped = request.and_then(Value::as_object).into_iter().flatten();
    let wrapped = wrapped.filter(|(name, _)| name.ends_with("Request")).map(|(_, request)| request);
    let mut named = request.into_iter().chain(wrapped).chain(answer).flat_map(ids);
    let in_answer = || {
        let rules = answer?;
        let listed = each(rules, "/securityGroupRuleSet/items");
        let bare = each(rules, "/securityGroupRuleSet");
        listed.chain(bare).map(|rule| text(rule, "/groupId")).find(|id| id.starts_with("sg-"))
    };
    named.find(|id| id.starts_with("sg-")).or_else(in_answer)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_group_is_found_in_every_shape_of_request_and_answer() {
        for call in [
            json!({"requestParameters": {"groupId": "sg-1", "ipPermissions": {}}}),
            json!({"requestParameters": {"ModifySecurityGroupRulesRequest": {"GroupId": "sg-1"}}}),
            json!({"requestParameters": {"modifySecurityGroupRulesRequest": {"groupId": "sg-1"}}}),
            json!({"requestParameters": {"groupName": "web"}, "responseElements": {"groupId": "sg-1"}}),
            json!({"responseElements": {"securityGroupRuleSet": {"items": [{"groupId": "sg-1"}]}}}),
            json!({"responseElements": {"securityGroupRuleSet": {"items": {"groupId": "sg-1"}}}}),
            json!({"responseElements": {"securityGroupRuleSet": [{}, {"groupId": "sg-1"}]}}),
        ] {
            assert_eq!(group(&call), Some("sg-1"), "{call}");
        }
    }

    #[test]
    fn a_group_that_is_only_a_source_is_not_the_one() {
        let source = json!({"items": [{"groups": {"items": [{"groupId": "sg-9"}]}}]});
        for call in [
            json!(null),
            json!({"requestParameters": null, "responseElements": null}),
            json!({"requestParameters": {"ipPermissions": source}}),
            json!({"requestParameters": {"groupId": 5}, "responseElements": {"securityGroupRuleSet": {}}}),
        ] {
            assert_eq!(group(&call), None, "{call}");
        }
    }
}
