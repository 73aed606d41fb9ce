"""Who receives Kintsugi's own webhook: it takes nothing that is not signed, or signed more than five minutes ago."""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from html import escape

from channels.exchange import Answer, Refused, Request, Service, Shape

KEY = "stand-in-of-a-signing-key"
OLDEST = 300


class Webhook(Service):
    name, title = "webhook", "Webhook"

    def keys(self, base: str) -> Shape:
        return {"url": f"{base}/webhook/kintsugi", "key": KEY}

    def take(self, request: Request) -> Answer:
        if request.method != "POST":
            raise refusal(405, f"{request.method} is not POST")
        self.check_signature(request)
        if request.content_type != "application/json":
            raise refusal(415, f"Content-Type is {request.content_type!r}, not application/json")
        try:
            given = request.json()
        except ValueError as wrong:
            raise refusal(400, f"no JSON: {wrong}") from None
        if not isinstance(given, dict):
            raise refusal(400, "JSON, but no object")
        self.messages.append(self.note(request, body=given))
        return Answer(204)

    def check_signature(self, request: Request) -> None:
        at = request.headers.get("x-kintsugi-timestamp", "")
        if not re.fullmatch(r"\d{1,12}", at):
            raise refusal(401, "X-Kintsugi-Timestamp is no number of seconds")
        if abs(self.clock() - int(at)) > OLDEST:
            raise refusal(401, f"signed more than {OLDEST} seconds ago, or in the future")
        given = request.headers.get("x-kintsugi-signature", "")
        made = hmac.new(KEY.encode(), at.encode() + b"." + request.body, hashlib.sha256).hexdigest()
        if not hmac.compare_digest(given.encode(), f"v1={made}".encode()):
            raise refusal(401, "X-Kintsugi-Signature is not that of this body")

    def trouble(self, status: int, code: str) -> Answer:
        return Answer(status, {"error": code or "as asked"}, {"retry-after": "1"} if status in (429, 503) else {})

    def page(self) -> str:
        shown = (escape(json.dumps(one["body"], indent=1, ensure_ascii=False)) for one in self.messages)
        return "".join(f"<article><pre>{text}</pre></article>" for text in shown)


def refusal(status: int, why: str) -> Refused:
    return Refused(why, Answer(status, {"error": why}))
