"""Amazon Bedrock's Converse: the request is checked by botocore's model of it, the answer is what was set."""

from __future__ import annotations

import functools
import json
import os
import re
import urllib.request
from html import escape
from typing import Any
from urllib.parse import unquote

from channels.exchange import Answer, Refused, Request, Service, Shape

SIGNED = re.compile(
    r"AWS4-HMAC-SHA256 Credential=([^/]+)/(\d{8})/([a-z0-9-]+)/([^/]+)/aws4_request, ?"
    r"SignedHeaders=([a-z0-9;-]+), ?Signature=[0-9a-f]{64}"
)
TEXT = "Restrict the rule to the addresses that need it, and manage it where the resource is declared."
# As AWS writes them before a model's id: then it is an inference profile.
PROFILES = ("us.", "us-gov.", "eu.", "apac.", "jp.", "au.", "global.")
UNKNOWN_MODEL = "nobody."
CODES = {
    400: "ValidationException", 403: "AccessDeniedException", 404: "ResourceNotFoundException", 408: "ModelTimeoutException",
    424: "ModelErrorException", 429: "ThrottlingException", 500: "InternalServerException", 503: "ServiceUnavailableException",
}  # fmt: skip
# About as many characters as a token has.
TOKEN = 4


class Bedrock(Service):
    name, title = "bedrock", "Amazon Bedrock"
    # The answer. `content` instead of `text`: the blocks themselves; `raw`: the whole body, whatever it is.
    first: Shape = {"text": TEXT, "stop_reason": "end_turn", "content": None, "raw": None}

    def keys(self, base: str) -> Shape:
        return {"endpoint": base, "model": "anthropic.claude-haiku-4-5-20251001-v1:0"}

    def take(self, request: Request) -> Answer:
        found = re.fullmatch(r"/model/([^/]+)/(converse)", request.path)
        if found is None or request.method != "POST":
            raise failure("UnknownOperationException", f"there is no {request.method} {request.path}", 404)
        model = unquote(found[1])
        caller = self.signer(request, model)
        given = self.checked(request, model)
        self.messages.append(self.note(request, model=model, caller=caller, request=given))
        if self.settings["raw"] is not None:
            return Answer(200, str(self.settings["raw"]).encode(), {"content-type": "application/json"})
        return Answer(200, self.said(given), {"content-type": "application/json"})

    def said(self, given: Shape) -> Shape:
        content, reason = self.settings["content"], self.settings["stop_reason"]
        if content is None:
            text = str(self.settings["text"])
            most = given.get("inferenceConfig", {}).get("maxTokens", 4096) * TOKEN
            reason = "max_tokens" if len(text) > most else reason
            content = [{"text": text[:most]}]
        counts = [len(json.dumps(part)) // TOKEN for part in (given, content)]
        usage = {"inputTokens": counts[0], "outputTokens": counts[1], "totalTokens": sum(counts)}
        message = {"role": "assistant", "content": content}
        return {"output": {"message": message}, "stopReason": reason, "usage": usage, "metrics": {"latencyMs": 1}}

    def signer(self, request: Request, model: str) -> str:
        signed = SIGNED.fullmatch(request.headers.get("authorization", ""))
        if signed is None:
            raise failure(
                "MissingAuthenticationTokenException", "Missing Authentication Token: there is no SigV4 signature", 403
            )
        key, _, region, service, names = signed.groups()
        if service != "bedrock":
            raise failure(
                "InvalidSignatureException",
                f"Credential should be scoped to correct service: 'bedrock', not {service!r}.",
                403,
            )
        if not {"host", "x-amz-date"} <= set(names.split(";")):
            raise failure("InvalidSignatureException", "host and x-amz-date must be signed", 403)
        return caller_of(key, region, model)

    def checked(self, request: Request, model: str) -> Shape:
        from botocore.validate import ParamValidator

        shape = converse().input_shape
        pattern = shape.members["modelId"].metadata["pattern"]
        if not re.fullmatch(pattern, model) or model.startswith(UNKNOWN_MODEL):
            raise failure("ValidationException", "The provided model identifier is invalid.")
        if request.content_type != "application/json":
            raise failure("ValidationException", f"Content-Type is {request.content_type!r}, not application/json")
        try:
            given = request.json()
        except ValueError as wrong:
            raise failure("SerializationException", f"no JSON: {wrong}") from None
        if not isinstance(given, dict):
            raise failure("SerializationException", "JSON, but no object")
        report = ParamValidator().validate({**given, "modelId": model}, shape)
        if report.has_errors():
            raise failure("ValidationException", report.generate_report())
        if why := odd(given):
            raise failure("ValidationException", why)
        return given

    def trouble(self, status: int, code: str) -> Answer:
        code = code or CODES.get(status, "InternalServerException")
        return failure(code, f"{code}, as a fault asks for", status).answer

    def page(self) -> str:
        return "".join(asked(one) for one in self.messages)


def failure(code: str, why: str, status: int = 400) -> Refused:
    return Refused(
        why, Answer(status, {"message": why}, {"content-type": "application/json", "x-amzn-errortype": code})
    )


@functools.cache
def converse() -> Any:
    from botocore.session import get_session

    return get_session().get_service_model("bedrock-runtime").operation_model("Converse")


def odd(given: Shape) -> str:
    """What is wrong beyond the types."""
    roles = [message["role"] for message in given.get("messages", [])]
    if not roles or roles[0] != "user":
        return "A conversation must start with a user message. Try again with a conversation that starts with a user message."
    if any(role != ("user", "assistant")[number % 2] for number, role in enumerate(roles)):
        return "A conversation must alternate between user and assistant roles."
    if "toolConfig" in given:
        return "tools are given: nothing that comes back may be run"
    blocks = [block for message in given["messages"] for block in message["content"]]
    if not blocks or not all(block.get("text", "").strip() for block in blocks):
        return "The text field in the ContentBlock object is blank, or there is something else than text."
    limits = given.get("inferenceConfig", {})
    for name in ("temperature", "topP"):
        if limits.get(name, 0) > 1:
            return f"{name} must be at most 1"
    return ""


def caller_of(key: str, region: str, model: str) -> str:
    """Who has this key: he must be allowed to ask this model. Without emulators beside us, anybody is."""
    platform = os.environ.get("AWS_ENDPOINT_URL")
    if platform is None or not key.startswith("ASIA"):
        return key
    last: Shape = {}
    for resource in resources(key, region, model, platform):
        last = ask(platform, {"key": key, "region": region, "action": "bedrock:InvokeModel", "resource": resource})
        if last["caller"] == key:
            return at_estate(key, region)
        if not last["allowed"]:
            why = f"User: {last['caller']} is not authorized to perform: bedrock:InvokeModel on resource: {resource} ({last['why']})"
            raise failure("AccessDeniedException", why, 403)
    return str(last["caller"])


def resources(key: str, region: str, model: str, platform: str) -> list[str]:
    """What the caller needs the right to: a profile, and the model behind it."""
    if model.startswith("arn:"):
        return [model]
    plain = next((model.removeprefix(prefix) for prefix in PROFILES if model.startswith(prefix)), None)
    if plain is None:
        return [f"arn:aws:bedrock:{region}::foundation-model/{model}"]
    account = ask(platform, {"key": key, "region": region})["account"]
    profile = f"arn:aws:bedrock:{region}:{account}:inference-profile/{model}"
    return [profile, f"arn:aws:bedrock:{region}::foundation-model/{plain}"]


def ask(platform: str, question: Shape) -> Shape:
    request = urllib.request.Request(f"{platform}/kintsugi/allowed", json.dumps(question).encode(), method="POST")
    with urllib.request.urlopen(request, timeout=10) as answer:
        return dict(json.load(answer))


def at_estate(key: str, region: str) -> str:
    """Who has a key that the platform does not know: a role of the estate, which may do everything."""
    headers = {
        "authorization": f"AWS4-HMAC-SHA256 Credential={key}/20260101/{region}/sts/aws4_request, SignedHeaders=host, Signature=0"
    }
    form = b"Action=GetCallerIdentity&Version=2011-06-15"
    request = urllib.request.Request(os.environ["AWS_ENDPOINT_URL_STS"], form, headers, method="POST")
    with urllib.request.urlopen(request, timeout=10) as answer:
        found = re.search(r"<Arn>([^<]+)</Arn>", answer.read().decode())
    return found[1] if found else key


def asked(one: Shape) -> str:
    given = one["request"]
    system = "".join(f"<pre>{escape(part.get('text', ''))}</pre>" for part in given.get("system", []))
    said = "".join(
        f"<div class=context>{escape(message['role'])}</div><pre>{escape(part.get('text', ''))}</pre>"
        for message in given["messages"]
        for part in message["content"]
    )
    return (
        f"<article><div class=who>{escape(one['model'])}</div><div class=context>system</div>{system}{said}</article>"
    )
