use catalog::ec2::{DefaultGroup, SecurityGroup};
use runtime::{Cloud, Error};

use super::{action, ec2, field, group, home, no, yes};
use script::{Answer, Script};

const FOUND: &str = "<securityGroupInfo><item><ownerId>111122223333</ownerId><groupId>sg-1</groupId>\
    <groupName>web</groupName><tagSet><item><key>AutoRemediate</key><value>True</value></item></tagSet>\
    </item></securityGroupInfo>";

fn item(id: &str, egress: bool, protocol: &str, ports: (i32, i32), peer: &str) -> String {
    format!(
        "<item><securityGroupRuleId>{id}</securityGroupRuleId><groupId>sg-1</groupId>\
         <isEgress>{egress}</isEgress><ipProtocol>{protocol}</ipProtocol><fromPort>{}</fromPort>\
         <toPort>{}</toPort>{peer}</item>",
        ports.0, ports.1
    )
}

fn rules(items: &[String], next: &str) -> Answer {
    let set = format!(
        "<securityGroupRuleSet>{}</securityGroupRuleSet><nextToken>{next}</nextToken>",
        items.concat()
    );
    yes("DescribeSecurityGroupRules", &set)
}

fn world(id: &str) -> String {
    item(id, false, "tcp", (22, 22), "<cidrIpv4>0.0.0.0/0</cidrIpv4>")
}

/// A group whose rules are these pages; prefix lists as `more` says.
fn estate(pages: Vec<Answer>, more: impl Fn(&str) -> Option<Answer> + Send + 'static) -> Script {
    let mut pages = pages.into_iter();
    Script::by(move |body| match action(body).as_str() {
        "DescribeSecurityGroups" => Some(yes("DescribeSecurityGroups", FOUND)),
        "DescribeSecurityGroupRules" => pages.next(),
        _ => more(body),
    })
}

async fn load(script: &Script) -> Result<Option<SecurityGroup>, Error> {
    Cloud::<SecurityGroup>::load(&ec2(script), &home(), &group(), &[]).await
}

fn lines(group: &SecurityGroup) -> Vec<String> {
    group.ingress.iter().map(|rule| format!("{} {rule}", rule.id)).collect()
}

#[tokio::test]
async fn a_group_is_read_by_two_calls() {
    let page = [
        world("sgr-1"),
        item("sgr-2", true, "-1", (-1, -1), "<cidrIpv4>0.0.0.0/0</cidrIpv4>"),
        item(
            "sgr-3",
            false,
            "tcp",
            (443, 443),
            "<referencedGroupInfo><groupId>sg-9</groupId><userId>444455556666</userId>\
             </referencedGroupInfo><description>peer</description>\
             <tagSet><item><key>team</key><value>net</value></item></tagSet>",
        ),
    ];
    let script = estate(vec![rules(&page, "")], |_| None);
    let found = load(&script).await.unwrap().unwrap();
    assert_eq!(
        lines(&found),
        ["sgr-1 tcp/22 from 0.0.0.0/0", "sgr-3 tcp/443 from sg-9 of 444455556666"]
    );
    assert_eq!((found.name.as_str(), found.account.as_str()), ("web", "111122223333"));
    assert_eq!(found.tags.get("AutoRemediate").map(String::as_str), Some("True"));
    let peer = found.ingress.last().unwrap();
    assert_eq!(peer.description, "peer");
    assert_eq!(peer.tags.get("team").map(String::as_str), Some("net"));
    let mut bodies = script.bodies();
    bodies.sort();
    assert_eq!(
        bodies,
        [
            "Action=DescribeSecurityGroupRules&Version=2016-11-15&Filter.1.Name=group-id\
             &Filter.1.Value.1=sg-1&MaxResults=1000",
            "Action=DescribeSecurityGroups&Version=2016-11-15&GroupId.1=sg-1",
        ]
    );
}

#[tokio::test]
async fn all_pages_are_read() {
    let script = estate(
        vec![rules(&[world("sgr-1")], "two"), rules(&[], "three"), rules(&[world("sgr-2")], "")],
        |_| None,
    );
    let found = load(&script).await.unwrap().unwrap();
    assert_eq!(found.ingress.len(), 2);
    let tokens: Vec<_> =
        script.bodies().iter().filter_map(|body| field(body, "NextToken")).collect();
    assert_eq!(tokens, ["two", "three"]);
}

#[tokio::test]
async fn half_a_group_is_none() {
    for (pages, why) in [
        (vec![rules(&[world("sgr-1")], "two"), no(503, "RequestLimitExceeded")], "RequestLimit"),
        (vec![rules(&[], "two"), rules(&[], "two")], "the same page twice"),
        (vec![rules(&[item("sgr-1", false, "tcp", (22, 22), "")], "")], "rule sgr-1 has no single"),
        (
            vec![no(403, "UnauthorizedOperation")],
            "kintsugi-ec2 needs ec2:DescribeSecurityGroupRules",
        ),
    ] {
        let error = load(&estate(pages, |_| None)).await.unwrap_err().to_string();
        assert!(
            error.starts_with("could not read security group sg-1 in 111122223333/eu-west-1: ")
        );
        assert!(error.contains(why), "{error}");
    }
}

#[tokio::test]
async fn a_group_that_is_gone_is_none_and_one_that_cannot_be_is_refused() {
    let says = |code: &'static str| {
        Script::by(move |body| match action(body).as_str() {
            "DescribeSecurityGroups" => Some(no(400, code)),
            _ => Some(rules(&[], "")),
        })
    };
    assert_eq!(load(&says("InvalidGroup.NotFound")).await, Ok(None));
    let error = load(&says("InvalidGroupId.Malformed")).await.unwrap_err();
    assert!(matches!(error, Error::Refused(_)), "{error}");
}

#[tokio::test]
async fn prefix_lists_are_read_to_their_end_and_one_that_is_gone_is_empty() {
    let list = |id: &str, list: &str| {
        item(id, false, "tcp", (22, 22), &format!("<prefixListId>{list}</prefixListId>"))
    };
    let page = [list("sgr-1", "pl-1"), list("sgr-2", "pl-2"), list("sgr-3", "pl-1")];
    let entries = |cidr: &str, next: &str| {
        let set = format!("<entrySet><item><cidr>{cidr}</cidr></item></entrySet>");
        yes("GetManagedPrefixListEntries", &format!("{set}<nextToken>{next}</nextToken>"))
    };
    let script = estate(vec![rules(&page, "")], move |body| {
        Some(match (field(body, "PrefixListId")?.as_str(), field(body, "NextToken").as_deref()) {
            ("pl-1", None) => entries("10.0.0.0/8", "two"),
            ("pl-1", Some("two")) => entries("::/0", ""),
            _ => no(400, "InvalidPrefixListID.NotFound"),
        })
    });
    let found = load(&script).await.unwrap().unwrap();
    let texts = |list: &str| -> Vec<_> {
        found.prefix_lists.get(list).unwrap().iter().map(ToString::to_string).collect()
    };
    assert_eq!(texts("pl-1"), ["10.0.0.0/8", "::/0"]);
    assert!(texts("pl-2").is_empty());
    assert_eq!(script.bodies().len(), 5);
}

#[tokio::test]
async fn a_prefix_list_that_may_not_be_read_makes_the_group_unreadable() {
    let page = [item("sgr-1", false, "-1", (-1, -1), "<prefixListId>pl-1</prefixListId>")];
    let script = estate(vec![rules(&page, "")], |_| Some(no(403, "UnauthorizedOperation")));
    let error = load(&script).await.unwrap_err().to_string();
    assert!(error.starts_with("could not read prefix list pl-1"), "{error}");
    assert!(error.ends_with("needs ec2:GetManagedPrefixListEntries"), "{error}");
}

#[tokio::test]
async fn a_default_group_is_read_with_its_egress_and_what_is_in_it() {
    let page = [world("sgr-1"), item("sgr-2", true, "-1", (-1, -1), "<cidrIpv6>::/0</cidrIpv6>")];
    let interfaces = "<networkInterfaceSet><item><networkInterfaceId>eni-1</networkInterfaceId></item>\
        </networkInterfaceSet>";
    let script = estate(vec![rules(&page, "")], |body| {
        assert_eq!(field(body, "Filter.1.Name").as_deref(), Some("group-id"));
        Some(yes("DescribeNetworkInterfaces", interfaces))
    });
    let found = Cloud::<DefaultGroup>::load(&ec2(&script), &home(), &group(), &[]).await;
    let found = found.unwrap().unwrap();
    assert_eq!((found.ingress.len(), found.egress.len()), (1, 1));
    assert_eq!(found.interfaces, ["eni-1"]);
}
