//! Rules, from EC2's shape to the catalog's and back.

use aws_sdk_ec2::types::{
    IpPermission, IpRange, Ipv6Range, PrefixListId, ResourceType, SecurityGroupRule, Tag,
    TagSpecification, UserIdGroupPair,
};
use catalog::ec2::{Peer, Rule, Traffic, Way};
use remedy::Tags;

/// The rule that EC2 means, in a group of `account`, and which way it goes.
///
/// # Errors
/// If it means nothing that is known here. Nobody may guess: a rule that was left out could be the one
/// that opens everything.
pub(crate) fn rule(rule: &SecurityGroupRule, account: &str) -> Result<(Way, Rule), String> {
    let id = rule.security_group_rule_id().ok_or("a rule has no id")?;
    let odd = |what: &str| format!("rule {id} {what}");
    let way = match rule.is_egress() {
        Some(false) => Way::Ingress,
        Some(true) => Way::Egress,
        None => return Err(odd("does not say which way it goes")),
    };
    let protocol = rule.ip_protocol().ok_or_else(|| odd("has no protocol"))?;
    let (from, to) = (rule.from_port(), rule.to_port());
    let traffic = Traffic::of(protocol, from, to)
        .ok_or_else(|| odd(&format!("is for protocol `{protocol}`, ports {from:?} to {to:?}")))?;
    let rule = Rule {
        id: id.to_owned(),
        traffic,
        peer: peer(rule, account).ok_or_else(|| odd("has no single source that is known"))?,
        description: rule.description().unwrap_or_default().to_owned(),
        tags: tags(rule.tags()),
    };
    Ok((way, rule))
}

fn peer(rule: &SecurityGroupRule, account: &str) -> Option<Peer> {
    let group = rule.referenced_group_info();
    match (rule.cidr_ipv4(), rule.cidr_ipv6(), rule.prefix_list_id(), group) {
        (Some(net), None, None, None) => net.parse().ok().map(Peer::V4),
        (None, Some(net), None, None) => net.parse().ok().map(Peer::V6),
        (None, None, Some(list), None) => Some(Peer::PrefixList(list.to_owned())),
        (None, None, None, Some(group)) => Some(Peer::Group {
            id: group.group_id()?.to_owned(),
            account: group.user_id().filter(|other| *other != account).map(str::to_owned),
        }),
        _ => None,
    }
}

/// Tags, by key.
pub(crate) fn tags(tags: &[Tag]) -> Tags {
    let text = |text: Option<&str>| text.unwrap_or_default().to_owned();
    tags.iter().map(|tag| (text(tag.key()), text(tag.value()))).collect()
}

/// The permission by which a rule is made, or taken out where it has no id.
pub(crate) fn permission(rule: &Rule) -> IpPermission {
    let (protocol, from, to) = rule.traffic.fields();
    let permission =
        IpPermission::builder().ip_protocol(protocol).set_from_port(from).set_to_port(to);
    let description = Some(rule.description.clone()).filter(|text| !text.is_empty());
    match &rule.peer {
        Peer::V4(net) => {
            let range = IpRange::builder().cidr_ip(net.to_string()).set_description(description);
            permission.ip_ranges(range.build())
        }
        Peer::V6(net) => {
            let range =
                Ipv6Range::builder().cidr_ipv6(net.to_string()).set_description(description);
            permission.ipv6_ranges(range.build())
        }
        Peer::PrefixList(id) => {
            let list = PrefixListId::builder().prefix_list_id(id).set_description(description);
            permission.prefix_list_ids(list.build())
        }
        Peer::Group { id, account } => {
            let group = UserIdGroupPair::builder()
                .group_id(id)
                .set_user_id(account.clone())
                .set_description(description);
            permission.user_id_group_pairs(group.build())
        }
    }
    .build()
}

/// A rule's tags, as they are given when it is made.
pub(crate) fn tag_specification(rule: &Rule) -> Option<TagSpecification> {
    let tag = |(key, value)| Tag::builder().key(key).value(value).build();
    let tags: Vec<_> = rule.own_tags().into_iter().map(tag).collect();
    let specification = TagSpecification::builder()
        .resource_type(ResourceType::SecurityGroupRule)
        .set_tags(Some(tags.clone()));
    (!tags.is_empty()).then(|| specification.build())
}

#[cfg(test)]
mod tests {
    use aws_sdk_ec2::types::{ReferencedSecurityGroup, builders::SecurityGroupRuleBuilder};

    use super::*;

    const ACCOUNT: &str = "111122223333";

    fn given(protocol: &str, from: i32, to: i32) -> SecurityGroupRuleBuilder {
        SecurityGroupRule::builder()
            .security_group_rule_id("sgr-1")
            .is_egress(false)
            .ip_protocol(protocol)
            .from_port(from)
            .to_port(to)
    }

    fn read(given: SecurityGroupRuleBuilder) -> Result<String, String> {
        rule(&given.build(), ACCOUNT).map(|(_, rule)| rule.to_string())
    }

    fn group(id: &str, account: &str) -> ReferencedSecurityGroup {
        ReferencedSecurityGroup::builder().group_id(id).user_id(account).build()
    }

    #[test]
    fn rules_mean_what_ec2_means() {
        for (given, expected) in [
            (given("tcp", 22, 22).cidr_ipv4("0.0.0.0/0"), "tcp/22 from 0.0.0.0/0"),
            (given("-1", -1, -1).cidr_ipv6("::/0"), "all traffic from ::/0"),
            (given("icmp", 3, 4).cidr_ipv4("10.0.0.0/8"), "icmp type 3 code 4 from 10.0.0.0/8"),
            (given("icmpv6", -1, -1).cidr_ipv6("2001:db8::/32"), "icmpv6 from 2001:db8::/32"),
            (given("50", -1, -1).prefix_list_id("pl-1"), "protocol 50 from pl-1"),
            (
                given("tcp", 0, 65_535).referenced_group_info(group("sg-2", ACCOUNT)),
                "tcp/0-65535 from sg-2",
            ),
            (
                given("tcp", 443, 443).referenced_group_info(group("sg-3", "444455556666")),
                "tcp/443 from sg-3 of 444455556666",
            ),
        ] {
            assert_eq!(read(given).as_deref(), Ok(expected));
        }
    }

    #[test]
    fn a_rule_that_means_nothing_known_is_no_rule() {
        let tcp = || given("tcp", 22, 22);
        for (given, why) in [
            (tcp(), "has no single source that is known"),
            (tcp().cidr_ipv4("0.0.0.0/0").cidr_ipv6("::/0"), "has no single source that is known"),
            (tcp().cidr_ipv4("everybody"), "has no single source that is known"),
            (tcp().cidr_ipv4("10.0.0.0/8").set_ip_protocol(None), "has no protocol"),
            (given("quic", 1, 2).cidr_ipv4("10.0.0.0/8"), "is for protocol `quic`"),
            (given("tcp", 9, 3).cidr_ipv4("10.0.0.0/8"), "ports Some(9) to Some(3)"),
            (tcp().cidr_ipv4("10.0.0.0/8").set_is_egress(None), "does not say which way it goes"),
        ] {
            let error = read(given).unwrap_err();
            assert!(error.starts_with("rule sgr-1 ") && error.contains(why), "{error}");
        }
    }

    #[test]
    fn what_is_read_is_given_back_as_it_was() {
        let given = given("tcp", 22, 22)
            .cidr_ipv4("192.0.2.0/24")
            .description("office")
            .tags(Tag::builder().key("team").value("net").build())
            .tags(Tag::builder().key("aws:x").value("y").build());
        let (way, rule) = rule(&given.build(), ACCOUNT).unwrap();
        assert_eq!((way, rule.tags.len()), (Way::Ingress, 2));
        let range = IpRange::builder().cidr_ip("192.0.2.0/24").description("office").build();
        let expected =
            IpPermission::builder().ip_protocol("tcp").from_port(22).to_port(22).ip_ranges(range);
        assert_eq!(permission(&rule), expected.build());
        let specification = tag_specification(&rule).unwrap();
        assert_eq!(specification.tags(), [Tag::builder().key("team").value("net").build()]);
    }
}
