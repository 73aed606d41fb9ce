"""What stands in for https://ip-ranges.amazonaws.com/ip-ranges.json: a few of AWS's own address ranges, in its form."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Shape = dict[str, Any]
IPV4 = (
    ("3.5.140.0/22", "ap-northeast-2", "AMAZON"),
    ("3.5.140.0/22", "ap-northeast-2", "S3"),
    ("15.230.39.60/32", "us-east-2", "AMAZON"),
    ("52.94.76.0/22", "us-west-2", "AMAZON"),
    ("52.95.36.0/22", "ap-southeast-2", "AMAZON"),
    ("54.239.0.0/28", "eu-central-1", "AMAZON"),
    ("13.32.0.0/15", "GLOBAL", "CLOUDFRONT"),
    ("52.0.0.0/15", "us-east-1", "EC2"),
)
IPV6 = (
    ("2600:1f14:fff:f800::/56", "us-west-2", "ROUTE53_HEALTHCHECKS"),
    ("2a05:d07a:a000::/40", "eu-south-1", "AMAZON"),
)


def prefix(field: str, block: str, region: str, service: str) -> dict[str, str]:
    return {field: block, "region": region, "service": service, "network_border_group": region}


def document(_: Shape) -> Shape:
    return {
        "syncToken": "1700000000",
        "createDate": "2026-11-20-00-00-00",
        "prefixes": [prefix("ip_prefix", *one) for one in IPV4],
        "ipv6_prefixes": [prefix("ipv6_prefix", *one) for one in IPV6],
    }


QUESTIONS: dict[str, Callable[[Shape], Shape]] = {"/kintsugi/ip-ranges.json": document}
