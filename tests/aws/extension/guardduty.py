"""GuardDuty: the operations on its lists of addresses, which moto lacks, and the tags of the lists.

All four kinds have the same five operations (Create, Get, Update, List, Delete); they are made from one table, and
what they take and give is botocore's model. What a list is and how it activates: threat_lists.py.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timezone

from botocore.session import get_session
from botocore.validate import ParamValidator
from moto.core.exceptions import ServiceException
from moto.core.responses import ActionResult, BaseResponse
from moto.core.utils import camelcase_to_underscores
from moto.guardduty import urls
from moto.guardduty.models import guardduty_backends
from moto.guardduty.responses import GuardDutyResponse

from extension.threat_lists import (
    KINDS,
    UNDERWAY,
    Kind,
    Place,
    Shape,
    ThreatList,
    activation,
    bucket_and_key,
    lists_at,
    lock,
    members,
)

MOST_LISTED = 50
ARN = re.compile(r"arn:aws:guardduty:(?P<region>[^:]+):(?P<account>\d+):detector/(?P<detector>[^/]+)(/(?P<list>.+))?")


class BadRequest(ServiceException):
    code = "BadRequestException"


def place_of(response: BaseResponse) -> Place:
    return response.current_account, response.region


def parameters(response: BaseResponse) -> Shape:
    """The request's parameters by their names in the model, from the path, the query and the body."""
    response.parse_parameters(response.normalized_request)
    given: Shape = response.params
    return {name: value for name, value in given.items() if value is not None}


def checked(response: BaseResponse) -> Shape:
    """The request's parameters, if they are as botocore's model says."""
    given = parameters(response)
    shape = get_session().get_service_model("guardduty").operation_model(response._get_action()).input_shape
    report = ParamValidator().validate(given, shape)
    if report.has_errors():
        raise BadRequest(f"The request is rejected because {report.generate_report()}")
    for name, member in shape.members.items():
        value, rules = given.get(name), member.metadata
        if isinstance(value, (str, dict)) and len(value) > rules.get("max", len(value)):
            raise BadRequest(f"The request is rejected because {name} is longer than {rules['max']}.")
        if isinstance(value, str) and not re.fullmatch(rules.get("pattern", "(?s:.*)"), value):
            raise BadRequest(f"The request is rejected because {name} does not match {rules['pattern']}.")
        if isinstance(value, str) and value not in rules.get("enum", [value]):
            raise BadRequest(f"The request is rejected because {name} is none of {', '.join(rules['enum'])}.")
    if not re.fullmatch(r"[A-Za-z0-9_-]+", given.get("Name", "-")):
        raise BadRequest("The request is rejected because a name has letters, digits, dashes and underscores only.")
    if "Location" in given and not bucket_and_key(given["Location"]):
        raise BadRequest("The request is rejected because the location is not that of an object in S3.")
    if any(name.lower().startswith("aws:") for name in given.get("Tags", {})):
        raise BadRequest("The request is rejected because a tag's key must not begin with aws:.")
    return given


def own(response: BaseResponse, given: Shape) -> list[ThreatList]:
    """The lists of the request's detector."""
    account, region = place_of(response)
    if given["DetectorId"] not in guardduty_backends[account][region].detectors:
        raise BadRequest("The request is rejected because the input detectorId is not owned by the current account.")
    return [one for one in lists_at((account, region)) if one.detector == given["DetectorId"]]


def named(response: BaseResponse, kind: Kind, given: Shape) -> ThreatList:
    for one in own(response, given):
        if one.kind == kind and one.id == given[kind.id_field]:
            return one
    raise BadRequest("The request is rejected since no such resource found.")


def check_manager(response: BaseResponse) -> None:
    if place_of(response) in members:
        why = "the current account cannot manage this type of resource: it is a member account."
        raise BadRequest(f"The request is rejected because {why}")


def check_rests(one: ThreatList) -> None:
    """Nothing may be done to a list while GuardDuty is at it."""
    if one.status in UNDERWAY:
        raise BadRequest(f"The request is rejected because the list is being worked on: its status is {one.status}.")


def check_name(kind: Kind, name: str | None, others: list[ThreatList]) -> None:
    if any(other.kind == kind and other.name == name for other in others):
        raise BadRequest(f"The request is rejected because a {kind.name} named {name} already exists.")


def create(response: BaseResponse, kind: Kind) -> Shape:
    given = checked(response)
    lists, token = own(response, given), given.get("ClientToken")
    check_manager(response)
    for one in lists:
        if token and one.kind == kind and one.token == token:
            return {kind.id_field: one.id}
    lists = lists_at(place_of(response))
    if sum(one.kind == kind for one in lists) >= kind.most_lists:
        why = f"the limit of {kind.most_lists} {kind.name}s in an account and Region is reached."
        raise BadRequest(f"The request is rejected because {why}")
    check_name(kind, given["Name"], lists)
    one = ThreatList(
        kind, place_of(response), given["DetectorId"], given["Name"], given["Format"], given["Location"],
        given.get("ExpectedBucketOwner"), dict(given.get("Tags", {})), token,
    )  # fmt: skip
    if given["Activate"]:
        one.turn("ACTIVATING")
    lists.append(one)
    return {kind.id_field: one.id}


def get(response: BaseResponse, kind: Kind) -> Shape:
    one = named(response, kind, checked(response))
    shown = {
        "Name": one.name,
        "Format": one.format,
        "Location": one.location,
        "Status": one.status,
        "Tags": one.tags,
        "ExpectedBucketOwner": one.owner,
    }
    more = {"CreatedAt": one.created, "UpdatedAt": one.updated, "ErrorDetails": one.error}
    return {name: value for name, value in (shown | (more if kind.entities else {})).items() if value is not None}


def update(response: BaseResponse, kind: Kind) -> Shape:
    given = checked(response)
    one = named(response, kind, given)
    check_manager(response)
    check_rests(one)
    check_name(kind, given.get("Name"), [other for other in lists_at(one.place) if other is not one])
    one.name = given.get("Name", one.name)
    one.location = given.get("Location", one.location)
    one.owner = given.get("ExpectedBucketOwner", one.owner)
    one.updated = datetime.now(timezone.utc)
    if given.get("Activate"):
        one.turn("ACTIVATING")
    elif "Activate" in given:
        one.turn("DEACTIVATING" if one.status == "ACTIVE" else "INACTIVE")
        one.error = None
    return {}


def listed(response: BaseResponse, kind: Kind) -> Shape:
    given = checked(response)
    ids = [one.id for one in own(response, given) if one.kind == kind]
    start, most = int(given.get("NextToken") or 0), given.get("MaxResults", MOST_LISTED)
    more = {"NextToken": str(start + most)} if start + most < len(ids) else {}
    return {f"{kind.id_field}s": ids[start : start + most], **more}


def delete(response: BaseResponse, kind: Kind) -> Shape:
    one = named(response, kind, checked(response))
    check_manager(response)
    check_rests(one)
    one.turn("DELETE_PENDING" if one.status == "ACTIVE" else "DELETED")
    return {}


VERBS = {"Create": create, "Get": get, "Update": update, "List": listed, "Delete": delete}


def operation(verb: Callable[[BaseResponse, Kind], Shape], kind: Kind) -> Callable[[BaseResponse], ActionResult]:
    def answer(self: BaseResponse) -> ActionResult:
        with lock:
            return ActionResult(verb(self, kind))

    return answer


def tags_of(arn: str) -> dict[str, str] | None:
    """The tags of a list or a detector, to be changed in place; None if there is no such thing."""
    found = ARN.fullmatch(arn)
    if found is None:
        return None
    with lock:
        if found["list"]:
            return next((one.tags for one in lists_at((found["account"], found["region"])) if one.arn == arn), None)
        detector = guardduty_backends[found["account"]][found["region"]].detectors.get(found["detector"])
        return detector.tags if detector else None


def arn_of(response: BaseResponse, action: str, given: Shape) -> str:
    """What IAM takes for the resource of a call."""
    if "ResourceArn" in given:
        return str(given["ResourceArn"])
    if "DetectorId" not in given or action.startswith(("Create", "List")):
        return "*"
    account, region = place_of(response)
    detector, kind = f"arn:aws:guardduty:{region}:{account}:detector/{given['DetectorId']}", kind_of(action)
    return f"{detector}/{kind.part}/{given[kind.id_field]}" if kind else detector


def kind_of(action: str) -> Kind | None:
    """Which kind of list an operation is for."""
    return next((kind for kind in KINDS if kind.name in action), None)


def location_of(arn: str) -> str:
    with lock:
        _, _, _, region, account, _ = arn.split(":", 5)
        return next((one.location for one in lists_at((account, region)) if one.arn == arn), "")


def tagged(response: BaseResponse, given: Shape) -> dict[str, str]:
    tags = tags_of(given["ResourceArn"])
    if tags is None or place_of(response)[0] != given["ResourceArn"].split(":")[4]:
        raise BadRequest("The request is rejected since no such resource found.")
    return tags


class Tags(GuardDutyResponse):
    """The operations on tags, new to moto."""

    def tag_resource(self) -> ActionResult:
        given = checked(self)
        tagged(self, given).update(given["Tags"])
        return ActionResult({})

    def untag_resource(self) -> ActionResult:
        given = checked(self)
        for name in given["TagKeys"]:
            tagged(self, given).pop(name, None)
        return ActionResult({})

    def list_tags_for_resource(self) -> ActionResult:
        return ActionResult({"Tags": tagged(self, checked(self))})


def set_activation(asked: Shape) -> Shape:
    """How long activations take from now on, those under way too."""
    activation.seconds = float(asked["seconds"])
    return {"seconds": activation.seconds}


def set_member(asked: Shape) -> Shape:
    """Whether an account is a member, whose lists the administrator's account manages."""
    place = (asked["account"], asked["region"])
    (members.add if asked["member"] else members.discard)(place)
    return {"member": place in members}


def show_lists(asked: Shape) -> Shape:
    """The lists of an account and region as GuardDuty has them."""
    with lock:
        shown = [
            {
                "kind": one.kind.name,
                "name": one.name,
                "id": one.id,
                "detector": one.detector,
                "location": one.location,
                "status": one.status,
                "error": one.error,
                "activations": one.activations,
                "lines": one.lines,
            }
            for one in lists_at((asked["account"], asked["region"]))
        ]
    return {"lists": shown}


QUESTIONS: dict[str, Callable[[Shape], Shape]] = {
    "/kintsugi/activation": set_activation,
    "/kintsugi/guardduty-member": set_member,
    "/kintsugi/threat-lists": show_lists,
}


def extend() -> None:
    for kind in KINDS:
        path = f"{{0}}/detector/(?P<detector_id>[^/]+)/{kind.part}"
        urls.url_paths[f"{path}$"] = GuardDutyResponse.dispatch
        urls.url_paths[f"{path}/(?P<list_id>[^/]+)$"] = GuardDutyResponse.dispatch
        for verb, does in VERBS.items():
            name = f"{verb}{kind.name}{'s' if verb == 'List' else ''}"
            setattr(GuardDutyResponse, camelcase_to_underscores(name), operation(does, kind))
    urls.url_paths["{0}/tags/(?P<resource_arn>.+)$"] = GuardDutyResponse.dispatch
    for name, method in vars(Tags).items():
        if not name.startswith("__"):
            setattr(GuardDutyResponse, name, method)
