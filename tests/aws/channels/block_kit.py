"""Slack's Block Kit, as far as messages without input need it: what its reference says of each block and its limits.

A problem is told as Slack tells it: `must be less than 3001 characters [json-pointer:/blocks/0/text/text]`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

Check = Callable[[Any, str, list[str]], None]
MOST_BLOCKS = 50
# Not documented. Slack says of itself: 12,000 characters of text, and something for each block that holds it.
MOST_TOGETHER = 12_000
EACH_BLOCK = 20


def problems(blocks: Any) -> list[str]:
    """What Slack would not take of a message's blocks."""
    found: list[str] = []
    if not isinstance(blocks, list):
        return ["must be an array [json-pointer:/blocks]"]
    if len(blocks) > MOST_BLOCKS:
        found.append(f"no more than {MOST_BLOCKS} items allowed [json-pointer:/blocks]")
    for number, block in enumerate(blocks):
        typed(BLOCKS)(block, f"/blocks/{number}", found)
    ids = [block["block_id"] for block in blocks if isinstance(block, dict) and "block_id" in block]
    if len(set(map(str, ids))) != len(ids):
        found.append("block_id must be unique [json-pointer:/blocks]")
    markdown = [
        block.get("text", "") for block in blocks if isinstance(block, dict) and block.get("type") == "markdown"
    ]
    if sum(len(text) for text in markdown if isinstance(text, str)) > 12_000:
        found.append("markdown blocks have at most 12000 characters together [json-pointer:/blocks]")
    return found


def length(blocks: list[Any]) -> int:
    """What counts towards MOST_TOGETHER."""
    return sum(map(text_length, blocks)) + EACH_BLOCK * len(blocks)


def text_length(part: Any) -> int:
    if isinstance(part, list):
        return sum(map(text_length, part))
    if not isinstance(part, dict):
        return 0
    return sum(
        len(value) if name == "text" and isinstance(value, str) else text_length(value) for name, value in part.items()
    )


def say(found: list[str], what: str, at: str) -> None:
    found.append(f"{what} [json-pointer:{at}]")


def text(most: int, least: int = 1) -> Check:
    def check(value: Any, at: str, found: list[str]) -> None:
        if not isinstance(value, str):
            say(found, "must be a string", at)
        elif len(value) < least:
            say(found, f"must be more than {least - 1} characters", at)
        elif len(value) > most:
            say(found, f"must be less than {most + 1} characters", at)

    return check


def flag(value: Any, at: str, found: list[str]) -> None:
    if not isinstance(value, bool):
        say(found, "must be a boolean", at)


def number(value: Any, at: str, found: list[str]) -> None:
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        say(found, "must be a whole number", at)


def one_of(*allowed: str) -> Check:
    def check(value: Any, at: str, found: list[str]) -> None:
        if value not in allowed:
            say(found, f"must be one of {', '.join(allowed)}", at)

    return check


def url(value: Any, at: str, found: list[str]) -> None:
    text(3000)(value, at, found)
    if isinstance(value, str):
        parts = urlsplit(value)
        odd = any(letter.isspace() or letter in "<>|" for letter in value)
        if odd or parts.scheme not in ("http", "https", "mailto", "slack") or not (parts.netloc or parts.path):
            say(found, "Invalid url", at)


def items(check: Check, most: int, least: int = 1) -> Check:
    def check_all(value: Any, at: str, found: list[str]) -> None:
        if not isinstance(value, list):
            say(found, "must be an array", at)
            return
        if len(value) > most:
            say(found, f"no more than {most} items allowed", at)
        if len(value) < least:
            say(found, f"no fewer than {least} items allowed", at)
        for index, item in enumerate(value):
            check(item, f"{at}/{index}", found)

    return check_all


def has(*required: str, **known: Check) -> Check:
    """An object of these fields and no others, with the required ones."""

    def check(value: Any, at: str, found: list[str]) -> None:
        if not isinstance(value, dict):
            say(found, "must be an object", at)
            return
        for name in required:
            if name not in value:
                say(found, f"missing required field: {name}", at)
        for name, inner in value.items():
            if name == "type":
                continue
            if name not in known:
                say(found, f"invalid additional property: {name}", at)
            else:
                known[name](inner, f"{at}/{name}", found)

    return check


def typed(types: dict[str, Check]) -> Check:
    def check(value: Any, at: str, found: list[str]) -> None:
        kind = value.get("type") if isinstance(value, dict) else None
        if not isinstance(kind, str) or kind not in types:
            say(found, f"unsupported type: {kind}", f"{at}/type")
        else:
            types[kind](value, at, found)

    return check


def plain(most: int) -> Check:
    return typed({"plain_text": has("text", text=text(most), emoji=flag)})


def words(most: int) -> Check:
    shapes = {"mrkdwn": has("text", text=text(most), verbatim=flag)}
    return typed({**shapes, "plain_text": has("text", text=text(most), emoji=flag)})


IMAGE = has("image_url", "alt_text", image_url=url, alt_text=text(2000))
CONFIRM = has(
    "title",
    "text",
    "confirm",
    "deny",
    title=plain(100),
    text=words(300),
    confirm=plain(30),
    deny=plain(30),
    style=one_of("primary", "danger"),
)
OPTION = has("text", "value", text=words(75), value=text(150), description=plain(75), url=url)
BUTTON = has(
    "text", text=plain(75), action_id=text(255), url=url, value=text(2000), style=one_of("primary", "danger"),
    confirm=CONFIRM, accessibility_label=text(75),
)  # fmt: skip
OVERFLOW = has("options", options=items(OPTION, 5), action_id=text(255), confirm=CONFIRM)
SELECT = has(
    "options",
    options=items(OPTION, 100),
    action_id=text(255),
    placeholder=plain(150),
    initial_option=OPTION,
    confirm=CONFIRM,
    focus_on_load=flag,
)
ELEMENTS = {"button": BUTTON, "overflow": OVERFLOW, "static_select": SELECT}

STYLE = has(bold=flag, italic=flag, strike=flag, code=flag)
RUNS = typed(
    {
        "text": has("text", text=text(12_000), style=STYLE),
        "link": has("url", url=url, text=text(12_000), style=STYLE, unsafe=flag),
        "emoji": has("name", name=text(100), unicode=text(100), style=STYLE),
        "user": has("user_id", user_id=text(50), style=STYLE),
        "usergroup": has("usergroup_id", usergroup_id=text(50), style=STYLE),
        "broadcast": has("range", range=one_of("here", "channel", "everyone"), style=STYLE),
    }
)
SECTION = has("elements", elements=items(RUNS, 1000, 0))
RICH = typed(
    {
        "rich_text_section": SECTION,
        "rich_text_quote": has("elements", elements=items(RUNS, 1000, 0), border=number),
        "rich_text_preformatted": has("elements", elements=items(RUNS, 1000, 0), border=number, language=text(50)),
        "rich_text_list": has(
            "elements", "style", elements=items(typed({"rich_text_section": SECTION}), 1000), border=number,
            style=one_of("bullet", "ordered"), indent=number, offset=number,
        ),
    }
)  # fmt: skip


def section(value: Any, at: str, found: list[str]) -> None:
    accessory = typed({**ELEMENTS, "image": IMAGE})
    known = {"text": words(3000), "fields": items(words(2000), 10), "accessory": accessory}
    has(**known, block_id=text(255), expand=flag)(value, at, found)
    if "text" not in value and "fields" not in value:
        say(found, "missing required field: text or fields", at)


def actions(value: Any, at: str, found: list[str]) -> None:
    has("elements", elements=items(typed(ELEMENTS), 25), block_id=text(255))(value, at, found)
    elements = value.get("elements")
    ids = [one.get("action_id") for one in elements if isinstance(one, dict)] if isinstance(elements, list) else []
    given = [str(one) for one in ids if one is not None]
    if len(set(given)) != len(given):
        say(found, "action_id must be unique", f"{at}/elements")


BLOCKS: dict[str, Check] = {
    "actions": actions,
    "context": has(
        "elements",
        elements=items(typed({"image": IMAGE, "mrkdwn": words(3000), "plain_text": words(3000)}), 10),
        block_id=text(255),
    ),
    "divider": has(block_id=text(255)),
    "header": has("text", text=plain(150), block_id=text(255)),
    "image": has("image_url", "alt_text", image_url=url, alt_text=text(2000), title=plain(2000), block_id=text(255)),
    "markdown": has("text", text=text(12_000), block_id=text(255)),
    "rich_text": has("elements", elements=items(RICH, 1000), block_id=text(255)),
    "section": section,
}
