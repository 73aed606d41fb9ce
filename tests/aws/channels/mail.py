"""Where SNS delivers to: mail boxes, and Amazon Q Developer in chat applications.

What comes for Amazon Q must be its custom notification; it shows nothing else, and so nothing else is taken.
"""

from __future__ import annotations

import json
import re
import threading
import urllib.request
from html import escape
from typing import Any

from channels.exchange import Answer, Refused, Request, Service, Shape

LONGEST_SUBJECT = 99


class Mail(Service):
    name, title = "mail", "Mail and Amazon Q Developer"

    def keys(self, base: str) -> Shape:
        return {"mail": f"{base}/sns/mail", "chat": f"{base}/sns/chat"}

    def take(self, request: Request) -> Answer:
        found = re.fullmatch(r"/sns/(mail|chat)", request.path)
        if found is None or request.method != "POST":
            raise refusal(404, f"there is no {request.method} {request.path}")
        try:
            given = request.json()
        except ValueError as wrong:
            raise refusal(400, f"no JSON: {wrong}") from None
        if given.get("Type") == "SubscriptionConfirmation":
            # SNS waits for this answer before it takes another request.
            threading.Thread(target=urllib.request.urlopen, args=(given["SubscribeURL"],), daemon=True).start()
            return Answer(200)
        if given.get("Type") != "Notification" or not isinstance(given.get("Message"), str):
            raise refusal(400, "no notification of SNS")
        check = {"mail": of_mail, "chat": of_chat}[found[1]]
        if why := check(given):
            raise refusal(400, why)
        kept = {
            "box": found[1],
            "topic": given.get("TopicArn"),
            "to": given.get("Endpoint"),
            "subject": given.get("Subject"),
        }
        self.messages.append(self.note(request, **kept, text=given["Message"]))
        return Answer(200)

    def page(self) -> str:
        return "".join(mail(one) if one["box"] == "mail" else chat(one) for one in self.messages)


def refusal(status: int, why: str) -> Refused:
    return Refused(why, Answer(status, why))


def of_mail(given: Shape) -> str:
    subject = given.get("Subject") or "AWS Notification Message"
    if len(subject) > LONGEST_SUBJECT or not subject.isprintable():
        return f"the subject is one line of at most {LONGEST_SUBJECT} characters"
    return "" if given["Message"].strip() else "the mail is empty"


def text(most: int) -> Any:
    return lambda value: isinstance(value, str) and 0 < len(value) <= most


def texts(most: int) -> Any:
    return lambda value: isinstance(value, list) and all(text(most)(one) for one in value)


# The custom notification, version 1.0: what each part may have.
TOP = {
    "version": lambda value: value == "1.0",
    "source": lambda value: value == "custom",
    "id": text(1000),
    "content": lambda value: isinstance(value, dict),
    "metadata": lambda value: isinstance(value, dict),
}
CONTENT = {
    "textType": lambda value: value == "client-markdown",
    "title": text(250),
    "description": text(8000),
    "nextSteps": texts(350),
    "keywords": texts(75),
}
METADATA = {
    "threadId": text(1000), "summary": text(1000), "eventType": text(1000), "relatedResources": texts(1000),
    "additionalContext": lambda value: isinstance(value, dict) and all(isinstance(one, str) for one in value.values()),
    "enableCustomActions": lambda value: isinstance(value, bool),
}  # fmt: skip


def of_chat(given: Shape) -> str:
    """Why Amazon Q would show nothing."""
    try:
        said = json.loads(given["Message"])
    except ValueError:
        return "the message is no JSON"
    if not isinstance(said, dict):
        return "the message is JSON, but no object"
    for needed in ("version", "source", "content"):
        if needed not in said:
            return f"{needed} is missing"
    content = said["content"] if isinstance(said["content"], dict) else {}
    if "description" not in content:
        return "content.description is missing"
    for at, part, known in (
        ("", said, TOP),
        ("content.", content, CONTENT),
        ("metadata.", said.get("metadata", {}), METADATA),
    ):
        for name, value in part.items() if isinstance(part, dict) else ():
            if name not in known:
                return f"there is no {at}{name}"
            if not known[name](value):
                return f"{at}{name} is not what it must be, or too long"
    return ""


def mail(one: Shape) -> str:
    to = f" <small>to {escape(one['to'])}</small>" if one["to"] else ""
    subject = escape(one["subject"] or "AWS Notification Message")
    return f"<article><div class=who>AWS Notifications &lt;no-reply@sns.amazonaws.com&gt;{to}</div><h3>{subject}</h3><pre>{escape(one['text'])}</pre></article>"


def chat(one: Shape) -> str:
    said = json.loads(one["text"])
    content = said["content"]
    steps = "".join(f"<li>{marked(step)}</li>" for step in content.get("nextSteps", []))
    words = "".join(f"<span class=label>{escape(word)}</span>" for word in content.get("keywords", []))
    return (
        f"<article><div class=who><b>Amazon Q</b> <span class=app>APP</span></div><h3>{marked(content.get('title', ''))}</h3>"
        f"<p>{marked(content['description'])}</p>{f'<b>Next steps</b><ul>{steps}</ul>' if steps else ''}{words}</article>"
    )


def marked(markdown: str) -> str:
    """A little Markdown, as HTML."""
    shown = escape(markdown)
    shown = re.sub(r"`([^`\n]+)`", r"<code>\1</code>", shown)
    shown = re.sub(
        r"\*\*(\S(?:.*?\S)?)\*\*|(?<!\w)\*(\S(?:[^*\n]*\S)?)\*(?!\w)",
        lambda bold: f"<b>{bold[1] or bold[2]}</b>",
        shown,
    )
    shown = re.sub(r"\[([^\]\n]+)\]\((https?://[^\s)]+)\)", r'<a href="\2" rel="noreferrer nofollow">\1</a>', shown)
    return shown.replace("\n", "<br>")
