"""Repairs of load balancers, Auto Scaling, API Gateway and CloudFront."""

from __future__ import annotations

import json
from typing import Any

from cases import ACCOUNT, Aws, Shape, case

ZONES = ("eu-west-1a", "eu-west-1b")


def subnets(aws: Aws, zones: tuple[str, ...] = ZONES) -> tuple[str, list[str]]:
    ec2 = aws.client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    made = [
        ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.0.{nth}.0/24", AvailabilityZone=zone)["Subnet"]["SubnetId"]
        for nth, zone in enumerate(zones)
    ]
    return vpc, made


class Balancer:
    """A load balancer, and what it forwards to."""

    def __init__(self, aws: Aws, kind: str = "application", zones: tuple[str, ...] = ZONES) -> None:
        self.aws, self.elb = aws, aws.client("elbv2")
        vpc, networks = subnets(aws, zones)
        made = self.elb.create_load_balancer(Name=aws.name, Subnets=networks, Type=kind, Tags=aws.tags)
        self.arn: str = made["LoadBalancers"][0]["LoadBalancerArn"]
        protocol = "HTTP" if kind == "application" else "TCP"
        group = self.elb.create_target_group(Name=aws.name, Protocol=protocol, Port=80, VpcId=vpc)
        self.group: str = group["TargetGroups"][0]["TargetGroupArn"]
        if kind == "application":
            # What AWS always answers of one.
            self.set(
                {
                    "access_logs.s3.enabled": "false",
                    "routing.http.drop_invalid_header_fields.enabled": "false",
                    "routing.http.desync_mitigation_mode": "monitor",
                }
            )

    def set(self, attributes: dict[str, str]) -> None:
        pairs = [{"Key": key, "Value": value} for key, value in attributes.items()]
        self.elb.modify_load_balancer_attributes(LoadBalancerArn=self.arn, Attributes=pairs)

    def attribute(self, key: str) -> str:
        found = self.elb.describe_load_balancer_attributes(LoadBalancerArn=self.arn)["Attributes"]
        return str({each["Key"]: each["Value"] for each in found}[key])

    def listen(self, protocol: str, port: int, actions: list[Shape], **more: Any) -> str:
        made = self.elb.create_listener(
            LoadBalancerArn=self.arn, Protocol=protocol, Port=port, DefaultActions=actions, **more
        )
        return str(made["Listeners"][0]["ListenerArn"])

    def https(self) -> str:
        acm = self.aws.client("acm")
        certificate = acm.request_certificate(DomainName="example.com")["CertificateArn"]
        forward = [{"Type": "forward", "TargetGroupArn": self.group}]
        return self.listen(
            "HTTPS", 443, forward, Certificates=[{"CertificateArn": certificate}], SslPolicy="ELBSecurityPolicy-2016-08"
        )

    def actions(self, listener: str) -> list[Shape]:
        found = self.elb.describe_listeners(ListenerArns=[listener])["Listeners"][0]["DefaultActions"]
        return [{key: value for key, value in action.items() if key != "Order"} for action in found]


@case("edge/redirect_http", "ELB.1")
def what_forwards_is_redirected_and_what_answers_itself_stays(aws: Aws) -> None:
    balancer = Balancer(aws)
    balancer.https()
    weighted = {
        "Type": "forward",
        "ForwardConfig": {
            "TargetGroups": [{"TargetGroupArn": balancer.group, "Weight": 7}],
            "TargetGroupStickinessConfig": {"Enabled": True, "DurationSeconds": 60},
        },
    }
    fixed = {"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "404", "ContentType": "text/plain"}}
    plain, custom = balancer.listen("HTTP", 80, [weighted]), balancer.listen("HTTP", 81, [fixed])
    before, kept = balancer.actions(plain), balancer.actions(custom)
    record = aws.mend(balancer.arn)
    assert [left["what"] for left in record["left"]] == ["HTTP:81: fixed-response"]
    to = balancer.actions(plain)[0]["RedirectConfig"]
    assert (to["Protocol"], to["Port"], to["StatusCode"]) == ("HTTPS", "443", "HTTP_301")
    assert balancer.actions(custom) == kept
    aws.undo(record)
    assert balancer.actions(plain) == before


@case("edge/redirect_http", "ELB.1")
def nothing_is_redirected_to_where_nobody_listens(aws: Aws) -> None:
    balancer = Balancer(aws)
    plain = balancer.listen("HTTP", 80, [{"Type": "forward", "TargetGroupArn": balancer.group}])
    before = balancer.actions(plain)
    record = aws.mend(balancer.arn, outcome="held")
    assert balancer.actions(plain) == before and "create-listener" in record["make"][0]


@case("edge/drop_invalid_headers", "ELB.4")
def invalid_headers_are_dropped(aws: Aws) -> None:
    balancer = Balancer(aws)
    key = "routing.http.drop_invalid_header_fields.enabled"
    record = aws.mend(balancer.arn)
    assert balancer.attribute(key) == "true"
    aws.undo(record)
    assert balancer.attribute(key) == "false"


@case("edge/log_balancer", "ELB.5")
def logs_go_where_they_went_before(aws: Aws) -> None:
    balancer = Balancer(aws)
    record = aws.mend(balancer.arn, outcome="held")
    assert balancer.attribute("access_logs.s3.enabled") == "false"
    assert "access_logs.s3.bucket" in record["make"][0]
    balancer.set({"access_logs.s3.bucket": "own", "access_logs.s3.prefix": "web"})
    record = aws.mend(balancer.arn)
    assert balancer.attribute("access_logs.s3.enabled") == "true"
    assert balancer.attribute("access_logs.s3.prefix") == "web"
    aws.undo(record)
    assert balancer.attribute("access_logs.s3.enabled") == "false"


@case("edge/protect_balancer", "ELB.6")
def a_balancer_that_anybody_can_delete_is_protected(aws: Aws) -> None:
    balancer = Balancer(aws, "network")
    record = aws.mend(balancer.arn)
    assert balancer.attribute("deletion_protection.enabled") == "true"
    aws.undo(record)
    assert balancer.attribute("deletion_protection.enabled") == "false"


@case("edge/mitigate_desync", "ELB.12")
def desync_mitigation_is_raised_and_never_lowered(aws: Aws) -> None:
    balancer = Balancer(aws)
    key = "routing.http.desync_mitigation_mode"
    record = aws.mend(balancer.arn)
    assert balancer.attribute(key) == "defensive"
    aws.undo(record)
    assert balancer.attribute(key) == "monitor"


@case("edge/mitigate_desync", "ELB.12")
def the_strictest_mode_stays(aws: Aws) -> None:
    balancer = Balancer(aws)
    balancer.set({"routing.http.desync_mitigation_mode": "strictest"})
    aws.mend(balancer.arn, outcome="right")
    assert balancer.attribute("routing.http.desync_mitigation_mode") == "strictest"


@case("edge/spread_balancer", "ELB.13")
def a_balancer_in_too_few_zones_is_left_to_a_person(aws: Aws) -> None:
    balancer = Balancer(aws, "network", ("eu-west-1a",))
    record = aws.mend(balancer.arn, outcome="held")
    assert "set-subnets" in record["make"][0]


@case("edge/associate_balancer_acl", "ELB.16")
def a_balancer_without_a_web_acl_is_left_to_a_person(aws: Aws) -> None:
    record = aws.mend(Balancer(aws).arn, outcome="held")
    assert "associate-web-acl" in record["make"][2]


@case("edge/strengthen_listener", "ELB.17")
def an_old_security_policy_is_replaced_once_a_person_agrees(aws: Aws) -> None:
    balancer = Balancer(aws)
    listener = balancer.https()

    def policy() -> str:
        return str(balancer.elb.describe_listeners(ListenerArns=[listener])["Listeners"][0]["SslPolicy"])

    record = aws.mend(listener, outcome="held")
    assert policy() == "ELBSecurityPolicy-2016-08"
    record = aws.approve(record)
    assert policy() == "ELBSecurityPolicy-TLS13-1-2-Res-2021-06"
    aws.undo(record)
    assert policy() == "ELBSecurityPolicy-2016-08"


@case("edge/encrypt_listener", "ELB.18")
def a_plain_listener_is_left_to_a_person(aws: Aws) -> None:
    balancer = Balancer(aws)
    listener = balancer.listen("HTTP", 80, [{"Type": "forward", "TargetGroupArn": balancer.group}])
    record = aws.mend(listener, outcome="held")
    assert "--protocol HTTPS" in record["make"][0]


class Group:
    """An Auto Scaling group of a launch configuration."""

    def __init__(self, aws: Aws, balanced: bool = True, **launch: Any) -> None:
        self.aws, self.scaling = aws, aws.client("autoscaling")
        vpc, networks = subnets(aws)
        self.scaling.create_launch_configuration(
            LaunchConfigurationName=aws.name, ImageId="ami-12345678", InstanceType="t3.micro", **launch
        )
        more: Shape = {}
        if balanced:
            made = aws.client("elbv2").create_target_group(Name=aws.name, Protocol="HTTP", Port=80, VpcId=vpc)
            more["TargetGroupARNs"] = [made["TargetGroups"][0]["TargetGroupArn"]]
        self.scaling.create_auto_scaling_group(
            AutoScalingGroupName=aws.name,
            LaunchConfigurationName=aws.name,
            MinSize=0,
            MaxSize=0,
            VPCZoneIdentifier=networks[0],
            HealthCheckGracePeriod=77,
            Tags=[
                {**tag, "ResourceId": aws.name, "ResourceType": "auto-scaling-group", "PropagateAtLaunch": False}
                for tag in aws.tags
            ],
            **more,
        )

    @property
    def found(self) -> Shape:
        found = self.scaling.describe_auto_scaling_groups(AutoScalingGroupNames=[self.aws.name])
        group: Shape = found["AutoScalingGroups"][0]
        return group

    @property
    def configuration(self) -> str:
        found = self.scaling.describe_launch_configurations(LaunchConfigurationNames=[self.aws.name])
        return str(found["LaunchConfigurations"][0]["LaunchConfigurationARN"])


@case("edge/check_health", "AutoScaling.1")
def a_group_behind_a_balancer_checks_what_that_sees(aws: Aws) -> None:
    group = Group(aws)
    record = aws.mend(group.found["AutoScalingGroupARN"])
    assert (group.found["HealthCheckType"], group.found["HealthCheckGracePeriod"]) == ("ELB", 77)
    aws.undo(record)
    assert (group.found["HealthCheckType"], group.found["HealthCheckGracePeriod"]) == ("EC2", 77)


@case("edge/spread_group", "AutoScaling.2")
def a_group_in_one_zone_is_left_to_a_person(aws: Aws) -> None:
    record = aws.mend(Group(aws).found["AutoScalingGroupARN"], outcome="held")
    assert "--vpc-zone-identifier" in record["make"][0]


@case("edge/require_tokens", "AutoScaling.3")
def a_launch_configuration_without_tokens_is_left_to_a_person(aws: Aws) -> None:
    group = Group(aws, UserData="secret")
    record = aws.mend(group.configuration, outcome="held")
    assert "required" in record["make"][0] and "secret" not in json.dumps(record)
    assert f"--auto-scaling-group-name {aws.name}" in record["make"][2]
    assert group.found["LaunchConfigurationName"] == aws.name


@case("edge/limit_hops", "AutoScaling.4")
def a_launch_configuration_with_two_hops_is_left_to_a_person(aws: Aws) -> None:
    options = {"HttpTokens": "required", "HttpPutResponseHopLimit": 2}
    record = aws.mend(Group(aws, MetadataOptions=options).configuration, outcome="held")
    assert "HttpPutResponseHopLimit:`1`" in record["make"][0]


@case("edge/hide_instances", "Autoscaling.5")
def a_launch_configuration_with_public_addresses_is_left_to_a_person(aws: Aws) -> None:
    record = aws.mend(Group(aws, AssociatePublicIpAddress=True).configuration, outcome="held")
    assert "AssociatePublicIpAddress:`false`" in record["make"][0]


@case("edge/vary_instances", "AutoScaling.6")
def a_group_of_one_type_is_left_to_a_person(aws: Aws) -> None:
    record = aws.mend(Group(aws).found["AutoScalingGroupARN"], outcome="held")
    assert "--mixed-instances-policy" in record["make"][0]


@case("edge/use_launch_template", "AutoScaling.9")
def a_group_of_a_launch_configuration_is_left_to_a_person(aws: Aws) -> None:
    record = aws.mend(Group(aws).found["AutoScalingGroupARN"], outcome="held")
    assert "create-launch-template" in record["make"][1]


class RestStage:
    """A stage of a REST API, and the role by which API Gateway writes logs."""

    def __init__(self, aws: Aws) -> None:
        self.aws, self.gateway = aws, aws.client("apigateway")
        role = f"arn:aws:iam::{ACCOUNT}:role/ApiGatewayLogs"
        self.gateway.update_account(
            patchOperations=[{"op": "replace", "path": "/cloudwatchRoleArn", "value": role}]
        )
        self.api = self.gateway.create_rest_api(name=aws.name)["id"]
        root = self.gateway.get_resources(restApiId=self.api)["items"][0]["id"]
        self.gateway.put_method(restApiId=self.api, resourceId=root, httpMethod="GET", authorizationType="NONE")
        self.gateway.put_integration(restApiId=self.api, resourceId=root, httpMethod="GET", type="MOCK")
        deployment = self.gateway.create_deployment(restApiId=self.api)["id"]
        self.gateway.create_stage(
            restApiId=self.api, stageName="prod", deploymentId=deployment, tags=aws.tag_map
        )
        self.arn = f"arn:aws:apigateway:{aws.region}::/restapis/{self.api}/stages/prod"

    def patch(self, path: str, value: str) -> None:
        operation = {"op": "replace", "path": path, "value": value}
        self.gateway.update_stage(restApiId=self.api, stageName="prod", patchOperations=[operation])

    @property
    def found(self) -> Shape:
        stage: Shape = self.gateway.get_stage(restApiId=self.api, stageName="prod")
        return stage


@case("edge/log_executions", "APIGateway.1")
def levels_below_what_is_asked_are_raised(aws: Aws) -> None:
    stage = RestStage(aws)
    stage.patch("/~1pets/GET/logging/loglevel", "INFO")
    stage.patch("/*/*/throttling/burstLimit", "7")
    record = aws.mend(stage.arn)
    levels = {name: method["loggingLevel"] for name, method in stage.found["methodSettings"].items()}
    assert levels == {"*/*": "ERROR", "~1pets/GET": "INFO"}
    assert stage.found["methodSettings"]["*/*"]["throttlingBurstLimit"] == 7
    aws.undo(record)
    assert stage.found["methodSettings"]["*/*"]["loggingLevel"] == "OFF"


@case("edge/trace_stage", "APIGateway.3")
def a_stage_is_traced(aws: Aws) -> None:
    stage = RestStage(aws)
    record = aws.mend(stage.arn)
    assert stage.found["tracingEnabled"]
    aws.undo(record)
    assert not stage.found["tracingEnabled"]


@case("edge/encrypt_cache", "APIGateway.5")
def what_is_cached_is_encrypted(aws: Aws) -> None:
    stage = RestStage(aws)
    stage.patch("/*/*/caching/enabled", "true")
    stage.patch("/*/*/caching/dataEncrypted", "false")
    record = aws.mend(stage.arn)
    assert stage.found["methodSettings"]["*/*"]["cacheDataEncrypted"]
    aws.undo(record)
    assert not stage.found["methodSettings"]["*/*"]["cacheDataEncrypted"]


@case("edge/certify_stage", "APIGateway.2")
def a_stage_without_a_certificate_is_left_to_a_person(aws: Aws) -> None:
    record = aws.mend(RestStage(aws).arn, outcome="held")
    assert "generate-client-certificate" in record["make"][0]


@case("edge/associate_stage_acl", "APIGateway.4")
def a_stage_without_a_web_acl_is_left_to_a_person(aws: Aws) -> None:
    record = aws.mend(RestStage(aws).arn, outcome="held")
    assert "associate-web-acl" in record["make"][1]


class V2Stage:
    """A stage of an HTTP or WebSocket API."""

    def __init__(self, aws: Aws, protocol: str) -> None:
        self.gateway = aws.client("apigatewayv2")
        role = f"arn:aws:iam::{ACCOUNT}:role/ApiGatewayLogs"
        aws.client("apigateway").update_account(
            patchOperations=[{"op": "replace", "path": "/cloudwatchRoleArn", "value": role}]
        )
        self.api = self.gateway.create_api(
            Name=aws.name,
            ProtocolType=protocol,
            RouteSelectionExpression="$request.body.action",
            Tags=aws.tag_map,
        )["ApiId"]
        settings = {"LoggingLevel": "OFF"} if protocol == "WEBSOCKET" else {}
        self.gateway.create_stage(
            ApiId=self.api,
            StageName="prod",
            DefaultRouteSettings={"ThrottlingBurstLimit": 7, **settings},
            Tags=aws.tag_map,
        )
        self.arn = f"arn:aws:apigateway:{aws.region}::/apis/{self.api}/stages/prod"

    @property
    def found(self) -> Shape:
        stage: Shape = self.gateway.get_stage(ApiId=self.api, StageName="prod")
        return stage


@case("edge/log_messages", "APIGateway.1")
def a_websocket_stage_writes_down_what_fails(aws: Aws) -> None:
    stage = V2Stage(aws, "WEBSOCKET")
    record = aws.mend(stage.arn)
    settings = stage.found["DefaultRouteSettings"]
    assert (settings["LoggingLevel"], settings["ThrottlingBurstLimit"]) == ("ERROR", 7)
    aws.undo(record)
    settings = stage.found["DefaultRouteSettings"]
    assert (settings["LoggingLevel"], settings["ThrottlingBurstLimit"]) == ("OFF", 7)


@case("edge/log_accesses", "APIGateway.9")
def without_a_log_group_accesses_are_left_to_a_person(aws: Aws) -> None:
    stage = V2Stage(aws, "HTTP")
    record = aws.mend(stage.arn, outcome="held")
    assert "--access-log-settings" in record["make"][0] and "AccessLogSettings" not in stage.found


@case("edge/authorize_route", "APIGateway.8")
def an_open_route_is_left_to_a_person(aws: Aws) -> None:
    stage = V2Stage(aws, "HTTP")
    route = stage.gateway.create_route(ApiId=stage.api, RouteKey="GET /pets", AuthorizationType="NONE")["RouteId"]
    arn = f"arn:aws:apigateway:{aws.region}::/apis/{stage.api}/routes/{route}"
    record = aws.mend(arn, outcome="held")
    assert "update-route" in record["make"][0]


class Distribution:
    """A distribution of a bucket and a server."""

    def __init__(self, aws: Aws) -> None:
        self.cloudfront = aws.client("cloudfront")
        policy = {
            "TargetOriginId": "bucket",
            "ViewerProtocolPolicy": "allow-all",
            "MinTTL": 7,
            "ForwardedValues": {"QueryString": False, "Cookies": {"Forward": "none"}},
        }
        server = {"HTTPPort": 80, "HTTPSPort": 443, "OriginProtocolPolicy": "http-only"}
        config = {
            "CallerReference": aws.name,
            "Comment": "to be kept",
            "Enabled": True,
            "DefaultRootObject": "",
            "Origins": {
                "Quantity": 2,
                "Items": [
                    {
                        "Id": "bucket",
                        "DomainName": f"{aws.name}.s3.amazonaws.com",
                        "S3OriginConfig": {"OriginAccessIdentity": ""},
                    },
                    {"Id": "server", "DomainName": "shop.example.com", "CustomOriginConfig": server},
                ],
            },
            "DefaultCacheBehavior": policy,
        }
        made = self.cloudfront.create_distribution_with_tags(
            DistributionConfigWithTags={"DistributionConfig": config, "Tags": {"Items": aws.tags}}
        )["Distribution"]
        self.id, self.arn = made["Id"], made["ARN"]

    @property
    def found(self) -> Shape:
        config: Shape = self.cloudfront.get_distribution_config(Id=self.id)["DistributionConfig"]
        return config


@case("edge/set_root_object", "CloudFront.1")
def a_root_object_is_set_once_a_person_agrees_and_all_else_stays(aws: Aws) -> None:
    shop = Distribution(aws)
    before = shop.found
    record = aws.mend(shop.arn, outcome="held")
    assert shop.found == before
    record = aws.approve(record)
    assert shop.found == {**before, "DefaultRootObject": "index.html"}
    aws.undo(record)
    assert shop.found == before


@case("edge/encrypt_viewers", "CloudFront.3")
def viewers_are_redirected_once_a_person_agrees(aws: Aws) -> None:
    shop = Distribution(aws)
    before = shop.found
    record = aws.approve(aws.mend(shop.arn, outcome="held"))
    assert shop.found["DefaultCacheBehavior"]["ViewerProtocolPolicy"] == "redirect-to-https"
    aws.undo(record)
    assert shop.found == before


def by_hand(remediation: str, control: str, says: str) -> None:
    """A case of a distribution that is left to a person."""

    @case(remediation, control)
    def a_distribution_is_left_to_a_person(aws: Aws) -> None:
        shop = Distribution(aws)
        before = shop.found
        record = aws.mend(shop.arn, outcome="held")
        assert says in " ".join(record["make"]), record["make"]
        assert shop.found == before


by_hand("edge/share_origins", "CloudFront.4", "FailoverCriteria")
by_hand("edge/log_distribution", "CloudFront.5", ".Logging")
by_hand("edge/associate_distribution_acl", "CloudFront.6", ".WebACLId")
by_hand("edge/certify_distribution", "CloudFront.7", "ACMCertificateArn")
by_hand("edge/encrypt_origins", "CloudFront.9", "https-only")
by_hand("edge/encrypt_origins", "CloudFront.10", "https-only")
by_hand("edge/check_origins", "CloudFront.12", "head-bucket")
