"""Nulab Backlog: issues and comments of its API (version 2).

Its reference names no texts of errors but their codes; the texts here are ours. Stricter than Backlog in one thing: it
takes no parameters that its reference does not name.
"""

from __future__ import annotations

import re
from datetime import date, datetime, timezone
from html import escape
from typing import Any
from urllib.parse import parse_qsl

from channels.exchange import Answer, Refused, Request, Service, Shape

KEY = "stand-in-of-an-api-key"
PROJECTS = {1001: "SEC", 1002: "OPS"}
TYPES = {2001: (1001, "Task"), 2002: (1001, "Bug"), 2003: (1002, "Task")}
CATEGORIES = {3001: (1001, "Kintsugi"), 3002: (1001, "Network")}
PRIORITIES = {2: "High", 3: "Normal", 4: "Low"}
STATUSES = {1: "Open", 2: "In Progress", 3: "Resolved", 4: "Closed"}
RESOLUTIONS = {0: "Fixed", 1: "Won't Fix", 2: "Invalid", 3: "Duplication", 4: "Cannot Reproduce"}
USERS = {4001: "kintsugi", 4002: "eguchi"}
LONGEST_SUMMARY = 255
NO_RESOURCE, INVALID, AUTHENTICATION, TOO_MANY = 6, 7, 11, 13

NUMBERS = {"projectId", "issueTypeId", "priorityId", "assigneeId", "statusId", "resolutionId", "parentIssueId"}
LISTS = {"categoryId", "versionId", "milestoneId", "notifiedUserId", "attachmentId"}
TEXTS = {"summary", "description", "comment"}
DATES, HOURS = {"startDate", "dueDate"}, {"estimatedHours", "actualHours"}
MAKES = NUMBERS - {"statusId", "resolutionId"} | LISTS | TEXTS - {"comment"} | DATES | HOURS
CHANGES = NUMBERS - {"projectId"} | LISTS | TEXTS | DATES | HOURS
FINDS = {"projectId", "issueTypeId", "categoryId", "statusId", "priorityId", "assigneeId", "id"}


class Backlog(Service):
    name, title = "backlog", "Nulab Backlog"
    # Changes in a minute; 0: no limit.
    first: Shape = {"per_minute": 0}

    def forget(self) -> None:
        super().forget()
        self.counts: dict[int, int] = {}
        self.comments = 0
        self.window, self.used = 0.0, 0

    def keys(self, base: str) -> Shape:
        return {
            "site": f"{base}/backlog", "api_key": KEY, "projects": PROJECTS, "issue_types": {number: name for number, (_, name) in TYPES.items()},
            "categories": {number: name for number, (_, name) in CATEGORIES.items()}, "priorities": PRIORITIES,
            "statuses": STATUSES, "assignees": USERS,
        }  # fmt: skip

    def serve(self, request: Request) -> Answer:
        said = super().serve(request)
        return Answer(said.status, said.body, {**self.limits(), **said.headers})

    def limits(self, remaining: int | None = None) -> dict[str, str]:
        most = int(self.settings["per_minute"]) or 150
        left = max(0, most - self.used) if remaining is None else remaining
        reset = int(self.clock() // 60 + 1) * 60
        return {"x-ratelimit-limit": str(most), "x-ratelimit-remaining": str(left), "x-ratelimit-reset": str(reset)}

    def take(self, request: Request) -> Answer:
        if ("apiKey", KEY) not in request.queries():
            raise refusal(401, AUTHENTICATION, "Authentication failure.")
        method, path = request.method, request.path.removeprefix("/backlog/api/v2/")
        self.count(method)
        if (method, path) == ("POST", "issues"):
            return self.create(request)
        if (method, path) == ("GET", "issues"):
            return self.find(request)
        if (method, path) == ("GET", "users/myself"):
            return Answer(200, user(4001))
        found = re.fullmatch(r"issues/([^/]+)(/comments)?", path)
        doings = {
            ("GET", None): self.get, ("PATCH", None): self.change, ("POST", "/comments"): self.comment,
            ("GET", "/comments"): self.commented,
        }  # fmt: skip
        if found is None or (method, found[2]) not in doings:
            raise refusal(404, NO_RESOURCE, f"Undefined resource. {request.path}")
        issue = next((one for one in self.messages if found[1] in (str(one["id"]), one["issueKey"])), None)
        if issue is None:
            raise refusal(404, NO_RESOURCE, "No such issue.")
        return doings[method, found[2]](request, issue)

    def count(self, method: str) -> None:
        """Count changes in windows of a minute."""
        window = self.clock() // 60
        if window != self.window:
            self.window, self.used = window, 0
        if method == "GET":
            return
        if self.settings["per_minute"] and self.used >= self.settings["per_minute"]:
            raise Refused("too many requests", self.trouble(429, ""))
        self.used += 1

    def create(self, request: Request) -> Answer:
        given = form(request, MAKES)
        for name in ("projectId", "summary", "issueTypeId", "priorityId"):
            if name not in given:
                raise refusal(400, INVALID, f"{name} is required.")
        check(given, given["projectId"])
        project = given["projectId"]
        number = self.counts[project] = self.counts.get(project, 0) + 1
        made = self.note(
            request, id=5001 + len(self.messages), keyId=number, issueKey=f"{PROJECTS[project]}-{number}", statusId=1,
            resolutionId=None, comments=[], history=[], **{"description": "", "assigneeId": None, "categoryId": [], **given},
        )  # fmt: skip
        self.messages.append(made)
        host = request.headers.get("host", "kintsugi.backlog.com")
        return Answer(201, full(made), {"location": f"http://{host}/backlog/view/{made['issueKey']}"})

    def get(self, _: Request, issue: Shape) -> Answer:
        return Answer(200, full(issue))

    def change(self, request: Request, issue: Shape) -> Answer:
        given = form(request, CHANGES)
        check(given, issue["projectId"])
        comment = given.pop("comment", "")
        changed = {name: value for name, value in given.items() if issue.get(name) != value}
        if not changed and not comment:
            raise refusal(400, INVALID, "Please change the status or post a comment.")
        issue["history"].append({"at": self.clock(), **{name: issue.get(name) for name in changed}})
        issue |= changed
        if comment:
            self.say(issue, comment)
        return Answer(200, full(issue))

    def comment(self, request: Request, issue: Shape) -> Answer:
        given = form(request, {"content", "notifiedUserId", "attachmentId"})
        if not given.get("content", "").strip():
            raise refusal(400, INVALID, "content is required.")
        return Answer(201, self.say(issue, given["content"]))

    def say(self, issue: Shape, content: str) -> Shape:
        self.comments += 1
        made = {
            "id": 6000 + self.comments,
            "projectId": issue["projectId"],
            "issueId": issue["id"],
            "content": content,
            "changeLog": None,
            "createdUser": user(4001),
            "created": stamp(self.clock()),
            "stars": [],
            "notifications": [],
        }
        issue["comments"].append(made)
        return made

    def commented(self, _: Request, issue: Shape) -> Answer:
        return Answer(200, list(reversed(issue["comments"])))

    def find(self, request: Request) -> Answer:
        wanted: dict[str, set[int]] = {}
        keyword, count, offset, order = "", 20, 0, "desc"
        for name, value in request.queries():
            plain = re.sub(r"\[\d*\]$", "", name)
            if plain in FINDS and plain != name:
                wanted.setdefault(plain, set()).add(whole(plain, value))
            elif name == "keyword":
                keyword = value
            elif name == "count" and 1 <= whole(name, value) <= 100:
                count = int(value)
            elif name == "offset":
                offset = whole(name, value)
            elif name == "order" and value in ("asc", "desc"):
                order = value
            elif name not in ("apiKey", "sort"):
                raise refusal(400, INVALID, f"{name} is no parameter, or {value!r} none of its values.")
        for project in wanted.get("projectId", set()) - set(PROJECTS):
            raise refusal(404, NO_RESOURCE, f"No such project. (id: {project})")
        found = [one for one in self.messages if fits(one, wanted, keyword)]
        if order == "desc":
            found.reverse()
        return Answer(200, [full(one) for one in found[offset : offset + count]])

    def trouble(self, status: int, code: str) -> Answer:
        if status == 429:
            body = errors(TOO_MANY, "Too many requests.")
            return Answer(429, body, {**self.limits(0), "retry-after": "1"} if code == "retry" else self.limits(0))
        known = {
            401: (AUTHENTICATION, "Authentication failure."),
            404: (NO_RESOURCE, "No such resource."),
            403: (5, "Your operation is denied."),
        }
        number, text = known.get(
            status, (1, "An error occurred in the API server.") if status >= 500 else (INVALID, "Invalid request.")
        )
        return Answer(status, errors(number, code or text))

    def page(self) -> str:
        return "".join(ticket(one) for one in self.messages)


def errors(code: int, message: str) -> Shape:
    return {"errors": [{"message": message, "code": code, "moreInfo": ""}]}


def refusal(status: int, code: int, message: str) -> Refused:
    return Refused(message, Answer(status, errors(code, message)))


def whole(name: str, value: str) -> int:
    if not re.fullmatch(r"\d{1,18}", value):
        raise refusal(400, INVALID, f"{name}: {value!r} is no number.")
    return int(value)


def form(request: Request, known: set[str]) -> Shape:
    """The parameters of the body; several of one name make a list."""
    if request.content_type != "application/x-www-form-urlencoded":
        raise refusal(400, INVALID, f"Content-Type is {request.content_type!r}, not application/x-www-form-urlencoded.")
    try:
        pairs = parse_qsl(
            request.body.decode("utf-8"), keep_blank_values=True, strict_parsing=bool(request.body), errors="strict"
        )
    except ValueError:
        raise refusal(400, INVALID, "the body is no form in UTF-8.") from None
    given: Shape = {}
    for name, value in pairs:
        plain = re.sub(r"\[\d*\]$", "", name)
        several = plain in LISTS
        if plain not in known or (several == (plain == name)):
            raise refusal(400, INVALID, f"{name} is no parameter.")
        if several:
            given.setdefault(plain, []).append(whole(plain, value))
        elif name in given:
            raise refusal(400, INVALID, f"{name} comes twice.")
        else:
            given[name] = (
                whole(name, value) if name in NUMBERS and not (name == "assigneeId" and value == "") else value
            )
    return given


def check(given: Shape, project: int) -> None:
    """What the space does not know, or is too long."""
    if project not in PROJECTS:
        raise refusal(404, NO_RESOURCE, f"No such project. (id: {project})")
    if "summary" in given:
        summary = given["summary"]
        if not summary.strip() or len(summary) > LONGEST_SUMMARY or re.search(r"[\r\n]", summary):
            raise refusal(400, INVALID, f"summary: one line of 1 to {LONGEST_SUMMARY} characters.")
    ours = {"issueTypeId": TYPES, "categoryId": CATEGORIES}
    for name, of_project in ours.items():
        for number in as_list(given.get(name)):
            if of_project.get(number, (0, ""))[0] != project:
                raise refusal(400, INVALID, f"No such {name} in the project. (id: {number})")
    known: dict[str, dict[int, str]] = {
        "priorityId": PRIORITIES,
        "statusId": STATUSES,
        "resolutionId": RESOLUTIONS,
        "assigneeId": USERS,
        "notifiedUserId": USERS,
    }
    for name, numbers in known.items():
        for number in as_list(given.get(name)):
            if number != "" and number not in numbers:
                raise refusal(400, INVALID, f"No such {name}. (id: {number})")
    for name in DATES & set(given):
        try:
            date.fromisoformat(given[name])
        except ValueError:
            raise refusal(400, INVALID, f"{name}: {given[name]!r} is no date (yyyy-MM-dd).") from None


def as_list(value: Any) -> list[Any]:
    return [] if value is None else value if isinstance(value, list) else [value]


def fits(issue: Shape, wanted: dict[str, set[int]], keyword: str) -> bool:
    texts = [issue["summary"], issue["description"], *(one["content"] for one in issue["comments"])]
    return all(set(as_list(issue[name])) & numbers for name, numbers in wanted.items()) and all(
        any(word.lower() in text.lower() for text in texts) for word in keyword.split()
    )


def stamp(at: float) -> str:
    return datetime.fromtimestamp(at, timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def user(number: Any) -> Shape | None:
    name = USERS.get(number)
    return (
        {"id": number, "userId": name, "name": name, "roleType": 2, "lang": None, "mailAddress": f"{name}@example.com"}
        if name
        else None
    )


def named(number: Any, names: dict[int, str]) -> Shape | None:
    return {"id": number, "name": names[number]} if number in names else None


def full(issue: Shape) -> Shape:
    """An issue as the API shows it."""
    project, kind = issue["projectId"], issue["issueTypeId"]
    return {
        "id": issue["id"], "projectId": project, "issueKey": issue["issueKey"], "keyId": issue["keyId"],
        "issueType": {"id": kind, "projectId": project, "name": TYPES[kind][1]}, "summary": issue["summary"],
        "description": issue["description"], "resolution": named(issue["resolutionId"], RESOLUTIONS),
        "priority": named(issue["priorityId"], PRIORITIES), "status": {**(named(issue["statusId"], STATUSES) or {}), "projectId": project},
        "assignee": user(issue["assigneeId"]), "category": [{"id": number, "projectId": project, "name": CATEGORIES[number][1]} for number in issue["categoryId"]],
        "versions": [], "milestone": [], "startDate": issue.get("startDate"), "dueDate": issue.get("dueDate"), "parentIssueId": issue.get("parentIssueId"),
        "createdUser": user(4001), "created": stamp(issue["at"]), "updatedUser": user(4001), "customFields": [], "attachments": [], "sharedFiles": [], "stars": [],
    }  # fmt: skip


def formatted(text: str) -> str:
    """Backlog's notation, a little of it, as HTML."""
    made: list[str] = []
    for line in re.split(r"\r?\n", text):
        shown = escape(line)
        shown = re.sub(
            r"&#x27;&#x27;(.+?)&#x27;&#x27;|\*\*(.+?)\*\*", lambda bold: f"<b>{bold[1] or bold[2]}</b>", shown
        )
        shown = re.sub(
            r"(?<![\w/])https?://[^\s<>|\]]+",
            lambda url: f'<a href="{url[0]}" rel="noreferrer nofollow">{url[0]}</a>',
            shown,
        )
        if heading := re.match(r"(\*{1,3}|#{1,4}) (.+)", shown):
            made.append(f"<h4>{heading[2]}</h4>")
        elif item := re.match(r"[-+] (.+)", shown):
            made.append(f"<div class=item>• {item[1]}</div>")
        elif quote := re.match(r"&gt; ?(.*)", shown):
            made.append(f"<blockquote>{quote[1]}</blockquote>")
        else:
            made.append(f"<div>{shown or '&nbsp;'}</div>")
    return "".join(made)


def ticket(one: Shape) -> str:
    comments = "".join(f"<div class=comment>{formatted(said['content'])}</div>" for said in one["comments"])
    who = USERS.get(one["assigneeId"], "nobody")
    categories = "".join(f"<span class=label>{escape(CATEGORIES[number][1])}</span>" for number in one["categoryId"])
    about = f"{TYPES[one['issueTypeId']][1]} · {PRIORITIES[one['priorityId']]} · {who} {categories}"
    state = f"<span class='status s{one['statusId']}'>{STATUSES[one['statusId']]}</span>"
    return f"<article><div class=who>{one['issueKey']} {state}</div><h3>{escape(one['summary'])}</h3><div class=context>{about}</div>{formatted(one['description'])}{comments}</article>"
