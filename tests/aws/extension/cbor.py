"""CloudWatch in CBOR, as today's SDKs speak it: moto knows its JSON only. What comes is turned into that, and back."""

from __future__ import annotations

import io
import json
import re
import struct
from collections.abc import Callable, Iterable
from typing import Any

from botocore.model import ServiceModel, Shape
from botocore.session import get_session

App = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]
PATH = re.compile(r"/service/GraniteServiceVersion20100801/operation/(\w+)")
TARGET = "GraniteServiceVersion20100801"


def decoded(given: io.BytesIO) -> Any:
    """One item."""
    first = given.read(1)[0]
    kind, short = first >> 5, first & 31
    if kind == 7 and short in (20, 21, 22, 23, 25, 26, 27, 31):
        if short in (25, 26, 27):
            size, form = {25: (2, ">e"), 26: (4, ">f"), 27: (8, ">d")}[short]
            return struct.unpack(form, given.read(size))[0]
        return {20: False, 21: True, 31: StopIteration}.get(short)
    endless = short == 31
    size = 0 if endless else short if short < 24 else int.from_bytes(given.read(1 << short - 24), "big")
    if kind == 0:
        return size
    if kind == 1:
        return -1 - size
    if kind == 6:
        return decoded(given)
    if kind in (2, 3):
        text = b"".join(iter(lambda: part(given), None)) if endless else given.read(size)
        return text if kind == 2 else text.decode()
    items: list[Any] = []
    while endless or len(items) < size * (kind - 3):
        item = decoded(given)
        if item is StopIteration:
            break
        items.append(item)
    return items if kind == 4 else dict(zip(items[::2], items[1::2], strict=True))


def part(given: io.BytesIO) -> bytes | None:
    """A part of a text of which the length is not told."""
    item = decoded(given)
    return None if item is StopIteration else item if isinstance(item, bytes) else str(item).encode()


def head(kind: int, size: int) -> bytes:
    if size < 24:
        return bytes([kind << 5 | size])
    return bytes([kind << 5 | 27]) + size.to_bytes(8, "big")


def encoded(item: Any, shape: Shape | None = None) -> bytes:
    """An item of that shape."""
    kind = shape.type_name if shape else ""
    if item is None:
        return b"\xf6"
    if isinstance(item, bool):
        return b"\xf5" if item else b"\xf4"
    if kind == "timestamp":
        return head(6, 1) + encoded(float(item))
    if isinstance(item, float) or kind in ("double", "float"):
        return b"\xfb" + struct.pack(">d", item)
    if isinstance(item, int):
        return head(0, item) if item >= 0 else head(1, -1 - item)
    if isinstance(item, str):
        return head(3, len(item.encode())) + item.encode()
    if isinstance(item, list):
        return head(4, len(item)) + b"".join(encoded(one, getattr(shape, "member", None)) for one in item)
    members = getattr(shape, "members", {})
    known = {name: value for name, value in item.items() if value is not None}
    return head(5, len(known)) + b"".join(encoded(k) + encoded(v, members.get(k)) for k, v in known.items())


def spoken(app: App) -> App:
    """The application, to which CloudWatch can be spoken so."""
    model: ServiceModel = get_session().get_service_model("cloudwatch")

    def serve(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        asked = PATH.fullmatch(environ["PATH_INFO"])
        if asked is None:
            return app(environ, start)
        name, status = asked[1], ["200 OK"]
        body = environ["wsgi.input"].read()
        body = json.dumps(decoded(io.BytesIO(body)) if body else {}).encode()
        as_json = {
            **environ,
            "PATH_INFO": "/",
            "RAW_URI": "/",
            "REQUEST_URI": "/",
            "CONTENT_TYPE": "application/x-amz-json-1.0",
            "CONTENT_LENGTH": str(len(body)),
            "HTTP_X_AMZ_TARGET": f"{TARGET}.{name}",
            "wsgi.input": io.BytesIO(body),
        }
        as_json.pop("HTTP_SMITHY_PROTOCOL", None)
        said = b"".join(app(as_json, lambda code, *_: status.__setitem__(0, code)))
        shape = model.operation_model(name).output_shape
        answer = encoded(json.loads(said or b"{}") or {}, shape)
        start(
            status[0],
            [
                ("Content-Type", "application/cbor"),
                ("smithy-protocol", "rpc-v2-cbor"),
                ("Content-Length", str(len(answer))),
            ],
        )
        return [answer]

    return serve
