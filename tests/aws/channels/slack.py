"""Slack: incoming webhooks and the three methods of the Web API that tell somebody something.

Stricter than Slack in one thing: it takes no fields that its reference does not name.
"""

from __future__ import annotations

import re
from typing import Any

from channels import block_kit, mrkdwn
from channels.exchange import Answer, Rate, Refused, Request, Service, Shape

TEAM, HOOK_TOKEN, BOT_TOKEN = "T0KINTSUGI", "stand-in-of-a-webhook", "xoxb-stand-in"
CHANNELS = {"C0SECURITY": "security", "C0PLATFORM": "platform", "C0DIGEST": "digest"}
# There, but not for this bot.
CLOSED = {"C0ARCHIVED": "is_archived", "C0PRIVATE": "not_in_channel"}
REVOKED_HOOK = "B0REVOKED"
LONGEST_TEXT = 40_000
LONGEST_UPDATE = 4_000
HOOK_FIELDS = set("text blocks thread_ts response_type unfurl_links unfurl_media mrkdwn metadata".split())
POST_FIELDS = HOOK_FIELDS - {"response_type"} | set(
    "channel reply_broadcast link_names parse username icon_emoji icon_url client_msg_id".split()
)
UPDATE_FIELDS = {"channel", "ts", "text", "blocks", "metadata", "link_names", "parse", "reply_broadcast"}


class Slack(Service):
    name, title = "slack", "Slack"
    # Messages a second in each channel; 0: no limit.
    first: Shape = {"per_second": 1.0}

    def forget(self) -> None:
        super().forget()
        self.rate = Rate(self.clock, self.settings["per_second"])
        self.newest = 0.0

    def set(self, given: Shape) -> None:
        super().set(given)
        self.rate.per_second = float(self.settings["per_second"])

    def keys(self, base: str) -> Shape:
        hook = f"{base}/slack/services/{TEAM}/B0SECURITY/{HOOK_TOKEN}"
        return {"webhook": hook, "api": f"{base}/slack/api", "token": BOT_TOKEN, "channels": sorted(CHANNELS)}

    def shown_path(self, request: Request) -> str:
        return re.sub(r"(/slack/services/[^/]+/[^/]+/).+", r"\1…", request.path)

    def take(self, request: Request) -> Answer:
        parts = request.path.split("/")[2:]
        if parts[:1] == ["services"]:
            return self.hook(request, parts[1:])
        methods = {"chat.postMessage": self.post, "chat.update": self.update, "auth.test": self.test}
        if parts[:1] != ["api"] or len(parts) != 2 or parts[1] not in methods:
            raise failure("unknown_method", f"there is no {request.path}")
        self.let_in(request)
        return methods[parts[1]](request)

    # ------------------------------------------------------------ incoming webhooks

    def hook(self, request: Request, parts: list[str]) -> Answer:
        if len(parts) != 3 or parts[0] != TEAM:
            raise refusal(404, "no_team", f"no such team: {parts[:1]}")
        if parts[1] == REVOKED_HOOK or not re.fullmatch(r"B0[A-Z0-9]+", parts[1]):
            raise refusal(404, "no_service", f"no such webhook: {parts[1]}")
        if parts[2] != HOOK_TOKEN:
            raise refusal(403, "invalid_token", "wrong token")
        if request.method != "POST":
            raise refusal(405, "method_not_allowed", f"{request.method} is not POST")
        if request.content_type != "application/json":
            raise refusal(400, "invalid_payload", f"Content-Type is {request.content_type!r}, not application/json")
        given = fields(request, HOOK_FIELDS, lambda why: refusal(400, "invalid_payload", why))
        check_content(given, LONGEST_TEXT, lambda error, why: refusal(400, error, why))
        self.check_thread(parts[1], given, lambda error, why: refusal(400, error, why))
        if wait := self.rate.wait(parts[1]):
            raise Refused("too fast", self.too_fast("rate_limited", wait))
        self.keep(request, parts[1], given)
        return Answer(200, "ok", {"content-type": "text/html"})

    # ------------------------------------------------------------ Web API

    def let_in(self, request: Request) -> None:
        if request.method != "POST":
            raise failure("invalid_post_type", f"{request.method} is not POST")
        token = re.fullmatch(r"Bearer (\S+)", request.headers.get("authorization", ""))
        if token is None:
            raise failure("not_authed", "no bearer token")
        if token[1] != BOT_TOKEN:
            raise failure("invalid_auth", "wrong token")

    def test(self, _: Request) -> Answer:
        return Answer(
            200,
            {"ok": True, "url": "https://kintsugi.slack.com/", "team": "Kintsugi", "user": "kintsugi", "team_id": TEAM},
        )

    def post(self, request: Request) -> Answer:
        given = api_fields(request, POST_FIELDS)
        channel = check_channel(given)
        check_content(given, LONGEST_TEXT, lambda error, why: failure(error, why))
        self.check_thread(channel, given, lambda error, why: failure(error, why))
        if wait := self.rate.wait(channel):
            raise Refused("too fast", self.too_fast("ratelimited", wait, ok=False))
        kept = self.keep(request, channel, given)
        message = {name: given[name] for name in ("text", "blocks", "thread_ts") if name in given}
        said = {
            "ok": True,
            "channel": channel,
            "ts": kept["ts"],
            "message": {"type": "message", **message, "ts": kept["ts"]},
        }
        return Answer(200, said | warning(request))

    def update(self, request: Request) -> Answer:
        given = api_fields(request, UPDATE_FIELDS)
        channel = check_channel(given)
        kept = next((one for one in self.messages if (one["channel"], one["ts"]) == (channel, given.get("ts"))), None)
        if kept is None:
            raise failure("message_not_found", f"no message {given.get('ts')} in {channel}")
        if kept["hook"]:
            raise failure("cant_update_message", "a webhook's message is not this bot's")
        check_content(given, LONGEST_UPDATE, lambda error, why: failure(error, why))
        before = {name: kept[name] for name in ("text", "blocks", "at")}
        # Blocks that are not given stay; an empty list takes them away.
        after = {"text": given.get("text", ""), "blocks": given.get("blocks", kept["blocks"])}
        kept |= {**after, "at": self.clock(), "edits": [*kept["edits"], before], **seen_in(after)}
        return Answer(200, {"ok": True, "channel": channel, "ts": kept["ts"], "text": kept["text"]} | warning(request))

    def check_thread(self, channel: str, given: Shape, fail: Any) -> None:
        thread = given.get("thread_ts")
        if thread is None:
            return
        parent = next((one for one in self.messages if (one["channel"], one["ts"]) == (channel, thread)), None)
        if parent is None:
            raise fail("thread_not_found", f"no message {thread} in {channel} to reply to")
        if parent["thread_ts"]:
            raise fail("cannot_reply_to_message", f"{thread} is a reply itself")

    def keep(self, request: Request, channel: str, given: Shape) -> Shape:
        self.newest = max(self.clock(), self.newest + 0.000_001)
        content = {"text": given.get("text", ""), "blocks": given.get("blocks", [])}
        kept = self.note(
            request, ts=f"{self.newest:.6f}", channel=channel, hook="/services/" in request.path,
            thread_ts=given.get("thread_ts"), edits=[], **content, **seen_in(content),
        )  # fmt: skip
        self.messages.append(kept)
        return kept

    # ------------------------------------------------------------ what is asked about it

    def too_fast(self, error: str, seconds: int, ok: bool = True) -> Answer:
        body: Any = error if ok else {"ok": False, "error": error}
        return Answer(429, body, {"retry-after": str(seconds)})

    def trouble(self, status: int, code: str) -> Answer:
        if status == 429:
            return self.too_fast(code or "ratelimited", 1, ok=False)
        if status >= 500:
            return Answer(status, code or "server_error")
        return Answer(status, {"ok": False, "error": code or "internal_error"})

    def shown(self) -> list[Shape]:
        """The messages that are no replies, each with its replies."""
        tops = [one for one in self.messages if not one["thread_ts"]]
        return [{**top, "replies": self.replies(top)} for top in tops]

    def replies(self, top: Shape) -> list[Shape]:
        return [one for one in self.messages if (one["channel"], one["thread_ts"]) == (top["channel"], top["ts"])]

    def page(self) -> str:
        return "".join(self.posting(top) for top in self.shown())

    def posting(self, top: Shape) -> str:
        replies = "".join(f"<div class=reply>{self.message(one)}</div>" for one in top["replies"])
        return f"<article>{self.message(top)}{replies}</article>"

    def message(self, one: Shape) -> str:
        where = CHANNELS.get(one["channel"], one["channel"])
        edited = f" <small>(edited {len(one['edits'])}×)</small>" if one["edits"] else ""
        content = mrkdwn.blocks(one["blocks"]) if one["blocks"] else f"<p>{mrkdwn.html_of(one['text'])}</p>"
        return f"<div class=who><b>Kintsugi</b> <span class=app>APP</span> #{mrkdwn.safe(where)}{edited}</div>{content}"


def refusal(status: int, error: str, why: str) -> Refused:
    """As a webhook says it: a word."""
    return Refused(why, Answer(status, error, {"content-type": "text/html"}))


def failure(error: str, why: str) -> Refused:
    """As the Web API says it: with status 200."""
    body: Shape = {"ok": False, "error": error}
    if error in ("invalid_blocks", "invalid_arguments"):
        body["response_metadata"] = {"messages": [f"[ERROR] {one}" for one in why.split("\n")]}
    return Refused(why, Answer(200, body))


def warning(request: Request) -> Shape:
    """What Slack adds where it had to guess the charset."""
    if request.charset == "utf-8":
        return {}
    return {"warning": "missing_charset", "response_metadata": {"warnings": ["missing_charset"]}}


def fields(request: Request, known: set[str], fail: Any) -> Shape:
    try:
        given = request.json()
    except ValueError as wrong:
        raise fail(f"no JSON: {wrong}") from None
    if not isinstance(given, dict):
        raise fail("JSON, but no object")
    if unknown := sorted(set(given) - known):
        raise fail(f"unknown fields: {', '.join(unknown)}")
    return given


def api_fields(request: Request, known: set[str]) -> Shape:
    if request.content_type != "application/json":
        raise failure("invalid_post_type", f"Content-Type is {request.content_type!r}, not application/json")
    if request.charset not in ("", "utf-8"):
        raise failure("invalid_charset", f"charset {request.charset}")
    try:
        if not isinstance(request.json(), dict):
            raise failure("json_not_object", "JSON, but no object")
    except ValueError as wrong:
        raise failure("invalid_json", f"no JSON: {wrong}") from None
    return fields(request, known, lambda why: failure("invalid_arguments", why))


def check_channel(given: Shape) -> str:
    asked = given.get("channel")
    names = {f"#{name}": channel for channel, name in CHANNELS.items()}
    channel = names.get(asked, asked) if isinstance(asked, str) else None
    if channel in CLOSED:
        raise failure(CLOSED[channel], f"{channel} is closed to this bot")
    if channel not in CHANNELS:
        raise failure("channel_not_found", f"no channel {asked!r}")
    return str(channel)


def check_content(given: Shape, most: int, fail: Any) -> None:
    text, blocks = given.get("text"), given.get("blocks")
    if text is not None and not isinstance(text, str):
        raise fail("invalid_arguments", "text is no text")
    if not text and not blocks:
        raise fail("no_text", "neither text nor blocks")
    if text and len(text) > most:
        raise fail("msg_too_long", f"text has {len(text)} characters, {most} at most")
    if blocks is None:
        return
    if found := block_kit.problems(blocks):
        raise fail("invalid_blocks", "\n".join(found))
    if (length := block_kit.length(blocks)) > block_kit.MOST_TOGETHER:
        raise fail("msg_blocks_too_long", f"the blocks have {length} characters together")


def seen_in(content: Shape) -> Shape:
    """What a reader can click on, and who is called: what no text of a finding may make."""
    found: Shape = {"links": [], "mentions": []}
    mrkdwn.walk(content["blocks"] or {"type": "mrkdwn", "text": content["text"]}, found)
    return found
