//! Non-compliant results of AWS Config, as it sends them.

use aws_sdk_config::{
    Client,
    types::{ComplianceType, EvaluationResult},
};
use futures_util::{StreamExt, stream};
use lambda::Local;
use remedy::{Place, Timestamp};
use runtime::Error;
use serde_json::{Value, json};

use super::{Source, envelope};
use crate::{command::now, say::Say, session::Session};

const NAME: &str = "AWS Config";
/// How many rules are read at the same time.
const SIDE_BY_SIDE: usize = 4;

/// All that is not compliant.
pub(super) async fn open(session: &Session, say: &Say) -> Source {
    let config = session.local(Client::new(&session.aws.service("CONFIG_SERVICE")));
    let mut source = Source { name: NAME, events: Vec::new(), trouble: Vec::new() };
    let rules = match rules(&config).await {
        Ok(rules) => rules,
        Err(error) => {
            source.trouble.push(error.to_string());
            return source;
        }
    };
    let bar = say.progress("Reading AWS Config");
    bar.set_length(rules.len() as u64);
    let results = rules.iter().map(|rule| {
        let (config, bar) = (&config, &bar);
        async move {
            let results = Box::pin(results(config, rule)).await;
            bar.inc(1);
            results
        }
    });
    let all: Vec<_> = stream::iter(results).buffer_unordered(SIDE_BY_SIDE).collect().await;
    bar.finish_and_clear();
    for results in all {
        match results {
            Ok(results) => {
                let events = results.iter().filter_map(|result| event(result, &session.home));
                source.events.extend(events);
            }
            Err(error) => source.trouble.push(error.to_string()),
        }
    }
    source
}

/// The rules that something is not compliant with.
async fn rules(config: &Local<Client>) -> Result<Vec<String>, Error> {
    let call = config
        .client
        .describe_compliance_by_config_rule()
        .compliance_types(ComplianceType::NonCompliant);
    let mut pages = call.into_paginator().items().send();
    let mut rules = Vec::new();
    while let Some(rule) = Box::pin(pages.next()).await {
        let rule = rule.map_err(|error| {
            let what = "read the rules of AWS Config";
            config.failed(what, "config:DescribeComplianceByConfigRule", &error)
        })?;
        rules.extend(rule.config_rule_name);
    }
    Ok(rules)
}

async fn results(config: &Local<Client>, rule: &str) -> Result<Vec<EvaluationResult>, Error> {
    let call = config
        .client
        .get_compliance_details_by_config_rule()
        .config_rule_name(rule)
        .compliance_types(ComplianceType::NonCompliant)
        .limit(100);
    let mut pages = call.into_paginator().items().send();
    let mut results = Vec::new();
    while let Some(result) = Box::pin(pages.next()).await {
        results.push(result.map_err(|error| {
            let what = format!("read the results of Config rule {rule}");
            config.failed(&what, "config:GetComplianceDetailsByConfigRule", &error)
        })?);
    }
    Ok(results)
}

/// The event that AWS Config sent when it found out.
fn event(result: &EvaluationResult, home: &Place) -> Option<Value> {
    let qualifier = result.evaluation_result_identifier()?.evaluation_result_qualifier()?;
    let at = result.result_recorded_time()?;
    let at = Timestamp::from_timestamp(at.secs(), at.subsec_nanos())?;
    let rule = qualifier.config_rule_name()?;
    let detail = json!({
        "messageType": "ComplianceChangeNotification",
        "awsAccountId": home.account,
        "awsRegion": home.region,
        "configRuleName": rule,
        "resourceType": qualifier.resource_type(),
        "resourceId": qualifier.resource_id()?,
        "newEvaluationResult": {
            "complianceType": "NON_COMPLIANT",
            "resultRecordedTime": at,
            "evaluationResultIdentifier": { "evaluationResultQualifier": {
                "configRuleName": rule,
                "resourceType": qualifier.resource_type(),
                "resourceId": qualifier.resource_id(),
                "evaluationMode": qualifier.evaluation_mode().map_or("DETECTIVE", |mode| mode.as_str()),
            } },
        },
    });
    Some(envelope("aws.config", "Config Rules Compliance Change", home, now(), &detail))
}

#[cfg(test)]
mod tests {
    use aws_sdk_config::{
        primitives::DateTime,
        types::{EvaluationResultIdentifier, EvaluationResultQualifier},
    };
    use remedy::{Own, Reading, read};

    use super::*;

    #[test]
    fn a_result_is_read_as_the_event_that_it_was() {
        let qualifier = EvaluationResultQualifier::builder()
            .config_rule_name("restricted-ssh")
            .resource_type("AWS::EC2::SecurityGroup")
            .resource_id("sg-0a1")
            .build();
        let id =
            EvaluationResultIdentifier::builder().evaluation_result_qualifier(qualifier).build();
        let result = EvaluationResult::builder()
            .evaluation_result_identifier(id)
            .result_recorded_time(DateTime::from_secs(1_795_176_000))
            .build();
        let event = event(&result, &Place::new("111122223333", "eu-west-1")).unwrap();
        let own = Own { roles: Vec::new(), note_by: "kintsugi" };
        let read = read(&event, &own);
        let [Reading::Signal(signal)] = &read[..] else { panic!("{read:?}") };
        assert_eq!(signal.trigger.name(), "INCOMING_SSH_DISABLED");
        assert_eq!(signal.resource, "arn:aws:ec2:eu-west-1:111122223333:security-group/sg-0a1");
        assert_eq!(signal.seen, remedy::check::now());
    }
}
