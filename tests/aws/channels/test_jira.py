from __future__ import annotations

import unittest
from typing import Any

from channels.tried import Tried


def document(*content: Any) -> dict[str, Any]:
    return {"version": 1, "type": "doc", "content": list(content)}


def paragraph(*content: Any) -> dict[str, Any]:
    return {"type": "paragraph", "content": list(content)}


def text(words: str, **marks: Any) -> dict[str, Any]:
    return {"type": "text", "text": words, **marks}


LINK = {"type": "link", "attrs": {"href": "https://example.com/a"}}
FINE = document(
    {"type": "heading", "attrs": {"level": 2}, "content": [text("What")]},
    {"type": "panel", "attrs": {"panelType": "warning"}, "content": [paragraph(text("a", marks=[{"type": "strong"}]))]},
    {"type": "bulletList", "content": [{"type": "listItem", "content": [paragraph(text("b", marks=[LINK]))]}]},
    {"type": "codeBlock", "attrs": {"language": "json"}, "content": [text("{}")]},
    {"type": "rule"},
)
FIELDS = {
    "project": {"key": "SEC"},
    "summary": "a",
    "issuetype": {"name": "Task"},
    "description": FINE,
    "priority": {"name": "High"},
    "labels": ["kintsugi", "c-1"],
    "assignee": {"accountId": "5b10a2844c20165700ede21g"},
}
INVALID = "INVALID_INPUT"
# What is no document.
DOCUMENTS: dict[str, Any] = {
    "no version": {"type": "doc", "content": []},
    "another version": {"version": 2, "type": "doc", "content": []},
    "no doc": paragraph(text("a")),
    "text beside paragraphs": document(text("a")),
    "an empty text": document(paragraph(text(""))),
    "an unknown node": document({"type": "chart"}),
    "an unknown mark": document(paragraph(text("a", marks=[{"type": "blink"}]))),
    "an unknown attribute": document({"type": "heading", "attrs": {"level": 2, "colour": "red"}, "content": []}),
    "a heading of level 7": document({"type": "heading", "attrs": {"level": 7}, "content": []}),
    "a list without items": document({"type": "bulletList", "content": [paragraph(text("a"))]}),
    "a heading in a list": document(
        {
            "type": "bulletList",
            "content": [{"type": "listItem", "content": [{"type": "heading", "attrs": {"level": 1}}]}],
        }
    ),
    "a bold code block": document({"type": "codeBlock", "content": [text("a", marks=[{"type": "strong"}])]}),
    "bold code": document(paragraph(text("a", marks=[{"type": "strong"}, {"type": "code"}]))),
    "a panel of no kind": document(
        {"type": "panel", "attrs": {"panelType": "alarm"}, "content": [paragraph(text("a"))]}
    ),
    "a link to nowhere": document(paragraph(text("a", marks=[{"type": "link", "attrs": {}}]))),
}
# What Jira says of a field.
WRONG: dict[str, tuple[dict[str, Any], str, str]] = {
    "an unknown project": ({"project": {"key": "NO"}}, "project", "Specify a valid project ID or key"),
    "an unknown type": ({"issuetype": {"name": "Chore"}}, "issuetype", "Specify a valid issue type"),
    "an unknown priority": ({"priority": {"name": "Urgent"}}, "priority", "The priority selected is invalid."),
    "a summary of 256 characters": ({"summary": "x" * 256}, "summary", "Summary can't exceed 255 characters."),
    "a summary of two lines": ({"summary": "a\nb"}, "summary", "The summary is invalid because it contains newline characters."),
    "an empty summary": ({"summary": " "}, "summary", "You must specify a summary of the issue."),
    "a label with a space": ({"labels": ["a b"]}, "labels", "The label 'a b' can't contain spaces."),
    "labels that are no list": ({"labels": "a"}, "labels", "Operation value must be an array of strings"),
    "a stranger": ({"assignee": {"accountId": "x"}}, "assignee", "User 'x' cannot be assigned issues."),
    "an assignee by name": ({"assignee": {"name": "x"}}, "assignee", "expected Object containing an accountId"),
    "a plain description": ({"description": "a"}, "description", "Operation value must be an Atlassian Document (see the Atlassian Document Format)"),
    "too long a description": ({"description": document(paragraph(text("x" * 32_767)), paragraph(text("x")))}, "description", "CONTENT_LIMIT_EXCEEDED"),
    "an unknown field": ({"colour": "red"}, "colour", "Field 'colour' cannot be set. It is not on the appropriate screen, or unknown."),
}  # fmt: skip


class Issues(unittest.TestCase):
    def setUp(self) -> None:
        self.tried = Tried()

    def create(self, **fields: Any) -> tuple[int, Any]:
        return self.tried.jira("POST", "issue", {"fields": {**FIELDS, **fields}})

    def test_makes_changes_comments_and_moves_an_issue(self) -> None:
        status, made = self.create()
        self.assertEqual((status, made["key"], sorted(made)), (201, "SEC-1", ["id", "key", "self"]))
        self.assertEqual(
            self.tried.jira("PUT", "issue/SEC-1", {"fields": {"summary": "b"}, "update": {"labels": [{"add": "x"}]}}),
            (204, ""),
        )
        self.assertEqual(self.tried.jira("POST", f"issue/{made['id']}/comment", {"body": FINE})[0], 201)
        _, found = self.tried.jira("GET", "issue/SEC-1/transitions")
        self.assertEqual(
            [(one["id"], one["name"]) for one in found["transitions"]], [("21", "In Progress"), ("31", "Done")]
        )
        self.assertEqual(self.tried.jira("POST", "issue/SEC-1/transitions", {"transition": {"id": "31"}}), (204, ""))
        (kept,) = self.tried.kept("jira")
        self.assertEqual(
            (kept["status"], kept["fields"]["summary"], kept["fields"]["labels"]),
            ("Done", "b", ["kintsugi", "c-1", "x"]),
        )
        self.assertEqual((kept["links"], len(kept["comments"])), (["https://example.com/a"], 1))
        self.assertNotIn("authorization", kept["headers"])

    def test_refuses_each_field_with_its_reason(self) -> None:
        for what, (fields, name, why) in WRONG.items():
            with self.subTest(what):
                status, said = self.create(**fields)
                self.assertEqual((status, said["errors"]), (400, {name: why}))
        for name in ("project", "summary", "issuetype"):
            with self.subTest(f"no {name}"):
                fields = {key: value for key, value in FIELDS.items() if key != name}
                self.assertIn(name, self.tried.jira("POST", "issue", {"fields": fields})[1]["errors"])
        self.assertEqual(self.tried.kept("jira"), [])

    def test_refuses_what_is_no_document(self) -> None:
        self.create()
        for what, given in DOCUMENTS.items():
            with self.subTest(what):
                said = {"errorMessages": [INVALID], "errors": {"description": INVALID}}
                self.assertEqual(self.create(description=given), (400, said))
                status, said = self.tried.jira("POST", "issue/SEC-1/comment", {"body": given})
                self.assertEqual((status, said["errors"]), (400, {"comment": INVALID}))
        (kept,) = self.tried.kept("jira")
        self.assertEqual(kept["comments"], [])

    def test_refuses_strangers_and_what_is_not_there(self) -> None:
        self.assertEqual(
            self.tried.jira("POST", "issue", {}, token="wrong"),
            (401, "Client must be authenticated to access this resource."),
        )
        self.assertEqual(self.tried.jira("PUT", "issue/SEC-9", {"fields": {}})[0], 404)
        self.assertEqual(self.tried.jira("POST", "search", {"jql": "project = SEC"})[0], 410)
        self.assertEqual(self.tried.jira("DELETE", "issue/SEC-9")[0], 404)

    def test_refuses_a_transition_that_is_not_open(self) -> None:
        self.create()
        cases = [
            ({"transition": {"id": "11"}}, "is not valid"),
            ({"transition": {"id": 31}}, "is not valid"),
            ({"transition": {"name": "Done"}}, "Missing"),
            ({}, "Missing"),
        ]
        for given, why in cases:
            with self.subTest(str(given)):
                status, said = self.tried.jira("POST", "issue/SEC-1/transitions", given)
                self.assertEqual(status, 400)
                self.assertIn(why, said["errorMessages"][0])

    def test_finds_by_label_and_project(self) -> None:
        self.create(labels=["kintsugi-c-1"])
        self.create(labels=["kintsugi-c-2"], project={"key": "OPS"})
        found = {
            'project = "SEC" AND labels = "kintsugi-c-1"': ["SEC-1"],
            'labels = "kintsugi-c-2" ORDER BY created DESC': ["OPS-1"],
            'project = SEC AND labels = "kintsugi-c-2"': [],
            "project in (SEC, OPS) AND statusCategory != Done": ["SEC-1", "OPS-1"],
            'labels in ("kintsugi-c-1", "kintsugi-c-2") and labels not in ("kintsugi-c-1")': ["OPS-1"],
            'text ~ "What"': ["SEC-1", "OPS-1"],
        }
        for query, keys in found.items():
            with self.subTest(query):
                status, said = self.tried.jira("POST", "search/jql", {"jql": query, "fields": ["status"]})
                self.assertEqual((status, [one["key"] for one in said["issues"]], said["isLast"]), (200, keys, True))
        self.assertEqual(
            self.tried.jira("POST", "search/jql", {"jql": "project = OPS"})[1]["issues"], [{"id": "10001"}]
        )

    def test_refuses_queries_that_are_none(self) -> None:
        for query in (
            "",
            "order by created",
            "project",
            "project = ",
            "project = SEC AND",
            "project = SEC labels = a",
            "colour = red",
            "project in (SEC",
            "labels = \u201ca\u201d",
        ):
            with self.subTest(query):
                self.assertEqual(self.tried.jira("POST", "search/jql", {"jql": query})[0], 400)
        for given in ({"jql": "project = SEC", "startAt": 1}, {"jql": "project = SEC", "maxResults": 0}):
            with self.subTest(str(given)):
                self.assertEqual(self.tried.jira("POST", "search/jql", given)[0], 400)

    def test_finds_a_new_issue_only_after_the_index_saw_it(self) -> None:
        self.tried.send("POST", "/_channels/settings", b'{"jira": {"search_lag": 30}}')
        _, made = self.create()
        ask = {"jql": "project = SEC"}
        self.assertEqual(self.tried.jira("POST", "search/jql", ask)[1]["issues"], [])
        reconciled = self.tried.jira("POST", "search/jql", {**ask, "reconcileIssues": [int(made["id"])]})[1]["issues"]
        self.assertEqual(len(reconciled), 1)
        self.tried.now += 30
        self.assertEqual(len(self.tried.jira("POST", "search/jql", ask)[1]["issues"]), 1)

    def test_too_many_are_told_when_to_come_again(self) -> None:
        self.tried.send("POST", "/_channels/settings", b'{"jira": {"per_second": 1}}')
        self.assertEqual(self.create()[0], 201)
        self.assertEqual(self.create()[0], 429)
