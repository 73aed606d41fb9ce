"""Who calls, and whether he may.

An access key of 12 digits is the root of that account, as on the platform. A function's session is known to the
platform only, whose IAM holds the stack's roles: it is asked for each call, and a call that the role does not allow is
refused here as AWS would. Sessions of roles of the estate itself are moto's own, and may do everything.
"""

from __future__ import annotations

import functools
import json
import os
import re
import urllib.request
from typing import Any

from moto.core import DEFAULT_ACCOUNT_ID
from moto.core.exceptions import ServiceException
from moto.core.responses import ActionResult, BaseResponse
from moto.iam.exceptions import NotFoundException
from moto.iam.models import iam_backends
from moto.sts.models import STSBackend

from extension.demands import demands

Shape = dict[str, Any]


class Refused(ServiceException):
    """Of our own module: moto looks for the models of an exception's service by where it is defined."""


def key_of(response: BaseResponse) -> str:
    found = re.search(r"Credential=([^/]+)/", response.headers.get("Authorization", ""))
    return found[1] if found else ""


def is_of_platform(key: str) -> bool:
    """Whether the key is a session of the platform: one that nobody got here."""
    if not key.startswith("ASIA"):
        return False
    return not any(key in iam.access_keys for partitions in list(iam_backends.values()) for iam in partitions.values())


def ask_platform(question: Shape) -> Shape:
    url = os.environ["AWS_ENDPOINT_URL"] + "/kintsugi/allowed"
    request = urllib.request.Request(url, json.dumps(question).encode(), method="POST")
    with urllib.request.urlopen(request, timeout=10) as answer:
        return dict(json.load(answer))


@functools.cache
def account_of(key: str) -> str:
    return str(ask_platform({"key": key})["account"])


def refusal(response: BaseResponse) -> Refused | None:
    """Why the caller may not do what he asks, in the service's own words."""
    key = key_of(response)
    if not is_of_platform(key):
        return None
    for demand in demands(response, response._get_action()):
        answer = ask_platform({"key": key, **demand})
        if not answer["allowed"]:
            message = (
                f"User: {answer['caller']} is not authorized to perform: {demand['action']} "
                f"on resource: {demand['resource']} ({answer['why']})"
            )
            codes = {"ec2": "UnauthorizedOperation", "sts": "AccessDenied"}
            return Refused(codes.get(response.service_name, "AccessDeniedException"), message)
    return None


def extend() -> None:
    current, call = BaseResponse.get_current_account, BaseResponse.call_action

    def account(self: BaseResponse) -> str:
        key = key_of(self)
        if re.fullmatch(r"\d{12}", key):
            return key
        if is_of_platform(key):
            return account_of(key)
        found = current(self)
        return os.environ["KINTSUGI_ACCOUNT"] if found == DEFAULT_ACCOUNT_ID else found

    def call_action(self: BaseResponse) -> Any:
        refused = refusal(self)
        if refused is None:
            return call(self)
        _, headers, body = self.serialized(ActionResult(refused))
        return 403, headers, body

    BaseResponse.get_current_account = account
    BaseResponse.call_action = call_action
    assume = STSBackend.assume_role

    def assume_role(self: STSBackend, **given: Any) -> Any:
        arn = given["role_arn"]
        try:
            iam_backends[arn.split(":")[4]][self.partition].get_role_by_arn(arn)
        except NotFoundException:
            caller = f"arn:aws:iam::{self.account_id}:root"
            message = f"User: {caller} is not authorized to perform: sts:AssumeRole on resource: {arn}"
            raise Refused("AccessDenied", message) from None
        return assume(self, **given)

    STSBackend.assume_role = assume_role
