//! Just enough of AWS for a repair to be made and verified, and for a threat list to be kept: in memory, at once.

mod groups;
mod lists;
mod objects;
mod table;

use std::collections::BTreeSet;
use std::sync::Arc;

use serde_json::{Value, json};

use crate::events::ACCOUNT;
use crate::http::Request;

use groups::Groups;
pub(crate) use groups::State;
pub(crate) use lists::Lists;
pub(crate) use objects::Objects;
use table::Table;

/// Whose listener was asked: the suffix of its `AWS_ENDPOINT_URL_…`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Service {
    Sts,
    Ec2,
    DynamoDb,
    Sns,
    SecurityHub,
    S3,
    GuardDuty,
}

impl Service {
    pub(crate) const ALL: [Self; 7] = [
        Self::Sts,
        Self::Ec2,
        Self::DynamoDb,
        Self::Sns,
        Self::SecurityHub,
        Self::S3,
        Self::GuardDuty,
    ];

    pub(crate) const fn suffix(self) -> &'static str {
        match self {
            Self::Sts => "STS",
            Self::Ec2 => "EC2",
            Self::DynamoDb => "DYNAMODB",
            Self::Sns => "SNS",
            Self::SecurityHub => "SECURITYHUB",
            Self::S3 => "S3",
            Self::GuardDuty => "GUARDDUTY",
        }
    }
}

#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Answer {
    /// The API's name of the call, and what it was about where calls of one name differ.
    pub(crate) action: String,
    pub(crate) status: u16,
    /// Whole lines.
    pub(crate) headers: String,
    pub(crate) body: Arc<Vec<u8>>,
    /// Only how long the body is, is told.
    pub(crate) only_head: bool,
}

impl Answer {
    fn new(action: &str, status: u16, kind: &str, body: String) -> Self {
        Self {
            action: action.to_owned(),
            status,
            headers: format!("content-type: {kind}\r\n"),
            body: Arc::new(body.into_bytes()),
            only_head: false,
        }
    }
}

#[derive(Debug, Default)]
pub(crate) struct Estate {
    groups: Groups,
    table: Table,
    pub(crate) objects: Objects,
    pub(crate) lists: Lists,
    /// Calls that have no answer of their own here, for a warning at the end.
    pub(crate) unknown: BTreeSet<String>,
}

impl Estate {
    pub(crate) fn state(&self, group: u64) -> State {
        self.groups.state(group)
    }

    /// Puts policies in force as their first version, or takes those that are away.
    pub(crate) fn push(&mut self, policies: Option<&str>) {
        self.table.clear("control");
        for sk in policies.map_or(&[][..], |_| &["policy", "policy#00000001"]) {
            let text = |text: &str| json!({ "S": text });
            let item = json!({
                "pk": text("control"),
                "sk": text(sk),
                "version": { "N": "1" },
                "text": text(policies.unwrap_or_default()),
                "by": text("ada"),
                "at": text("2026-01-01T00:00:00.000Z"),
                "why": text("to be measured"),
            });
            self.table.put(item.as_object().cloned().unwrap_or_default());
        }
    }

    /// Forgets records, marks and lists, and what else a run has left.
    pub(crate) fn renew(&mut self) {
        let unknown = std::mem::take(&mut self.unknown);
        *self = Self { unknown, ..Self::default() };
    }

    pub(crate) fn answer(&mut self, service: Service, request: Request) -> Answer {
        let place = format!("{} {}", request.method, request.path);
        let answer = match service {
            // What opens connections during init needs no more than an answer.
            _ if request.path == "/ping" => {
                Some(Answer::new(&place, 200, "text/plain", String::new()))
            }
            Service::S3 => self.objects.answer(request),
            Service::GuardDuty => self.lists.answer(&request, &self.objects),
            Service::SecurityHub => Some(findings(&request)),
            Service::DynamoDb => self.table.answer(&request),
            Service::Sts | Service::Ec2 | Service::Sns => self.query(&request.body),
        };
        answer.unwrap_or_else(|| {
            self.unknown.insert(place.clone());
            Answer::new(&place, 501, "text/plain", String::new())
        })
    }

    fn query(&mut self, body: &[u8]) -> Option<Answer> {
        let form = form(body);
        let action = field(&form, "Action")?;
        let (status, body) = match action {
            "Publish" => {
                (200, sns("Publish", "<MessageId>00000000-0000-4000-b000-000000000000</MessageId>"))
            }
            "GetCallerIdentity" => (
                200,
                sts(
                    "GetCallerIdentity",
                    &format!(
                        "<Account>{ACCOUNT}</Account><Arn>arn:aws:sts::{ACCOUNT}:assumed-role/kintsugi/ec2</Arn><UserId>AROAEXAMPLE:ec2</UserId>"
                    ),
                ),
            ),
            _ => self.groups.answer(action, &form)?,
        };
        Some(Answer::new(action, status, "text/xml", body))
    }
}

fn findings(request: &Request) -> Answer {
    let body: Value = serde_json::from_slice(&request.body).unwrap_or_default();
    let processed = &body["FindingIdentifiers"];
    let action =
        if request.path.contains("v2") { "BatchUpdateFindingsV2" } else { "BatchUpdateFindings" };
    let body = json!({ "ProcessedFindings": processed, "UnprocessedFindings": [] });
    Answer::new(action, 200, "application/json", body.to_string())
}

fn sns(action: &str, inner: &str) -> String {
    wrapped("http://sns.amazonaws.com/doc/2010-03-31/", action, inner)
}

fn sts(action: &str, inner: &str) -> String {
    wrapped("https://sts.amazonaws.com/doc/2011-06-15/", action, inner)
}

fn wrapped(space: &str, action: &str, inner: &str) -> String {
    format!(
        "<{action}Response xmlns=\"{space}\"><{action}Result>{inner}</{action}Result>\
         <ResponseMetadata><RequestId>r</RequestId></ResponseMetadata></{action}Response>"
    )
}

fn form(body: &[u8]) -> Vec<(String, String)> {
    let text = String::from_utf8_lossy(body);
    text.split('&')
        .filter_map(|pair| pair.split_once('='))
        .map(|(name, value)| (decoded(name), decoded(value)))
        .collect()
}

fn field<'a>(form: &'a [(String, String)], name: &str) -> Option<&'a str> {
    form.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
}

fn decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&byte, after)) = rest.split_first() {
        let code = after
            .get(..2)
            .filter(|_| byte == b'%')
            .and_then(|hex| std::str::from_utf8(hex).ok())
            .and_then(|hex| u8::from_str_radix(hex, 16).ok());
        let (plain, after) = match (code, byte) {
            (Some(code), _) => (code, after.get(2..).unwrap_or_default()),
            (None, b'+') => (b' ', after),
            (None, byte) => (byte, after),
        };
        bytes.push(plain);
        rest = after;
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::events::group_id;

    /// What a service answers to a request that is written out.
    pub(super) fn asked(
        estate: &mut Estate,
        service: Service,
        head: &str,
        body: &str,
    ) -> (u16, String) {
        let text = format!("{head}content-length: {}\r\n\r\n{body}", body.len());
        let stream = std::io::Cursor::new(text.into_bytes());
        let request = crate::http::Connection::new(stream).request().unwrap().unwrap();
        let answer = estate.answer(service, request);
        (answer.status, answer.headers + &String::from_utf8_lossy(&answer.body))
    }

    #[test]
    fn a_revoked_rule_is_gone_and_its_neighbour_stays() {
        let mut estate = Estate::default();
        let mut asked = |body: &str| {
            super::tests::asked(&mut estate, Service::Ec2, "POST / HTTP/1.1\r\n", body)
        };
        let describe =
            format!("Action=DescribeSecurityGroupRules&Filter.1.Value.1={}", group_id(5));
        let world = "sgr-0000000000000000a";
        assert!(asked(&describe).1.contains(world));

        let revoke = format!("Action=RevokeSecurityGroupIngress&SecurityGroupRuleId.1={world}");
        assert_eq!(asked(&revoke).0, 200);
        let left = asked(&describe).1;
        assert!(!left.contains(world) && left.contains("203.0.113.0/24"));
        assert!(asked(&revoke).1.contains("InvalidSecurityGroupRuleId.NotFound"));
        assert_eq!(estate.state(4), State::Open);
        assert_eq!(estate.state(5), State::Closed);

        let office = revoke.replace("00a", "00b");
        super::tests::asked(&mut estate, Service::Ec2, "POST / HTTP/1.1\r\n", &office);
        assert_eq!(estate.state(5), State::TooMuch);
    }

    #[test]
    fn what_it_has_no_answer_for_is_remembered() {
        let mut estate = Estate::default();
        let (status, _) = asked(&mut estate, Service::GuardDuty, "GET /malware HTTP/1.1\r\n", "");
        assert_eq!(status, 501);
        assert!(estate.unknown.contains("GET /malware"));
        asked(&mut estate, Service::S3, "GET /ping HTTP/1.1\r\n", "");
        assert_eq!(estate.unknown.len(), 1);
    }

    #[test]
    fn decodes_forms() {
        assert_eq!(decoded("0.0.0.0%2F0+%3A%3A"), "0.0.0.0/0 ::");
        assert_eq!(decoded("50%"), "50%");
    }
}
