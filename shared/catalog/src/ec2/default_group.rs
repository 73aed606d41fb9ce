//! Facet: all the rules of a VPC's default security group, and what is attached to it.

use std::{collections::BTreeSet, fmt};

use remedy::{Action, Change, Facet, Owner, Place, Tags};
use serde::{Deserialize, Serialize};

use super::{
    Rule, SecurityGroupId,
    command::{Verb, commands},
    security_group::{GROUPS, authorize, owner, revoke, same},
};

/// A security group, as far as all its rules and its use go.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct DefaultGroup {
    /// The group's name; the default group of a VPC is called `default`, and no other can be.
    pub name: String,
    /// The account it belongs to.
    pub account: String,
    /// Its ingress rules.
    pub ingress: BTreeSet<Rule>,
    /// Its egress rules.
    pub egress: BTreeSet<Rule>,
    /// The network interfaces that are in it, `eni-...`.
    pub interfaces: Vec<String>,
    /// The group's tags.
    pub tags: Tags,
}

/// Which way traffic goes through a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Way {
    /// In.
    Ingress,
    /// Out.
    Egress,
}

/// An edit of a security group's rules, either way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RuleChange {
    /// Takes a rule out, by its id.
    Revoke(Way, Rule),
    /// Puts a rule in, with its description and tags.
    Authorize(Way, Rule),
}

const RULES: &str = "arn:${AWS::Partition}:ec2:*:${AWS::AccountId}:security-group-rule/*";

impl Facet for DefaultGroup {
    type Id = SecurityGroupId;
    type Change = RuleChange;

    const NAME: &'static str = "default security group";
    const READS: &'static [Action] = &[
        Action::on("*", "ec2:DescribeNetworkInterfaces"),
        Action::on("*", "ec2:DescribeSecurityGroupRules"),
        Action::on("*", "ec2:DescribeSecurityGroups"),
    ];

    fn label(&self) -> Option<&str> {
        Some(&self.name)
    }
    fn tags(&self) -> Option<&Tags> {
        Some(&self.tags)
    }
    fn owner(&self) -> Option<Owner> {
        owner(&self.name)
    }
    fn account(&self) -> Option<&str> {
        Some(&self.account).filter(|account| !account.is_empty()).map(String::as_str)
    }

    fn after(mut self, change: &RuleChange) -> Self {
        let (RuleChange::Revoke(way, rule) | RuleChange::Authorize(way, rule)) = change;
        let rules = match way {
            Way::Ingress => &mut self.ingress,
            Way::Egress => &mut self.egress,
        };
        match change {
            RuleChange::Revoke(..) => revoke(rules, rule),
            RuleChange::Authorize(..) => authorize(rules, rule),
        }
        self
    }

    fn same(&self, other: &Self) -> bool {
        same(&self.ingress, &other.ingress)
            && same(&self.egress, &other.egress)
            && (&self.name, &self.account, &self.tags) == (&other.name, &other.account, &other.tags)
    }

    fn commands(place: &Place, id: &SecurityGroupId, changes: &[RuleChange]) -> Vec<String> {
        let edits = changes.iter().map(|change| match change {
            RuleChange::Revoke(way, rule) => (Verb::Revoke, *way, rule),
            RuleChange::Authorize(way, rule) => (Verb::Authorize, *way, rule),
        });
        commands(place, id, edits)
    }
}

impl Way {
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Ingress => "ingress",
            Self::Egress => "egress",
        }
    }
}

const fn on_tagged(action: &'static str) -> Action {
    Action::on(GROUPS, action).tagged()
}
const fn tagging(create: &'static str) -> Action {
    Action::on(RULES, "ec2:CreateTags").only("StringEquals", "ec2:CreateAction", create)
}

const REVOKE_EGRESS: Action = on_tagged("ec2:RevokeSecurityGroupEgress");
const REVOKE_INGRESS: Action = on_tagged("ec2:RevokeSecurityGroupIngress");

impl Change for RuleChange {
    const MAKE: &'static [Action] = &[REVOKE_EGRESS, REVOKE_INGRESS];
    const UNDO: &'static [Action] = &[
        on_tagged("ec2:AuthorizeSecurityGroupEgress"),
        on_tagged("ec2:AuthorizeSecurityGroupIngress"),
        Action::on(RULES, "ec2:AuthorizeSecurityGroupEgress"),
        Action::on(RULES, "ec2:AuthorizeSecurityGroupIngress"),
        tagging("AuthorizeSecurityGroupEgress"),
        tagging("AuthorizeSecurityGroupIngress"),
    ];

    fn needs(&self) -> &'static [Action] {
        match self {
            Self::Revoke(Way::Ingress, _) => &[REVOKE_INGRESS],
            Self::Revoke(Way::Egress, _) => &[REVOKE_EGRESS],
            Self::Authorize(..) => Self::UNDO,
        }
    }

    fn inverse(&self) -> Option<Self> {
        Some(match self.clone() {
            Self::Revoke(way, rule) => Self::Authorize(way, rule),
            Self::Authorize(way, rule) => Self::Revoke(way, rule.made_again()),
        })
    }
}

impl fmt::Display for RuleChange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (verb, way, rule) = match self {
            Self::Revoke(way, rule) => ("revoke", way, rule),
            Self::Authorize(way, rule) => ("authorize", way, rule),
        };
        match way {
            Way::Ingress => write!(f, "{verb} {rule}"),
            Way::Egress => write!(f, "{verb} {} to {}", rule.traffic, rule.peer),
        }
    }
}
