"""CloudTrail: what moto leaves out of a trail, and event data stores."""

from __future__ import annotations

import json
import uuid
from typing import Any

from moto.cloudtrail.models import Trail
from moto.cloudtrail.responses import CloudTrailResponse
from moto.core.exceptions import JsonRESTError

Shape = dict[str, Any]
_stores: dict[str, Shape] = {}


class Lake(CloudTrailResponse):
    """The operations that are new to moto, and those that answer less than AWS."""

    def get_trail(self) -> str:
        return json.dumps({"Trail": self.cloudtrail_backend.get_trail(self._get_param("Name")).description(True)})

    def create_event_data_store(self) -> str:
        given = json.loads(self.body)
        arn = f"arn:aws:cloudtrail:{self.region}:{self.current_account}:eventdatastore/{uuid.uuid4()}"
        self.cloudtrail_backend.tagging_service.tag_resource(arn, given.pop("TagsList", []))
        _stores[arn] = {"OrganizationEnabled": False, "Status": "ENABLED", **given, "EventDataStoreArn": arn}
        return json.dumps(_stores[arn])

    def get_event_data_store(self) -> str:
        return json.dumps(found(self._get_param("EventDataStore")))

    def update_event_data_store(self) -> str:
        store = found(self._get_param("EventDataStore"))
        if store.get("KmsKeyId"):
            raise JsonRESTError("InvalidParameterException", "the KMS key cannot be removed or changed")
        store["KmsKeyId"] = self._get_param("KmsKeyId")
        return json.dumps(store)


def found(arn: str) -> Shape:
    if arn not in _stores:
        raise JsonRESTError("EventDataStoreNotFoundException", f"{arn} does not exist")
    return _stores[arn]


def extend() -> None:
    for name in ("get_trail", "create_event_data_store", "get_event_data_store", "update_event_data_store"):
        setattr(CloudTrailResponse, name, getattr(Lake, name))
    # Buckets are with the platform.
    Trail.check_bucket_exists = lambda _: None  # type: ignore[method-assign]
