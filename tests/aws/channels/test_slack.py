from __future__ import annotations

import unittest
from typing import Any

from channels.tried import Tried


def mrkdwn(text: str) -> dict[str, Any]:
    return {"type": "mrkdwn", "text": text}


def plain(text: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": text}


def section(text: str, **more: Any) -> dict[str, Any]:
    return {"type": "section", "text": mrkdwn(text), **more}


BUTTON = {"type": "button", "text": plain("Open"), "url": "https://example.com/a"}
# What Slack refuses of blocks, and what it says of it.
INVALID: dict[str, tuple[Any, str]] = {
    "51 blocks": ([{"type": "divider"}] * 51, "no more than 50 items allowed [json-pointer:/blocks]"),
    "a header of 151 characters": ([{"type": "header", "text": plain("x" * 151)}], "must be less than 151 characters"),
    "a header of mrkdwn": ([{"type": "header", "text": mrkdwn("x")}], "unsupported type: mrkdwn"),
    "a section of 3001 characters": (
        [section("x" * 3001)],
        "must be less than 3001 characters [json-pointer:/blocks/0/text/text]",
    ),
    "an empty section": ([section("")], "must be more than 0 characters"),
    "a section without text or fields": ([{"type": "section"}], "missing required field: text or fields"),
    "11 fields": ([section("x", fields=[mrkdwn("x")] * 11)], "no more than 10 items allowed"),
    "a field of 2001 characters": ([section("x", fields=[mrkdwn("x" * 2001)])], "must be less than 2001 characters"),
    "11 elements of a context": (
        [{"type": "context", "elements": [mrkdwn("x")] * 11}],
        "no more than 10 items allowed",
    ),
    "an empty context": ([{"type": "context", "elements": []}], "no fewer than 1 items allowed"),
    "a button in a context": ([{"type": "context", "elements": [BUTTON]}], "unsupported type: button"),
    "26 buttons": ([{"type": "actions", "elements": [BUTTON] * 26}], "no more than 25 items allowed"),
    "a button's text of 76 characters": (
        [{"type": "actions", "elements": [{**BUTTON, "text": plain("x" * 76)}]}],
        "must be less than 76",
    ),
    "a button to javascript": (
        [{"type": "actions", "elements": [{**BUTTON, "url": "javascript:alert(1)"}]}],
        "Invalid url",
    ),
    "a button of another style": (
        [{"type": "actions", "elements": [{**BUTTON, "style": "default"}]}],
        "must be one of primary, danger",
    ),
    "an unknown block": ([{"type": "chart"}], "unsupported type: chart [json-pointer:/blocks/0/type]"),
    "an unknown field": ([{"type": "divider", "colour": "red"}], "invalid additional property: colour"),
    "emoji in mrkdwn": (
        [{"type": "section", "text": {**mrkdwn("x"), "emoji": True}}],
        "invalid additional property: emoji",
    ),
    "an image without a description": (
        [{"type": "image", "image_url": "https://example.com/a.png"}],
        "missing required field: alt_text",
    ),
    "the same block_id twice": ([{"type": "divider", "block_id": "a"}] * 2, "block_id must be unique"),
    "blocks that are no list": ({"type": "divider"}, "must be an array"),
}
# What it refuses of a message.
REFUSED: dict[str, tuple[Any, str]] = {
    "neither text nor blocks": ({}, "no_text"),
    "an empty text": ({"text": ""}, "no_text"),
    "40001 characters": ({"text": "x" * 40_001}, "msg_too_long"),
    "too much in all blocks": ({"blocks": [section("x" * 2900)] * 5}, "msg_blocks_too_long"),
}


class Webhooks(unittest.TestCase):
    def setUp(self) -> None:
        self.tried = Tried()

    def test_takes_a_message_and_answers_ok(self) -> None:
        given = {
            "text": "a",
            "blocks": [{"type": "header", "text": plain("x" * 150)}, section("y" * 3000, accessory=BUTTON)],
        }
        self.assertEqual(self.tried.hook(given), (200, "ok"))
        (kept,) = self.tried.kept("slack")
        self.assertEqual((kept["channel"], kept["text"], kept["blocks"]), ("B0SECURITY", "a", given["blocks"]))
        self.assertNotIn("stand-in-of-a-webhook", str(kept))

    def test_refuses_blocks_beyond_each_limit(self) -> None:
        for what, (blocks, why) in INVALID.items():
            with self.subTest(what):
                self.assertEqual(self.tried.hook({"text": "a", "blocks": blocks}), (400, "invalid_blocks"))
                self.assertIn(why, self.tried.kept("slack", "refused")[-1]["why"])
        self.assertEqual(self.tried.kept("slack"), [])

    def test_refuses_messages_that_are_empty_or_too_long(self) -> None:
        for what, (given, error) in REFUSED.items():
            with self.subTest(what):
                self.assertEqual(self.tried.hook(given), (400, error))

    def test_refuses_whoever_does_not_have_the_address(self) -> None:
        cases = [
            ("T0OTHER/B0SECURITY", "x", (404, "no_team")),
            ("T0KINTSUGI/B0REVOKED", "x", (404, "no_service")),
            ("T0KINTSUGI/B0SECURITY", "wrong", (403, "invalid_token")),
        ]
        for at, token, answer in cases:
            with self.subTest(at):
                self.assertEqual(self.tried.hook({"text": "a"}, token, at), answer)

    def test_refuses_what_is_no_json_object_or_has_other_fields(self) -> None:
        for given in ([], "text", {"text": "a", "colour": "red"}):
            with self.subTest(str(given)):
                self.assertEqual(self.tried.hook(given), (400, "invalid_payload"))
        path = "/slack/services/T0KINTSUGI/B0SECURITY/stand-in-of-a-webhook"
        for body, kind in (
            (b"{", "application/json"),
            (b'{"text":"a"}', "text/plain"),
            (b'{"text":"a","text":"b"}', "application/json"),
        ):
            with self.subTest(body):
                self.assertEqual(self.tried.send("POST", path, body, {"content-type": kind}), (400, "invalid_payload"))

    def test_takes_one_message_a_second_in_each_channel(self) -> None:
        self.assertEqual(self.tried.hook({"text": "a"})[0], 200)
        self.assertEqual(self.tried.hook({"text": "b"}, at="T0KINTSUGI/B0DIGEST")[0], 200)
        path = "/slack/services/T0KINTSUGI/B0SECURITY/stand-in-of-a-webhook"
        fast = self.tried.answer("POST", path, b'{"text":"b"}', {"content-type": "application/json"})
        self.assertEqual((fast.status, fast.headers["retry-after"]), (429, "1"))
        self.tried.now += 1
        self.assertEqual(self.tried.hook({"text": "b"})[0], 200)

    def test_takes_as_many_as_was_set(self) -> None:
        self.tried.send("POST", "/_channels/settings", b'{"slack": {"per_second": 0}}')
        self.assertEqual({self.tried.hook({"text": "a"})[0] for _ in range(9)}, {200})

    def test_tells_what_can_be_clicked_and_who_is_called(self) -> None:
        text = "<https://a.example/?x=1&amp;y=2|a> &lt;https://b.example&gt; <!channel> <@U1> `https://no.example` <b>"
        self.tried.hook({"text": "a", "blocks": [section(text)]})
        (kept,) = self.tried.kept("slack")
        self.assertEqual(kept["links"][0], "https://a.example/?x=1&y=2")
        self.assertEqual(kept["mentions"], ["!channel", "@U1"])
        self.assertNotIn("https://no.example", kept["links"])


class WebApi(unittest.TestCase):
    def setUp(self) -> None:
        self.tried = Tried()
        self.tried.send("POST", "/_channels/settings", b'{"slack": {"per_second": 0}}')

    def post(self, **given: Any) -> Any:
        return self.tried.api("chat.postMessage", {"channel": "C0SECURITY", "text": "a", **given})

    def test_answers_threads_and_changes_messages(self) -> None:
        first = self.post()
        reply = self.post(text="b", thread_ts=first["ts"])
        self.assertTrue(first["ok"] and reply["ok"] and reply["ts"] > first["ts"])
        changed = self.tried.api("chat.update", {"channel": "C0SECURITY", "ts": first["ts"], "text": "c"})
        self.assertEqual((changed["ok"], changed["ts"]), (True, first["ts"]))
        (kept,) = self.tried.kept("slack")
        self.assertEqual(
            (kept["text"], [one["text"] for one in kept["replies"]], kept["edits"][0]["text"]), ("c", ["b"], "a")
        )

    def test_refuses_in_its_own_words(self) -> None:
        top = self.post()["ts"]
        reply = self.post(thread_ts=top)["ts"]
        cases = [
            ("chat.postMessage", {"channel": "C0NOWHERE", "text": "a"}, "channel_not_found"),
            ("chat.postMessage", {"text": "a"}, "channel_not_found"),
            ("chat.postMessage", {"channel": "C0ARCHIVED", "text": "a"}, "is_archived"),
            ("chat.postMessage", {"channel": "C0PRIVATE", "text": "a"}, "not_in_channel"),
            ("chat.postMessage", {"channel": "C0SECURITY"}, "no_text"),
            ("chat.postMessage", {"channel": "C0SECURITY", "text": "a", "colour": 1}, "invalid_arguments"),
            (
                "chat.postMessage",
                {"channel": "C0SECURITY", "text": "a", "blocks": [{"type": "chart"}]},
                "invalid_blocks",
            ),
            ("chat.postMessage", {"channel": "C0SECURITY", "text": "a", "thread_ts": "1.2"}, "thread_not_found"),
            ("chat.postMessage", {"channel": "C0PLATFORM", "text": "a", "thread_ts": top}, "thread_not_found"),
            ("chat.postMessage", {"channel": "C0SECURITY", "text": "a", "thread_ts": reply}, "cannot_reply_to_message"),
            ("chat.postMessage", {"channel": "C0SECURITY", "text": "x" * 40_001}, "msg_too_long"),
            ("chat.update", {"channel": "C0SECURITY", "ts": "1.2", "text": "a"}, "message_not_found"),
            ("chat.update", {"channel": "C0SECURITY", "ts": top, "text": "x" * 4_001}, "msg_too_long"),
            ("chat.postMessage", [], "json_not_object"),
            ("chat.delete", {}, "unknown_method"),
        ]
        for method, given, error in cases:
            with self.subTest(error):
                answer = self.tried.api(method, given)
                self.assertEqual((answer["ok"], answer["error"]), (False, error))
        self.assertEqual(len(self.tried.kept("slack")[0]["replies"]), 1)

    def test_lets_in_only_the_bot_and_wants_json_with_its_charset(self) -> None:
        given = {"channel": "C0SECURITY", "text": "a"}
        self.assertEqual(self.tried.api("chat.postMessage", given, token="wrong")["error"], "invalid_auth")
        self.assertEqual(self.tried.send("POST", "/slack/api/chat.postMessage", b"{}")[1]["error"], "not_authed")
        self.assertEqual(self.tried.api("chat.postMessage", given, kind="text/plain")["error"], "invalid_post_type")
        self.assertEqual(
            self.tried.api("chat.postMessage", given, kind="application/json")["warning"], "missing_charset"
        )
        self.assertNotIn("warning", self.tried.api("chat.postMessage", given))

    def test_too_many_are_told_when_to_come_again(self) -> None:
        self.tried.send("POST", "/_channels/settings", b'{"slack": {"per_second": 0.2}}')
        self.assertTrue(self.post()["ok"])
        headers = {"content-type": "application/json", "authorization": "Bearer xoxb-stand-in"}
        answer = self.tried.answer(
            "POST", "/slack/api/chat.postMessage", b'{"channel":"C0SECURITY","text":"a"}', headers
        )
        self.assertEqual(
            (answer.status, answer.body["error"], answer.headers["retry-after"]), (429, "ratelimited", "5")
        )
