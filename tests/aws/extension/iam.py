"""What of IAM moto has no way to set: policies of AWS that repairs attach, and credentials that are old.

A user under the path `/aged/400/` and its keys are 400 days old from the start; under `/aged/400/used/3/`, the keys
were used 3 days ago.
"""

from __future__ import annotations

import json
import re
from datetime import timedelta
from typing import Any

from moto.core.utils import utcnow
from moto.iam.models import AccessKey, AccessKeyLastUsed, AWSManagedPolicy, IAMBackend, User

AGED = re.compile(r"^/aged/(\d+)/(?:used/(\d+)/)?$")
OF_AWS = ("AWSCloudShellFullAccess", "AWSDenyAll", "AWSSupportAccess", "ReadOnlyAccess")
MADE = "2020-01-01T00:00:00+00:00"

create_user = IAMBackend.create_user
create_access_key = IAMBackend.create_access_key


def policies(backend: IAMBackend) -> list[AWSManagedPolicy]:
    effect = {name: "Deny" if name == "AWSDenyAll" else "Allow" for name in OF_AWS}
    return [
        AWSManagedPolicy.from_data(
            name,
            backend.account_id,
            backend.region_name,
            {
                "DefaultVersionId": "v1",
                "Path": "/",
                "Document": json.loads(f'{{"Statement":{{"Effect":"{effect[name]}","Action":"*","Resource":"*"}}}}'),
                "CreateDate": MADE,
                "UpdateDate": MADE,
            },
        )
        for name in OF_AWS
    ]


def aged_user(backend: IAMBackend, *given: Any, **named: Any) -> User:
    user = create_user(backend, *given, **named)
    if match := AGED.match(user.path):
        user.create_date -= timedelta(days=int(match[1]))
    return user


def aged_key(backend: IAMBackend, user_name: str, *given: Any, **named: Any) -> AccessKey:
    key = create_access_key(backend, user_name, *given, **named)
    if match := AGED.match(backend.get_user(user_name).path):
        key.create_date -= timedelta(days=int(match[1]))
        if match[2]:
            key.last_used = AccessKeyLastUsed(utcnow() - timedelta(days=int(match[2])), "s3", "eu-west-1")
    return key


def extend() -> None:
    IAMBackend._init_aws_policies = policies
    IAMBackend.create_user = aged_user
    IAMBackend.create_access_key = aged_key
