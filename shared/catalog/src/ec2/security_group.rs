//! Facet: who may reach what is behind a security group.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
};

use ipnet::IpNet;
use remedy::{Action, Arn, Change, Facet, Id, Owner, Place, Tags};
use serde::{Deserialize, Serialize};

use super::{
    Rule, Way,
    command::{Verb, commands},
};

/// `sg-...`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SecurityGroupId(pub String);

impl Id for SecurityGroupId {
    const TYPE: &'static str = "AWS::EC2::SecurityGroup";

    fn locate(resource: &str) -> Option<Self> {
        let id = match Arn::parse(resource) {
            Some(arn) if arn.service == "ec2" => arn.resource.strip_prefix("security-group/")?,
            Some(_) => return None,
            None => resource,
        };
        let rest = id.strip_prefix("sg-")?;
        let named = !rest.is_empty() && rest.bytes().all(|b| b.is_ascii_alphanumeric());
        named.then(|| Self(id.to_owned()))
    }

    fn arn(&self, Place { partition, account, region }: &Place) -> String {
        format!("arn:{partition}:ec2:{region}:{account}:security-group/{self}")
    }

    fn link(&self, place: &Place) -> String {
        let region = &place.region;
        format!("{}/ec2/home?region={region}#SecurityGroup:groupId={self}", place.console())
    }
}

impl fmt::Display for SecurityGroupId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A security group, as far as ingress goes.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SecurityGroup {
    /// The group's name.
    pub name: String,
    /// The account it belongs to; a group can be shared with others.
    pub account: String,
    /// Its ingress rules.
    pub ingress: BTreeSet<Rule>,
    /// The addresses in every prefix list that its rules name.
    pub prefix_lists: BTreeMap<String, Vec<IpNet>>,
    /// The group's tags.
    pub tags: Tags,
}

/// An edit of a security group's ingress rules.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum IngressChange {
    /// Takes a rule out, by its id.
    Revoke(Rule),
    /// Puts a rule in, with its description and tags.
    Authorize(Rule),
    /// Puts `narrow` in, then takes `wide` out; if that fails, takes `narrow` out again.
    Split {
        /// The rule that lets too much through.
        wide: Rule,
        /// What of it may stay.
        narrow: Vec<Rule>,
    },
    /// Takes a split back: puts `wide` in, then takes `narrow` out.
    Join {
        /// What the split left.
        narrow: Vec<Rule>,
        /// The rule that was split.
        wide: Rule,
    },
}

/// Security groups of the account, by ARN.
pub(super) const GROUPS: &str = "arn:${AWS::Partition}:ec2:*:${AWS::AccountId}:security-group/*";
const RULES: &str = "arn:${AWS::Partition}:ec2:*:${AWS::AccountId}:security-group-rule/*";
const REVOKE: Action = Action::on(GROUPS, "ec2:RevokeSecurityGroupIngress").tagged();
const AUTHORIZE: Action = Action::on(GROUPS, "ec2:AuthorizeSecurityGroupIngress").tagged();
/// The rule to be made is a resource of the call, too, and has no tags before.
const AUTHORIZE_RULE: Action = Action::on(RULES, "ec2:AuthorizeSecurityGroupIngress");
/// A rule that is put back, or split, keeps its tags: they are given as it is made, and only then.
const TAG_RULE: Action = Action::on(RULES, "ec2:CreateTags").only(
    "StringEquals",
    "ec2:CreateAction",
    "AuthorizeSecurityGroupIngress",
);
/// Only where the operator chose `WideRule=split` may the function that acts by itself open anything.
const SPLITS: &str = "SplitsWideRules";
const SPLIT: &[Action] =
    &[REVOKE, AUTHORIZE.when(SPLITS), AUTHORIZE_RULE.when(SPLITS), TAG_RULE.when(SPLITS)];
const GIVE_BACK: &[Action] = &[REVOKE, AUTHORIZE, AUTHORIZE_RULE, TAG_RULE];

impl Facet for SecurityGroup {
    type Id = SecurityGroupId;
    type Change = IngressChange;

    const NAME: &'static str = "security group";
    const READS: &'static [Action] = &[
        Action::on("*", "ec2:DescribeSecurityGroupRules"),
        Action::on("*", "ec2:DescribeSecurityGroups"),
        Action::on(
            "arn:${AWS::Partition}:ec2:*:*:prefix-list/*",
            "ec2:GetManagedPrefixListEntries",
        ),
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

    fn after(mut self, change: &IngressChange) -> Self {
        let rules = &mut self.ingress;
        match change {
            IngressChange::Revoke(rule) => revoke(rules, rule),
            IngressChange::Authorize(rule) => authorize(rules, rule),
            IngressChange::Split { wide, narrow } => {
                for rule in narrow {
                    authorize(rules, rule);
                }
                revoke(rules, wide);
            }
            IngressChange::Join { narrow, wide } => {
                authorize(rules, wide);
                for rule in narrow {
                    revoke(rules, rule);
                }
            }
        }
        self
    }

    fn same(&self, other: &Self) -> bool {
        same(&self.ingress, &other.ingress)
            && (&self.name, &self.account, &self.tags) == (&other.name, &other.account, &other.tags)
    }

    fn commands(place: &Place, id: &SecurityGroupId, changes: &[IngressChange]) -> Vec<String> {
        let edits = changes.iter().flat_map(|change| {
            let (give, take) = match change {
                IngressChange::Revoke(rule) => (&[][..], std::slice::from_ref(rule)),
                IngressChange::Authorize(rule) => (std::slice::from_ref(rule), &[][..]),
                IngressChange::Split { wide, narrow } => (&narrow[..], std::slice::from_ref(wide)),
                IngressChange::Join { narrow, wide } => (std::slice::from_ref(wide), &narrow[..]),
            };
            let give = give.iter().map(|rule| (Verb::Authorize, Way::Ingress, rule));
            give.chain(take.iter().map(|rule| (Verb::Revoke, Way::Ingress, rule)))
        });
        commands(place, id, edits)
    }
}

pub(super) fn revoke(rules: &mut BTreeSet<Rule>, rule: &Rule) {
    rules.retain(|other| !other.grants_the_same(rule));
}

pub(super) fn authorize(rules: &mut BTreeSet<Rule>, rule: &Rule) {
    if !rules.iter().any(|other| other.grants_the_same(rule)) {
        rules.insert(Rule { id: String::new(), ..rule.clone() });
    }
}

/// Whether both hold the same rules. Ids are given anew by EC2, so they do not count.
pub(super) fn same(one: &BTreeSet<Rule>, other: &BTreeSet<Rule>) -> bool {
    let without_ids = |rules: &BTreeSet<Rule>| -> BTreeSet<Rule> {
        rules.iter().map(|rule| Rule { id: String::new(), ..rule.clone() }).collect()
    };
    without_ids(one) == without_ids(other)
}

/// Whose group it is by its name, for services that leave no tag. The names are AWS's own: none can be
/// given to a group by mistake.
pub(super) fn owner(name: &str) -> Option<Owner> {
    let kind = match name {
        _ if name.starts_with("eks-cluster-sg-") => "eks",
        _ if name.starts_with("d-") && name.ends_with("_controllers") => "directory-service",
        _ if name.starts_with("default_elb_") => "elb",
        _ if name.starts_with("k8s-elb-") || name.starts_with("k8s-traffic-") => "elb",
        _ if name.starts_with("ElasticMapReduce-") => "emr",
        _ if name.starts_with("rds-ec2-") || name.starts_with("ec2-rds-") => "rds",
        _ if name.starts_with("awseb-") => "elastic-beanstalk",
        _ if name.starts_with("aws-controltower-") => "control-tower",
        _ => return None,
    };
    Some(Owner::new(kind, format!("group {name}")))
}

impl Change for IngressChange {
    const MAKE: &'static [Action] = SPLIT;
    const UNDO: &'static [Action] = GIVE_BACK;

    fn needs(&self) -> &'static [Action] {
        match self {
            Self::Revoke(_) => &[REVOKE],
            Self::Split { .. } => SPLIT,
            Self::Authorize(_) | Self::Join { .. } => GIVE_BACK,
        }
    }

    fn inverse(&self) -> Option<Self> {
        Some(match self.clone() {
            Self::Revoke(rule) => Self::Authorize(rule),
            Self::Authorize(rule) => Self::Revoke(rule.made_again()),
            Self::Split { wide, narrow } => Self::Join { narrow, wide },
            Self::Join { narrow, wide } => Self::Split { wide: wide.made_again(), narrow },
        })
    }
}

impl fmt::Display for IngressChange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let list = |f: &mut fmt::Formatter<'_>, rules: &[Rule]| {
            let traffic: Vec<_> = rules.iter().map(|rule| rule.traffic.to_string()).collect();
            f.write_str(&traffic.join(" and "))
        };
        match self {
            Self::Revoke(rule) => write!(f, "revoke {rule}"),
            Self::Authorize(rule) => write!(f, "authorize {rule}"),
            Self::Split { wide, narrow } => {
                write!(f, "narrow {wide} to ")?;
                list(f, narrow)
            }
            Self::Join { narrow, wide } => {
                write!(f, "put {wide} back in place of ")?;
                list(f, narrow)
            }
        }
    }
}

#[cfg(test)]
impl SecurityGroup {
    /// A group with these rules; a text after `#` is a rule's description.
    pub(super) fn with(ingress: &[&str]) -> Self {
        let rule = |(nth, text): (usize, &&str)| {
            let (rule, description) = text.split_once(" # ").unwrap_or((text, ""));
            let rule: Rule = rule.parse().unwrap();
            Rule { id: format!("sgr-{nth}"), description: description.into(), ..rule }
        };
        Self { ingress: ingress.iter().enumerate().map(rule).collect(), ..Self::default() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_security_group_is_located() {
        let arn = "arn:aws-cn:ec2:cn-north-1:111122223333:security-group/sg-1";
        assert_eq!(SecurityGroupId::locate(arn), Some(SecurityGroupId("sg-1".into())));
        assert_eq!(SecurityGroupId::locate("sg-0a"), Some(SecurityGroupId("sg-0a".into())));
        for other in [
            "AWS::::Account:111122223333",
            "arn:aws:ec2:eu-west-1:111122223333:instance/i-1",
            "arn:aws:s3:::sg-1",
            "sg-",
            "sg-1/../sg-2",
            "",
        ] {
            assert_eq!(SecurityGroupId::locate(other), None, "{other}");
        }
    }

    #[test]
    fn groups_that_services_make_are_known_by_name() {
        for (name, kind) in [
            ("eks-cluster-sg-prod-123", Some("eks")),
            ("d-9067012345_controllers", Some("directory-service")),
            ("default_elb_0f0", Some("elb")),
            ("k8s-traffic-prod-1", Some("elb")),
            ("ec2-rds-1", Some("rds")),
            ("web", None),
            ("default", None),
        ] {
            assert_eq!(owner(name).map(|o| o.kind).as_deref(), kind, "{name}");
        }
    }
}
