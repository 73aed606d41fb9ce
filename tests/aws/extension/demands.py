"""What IAM must allow for each call: actions, each with its resource and the context that conditions look at.

Which resources and condition keys an action has is what AWS's service authorization reference says.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from moto.core.responses import BaseResponse
from moto.ec2.models import ec2_backends
from moto.secretsmanager.models import secretsmanager_backends

from extension import config, guardduty
from extension.threat_lists import bucket_and_key

Shape = dict[str, Any]
GUARDDUTY_ROLE = "role/aws-service-role/guardduty.amazonaws.com/AWSServiceRoleForAmazonGuardDuty"


def demand(action: str, resource: str = "*", **context: Any) -> Shape:
    return {"action": action, "resource": resource, "context": context}


def own(response: BaseResponse) -> str:
    """How the ARNs of the caller's resources begin."""
    return f"arn:aws:{response.service_name}:{response.region}:{response.current_account}"


def of_sts(response: BaseResponse, action: str) -> list[Shape]:
    if action == "GetCallerIdentity":
        return []  # AWS denies it to nobody
    return [demand(f"sts:{action}", response._get_param("RoleArn") or "*")]


def of_securityhub(response: BaseResponse, action: str) -> list[Shape]:
    """On the hub. One action in IAM, also for the OCSF form, whose hub is another resource."""
    hub = f"{own(response)}:{'hubv2' if action.endswith('V2') else 'hub'}/default"
    plain = action.removesuffix("V2")
    if plain != "BatchUpdateFindings":
        return [demand(f"securityhub:{plain}", hub)]
    given = json.loads(response.body or "{}")
    context = {
        "securityhub:ASFFSyntaxPath/Workflow.Status": given.get("Workflow", {}).get("Status"),
        "securityhub:ASFFSyntaxPath/Severity.Label": given.get("Severity", {}).get("Label"),
        "securityhub:ASFFSyntaxPath/Note.Text": given.get("Note", {}).get("Text"),
        "securityhub:ASFFSyntaxPath/Note.UpdatedBy": given.get("Note", {}).get("UpdatedBy"),
        "securityhub:OCSFSyntaxPath/StatusId": given.get("StatusId"),
        "securityhub:OCSFSyntaxPath/SeverityId": given.get("SeverityId"),
        "securityhub:OCSFSyntaxPath/Comment": given.get("Comment"),
    }
    context = {name: str(value) for name, value in context.items() if value is not None}
    return [demand("securityhub:BatchUpdateFindings", hub, **context)]


def of_config(response: BaseResponse, action: str) -> list[Shape]:
    """On the rules that a call names, if it is about rules."""
    if "Recorder" in action or action in ("DescribeDeliveryChannels", "ListTagsForResource"):
        return of_others(response, action)
    one, several = response._get_param("ConfigRuleName"), response._get_param("ConfigRuleNames")
    arns = config.rule_arns(response, [one] if one else several or [])
    return [demand(f"config:{action}", arn) for arn in arns or ["*"]]


def of_ec2(response: BaseResponse, action: str) -> list[Shape]:
    if prefix_list := response._get_param("PrefixListId"):
        return [demand(f"ec2:{action}", f"{own(response)}:prefix-list/{prefix_list}")]
    group = response._get_param("GroupId")
    if group is None:
        return of_others(response, action, **of_sharing(response, action))
    if action.startswith("Describe"):
        return [demand(f"ec2:{action}")]
    tags = ec2_backends[response.current_account][response.region].tags.get(group, {})
    context = {f"{prefix}:ResourceTag/{name}": value for name, value in tags.items() for prefix in ("aws", "ec2")}
    needed = [demand(f"ec2:{action}", f"{own(response)}:security-group/{group}", **context)]
    rules = f"{own(response)}:security-group-rule/*"
    if action in ("AuthorizeSecurityGroupIngress", "AuthorizeSecurityGroupEgress", "ModifySecurityGroupRules"):
        needed.append(demand(f"ec2:{action}", rules))
    if response._get_param("TagSpecifications"):
        needed.append(demand("ec2:CreateTags", rules, **{"ec2:CreateAction": action}))
    return needed


def of_sharing(response: BaseResponse, action: str) -> Shape:
    """Whom a snapshot is shared with, or no longer."""
    if action != "ModifySnapshotAttribute":
        return {}
    verb = str(response._get_param("OperationType")).capitalize()
    return {f"ec2:{verb}/group": group for group in response._get_param("GroupNames", [])}


def of_guardduty(response: BaseResponse, action: str) -> list[Shape]:
    """On the list or detector that a call names; creating and listing know no resource, whatever the detector.

    GuardDuty also does some things in the caller's name: it lets its own role read the object of an address list, and
    it checks that the caller may read that of an entity list.
    """
    given = guardduty.parameters(response)
    arn = guardduty.arn_of(response, action, given)
    requested, tags = given.get("Tags", {}), guardduty.tags_of(arn) or {}
    context = {f"aws:RequestTag/{name}": value for name, value in requested.items()}
    context |= {f"aws:ResourceTag/{name}": value for name, value in tags.items()}
    if keys := given.get("TagKeys") or list(requested):
        context["aws:TagKeys"] = keys
    needed = [demand(f"guardduty:{action}", arn, **context)]
    kind = guardduty.kind_of(action)
    if kind is None or not action.startswith(("Create", "Update")):
        return needed
    if kind.entities:
        found = bucket_and_key(given.get("Location") or guardduty.location_of(arn))
        return [*needed, demand("s3:GetObject", "arn:aws:s3:::" + "/".join(found))] if found else needed
    role = f"arn:aws:iam::{response.current_account}:{GUARDDUTY_ROLE}"
    return [*needed, demand("iam:PutRolePolicy", role), demand("iam:DeleteRolePolicy", role)]


def of_secretsmanager(response: BaseResponse, action: str) -> list[Shape]:
    """Reading a secret's value is asked for on the secret itself: there is nothing to opt in."""
    if action != "GetSecretValue":
        return of_others(response, action)
    given = response._get_param("SecretId")
    secret = secretsmanager_backends[response.current_account][response.region].secrets.get(given)
    if secret is None:
        arn = given if given.startswith("arn:") else f"{own(response)}:secret:{given}"
        return [demand("secretsmanager:GetSecretValue", arn)]
    tags = {tag["Key"]: tag["Value"] for tag in secret.tags or []}
    context = {f"{prefix}:ResourceTag/{name}": tags[name] for name in tags for prefix in ("aws", "secretsmanager")}
    return [demand("secretsmanager:GetSecretValue", secret.arn, **context)]


SERVICES: dict[str, Callable[[BaseResponse, str], list[Shape]]] = {
    "config": of_config,
    "ec2": of_ec2,
    "guardduty": of_guardduty,
    "secretsmanager": of_secretsmanager,
    "securityhub": of_securityhub,
    "sts": of_sts,
}


# As IAM calls services that moto calls otherwise.
PREFIXES = {
    "apigatewayv2": "apigateway",
    "awslambda": "lambda",
    "efs": "elasticfilesystem",
    "elbv2": "elasticloadbalancing",
    "s3control": "s3",
    "stepfunctions": "states",
}
# As IAM calls actions that are called otherwise in a call.
ACTIONS = {
    "s3:GetPublicAccessBlock": "s3:GetAccountPublicAccessBlock",
    "s3:PutPublicAccessBlock": "s3:PutAccountPublicAccessBlock",
    "s3:DeletePublicAccessBlock": "s3:PutAccountPublicAccessBlock",
}
# Stands for a resource of the action's kind that is opted in: which one a call names is not looked at.
SOME = "?"


def of_others(response: BaseResponse, action: str, **context: Any) -> list[Shape]:
    """The action, on some resource of its kind; API Gateway knows no actions but the methods of HTTP."""
    service = str(response.service_name)
    prefix = PREFIXES.get(service, service)
    name = f"{prefix}:{response.method.upper() if prefix == 'apigateway' else action}"
    if prefix == "iam" and (policy := response._get_param("PolicyArn")):
        context["iam:PolicyARN"] = policy
    return [demand(ACTIONS.get(name, name), SOME, **context)]


def demands(response: BaseResponse, action: str) -> list[Shape]:
    """What a call needs."""
    service = str(response.service_name)
    if service in SERVICES:
        return SERVICES[service](response, action)
    return of_others(response, action)
