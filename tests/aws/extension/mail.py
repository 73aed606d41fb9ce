"""Mail: what SNS sends to an address is delivered to the stand-in for its box; ministack only logs it."""

from __future__ import annotations

import json
import os
import threading
import urllib.error
import urllib.request
from typing import Any

from ministack.services import sns


def extend() -> None:
    fanout = sns._fanout

    def fan_out_and_mail(
        topic: str, number: str, message: str, subject: str, structure: str = "", attributes: Any = None, **rest: Any
    ) -> None:
        fanout(topic, number, message, subject, structure, attributes, **rest)
        found = sns._topic_by_arn_any_scope(topic) or {"subscriptions": []}
        for one in found["subscriptions"]:
            text = sns._resolve_message_for_protocol(message, structure, "email")
            if one.get("protocol") != "email" or not sns._matches_filter_policy(one, attributes or {}, text):
                continue
            mail = {"Type": "Notification", "TopicArn": topic, "Subject": subject or None, "Message": text}
            threading.Thread(target=deliver, args=({**mail, "Endpoint": one["endpoint"]},), daemon=True).start()

    sns._fanout = fan_out_and_mail


def deliver(mail: dict[str, Any]) -> None:
    url = f"{os.environ['CHANNELS_URL']}/sns/mail"
    request = urllib.request.Request(url, json.dumps(mail).encode(), method="POST")
    try:
        urllib.request.urlopen(request, timeout=5).close()
    except urllib.error.URLError:
        return  # why it was refused is kept there
