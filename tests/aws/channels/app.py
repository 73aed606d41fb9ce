"""All stand-ins at one address, each below its own path; what tests ask and tell them is below `/_channels`."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Awaitable, Callable
from typing import Any

from channels import page
from channels.backlog import Backlog
from channels.bedrock import Bedrock
from channels.exchange import Answer, Clock, Request, Service
from channels.faults import Fault, Faults
from channels.jira import Jira
from channels.mail import Mail
from channels.slack import Slack
from channels.webhook import Webhook

Message = dict[str, Any]
PREFIXES = {
    "slack": "slack",
    "jira": "jira",
    "backlog": "backlog",
    "webhook": "webhook",
    "model": "bedrock",
    "sns": "mail",
}
OURS = "/_channels"
# The page shows what strangers wrote: nothing of it may run or be fetched.
HTML = {
    "content-type": "text/html;charset=UTF-8",
    "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'",
}


class Channels:
    """The stand-ins, and the rules about when they fail."""

    def __init__(self, clock: Clock = time.time) -> None:
        made: list[Service] = [kind(clock) for kind in (Slack, Jira, Backlog, Webhook, Bedrock, Mail)]
        self.services = {service.name: service for service in made}
        self.faults = Faults()

    def service(self, request: Request) -> Service | None:
        """Who is asked."""
        return self.services.get(PREFIXES.get(request.path.split("/")[1], ""))

    def control(self, request: Request) -> Answer:
        """Answer a request below /_channels."""
        parts = request.path.removeprefix(OURS).strip("/").split("/")
        try:
            return self.asked(request, parts)
        except (ValueError, TypeError) as wrong:
            return Answer(400, {"error": str(wrong)})

    def asked(self, request: Request, parts: list[str]) -> Answer:
        method, known = request.method, self.services
        if (method, parts) == ("DELETE", [""]):
            self.faults = Faults()
            for service in known.values():
                service.forget()
            return Answer(200, {})
        if parts == ["faults"] and method in ("POST", "GET", "DELETE"):
            if method == "POST":
                self.faults.add(request.json())
            if method == "DELETE":
                self.faults = Faults()
            return Answer(200, self.faults.shown())
        if (method, parts) == ("POST", ["settings"]):
            for name, given in request.json().items():
                if name not in known:
                    raise ValueError(f"there is no {name}; there are {', '.join(known)}")
                known[name].set(given)
        if parts == ["settings"] and method in ("POST", "GET"):
            return Answer(200, {name: service.settings for name, service in known.items()})
        if (method, parts) == ("GET", ["keys"]):
            base = f"http://{request.headers.get('host', '127.0.0.1')}"
            return Answer(200, {name: service.keys(base) for name, service in known.items()})
        if method == "GET" and parts[0] == "page" and len(parts) <= 2:
            if len(parts) == 1:
                return Answer(200, page.whole("What each channel got", list(known.values())).encode(), HTML)
            if parts[1] in known:
                one = known[parts[1]]
                return Answer(200, page.whole(one.title, [one]).encode(), HTML)
        if method == "GET" and len(parts) == 2 and parts[0] in known and parts[1] in ("messages", "refused"):
            one = known[parts[0]]
            return Answer(200, one.shown() if parts[1] == "messages" else one.refused)
        there = "faults, settings, keys, page, page/SERVICE, SERVICE/messages, SERVICE/refused"
        return Answer(
            404, {"error": f"there is no {method} {request.path}; there are {there}; SERVICE: {', '.join(known)}"}
        )

    async def __call__(self, scope: Message, receive: Callable[[], Awaitable[Message]], send: Any) -> None:
        """The application, as hypercorn calls it."""
        if scope["type"] != "http":
            return
        from serving import answer, hang_up

        body = b""
        while True:
            message = await receive()
            body += message.get("body", b"")
            if not message.get("more_body"):
                break
        headers = {name.decode().lower(): value.decode("latin-1") for name, value in scope["headers"]}
        path = scope["raw_path"].decode("latin-1").partition("?")[0]
        request = Request(scope["method"], path, scope["query_string"].decode("latin-1"), headers, body)
        if path == OURS or path.startswith(f"{OURS}/"):
            return await answer(send, *self.control(request).raw())
        said, fault = await self.served(request)
        if fault is not None and fault.drop:
            return hang_up(scope["client"])
        if fault is not None and fault.half:
            await half(send, *said.raw())
            return hang_up(scope["client"])
        await answer(send, *said.raw())

    async def served(self, request: Request) -> tuple[Answer, Fault | None]:
        """The answer, and the fault that spoils it, if one does."""
        service = self.service(request)
        if service is None:
            return Answer(404, {"error": f"nobody is at {request.path}"}), None
        fault = self.faults.seen(service.name, request)
        if fault is None:
            return service.serve(request), None
        await asyncio.sleep(fault.delay)
        said = service.serve(request) if fault.works() else Answer(200)
        instead = fault.answer(service)
        if not fault.works():
            service.refuse(request, "a fault", instead or said)
        return instead or said, fault


async def half(send: Any, status: int, headers: dict[str, str], body: bytes) -> None:
    """The head, and the first half of the body that it promises."""
    headers = {**headers, "content-length": str(max(2, len(body)))}
    raw = [(name.encode(), value.encode()) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": status, "headers": raw})
    await send({"type": "http.response.body", "body": body[: len(body) // 2] or b" ", "more_body": True})


def told(answer: Answer) -> Any:
    """The body of an answer, read: for tests."""
    _, headers, body = answer.raw()
    return json.loads(body) if "json" in headers.get("content-type", "") and body else body.decode()
