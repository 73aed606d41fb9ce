"""A headless Chromium, driven over the DevTools protocol through a pipe: no port, no library."""

from __future__ import annotations

import json
import os
import queue
import shutil
import subprocess
import tempfile
import threading
from typing import Any

PATIENCE = 60


class Broken(Exception):
    """The browser did not do what it was told, and which."""


class Chromium:
    """One browser process; `with Chromium(path) as browser`."""

    def __init__(self, program: str) -> None:
        self.profile = tempfile.mkdtemp(prefix="kintsugi-browser-")
        orders_out, self.orders = os.pipe()
        self.answers, answers_in = os.pipe()

        def wire() -> None:
            # The browser reads orders from 3 and writes answers to 4. First out of each other's way.
            ends = (os.dup(orders_out), os.dup(answers_in))
            os.dup2(ends[0], 3)
            os.dup2(ends[1], 4)

        self.process = subprocess.Popen(
            [
                program,
                "--headless",
                "--remote-debugging-pipe",
                f"--user-data-dir={self.profile}",
                # It shows files of our own, offline; a sandbox needs rights that containers rarely give.
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--hide-scrollbars",
                "--no-first-run",
                "--disable-background-networking",
                "--force-color-profile=srgb",
            ],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            preexec_fn=wire,
            pass_fds=(3, 4),
        )
        os.close(orders_out)
        os.close(answers_in)
        self.said: list[bytes] = []
        self.number = 0
        self.inbox: queue.Queue[dict[str, Any] | None] = queue.Queue()
        self.events: list[dict[str, Any]] = []
        threading.Thread(target=self.read, daemon=True).start()
        threading.Thread(target=self.overhear, daemon=True).start()

    def read(self) -> None:
        rest = b""
        while chunk := os.read(self.answers, 1 << 16):
            *whole, rest = (rest + chunk).split(b"\0")
            for message in whole:
                self.inbox.put(json.loads(message))
        self.inbox.put(None)

    def overhear(self) -> None:
        for line in self.process.stderr:
            self.said = [*self.said[-20:], line]

    def tell(self, method: str, session: str | None = None, **params: Any) -> dict[str, Any]:
        """Give one order and wait for its answer; what happens meanwhile is kept in `events`."""
        self.number += 1
        message = {"id": self.number, "method": method, "params": params}
        if session:
            message["sessionId"] = session
        try:
            data = json.dumps(message).encode() + b"\0"
            while data:
                data = data[os.write(self.orders, data) :]
            while True:
                answer = self.inbox.get(timeout=PATIENCE)
                if answer is None:
                    raise Broken(f"the browser ended during {method}: {b''.join(self.said).decode(errors='replace')}")
                if answer.get("id") == self.number:
                    break
                self.events.append(answer)
        except queue.Empty:
            raise Broken(f"the browser did not answer {method} within {PATIENCE} s") from None
        except BrokenPipeError:
            raise Broken(f"the browser did not start: {b''.join(self.said).decode(errors='replace')}") from None
        if "error" in answer:
            raise Broken(f"{method}: {answer['error'].get('message')}")
        return answer["result"]

    def page(self) -> Page:
        """A new, empty page."""
        target = self.tell("Target.createTarget", url="about:blank")["targetId"]
        session = self.tell("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        return Page(self, target, session)

    def __enter__(self) -> Chromium:
        return self

    def __exit__(self, *_: object) -> None:
        self.process.terminate()
        try:
            self.process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        os.close(self.orders)
        shutil.rmtree(self.profile, ignore_errors=True)


class Page:
    """One tab."""

    def __init__(self, browser: Chromium, target: str, session: str) -> None:
        self.browser, self.target, self.session = browser, target, session
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.tell(f"{domain}.enable")

    def tell(self, method: str, **params: Any) -> dict[str, Any]:
        return self.browser.tell(method, self.session, **params)

    def heard(self, *methods: str) -> list[dict[str, Any]]:
        """What happened in this tab, of these kinds."""
        mine = [event for event in self.browser.events if event.get("sessionId") == self.session]
        return [event for event in mine if event["method"] in methods]

    def open(self, url: str) -> None:
        """Load `url` and wait until it is there."""
        before = len(self.heard("Page.loadEventFired"))
        trouble = self.tell("Page.navigate", url=url).get("errorText")
        if trouble:
            raise Broken(f"{url}: {trouble}")
        for _ in range(PATIENCE * 10):
            # Each answer brings in the events that came before it.
            if len(self.heard("Page.loadEventFired")) > before:
                return
            for dialog in self.heard("Page.javascriptDialogOpening"):
                if not dialog.get("closed"):
                    dialog["closed"] = True
                    self.tell("Page.handleJavaScriptDialog", accept=True)
            self.browser.tell("Browser.getVersion")
            threading.Event().wait(0.1)
        raise Broken(f"{url} was not loaded within {PATIENCE} s")

    def run(self, script: str) -> Any:
        """The value of a script's last expression."""
        answer = self.tell("Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in answer:
            raise Broken(f"a probe failed: {json.dumps(answer['exceptionDetails'])[:1000]}")
        return answer["result"].get("value")

    def shape(self, width: int, height: int, scheme: str, media: str = "screen", still: bool = False) -> None:
        """Make it so wide and high, and light or dark; `still` is for people who want no motion."""
        self.tell(
            "Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=width < 600
        )
        features = [
            {"name": "prefers-color-scheme", "value": scheme},
            {"name": "prefers-reduced-motion", "value": "reduce" if still else "no-preference"},
        ]
        self.tell("Emulation.setEmulatedMedia", media=media, features=features)

    def tab(self) -> None:
        """Press the tabulator key."""
        key = {"key": "Tab", "code": "Tab", "windowsVirtualKeyCode": 9}
        self.tell("Input.dispatchKeyEvent", type="keyDown", **key)
        self.tell("Input.dispatchKeyEvent", type="keyUp", **key)

    def close(self) -> None:
        self.browser.tell("Target.closeTarget", targetId=self.target)
        self.browser.events = [event for event in self.browser.events if event.get("sessionId") != self.session]
