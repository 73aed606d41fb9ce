"""The account that is being repaired: moto's server with our additions. Started by up.py: `serve_estate.py FD`."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import serving
from extension import (
    accounts,
    addresses,
    apigatewayv2,
    cbor,
    cloudtrail,
    compute,
    config,
    custom_actions,
    data,
    ec2,
    ec2_account,
    guardduty,
    iam,
    ip_ranges,
    macie2,
    rds,
    recorders,
    secretsmanager,
    securityhub,
    ssm,
)
from hypercorn.middleware import AsyncioWSGIMiddleware
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app

LARGEST_BODY = 64 << 20
moto = DomainDispatcherApplication(create_backend_app)


def whole(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
    """moto's answer in one piece: hypercorn sends no head for an answer without any."""
    return [b"".join(moto(environ, start))]


if __name__ == "__main__":
    accounts.extend()
    addresses.extend()
    apigatewayv2.extend()
    cloudtrail.extend()
    compute.extend()
    config.extend()
    custom_actions.extend()
    data.extend()
    ec2.extend()
    ec2_account.extend()
    guardduty.extend()
    iam.extend()
    macie2.extend()
    rds.extend()
    recorders.extend()
    secretsmanager.extend()
    securityhub.extend()
    ssm.extend()
    questions = config.QUESTIONS | guardduty.QUESTIONS | ip_ranges.QUESTIONS | securityhub.QUESTIONS
    serving.run(AsyncioWSGIMiddleware(cbor.spoken(whole), LARGEST_BODY), questions)
