"""How Secrets Manager keeps the rotation of a secret, and secrets that are old.

moto forgets the function where a call does not name it again, rotates where it is told not to, and knows no schedules.
A secret whose name begins with `aged-400-` is 400 days old from the start. Nothing is ever called to rotate one.
"""

from __future__ import annotations

import re
import time
from typing import Any

from moto.secretsmanager.exceptions import InvalidRequestException, SecretNotFoundException
from moto.secretsmanager.models import FakeSecret, SecretsManagerBackend

AGED = re.compile(r"^aged-(\d+)-")
DAY = 86400
to_dict = FakeSecret.to_dict


def rotate_secret(
    backend: SecretsManagerBackend,
    secret_id: str,
    client_request_token: str | None = None,
    rotation_lambda_arn: str | None = None,
    rotation_rules: dict[str, Any] | None = None,
    rotate_immediately: bool = True,
) -> str:
    if secret_id not in backend.secrets:
        raise SecretNotFoundException
    secret = backend.secrets[secret_id]
    function = rotation_lambda_arn or secret.rotation_lambda_arn
    if not function:
        raise InvalidRequestException("No Lambda rotation function ARN is associated with this secret.")
    if rotation_rules:
        secret.rules = rotation_rules
    days = getattr(secret, "rules", {}).get("AutomaticallyAfterDays", 1)
    secret.rotation_requested = secret.rotation_enabled = True
    secret.rotation_lambda_arn = function
    secret.next_rotation_date = int(time.time()) + days * DAY
    if rotate_immediately:
        secret.last_rotation_date = int(time.time())
    return str(secret.to_short_dict())


def described(secret: FakeSecret) -> dict[str, Any]:
    made = to_dict(secret)
    if match := AGED.match(secret.name):
        made["CreatedDate"] = time.time() - int(match[1]) * DAY
    if "RotationRules" in made:
        made["RotationRules"] = getattr(secret, "rules", {})
    return made


def extend() -> None:
    SecretsManagerBackend.rotate_secret = rotate_secret
    FakeSecret.to_dict = described
