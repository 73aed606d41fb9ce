//! Just enough of AWS for a repair to be made and verified.
//!
//! Every group exists: group `n` carries the opt-in tag and two rules, tcp/22 from the world (rule `2n`) and tcp/443
//! from an office (rule `2n + 1`). What is revoked is remembered, so reading again shows it.

use std::collections::{BTreeSet, HashSet};
use std::fmt::Write;

use serde_json::{Value, json};

use crate::events::{ACCOUNT, REGION, group_id};
use crate::http::Request;

#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Answer {
    /// The API's name of the call.
    pub(crate) action: String,
    pub(crate) status: u16,
    pub(crate) kind: &'static str,
    pub(crate) body: String,
}

#[derive(Debug, Default)]
pub(crate) struct Estate {
    revoked: HashSet<u64>,
    /// Calls that have no answer of their own here, for a warning at the end.
    pub(crate) unknown: BTreeSet<String>,
}

/// What became of a group.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum State {
    Open,
    Closed,
    /// The office's rule is gone as well.
    TooMuch,
}

impl Estate {
    pub(crate) fn state(&self, group: u64) -> State {
        match (self.revoked.contains(&world(group)), self.revoked.contains(&office(group))) {
            (_, true) => State::TooMuch,
            (true, false) => State::Closed,
            (false, false) => State::Open,
        }
    }

    pub(crate) fn answer(&mut self, request: &Request) -> Answer {
        if let Some(target) = request.header("x-amz-target") {
            return self.json_protocol(target.rsplit('.').next().unwrap_or(target), &request.body);
        }
        if request.path.starts_with("/findings") {
            return findings(request);
        }
        let form = form(&request.body);
        match field(&form, "Action") {
            Some(action) => self.query_protocol(action, &form),
            None => self.stranger(format!("{} {}", request.method, request.path), ""),
        }
    }

    fn json_protocol(&mut self, action: &str, body: &[u8]) -> Answer {
        let body: Value = serde_json::from_slice(body).unwrap_or_default();
        let answer = match action {
            "PutItem" | "GetItem" | "DeleteItem" | "TransactWriteItems" => json!({}),
            "UpdateItem" => json!({ "Attributes": added(&body) }),
            "Query" | "Scan" => json!({ "Items": [], "Count": 0, "ScannedCount": 0 }),
            "BatchWriteItem" => json!({ "UnprocessedItems": {} }),
            "BatchGetItem" => json!({ "Responses": {}, "UnprocessedKeys": {} }),
            _ => return self.stranger(action.to_owned(), "{}"),
        };
        Answer {
            action: action.to_owned(),
            status: 200,
            kind: "application/x-amz-json-1.0",
            body: answer.to_string(),
        }
    }

    fn query_protocol(&mut self, action: &str, form: &[(String, String)]) -> Answer {
        let (status, body) = match action {
            "DescribeSecurityGroups" => (200, ec2(action, &self.groups(form))),
            "DescribeSecurityGroupRules" => (200, ec2(action, &self.rules(form))),
            "RevokeSecurityGroupIngress" => self.revoke(form),
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
            _ if action.starts_with("Describe") || action.starts_with("Get") => {
                (200, ec2(action, ""))
            }
            _ => return self.stranger(action.to_owned(), ""),
        };
        Answer { action: action.to_owned(), status, kind: "text/xml", body }
    }

    /// What opens connections during init needs no more than an answer.
    fn stranger(&mut self, action: String, body: &str) -> Answer {
        let greets = action.starts_with("GET ") || action.starts_with("HEAD ");
        if !greets {
            self.unknown.insert(action.clone());
        }
        Answer { action, status: 200, kind: "text/plain", body: body.to_owned() }
    }

    fn groups(&self, form: &[(String, String)]) -> String {
        let items = groups_of(form).map(|group| {
            let rules: String = self.standing(group).map(|rule| rule.permission()).collect();
            let id = group_id(group);
            format!(
                "<item><ownerId>{ACCOUNT}</ownerId><groupId>{id}</groupId><groupName>web-{group}</groupName>\
                 <groupDescription>web servers</groupDescription><vpcId>vpc-0a1b2c3d4e5f60718</vpcId>\
                 <securityGroupArn>arn:aws:ec2:{REGION}:{ACCOUNT}:security-group/{id}</securityGroupArn>\
                 <ipPermissions>{rules}</ipPermissions><ipPermissionsEgress/>\
                 <tagSet><item><key>AutoRemediate</key><value>True</value></item>\
                 <item><key>Name</key><value>web</value></item></tagSet></item>"
            )
        });
        format!("<securityGroupInfo>{}</securityGroupInfo>", items.collect::<String>())
    }

    fn rules(&self, form: &[(String, String)]) -> String {
        let items = groups_of(form)
            .flat_map(|group| self.standing(group).map(move |rule| rule.item(&group_id(group))));
        format!("<securityGroupRuleSet>{}</securityGroupRuleSet>", items.collect::<String>())
    }

    fn standing(&self, group: u64) -> impl Iterator<Item = Rule> {
        [
            Rule { number: world(group), port: 22, source: "0.0.0.0/0" },
            Rule { number: office(group), port: 443, source: "203.0.113.0/24" },
        ]
        .into_iter()
        .filter(|rule| !self.revoked.contains(&rule.number))
    }

    fn revoke(&mut self, form: &[(String, String)]) -> (u16, String) {
        let rules: Vec<u64> = numbers(form, "sgr-").collect();
        if rules.is_empty() {
            return (400, error("MissingParameter", "this stub revokes by SecurityGroupRuleId"));
        }
        if let Some(rule) = rules.iter().find(|rule| self.revoked.contains(rule)) {
            let says = format!("The security group rule ID 'sgr-{rule:017x}' does not exist");
            return (400, error("InvalidSecurityGroupRuleId.NotFound", &says));
        }
        self.revoked.extend(&rules);
        let items = rules.iter().fold(String::new(), |mut text, rule| {
            let _ = write!(
                text,
                "<item><securityGroupRuleId>sgr-{rule:017x}</securityGroupRuleId></item>"
            );
            text
        });
        let body = format!(
            "<return>true</return><revokedSecurityGroupRuleSet>{items}</revokedSecurityGroupRuleSet>"
        );
        (200, ec2("RevokeSecurityGroupIngress", &body))
    }
}

struct Rule {
    number: u64,
    port: u16,
    source: &'static str,
}

impl Rule {
    fn permission(&self) -> String {
        let Self { port, source, .. } = self;
        format!(
            "<item><ipProtocol>tcp</ipProtocol><fromPort>{port}</fromPort><toPort>{port}</toPort><groups/>\
             <ipRanges><item><cidrIp>{source}</cidrIp></item></ipRanges><ipv6Ranges/><prefixListIds/></item>"
        )
    }

    fn item(&self, group: &str) -> String {
        let Self { number, port, source } = self;
        format!(
            "<item><securityGroupRuleId>sgr-{number:017x}</securityGroupRuleId><groupId>{group}</groupId>\
             <groupOwnerId>{ACCOUNT}</groupOwnerId><isEgress>false</isEgress><ipProtocol>tcp</ipProtocol>\
             <fromPort>{port}</fromPort><toPort>{port}</toPort><cidrIpv4>{source}</cidrIpv4><tagSet/></item>"
        )
    }
}

const fn world(group: u64) -> u64 {
    group * 2
}

const fn office(group: u64) -> u64 {
    group * 2 + 1
}

/// The groups that a request names, itself or by their rules.
fn groups_of(form: &[(String, String)]) -> impl Iterator<Item = u64> {
    let named: BTreeSet<u64> =
        numbers(form, "sg-").chain(numbers(form, "sgr-").map(|rule| rule / 2)).collect();
    named.into_iter()
}

fn numbers(form: &[(String, String)], prefix: &str) -> impl Iterator<Item = u64> {
    form.iter()
        .filter_map(move |(_, value)| u64::from_str_radix(value.strip_prefix(prefix)?, 16).ok())
}

/// What an `ADD` leaves in an item that did not exist.
fn added(update: &Value) -> Value {
    let words: Vec<&str> = update["UpdateExpression"]
        .as_str()
        .unwrap_or_default()
        .split([' ', ','])
        .filter(|word| !word.is_empty())
        .collect();
    let starts = words.iter().position(|word| word.eq_ignore_ascii_case("ADD"));
    let pairs = words.get(starts.map_or(words.len(), |at| at + 1)..).unwrap_or_default();
    let mut attributes = json!({});
    for pair in pairs.chunks_exact(2).take_while(|pair| pair[1].starts_with(':')) {
        let name = update["ExpressionAttributeNames"][pair[0]].as_str().unwrap_or(pair[0]);
        attributes[name] = update["ExpressionAttributeValues"][pair[1]].clone();
    }
    attributes
}

fn findings(request: &Request) -> Answer {
    let body: Value = serde_json::from_slice(&request.body).unwrap_or_default();
    let processed = &body["FindingIdentifiers"];
    let action =
        if request.path.contains("v2") { "BatchUpdateFindingsV2" } else { "BatchUpdateFindings" };
    Answer {
        action: action.to_owned(),
        status: 200,
        kind: "application/json",
        body: json!({ "ProcessedFindings": processed, "UnprocessedFindings": [] }).to_string(),
    }
}

fn ec2(action: &str, inner: &str) -> String {
    format!(
        "<{action}Response xmlns=\"http://ec2.amazonaws.com/doc/2016-11-15/\"><requestId>r</requestId>{inner}</{action}Response>"
    )
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

fn error(code: &str, says: &str) -> String {
    format!(
        "<Response><Errors><Error><Code>{code}</Code><Message>{says}</Message></Error></Errors><RequestID>r</RequestID></Response>"
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

    fn asked(estate: &mut Estate, body: &str) -> Answer {
        let head = format!("POST / HTTP/1.1\r\ncontent-length: {}\r\n\r\n{body}", body.len());
        let stream = std::io::Cursor::new(head.into_bytes());
        let request = crate::http::Connection::new(stream).request().unwrap().unwrap();
        estate.answer(&request)
    }

    #[test]
    fn a_revoked_rule_is_gone_and_its_neighbour_stays() {
        let mut estate = Estate::default();
        let describe =
            format!("Action=DescribeSecurityGroupRules&Filter.1.Value.1={}", group_id(5));
        let world = "sgr-0000000000000000a";
        assert!(asked(&mut estate, &describe).body.contains(world));
        assert_eq!(estate.state(5), State::Open);

        let revoke = format!("Action=RevokeSecurityGroupIngress&SecurityGroupRuleId.1={world}");
        assert_eq!(asked(&mut estate, &revoke).status, 200);
        assert_eq!(estate.state(5), State::Closed);
        let left = asked(&mut estate, &describe).body;
        assert!(!left.contains(world) && left.contains("203.0.113.0/24"));

        assert!(asked(&mut estate, &revoke).body.contains("InvalidSecurityGroupRuleId.NotFound"));
        asked(&mut estate, &revoke.replace("00a", "00b"));
        assert_eq!(estate.state(5), State::TooMuch);
    }

    #[test]
    fn a_counter_starts_with_what_is_added() {
        let update = json!({
            "UpdateExpression": "SET expires = :e ADD #n :one",
            "ExpressionAttributeNames": { "#n": "made" },
            "ExpressionAttributeValues": { ":one": { "N": "1" }, ":e": { "N": "9" } },
        });
        assert_eq!(added(&update), json!({ "made": { "N": "1" } }));
    }

    #[test]
    fn decodes_forms() {
        assert_eq!(decoded("0.0.0.0%2F0+%3A%3A"), "0.0.0.0/0 ::");
        assert_eq!(decoded("50%"), "50%");
    }
}
