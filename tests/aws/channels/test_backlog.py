from __future__ import annotations

import unittest
from typing import Any

from channels.tried import FORM, Tried

GIVEN = {
    "projectId": 1001,
    "summary": "a",
    "issueTypeId": 2001,
    "priorityId": 2,
    "description": "marker-c-1",
    "categoryId[]": 3001,
}
# What is refused of a new issue: parameter, value (None: left out), status and code.
WRONG: dict[str, tuple[str, Any, int, int]] = {
    "an unknown project": ("projectId", 9, 404, 6),
    "no project": ("projectId", None, 400, 7),
    "no summary": ("summary", None, 400, 7),
    "an empty summary": ("summary", " ", 400, 7),
    "a summary of 256 characters": ("summary", "x" * 256, 400, 7),
    "a summary of two lines": ("summary", "a\nb", 400, 7),
    "no type": ("issueTypeId", None, 400, 7),
    "a type of another project": ("issueTypeId", 2003, 400, 7),
    "no priority": ("priorityId", None, 400, 7),
    "an unknown priority": ("priorityId", 1, 400, 7),
    "a priority by name": ("priorityId", "High", 400, 7),
    "a stranger": ("assigneeId", 1, 400, 7),
    "an unknown category": ("categoryId[]", 1, 400, 7),
    "one category, not as a list": ("categoryId", 3001, 400, 7),
    "a date that is none": ("dueDate", "tomorrow", 400, 7),
    "an unknown parameter": ("colour", "red", 400, 7),
    "the state of a new issue": ("statusId", 4, 400, 7),
}


class Issues(unittest.TestCase):
    def setUp(self) -> None:
        self.tried = Tried()

    def create(self, **more: Any) -> tuple[int, Any]:
        given = {**GIVEN, **more}
        return self.tried.backlog("POST", "issues", {name: value for name, value in given.items() if value is not None})

    def test_makes_changes_and_comments_an_issue(self) -> None:
        status, made = self.create()
        self.assertEqual(
            (status, made["issueKey"], made["status"]["name"], made["category"][0]["id"]), (201, "SEC-1", "Open", 3001)
        )
        status, changed = self.tried.backlog(
            "PATCH", "issues/SEC-1", {"statusId": 4, "resolutionId": 0, "comment": "done"}
        )
        self.assertEqual((status, changed["status"]["id"], changed["resolution"]["name"]), (200, 4, "Fixed"))
        self.assertEqual(self.tried.backlog("POST", f"issues/{made['id']}/comments", {"content": "again"})[0], 201)
        (kept,) = self.tried.kept("backlog")
        self.assertEqual([one["content"] for one in kept["comments"]], ["done", "again"])
        self.assertNotIn("stand-in-of-an-api-key", str(kept))

    def test_refuses_each_parameter_with_its_code(self) -> None:
        for what, (name, value, status, code) in WRONG.items():
            with self.subTest(what):
                answer = self.create(**{name: value})
                self.assertEqual((answer[0], answer[1]["errors"][0]["code"]), (status, code))
                self.assertEqual(sorted(answer[1]["errors"][0]), ["code", "message", "moreInfo"])
        self.assertEqual(self.tried.kept("backlog"), [])

    def test_refuses_strangers_and_what_is_not_there(self) -> None:
        answer = self.tried.backlog("GET", "issues", key="wrong")
        self.assertEqual(
            answer, (401, {"errors": [{"message": "Authentication failure.", "code": 11, "moreInfo": ""}]})
        )
        self.assertEqual(self.tried.backlog("PATCH", "issues/SEC-9", {"statusId": 4})[0], 404)
        self.assertEqual(self.tried.backlog("POST", "issues/SEC-9/comments", {"content": "a"})[0], 404)

    def test_wants_a_form_and_each_parameter_once(self) -> None:
        target = "/backlog/api/v2/issues?apiKey=stand-in-of-an-api-key"
        for body, headers in (
            (b'{"projectId":1001}', {"content-type": "application/json"}),
            (b"summary=%ff", FORM),
            (b"summary=a&summary=b", FORM),
            (b"summary", FORM),
        ):
            with self.subTest(body):
                self.assertEqual(self.tried.send("POST", target, body, headers)[0], 400)

    def test_refuses_a_change_that_changes_nothing_and_an_empty_comment(self) -> None:
        self.create()
        for given in ({}, {"statusId": 1}, {"summary": "a"}):
            with self.subTest(str(given)):
                self.assertEqual(
                    self.tried.backlog("PATCH", "issues/SEC-1", given)[1]["errors"][0]["message"],
                    "Please change the status or post a comment.",
                )
        self.assertEqual(self.tried.backlog("POST", "issues/SEC-1/comments", {"content": " "})[0], 400)

    def test_finds_by_keyword_and_project(self) -> None:
        self.create()
        self.create(projectId=1002, issueTypeId=2003, description="marker-c-2", **{"categoryId[]": None})
        found = {
            "issues?keyword=marker-c-1&projectId[]=1001": ["SEC-1"], "issues?keyword=marker-c-2&projectId[]=1001": [],
            "issues?keyword=MARKER": ["OPS-1", "SEC-1"], "issues?statusId[]=1&count=1&order=asc": ["SEC-1"],
        }  # fmt: skip
        for path, keys in found.items():
            with self.subTest(path):
                status, said = self.tried.backlog("GET", path)
                self.assertEqual((status, [one["issueKey"] for one in said]), (200, keys))
        for path in ("issues?projectId=1001", "issues?count=0", "issues?colour=red", "issues?projectId[]=x"):
            with self.subTest(path):
                self.assertEqual(self.tried.backlog("GET", path)[0], 400)

    def test_says_how_many_more_may_come_and_refuses_more(self) -> None:
        self.tried.send("POST", "/_channels/settings", b'{"backlog": {"per_minute": 2}}')
        answers = [
            self.tried.answer("POST", "/backlog/api/v2/issues?apiKey=stand-in-of-an-api-key", b"", FORM)
            for _ in range(3)
        ]
        self.assertEqual(
            [(one.status, one.headers["x-ratelimit-remaining"]) for one in answers],
            [(400, "1"), (400, "0"), (429, "0")],
        )
        self.assertEqual(answers[2].body["errors"][0]["code"], 13)
        self.assertEqual(int(answers[2].headers["x-ratelimit-reset"]) % 60, 0)
        self.tried.now += 60
        self.assertEqual(self.create()[0], 201)
