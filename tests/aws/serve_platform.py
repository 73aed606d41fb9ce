"""The account that Kintsugi is deployed to: ministack with our additions. Started by up.py: `serve_platform.py FD`.

ministack reads its settings from the environment when it is imported; up.py sets them.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import Any

import serving
from extension import buckets, mail, schedules, tagged
from ministack import app as ministack
from ministack.core import iam_actions
from ministack.core import iam_evaluator as iam
from ministack.core.responses import request_scope
from ministack.services import dynamodb, eventbridge, lambda_svc, s3, sns, sqs
from ministack.services.cloudformation import custom_resource, provisioners


def allow_aws_sources() -> None:
    """Let PutEvents take `aws.*` sources: AWS refuses them, but here the tests play AWS's own services."""
    put = eventbridge._put_events
    eventbridge._put_events = lambda data, allow_aws_source=True: put(data, allow_aws_source)


def pretend_tls() -> None:
    """Let policies see every call as made over TLS, which all are on AWS."""
    pin = ministack.pin_request_origin
    ministack.pin_request_origin = lambda address, _: pin(address, True)


def strangers_are_root() -> None:
    """Take every key but a session's for the account's root, whatever its secret.

    There is nothing to protect, and so any dummy credentials work. The functions' sessions are checked as ever.
    """
    authenticate = iam.authenticate

    def is_root(key: str) -> bool:
        return not key.startswith("ASIA")

    def authenticate_others(key: str, account: str) -> Any:
        if is_root(key):
            iam._signed_request.set(None)
            return None
        return authenticate(key, account)

    iam.is_root_access_key, iam.authenticate = is_root, authenticate_others


def allowed(asked: dict[str, Any]) -> dict[str, Any]:
    """Whether the caller with that key may do something in the estate, by the policies of its role."""
    account, region = "000000000000", asked.get("region", "us-east-1")
    with request_scope(account, region):
        caller = iam.resolve_principal(asked["key"], account)
    if isinstance(caller, iam.AuthError):
        return {"allowed": False, "caller": asked["key"], "account": account, "why": caller.message}
    if asked.get("resource") == "?":
        return allowed_on_some(asked, caller)
    found = evaluated(asked, caller, region)
    may = found.decision == "Allow" or caller.policies is None
    return {"allowed": may, "caller": caller.arn, "account": caller.account, "why": found.reason}


def allowed_on_some(asked: dict[str, Any], caller: Any) -> dict[str, Any]:
    """Whether the caller may do it to one of the resources that its policies name, if that is opted in."""
    opted_in = {"aws:ResourceTag/AutoRemediate": "True", "aws:RequestTag/AutoRemediate": "True"}
    statements = [statement for policy in caller.policies or [] for statement in policy]
    named = {resource for statement in statements for resource in statement.resources}
    for resource in named:
        some = {**asked, "resource": resource.replace("*", "x"), "context": opted_in | asked.get("context", {})}
        if evaluated(some, caller, asked.get("region", "us-east-1")).decision == "Allow":
            return {"allowed": True, "caller": caller.arn, "account": caller.account, "why": ""}
    why = "no policy allows it on anything"
    return {"allowed": caller.policies is None, "caller": caller.arn, "account": caller.account, "why": why}


def evaluated(asked: dict[str, Any], caller: Any, region: str) -> Any:
    return iam.evaluate(
        iam.EvalContext(
            principal_arn=caller.arn,
            principal_type=caller.type,
            principal_account=caller.account,
            action=asked.get("action", "sts:GetCallerIdentity"),
            resource_arn=asked.get("resource", "*"),
            region=region,
            secure_transport=True,
            service_context={name.lower(): value for name, value in asked.get("context", {}).items()},
            principal_keys=caller.keys,
        ),
        caller.policies or [],
        *caller.limits,
    )


def ask_more_of_s3() -> None:
    """Two permissions that S3 asks for besides that of the call, and the bucket's expected owner.

    Who may not list a bucket does not learn that an object is missing; who writes if the object is still the same
    must be allowed to read it.
    """
    plain, handle = iam_actions.s3_additional_checks, s3.handle_request

    def missing(bucket: str, key: str) -> bool:
        found = s3._buckets.get_scoped(s3._bucket_owner_account(bucket), None, bucket)
        return bool(found) and key not in found["objects"]

    def checks(method: str, path: str, headers: dict[str, str], body: bytes, query: dict[str, Any]) -> Any:
        more: list[tuple[str, str]] = []
        bucket, key = s3._parse_bucket_key(path, headers)
        if iam_actions._s3_action(method, path, query) == "GetObject" and missing(bucket, key):
            more.append(("s3:ListBucket", f"arn:aws:s3:::{bucket}"))
        if method == "PUT" and key and "if-match" in headers:
            more.append(("s3:GetObject", f"arn:aws:s3:::{bucket}/{key}"))
        return plain(method, path, headers, body, query) + more

    async def handle_checked(method: str, path: str, headers: dict[str, str], *rest: Any, **more: Any) -> Any:
        expected = headers.get("x-amz-expected-bucket-owner")
        owner = s3._bucket_owner_account(s3._parse_bucket_key(path, headers)[0])
        if expected and owner and expected != owner:
            return s3._error("AccessDenied", "Access Denied", 403)
        return await handle(method, path, headers, *rest, **more)

    iam_actions.s3_additional_checks, s3.handle_request = checks, handle_checked


def check_messages() -> None:
    """Refuse what SNS refuses in a message and ministack lets pass."""
    publish = sns.publish_internal

    def publish_checked(topic: str, message: str, subject: str = "", **rest: Any) -> Any:
        if not message:
            raise sns.SnsPublishError("InvalidParameter", "Invalid parameter: Empty message")
        if len(subject) >= 100 or any(ord(letter) < 32 or ord(letter) == 127 for letter in subject):
            raise sns.SnsPublishError("InvalidParameter", "Invalid parameter: Subject")
        for name, value in (rest.get("message_attributes") or {}).items():
            if not (value.get("StringValue") or value.get("BinaryValue")):
                raise sns.SnsPublishError(
                    "ParameterValueInvalid", f"The message attribute '{name}' must contain a non-empty value."
                )
        return publish(topic, message, subject, **rest)

    sns.publish_internal = publish_checked


def try_again_at_once() -> None:
    """Give a message that a run left in its queue to the next run at once.

    The queue's visibility time-out is there for the time of a run; waiting for its end after the run, for minutes,
    would only take time.
    """
    run = lambda_svc._run_sqs_batch

    def run_and_release(esm: dict[str, Any], function: Any, event: Any, batch: list[dict[str, Any]], *rest: Any) -> None:
        run(esm, function, event, batch, *rest)
        with sqs._queues_lock:
            for message in batch:
                message["visible_at"] = time.time()

    lambda_svc._run_sqs_batch = run_and_release
    lambda_svc._ESM_BACKOFF_SECONDS = 0.0


def fail_what_is_not_answered() -> None:
    """Fail a custom resource whose function ended without an answer; AWS waits for one, by default for an hour."""
    execute = lambda_svc._execute_function_with_config_scope

    def execute_and_look(function: Any, event: Any, *rest: Any, **more: Any) -> Any:
        done = execute(function, event, *rest, **more)
        if isinstance(event, dict) and "/cfn-response/" in event.get("ResponseURL", ""):
            token = event["ResponseURL"].rsplit("/", 1)[1]
            waiting = custom_resource._pending.get(token)
            if waiting and not waiting["event"].is_set():
                reason = f"the function ended without an answer: {done}"
                custom_resource.deliver_response(token, {"Status": "FAILED", "Reason": reason})
        return done

    lambda_svc._execute_function_with_config_scope = execute_and_look


def mend_provisioners() -> None:
    """What CloudFormation does with four properties, and ministack does not."""
    handlers = provisioners._RESOURCE_HANDLERS
    # A number of the template that is not a text yet stops the function from starting.
    mend_properties(handlers["AWS::Lambda::Function"], texts_of_variables)
    # A Ref to a parameter of type Number stays text, and as a limit of concurrency stops the poller.
    mend_properties(handlers["AWS::Lambda::EventSourceMapping"], numbers)
    # An alarm over a formula is refused.
    mend_properties(handlers["AWS::CloudWatch::Alarm"], one_metric)
    # The expiry attribute of a table is dropped.
    table = handlers["AWS::DynamoDB::Table"]
    create = table["create"]

    def with_expiry(logical: str, props: dict[str, Any], stack: str) -> Any:
        made = create(logical, props, stack)
        if expiry := props.get("TimeToLiveSpecification"):
            dynamodb._update_ttl({"TableName": made[0], "TimeToLiveSpecification": expiry})
        return made

    table["create"] = with_expiry


def mend_properties(handler: dict[str, Any], mend: Callable[[Any], Any]) -> None:
    """Let a resource's handler see its properties mended."""
    create, update = handler["create"], handler["update"]
    handler["create"] = lambda logical, props, stack: create(logical, mend(props), stack)
    handler["update"] = lambda physical, old, new, *rest: update(physical, old, mend(new), *rest)


def texts_of_variables(props: dict[str, Any]) -> dict[str, Any]:
    variables = props.get("Environment", {}).get("Variables", {})
    texts = {name: value if isinstance(value, str) else json.dumps(value) for name, value in variables.items()}
    return {**props, "Environment": {"Variables": texts}}


def one_metric(props: dict[str, Any]) -> dict[str, Any]:
    """An alarm over the first metric of its formula: alarms are made, never judged."""
    stats = [query["MetricStat"] for query in props.get("Metrics", []) if "MetricStat" in query]
    if not stats:
        return props
    plain = {name: value for name, value in props.items() if name != "Metrics"}
    return {**plain, **stats[0]["Metric"], "Statistic": stats[0]["Stat"], "Period": stats[0]["Period"]}


def numbers(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: numbers(inner) for key, inner in value.items()}
    return int(value) if isinstance(value, str) and value.isdigit() else value


if __name__ == "__main__":
    allow_aws_sources()
    buckets.extend()
    mail.extend()
    tagged.extend()
    ask_more_of_s3()
    check_messages()
    pretend_tls()
    strangers_are_root()
    fail_what_is_not_answered()
    mend_provisioners()
    try_again_at_once()
    serving.run(ministack.app, {"/kintsugi/allowed": allowed} | schedules.QUESTIONS)
