"""How the emulators are served: on the socket that up.py made, behind faults.py, until the starter goes."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import signal
import socket
import stat
import sys
import threading
from collections.abc import Awaitable, Callable
from typing import Any

from faults import Faults, call_of, error_answer, kill_caller
from hypercorn.asyncio import serve
from hypercorn.config import Config

Message = dict[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[..., Awaitable[None]]
Questions = dict[str, Callable[[dict[str, Any]], dict[str, Any]]]


def run(app: App, questions: Questions | None = None) -> None:
    """Serve the application, and answers to our own questions, on the inherited socket: the first argument."""
    threading.Thread(target=end_with_starter, daemon=True, name="lifeline").start()
    config = Config()
    config.bind = [f"fd://{sys.argv[1]}"]
    config.keep_alive_timeout = 75
    config.graceful_timeout = 0
    asyncio.run(serve(with_faults(app, Faults(), questions or {}), config))


def end_with_starter() -> None:
    """End this process group once standard input closes: the starter holds its other end.

    A pipe closes even when the starter is killed with SIGKILL, on every Unix. The group takes the
    functions' processes along, and the temporary directory goes too, as nobody else may be left to remove it.
    """
    while os.read(0, 4096):
        pass
    shutil.rmtree(os.environ["TMPDIR"], ignore_errors=True)
    os.killpg(0, signal.SIGKILL)


def with_faults(app: App, faults: Faults, questions: Questions) -> App:
    """The application, with faults.py in front of it."""

    async def serve_one(scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await app(scope, receive, send)
        messages = [await receive()]
        while messages[-1].get("more_body"):
            messages.append(await receive())
        unread = iter(messages)

        async def again() -> Message:
            return next(unread, None) or await receive()

        body = b"".join(message.get("body", b"") for message in messages)
        method, path = scope["method"], scope["path"]
        if path in questions:
            text = json.dumps(questions[path](json.loads(body or b"{}"))).encode()
            return await answer(send, 200, {"content-type": "application/json"}, text)
        if path.startswith("/kintsugi/"):
            status, text = faults.control(method, path, body)
            return await answer(send, status, {"content-type": "application/json"}, text)
        headers = {name.decode().lower(): value.decode("latin-1") for name, value in scope["headers"]}
        call = call_of(method, scope["raw_path"].decode(), scope["query_string"].decode(), headers, body)
        rule = faults.seen(call) if call else None
        if call is None or rule is None:
            return await app(scope, again, send)
        await asyncio.sleep(rule.delay_ms / 1000)
        spoilt = rule.kill or rule.drop or rule.error
        if rule.when == "after" or not spoilt:
            await app(scope, again, swallow if spoilt else send)
        if rule.kill:
            kill_caller(scope["client"][1], scope["server"][1])
        if rule.kill or rule.drop:
            hang_up(scope["client"])
        elif rule.error:
            await answer(send, *error_answer(rule, call))

    return serve_one


async def answer(send: Send, status: int, headers: dict[str, str], body: bytes) -> None:
    headers = {**headers, "content-length": str(len(body))}
    raw = [(name.encode(), value.encode()) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": status, "headers": raw})
    await send({"type": "http.response.body", "body": body})


async def swallow(_: Message) -> None:
    """Takes the answer that the caller shall not get."""


def hang_up(client: tuple[str, int]) -> None:
    """Break the connection from that address off: the server gives no other way to answer nothing."""
    for number in os.listdir("/dev/fd"):
        try:
            if not stat.S_ISSOCK(os.fstat(int(number)).st_mode):
                continue
            with socket.socket(fileno=os.dup(int(number))) as sock:
                if sock.getpeername() == tuple(client):
                    sock.shutdown(socket.SHUT_RDWR)
        except OSError:
            continue  # not connected, or closed meanwhile
