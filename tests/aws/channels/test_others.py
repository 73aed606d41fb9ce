from __future__ import annotations

import json
import unittest
from typing import Any

from channels.faults import Fault
from channels.tried import NOON, Tried

SIGNED = (
    "AWS4-HMAC-SHA256 Credential=AKIAEXAMPLE/20270115/us-east-1/{}/aws4_request, SignedHeaders=content-type;host;x-amz-date, Signature="
    + "0" * 64
)
MESSAGES = [{"role": "user", "content": [{"text": "Explain."}]}]
MODEL = "anthropic.claude-haiku-4-5-20251001-v1%3A0"


class Webhooks(unittest.TestCase):
    def setUp(self) -> None:
        self.tried = Tried()

    def test_takes_what_is_signed(self) -> None:
        body = b'{"a":1}'
        self.assertEqual(self.tried.send("POST", "/webhook/a", body, self.tried.signed(body, NOON))[0], 204)
        (kept,) = self.tried.kept("webhook")
        self.assertEqual(kept["body"], {"a": 1})
        self.assertNotIn("x-kintsugi-signature", kept["headers"])

    def test_refuses_what_is_not_signed_or_signed_long_ago(self) -> None:
        body, fine = b'{"a":1}', self.tried.signed(b'{"a":1}', NOON)
        cases = {
            "no signature": {**fine, "x-kintsugi-signature": ""},
            "no time": {name: value for name, value in fine.items() if name != "x-kintsugi-timestamp"},
            "another time than signed": {**fine, "x-kintsugi-timestamp": str(int(NOON) + 1)},
            "another key": self.tried.signed(body, NOON, "another"),
            "another body": self.tried.signed(b'{"a":2}', NOON),
            "without its version": {**fine, "x-kintsugi-signature": fine["x-kintsugi-signature"][3:]},
            "five minutes and a second ago": self.tried.signed(body, NOON - 301),
            "in the future": self.tried.signed(body, NOON + 301),
        }
        for what, headers in cases.items():
            with self.subTest(what):
                self.assertEqual(self.tried.send("POST", "/webhook/a", body, headers)[0], 401)
        self.assertEqual(self.tried.send("POST", "/webhook/a", body, {**fine, "content-type": "text/plain"})[0], 415)
        self.assertEqual(self.tried.kept("webhook"), [])
        self.assertEqual(self.tried.send("POST", "/webhook/a", body, self.tried.signed(body, NOON - 300))[0], 204)


class Bedrock(unittest.TestCase):
    def setUp(self) -> None:
        self.tried = Tried()

    def ask(self, given: Any, model: str = MODEL, service: str = "bedrock", **headers: str) -> Any:
        known = {"content-type": "application/json", "authorization": SIGNED.format(service), **headers}
        return self.tried.answer("POST", f"/model/{model}/converse", json.dumps(given).encode(), known)

    def test_answers_with_the_text_that_was_set(self) -> None:
        self.tried.send("POST", "/_channels/settings", b'{"bedrock": {"text": "Do this."}}')
        said = self.ask(
            {
                "messages": MESSAGES,
                "system": [{"text": "Be brief."}],
                "inferenceConfig": {"maxTokens": 100, "temperature": 0.2},
            }
        )
        self.assertEqual(
            (said.status, said.body["output"]["message"]["content"], said.body["stopReason"]),
            (200, [{"text": "Do this."}], "end_turn"),
        )
        (kept,) = self.tried.kept("bedrock")
        self.assertEqual(
            (kept["model"], kept["request"]["messages"]), ("anthropic.claude-haiku-4-5-20251001-v1:0", MESSAGES)
        )

    def test_stops_where_it_may_say_no_more(self) -> None:
        said = self.ask({"messages": MESSAGES, "inferenceConfig": {"maxTokens": 2}})
        self.assertEqual(
            (said.body["stopReason"], len(said.body["output"]["message"]["content"][0]["text"])), ("max_tokens", 8)
        )

    def test_refuses_what_is_no_request(self) -> None:
        cases: dict[str, Any] = {
            "no messages": {}, "an unknown field": {"messages": MESSAGES, "prompt": "x"},
            "a text instead of blocks": {"messages": [{"role": "user", "content": "x"}]},
            "a number for a text": {"messages": [{"role": "user", "content": [{"text": 1}]}]},
            "two at once": {"messages": [*MESSAGES, *MESSAGES]}, "the model first": {"messages": [{"role": "assistant", "content": [{"text": "x"}]}]},
            "a blank text": {"messages": [{"role": "user", "content": [{"text": " "}]}]},
            "tools": {"messages": MESSAGES, "toolConfig": {"tools": [{"toolSpec": {"name": "a", "inputSchema": {"json": {}}}}]}},
            "no tokens": {"messages": MESSAGES, "inferenceConfig": {"maxTokens": 0}},
            "too hot": {"messages": MESSAGES, "inferenceConfig": {"temperature": 1.5}},
        }  # fmt: skip
        for what, given in cases.items():
            with self.subTest(what):
                said = self.ask(given)
                self.assertEqual((said.status, said.headers["x-amzn-errortype"]), (400, "ValidationException"))
        self.assertEqual(self.ask({"messages": MESSAGES}, model="no%20model").status, 400)
        self.assertEqual(self.tried.kept("bedrock"), [])

    def test_refuses_who_did_not_sign_for_it(self) -> None:
        self.assertEqual(self.ask({"messages": MESSAGES}, service="bedrock-runtime").status, 403)
        self.assertEqual(self.ask({"messages": MESSAGES}, authorization="Bearer x").status, 403)
        self.assertEqual(self.tried.kept("bedrock"), [])


class Mail(unittest.TestCase):
    def setUp(self) -> None:
        self.tried = Tried()

    def deliver(self, box: str, message: str, subject: str = "A") -> int:
        given = {"Type": "Notification", "TopicArn": "arn", "Subject": subject, "Message": message}
        return self.tried.send("POST", f"/sns/{box}", json.dumps(given).encode())[0]

    def test_takes_mail_and_custom_notifications(self) -> None:
        said = {
            "version": "1.0",
            "source": "custom",
            "content": {"textType": "client-markdown", "title": "x" * 250, "description": "*a*", "nextSteps": ["b"]},
            "metadata": {"threadId": "c"},
        }
        self.assertEqual((self.deliver("mail", "a"), self.deliver("chat", json.dumps(said))), (200, 200))
        self.assertEqual([one["box"] for one in self.tried.kept("mail")], ["mail", "chat"])

    def test_refuses_what_would_not_be_shown(self) -> None:
        content = {"description": "a"}
        cases = {
            "a text": "a", "no version": {"source": "custom", "content": content}, "another source": {"version": "1.0", "source": "kintsugi", "content": content},
            "no description": {"version": "1.0", "source": "custom", "content": {"title": "a"}},
            "a title of 251 characters": {"version": "1.0", "source": "custom", "content": {**content, "title": "x" * 251}},
            "a description of 8001 characters": {"version": "1.0", "source": "custom", "content": {"description": "x" * 8001}},
            "a step of 351 characters": {"version": "1.0", "source": "custom", "content": {**content, "nextSteps": ["x" * 351]}},
            "a keyword of 76 characters": {"version": "1.0", "source": "custom", "content": {**content, "keywords": ["x" * 76]}},
            "an unknown part": {"version": "1.0", "source": "custom", "content": {**content, "colour": "red"}},
            "a number in the context": {"version": "1.0", "source": "custom", "content": content, "metadata": {"additionalContext": {"a": 1}}},
        }  # fmt: skip
        for what, given in cases.items():
            with self.subTest(what):
                self.assertEqual(self.deliver("chat", given if isinstance(given, str) else json.dumps(given)), 400)
        self.assertEqual(
            (self.deliver("mail", "a", "x" * 100), self.deliver("mail", "a", "x\ny"), self.deliver("mail", "")),
            (400, 400, 400),
        )
        self.assertEqual(self.tried.kept("mail"), [])


class Control(unittest.TestCase):
    def setUp(self) -> None:
        self.tried = Tried()

    def post(self, what: str, given: Any) -> tuple[int, Any]:
        return self.tried.send("POST", f"/_channels/{what}", json.dumps(given).encode())

    def test_faults_hit_whom_they_name_as_often_as_they_say(self) -> None:
        status, _ = self.post("faults", {"service": "jira", "nth": 2, "times": 2, "status": 503})
        self.assertEqual(status, 200)
        from channels.exchange import Request

        seen = [self.tried.channels.faults.seen("jira", Request("GET", "/jira/a")) is not None for _ in range(4)]
        self.assertEqual(seen, [False, True, True, False])
        self.assertIsNone(self.tried.channels.faults.seen("slack", Request("GET", "/slack/a")))

    def test_a_fault_says_what_its_service_would_say(self) -> None:
        said = {name: Fault(status=429).answer(service) for name, service in self.tried.channels.services.items()}
        self.assertEqual(said["slack"].headers["retry-after"], "1")
        self.assertEqual(said["jira"].headers["ratelimit-reason"], "jira-quota-based")
        self.assertEqual(said["backlog"].body["errors"][0]["code"], 13)
        self.assertEqual(said["bedrock"].headers["x-amzn-errortype"], "ThrottlingException")
        told = Fault(status=429, headers={"retry-after": "7"}, body="x").answer(self.tried.channels.services["slack"])
        self.assertEqual((told.headers["retry-after"], told.body), ("7", "x"))

    def test_the_work_is_done_where_only_the_answer_is_spoilt(self) -> None:
        done = {
            "drop before": Fault(drop="before"),
            "drop after": Fault(drop="after"),
            "half": Fault(half=True),
            "status": Fault(status=500),
            "status after": Fault(status=500, after=True),
            "delay": Fault(delay=1),
        }
        self.assertEqual([name for name, fault in done.items() if not fault.works()], ["drop before", "status"])

    def test_refuses_rules_and_settings_that_are_none(self) -> None:
        for given in ({}, {"colour": 1, "status": 500}, {"drop": "now"}, {"status": 99}, 7):
            with self.subTest(str(given)):
                self.assertEqual(self.post("faults", given)[0], 400)
        for given in ({"fax": {}}, {"slack": {"colour": 1}}):
            with self.subTest(str(given)):
                self.assertEqual(self.post("settings", given)[0], 400)
        self.assertEqual(self.tried.send("GET", "/_channels/fax/messages")[0], 404)

    def test_forgets_all(self) -> None:
        self.tried.hook({"text": "a"})
        self.post("settings", {"slack": {"per_second": 5}})
        self.post("faults", {"status": 500})
        self.assertEqual(self.tried.send("DELETE", "/_channels")[0], 200)
        self.assertEqual((self.tried.kept("slack"), self.tried.send("GET", "/_channels/faults")[1]), ([], []))
        self.assertEqual(self.tried.send("GET", "/_channels/settings")[1]["slack"], {"per_second": 1.0})

    def test_the_page_shows_hostile_text_as_text(self) -> None:
        evil = "<script>alert(1)</script><img src=x onerror=alert(1)>\"'"
        document = {
            "version": 1,
            "type": "doc",
            "content": [
                {
                    "type": "paragraph",
                    "content": [
                        {"type": "text", "text": evil},
                        {
                            "type": "text",
                            "text": "x",
                            "marks": [{"type": "link", "attrs": {"href": "javascript:alert(1)"}}],
                        },
                    ],
                }
            ],
        }
        block = {
            "type": "section",
            "text": {"type": "mrkdwn", "text": evil},
            "fields": [{"type": "plain_text", "text": evil}],
        }
        self.assertEqual(
            self.tried.hook(
                {"text": evil, "blocks": [block, {"type": "header", "text": {"type": "plain_text", "text": evil}}]}
            )[0],
            200,
        )
        fields = {
            "project": {"key": "SEC"},
            "summary": evil,
            "issuetype": {"name": "Task"},
            "description": document,
            "labels": ["<script>x</script>"],
        }
        self.assertEqual(self.tried.jira("POST", "issue", {"fields": fields})[0], 201)
        self.assertEqual(self.tried.jira("POST", "issue/SEC-1/comment", {"body": document})[0], 201)
        given = {
            "projectId": 1001,
            "summary": evil,
            "issueTypeId": 2001,
            "priorityId": 2,
            "description": f'* {evil}\n- {evil}\nhttps://a.example/"{evil}',
        }
        self.assertEqual(self.tried.backlog("POST", "issues", given)[0], 201)
        body = json.dumps({"a": evil}).encode()
        self.tried.send("POST", "/webhook/a", body, self.tried.signed(body, NOON))
        mail = json.dumps({"Type": "Notification", "Subject": evil, "Message": evil, "Endpoint": evil}).encode()
        self.tried.send("POST", "/sns/mail", mail)
        said = json.dumps(
            {
                "version": "1.0",
                "source": "custom",
                "content": {"description": evil, "title": evil, "keywords": [evil[:75]]},
            }
        )
        self.tried.send("POST", "/sns/chat", json.dumps({"Type": "Notification", "Message": said}).encode())
        signed = {"content-type": "application/json", "authorization": SIGNED.format("bedrock")}
        self.tried.send(
            "POST",
            f"/model/{MODEL}/converse",
            json.dumps({"messages": [{"role": "user", "content": [{"text": evil}]}]}).encode(),
            signed,
        )
        _, page = self.tried.send("GET", "/_channels/page")
        for part in ("<script", "<img", 'href="javascript', "onerror=alert(1)>"):
            with self.subTest(part):
                self.assertNotIn(part, page)
        self.assertGreaterEqual(page.count("&lt;script&gt;alert(1)"), 11)
        self.assertEqual(self.tried.send("GET", "/_channels/page/jira")[0], 200)
        self.assertEqual(self.tried.send("GET", "/_channels/page/fax")[0], 404)
