"""How Slack reads its mrkdwn, and what its blocks look like: as HTML, for people to look at."""

from __future__ import annotations

import re
from html import escape
from typing import Any

from channels.exchange import Shape

# <https://…|label>, <@U…>, <!channel>, <#C…>: all else between < and > is shown as it is.
TAG = re.compile(r"<((?:https?:|mailto:)[^<>|\s]+|@[A-Z0-9]+|![a-z]+(?:\^[^<>|]*)*|#[A-Z0-9]+)(?:\|([^<>]*))?>")
BARE = re.compile(r"https?://[^\s<>|]+")
EMOJI = {
    "red_circle": "🔴", "large_orange_circle": "🟠", "large_orange_diamond": "🔶", "large_yellow_circle": "🟡",
    "large_blue_circle": "🔵", "large_green_circle": "🟢", "white_circle": "⚪", "white_check_mark": "✅",
    "heavy_check_mark": "✔️", "warning": "⚠️", "rotating_light": "🚨", "bell": "🔔", "lock": "🔒", "eyes": "👀",
    "hourglass": "⌛", "hourglass_flowing_sand": "⏳", "information_source": "ℹ️", "x": "❌", "wrench": "🔧",
    "hammer_and_wrench": "🛠️", "memo": "📝", "link": "🔗", "bulb": "💡", "repeat": "🔁", "arrow_right": "➡️",
    "no_entry": "⛔", "raised_hand": "✋", "mag": "🔍", "bar_chart": "📊", "calendar": "📅", "clock3": "🕒",
}  # fmt: skip
# Drawn, as a browser without a font for emoji would show nothing: colour and sign.
DRAWN = {
    "🔴": ("red", ""), "🟠": ("orange", ""), "🔶": ("orange", ""), "🟡": ("yellow", ""), "🔵": ("blue", ""),
    "🟢": ("green", ""), "⚪": ("grey", ""), "✅": ("green", "✓"), "✔️": ("green", "✓"), "⚠️": ("yellow", "!"),
    "❌": ("red", "×"), "ℹ️": ("blue", "i"), "⛔": ("red", "–"), "🚨": ("red", "!"),
}  # fmt: skip
CODE = re.compile(r"```(.+?)```|`([^`\n]+)`", re.S)
STYLES = (("b", r"\*"), ("i", "_"), ("s", "~"))


def safe(text: Any) -> str:
    return escape(str(text))


def plain(text: str) -> str:
    """A text whose &, < and > are written as Slack wants them, for HTML."""
    shown = escape(unescape_three(text))
    shown = re.sub(r":([a-z0-9_+-]+):", lambda name: EMOJI.get(name[1], name[0]), shown)
    for letter, (colour, sign) in DRAWN.items():
        shown = shown.replace(letter, f"<span class='dot {colour}'>{sign}</span>")
    return shown


def unescape_three(text: str) -> str:
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def html_of(text: str) -> str:
    """mrkdwn as HTML."""
    made, at = [], 0
    for code in CODE.finditer(text):
        made.append(lines_of(text[at : code.start()]))
        block = code[1] is not None
        made.append(f"<pre>{plain(code[1].strip())}</pre>" if block else f"<code>{plain(code[2])}</code>")
        at = code.end()
    return "".join([*made, lines_of(text[at:])])


def lines_of(text: str) -> str:
    made: list[str] = []
    for line in text.split("\n"):
        quote = re.match(r"(?:&gt;|>) ?", line)
        shown = runs(line[quote.end() :] if quote else line)
        made.append(f"<blockquote>{shown}</blockquote>" if quote else shown)
    return "<br>".join(made).replace("</blockquote><br>", "</blockquote>")


def runs(line: str) -> str:
    made, at = [], 0
    for tag in TAG.finditer(line):
        made.append(styled(line[at : tag.start()]))
        made.append(tagged(tag[1], tag[2]))
        at = tag.end()
    return "".join([*made, styled(line[at:])])


def tagged(what: str, label: str | None) -> str:
    if what.startswith("!date^"):
        return plain(label or "")
    if what[0] in "@#!":
        return f"<span class=mention>{plain(label or what)}</span>"
    return anchor(unescape_three(what), styled(label) if label else plain(what))


def anchor(url: str, label: str) -> str:
    return f'<a href="{escape(url)}" rel="noreferrer nofollow">{label}</a>'


def styled(text: str) -> str:
    shown = plain(text)
    for tag, mark in STYLES:
        shown = re.sub(rf"(?<![\w{mark}]){mark}(?=\S)(.+?)(?<=\S){mark}(?!\w)", rf"<{tag}>\1</{tag}>", shown)
    return shown


def text_object(text: Shape) -> str:
    """A text that is mrkdwn or plain."""
    if text.get("type") == "mrkdwn":
        return html_of(text["text"])
    return plain(escape_three(text["text"])).replace("\n", "<br>")


def escape_three(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def blocks(found: list[Shape]) -> str:
    """Blocks that block_kit.py took."""
    return "".join(block(one) for one in found)


def block(one: Shape) -> str:
    kind = one["type"]
    if kind == "header":
        return f"<h3>{text_object(one['text'])}</h3>"
    if kind == "divider":
        return "<hr>"
    if kind == "section":
        text = f"<p>{text_object(one['text'])}</p>" if "text" in one else ""
        cells = "".join(f"<div>{text_object(field)}</div>" for field in one.get("fields", []))
        side = element(one["accessory"]) if "accessory" in one else ""
        return f"<div class=section><div>{text}{f'<div class=fields>{cells}</div>' if cells else ''}</div>{side}</div>"
    if kind == "context":
        parts = [element(part) if part["type"] == "image" else text_object(part) for part in one["elements"]]
        return f"<div class=context>{' '.join(f'<span>{part}</span>' for part in parts)}</div>"
    if kind == "actions":
        return f"<div class=actions>{''.join(element(part) for part in one['elements'])}</div>"
    if kind == "image":
        return f"<p>{element(one)}</p>"
    if kind == "markdown":
        return f"<pre class=markdown>{safe(one['text'])}</pre>"
    return "".join(rich(part) for part in one["elements"])


def element(one: Shape) -> str:
    if one["type"] == "image":
        # Nothing is fetched from anywhere.
        return f"<span class=image>{safe(one['alt_text'])}</span>"
    if one["type"] != "button":
        return "<span class=button>…</span>"
    label = f"<span class='button {safe(one.get('style', ''))}'>{text_object(one['text'])}</span>"
    return anchor(one["url"], label) if "url" in one else label


def rich(part: Shape) -> str:
    kind, inner = part["type"], part["elements"]
    if kind == "rich_text_list":
        tag = "ol" if part["style"] == "ordered" else "ul"
        listed = "".join(f"<li>{rich_runs(item['elements'])}</li>" for item in inner)
        return f"<{tag}>{listed}</{tag}>"
    tag = {"rich_text_quote": "blockquote", "rich_text_preformatted": "pre"}.get(kind, "p")
    return f"<{tag}>{rich_runs(inner)}</{tag}>"


def rich_runs(found: list[Shape]) -> str:
    return "".join(rich_run(one) for one in found)


def rich_run(one: Shape) -> str:
    kind = one["type"]
    if kind == "emoji":
        return EMOJI.get(one["name"], f":{safe(one['name'])}:")
    if kind in ("user", "usergroup", "broadcast"):
        named = one.get("user_id") or one.get("usergroup_id") or one.get("range")
        return f"<span class=mention>@{safe(named)}</span>"
    shown = safe(one.get("text") or one.get("url")).replace("\n", "<br>")
    for style, tag in (("bold", "b"), ("italic", "i"), ("strike", "s"), ("code", "code")):
        if one.get("style", {}).get(style):
            shown = f"<{tag}>{shown}</{tag}>"
    return anchor(one["url"], shown) if kind == "link" else shown


def walk(part: Any, found: Shape) -> None:
    """Collect the links and mentions of blocks or a text object, as Slack would make them."""
    if isinstance(part, list):
        for one in part:
            walk(one, found)
        return
    if not isinstance(part, dict):
        return
    if part.get("type") == "mrkdwn":
        for tag in TAG.finditer(part["text"]):
            if not tag[1].startswith("!date^"):
                found["mentions" if tag[1][0] in "@!#" else "links"].append(unescape_three(tag[1]))
        bare = BARE.finditer(TAG.sub(" ", CODE.sub(" ", part["text"])))
        found["links"] += [unescape_three(one[0]) for one in bare]
        return
    if part.get("type") in ("user", "usergroup", "broadcast"):
        found["mentions"].append(part.get("user_id") or part.get("usergroup_id") or part.get("range"))
    if part.get("type") in ("button", "link") and "url" in part:
        found["links"].append(part["url"])
    for one in part.values():
        walk(one, found)
