"""AWS Config's recorders have ARNs and tags, which moto lacks."""

from __future__ import annotations

import json
from typing import Any

from moto.config.models import ConfigBackend
from moto.config.responses import ConfigResponse

Shape = dict[str, Any]
_tags: dict[str, list[Shape]] = {}


def extend() -> None:
    put = ConfigResponse.put_configuration_recorder
    described = ConfigBackend.describe_configuration_recorders
    tags_of = ConfigBackend.list_tags_for_resource

    def arn(backend: ConfigBackend, name: str) -> str:
        return f"arn:aws:config:{backend.region_name}:{backend.account_id}:configuration-recorder/{name}/abcd1234"

    def put_with_tags(self: ConfigResponse) -> str:
        given = json.loads(self.body)
        answer = put(self)
        _tags[arn(self.config_backend, given["ConfigurationRecorder"]["name"])] = given.get("Tags", [])
        return str(answer)

    def describe_with_arn(self: ConfigBackend, names: list[str] | None) -> list[Shape]:
        return [{**recorder, "arn": arn(self, recorder["name"])} for recorder in described(self, names)]

    def list_tags(self: ConfigBackend, resource_arn: str, limit: int) -> Shape:
        if resource_arn in _tags:
            return {"Tags": _tags[resource_arn]}
        return dict(tags_of(self, resource_arn, limit))

    ConfigResponse.put_configuration_recorder = put_with_tags  # type: ignore[method-assign]
    ConfigBackend.describe_configuration_recorders = describe_with_arn  # type: ignore[method-assign]
    ConfigBackend.list_tags_for_resource = list_tags  # type: ignore[method-assign]
