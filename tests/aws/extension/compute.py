"""What moto lacks, or does otherwise than AWS, of what runs code.

Lambda: a policy for the function and one for each version and alias, permissions for URLs, the list of URLs,
updates of tracing. ECR: scanning that is turned off.
ECS: the settings of a cluster. EKS: an update of a cluster's configuration leaves the rest of it, and versions.
CodeBuild: updates of projects, report groups. CloudFormation: termination protection.
"""

from __future__ import annotations

import json
import threading
from typing import Any
from urllib.parse import unquote

from moto.awslambda import urls as lambda_urls
from moto.awslambda.exceptions import LambdaClientError
from moto.awslambda.models import LambdaFunction
from moto.awslambda.responses import LambdaResponse
from moto.cloudformation.responses import CloudFormationResponse
from moto.codebuild.responses import CodeBuildResponse
from moto.core.responses import ActionResult, EmptyResult
from moto.ecr.responses import ECRResponse
from moto.ecs.responses import EC2ContainerServiceResponse
from moto.eks import urls as eks_urls
from moto.eks.responses import EKSResponse

Shape = dict[str, Any]
Answer = tuple[int, dict[str, Any], str]
lock = threading.RLock()
# The statements of a function's policies, by account, Region, function and qualifier.
policies: dict[tuple[str, str, str, str], list[Shape]] = {}
# The report groups, by ARN.
report_groups: dict[str, Shape] = {}
SUPPORTED = ("1.33", "1.34", "1.35")


class NotFound(LambdaClientError):
    code = 404

    def __init__(self, what: str) -> None:
        super().__init__("ResourceNotFoundException", f"The resource you requested does not exist: {what}")


class Conflict(LambdaClientError):
    code = 409

    def __init__(self, sid: str) -> None:
        super().__init__("ResourceConflictException", f"The statement id ({sid}) provided already exists.")


def policy(response: LambdaResponse, name: str) -> list[Shape]:
    """The statements of the policy that the call is about; they can be edited in place."""
    qualifier = response.querystring.get("Qualifier", [""])[0]
    response.backend.get_function(name, qualifier or None)
    place = (response.current_account, response.region, name, qualifier)
    return policies.setdefault(place, [])


def name_in(response: LambdaResponse) -> str:
    """The function that the path names."""
    parts = unquote(response.path).split("/")
    return parts[parts.index("functions") + 1]


def get_policy(self: LambdaResponse) -> str:
    with lock:
        statements = policy(self, name_in(self))
        if not statements:
            raise NotFound("policy")
        text = json.dumps({"Version": "2012-10-17", "Id": "default", "Statement": statements})
        return json.dumps({"Policy": text, "RevisionId": "1"})


def add_permission(self: LambdaResponse) -> Answer:
    given, name = self.json_body, name_in(self)
    sid, qualifier = given["StatementId"], self.querystring.get("Qualifier", [""])[0]
    arn = self.backend.get_function(name).function_arn
    principal = given["Principal"]
    if principal.endswith(".amazonaws.com"):
        principal = {"Service": principal}
    elif principal != "*":
        principal = {"AWS": principal}
    condition: dict[str, Shape] = {}
    for field, operator, key in (
        ("SourceAccount", "StringEquals", "AWS:SourceAccount"),
        ("SourceArn", "ArnLike", "AWS:SourceArn"),
        ("PrincipalOrgID", "StringEquals", "aws:PrincipalOrgID"),
        ("FunctionUrlAuthType", "StringEquals", "lambda:FunctionUrlAuthType"),
        ("InvokedViaFunctionUrl", "Bool", "lambda:InvokedViaFunctionUrl"),
    ):
        if field in given:
            value = given[field]
            condition.setdefault(operator, {})[key] = str(value).lower() if isinstance(value, bool) else value
    statement = {
        "Sid": sid,
        "Effect": "Allow",
        "Principal": principal,
        "Action": given["Action"],
        "Resource": f"{arn}:{qualifier}" if qualifier else arn,
    }
    if condition:
        statement["Condition"] = condition
    with lock:
        statements = policy(self, name)
        if any(other["Sid"] == sid for other in statements):
            raise Conflict(sid)
        statements.append(statement)
    return 201, {"status": 201}, json.dumps({"Statement": json.dumps(statement)})


def remove_permission(self: LambdaResponse) -> Answer:
    sid = unquote(self.path).split("/")[-1]
    with lock:
        statements = policy(self, name_in(self))
        found = [statement for statement in statements if statement["Sid"] == sid]
        if not found:
            raise NotFound(sid)
        statements.remove(found[0])
    return 204, {"status": 204}, ""


def list_function_url_configs(self: LambdaResponse) -> str:
    config = self.backend.get_function(name_in(self)).url_config
    return json.dumps({"FunctionUrlConfigs": [config.to_dict()] if config else []})


put_scanning = ECRResponse.put_image_scanning_configuration


def put_image_scanning_configuration(self: ECRResponse) -> ActionResult:
    answer = put_scanning(self)
    repository = self.ecr_backend._get_repository(self._get_param("repositoryName"), None)
    # What is not said is off.
    repository.image_scanning_configuration = {"scanOnPush": False, **self._get_param("imageScanningConfiguration")}
    return answer


update_configuration = LambdaFunction.update_configuration


def update_configuration_and_tracing(self: LambdaFunction, updates: Shape) -> Shape:
    self.tracing_config = updates.get("TracingConfig") or self.tracing_config
    return update_configuration(self, updates)


def update_cluster_settings(self: EC2ContainerServiceResponse) -> ActionResult:
    name = self._get_param("cluster")
    cluster = self.ecs_backend.describe_clusters([name])[0][0]
    given = {setting["name"]: setting for setting in self._get_param("settings")}
    kept = [setting for setting in cluster.settings if setting["name"] not in given]
    cluster = self.ecs_backend.update_cluster(
        cluster_name=name,
        cluster_settings=[*kept, *given.values()],
        configuration=None,
        service_connect_defaults=None,
    )
    return ActionResult({"cluster": cluster})


def logging_after(logging: Shape | None, given: Shape) -> Shape:
    """The kinds of log that are on, after what is given is turned on and off."""
    on = {kind for setup in (logging or {}).get("clusterLogging", []) if setup["enabled"] for kind in setup["types"]}
    for setup in given["clusterLogging"]:
        kinds = set(setup["types"])
        on = on | kinds if setup["enabled"] else on - kinds
    off = {"api", "audit", "authenticator", "controllerManager", "scheduler"} - on
    setups = [{"types": sorted(on), "enabled": True}, {"types": sorted(off), "enabled": False}]
    return {"clusterLogging": [setup for setup in setups if setup["types"]]}


def update_cluster_config(self: EKSResponse) -> ActionResult:
    cluster = self.eks_backend.describe_cluster(name=self._get_param("name"))
    vpc, logging = self._get_param("resourcesVpcConfig"), self._get_param("logging")
    if vpc:
        cluster.resources_vpc_config = {**cluster.resources_vpc_config, **vpc}
    if logging:
        cluster.logging = logging_after(cluster.logging, logging)
    return ActionResult({"update": {"id": "1", "status": "InProgress", "type": "ConfigUpdate"}})


def describe_cluster_versions(self: EKSResponse) -> ActionResult:
    given = self.querystring.get("clusterVersions", [])
    status = {version: "STANDARD_SUPPORT" if version in SUPPORTED else "EXTENDED_SUPPORT" for version in given}
    found = [{"clusterVersion": version, "versionStatus": status[version]} for version in given]
    return ActionResult({"clusterVersions": found})


def update_project(self: CodeBuildResponse) -> ActionResult:
    project = self.codebuild_backend.codebuild_projects[self._get_param("name")].project_metadata
    for name in ("environment", "logsConfig", "source"):
        value = self._get_param(name)
        if value is not None:
            project[name] = value
    return ActionResult({"project": project})


def create_report_group(self: CodeBuildResponse) -> ActionResult:
    name = self._get_param("name")
    arn = f"arn:aws:codebuild:{self.region}:{self.current_account}:report-group/{name}"
    group = {name: self._get_param(name) for name in ("name", "type", "exportConfig", "tags")}
    report_groups[arn] = {"arn": arn, "status": "ACTIVE", **group}
    return ActionResult({"reportGroup": report_groups[arn]})


def batch_get_report_groups(self: CodeBuildResponse) -> ActionResult:
    arns = self._get_param("reportGroupArns")
    found = [report_groups[arn] for arn in arns if arn in report_groups]
    return ActionResult({"reportGroups": found, "reportGroupsNotFound": [a for a in arns if a not in report_groups]})


def update_report_group(self: CodeBuildResponse) -> ActionResult:
    group = report_groups[self._get_param("arn")]
    group["exportConfig"] = self._get_param("exportConfig") or group["exportConfig"]
    return ActionResult({"reportGroup": group})


def update_termination_protection(self: CloudFormationResponse) -> ActionResult:
    stack = self.cloudformation_backend.get_stack(self._get_param("StackName"))
    if stack is None:
        return EmptyResult()
    stack.enable_termination_protection = self._get_param("EnableTerminationProtection") in (True, "true")
    return ActionResult({"StackId": stack.stack_id})


def extend() -> None:
    urls = r"{0}/(?P<api_version>[^/]+)/functions/(?P<function_name>[\w_:%-]+)/urls/?$"
    lambda_urls.url_paths[urls] = LambdaResponse.dispatch
    eks_urls.url_paths["{0}/cluster-versions$"] = eks_urls.response.dispatch
    LambdaFunction.update_configuration = update_configuration_and_tracing  # type: ignore[method-assign]
    for response, actions in (
        (LambdaResponse, (get_policy, add_permission, remove_permission, list_function_url_configs)),
        (ECRResponse, (put_image_scanning_configuration,)),
        (EC2ContainerServiceResponse, (update_cluster_settings,)),
        (EKSResponse, (update_cluster_config, describe_cluster_versions)),
        (CodeBuildResponse, (update_project, create_report_group, batch_get_report_groups, update_report_group)),
        (CloudFormationResponse, (update_termination_protection,)),
    ):
        for action in actions:
            setattr(response, action.__name__, action)
