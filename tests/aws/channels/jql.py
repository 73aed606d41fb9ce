"""The part of Jira's query language that finds issues by what they are: comparisons joined by AND, and ORDER BY."""

from __future__ import annotations

import re
from typing import Any

from channels import adf
from channels.exchange import Shape
from channels.jira_fields import STATUSES

PART = re.compile(r"\s*(?:\"((?:[^\"\\]|\\.)*)\"|'((?:[^'\\]|\\.)*)'|(!=|=|!~|~|\(|\)|,)|([\w.@-]+))")
FIELDS = set("project labels key issuekey id status statuscategory issuetype priority assignee summary text".split())
UNBOUNDED = "Unbounded JQL queries are not allowed here. Please add a search restriction to your query."
Condition = tuple[str, str, list[str]]


def parsed(text: Any) -> list[Condition]:
    """The conditions. Raises ValueError with what Jira says."""
    if text is not None and not isinstance(text, str):
        raise ValueError("Invalid request payload. Refer to the REST API documentation and try again.")
    where = re.split(r"\border\s+by\b", text or "", flags=re.I)[0]
    words = split(where)
    if not words:
        raise ValueError(UNBOUNDED)
    found: list[Condition] = []
    while words:
        found.append(condition(words))
        if words and not (words[0][1] and words.pop(0)[0].lower() == "and" and words):
            raise ValueError("Error in the JQL Query: expecting AND between two conditions.")
    return found


def split(text: str) -> list[tuple[str, bool]]:
    """The words, each with whether it stands without quotes."""
    words, at = [], 0
    while text[at:].strip():
        part = PART.match(text, at)
        if part is None:
            raise ValueError(
                f"Error in the JQL Query: The character at position {at + 1} is not valid: {text[at : at + 10]!r}"
            )
        quoted = part[1] if part[1] is not None else part[2]
        words.append((re.sub(r"\\(.)", r"\1", quoted), False) if quoted is not None else (part[3] or part[4], True))
        at = part.end()
    return words


def condition(words: list[tuple[str, bool]]) -> Condition:
    def take() -> tuple[str, bool]:
        if not words:
            raise ValueError("Error in the JQL Query: the query ends too early.")
        return words.pop(0)

    name, operator = take()[0].lower(), take()[0].lower()
    if name not in FIELDS:
        raise ValueError(f"Field '{name}' does not exist or you do not have permission to view it.")
    if operator == "not":
        operator = f"not {take()[0].lower()}"
    if operator in ("=", "!=", "~", "!~"):
        return name, operator, [take()[0]]
    if operator not in ("in", "not in") or take()[0] != "(":
        raise ValueError(f"Error in the JQL Query: '{operator}' is no operator here.")
    values = [take()[0]]
    while (mark := take()[0]) == ",":
        values.append(take()[0])
    if mark != ")":
        raise ValueError("Error in the JQL Query: Expecting ')'.")
    return name, operator, values


def fits(conditions: list[Condition], issue: Shape) -> bool:
    return all(one_fits(issue, *one) for one in conditions)


def one_fits(issue: Shape, name: str, operator: str, values: list[str]) -> bool:
    has = [text.lower() for text in texts(issue, name)]
    wanted = [value.lower() for value in values]
    if operator in ("~", "!~"):
        return any(wanted[0].strip('"') in text for text in has) == (operator == "~")
    return any(text in wanted for text in has) == (operator in ("=", "in"))


def texts(issue: Shape, name: str) -> list[str]:
    """What an issue has to compare."""
    fields = issue["fields"]
    text = adf.text_of(fields.get("description") or {})
    found: dict[str, list[str]] = {
        "project": list(fields["project"].values()), "labels": fields["labels"], "key": [issue["key"], issue["id"]],
        "status": [issue["status"]], "statuscategory": [issue["status"], STATUSES[issue["status"]][1]],
        "issuetype": list(fields["issuetype"].values()), "priority": list(fields["priority"].values()),
        "assignee": [str(number) for number in (fields["assignee"] or {}).values()], "summary": [fields["summary"]],
        "text": [fields["summary"], text, *(one["text"] for one in issue["comments"])],
    }  # fmt: skip
    return found[{"issuekey": "key", "id": "key"}.get(name, name)]
