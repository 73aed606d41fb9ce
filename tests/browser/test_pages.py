"""Nothing is wrong with the pages of made-up reports: a quarter, hostile names, nothing at all, very much.

PAGES is the folder that they are in; without it they are made (cargo run --example page -p summary -- FOLDER).
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

import install
import look
from chromium import Chromium


class Pages(unittest.TestCase):
    @classmethod
    def setUpClass(cls) -> None:
        cls.scratch = tempfile.TemporaryDirectory()
        cls.folder = Path(os.environ.get("PAGES", cls.scratch.name))
        if "PAGES" not in os.environ:
            make = ["cargo", "run", "--quiet", "--package", "summary", "--example", "page", "--", str(cls.folder)]
            subprocess.run(make, cwd=HERE, check=True)
        cls.browser = Chromium(install.browser())

    @classmethod
    def tearDownClass(cls) -> None:
        cls.browser.__exit__()
        cls.scratch.cleanup()

    def sound(self, name: str) -> dict[str, str]:
        document = json.loads((self.folder / f"{name}.json").read_text(encoding="utf-8"))
        checks = look.look(self.browser, self.folder / f"{name}.html", document, Path(self.scratch.name))
        self.assertEqual([f"{check.name}: {wrong}" for check in checks for wrong in check.wrong], [])
        return {check.name: check.seen for check in checks}

    def test_a_quarter(self) -> None:
        seen = self.sound("quarter")
        self.assertGreater(int(seen["every number is the JSON's"].split()[0]), 300)
        self.assertGreater(int(seen["shapes are as long as their numbers"].split()[0]), 100)

    def test_names_that_would_like_to_be_more_than_text(self) -> None:
        seen = self.sound("hostile")
        self.assertGreater(int(seen["text from outside is only text"].split()[0]), 15)

    def test_nothing_at_all(self) -> None:
        self.sound("nothing")

    def test_very_much(self) -> None:
        self.sound("large")


if __name__ == "__main__":
    unittest.main()
