#!/usr/bin/env python3
"""Make the pictures of the report in the docs: python3 tests/browser/pictures.py REPORT.html docs/images

The report is the made-up quarter: cargo run --example page -p summary -- FOLDER
"""

from __future__ import annotations

import base64
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

import install
from chromium import Chromium

# Name, width, scheme, which part it begins with, height.
PICTURES = [
    ("report-light", 1280, "light", "body", 1225),
    ("report-dark", 1280, "dark", "#time", 1010),
    ("report-phone", 360, "light", "body", 1500),
]


def main() -> int:
    if len(sys.argv) != 3:
        print("usage: pictures.py REPORT.html OUT_DIR", file=sys.stderr)
        return 2
    html, out = Path(sys.argv[1]).resolve(), Path(sys.argv[2])
    out.mkdir(parents=True, exist_ok=True)
    with Chromium(install.browser()) as browser:
        page = browser.page()
        for name, width, scheme, part, height in PICTURES:
            page.shape(width, 900, scheme)
            page.open(html.as_uri())
            top = page.run(f"document.querySelector('{part}').getBoundingClientRect().top + scrollY")
            clip = {"x": 0, "y": top, "width": width, "height": height, "scale": 1}
            shot = page.tell("Page.captureScreenshot", format="png", captureBeyondViewport=True, clip=clip)
            data = base64.b64decode(shot["data"])
            (out / f"{name}.png").write_bytes(data)
            print(f"{out / name}.png, {len(data) / 1000:.0f} kB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
