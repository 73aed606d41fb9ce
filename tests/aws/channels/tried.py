"""What the tests of the stand-ins share: a clock that stands still, and requests with what lets them in."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from typing import Any
from urllib.parse import urlencode

from channels import backlog, jira, slack, webhook
from channels.app import Channels, told
from channels.exchange import Request

NOON = 1_800_000_000.0
FORM = {"content-type": "application/x-www-form-urlencoded"}


class Tried:
    """The stand-ins, at noon."""

    def __init__(self) -> None:
        self.now = NOON
        self.channels = Channels(lambda: self.now)

    def send(
        self, method: str, target: str, body: bytes = b"", headers: dict[str, str] | None = None
    ) -> tuple[int, Any]:
        answer = self.answer(method, target, body, headers)
        return answer.status, told(answer)

    def answer(self, method: str, target: str, body: bytes = b"", headers: dict[str, str] | None = None) -> Any:
        path, _, query = target.partition("?")
        request = Request(method, path, query, headers or {}, body)
        if path.startswith("/_channels"):
            return self.channels.control(request)
        service = self.channels.service(request)
        assert service is not None, path
        return service.serve(request)

    def hook(self, given: Any, token: str = slack.HOOK_TOKEN, at: str = "T0KINTSUGI/B0SECURITY") -> tuple[int, Any]:
        return self.send(
            "POST", f"/slack/services/{at}/{token}", json.dumps(given).encode(), {"content-type": "application/json"}
        )

    def api(
        self, method: str, given: Any, token: str = slack.BOT_TOKEN, kind: str = "application/json; charset=utf-8"
    ) -> Any:
        headers = {"content-type": kind, "authorization": f"Bearer {token}"}
        return self.send("POST", f"/slack/api/{method}", json.dumps(given).encode(), headers)[1]

    def jira(self, method: str, path: str, given: Any = None, token: str = jira.TOKEN) -> tuple[int, Any]:
        key = base64.b64encode(f"{jira.EMAIL}:{token}".encode()).decode()
        headers = {"content-type": "application/json", "authorization": f"Basic {key}"}
        return self.send(
            method, f"/jira/rest/api/3/{path}", b"" if given is None else json.dumps(given).encode(), headers
        )

    def backlog(self, method: str, path: str, given: Any = (), key: str = backlog.KEY) -> tuple[int, Any]:
        separator = "&" if "?" in path else "?"
        target = f"/backlog/api/v2/{path}{separator}{urlencode({'apiKey': key})}"
        return self.send(method, target, urlencode(given).encode(), FORM)

    def signed(self, body: bytes, at: float, key: str = webhook.KEY) -> dict[str, str]:
        made = hmac.new(key.encode(), f"{int(at)}.".encode() + body, hashlib.sha256).hexdigest()
        return {
            "content-type": "application/json",
            "x-kintsugi-timestamp": str(int(at)),
            "x-kintsugi-signature": f"v1={made}",
        }

    def kept(self, service: str, what: str = "messages") -> Any:
        return self.send("GET", f"/_channels/{service}/{what}")[1]
