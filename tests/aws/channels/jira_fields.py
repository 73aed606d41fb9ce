"""The fields of Jira's issues: what a site has of each, and what Jira says of a value that it does not take."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from channels import adf
from channels.exchange import Shape

PROJECTS = {"SEC": "10000", "OPS": "10001"}
TYPES = {"Task": "10001", "Bug": "10002", "Story": "10003"}
PRIORITIES = {"Highest": "1", "High": "2", "Medium": "3", "Low": "4", "Lowest": "5"}
USERS = {"5b10a2844c20165700ede21g": "Mia Krystof", "5b10ac8d82e05b22cc7d4ef5": "Emma Richards"}
STATUSES = {"To Do": ("10000", "new"), "In Progress": ("10001", "indeterminate"), "Done": ("10002", "done")}
# By name, as the simplified workflow has them: from every status to every other.
TRANSITIONS = {"11": "To Do", "21": "In Progress", "31": "Done"}
LONGEST_SUMMARY = LONGEST_LABEL = 255
LONGEST_TEXT = 32_767
KNOWN = set("project summary issuetype description priority labels assignee duedate".split())


def key_of(given: Any, name: str, known: dict[str, str]) -> str:
    """The key or name that something is given by, itself or its id; empty if it is not known."""
    if not isinstance(given, dict) or len(given) != 1:
        return ""
    if name in given:
        return given[name] if given[name] in known else ""
    return next((key for key, number in known.items() if given.get("id") == number), "")


def document(given: Any) -> str:
    """Why this is no text."""
    if not isinstance(given, dict):
        return "Operation value must be an Atlassian Document (see the Atlassian Document Format)"
    if why := adf.problem(given):
        return f"INVALID_INPUT ({why})"
    return "CONTENT_LIMIT_EXCEEDED" if len(adf.text_of(given)) > LONGEST_TEXT else ""


def problems(fields: Shape) -> dict[str, str]:
    """What is wrong with the fields of an issue, as Jira tells it."""
    wrong = {
        name: f"Field '{name}' cannot be set. It is not on the appropriate screen, or unknown."
        for name in fields
        if name not in KNOWN
    }
    checks = {
        "project": lambda given: "" if key_of(given, "key", PROJECTS) else "Specify a valid project ID or key",
        "issuetype": lambda given: "" if key_of(given, "name", TYPES) else "Specify a valid issue type",
        "priority": lambda given: "" if key_of(given, "name", PRIORITIES) else "The priority selected is invalid.",
        "summary": of_summary, "labels": of_labels, "assignee": of_assignee, "duedate": of_date,
        "description": lambda given: "" if given is None else document(given),
    }  # fmt: skip
    for name, check in checks.items():
        if name in fields and (why := check(fields[name])):
            wrong[name] = why
    return wrong


def of_summary(given: Any) -> str:
    if not isinstance(given, str):
        return "Operation value must be a string"
    if not given.strip():
        return "You must specify a summary of the issue."
    if "\n" in given or "\r" in given:
        return "The summary is invalid because it contains newline characters."
    return f"Summary can't exceed {LONGEST_SUMMARY} characters." if len(given) > LONGEST_SUMMARY else ""


def of_labels(given: Any) -> str:
    if not isinstance(given, list) or not all(isinstance(label, str) for label in given):
        return "Operation value must be an array of strings"
    for label in given:
        if not label or re.search(r"\s", label):
            return f"The label '{label}' can't contain spaces."
        if len(label) > LONGEST_LABEL:
            return f"The label '{label}' exceeds the maximum length for a single label. Labels can't exceed {LONGEST_LABEL} characters."
    return ""


def of_assignee(given: Any) -> str:
    if given is None:
        return ""
    if not isinstance(given, dict) or set(given) - {"accountId", "id"}:
        return "expected Object containing an accountId"
    number = given.get("accountId", given.get("id"))
    return "" if number is None or number in USERS else f"User '{number}' cannot be assigned issues."


def of_date(given: Any) -> str:
    try:
        date.fromisoformat(given)
    except (TypeError, ValueError):
        return "Error parsing date string: " + str(given)
    return ""


def plain_fields(fields: Shape) -> Shape:
    """The fields as they are shown: by name, whatever they were given by."""
    shown = dict(fields)
    for name, key, known in (
        ("project", "key", PROJECTS),
        ("issuetype", "name", TYPES),
        ("priority", "name", PRIORITIES),
    ):
        if name in fields:
            found = key_of(fields[name], key, known)
            shown[name] = {"id": known[found], key: found}
    return shown


def status(name: str) -> Shape:
    number, category = STATUSES[name]
    return {"id": number, "name": name, "statusCategory": {"key": category, "name": name}}
