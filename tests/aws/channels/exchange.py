"""What arrives, what is answered, and what is kept of both: the same for all stand-ins."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

Shape = dict[str, Any]
Clock = Callable[[], float]

JSON = "application/json;charset=UTF-8"
# Never kept: whoever reads what was kept could use them.
SECRET_HEADERS = {"authorization", "cookie", "x-amz-security-token", "x-kintsugi-signature"}
LONGEST_KEPT = 20_000


@dataclass(frozen=True)
class Request:
    """A request: the path as it came, its escapes included."""

    method: str
    path: str
    query: str = ""
    headers: dict[str, str] = field(default_factory=dict)  # by their names in lower case
    body: bytes = b""

    @property
    def content_type(self) -> str:
        return self.headers.get("content-type", "").split(";")[0].strip().lower()

    @property
    def charset(self) -> str:
        found = re.search(r"charset=\"?([^\";]+)", self.headers.get("content-type", ""), re.I)
        return found[1].strip().lower() if found else ""

    @property
    def text(self) -> str:
        return self.body.decode("utf-8", "replace")

    def queries(self) -> list[tuple[str, str]]:
        return parse_qsl(self.query, keep_blank_values=True)

    def json(self) -> Any:
        """The body. Raises ValueError if it is none, or has a name twice."""
        return json.loads(self.body.decode("utf-8"), object_pairs_hook=once)

    def shown_headers(self) -> dict[str, str]:
        return {name: value for name, value in self.headers.items() if name not in SECRET_HEADERS}


def once(pairs: list[tuple[str, Any]]) -> Shape:
    made = dict(pairs)
    if len(made) != len(pairs):
        raise ValueError("a name comes twice")
    return made


@dataclass(frozen=True)
class Answer:
    """What is answered. `body` is bytes, a text, or what becomes JSON."""

    status: int = 200
    body: Any = b""
    headers: dict[str, str] = field(default_factory=dict)

    def raw(self) -> tuple[int, dict[str, str], bytes]:
        if isinstance(self.body, bytes):
            return self.status, self.headers, self.body
        if isinstance(self.body, str):
            return self.status, {"content-type": "text/plain;charset=UTF-8", **self.headers}, self.body.encode()
        return self.status, {"content-type": JSON, **self.headers}, json.dumps(self.body).encode()


class Refused(Exception):
    """Why something is not taken, in our words, and what is answered, in those of what is stood in for."""

    def __init__(self, why: str, answer: Answer) -> None:
        super().__init__(why)
        self.answer = answer


class Rate:
    """So many a second for each key, evenly; 0: no limit."""

    def __init__(self, clock: Clock, per_second: float) -> None:
        self.clock, self.per_second = clock, per_second
        self.last: dict[str, float] = {}

    def wait(self, key: str) -> int:
        """Whole seconds until the next may come; 0 if this one may, which then counts."""
        now = self.clock()
        if self.per_second <= 0:
            return 0
        left = self.last.get(key, -math.inf) + 1 / self.per_second - now
        if left > 1e-9:
            return max(1, math.ceil(left))
        self.last[key] = now
        return 0


class Service:
    """One stand-in: what it took, what it refused, and what is set about it."""

    name = ""
    title = ""
    # What may be set, with what it is at first.
    first: Shape = {}

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.forget()

    def forget(self) -> None:
        """As new: nothing came, nothing is set."""
        self.messages: list[Shape] = []
        self.refused: list[Shape] = []
        self.settings = dict(self.first)

    def set(self, given: Shape) -> None:
        unknown = sorted(set(given) - set(self.first))
        if unknown:
            raise ValueError(
                f"{self.name} has no setting {', '.join(unknown)}; it has {', '.join(self.first) or 'none'}"
            )
        self.settings |= given

    def keys(self, base: str) -> Shape:
        """What a client must know to be let in."""
        raise NotImplementedError

    def take(self, request: Request) -> Answer:
        """Do what is asked, or raise Refused."""
        raise NotImplementedError

    def trouble(self, status: int, code: str) -> Answer:
        """How an error of this status looks that has nothing to do with the request."""
        return Answer(status, code or "error")

    def shown(self) -> list[Shape]:
        """What came, for tests."""
        return self.messages

    def page(self) -> str:
        """What came, for people: HTML."""
        raise NotImplementedError

    def shown_path(self, request: Request) -> str:
        """The path without secrets."""
        return request.path

    def note(self, request: Request, /, **more: Any) -> Shape:
        """What is kept of a request, whatever it is."""
        about = {"at": self.clock(), "method": request.method, "path": self.shown_path(request)}
        return {**about, "headers": request.shown_headers(), **more}

    def serve(self, request: Request) -> Answer:
        """Take the request; keep why it was refused, if it was."""
        try:
            return self.take(request)
        except Refused as refused:
            self.refuse(request, str(refused), refused.answer)
            return refused.answer

    def refuse(self, request: Request, why: str, answer: Answer) -> None:
        _, _, body = answer.raw()
        said = body.decode("utf-8", "replace")
        self.refused.append(
            self.note(request, status=answer.status, why=why, answer=said, body=request.text[:LONGEST_KEPT])
        )
