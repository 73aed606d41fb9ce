"""Jira Cloud: what its REST API (version 3) says of making, changing, commenting, moving and finding issues.

Stricter than Jira in one thing: it takes no fields that its reference does not name.
"""

from __future__ import annotations

import base64
import re
from datetime import datetime, timezone
from html import escape
from typing import Any

from channels import adf, jql
from channels.exchange import Answer, Rate, Refused, Request, Service, Shape
from channels.jira_fields import (
    PRIORITIES,
    PROJECTS,
    STATUSES,
    TRANSITIONS,
    TYPES,
    USERS,
    document,
    key_of,
    plain_fields,
    problems,
    status,
)

EMAIL, TOKEN = "kintsugi@example.com", "stand-in-of-an-api-token"
GONE = "Issue does not exist or you do not have permission to see it."


class Jira(Service):
    name, title = "jira", "Jira"
    # Requests a second; 0: no limit. How many seconds it takes until a search finds an issue: its index is late.
    first: Shape = {"per_second": 0.0, "search_lag": 0.0}

    def forget(self) -> None:
        super().forget()
        self.rate = Rate(self.clock, self.settings["per_second"])
        self.counts: dict[str, int] = {}

    def set(self, given: Shape) -> None:
        super().set(given)
        self.rate.per_second = float(self.settings["per_second"])

    def keys(self, base: str) -> Shape:
        return {
            "site": f"{base}/jira", "email": EMAIL, "token": TOKEN, "projects": sorted(PROJECTS), "issue_types": sorted(TYPES),
            "priorities": list(PRIORITIES), "assignees": list(USERS), "transitions": list(TRANSITIONS.values()),
        }  # fmt: skip

    def take(self, request: Request) -> Answer:
        given = base64.b64encode(f"{EMAIL}:{TOKEN}".encode()).decode()
        if request.headers.get("authorization", "") != f"Basic {given}":
            said = Answer(
                401,
                "Client must be authenticated to access this resource.",
                {"www-authenticate": 'OAuth realm="https%3A%2F%2Fkintsugi.atlassian.net"'},
            )
            raise Refused("not the e-mail address and API token", said)
        if wait := self.rate.wait(""):
            raise Refused("too fast", self.too_fast(wait))
        path = request.path.removeprefix("/jira/rest/api/3/")
        method = request.method
        if (method, path) == ("POST", "issue"):
            return self.create(request)
        if (method, path) == ("POST", "search/jql"):
            return self.search(request)
        if (method, path) == ("GET", "myself"):
            return Answer(200, {"accountId": next(iter(USERS)), "emailAddress": EMAIL, "active": True})
        if path in ("search", "search/"):
            raise refusal(410, "The requested API has been removed. Please migrate to the /rest/api/3/search/jql API.")
        found = re.fullmatch(r"issue/([^/]+)(?:/(comment|transitions))?", path)
        doings = {
            ("GET", None): self.get, ("PUT", None): self.edit, ("POST", "comment"): self.comment,
            ("GET", "transitions"): self.transitions, ("POST", "transitions"): self.move,
        }  # fmt: skip
        if found is None or (method, found[2]) not in doings:
            raise refusal(404, f"there is no {method} {request.path}")
        issue = next((one for one in self.messages if found[1] in (one["id"], one["key"])), None)
        if issue is None:
            raise refusal(404, GONE)
        return doings[method, found[2]](request, issue)

    # ------------------------------------------------------------ issues

    def create(self, request: Request) -> Answer:
        given = body_of(request, {"fields", "update", "properties", "historyMetadata", "transition"})
        fields = given.get("fields")
        if not isinstance(fields, dict):
            raise refusal(400, fields={"fields": "fields is required"})
        wrong = problems(fields)
        for name, why in (
            ("project", "Specify a valid project ID or key"),
            ("issuetype", "Specify an issue type"),
            ("summary", "You must specify a summary of the issue."),
        ):
            if name not in fields:
                wrong[name] = why
        if wrong:
            raise refusal(400, *invalid(wrong), fields=wrong)
        project = key_of(fields["project"], "key", PROJECTS)
        self.counts[project] = self.counts.get(project, 0) + 1
        number = str(10_000 + len(self.messages))
        made = self.note(
            request, id=number, key=f"{project}-{self.counts[project]}", status="To Do", comments=[], history=[],
            fields=plain_fields({"priority": {"name": "Medium"}, "labels": [], "assignee": None, **fields}),
        )  # fmt: skip
        self.messages.append(made)
        return Answer(201, self.named(request, made))

    def named(self, request: Request, issue: Shape) -> Shape:
        host = request.headers.get("host", "kintsugi.atlassian.net")
        return {"id": issue["id"], "key": issue["key"], "self": f"http://{host}/jira/rest/api/3/issue/{issue['id']}"}

    def get(self, request: Request, issue: Shape) -> Answer:
        return Answer(200, {**self.named(request, issue), "fields": shown_fields(issue, ["*all"])})

    def edit(self, request: Request, issue: Shape) -> Answer:
        given = body_of(request, {"fields", "update", "properties", "historyMetadata", "transition"})
        fields = dict(given.get("fields") or {})
        for name, changes in (given.get("update") or {}).items():
            if name != "labels" or name in fields:
                raise refusal(
                    400,
                    fields={name: f"Field '{name}' cannot be set. It is not on the appropriate screen, or unknown."},
                )
            fields["labels"] = relabelled(issue["fields"]["labels"], changes)
        if not fields:
            raise refusal(400, "one of 'fields' or 'update' required")
        wrong = problems(fields)
        if "project" in fields:
            wrong["project"] = "an issue is moved otherwise"
        if wrong:
            raise refusal(400, *invalid(wrong), fields=wrong)
        issue["history"].append({"at": self.clock(), "fields": issue["fields"]})
        issue["fields"] = {**issue["fields"], **plain_fields(fields)}
        return Answer(204)

    def comment(self, request: Request, issue: Shape) -> Answer:
        given = body_of(request, {"body", "properties", "visibility"})
        if "body" not in given:
            raise refusal(400, fields={"comment": "Comment body can not be empty!"})
        if why := document(given["body"]):
            raise refusal(400, *invalid({"comment": why}), fields={"comment": why})
        made = {
            "id": str(10_000 + len(issue["comments"])),
            "at": self.clock(),
            "body": given["body"],
            "text": adf.text_of(given["body"]),
            "links": adf.links_of(given["body"]),
        }
        issue["comments"].append(made)
        here = self.named(request, issue)["self"]
        return Answer(
            201,
            {
                "self": f"{here}/comment/{made['id']}",
                "id": made["id"],
                "body": made["body"],
                "created": stamp(made["at"]),
            },
        )

    def transitions(self, _: Request, issue: Shape) -> Answer:
        found = [
            {"id": number, "name": name, "to": status(name), "hasScreen": False, "isGlobal": True, "isAvailable": True}
            for number, name in TRANSITIONS.items()
            if name != issue["status"]
        ]
        return Answer(200, {"expand": "transitions", "transitions": found})

    def move(self, request: Request, issue: Shape) -> Answer:
        given = body_of(request, {"transition", "fields", "update", "properties", "historyMetadata"})
        transition = given.get("transition")
        number = transition.get("id") if isinstance(transition, dict) else None
        if number is None:
            raise refusal(400, "Missing 'transition' identifier")
        if given.get("fields") or given.get("update"):
            raise refusal(400, "Field cannot be set. It is not on the appropriate screen, or unknown.")
        if not isinstance(number, str) or TRANSITIONS.get(number, issue["status"]) == issue["status"]:
            raise refusal(400, f"Transition id '{number}' is not valid for this issue.")
        issue["history"].append({"at": self.clock(), "status": issue["status"]})
        issue["status"] = TRANSITIONS[number]
        return Answer(204)

    def search(self, request: Request) -> Answer:
        names = {
            "jql",
            "fields",
            "fieldsByKeys",
            "expand",
            "maxResults",
            "nextPageToken",
            "properties",
            "reconcileIssues",
        }
        given = body_of(request, names)
        most = given.get("maxResults", 50)
        if not isinstance(most, int) or not 1 <= most <= 5000:
            raise refusal(400, "maxResults must be 1 to 5000")
        try:
            wanted = jql.parsed(given.get("jql"))
        except ValueError as wrong:
            raise refusal(400, str(wrong)) from None
        fresh = set(map(str, given.get("reconcileIssues", [])))
        seen = self.clock() - self.settings["search_lag"]
        found = [one for one in self.messages if (one["at"] <= seen or one["id"] in fresh) and jql.fits(wanted, one)]
        start = int(given.get("nextPageToken") or 0)
        fields = given.get("fields") or ["id"]
        issues = [
            {"id": one["id"]} if fields == ["id"] else {**self.named(request, one), "fields": shown_fields(one, fields)}
            for one in found[start : start + most]
        ]
        last = start + most >= len(found)
        return Answer(200, {"issues": issues, "isLast": last} | ({} if last else {"nextPageToken": str(start + most)}))

    # ------------------------------------------------------------ what is asked about it

    def too_fast(self, seconds: int) -> Answer:
        reset = datetime.fromtimestamp(self.clock() + seconds, timezone.utc).strftime("%Y-%m-%dT%H:%MZ")
        headers = {
            "retry-after": str(seconds),
            "x-ratelimit-limit": "100",
            "x-ratelimit-remaining": "0",
            "x-ratelimit-reset": reset,
            "ratelimit-reason": "jira-quota-based",
        }
        return Answer(429, {"errorMessages": ["Rate limit exceeded."], "errors": {}}, headers)

    def trouble(self, status: int, code: str) -> Answer:
        if status == 429:
            return self.too_fast(1)
        return Answer(status, {"errorMessages": [code or "Internal server error"], "errors": {}})

    def shown(self) -> list[Shape]:
        return [
            {**one, "text": adf.text_of(text), "links": adf.links_of(text)}
            for one in self.messages
            for text in [one["fields"].get("description") or {}]
        ]

    def page(self) -> str:
        return "".join(self.ticket(one) for one in self.messages)

    def ticket(self, one: Shape) -> str:
        fields = one["fields"]
        labels = "".join(f"<span class=label>{escape(label)}</span>" for label in fields["labels"])
        who = USERS.get((fields["assignee"] or {}).get("accountId", ""), "Unassigned")
        about = f"{fields['issuetype']['name']} · {fields['priority']['name']} · {escape(who)} {labels}"
        text = adf.html_of(fields["description"]) if fields.get("description") else ""
        comments = "".join(f"<div class=comment>{adf.html_of(said['body'])}</div>" for said in one["comments"])
        state = f"<span class='status {STATUSES[one['status']][1]}'>{one['status']}</span>"
        return f"<article><div class=who>{one['key']} {state}</div><h3>{escape(fields['summary'])}</h3><div class=context>{about}</div>{text}{comments}</article>"


def refusal(status: int, *messages: str, fields: dict[str, str] | None = None) -> Refused:
    why = "; ".join([*messages, *(f"{name}: {text}" for name, text in (fields or {}).items())])
    errors = {name: text.split(" (/")[0] for name, text in (fields or {}).items()}
    return Refused(why, Answer(status, {"errorMessages": list(messages), "errors": errors}))


def invalid(wrong: dict[str, str]) -> list[str]:
    """What is said of documents that are none, beside their fields."""
    return ["INVALID_INPUT"] if any(why.startswith("INVALID_INPUT") for why in wrong.values()) else []


def body_of(request: Request, known: set[str]) -> Shape:
    if request.content_type != "application/json":
        said = Answer(415, {"errorMessages": ["Unsupported Media Type"], "errors": {}})
        raise Refused(f"Content-Type is {request.content_type!r}, not application/json", said)
    try:
        given = request.json()
    except ValueError as wrong:
        raise refusal(
            400, f"There was an error parsing JSON. Check that your request body is valid. ({wrong})"
        ) from None
    if not isinstance(given, dict) or set(given) - known:
        raise refusal(400, "Invalid request payload. Refer to the REST API documentation and try again.")
    return given


def relabelled(labels: list[str], changes: Any) -> list[str]:
    made = list(labels)
    for change in changes if isinstance(changes, list) else [changes]:
        if not isinstance(change, dict) or len(change) != 1 or set(change) - {"add", "remove", "set"}:
            raise refusal(400, fields={"labels": "expected add, remove or set"})
        (verb, label), *_ = change.items()
        if verb == "set":
            made = label
        elif verb == "remove":
            made = [one for one in made if one != label]
        elif label not in made:
            made = [*made, label]
    return made


def stamp(at: float) -> str:
    return datetime.fromtimestamp(at, timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.000+0000")


def shown_fields(issue: Shape, wanted: list[str]) -> Shape:
    every = {
        **issue["fields"],
        "status": status(issue["status"]),
        "created": stamp(issue["at"]),
        "comment": {"comments": issue["comments"]},
    }
    if "*all" in wanted or "*navigable" in wanted:
        return every
    return {name: every[name] for name in wanted if name in every}
