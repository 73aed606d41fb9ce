#!/usr/bin/env python3
"""Look at a report in a real browser, as a person would, and say what is wrong with it.

    python3 tests/browser/look.py REPORT.html REPORT.json OUT_DIR

Phone and desktop width, light and dark, keyboard, print. Pictures and the PDF go to OUT_DIR. One line a check; the exit
status is 1 if anything is wrong, 2 if it could not be looked at.
"""

from __future__ import annotations

import base64
import json
import math
import re
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Callable

sys.path.insert(0, str(Path(__file__).resolve().parent))

import install
from chromium import Broken, Chromium, Page

PROBE = (Path(__file__).resolve().parent / "probe.js").read_text(encoding="utf-8")
SHAPES = {"phone": (360, 740), "desktop": (1440, 900)}
SCHEMES = ("light", "dark")
READABLE, DISTINCT = 4.5, 3.0
# No browser paints more in one picture.
TALLEST = 12_000
# Runs in the page before anything of its own.
BEFORE = "globalThis.alerts = 0; for (const it of ['alert', 'confirm', 'prompt']) globalThis[it] = () => { alerts += 1; };"
HIDDEN = re.compile("[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")
LONG = 60


@dataclass
class Check:
    """What was looked at, and what is wrong with it."""

    name: str
    seen: str = ""
    wrong: list[str] = field(default_factory=list)


# ---------------------------------------------------------------- numbers


def at(document: Any, pointer: str) -> Any:
    """The value that a JSON pointer points to."""
    value = document
    for part in pointer.split("/")[1:]:
        key = part.replace("~1", "/").replace("~0", "~")
        value = value[int(key)] if isinstance(value, list) else value[key]
    return value


def count(value: Any) -> str:
    return f"{len(value) if isinstance(value, (list, dict)) else value:,}"


def duration(seconds: Any) -> str:
    """Two units at most, cut, not rounded; none of nothing."""
    parts = [(86_400, "d"), (3_600, "h"), (60, "min"), (1, "s")]
    for place, (unit, word) in enumerate(parts):
        if seconds >= unit:
            whole, rest = divmod(int(seconds), unit)
            then = rest // parts[place + 1][0] if place + 1 < len(parts) else 0
            return f"{whole:,} {word}" + (f" {then} {parts[place + 1][1]}" if then else "")
    return "0 s"


FORMATS: dict[str, Callable[[Any], str]] = {"count": count, "duration": duration}


def written(value: Any, form: str) -> str:
    """A number as the page is to write it."""
    return "\u2013" if value is None else FORMATS[form](value)


def numbers(page: Page, document: Any) -> Check:
    check = Check("every number is the JSON's")
    found = page.run("probe.numbers()")
    for one in found:
        if one["as"] == "length":
            continue
        try:
            want = written(at(document, one["pointer"]), one["as"])
        except (KeyError, IndexError, ValueError, TypeError) as error:
            check.wrong.append(f"{one['where']}: the JSON has no number at {one['pointer']} ({error!r})")
            continue
        if one["text"] != want:
            check.wrong.append(f"{one['where']}: the page says {one['text']!r}, {one['pointer']} of the JSON is {want!r}")
    texts = sum(one["as"] != "length" for one in found)
    check.seen = f"{texts} numbers"
    if not texts:
        check.wrong.append("no element says by data-n which number it shows")
    check.wrong += [f"{where}: a number without data-n" for where in page.run("probe.bare()")]
    return check


def lengths(page: Page, document: Any) -> Check:
    """Within one chart, shapes are as long as their numbers are great."""
    check = Check("shapes are as long as their numbers")
    charts: dict[int, list[tuple[float, float, str]]] = {}
    for one in page.run("probe.numbers()"):
        if one["as"] == "length":
            try:
                value = at(document, one["pointer"])
            except (KeyError, IndexError, ValueError, TypeError):
                check.wrong.append(f"the JSON has no number at {one['pointer']}")
                continue
            # Times are drawn on a scale of minutes whose logarithm is even.
            reach = math.log1p(value / 60) if one["scale"] == "log" else float(value)
            charts.setdefault(one["chart"], []).append((reach, float(one["length"]), one["pointer"]))
    for bars in charts.values():
        most = max(value for value, _, _ in bars)
        scale = max(length for _, length, _ in bars) / most if most else 0
        for value, length, pointer in bars:
            # Rounding to a tenth on both sides.
            if math.isnan(length) or abs(length - value * scale) > max(0.3, 0.002 * length):
                check.wrong.append(f"{pointer} is {value:g}, its shape {length:g} long, not {value * scale:.1f}")
    check.seen = f"{sum(map(len, charts.values()))} shapes in {len(charts)} charts"
    return check


# ---------------------------------------------------------------- structure


def structure(page: Page) -> list[Check]:
    seen = page.run("probe.structure()")
    frame = Check("landmarks, language, skip link", f"language {seen['lang'] or '?'}, title {seen['title']!r}")
    for fine, complaint in (
        (seen["lang"], "the page does not say its language"),
        (seen["title"], "the page has no title"),
        (seen["viewport"], "the page does not fit itself to a phone (no viewport)"),
        ("default-src 'none'" in seen["policy"], "the page's policy allows it to load things"),
        (seen["main"] == 1, f"the page has {seen['main']} main parts, not 1"),
        (seen["header"] == 1 and seen["footer"] == 1, "the page lacks its header or its footer"),
        (seen["skipTo"], f"the first thing to focus is no link past the header, but {seen['skip']!r}"),
        (not seen["twice"], f"ids stand twice: {', '.join(seen['twice'][:5])}"),
        (not seen["links"], f"links lead nowhere: {', '.join(seen['links'][:5])}"),
        (not seen["dangling"], f"labels are missing: {', '.join(seen['dangling'][:5])}"),
    ):
        if not fine:
            frame.wrong.append(complaint)
    order = Check("headings are in order", f"{len(seen['headings'])} headings")
    levels = [level for level, _ in seen["headings"]]
    if levels.count(1) != 1 or levels[:1] != [1]:
        order.wrong.append(f"there are {levels.count(1)} headings of the first level, or one comes late")
    last = 0
    for level, text in seen["headings"]:
        if level > last + 1:
            order.wrong.append(f"{text!r} jumps from level {last} to {level}")
        if not text:
            order.wrong.append(f"a heading of level {level} says nothing")
        last = level
    tables = Check("tables are labelled", f"{seen['tables']} tables")
    tables.wrong += [f"{where} has no caption" for where in seen["nameless"]]
    tables.wrong += [f"{where} does not say what it is the head of (scope)" for where in seen["scopeless"]]
    charts = Check("charts are labelled", f"{len(seen['charts'])} charts")
    for chart in seen["charts"]:
        for fine, complaint in (
            (chart["role"] == "img", "is no image to a screen reader"),
            (chart["title"], "has no title"),
            (chart["desc"], "has no description"),
            (chart["table"], "has no table with the same numbers"),
        ):
            if not fine:
                charts.wrong.append(f"{chart['where']} {complaint}")
    return [frame, order, tables, charts]


# ---------------------------------------------------------------- what comes from outside


def strings(document: Any) -> list[str]:
    if isinstance(document, dict):
        return [text for value in document.values() for text in strings(value)]
    if isinstance(document, list):
        return [text for value in document for text in strings(value)]
    return [document] if isinstance(document, str) else []


def hostile(page: Page, document: Any) -> Check:
    """What a browser would take for markup is on the page, and as text."""
    bad = sorted({text for text in strings(document) if re.search("[<&\"']", text)})
    begins = [re.sub(r"\s+", " ", HIDDEN.sub(" ", text)).strip()[:LONG].strip() for text in bad]
    seen = page.run(f"probe.hostile({json.dumps(begins)})")
    check = Check("text from outside is only text", f"{len(bad)} texts that could be markup")
    if seen["alerts"] or page.heard("Page.javascriptDialogOpening"):
        check.wrong.append("a script from outside was run")
    check.wrong += [f"{where} was made of it" for where in seen["elements"][:5]]
    check.wrong += [f"{handler}" for handler in seen["handlers"][:5]]
    check.wrong += [f"a link leads to {to!r}" for to in seen["addresses"][:5]]
    check.wrong += [f"not on the page as text: {text!r}" for text in seen["missing"][:5]]
    if seen["hidden"]:
        check.wrong.append("invisible characters are on the page")
    return check


def events(page: Page, url: str) -> list[Check]:
    quiet = Check("opens without errors", "console, exceptions, policy")
    for event in page.heard("Runtime.exceptionThrown", "Runtime.consoleAPICalled", "Log.entryAdded"):
        params = event["params"]
        if event["method"] == "Runtime.exceptionThrown":
            quiet.wrong.append(f"exception: {params['exceptionDetails'].get('text')}")
        elif event["method"] == "Log.entryAdded":
            quiet.wrong.append(f"{params['entry']['level']}: {params['entry']['text'][:200]}")
        else:
            quiet.wrong.append(f"console: {params.get('args', [{}])[0].get('value')}")
    asked = [event["params"]["request"]["url"] for event in page.heard("Network.requestWillBeSent")]
    network = Check("asks the network for nothing", f"{len(asked)} request, the file itself")
    network.wrong += [f"it asked for {other[:120]}" for other in asked if other != url]
    return [quiet, network]


# ---------------------------------------------------------------- looks


def picture(page: Page, to: Path) -> None:
    size = page.tell("Page.getLayoutMetrics")["cssContentSize"]
    clip = {"x": 0, "y": 0, "width": size["width"], "height": min(size["height"], TALLEST), "scale": 1}
    shot = page.tell("Page.captureScreenshot", format="png", captureBeyondViewport=True, clip=clip)
    to.write_bytes(base64.b64decode(shot["data"]))


def looks(page: Page, out: Path) -> list[Check]:
    fits = Check("nothing is cut off")
    reads = Check(f"text stands out at least {READABLE}:1")
    parts = Check(f"shapes stand out at least {DISTINCT}:1")
    lowest, texts, shapes = math.inf, 0, 0
    for name, (width, height) in SHAPES.items():
        for scheme in SCHEMES:
            page.shape(width, height, scheme)
            page.run("probe.closeAll()")
            picture(page, out / f"{name}-{scheme}.png")
            page.run("probe.openAll()")
            where = f"{name}, {scheme}"
            size = page.run("probe.overflow()")
            if size["needs"] > size["width"]:
                fits.wrong.append(f"{where}: {size['needs']} px wide on a screen of {size['width']}")
            fits.wrong += [f"{where}: {wide} sticks out" for wide in size["wide"]]
            seen = page.run("probe.contrast()")
            texts += len(seen)
            lowest = min([lowest, *(ratio for ratio, _ in seen)])
            poor = sorted((ratio, text) for ratio, text in seen if ratio < READABLE)
            reads.wrong += [f"{where}: {ratio:.2f}:1, {text}" for ratio, text in poor[:5]]
            drawn = page.run("probe.shapes()")
            shapes += len(drawn)
            parts.wrong += [f"{where}: {ratio:.2f}:1, {text}" for ratio, text in drawn if ratio < DISTINCT][:5]
            page.run("probe.closeAll()")
    fits.seen = " and ".join(f"{name} {width}x{height}" for name, (width, height) in SHAPES.items())
    reads.seen = f"{texts} texts, the faintest {lowest:.2f}:1"
    parts.seen = f"{shapes} shapes"
    if not texts:
        reads.wrong.append("there is no text")
    return [fits, reads, parts]


def keyboard(page: Page) -> Check:
    """Everything is reached by the tabulator key, in the page's order, and shows that it is."""
    check = Check("the keyboard reaches everything, visibly")
    page.shape(*SHAPES["desktop"], "light")
    page.run("probe.closeAll()")
    there = page.run("probe.focusables()")
    for scheme in SCHEMES:
        page.shape(*SHAPES["desktop"], scheme)
        page.run("probe.startAtTop()")
        reached: list[int] = []
        for _ in range(there + 1):
            page.tab()
            seen = page.run("probe.focused()")
            if seen is None or seen["at"] in reached:
                break
            reached.append(seen["at"])
            if seen["ring"] < 2 or seen["contrast"] < DISTINCT:
                check.wrong.append(f"{scheme}: {seen['where']} does not show that it has the focus")
            if not seen["inside"]:
                check.wrong.append(f"{scheme}: {seen['where']} has the focus out of sight")
        if len(reached) != there:
            check.wrong.append(f"{scheme}: {len(reached)} of {there} are reached")
        if reached != sorted(reached):
            check.wrong.append(f"{scheme}: the order is not the page's")
    check.seen = f"{there} links, details and tables"
    return check


def motion(page: Page) -> Check:
    check = Check("nothing moves for who wants that")
    page.shape(*SHAPES["desktop"], "light", still=True)
    check.wrong += [f"{where} moves" for where in page.run("probe.motion()")[:5]]
    return check


def printing(page: Page, out: Path) -> Check:
    check = Check("it prints")
    page.shape(*SHAPES["desktop"], "dark", media="print")
    page.run("probe.closeAll()")
    seen = page.run("probe.print()")
    if min(seen["ground"]) < 250:
        check.wrong.append(f"paper is dark: {seen['ground']}")
    check.wrong += [f"{where} is closed on paper" for where in seen["lost"][:5]]
    pdf = base64.b64decode(page.tell("Page.printToPDF", preferCSSPageSize=True, printBackground=False)["data"])
    (out / "report.pdf").write_bytes(pdf)
    pages = len(re.findall(rb"/Type\s*/Page\b", pdf))
    if not pdf.startswith(b"%PDF") or pages == 0:
        check.wrong.append("no PDF came of it")
    check.seen = f"{pages} pages, {len(pdf) / 1000:.0f} kB"
    return check


def look(browser: Chromium, html: Path, document: Any, out: Path) -> list[Check]:
    """All checks of one report."""
    out.mkdir(parents=True, exist_ok=True)
    page = browser.page()
    try:
        page.tell("Page.addScriptToEvaluateOnNewDocument", source=BEFORE)
        page.shape(*SHAPES["desktop"], "light")
        url = html.resolve().as_uri()
        page.open(url)
        page.run(PROBE + "0")
        checks = [numbers(page, document), lengths(page, document), *structure(page), hostile(page, document)]
        checks += [*looks(page, out), keyboard(page), motion(page), printing(page, out)]
        return [*events(page, url), *checks]
    finally:
        page.close()


def main() -> int:
    if len(sys.argv) != 4:
        print("usage: look.py REPORT.html REPORT.json OUT_DIR", file=sys.stderr)
        return 2
    html, data, out = map(Path, sys.argv[1:])
    try:
        document = json.loads(data.read_text(encoding="utf-8"))
        with Chromium(install.browser()) as browser:
            checks = look(browser, html, document, out)
    except (OSError, ValueError, Broken, install.Missing) as error:
        print(f"look.py: {error}", file=sys.stderr)
        return 2
    for check in checks:
        print(f"{'BAD' if check.wrong else 'ok '} {check.name}{f' ({check.seen})' if check.seen else ''}")
        for complaint in check.wrong[:12]:
            print(f"      {complaint}")
        if len(check.wrong) > 12:
            print(f"      and {len(check.wrong) - 12} more")
    wrong = sum(bool(check.wrong) for check in checks)
    print(f"{html}: {len(checks) - wrong} of {len(checks)} checks passed; pictures in {out}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
