//! Security groups, and what else EC2 is asked.
//!
//! Every group exists: group `n` carries the opt-in tag and two rules, tcp/22 from the world (rule `2n`) and tcp/443
//! from an office (rule `2n + 1`). What is revoked is remembered, so reading again shows it.

use std::collections::{BTreeSet, HashSet};
use std::fmt::Write;

use crate::events::{ACCOUNT, REGION, group_id};

/// How many network interfaces with an address there are.
const INTERFACES: u8 = 50;

#[derive(Debug, Default)]
pub(crate) struct Groups {
    revoked: HashSet<u64>,
}

/// What became of a group.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum State {
    Open,
    Closed,
    /// The office's rule is gone as well.
    TooMuch,
}

impl Groups {
    pub(super) fn answer(
        &mut self,
        action: &str,
        form: &[(String, String)],
    ) -> Option<(u16, String)> {
        Some(match action {
            "DescribeSecurityGroups" => (200, ec2(action, &self.groups(form))),
            "DescribeSecurityGroupRules" => (200, ec2(action, &self.rules(form))),
            "RevokeSecurityGroupIngress" => self.revoke(form),
            "DescribeAddresses" => (200, ec2(action, "<addressesSet/>")),
            "DescribeNetworkInterfaces" => (200, ec2(action, &interfaces())),
            _ if action.starts_with("Describe") => (200, ec2(action, "")),
            _ => return None,
        })
    }

    pub(super) fn state(&self, group: u64) -> State {
        match (self.revoked.contains(&world(group)), self.revoked.contains(&office(group))) {
            (_, true) => State::TooMuch,
            (true, false) => State::Closed,
            (false, false) => State::Open,
        }
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

/// Interfaces of instances, each with a public address.
fn interfaces() -> String {
    let items = (0..INTERFACES).fold(String::new(), |mut text, nth| {
        let _ = write!(
            text,
            "<item><networkInterfaceId>eni-{nth:017x}</networkInterfaceId>\
             <interfaceType>interface</interfaceType><attachment><instanceId>i-{nth:017x}</instanceId></attachment>\
             <association><publicIp>198.51.100.{nth}</publicIp></association></item>"
        );
        text
    });
    format!("<networkInterfaceSet>{items}</networkInterfaceSet>")
}

fn ec2(action: &str, inner: &str) -> String {
    format!(
        "<{action}Response xmlns=\"http://ec2.amazonaws.com/doc/2016-11-15/\"><requestId>r</requestId>{inner}</{action}Response>"
    )
}

fn error(code: &str, says: &str) -> String {
    format!(
        "<Response><Errors><Error><Code>{code}</Code><Message>{says}</Message></Error></Errors><RequestID>r</RequestID></Response>"
    )
}
