"""The account that is being repaired: moto's server with our additions. Started by up.py: `serve_estate.py FD`."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import serving
from extension import accounts, addresses, config, custom_actions, ec2, guardduty, ip_ranges, securityhub
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
    config.extend()
    custom_actions.extend()
    ec2.extend()
    guardduty.extend()
    securityhub.extend()
    questions = config.QUESTIONS | guardduty.QUESTIONS | ip_ranges.QUESTIONS
    serving.run(AsyncioWSGIMiddleware(whole, LARGEST_BODY), questions)
