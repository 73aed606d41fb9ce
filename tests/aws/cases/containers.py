"""Repairs of what runs containers: ECR, ECS, EKS."""

from __future__ import annotations

import json
from typing import Any

from cases import Aws, Shape, case
from cases.compute import ecs_tags, role

IMAGE = "public.ecr.aws/docker/library/busybox:stable"


def repository(aws: Aws) -> Shape:
    """The image repository as it is."""
    found: Shape = aws.client("ecr").describe_repositories(repositoryNames=[aws.name])["repositories"][0]
    return found


@case("compute/scan_images", "ECR.1")
def images_are_scanned(aws: Aws) -> None:
    made = aws.client("ecr").create_repository(repositoryName=aws.name, tags=aws.tags)
    record = aws.mend(made["repository"]["repositoryArn"])
    assert repository(aws)["imageScanningConfiguration"]["scanOnPush"]
    aws.undo(record)
    assert not repository(aws)["imageScanningConfiguration"]["scanOnPush"]


@case("compute/fix_image_tags", "ECR.2")
def tags_of_images_are_fixed_after_a_person_agreed_and_exceptions_come_back(aws: Aws) -> None:
    filters = [{"filterType": "WILDCARD", "filter": "v*"}]
    made = aws.client("ecr").create_repository(
        repositoryName=aws.name,
        tags=aws.tags,
        imageTagMutability="MUTABLE_WITH_EXCLUSION",
        imageTagMutabilityExclusionFilters=filters,
    )
    record = aws.mend(made["repository"]["repositoryArn"], outcome="held")
    record = aws.approve(record)
    assert repository(aws)["imageTagMutability"] == "IMMUTABLE"
    aws.undo(record)
    found = repository(aws)
    assert found["imageTagMutability"] == "MUTABLE_WITH_EXCLUSION"
    assert found["imageTagMutabilityExclusionFilters"] == filters


@case("compute/expire_images", "ECR.3")
def images_that_are_kept_for_ever_are_left_to_a_person(aws: Aws) -> None:
    made = aws.client("ecr").create_repository(repositoryName=aws.name, tags=aws.tags)
    record = aws.mend(made["repository"]["repositoryArn"], outcome="held")
    assert "start-lifecycle-policy-preview" in record["make"][0]


@case("compute/watch_cluster", "ECS.12")
def a_cluster_is_watched_after_a_person_agreed(aws: Aws) -> None:
    ecs = aws.client("ecs")
    made = ecs.create_cluster(clusterName=aws.name, tags=ecs_tags(aws))

    def insights() -> str:
        found = ecs.describe_clusters(clusters=[aws.name], include=["SETTINGS"])["clusters"][0]
        return {setting["name"]: str(setting["value"]) for setting in found["settings"]}["containerInsights"]

    record = aws.mend(made["cluster"]["clusterArn"], outcome="held")
    assert insights() == "disabled"
    record = aws.approve(record)
    assert insights() == "enabled"
    aws.undo(record)
    assert insights() == "disabled"


@case("compute/watch_cluster", "ECS.12")
def a_cluster_that_is_watched_more_closely_stays_so(aws: Aws) -> None:
    ecs, enhanced = aws.client("ecs"), [{"name": "containerInsights", "value": "enhanced"}]
    made = ecs.create_cluster(clusterName=aws.name, tags=ecs_tags(aws), settings=enhanced)
    aws.mend(made["cluster"]["clusterArn"], outcome="right")
    assert ecs.describe_clusters(clusters=[aws.name], include=["SETTINGS"])["clusters"][0]["settings"] == enhanced


def definition(aws: Aws, container: Shape | None = None, **settings: Any) -> str:
    """A task definition; its ARN."""
    made = aws.client("ecs").register_task_definition(
        family=aws.name,
        containerDefinitions=[{"name": "app", "image": IMAGE, "memory": 128, **(container or {})}],
        tags=ecs_tags(aws),
        **settings,
    )
    return str(made["taskDefinition"]["taskDefinitionArn"])


def service(aws: Aws) -> str:
    """An ECS service on Fargate; its ARN."""
    ecs, ec2 = aws.client("ecs"), aws.client("ec2")
    ecs.create_cluster(clusterName=aws.name)
    subnet = ec2.describe_subnets()["Subnets"][0]
    groups = ec2.describe_security_groups(Filters=[{"Name": "vpc-id", "Values": [subnet["VpcId"]]}])
    network = {
        "subnets": [subnet["SubnetId"]],
        "securityGroups": [groups["SecurityGroups"][0]["GroupId"]],
        "assignPublicIp": "ENABLED",
    }
    made = ecs.create_service(
        cluster=aws.name,
        serviceName=aws.name,
        taskDefinition=definition(aws, networkMode="awsvpc"),
        desiredCount=1,
        launchType="FARGATE",
        platformVersion="1.3.0",
        networkConfiguration={"awsvpcConfiguration": network},
        tags=ecs_tags(aws),
    )
    return str(made["service"]["serviceArn"])


def found_service(aws: Aws) -> Shape:
    found: Shape = aws.client("ecs").describe_services(cluster=aws.name, services=[aws.name])["services"][0]
    return found


@case("compute/hide_service", "ECS.2")
def a_service_loses_its_public_addresses_after_a_person_agreed(aws: Aws) -> None:
    arn = service(aws)

    def network() -> tuple[str, list[str], list[str]]:
        found = found_service(aws)["networkConfiguration"]["awsvpcConfiguration"]
        return found["assignPublicIp"], found["subnets"], found["securityGroups"]

    before = network()
    record = aws.mend(arn, outcome="held")
    assert network() == before and before[0] == "ENABLED"
    record = aws.approve(record)
    assert network() == ("DISABLED", *before[1:])
    aws.undo(record)
    assert network() == before


@case("compute/renew_platform", "ECS.10")
def a_service_runs_on_the_latest_platform_after_a_person_agreed(aws: Aws) -> None:
    arn = service(aws)
    record = aws.mend(arn, outcome="held")
    record = aws.approve(record)
    assert found_service(aws)["platformVersion"] == "LATEST"
    aws.undo(record)
    assert found_service(aws)["platformVersion"] == "1.3.0"


def left_to_a_person(aws: Aws, arn: str, edit: str) -> None:
    """Nothing becomes of a task definition, and the way to another revision keeps its tags."""
    record = aws.mend(arn, outcome="held")
    commands = "\n".join(record["make"])
    assert edit in commands and "--include TAGS" in commands, commands
    assert len(aws.client("ecs").list_task_definitions(familyPrefix=aws.name)["taskDefinitionArns"]) == 1


@case("compute/leave_host_network", "ECS.1")
def the_network_of_the_host_is_left_to_a_person(aws: Aws) -> None:
    left_to_a_person(aws, definition(aws, networkMode="host"), '.networkMode = "awsvpc"')


@case("compute/leave_host_processes", "ECS.3")
def the_processes_of_the_host_are_left_to_a_person(aws: Aws) -> None:
    left_to_a_person(aws, definition(aws, pidMode="host"), "del(.pidMode)")


@case("compute/drop_container_privileges", "ECS.4")
def privileged_containers_are_left_to_a_person(aws: Aws) -> None:
    left_to_a_person(aws, definition(aws, {"privileged": True}), ".privileged = false")


@case("compute/mount_root_read_only", "ECS.5")
def a_root_that_can_be_written_to_is_left_to_a_person(aws: Aws) -> None:
    left_to_a_person(aws, definition(aws), ".readonlyRootFilesystem = true")


@case("compute/hide_container_secrets", "ECS.8")
def plain_secrets_are_left_to_a_person_and_not_told(aws: Aws) -> None:
    secret = {"environment": [{"name": "AWS_SECRET_ACCESS_KEY", "value": "hush-hush"}]}
    arn = definition(aws, secret)
    left_to_a_person(aws, arn, 'IN("AWS_SECRET_ACCESS_KEY")')
    record = aws.mend(arn, outcome="held")
    assert "hush-hush" not in json.dumps(record)


@case("compute/log_containers", "ECS.9")
def a_container_without_logs_is_left_to_a_person(aws: Aws) -> None:
    left_to_a_person(aws, definition(aws), "awslogs-group")


@case("compute/encrypt_file_mounts", "ECS.18")
def a_file_system_in_the_clear_is_left_to_a_person(aws: Aws) -> None:
    volumes = [{"name": "data", "efsVolumeConfiguration": {"fileSystemId": "fs-1"}}]
    left_to_a_person(aws, definition(aws, volumes=volumes), "transitEncryption")


@case("compute/drop_root_user", "ECS.20")
def a_container_that_runs_as_root_is_left_to_a_person(aws: Aws) -> None:
    left_to_a_person(aws, definition(aws), '.user = "1000:1000"')


def cluster(aws: Aws, **settings: Any) -> str:
    """An EKS cluster; its ARN."""
    made = aws.client("eks").create_cluster(
        name=aws.name,
        version="1.29",
        roleArn=role(aws),
        resourcesVpcConfig={
            "subnetIds": ["subnet-1"],
            "endpointPublicAccess": True,
            "endpointPrivateAccess": False,
            "publicAccessCidrs": ["0.0.0.0/0"],
        },
        tags=aws.tag_map,
        **settings,
    )
    return str(made["cluster"]["arn"])


@case("compute/close_endpoint", "EKS.1")
def the_api_of_a_cluster_is_closed_after_a_person_agreed(aws: Aws) -> None:
    arn = cluster(aws)

    def access() -> tuple[bool, bool]:
        vpc = aws.client("eks").describe_cluster(name=aws.name)["cluster"]["resourcesVpcConfig"]
        return vpc["endpointPublicAccess"], vpc["endpointPrivateAccess"]

    record = aws.mend(arn, outcome="held")
    assert access() == (True, False)
    record = aws.approve(record)
    assert access() == (False, True)
    aws.undo(record)
    assert access() == (True, False)


@case("compute/renew_kubernetes", "EKS.2")
def an_old_version_of_kubernetes_is_left_to_a_person(aws: Aws) -> None:
    record = aws.mend(cluster(aws), outcome="held")
    assert "--kubernetes-version 1.30" in record["make"][1]
    assert aws.client("eks").describe_cluster(name=aws.name)["cluster"]["version"] == "1.29"


@case("compute/encrypt_kubernetes_secrets", "EKS.3")
def secrets_of_a_cluster_are_left_to_a_person(aws: Aws) -> None:
    record = aws.mend(cluster(aws), outcome="held")
    assert "associate-encryption-config" in record["make"][0]


@case("compute/log_cluster", "EKS.8")
def the_audit_log_of_a_cluster_is_kept_beside_others(aws: Aws) -> None:
    arn = cluster(aws, logging={"clusterLogging": [{"types": ["api"], "enabled": True}]})

    def logs() -> list[str]:
        found = aws.client("eks").describe_cluster(name=aws.name)["cluster"]["logging"]["clusterLogging"]
        return sorted(kind for setup in found if setup["enabled"] for kind in setup["types"])

    record = aws.mend(arn)
    assert logs() == ["api", "audit"]
    aws.undo(record)
    assert logs() == ["api"]
