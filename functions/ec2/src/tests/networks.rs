use catalog::ec2::{
    AclChange, AclEntry, FlowLog, FlowLogChange, FlowLogs, FlowTraffic, NetworkAcl, NetworkAclId,
    NewFlowLog, Subnet, SubnetId, SubnetSetting, TransitGateway, TransitGatewayId,
    TransitGatewaySetting, VpcEndpoints, VpcId,
};
use remedy::Swap;
use runtime::{Cloud, Error};
use script::Script;

use super::{action, ec2, field, home, make, no, yes};

const TAGS: &str = "<tagSet><item><key>AutoRemediate</key><value>True</value></item></tagSet>";

#[tokio::test]
async fn a_subnet_is_read_and_set_one_attribute_a_call() {
    let found = format!(
        "<subnetSet><item><subnetId>subnet-1</subnetId><ownerId>111122223333</ownerId>\
         <mapPublicIpOnLaunch>true</mapPublicIpOnLaunch>\
         <assignIpv6AddressOnCreation>false</assignIpv6AddressOnCreation>{TAGS}</item></subnetSet>"
    );
    let half = "<subnetSet><item><subnetId>subnet-1</subnetId></item></subnetSet>";
    let script = Script::of([
        yes("DescribeSubnets", &found),
        yes("ModifySubnetAttribute", ""),
        yes("ModifySubnetAttribute", ""),
        no(400, "InvalidSubnetID.NotFound"),
        yes("DescribeSubnets", half),
    ]);
    let (cloud, id) = (ec2(&script), SubnetId("subnet-1".into()));
    let load = async || Cloud::<Subnet>::load(&cloud, &home(), &id, &[]).await;
    let found = load().await.unwrap().unwrap();
    assert_eq!((found.public_v4, found.gives_v6, found.only_v6), (true, false, false));
    let v4 = Swap { from: SubnetSetting::PublicV4(true), to: SubnetSetting::PublicV4(false) };
    let v6 = Swap { from: SubnetSetting::GivesV6(false), to: SubnetSetting::GivesV6(true) };
    assert_eq!(make::<Subnet>(&cloud, &id, &[v4, v6]).await, [Ok(()), Ok(())]);
    assert_eq!(load().await, Ok(None));
    assert!(load().await.unwrap_err().to_string().contains("which addresses it gives"));
    let bodies = script.bodies();
    assert_eq!(
        bodies[1],
        "Action=ModifySubnetAttribute&Version=2016-11-15&MapPublicIpOnLaunch.Value=false\
         &SubnetId=subnet-1"
    );
    assert_eq!(field(&bodies[2], "AssignIpv6AddressOnCreation.Value").as_deref(), Some("true"));
}

#[tokio::test]
async fn a_transit_gateway_is_read_and_set() {
    let found = |state: &str, accepts: &str| {
        let body = format!(
            "<transitGatewaySet><item><transitGatewayId>tgw-1</transitGatewayId><state>{state}</state>\
             <ownerId>111122223333</ownerId><options><autoAcceptSharedAttachments>{accepts}\
             </autoAcceptSharedAttachments></options>{TAGS}</item></transitGatewaySet>"
        );
        yes("DescribeTransitGateways", &body)
    };
    let script = Script::of([
        found("available", "enable"),
        yes("ModifyTransitGateway", ""),
        found("deleted", "enable"),
        found("available", ""),
        no(400, "InvalidTransitGatewayID.NotFound"),
    ]);
    let (cloud, id) = (ec2(&script), TransitGatewayId("tgw-1".into()));
    let load = async || Cloud::<TransitGateway>::load(&cloud, &home(), &id, &[]).await;
    assert!(load().await.unwrap().unwrap().accepts_anybody);
    let accepts = TransitGatewaySetting::AcceptsAnybody;
    let change = Swap { from: accepts(true), to: accepts(false) };
    assert_eq!(make::<TransitGateway>(&cloud, &id, &[change]).await, [Ok(())]);
    assert_eq!(load().await, Ok(None));
    assert!(load().await.unwrap_err().to_string().contains("whom it accepts"));
    assert_eq!(load().await, Ok(None));
    assert_eq!(
        script.bodies()[1],
        "Action=ModifyTransitGateway&Version=2016-11-15&TransitGatewayId=tgw-1\
         &Options.AutoAcceptSharedAttachments=disable"
    );
}

const VPC: &str = "<vpcSet><item><vpcId>vpc-1</vpcId><ownerId>111122223333</ownerId>\
    <cidrBlock>10.0.0.0/16</cidrBlock><cidrBlockAssociationSet><item><cidrBlock>10.0.0.0/16</cidrBlock>\
    </item><item><cidrBlock>10.9.0.0/16</cidrBlock></item></cidrBlockAssociationSet></item></vpcSet>";

fn vpc() -> VpcId {
    VpcId("vpc-1".into())
}

fn new() -> NewFlowLog {
    NewFlowLog {
        traffic: FlowTraffic::All,
        log_group: "vpc-flow-logs/vpc-1".into(),
        role: "arn:aws:iam::111122223333:role/flow".into(),
        tag: ("AutoRemediate".into(), "True".into()),
    }
}

fn log(id: &str, to: &str, rest: &str) -> String {
    format!(
        "<item><flowLogId>{id}</flowLogId><trafficType>ALL</trafficType><logGroupName>{to}</logGroupName>\
         {rest}</item>"
    )
}

fn flow_logs(logs: &[String]) -> Script {
    let logs = format!("<flowLogSet>{}</flowLogSet>", logs.concat());
    Script::by(move |body| match action(body).as_str() {
        "DescribeVpcs" => Some(yes("DescribeVpcs", VPC)),
        "DescribeFlowLogs" => Some(yes("DescribeFlowLogs", &logs)),
        other => Some(yes(other, "<unsuccessful/>")),
    })
}

#[tokio::test]
async fn flow_logs_are_read_with_what_keeps_them_from_writing() {
    let failing = "<deliverLogsStatus>FAILED</deliverLogsStatus>\
        <deliverLogsErrorMessage>Access error</deliverLogsErrorMessage>";
    let script = flow_logs(&[log("fl-1", "one", ""), log("fl-2", "two", failing)]);
    let found = Cloud::<FlowLogs>::load(&ec2(&script), &home(), &vpc(), &[]).await;
    let one = |to: &str, trouble: Option<&str>| FlowLog {
        traffic: FlowTraffic::All,
        to: to.into(),
        trouble: trouble.map(str::to_owned),
    };
    assert_eq!(found.unwrap().unwrap().logs, [one("one", None), one("two", Some("Access error"))]);
    let odd = "<item><flowLogId>fl-1</flowLogId><trafficType>ALL</trafficType></item>".to_owned();
    let error = Cloud::<FlowLogs>::load(&ec2(&flow_logs(&[odd])), &home(), &vpc(), &[]).await;
    assert!(error.unwrap_err().to_string().contains("what it writes, or where"));
    let gone = Script::by(|body| match action(body).as_str() {
        "DescribeVpcs" => Some(no(400, "InvalidVpcID.NotFound")),
        _ => Some(yes("DescribeFlowLogs", "")),
    });
    assert_eq!(Cloud::<FlowLogs>::load(&ec2(&gone), &home(), &vpc(), &[]).await, Ok(None));
}

#[tokio::test]
async fn a_flow_log_is_made_with_the_opt_in_tag_and_one_that_is_there_is_well() {
    let create = FlowLogChange::Create(new());
    let failing = |code: &str| {
        let item = format!(
            "<unsuccessful><item><resourceId>vpc-1</resourceId><error><code>{code}</code>\
             <message>m</message></error></item></unsuccessful>"
        );
        yes("CreateFlowLogs", &item)
    };
    let script = Script::of([
        yes("CreateFlowLogs", "<flowLogIdSet><item>fl-1</item></flowLogIdSet>"),
        failing("FlowLogAlreadyExists"),
        no(400, "FlowLogAlreadyExists"),
        failing("LogDestinationPermissionIssue"),
    ]);
    let changes = vec![create; 4];
    let results = make::<FlowLogs>(&ec2(&script), &vpc(), &changes).await;
    assert_eq!(results[..3], [Ok(()), Ok(()), Ok(())]);
    let error = results[3].as_ref().unwrap_err();
    assert!(
        matches!(error, Error::Refused(why) if why.contains("LogDestinationPermissionIssue (m)"))
    );
    let body = &script.bodies()[0];
    for (name, value) in [
        ("ResourceId.1", "vpc-1"),
        ("ResourceType", "VPC"),
        ("TrafficType", "ALL"),
        ("LogGroupName", "vpc-flow-logs%2Fvpc-1"),
        ("TagSpecification.1.ResourceType", "vpc-flow-log"),
        ("TagSpecification.1.Tag.1.Key", "AutoRemediate"),
    ] {
        assert_eq!(field(body, name).as_deref(), Some(value), "{body}");
    }
}

#[tokio::test]
async fn only_the_flow_log_that_was_made_is_deleted() {
    let script = flow_logs(&[
        log("fl-1", "vpc-flow-logs/vpc-1", ""),
        log("fl-2", "elsewhere", TAGS),
        log("fl-3", "vpc-flow-logs/vpc-1", TAGS),
    ]);
    let delete = [FlowLogChange::Delete(new())];
    assert_eq!(make::<FlowLogs>(&ec2(&script), &vpc(), &delete).await, [Ok(())]);
    assert_eq!(script.bodies()[1], "Action=DeleteFlowLogs&Version=2016-11-15&FlowLogId.1=fl-3");
    let none = flow_logs(&[]);
    assert_eq!(make::<FlowLogs>(&ec2(&none), &vpc(), &delete).await, [Ok(())]);
    assert_eq!(none.bodies().len(), 1);
}

#[tokio::test]
async fn a_vpc_is_read_with_its_endpoints_and_a_subnet_in_each_zone() {
    let script = Script::by(|body| {
        let set = match action(body).as_str() {
            "DescribeVpcs" => VPC,
            "DescribeVpcEndpoints" => {
                "<vpcEndpointSet><item><serviceName>a</serviceName><state>available</state></item>\
                 <item><serviceName>b</serviceName><state>Deleted</state></item></vpcEndpointSet>"
            }
            "DescribeSubnets" => {
                "<subnetSet><item><subnetId>subnet-3</subnetId><availabilityZone>z</availabilityZone></item>\
                 <item><subnetId>subnet-1</subnetId><availabilityZone>z</availabilityZone></item>\
                 <item><subnetId>subnet-2</subnetId><availabilityZone>y</availabilityZone></item></subnetSet>"
            }
            _ => match field(body, "Attribute")?.as_str() {
                "enableDnsSupport" => "<enableDnsSupport><value>true</value></enableDnsSupport>",
                _ => "<enableDnsHostnames><value>false</value></enableDnsHostnames>",
            },
        };
        Some(yes(&action(body), set))
    });
    let found = Cloud::<VpcEndpoints>::load(&ec2(&script), &home(), &vpc(), &[]).await;
    let found = found.unwrap().unwrap();
    assert_eq!(found.cidrs, ["10.0.0.0/16", "10.9.0.0/16"]);
    assert_eq!(found.services, ["a".to_owned()].into());
    let subnets: Vec<_> = found.subnets.values().map(String::as_str).collect();
    assert_eq!((subnets, found.has_dns), (vec!["subnet-2", "subnet-1"], false));
}

fn entry(number: i32, ports: Option<(i32, i32)>, from: &str) -> AclEntry {
    AclEntry { number, allows: true, protocol: 6, from: from.into(), ports, icmp: None }
}

#[tokio::test]
async fn a_network_acl_is_read_without_its_egress_and_what_denies_the_rest() {
    let item = |number: i32, egress: bool, rest: &str| {
        format!(
            "<item><ruleNumber>{number}</ruleNumber><protocol>6</protocol><ruleAction>allow</ruleAction>\
             <egress>{egress}</egress>{rest}</item>"
        )
    };
    let world = "<cidrBlock>0.0.0.0/0</cidrBlock><portRange><from>22</from><to>22</to></portRange>";
    let entries = [
        item(100, false, world),
        item(110, false, "<ipv6CidrBlock>::/0</ipv6CidrBlock>"),
        item(100, true, world),
        item(32_767, false, "<cidrBlock>0.0.0.0/0</cidrBlock>"),
        item(32_768, false, "<ipv6CidrBlock>::/0</ipv6CidrBlock>"),
    ];
    let acl = |entries: &str| {
        let body = format!(
            "<networkAclSet><item><vpcId>vpc-1</vpcId><default>false</default><entrySet>{entries}</entrySet>\
             <associationSet><item><subnetId>subnet-1</subnetId></item></associationSet></item>\
             </networkAclSet>"
        );
        yes("DescribeNetworkAcls", &body)
    };
    let script = Script::of([
        acl(&entries.concat()),
        acl(&item(100, false, "")),
        no(400, "InvalidNetworkAclID.NotFound"),
    ]);
    let (cloud, id) = (ec2(&script), NetworkAclId("acl-1".into()));
    let load = async || Cloud::<NetworkAcl>::load(&cloud, &home(), &id, &[]).await;
    let found = load().await.unwrap().unwrap();
    assert_eq!((found.is_default, found.subnets), (false, vec!["subnet-1".to_owned()]));
    let expected = [entry(100, Some((22, 22)), "0.0.0.0/0"), entry(110, None, "::/0")];
    assert_eq!(found.ingress, expected.into());
    assert!(load().await.unwrap_err().to_string().contains("an entry is none known here"));
    assert_eq!(load().await, Ok(None));
}

#[tokio::test]
async fn entries_of_a_network_acl_go_and_come_back() {
    let script = Script::of([
        yes("DeleteNetworkAclEntry", ""),
        no(400, "InvalidNetworkAclEntry.NotFound"),
        yes("CreateNetworkAclEntry", ""),
    ]);
    let ssh = entry(100, Some((22, 22)), "::/0");
    let delete = AclChange::Delete(ssh.clone());
    let changes = [delete.clone(), delete, AclChange::Create(ssh)];
    let id = NetworkAclId("acl-1".into());
    assert_eq!(make::<NetworkAcl>(&ec2(&script), &id, &changes).await, vec![Ok(()); 3]);
    let bodies = script.bodies();
    assert_eq!(
        bodies[0],
        "Action=DeleteNetworkAclEntry&Version=2016-11-15&NetworkAclId=acl-1&RuleNumber=100&Egress=false"
    );
    for (name, value) in [
        ("RuleNumber", "100"),
        ("Protocol", "6"),
        ("RuleAction", "allow"),
        ("Egress", "false"),
        ("Ipv6CidrBlock", "%3A%3A%2F0"),
        ("PortRange.From", "22"),
    ] {
        assert_eq!(field(&bodies[2], name).as_deref(), Some(value), "{}", bodies[2]);
    }
}
