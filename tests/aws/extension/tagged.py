"""Whose tags are asked for: ministack does not see what such calls of DynamoDB and SNS name, and asks for `*`."""

from __future__ import annotations

import json
from typing import Any

from ministack.core import iam_actions


def extend() -> None:
    tables, resource = iam_actions.dynamodb_resource_arns, iam_actions.extract_resource_arn

    def tables_and_arns(body: bytes, region: str, account: str) -> list[str]:
        named: list[str] = tables(body, region, account)
        arn = json.loads(body or b"{}").get("ResourceArn")
        return named or ([arn] if arn else [])

    def resource_or_arn(service: str, method: str, path: str, headers: Any, body: bytes, query: Any, *place: str) -> str:
        found: str = resource(service, method, path, headers, body, query, *place)
        named = iam_actions._query_param(query, "ResourceArn") if service == "sns" and found == "*" else ""
        return named or found

    iam_actions.dynamodb_resource_arns, iam_actions.extract_resource_arn = tables_and_arns, resource_or_arn
