"""What ministack does not say of a bucket: who owns it, to the conditions of policies, and if its own is public."""

from __future__ import annotations

from typing import Any

from ministack.core import iam_actions
from ministack.services import s3

Headers = dict[str, str]


def extend() -> None:
    plain_context, handle = iam_actions.s3_service_context, s3.handle_request

    def context(action: str, query: Any, path: str = "", headers: Headers | None = None) -> dict[str, Any]:
        bucket, _ = s3._parse_bucket_key(path, headers or {})
        owner = s3._bucket_owner_account(bucket) if bucket else None
        keys: dict[str, Any] = plain_context(action, query, path, headers)
        return {**keys, "s3:ResourceAccount": owner} if owner else keys

    async def answer(method: str, path: str, headers: Headers, body: bytes, query: Any, *rest: Any, **more: Any) -> Any:
        bucket, key = s3._parse_bucket_key(path, headers)
        if method == "GET" and "policyStatus" in query and bucket and not key:
            return policy_status(bucket)
        return await handle(method, path, headers, body, query, *rest, **more)

    iam_actions.s3_service_context, s3.handle_request = context, answer


def policy_status(bucket: str) -> Any:
    status, headers, policy = s3._get_bucket_policy(bucket)
    if status != 200:
        return status, headers, policy
    text = policy.decode() if isinstance(policy, bytes) else policy
    is_public = str(s3._policy_is_public(text)).lower()
    said = f'<PolicyStatus xmlns="{s3.S3_NS}"><IsPublic>{is_public}</IsPublic></PolicyStatus>'
    return 200, {"Content-Type": "application/xml"}, said.encode()
