//! Findings of Security Hub, as it sends them.

use std::sync::{Arc, Mutex, PoisonError};

use aws_sdk_securityhub::{
    Client,
    config::{
        ConfigBag, Intercept, RuntimeComponents,
        interceptors::AfterDeserializationInterceptorContextRef,
    },
    error::BoxError,
    types::{AwsSecurityFindingFilters, StringFilter, StringFilterComparison},
};
use lambda::Local;
use runtime::Error;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Source, envelope};
use crate::{command::now, fail::Fail, say::Say, session::Session};

const NAME: &str = "Security Hub";
const NEEDS: &str = "securityhub:GetFindings";
/// The most that is read: beyond that nobody reads a preview.
const MOST: usize = 100_000;

/// All that are open: failed controls, and what GuardDuty found.
pub(super) async fn open(session: &Session, say: &Say) -> Source {
    let hub = client(session);
    let mut source = Source { name: NAME, events: Vec::new(), trouble: Vec::new() };
    let bar = say.progress("Reading Security Hub");
    let failed = || filters().compliance_status(equals("FAILED")).build();
    let guardduty = || filters().product_name(equals("GuardDuty")).build();
    for filters in [failed(), guardduty()] {
        let mut next = None;
        loop {
            match Box::pin(read(&hub, filters.clone(), next)).await {
                Ok((findings, more)) => {
                    let event = |finding| {
                        let detail = json!({ "findings": [finding] });
                        let kind = "Security Hub Findings - Imported";
                        envelope("aws.securityhub", kind, &session.home, now(), &detail)
                    };
                    source.events.extend(findings.into_iter().map(event));
                    next = more;
                }
                Err(error) => {
                    source.trouble.push(error.to_string());
                    next = None;
                }
            }
            bar.set_length(source.events.len() as u64);
            bar.set_position(source.events.len() as u64);
            if next.is_none() {
                break;
            }
            if source.events.len() >= MOST {
                source.trouble.push(format!("only the first {MOST} findings were read"));
                break;
            }
        }
        if !source.trouble.is_empty() {
            break;
        }
    }
    bar.finish_and_clear();
    source
}

/// The event that a person would send by a custom action on the finding of this id.
///
/// # Errors
/// If there is none, or it cannot be read.
pub(crate) async fn asked_for(finding: &str, session: &Session) -> Result<Value, Fail> {
    let filters = AwsSecurityFindingFilters::builder().id(equals(finding)).build();
    let (findings, _) = Box::pin(read(&client(session), filters, None)).await?;
    if findings.is_empty() {
        return Err(Fail::Failed(format!(
            "there is no finding {finding} in Security Hub of {}; give the finding's ARN, its `Id`",
            session.home
        )));
    }
    let detail = json!({ "actionName": "kintsugi run", "findings": findings });
    let kind = "Security Hub Findings - Custom Action";
    Ok(envelope("aws.securityhub", kind, &session.home, now(), &detail))
}

fn client(session: &Session) -> Local<Client> {
    session.local(Client::new(&session.aws.service("SECURITYHUB")))
}

fn equals(value: &str) -> StringFilter {
    StringFilter::builder().value(value).comparison(StringFilterComparison::Equals).build()
}

fn filters() -> aws_sdk_securityhub::types::builders::AwsSecurityFindingFiltersBuilder {
    AwsSecurityFindingFilters::builder()
        .record_state(equals("ACTIVE"))
        .workflow_status(equals("NEW"))
        .workflow_status(equals("NOTIFIED"))
}

/// A page of findings, and what names the next one.
async fn read(
    hub: &Local<Client>,
    filters: AwsSecurityFindingFilters,
    next: Option<String>,
) -> Result<(Vec<Value>, Option<String>), Error> {
    let heard = Heard::default();
    let call = hub.client.get_findings().filters(filters).max_results(100).set_next_token(next);
    let answer = call.customize().interceptor(heard.clone()).send().await;
    let answer =
        answer.map_err(|error| hub.failed("read the findings of Security Hub", NEEDS, &error))?;
    let findings =
        heard.findings().map_err(|why| hub.odd("read the findings of Security Hub", &why))?;
    Ok((findings, answer.next_token))
}

/// Keeps an answer as it came: a finding goes through the pipeline in Security Hub's own words, and the
/// SDK's types cannot be written as JSON again.
#[derive(Debug, Clone, Default)]
struct Heard(Arc<Mutex<Vec<u8>>>);

impl Heard {
    fn findings(&self) -> Result<Vec<Value>, String> {
        #[derive(Deserialize)]
        #[serde(rename_all = "PascalCase")]
        struct Answer {
            #[serde(default)]
            findings: Vec<Value>,
        }
        let heard = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let answer: Result<Answer, _> = serde_json::from_slice(&heard);
        answer.map(|answer| answer.findings).map_err(|error| format!("it is no list: {error}"))
    }
}

impl Intercept for Heard {
    fn name(&self) -> &'static str {
        "Heard"
    }

    fn read_after_deserialization(
        &self,
        context: &AfterDeserializationInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        if let Some(bytes) = context.response().body().bytes() {
            *self.0.lock().unwrap_or_else(PoisonError::into_inner) = bytes.to_vec();
        }
        Ok(())
    }
}
