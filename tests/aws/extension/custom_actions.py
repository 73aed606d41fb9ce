"""Security Hub's custom actions, which moto lacks: a person selects findings and sends them to one."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from urllib.parse import unquote

from moto.securityhub import urls
from moto.securityhub.responses import SecurityHubResponse

from extension.securityhub import MOST, Shape, checked, refuse

MOST_ACTIONS = 50
LONGEST_NAME = 20
# By account and region, then by ARN.
_actions: dict[tuple[str, str], dict[str, Shape]] = defaultdict(dict)


class CustomActions(SecurityHubResponse):
    """The four operations, new to moto."""

    def create_action_target(self) -> str:
        given, actions = checked(self, "CreateActionTarget"), actions_of(self)
        check_texts(given)
        if not re.fullmatch(rf"[A-Za-z0-9]{{1,{LONGEST_NAME}}}", given["Id"]):
            raise refuse(f"Id: 1 to {LONGEST_NAME} letters and digits")
        arn = f"arn:aws:securityhub:{self.region}:{self.current_account}:action/custom/{given['Id']}"
        if arn in actions:
            raise refuse(f"Action target with ARN {arn} already exists", "ResourceConflictException")
        if len(actions) >= MOST_ACTIONS:
            raise refuse(f"There are {MOST_ACTIONS} action targets already", "LimitExceededException")
        actions[arn] = {"ActionTargetArn": arn, "Name": given["Name"], "Description": given["Description"]}
        return json.dumps({"ActionTargetArn": arn})

    def update_action_target(self) -> str:
        given = json.loads(self.body or "{}")
        check_texts(given)
        actions_of(self)[named(self)].update({key: given[key] for key in ("Name", "Description") if key in given})
        return "{}"

    def delete_action_target(self) -> str:
        arn = named(self)
        del actions_of(self)[arn]
        return json.dumps({"ActionTargetArn": arn})

    def describe_action_targets(self) -> str:
        given, actions = checked(self, "DescribeActionTargets"), actions_of(self)
        arns = given.get("ActionTargetArns") or sorted(actions)
        for arn in arns:
            known(arn, actions)
        start, most = int(given.get("NextToken") or 0), given.get("MaxResults", MOST)
        more = {"NextToken": str(start + most)} if start + most < len(arns) else {}
        return json.dumps({"ActionTargets": [actions[arn] for arn in arns[start : start + most]], **more})


def actions_of(response: SecurityHubResponse) -> dict[str, Shape]:
    return _actions[response.current_account, response.region]


def named(response: SecurityHubResponse) -> str:
    """The ARN in the request's path."""
    return known(unquote(response.path).split("/actionTargets/", 1)[1], actions_of(response))


def known(arn: str, actions: dict[str, Shape]) -> str:
    if arn not in actions:
        raise refuse(f"Action target {arn} not found", "ResourceNotFoundException")
    return arn


def check_texts(given: Shape) -> None:
    for name in ("Name", "Description"):
        if name in given and not given[name].strip():
            raise refuse(f"{name} must not be blank")
    if len(given.get("Name", "")) > LONGEST_NAME:
        raise refuse(f"Name: at most {LONGEST_NAME} characters")


def extend() -> None:
    for path in ("actionTargets", "actionTargets/get", "actionTargets/(?P<arn>.+)"):
        urls.url_paths[f"{{0}}/{path}$"] = SecurityHubResponse.dispatch
    for name, method in vars(CustomActions).items():
        if not name.startswith("__"):
            setattr(SecurityHubResponse, name, method)
