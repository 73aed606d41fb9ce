//! The account that is repaired: security groups, written and read as people write them.

use std::fmt;

use aws_config::SdkConfig;
use aws_sdk_ec2::{
    Client,
    types::{
        AddPrefixListEntry, Filter, IpPermission, IpRange, Ipv6Range, PrefixListId, ResourceType,
        SecurityGroupRule, Tag, TagSpecification, UserIdGroupPair,
    },
};
use catalog::ec2::{Peer, Rule, Traffic};
use remedy::{Place, Tags};

use crate::{Result, Trouble, stage::config};

/// An account with two VPCs, two prefix lists and a few groups that rules can name:
/// `@world` is a prefix list that holds 0.0.0.0/0, `@corp` one that holds 10.0.0.0/8, `@office` and `@self`
/// are groups.
#[derive(Debug, Clone)]
pub struct Estate {
    /// Where it is.
    pub place: Place,
    pub(crate) aws: SdkConfig,
    pub(crate) ec2: Client,
    names: Vec<(String, String)>,
    vpcs: Vec<(Vpc, String)>,
}

/// Where a group is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Vpc {
    /// In the VPC that every account begins with.
    Default,
    /// In one that was made.
    Own,
}

/// A rule as it stands, written `tcp/22 from 0.0.0.0/0 # description`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Which way it goes.
    pub egress: bool,
    /// The rule.
    pub rule: Rule,
    text: String,
}

impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl Estate {
    pub(crate) fn at(endpoint: &str, place: Place) -> Result<Self> {
        let aws = config(endpoint, &place)?;
        let ec2 = Client::new(&aws);
        Ok(Self { place, aws, ec2, names: Vec::new(), vpcs: Vec::new() })
    }

    /// Makes what groups and rules refer to.
    pub async fn furnish(&mut self) -> Result<()> {
        let trouble = |what: &'static str| move |error| Trouble::aws(what, error);
        let vpcs =
            self.ec2.describe_vpcs().send().await.map_err(trouble("find the default VPC"))?;
        let default = vpcs.vpcs().iter().find(|vpc| vpc.is_default() == Some(true));
        let default = default.and_then(|vpc| vpc.vpc_id()).unwrap_or_default().to_owned();
        let call = self.ec2.create_vpc().cidr_block("10.20.0.0/16");
        let made = call.send().await.map_err(|error| Trouble::aws("make a VPC", error))?;
        let own = made.vpc().and_then(|vpc| vpc.vpc_id()).unwrap_or_default().to_owned();
        self.vpcs = vec![(Vpc::Default, default), (Vpc::Own, own)];
        for (name, cidr) in [("@world", "0.0.0.0/0"), ("@corp", "10.0.0.0/8")] {
            let id = self.prefix_list(&name[1..], cidr).await?;
            self.names.push((name.into(), id));
        }
        let office = self.group(Vpc::Own, "office", &[], &[]).await?;
        self.names.push(("@office".into(), office));
        Ok(())
    }

    async fn prefix_list(&self, name: &str, cidr: &str) -> Result<String> {
        let what = format!("make prefix list {name}");
        let call = self.ec2.create_managed_prefix_list().prefix_list_name(name).max_entries(5);
        let call = call.entries(AddPrefixListEntry::builder().cidr(cidr).build());
        let made = call.address_family("IPv4").send().await;
        let made = made.map_err(|error| Trouble::aws(&what, error))?;
        let id = made.prefix_list().and_then(|list| list.prefix_list_id());
        id.map(str::to_owned).ok_or_else(|| Trouble::new(&what, "it has no id"))
    }

    /// Takes an Elastic IP address; the address.
    pub async fn elastic_ip(&self) -> Result<String> {
        let made = self.ec2.allocate_address().send().await;
        let made = made.map_err(|error| Trouble::aws("take an Elastic IP address", error))?;
        Ok(made.public_ip.unwrap_or_default())
    }

    /// The id of a VPC.
    pub fn vpc(&self, vpc: Vpc) -> &str {
        self.vpcs.iter().find(|(of, _)| *of == vpc).map_or("", |(_, id)| id)
    }

    /// Makes a group with tags and ingress rules; its id.
    pub async fn group(
        &self,
        vpc: Vpc,
        name: &str,
        tags: &[(&str, &str)],
        ingress: &[&str],
    ) -> Result<String> {
        let what = format!("make security group {name}");
        let mut call = self.ec2.create_security_group().group_name(name).description(name);
        if !self.vpc(vpc).is_empty() {
            call = call.vpc_id(self.vpc(vpc));
        }
        let tag = |(key, value): &(&str, &str)| Tag::builder().key(*key).value(*value).build();
        if !tags.is_empty() {
            let tags = tags.iter().map(tag).collect();
            let specification =
                TagSpecification::builder().resource_type(ResourceType::SecurityGroup);
            call = call.tag_specifications(specification.set_tags(Some(tags)).build());
        }
        let made = call.send().await.map_err(|error| Trouble::aws(&what, error))?;
        let id = made.group_id().ok_or_else(|| Trouble::new(&what, "it has no id"))?;
        self.open(id, ingress).await?;
        Ok(id.to_owned())
    }

    /// Adds ingress rules to a group, in one call.
    pub async fn open(&self, group: &str, ingress: &[&str]) -> Result<()> {
        let rules =
            ingress.iter().map(|text| self.rule(group, text)).collect::<Result<Vec<_>>>()?;
        if rules.is_empty() { Ok(()) } else { self.authorize(group, &rules, false).await }
    }

    /// Adds rules to a group, in one call; they share the tags of the first.
    pub async fn authorize(&self, group: &str, rules: &[Rule], egress: bool) -> Result<()> {
        let permissions = Some(rules.iter().map(permission).collect());
        let tags = rules.first().map(|rule| tags_of(&rule.tags)).unwrap_or_default();
        let what = format!("add rules to {group}");
        if egress {
            let call = self.ec2.authorize_security_group_egress().group_id(group);
            let done = call.set_tag_specifications(tags).set_ip_permissions(permissions).send();
            done.await.map(drop).map_err(|error| Trouble::aws(&what, error))
        } else {
            let call = self.ec2.authorize_security_group_ingress().group_id(group);
            let done = call.set_tag_specifications(tags).set_ip_permissions(permissions).send();
            done.await.map(drop).map_err(|error| Trouble::aws(&what, error))
        }
    }

    /// Takes an ingress rule out, by its id.
    pub async fn revoke(&self, group: &str, rule: &str) -> Result<()> {
        let call = self.ec2.revoke_security_group_ingress().group_id(group);
        let done = call.security_group_rule_ids(rule).send().await;
        done.map(drop).map_err(|error| Trouble::aws(&format!("revoke {rule} of {group}"), error))
    }

    /// Removes a group.
    pub async fn delete(&self, group: &str) -> Result<()> {
        let done = self.ec2.delete_security_group().group_id(group).send().await;
        done.map(drop).map_err(|error| Trouble::aws(&format!("delete {group}"), error))
    }

    /// Tags a group or a rule.
    pub async fn tag(&self, resource: &str, key: &str, value: &str) -> Result<()> {
        let tag = Tag::builder().key(key).value(value).build();
        let done = self.ec2.create_tags().resources(resource).tags(tag).send().await;
        done.map(drop).map_err(|error| Trouble::aws(&format!("tag {resource}"), error))
    }

    /// The default group of a VPC.
    pub async fn default_group(&self, vpc: Vpc) -> Result<String> {
        let filter = |name: &str, value: &str| Filter::builder().name(name).values(value).build();
        let call = self.ec2.describe_security_groups().filters(filter("group-name", "default"));
        let answer = call.filters(filter("vpc-id", self.vpc(vpc))).send().await;
        let what = "find a default group";
        let answer = answer.map_err(|error| Trouble::aws(what, error))?;
        let id = answer.security_groups().first().and_then(|group| group.group_id());
        id.map(str::to_owned).ok_or_else(|| Trouble::new(what, "there is none"))
    }

    /// Puts a network interface into a group of the own VPC.
    pub async fn interface(&self, group: &str) -> Result<String> {
        let what = format!("put a network interface into {group}");
        let call = self.ec2.create_subnet().vpc_id(self.vpc(Vpc::Own)).cidr_block("10.20.1.0/24");
        let made = call.send().await.map_err(|error| Trouble::aws(&what, error))?;
        let subnet = made.subnet().and_then(|subnet| subnet.subnet_id()).unwrap_or_default();
        let call = self.ec2.create_network_interface().subnet_id(subnet).groups(group);
        let made = call.send().await.map_err(|error| Trouble::aws(&what, error))?;
        let interface = made.network_interface().and_then(|made| made.network_interface_id());
        interface.map(str::to_owned).ok_or_else(|| Trouble::new(&what, "it has no id"))
    }

    /// All rules of a group as they stand, ingress first, each in the order of its text.
    pub async fn rules(&self, group: &str) -> Result<Vec<Line>> {
        let filter = Filter::builder().name("group-id").values(group).build();
        let call = self.ec2.describe_security_group_rules().filters(filter).max_results(1000);
        let mut pages = call.into_paginator().items().send();
        let mut lines = Vec::new();
        while let Some(rule) = pages.next().await {
            let what = format!("read the rules of {group}");
            lines.push(self.line(group, &rule.map_err(|error| Trouble::aws(&what, error))?)?);
        }
        lines
            .sort_by(|one: &Line, other| (one.egress, &one.text).cmp(&(other.egress, &other.text)));
        Ok(lines)
    }

    fn line(&self, group: &str, rule: &SecurityGroupRule) -> Result<Line> {
        let odd = || Trouble(format!("EC2 shows a rule that says nothing: {rule:?}"));
        let egress = rule.is_egress() == Some(true);
        let protocol = rule.ip_protocol().unwrap_or_default();
        let tag = |tag: &Tag| Some((tag.key()?.to_owned(), tag.value()?.to_owned()));
        let rule = Rule {
            id: rule.security_group_rule_id().unwrap_or_default().to_owned(),
            traffic: Traffic::of(protocol, rule.from_port(), rule.to_port()).ok_or_else(odd)?,
            peer: peer(rule).ok_or_else(odd)?,
            description: rule.description().unwrap_or_default().to_owned(),
            tags: rule.tags().iter().filter_map(tag).collect(),
        };
        let way = if egress { " to " } else { " from " };
        let note = match rule.description.as_str() {
            "" => String::new(),
            note => format!(" # {note}"),
        };
        let text = self.text(&rule.to_string()).replace(group, "@self").replacen(" from ", way, 1);
        Ok(Line { egress, text: text + &note, rule })
    }

    /// `text` with the names of what `furnish` made in place of ids.
    pub fn text(&self, text: &str) -> String {
        self.names.iter().fold(text.to_owned(), |text, (name, id)| text.replace(id, name))
    }

    fn rule(&self, group: &str, text: &str) -> Result<Rule> {
        let (rule, description) = text.split_once(" # ").unwrap_or((text, ""));
        let names = self.names.iter();
        let rule =
            names.fold(rule.replace("@self", group), |text, (name, id)| text.replace(name, id));
        let rule: Rule = rule.parse().map_err(|why: String| Trouble::new("read a rule", why))?;
        Ok(Rule { description: description.into(), ..rule })
    }
}

fn peer(rule: &SecurityGroupRule) -> Option<Peer> {
    let v4 = rule.cidr_ipv4().and_then(|cidr| cidr.parse().ok()).map(Peer::V4);
    let v6 = || rule.cidr_ipv6().and_then(|cidr| cidr.parse().ok()).map(Peer::V6);
    let list = || rule.prefix_list_id().map(|id| Peer::PrefixList(id.into()));
    let group = || {
        let of = rule.referenced_group_info()?;
        let account = of.user_id().filter(|id| Some(*id) != rule.group_owner_id());
        Some(Peer::Group { id: of.group_id()?.into(), account: account.map(str::to_owned) })
    };
    v4.or_else(v6).or_else(list).or_else(group)
}

fn permission(rule: &Rule) -> IpPermission {
    let (protocol, from, to) = rule.traffic.fields();
    let note = Some(rule.description.clone()).filter(|note| !note.is_empty());
    let permission =
        IpPermission::builder().ip_protocol(protocol).set_from_port(from).set_to_port(to);
    match &rule.peer {
        Peer::V4(net) => {
            let range = IpRange::builder().cidr_ip(net.to_string()).set_description(note);
            permission.ip_ranges(range.build())
        }
        Peer::V6(net) => {
            let range = Ipv6Range::builder().cidr_ipv6(net.to_string()).set_description(note);
            permission.ipv6_ranges(range.build())
        }
        Peer::PrefixList(id) => {
            let list = PrefixListId::builder().prefix_list_id(id).set_description(note);
            permission.prefix_list_ids(list.build())
        }
        Peer::Group { id, account } => {
            let pair = UserIdGroupPair::builder().group_id(id).set_user_id(account.clone());
            permission.user_id_group_pairs(pair.set_description(note).build())
        }
    }
    .build()
}

fn tags_of(tags: &Tags) -> Option<Vec<TagSpecification>> {
    let tag = |(key, value): (&String, &String)| Tag::builder().key(key).value(value).build();
    let all = Some(tags.iter().map(tag).collect());
    let specification = TagSpecification::builder().resource_type(ResourceType::SecurityGroupRule);
    (!tags.is_empty()).then(|| vec![specification.set_tags(all).build()])
}
