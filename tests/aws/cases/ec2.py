"""Repairs of EC2 beside security groups, whose cases are in tests/stage."""

from __future__ import annotations

import os
from typing import Any

from cases import Aws, case

PUBLIC = {"Attribute": "createVolumePermission", "GroupNames": ["all"]}


def tagged(aws: Aws, kind: str) -> list[dict[str, Any]]:
    return [{"ResourceType": kind, "Tags": aws.tags}]


def arn(aws: Aws, resource: str) -> str:
    return f"arn:aws:ec2:{aws.region}:{aws.account}:{resource}"


def account(aws: Aws) -> str:
    return f"AWS::::Account:{aws.account}"


def launched(aws: Aws, ec2: Any, **more: Any) -> dict[str, Any]:
    image = ec2.describe_images(Owners=["amazon"])["Images"][0]["ImageId"]
    specifications = tagged(aws, "instance")
    made = ec2.run_instances(ImageId=image, MinCount=1, MaxCount=1, TagSpecifications=specifications, **more)
    return dict(made["Instances"][0])


def made_vpc(aws: Aws, ec2: Any) -> str:
    return str(ec2.create_vpc(CidrBlock="10.9.0.0/16", TagSpecifications=tagged(aws, "vpc"))["Vpc"]["VpcId"])


def made_subnet(aws: Aws, ec2: Any) -> str:
    vpc = made_vpc(aws, ec2)
    specifications = tagged(aws, "subnet")
    made = ec2.create_subnet(VpcId=vpc, CidrBlock="10.9.1.0/24", TagSpecifications=specifications)
    return str(made["Subnet"]["SubnetId"])


def made_snapshot(aws: Aws, ec2: Any, *, in_scope: bool) -> str:
    volume = ec2.create_volume(AvailabilityZone=f"{aws.region}a", Size=1)["VolumeId"]
    specifications = tagged(aws, "snapshot") if in_scope else []
    snapshot = str(ec2.create_snapshot(VolumeId=volume, TagSpecifications=specifications)["SnapshotId"])
    ec2.modify_snapshot_attribute(SnapshotId=snapshot, OperationType="add", **PUBLIC)
    ec2.modify_snapshot_attribute(
        SnapshotId=snapshot, OperationType="add", Attribute="createVolumePermission", UserIds=["444455556666"]
    )
    return snapshot


@case("ec2/require_metadata_tokens", "EC2.8")
def metadata_is_given_for_a_token_and_the_hop_limit_stays(aws: Aws) -> None:
    ec2 = aws.client("ec2")
    instance = launched(aws, ec2)["InstanceId"]

    def options() -> dict[str, Any]:
        found = ec2.describe_instances(InstanceIds=[instance])["Reservations"][0]["Instances"][0]
        return dict(found["MetadataOptions"])

    before = options()
    assert before["HttpTokens"] == "optional"
    record = aws.mend(arn(aws, f"instance/{instance}"))
    after = options()
    assert after["HttpTokens"] == "required"
    assert after["HttpPutResponseHopLimit"] == before["HttpPutResponseHopLimit"]
    aws.undo(record)
    assert options()["HttpTokens"] == "optional"


@case("ec2/review_stopped_instance", "EC2.4")
def a_stopped_instance_is_left_to_a_person(aws: Aws) -> None:
    ec2 = aws.client("ec2")
    instance = launched(aws, ec2)["InstanceId"]
    ec2.stop_instances(InstanceIds=[instance])
    record = aws.mend(arn(aws, f"instance/{instance}"), outcome="held")
    assert "create-image" in record["make"][0] and instance in record["make"][-1]
    found = ec2.describe_instances(InstanceIds=[instance])["Reservations"][0]["Instances"][0]
    assert found["State"]["Name"] == "stopped"


@case("ec2/review_stopped_instance", "EC2.4")
def an_instance_that_runs_by_now_is_right(aws: Aws) -> None:
    instance = launched(aws, aws.client("ec2"))["InstanceId"]
    aws.mend(arn(aws, f"instance/{instance}"), outcome="right")


@case("ec2/review_public_instance", "EC2.9")
def a_public_address_is_left_to_a_person(aws: Aws) -> None:
    ec2 = aws.client("ec2")
    instance = launched(aws, ec2)
    record = aws.mend(arn(aws, f"instance/{instance['InstanceId']}"), outcome="held")
    assert any("address" in command for command in record["make"])
    found = ec2.describe_instances(InstanceIds=[instance["InstanceId"]])["Reservations"][0]["Instances"][0]
    assert found.get("PublicIpAddress")


@case("ec2/encrypt_volumes_by_default", "EC2.7", region="eu-central-1")
def volumes_are_encrypted_by_default(aws: Aws) -> None:
    ec2 = aws.client("ec2")

    def is_on() -> bool:
        return bool(ec2.get_ebs_encryption_by_default()["EbsEncryptionByDefault"])

    assert not is_on()
    record = aws.mend(account(aws))
    assert is_on()
    aws.undo(record)
    assert not is_on()


@case("ec2/hide_snapshots", "EC2.1", region="eu-central-2")
def only_snapshots_in_scope_are_hidden_and_those_they_are_shared_with_by_name_keep_them(aws: Aws) -> None:
    ec2 = aws.client("ec2")
    ours, others = made_snapshot(aws, ec2, in_scope=True), made_snapshot(aws, ec2, in_scope=False)

    def sharing(snapshot: str) -> list[dict[str, str]]:
        found = ec2.describe_snapshot_attribute(SnapshotId=snapshot, Attribute="createVolumePermission")
        return list(found["CreateVolumePermissions"])

    record = aws.mend(account(aws))
    assert sharing(ours) == [{"UserId": "444455556666"}]
    assert {"Group": "all"} in sharing(others)
    assert [left["what"] for left in record["left"]] == [f"public snapshot {others}"]
    aws.undo(record)
    assert {"Group": "all"} in sharing(ours)


@case("ec2/block_snapshot_sharing", "EC2.182", region="eu-north-1")
def public_sharing_is_blocked_where_nothing_is_public(aws: Aws) -> None:
    ec2 = aws.client("ec2")

    def state() -> str:
        return str(ec2.get_snapshot_block_public_access_state()["State"])

    record = aws.mend(account(aws))
    assert state() == "block-all-sharing"
    aws.undo(record)
    assert state() == "unblocked"


@case("ec2/block_snapshot_sharing", "EC2.182", region="eu-south-1")
def a_person_is_asked_where_a_snapshot_is_public(aws: Aws) -> None:
    ec2 = aws.client("ec2")
    ec2.enable_snapshot_block_public_access(State="block-new-sharing")
    made_snapshot(aws, ec2, in_scope=True)
    record = aws.mend(account(aws), outcome="held")
    assert ec2.get_snapshot_block_public_access_state()["State"] == "block-new-sharing"
    done = aws.approve(record)
    assert ec2.get_snapshot_block_public_access_state()["State"] == "block-all-sharing"
    aws.undo(done)
    assert ec2.get_snapshot_block_public_access_state()["State"] == "block-new-sharing"


@case("ec2/launch_without_public_addresses", "EC2.15")
def a_subnet_gives_no_public_addresses(aws: Aws) -> None:
    ec2 = aws.client("ec2")
    subnet = made_subnet(aws, ec2)
    ec2.modify_subnet_attribute(SubnetId=subnet, MapPublicIpOnLaunch={"Value": True})

    def gives() -> bool:
        return bool(ec2.describe_subnets(SubnetIds=[subnet])["Subnets"][0]["MapPublicIpOnLaunch"])

    record = aws.mend(arn(aws, f"subnet/{subnet}"))
    assert not gives()
    aws.undo(record)
    assert gives()


@case("ec2/ask_before_attaching", "EC2.23")
def a_transit_gateway_asks_before_it_attaches(aws: Aws) -> None:
    ec2 = aws.client("ec2")
    made = ec2.create_transit_gateway(
        Options={"AutoAcceptSharedAttachments": "enable", "DnsSupport": "disable"},
        TagSpecifications=tagged(aws, "transit-gateway"),
    )
    gateway = made["TransitGateway"]["TransitGatewayId"]

    def options() -> dict[str, Any]:
        found = ec2.describe_transit_gateways(TransitGatewayIds=[gateway])["TransitGateways"][0]
        return dict(found["Options"])

    record = aws.mend(arn(aws, f"transit-gateway/{gateway}"))
    assert options()["AutoAcceptSharedAttachments"] == "disable"
    assert options()["DnsSupport"] == "disable"
    aws.undo(record)
    assert options()["AutoAcceptSharedAttachments"] == "enable"


@case("ec2/log_vpc_traffic", "EC2.6")
def the_traffic_of_a_vpc_is_logged_or_left_to_a_person_without_a_role(aws: Aws) -> None:
    ec2 = aws.client("ec2")
    vpc = made_vpc(aws, ec2)
    # AWS makes the log group by itself; moto calls a flow log without one failed.
    aws.client("logs").create_log_group(logGroupName=f"vpc-flow-logs/{vpc}")

    def logs() -> list[dict[str, Any]]:
        return list(ec2.describe_flow_logs(Filters=[{"Name": "resource-id", "Values": [vpc]}])["FlowLogs"])

    if "FlowLogRoleArn" not in os.environ.get("PARAMS", ""):
        record = aws.mend(arn(aws, f"vpc/{vpc}"), outcome="held")
        assert logs() == [] and "create-flow-logs" in record["make"][0]
        return
    record = aws.mend(arn(aws, f"vpc/{vpc}"))
    (log,) = logs()
    assert log["TrafficType"] == "ALL" and log["LogGroupName"] == f"vpc-flow-logs/{vpc}"
    aws.undo(record)
    assert logs() == []


@case("ec2/log_vpc_traffic", "EC2.6")
def a_vpc_that_is_logged_is_right(aws: Aws) -> None:
    ec2 = aws.client("ec2")
    vpc = made_vpc(aws, ec2)
    aws.client("logs").create_log_group(logGroupName=f"flows-{vpc}")
    ec2.create_flow_logs(
        ResourceIds=[vpc],
        ResourceType="VPC",
        TrafficType="ALL",
        LogGroupName=f"flows-{vpc}",
        DeliverLogsPermissionArn=f"arn:aws:iam::{aws.account}:role/flows",
    )
    aws.mend(arn(aws, f"vpc/{vpc}"), outcome="right")


def made_template(aws: Aws, ec2: Any) -> str:
    data = {
        "InstanceType": "t3.micro",
        "MetadataOptions": {"HttpTokens": "optional", "HttpPutResponseHopLimit": 2},
        "NetworkInterfaces": [
            {"DeviceIndex": 0, "AssociatePublicIpAddress": True, "Description": "front"},
            {"DeviceIndex": 1, "Description": "back"},
        ],
        "BlockDeviceMappings": [{"DeviceName": "/dev/xvda", "Ebs": {"Encrypted": False, "VolumeSize": 9}}],
    }
    made = ec2.create_launch_template(
        LaunchTemplateName=aws.name, LaunchTemplateData=data, TagSpecifications=tagged(aws, "launch-template")
    )
    return str(made["LaunchTemplate"]["LaunchTemplateId"])


def default_version(ec2: Any, template: str) -> dict[str, Any]:
    found = ec2.describe_launch_template_versions(LaunchTemplateId=template, Versions=["$Default"])
    return dict(found["LaunchTemplateVersions"][0])


def edited(aws: Aws, ec2: Any, template: str, part: str) -> dict[str, Any]:
    """What the new default version holds, once a person agreed; it must have the rest of the old one."""
    old = default_version(ec2, template)
    asks = aws.mend(arn(aws, f"launch-template/{template}"), outcome="held")
    assert default_version(ec2, template) == old
    record = aws.approve(asks)
    new = default_version(ec2, template)
    assert new["VersionNumber"] == 2
    for name, value in old["LaunchTemplateData"].items():
        assert name == part or new["LaunchTemplateData"][name] == value, name
    aws.undo(record)
    assert default_version(ec2, template) == old
    return dict(new["LaunchTemplateData"])


@case("ec2/launch_with_metadata_tokens", "EC2.170")
def what_a_template_launches_gives_metadata_for_a_token(aws: Aws) -> None:
    ec2 = aws.client("ec2")
    data = edited(aws, ec2, made_template(aws, ec2), "MetadataOptions")
    assert data["MetadataOptions"] == {"HttpTokens": "required", "HttpPutResponseHopLimit": 2}


@case("ec2/launch_privately", "EC2.25")
def what_a_template_launches_has_no_public_address(aws: Aws) -> None:
    ec2 = aws.client("ec2")
    data = edited(aws, ec2, made_template(aws, ec2), "NetworkInterfaces")
    front, back = data["NetworkInterfaces"]
    assert front == {"DeviceIndex": 0, "AssociatePublicIpAddress": False, "Description": "front"}
    assert back == {"DeviceIndex": 1, "Description": "back"}


@case("ec2/launch_encrypted", "EC2.181")
def what_a_template_launches_has_encrypted_volumes(aws: Aws) -> None:
    ec2 = aws.client("ec2")
    data = edited(aws, ec2, made_template(aws, ec2), "BlockDeviceMappings")
    assert data["BlockDeviceMappings"][0]["Ebs"] == {"Encrypted": True, "VolumeSize": 9}


@case("ec2/block_internet_gateways", "EC2.172", region="eu-west-2")
def internet_gateways_are_blocked_once_a_person_agrees(aws: Aws) -> None:
    ec2 = aws.client("ec2")

    def mode() -> str:
        found = ec2.describe_vpc_block_public_access_options()["VpcBlockPublicAccessOptions"]
        return str(found["InternetGatewayBlockMode"])

    asks = aws.mend(account(aws), outcome="held")
    assert mode() == "off"
    record = aws.approve(asks)
    assert mode() == "block-ingress"
    aws.undo(record)
    assert mode() == "off"


def made_acl(aws: Aws, ec2: Any) -> str:
    specifications = tagged(aws, "network-acl")
    made = ec2.create_network_acl(VpcId=made_vpc(aws, ec2), TagSpecifications=specifications)
    return str(made["NetworkAcl"]["NetworkAclId"])


@case("ec2/close_network_acl", "EC2.21")
def entries_for_ssh_go_once_a_person_agrees_and_wider_ones_stay(aws: Aws) -> None:
    ec2 = aws.client("ec2")
    acl = made_acl(aws, ec2)
    for number, protocol, ports in ((100, "6", {"From": 22, "To": 22}), (110, "-1", None), (120, "6", {"From": 443, "To": 443})):
        ec2.create_network_acl_entry(
            NetworkAclId=acl,
            RuleNumber=number,
            Protocol=protocol,
            RuleAction="allow",
            Egress=False,
            CidrBlock="0.0.0.0/0",
            **({"PortRange": ports} if ports else {}),
        )

    def numbers() -> list[int]:
        found = ec2.describe_network_acls(NetworkAclIds=[acl])["NetworkAcls"][0]["Entries"]
        return sorted(entry["RuleNumber"] for entry in found if not entry["Egress"] and entry["RuleNumber"] < 32767)

    asks = aws.mend(arn(aws, f"network-acl/{acl}"), outcome="held")
    assert numbers() == [100, 110, 120]
    record = aws.approve(asks)
    assert numbers() == [110, 120]
    aws.undo(record)
    assert numbers() == [100, 110, 120]


@case("ec2/review_unused_network_acl", "EC2.16")
def an_acl_before_no_subnet_is_left_to_a_person(aws: Aws) -> None:
    ec2 = aws.client("ec2")
    acl = made_acl(aws, ec2)
    record = aws.mend(arn(aws, f"network-acl/{acl}"), outcome="held")
    assert "delete-network-acl" in record["make"][0]
    assert ec2.describe_network_acls(NetworkAclIds=[acl])["NetworkAcls"]


@case("ec2/review_unused_address", "EC2.12")
def an_address_that_nothing_has_is_left_to_a_person(aws: Aws) -> None:
    ec2 = aws.client("ec2")
    address = ec2.allocate_address(Domain="vpc", TagSpecifications=tagged(aws, "elastic-ip"))["AllocationId"]
    record = aws.mend(arn(aws, f"eip-allocation/{address}"), outcome="held")
    assert "release-address" in record["make"][0]
    assert ec2.describe_addresses(AllocationIds=[address])["Addresses"]


@case("ec2/review_missing_endpoint", "EC2.10")
def a_vpc_without_an_endpoint_is_left_to_a_person_with_a_group_of_its_own(aws: Aws) -> None:
    ec2 = aws.client("ec2")
    subnet = made_subnet(aws, ec2)
    vpc = ec2.describe_subnets(SubnetIds=[subnet])["Subnets"][0]["VpcId"]
    record = aws.mend(arn(aws, f"vpc/{vpc}"), outcome="held")
    first, *_, last = record["make"]
    assert "create-security-group" in first and subnet in last and ".ec2 " in last
    assert ec2.describe_vpc_endpoints(Filters=[{"Name": "vpc-id", "Values": [vpc]}])["VpcEndpoints"] == []


@case("ec2/review_missing_endpoint", "EC2.57")
def a_vpc_with_an_endpoint_is_right(aws: Aws) -> None:
    ec2 = aws.client("ec2")
    vpc = made_vpc(aws, ec2)
    ec2.create_vpc_endpoint(VpcId=vpc, ServiceName=f"com.amazonaws.{aws.region}.ssm", VpcEndpointType="Interface")
    aws.mend(arn(aws, f"vpc/{vpc}"), outcome="right")


@case("ec2/review_plain_volume", "EC2.3")
def a_plain_volume_is_left_to_a_person(aws: Aws) -> None:
    ec2 = aws.client("ec2")
    instance = launched(aws, ec2)
    made = ec2.create_volume(AvailabilityZone=instance["Placement"]["AvailabilityZone"], Size=1, TagSpecifications=tagged(aws, "volume"))
    ec2.attach_volume(VolumeId=made["VolumeId"], InstanceId=instance["InstanceId"], Device="/dev/sdf")
    record = aws.mend(arn(aws, f"volume/{made['VolumeId']}"), outcome="held")
    assert any("--encrypted" in command for command in record["make"])
    assert ec2.describe_volumes(VolumeIds=[made["VolumeId"]])["Volumes"][0]["State"] == "in-use"


@case("ec2/check_interface_traffic", "EC2.180")
def an_interface_checks_traffic_once_a_person_agrees(aws: Aws) -> None:
    ec2 = aws.client("ec2")
    specifications = tagged(aws, "network-interface")
    made = ec2.create_network_interface(SubnetId=made_subnet(aws, ec2), TagSpecifications=specifications)
    interface = made["NetworkInterface"]["NetworkInterfaceId"]
    ec2.modify_network_interface_attribute(NetworkInterfaceId=interface, SourceDestCheck={"Value": False})

    def checks() -> bool:
        found = ec2.describe_network_interfaces(NetworkInterfaceIds=[interface])["NetworkInterfaces"][0]
        return bool(found["SourceDestCheck"])

    asks = aws.mend(arn(aws, f"network-interface/{interface}"), outcome="held")
    assert not checks()
    record = aws.approve(asks)
    assert checks()
    aws.undo(record)
    assert not checks()
