"""Counts the calls that reach an emulator, and makes chosen ones fail, wait or vanish.

Both emulators answer, beside AWS's own APIs:

    POST   /kintsugi/faults   one rule or a list of rules (see `Rule`)
    GET    /kintsugi/faults   the rules, each with how often it matched
    DELETE /kintsugi/faults   forget all rules
    GET    /kintsugi/calls    {"counts": {"ec2.RevokeSecurityGroupIngress": 2}, "calls": [...]}
    DELETE /kintsugi/calls    forget all calls

Calls of a client whose SDK app name is `stage` (`AWS_SDK_UA_APP_ID`) are the test's own: neither
counted nor disturbed.
"""

from __future__ import annotations

import functools
import json
import os
import re
import signal
import threading
import time
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from urllib.parse import parse_qs, parse_qsl, unquote

from botocore.exceptions import UnknownServiceError
from botocore.model import OperationModel
from botocore.session import get_session

TESTER = "app/stage"


@dataclass
class Rule:
    """Which calls, and what becomes of them."""

    service: str = ""  # signing name: ec2, securityhub, sts, dynamodb, sns, s3, ...; empty: any
    action: str = ""  # the operation's name; empty: any
    match: str = ""  # a text that the request's path or body must hold
    nth: int = 1  # the first call, among those that match, that is disturbed
    times: int = 1  # how many in a row from there; 0: all
    when: str = "before"  # before: the call does nothing; after: it does its work, then is disturbed
    delay_ms: int = 0
    error: dict[str, object] | None = None  # {"code": ..., "status": 400, "message": ...}
    drop: bool = False  # the connection breaks without a whole answer
    kill: bool = False  # the function that calls is killed (SIGKILL); needs Linux
    matched: int = field(default=0, init=False)


@dataclass
class Call:
    """One call as it arrived."""

    service: str
    action: str
    caller: str  # the access key: an account's number, or a session's key (a function's begins with ASIA)
    at: float
    text: str  # path and body, for `Rule.match`
    query: bool  # the protocol is AWS query: a form in, XML out
    head: bool = False  # the answer has no body

    def public(self) -> dict[str, object]:
        return {"service": self.service, "action": self.action, "caller": self.caller, "at": self.at}


class Faults:
    """The rules and the calls of one emulator."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.rules: list[Rule] = []
        self.calls: list[Call] = []

    def control(self, method: str, path: str, body: bytes) -> tuple[int, bytes]:
        """Answer a request under /kintsugi/."""
        with self.lock:
            if path == "/kintsugi/faults" and method == "POST":
                try:
                    given = json.loads(body)
                    rules = [Rule(**rule) for rule in (given if isinstance(given, list) else [given])]
                except (TypeError, ValueError) as wrong:
                    known = ", ".join(f.name for f in fields(Rule) if f.init)
                    return 400, f"not a fault: {wrong}; a rule is an object of {known}\n".encode()
                self.rules += rules
            elif path == "/kintsugi/faults" and method == "DELETE":
                self.rules = []
            elif path == "/kintsugi/calls" and method == "DELETE":
                self.calls = []
            elif path == "/kintsugi/calls" and method == "GET":
                counts: dict[str, int] = {}
                for call in self.calls:
                    name = f"{call.service}.{call.action}"
                    counts[name] = counts.get(name, 0) + 1
                return 200, json.dumps({"counts": counts, "calls": [call.public() for call in self.calls]}).encode()
            elif path != "/kintsugi/faults" or method != "GET":
                return 404, b"there are /kintsugi/faults and /kintsugi/calls\n"
            return 200, json.dumps([asdict(rule) for rule in self.rules]).encode()

    def seen(self, call: Call) -> Rule | None:
        """Count the call; the rule that it falls under, if any."""
        with self.lock:
            self.calls.append(call)
            chosen = None
            for rule in self.rules:
                if rule.service not in ("", call.service) or rule.action not in ("", call.action):
                    continue
                if rule.match not in call.text:
                    continue
                rule.matched += 1
                past = rule.matched - rule.nth
                if past >= 0 and (rule.times == 0 or past < rule.times):
                    chosen = chosen or rule
            return chosen


def call_of(method: str, path: str, query: str, headers: dict[str, str], body: bytes) -> Call | None:
    """The AWS call that a request is, or None for the emulators' own paths and the test's own calls.

    The path is as it came, its escapes included.
    """
    signed = re.search(r"Credential=([^/]+)/\d+/[^/]+/([^/]+)/", headers.get("authorization", ""))
    if signed is None or TESTER in headers.get("user-agent", "") + headers.get("x-amz-user-agent", ""):
        return None
    service, text, form = signed[2], body.decode("utf-8", "replace"), {}
    if "x-www-form-urlencoded" in headers.get("content-type", ""):
        form = parse_qs(text)
    if target := headers.get("x-amz-target"):
        action = target.rsplit(".", 1)[-1]
    elif rpc := re.fullmatch(r"/service/\w+/operation/(\w+)", path):
        action = rpc[1]
    elif "Action" in form:
        action = form["Action"][0]
    else:
        action = rest_action(service, method, path, query, headers)
    return Call(service, action, signed[1], time.time(), f"{unquote(path)}\n{text}", bool(form), method == "HEAD")


@dataclass(frozen=True)
class Route:
    """How a request of a REST operation looks: its path, and what it cannot do without."""

    name: str
    method: str
    path: str  # a pattern
    labels: int
    queries: tuple[tuple[str, str], ...]  # no value: any
    headers: frozenset[str]

    def fits(self, method: str, path: str, queries: dict[str, str], headers: dict[str, str]) -> bool:
        return (
            self.method == method
            and re.fullmatch(self.path, path) is not None
            and all(name in queries and value in ("", queries[name]) for name, value in self.queries)
            and self.headers <= headers.keys()
        )


def rest_action(service: str, method: str, path: str, query: str, headers: dict[str, str]) -> str:
    """The operation that a REST request names, the most literal one first."""
    queries = dict(parse_qsl(query, keep_blank_values=True))
    for route in rest_routes(service):
        if route.fits(method, path, queries, headers):
            return route.name
    return f"{method} {unquote(path)}"


@functools.cache
def rest_routes(service: str) -> list[Route]:
    try:
        model = get_session().get_service_model(service)
    except UnknownServiceError:
        return []
    operations = (model.operation_model(name) for name in model.operation_names)
    routes = [route(operation) for operation in operations if not operation.deprecated]
    return sorted(routes, key=lambda one: (one.labels, -len(one.queries) - len(one.headers)))


def route(operation: OperationModel) -> Route:
    path, _, query = operation.http["requestUri"].partition("?")
    # A label with a plus, S3's key, has slashes; a bucket's path may end with one.
    pattern, labels = re.subn(r"\{[^}]+\}", "[^/]+", re.sub(r"\{[^}]+\+\}", ".+", path))
    labels += pattern.count(".+")
    shape = operation.input_shape
    needed = [shape.members[name].serialization for name in shape.required_members] if shape else []
    queries = [*parse_qsl(query, keep_blank_values=True)]
    queries += [(one["name"], "") for one in needed if one.get("location") == "querystring"]
    headers = frozenset(one["name"].lower() for one in needed if one.get("location") == "header")
    return Route(operation.name, operation.http["method"], f"{pattern}/?", labels, tuple(queries), headers)


def error_answer(rule: Rule, call: Call) -> tuple[int, dict[str, str], bytes]:
    """The rule's error in the form that the call's protocol has."""
    error = rule.error or {}
    code = str(error.get("code", "InternalFailure"))
    message = str(error.get("message", f"{code}, as a fault rule asks for"))
    status = int(str(error.get("status", 400)))
    if call.head:
        return status, {}, b""
    plain = f"<Code>{code}</Code><Message>{message}</Message>"
    if call.service == "ec2":
        text = f"<Response><Errors><Error>{plain}</Error></Errors><RequestID>fault</RequestID></Response>"
    elif call.service == "s3":
        text = f"<Error>{plain}</Error>"
    elif call.query:
        text = f"<ErrorResponse><Error><Type>Sender</Type>{plain}</Error><RequestId>fault</RequestId></ErrorResponse>"
    else:
        answer = json.dumps({"__type": code, "message": message}).encode()
        return status, {"content-type": "application/x-amz-json-1.0", "x-amzn-errortype": code}, answer
    return status, {"content-type": "text/xml"}, text.encode()


def kill_caller(port: int, here: int) -> None:
    """SIGKILL the function whose connection comes from the loopback port `port` to ours, `here`.

    Another server's connection may come from the same port.
    """
    ends = (f":{port:04X}", f":{here:04X}")
    sockets = (line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:])
    inodes = {f"socket:[{at[9]}]" for at in sockets if at[1].endswith(ends[0]) and at[2].endswith(ends[1])}
    for process in Path("/proc").glob("[0-9]*"):
        try:
            # Only a function: never the test itself.
            if Path(os.readlink(process / "exe")).name != "bootstrap":
                continue
            if any(os.readlink(link) in inodes for link in (process / "fd").iterdir()):
                os.kill(int(process.name), signal.SIGKILL)
        except OSError:
            continue  # it ended meanwhile, or is another user's
