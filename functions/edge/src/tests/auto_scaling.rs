use catalog::edge::{
    AutoScalingGroup, AutoScalingGroupId, AutoScalingGroupSetting, LaunchConfiguration,
    LaunchConfigurationId,
};
use remedy::Swap;
use runtime::Cloud;
use script::Script;

use super::{apply, by_action, edge, home, yes};

const GROUP: &str =
    "arn:aws:autoscaling:eu-west-1:111122223333:autoScalingGroup:0-a:autoScalingGroupName/web";
const TAG: &str = "<Tags><member><Key>AutoRemediate</Key><Value>True</Value></member></Tags>";

fn web() -> AutoScalingGroupId {
    AutoScalingGroupId { uuid: "0-a".into(), name: "web".into() }
}

fn group(arn: &str, rest: &str) -> String {
    format!(
        "<AutoScalingGroups><member><AutoScalingGroupName>web</AutoScalingGroupName>\
         <AutoScalingGroupARN>{arn}</AutoScalingGroupARN>{TAG}{rest}</member></AutoScalingGroups>"
    )
}

#[tokio::test]
async fn a_group_is_read_with_the_instances_that_its_load_balancer_finds_unhealthy() {
    let rest = "<HealthCheckType>EC2,EBS</HealthCheckType>\
        <TargetGroupARNs><member>arn:tg</member></TargetGroupARNs>\
        <AvailabilityZones><member>eu-west-1a</member></AvailabilityZones>\
        <Instances><member><InstanceId>i-1</InstanceId></member><member><InstanceId>i-2</InstanceId></member></Instances>";
    let target = |id: &str, state: &str| {
        format!(
            "<member><Target><Id>{id}</Id></Target><TargetHealth><State>{state}</State></TargetHealth></member>"
        )
    };
    let health: String =
        [target("i-1", "healthy"), target("i-2", "unhealthy"), target("i-9", "unhealthy")].concat();
    let health = format!("<TargetHealthDescriptions>{health}</TargetHealthDescriptions>");
    let script = by_action([
        ("DescribeAutoScalingGroups", yes("DescribeAutoScalingGroups", &group(GROUP, rest))),
        ("DescribeTargetHealth", yes("DescribeTargetHealth", &health)),
    ]);
    let found = Cloud::<AutoScalingGroup>::load(&edge(&script), &home(), &web(), &[]).await;
    let found = found.unwrap().unwrap();
    assert_eq!((found.checks, found.failing), (["EBS".into()].into(), vec!["i-2".into()]));
    assert_eq!((found.balanced, found.classic, found.types), (true, false, 1));
    assert!(found.tags.contains_key("AutoRemediate"));
}

#[tokio::test]
async fn another_group_of_that_name_is_not_it() {
    let other = GROUP.replace("0-a", "0-b");
    let body = group(&other, "<HealthCheckType>EC2</HealthCheckType>");
    let script = Script::of([yes("DescribeAutoScalingGroups", &body)]);
    assert_eq!(
        Cloud::<AutoScalingGroup>::load(&edge(&script), &home(), &web(), &[]).await,
        Ok(None)
    );
}

#[tokio::test]
async fn only_the_kind_of_health_check_is_set() {
    let script = Script::of([yes("UpdateAutoScalingGroup", "")]);
    let checks = |names: &[&str]| {
        AutoScalingGroupSetting::Checks(names.iter().map(|name| (*name).into()).collect())
    };
    let change = Swap { from: checks(&[]), to: checks(&["EBS", "ELB"]) };
    assert_eq!(apply::<AutoScalingGroup>(&script, &web(), &[change]).await, [Ok(())]);
    assert_eq!(
        script.bodies(),
        [
            "Action=UpdateAutoScalingGroup&Version=2011-01-01&AutoScalingGroupName=web&HealthCheckType=EBS%2CELB"
        ]
    );
}

#[tokio::test]
async fn a_launch_configuration_is_read_with_all_pages_of_groups_whatever_they_launch() {
    let launch = "<LaunchConfigurations><member><LaunchConfigurationName>v1</LaunchConfigurationName>\
        <ImageId>ami-1</ImageId><UserData>c2VjcmV0</UserData><KeyName></KeyName>\
        <MetadataOptions><HttpTokens>optional</HttpTokens><HttpPutResponseHopLimit>2</HttpPutResponseHopLimit></MetadataOptions>\
        </member></LaunchConfigurations>";
    let user = |name: &str, uses: &str, tags: &str| {
        format!("<member><AutoScalingGroupName>{name}</AutoScalingGroupName>{uses}{tags}</member>")
    };
    let v1 = "<LaunchConfigurationName>v1</LaunchConfigurationName>";
    let template = "<LaunchTemplate><LaunchTemplateName>t</LaunchTemplateName></LaunchTemplate>";
    let more = "<Tags><member><Key>AutoRemediate</Key><Value>True</Value></member>\
        <member><Key>team</Key><Value>web</Value></member></Tags>";
    let first = format!("{}{}", user("a", v1, more), user("b", template, ""));
    let page = |all: &str, token: &str| {
        let all = format!("<AutoScalingGroups>{all}</AutoScalingGroups>{token}");
        ("DescribeAutoScalingGroups", yes("DescribeAutoScalingGroups", &all))
    };
    let script = by_action([
        ("DescribeLaunchConfigurations", yes("DescribeLaunchConfigurations", launch)),
        page(&first, "<NextToken>n</NextToken>"),
        page(&user("c", v1, TAG), ""),
    ]);
    let id = LaunchConfigurationId { uuid: "0-a".into(), name: "v1".into() };
    let found = Cloud::<LaunchConfiguration>::load(&edge(&script), &home(), &id, &[]).await;
    let LaunchConfiguration { launch, groups, tags } = found.unwrap().unwrap();
    assert_eq!((launch.tokens.as_deref(), launch.hops), (Some("optional"), Some(2)));
    assert_eq!(
        (launch.parts, groups),
        (vec!["ImageId".into(), "UserData".into()], vec!["a".into(), "c".into()])
    );
    assert_eq!(tags, [("AutoRemediate".into(), "True".into())].into());
}
