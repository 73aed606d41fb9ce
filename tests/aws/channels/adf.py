"""The Atlassian Document Format: whether a document is one, by Atlassian's own schema, and what it looks like.

The schema is adf.json, as Atlassian publishes it.
"""

from __future__ import annotations

import functools
import json
from html import escape
from pathlib import Path
from typing import Any

from channels.exchange import Shape

SCHEMA = Path(__file__).with_name("adf.json")
TAGS = {
    "paragraph": "p", "bulletList": "ul", "orderedList": "ol", "listItem": "li", "blockquote": "blockquote",
    "codeBlock": "pre", "table": "table", "tableRow": "tr", "tableHeader": "th", "tableCell": "td",
}  # fmt: skip
MARKS = {"strong": "b", "em": "i", "code": "code", "strike": "s", "underline": "u"}


@functools.cache
def definitions() -> Shape:
    return dict(json.loads(SCHEMA.read_text())["definitions"])


@functools.cache
def validator() -> Any:
    # It takes a while to import, and only who sends a document needs it.
    from jsonschema import Draft4Validator
    from jsonschema.exceptions import ValidationError
    from jsonschema.validators import extend

    def any_of(checker: Any, schemas: list[Shape], instance: Any, _: Shape) -> Any:
        """Of all that might be meant only what the node's type says: else each level would be tried many times over."""
        kind = instance.get("type") if isinstance(instance, dict) else None
        meant = [schema for schema in schemas if kind is None or kind in (kinds(schema) or {kind})]
        if not meant:
            yield ValidationError(f"{kind!r} may not stand here")
            return
        found: list[Any] = []
        for schema in meant:
            errors = list(checker.descend(instance, schema))
            if not errors:
                return
            found = found or errors
        yield from found

    return extend(Draft4Validator, {"anyOf": any_of})(json.loads(SCHEMA.read_text()))


def kinds(schema: Shape) -> set[str]:
    """The types of nodes or marks that a schema is for."""
    if "$ref" in schema:
        return kinds_of(schema["$ref"].rsplit("/", 1)[1])
    if enum := schema.get("properties", {}).get("type", {}).get("enum"):
        return set(enum)
    return {kind for name in ("anyOf", "allOf") for one in schema.get(name, []) for kind in kinds(one)}


@functools.cache
def kinds_of(name: str) -> set[str]:
    return kinds(definitions()[name])


def problem(document: Any) -> str:
    """Why this is no document; empty if it is one."""
    error = next(validator().iter_errors(document), None)
    if error is None:
        return ""
    return f"/{'/'.join(map(str, error.absolute_path))}: {error.message[:300]}"


def text_of(node: Any) -> str:
    """The text, without its form; a line for each paragraph and the like."""
    if node.get("type") == "text":
        return str(node["text"])
    if node.get("type") == "hardBreak":
        return "\n"
    inner = "".join(text_of(one) for one in node.get("content", []))
    return inner + ("\n" if node.get("type") in ("paragraph", "heading", "codeBlock") else "")


def links_of(node: Any) -> list[str]:
    """Where a reader can click to."""
    found = [mark["attrs"]["href"] for mark in node.get("marks", []) if mark["type"] == "link"]
    if node.get("type") in ("inlineCard", "blockCard", "embedCard") and "url" in node.get("attrs", {}):
        found.append(node["attrs"]["url"])
    return found + [link for one in node.get("content", []) for link in links_of(one)]


def html_of(node: Shape) -> str:
    kind, attrs = node["type"], node.get("attrs", {})
    inner = "".join(html_of(one) for one in node.get("content", []))
    if kind == "text":
        return marked(node)
    if kind == "hardBreak":
        return "<br>"
    if kind == "rule":
        return "<hr>"
    if kind == "heading":
        level = min(6, attrs["level"] + 2)
        return f"<h{level}>{inner}</h{level}>"
    if kind == "panel":
        return f"<div class='panel {escape(attrs['panelType'])}'>{inner}</div>"
    if kind == "status":
        return f"<span class='status {escape(attrs['color'])}'>{escape(attrs['text'])}</span>"
    if kind in ("expand", "nestedExpand"):
        return f"<details open><summary>{escape(attrs.get('title', ''))}</summary>{inner}</details>"
    if kind in ("inlineCard", "blockCard", "embedCard"):
        return link(attrs.get("url", ""), escape(attrs.get("url", "")))
    if kind in ("mention", "emoji", "date"):
        return escape(str(attrs.get("text") or attrs.get("shortName") or attrs.get("timestamp")))
    tag = TAGS.get(kind, "div")
    return f"<{tag}>{inner}</{tag}>"


def marked(node: Shape) -> str:
    shown = escape(node["text"]).replace("\n", "<br>")
    for mark in node.get("marks", []):
        if tag := MARKS.get(mark["type"]):
            shown = f"<{tag}>{shown}</{tag}>"
        elif mark["type"] == "link":
            shown = link(mark["attrs"]["href"], shown)
    return shown


def link(url: str, label: str) -> str:
    # Jira itself opens nothing else.
    if not url.startswith(("https://", "http://", "mailto:")):
        return label
    return f'<a href="{escape(url)}" rel="noreferrer nofollow">{label}</a>'
