"""Makes chosen requests to the stand-ins fail, wait or vanish.

The rules count the requests to a service from when they came: the `nth` and the following are disturbed, `times` of
them (0: all). What is not said of an error is what the service itself says in such a case.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, fields
from typing import Any

from channels.exchange import Answer, Request, Service


@dataclass
class Fault:
    """Which requests, and what becomes of them."""

    service: str = ""  # slack, jira, backlog, webhook, bedrock, mail; empty: any
    match: str = ""  # a text that the request's path or body must hold
    nth: int = 1
    times: int = 1
    delay: float = 0.0  # seconds before anything is done
    status: int = 0  # this is answered
    code: str = ""  # the error's name, where the service has names
    headers: dict[str, str] = field(default_factory=dict)  # besides those that the service itself sends
    body: Any = None  # instead of what the service itself says
    after: bool = False  # with `status` alone: the work is done first
    drop: str = ""  # the connection breaks: `before` the work is done, or `after` it
    half: bool = False  # the work is done; the answer breaks off in its middle
    matched: int = field(default=0, init=False)

    def __post_init__(self) -> None:
        if self.drop not in ("", "before", "after"):
            raise ValueError("drop is `before` or `after`")
        if not (self.status or self.delay or self.drop or self.half or self.body is not None):
            raise ValueError("a fault needs one of status, body, delay, drop, half")
        if self.status and not 100 <= self.status <= 599:
            raise ValueError("status is 100 to 599")

    def works(self) -> bool:
        """Whether the work is done."""
        if self.drop:
            return self.drop == "after"
        return self.half or self.after or not (self.status or self.body is not None)

    def answer(self, service: Service) -> Answer | None:
        """What is said instead of the answer, if something is."""
        if not (self.status or self.body is not None):
            return None
        usual = service.trouble(self.status or 200, self.code)
        body = usual.body if self.body is None else self.body
        return Answer(self.status or 200, body, {**usual.headers, **self.headers})


class Faults:
    """The rules."""

    def __init__(self) -> None:
        self.rules: list[Fault] = []

    def add(self, given: Any) -> None:
        """One rule or a list of them. Raises ValueError for what is none."""
        try:
            self.rules += [Fault(**one) for one in (given if isinstance(given, list) else [given])]
        except TypeError as wrong:
            known = ", ".join(one.name for one in fields(Fault) if one.init)
            raise ValueError(f"{wrong}; a fault is an object of {known}") from None

    def seen(self, service: str, request: Request) -> Fault | None:
        """Count the request; the rule that it falls under, if any."""
        chosen = None
        text = f"{request.path}\n{request.text}"
        for rule in self.rules:
            if rule.service not in ("", service) or rule.match not in text:
                continue
            rule.matched += 1
            past = rule.matched - rule.nth
            if past >= 0 and (rule.times == 0 or past < rule.times):
                chosen = chosen or rule
        return chosen

    def shown(self) -> list[dict[str, Any]]:
        return [asdict(rule) for rule in self.rules]
