use catalog::ec2::{
    Address, AddressId, ClientVpn, ClientVpnId, Instance, InstanceId, InstanceSetting,
    NetworkInterface, NetworkInterfaceId, NetworkInterfaceSetting, PublicAddress, Tokens, Volume,
    VolumeId,
};
use remedy::Swap;
use runtime::{Cloud, Error};
use script::Script;

use super::{ec2, home, make, no, yes};

const TAGS: &str = "<tagSet><item><key>AutoRemediate</key><value>True</value></item></tagSet>";

fn reservation(instance: &str) -> String {
    format!(
        "<reservationSet><item><instancesSet><item><instanceId>i-1</instanceId>{instance}</item>\
         </instancesSet></item></reservationSet>"
    )
}

fn state(name: &str) -> String {
    format!("<instanceState><code>16</code><name>{name}</name></instanceState>")
}

fn tokens(tokens: &str) -> String {
    format!(
        "<metadataOptions><state>applied</state><httpTokens>{tokens}</httpTokens>\
         <httpPutResponseHopLimit>2</httpPutResponseHopLimit></metadataOptions>"
    )
}

async fn load(script: &Script) -> Result<Option<Instance>, Error> {
    Cloud::<Instance>::load(&ec2(script), &home(), &InstanceId("i-1".into()), &[]).await
}

#[tokio::test]
async fn an_instance_is_read_by_one_call() {
    let body = [
        state("stopped").as_str(),
        "<reason>User initiated (2026-09-01 08:00:00 GMT)</reason>",
        tokens("optional").as_str(),
        "<blockDeviceMapping><item><deviceName>/dev/xvda</deviceName><ebs><volumeId>vol-1</volumeId>\
         </ebs></item></blockDeviceMapping><networkInterfaceSet><item>\
         <networkInterfaceId>eni-1</networkInterfaceId><association><publicIp>198.51.100.7</publicIp>\
         <ipOwnerId>amazon</ipOwnerId></association><privateIpAddressesSet><item><association>\
         <publicIp>198.51.100.7</publicIp><ipOwnerId>amazon</ipOwnerId></association></item><item>\
         <association><publicIp>203.0.113.9</publicIp><ipOwnerId>111122223333</ipOwnerId></association>\
         </item></privateIpAddressesSet></item></networkInterfaceSet>",
        TAGS,
    ]
    .concat();
    let script = Script::of([yes("DescribeInstances", &reservation(&body))]);
    let found = load(&script).await.unwrap().unwrap();
    assert_eq!((found.state.as_str(), found.metadata), ("stopped", Tokens::Optional));
    assert_eq!(found.since, "User initiated (2026-09-01 08:00:00 GMT)");
    assert_eq!(found.volumes, ["vol-1"]);
    let public = |address: &str, is_elastic| PublicAddress {
        address: address.into(),
        interface: "eni-1".into(),
        is_elastic,
    };
    assert_eq!(found.public, [public("198.51.100.7", false), public("203.0.113.9", true)]);
    assert_eq!(found.tags.get("AutoRemediate").map(String::as_str), Some("True"));
    assert_eq!(script.bodies(), ["Action=DescribeInstances&Version=2016-11-15&InstanceId.1=i-1"]);
}

#[tokio::test]
async fn one_that_is_gone_is_none_and_one_that_cannot_be_read_is_an_error() {
    assert_eq!(load(&Script::of([no(400, "InvalidInstanceID.NotFound")])).await, Ok(None));
    let gone = reservation(&[state("terminated"), tokens("optional")].concat());
    assert_eq!(load(&Script::of([yes("DescribeInstances", &gone)])).await, Ok(None));
    for (answer, why) in [
        (no(403, "UnauthorizedOperation"), "kintsugi-ec2 needs ec2:DescribeInstances"),
        (yes("DescribeInstances", &reservation(&state("running"))), "needs a token"),
        (yes("DescribeInstances", &reservation(&tokens("optional"))), "it has no state"),
    ] {
        let error = load(&Script::of([answer])).await.unwrap_err().to_string();
        assert!(error.starts_with("could not read instance i-1 in "), "{error}");
        assert!(error.contains(why), "{error}");
    }
}

#[tokio::test]
async fn nothing_but_the_tokens_is_set() {
    let script =
        Script::of([yes("ModifyInstanceMetadataOptions", ""), no(403, "UnauthorizedOperation")]);
    let (optional, required) = (Tokens::Optional, Tokens::Required);
    let swap = |from, to| Swap {
        from: InstanceSetting::Metadata(from),
        to: InstanceSetting::Metadata(to),
    };
    let changes = [swap(optional, required), swap(required, optional)];
    let results = make::<Instance>(&ec2(&script), &InstanceId("i-1".into()), &changes).await;
    assert_eq!(results[0], Ok(()));
    let error = results[1].as_ref().unwrap_err().to_string();
    assert!(error.ends_with("needs ec2:ModifyInstanceMetadataOptions"), "{error}");
    assert_eq!(
        script.bodies()[0],
        "Action=ModifyInstanceMetadataOptions&Version=2016-11-15&InstanceId=i-1&HttpTokens=required"
    );
}

#[tokio::test]
async fn a_network_interface_is_read_and_set() {
    let found = format!(
        "<networkInterfaceSet><item><networkInterfaceId>eni-1</networkInterfaceId>\
         <description>nat</description><ownerId>111122223333</ownerId>\
         <requesterManaged>false</requesterManaged><sourceDestCheck>false</sourceDestCheck>\
         <attachment><instanceId>i-1</instanceId></attachment>{TAGS}</item></networkInterfaceSet>"
    );
    let script = Script::of([
        yes("DescribeNetworkInterfaces", &found),
        yes("ModifyNetworkInterfaceAttribute", "<return>true</return>"),
        no(400, "InvalidNetworkInterfaceID.NotFound"),
    ]);
    let (cloud, id) = (ec2(&script), NetworkInterfaceId("eni-1".into()));
    let found = Cloud::<NetworkInterface>::load(&cloud, &home(), &id, &[]).await.unwrap().unwrap();
    assert_eq!((found.checks, found.is_services), (false, false));
    assert_eq!(found.instance.as_deref(), Some("i-1"));
    let change = Swap {
        from: NetworkInterfaceSetting::Checks(false),
        to: NetworkInterfaceSetting::Checks(true),
    };
    assert_eq!(make::<NetworkInterface>(&cloud, &id, &[change]).await, [Ok(())]);
    assert!(script.bodies()[1].ends_with("&NetworkInterfaceId=eni-1&SourceDestCheck.Value=true"));
    assert_eq!(Cloud::<NetworkInterface>::load(&cloud, &home(), &id, &[]).await, Ok(None));
}

#[tokio::test]
async fn addresses_and_volumes_are_only_read() {
    let address = format!(
        "<addressesSet><item><publicIp>198.51.100.7</publicIp><allocationId>eipalloc-1</allocationId>\
         {TAGS}</item></addressesSet>"
    );
    let volume = format!(
        "<volumeSet><item><volumeId>vol-1</volumeId><encrypted>false</encrypted>\
         <availabilityZone>eu-west-1a</availabilityZone><volumeType>gp3</volumeType><attachmentSet><item>\
         <instanceId>i-1</instanceId><device>/dev/xvda</device></item></attachmentSet>{TAGS}</item>\
         </volumeSet>"
    );
    let script = Script::of([
        yes("DescribeAddresses", &address),
        yes("DescribeVolumes", &volume),
        no(400, "InvalidAllocationID.NotFound"),
        no(400, "InvalidVolume.NotFound"),
    ]);
    let cloud = ec2(&script);
    let (address, volume) = (AddressId("eipalloc-1".into()), VolumeId("vol-1".into()));
    let found = Cloud::<Address>::load(&cloud, &home(), &address, &[]).await.unwrap().unwrap();
    assert_eq!((found.address.as_str(), found.is_used), ("198.51.100.7", false));
    let found = Cloud::<Volume>::load(&cloud, &home(), &volume, &[]).await.unwrap().unwrap();
    assert_eq!(found.attached, [("i-1".to_owned(), "/dev/xvda".to_owned())]);
    assert!(!found.is_encrypted);
    assert_eq!(Cloud::<Address>::load(&cloud, &home(), &address, &[]).await, Ok(None));
    assert_eq!(Cloud::<Volume>::load(&cloud, &home(), &volume, &[]).await, Ok(None));
    assert!(make::<Volume>(&cloud, &volume, &[]).await.is_empty());
}

#[tokio::test]
async fn a_client_vpn_endpoint_is_read() {
    let found = |state: &str, logs: &str| {
        let body = format!(
            "<clientVpnEndpoint><item><clientVpnEndpointId>cvpn-endpoint-1</clientVpnEndpointId>\
             <status><code>{state}</code></status>{logs}{TAGS}</item></clientVpnEndpoint>"
        );
        yes("DescribeClientVpnEndpoints", &body)
    };
    let off = "<connectionLogOptions><Enabled>false</Enabled></connectionLogOptions>";
    let script = Script::of([
        found("available", off),
        found("deleting", off),
        found("available", ""),
        no(400, "InvalidClientVpnEndpointId.NotFound"),
    ]);
    let (cloud, id) = (ec2(&script), ClientVpnId("cvpn-endpoint-1".into()));
    let load = async || Cloud::<ClientVpn>::load(&cloud, &home(), &id, &[]).await;
    assert!(!load().await.unwrap().unwrap().is_logged);
    assert_eq!(load().await, Ok(None));
    assert!(load().await.unwrap_err().to_string().contains("whether connections are logged"));
    assert_eq!(load().await, Ok(None));
}
