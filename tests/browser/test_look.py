"""Each check complains about a page that is wrong in just that, and about nothing when nothing is.

    python3 -m unittest discover tests/browser
"""

from __future__ import annotations

import json
import sys
import tempfile
import unittest
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

import install
import look
from chromium import Chromium

SOUND = (HERE / "sound.html").read_text(encoding="utf-8")
DOCUMENT = json.loads((HERE / "sound.json").read_text(encoding="utf-8"))

# What is changed in the sound page, into what, which check is to complain, and part of what it says.
BROKEN = [
    (">1,234<", ">1,235<", "every number is the JSON's", "says '1,235', /open of the JSON is '1,234'"),
    (">1 h 30 min<", ">90 min<", "every number is the JSON's", "is '1 h 30 min'"),
    ('<td data-n="/accounts/1">20', "<td>20", "every number is the JSON's", "without data-n"),
    ('data-n="/open"', 'data-n="/opened"', "every number is the JSON's", "no number at /opened"),
    ('width="50"', 'width="60"', "shapes are as long as their numbers", "/accounts/1 is 20"),
    (' lang="en"', "", "landmarks, language, skip link", "language"),
    ("default-src 'none'; ", "", "landmarks, language, skip link", "policy"),
    ('<a href="#main">To the numbers</a>', "", "landmarks, language, skip link", "no link past the header"),
    ("<a href=\"#main\">Back", '<a href="#nowhere">Back', "landmarks, language, skip link", "nowhere"),
    ('id="d"', 'id="t"', "landmarks, language, skip link", "stand twice"),
    ('aria-labelledby="t d"', 'aria-labelledby="t e"', "landmarks, language, skip link", "names #e"),
    ("<footer>End</footer>", "", "landmarks, language, skip link", "footer"),
    ("<h3>More</h3>", "<h4>More</h4>", "headings are in order", "jumps from level 2 to 4"),
    ("<h2>Open</h2>", "<h1>Open</h1>", "headings are in order", "2 headings of the first level"),
    ('<th scope="row">one', "<th>one", "tables are labelled", "scope"),
    ("<caption>Open by account</caption>", "", "tables are labelled", "no caption"),
    ('role="img" ', "", "charts are labelled", "no image to a screen reader"),
    ('<title id="t">Open by account</title>', '<title id="t"></title>', "charts are labelled", "has no title"),
    ("<details><summary>The numbers</summary>", "<div>", "charts are labelled", "no table"),
    ("&lt;img src=x onerror=alert(1)&gt;", "<img src=x onerror=alert(1)>", "text from outside is only text", "<img>"),
    (
        "default-src 'none'; style-src 'unsafe-inline'; img-src data:",
        "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'",
        "text from outside is only text",
        "a script from outside was run",
        ("<p>Found", "<script>alert(1)</script><p>Found"),
    ),
    ("&lt;img src=x onerror=alert(1)&gt;", "nothing", "text from outside is only text", "not on the page as text"),
    ("<h3>More", "<x>y</x><h3>More", "text from outside is only text", "<x>"),
    ("<h3>More", "<style></style><h3>More", "text from outside is only text", "<style>"),
    ("<h3>More", "<h3 onclick='1'>More", "text from outside is only text", "has onclick"),
    ('<a href="#main">Back', '<a href="javascript:alert(1)">Back', "text from outside is only text", "javascript:"),
    ("Found on", "Found \u202eon", "text from outside is only text", "invisible"),
    ("<footer>", '<footer><img src="https://example.com/x.png" alt="">', "opens without errors", "error"),
    (
        "img-src data:",
        "img-src data: http://127.0.0.1:9",
        "asks the network for nothing",
        "127.0.0.1:9/x.png",
        ("<footer>", '<footer><img src="http://127.0.0.1:9/x.png" alt="">'),
    ),
    ("margin: 1rem; }", "margin: 1rem; min-width: 500px; }", "nothing is cut off", "phone, light: 516"),
    ("--ink: #1d1d1b", "--ink: #8a8a8a", "text stands out at least 4.5:1", "light: 3.4"),
    ("--ink: #eeeae0", "--ink: #555555", "text stands out at least 4.5:1", "dark: 2."),
    ("--bar: #7b1e3b", "--bar: #f4c9d5", "shapes stand out at least 3.0:1", "light: 1."),
    (":focus-visible {", ":focus-visible { outline: none; } .x {", "the keyboard reaches everything, visibly", "does not show"),
    ('<a href="#main">Back', '<a tabindex="1" href="#main">Back', "the keyboard reaches everything, visibly", "order"),
    ("{ .still { transition: none; } }", "{ }", "nothing moves for who wants that", "moves"),
    ("details::details-content", "no-details", "it prints", "closed on paper"),
    ("@media screen and (prefers", "@media (prefers", "it prints", "paper is dark"),
]


class Look(unittest.TestCase):
    @classmethod
    def setUpClass(cls) -> None:
        cls.browser = Chromium(install.browser())
        cls.folder = tempfile.TemporaryDirectory()

    @classmethod
    def tearDownClass(cls) -> None:
        cls.browser.__exit__()
        cls.folder.cleanup()

    def looked_at(self, html: str) -> dict[str, list[str]]:
        page = Path(self.folder.name) / "page.html"
        page.write_text(html, encoding="utf-8")
        checks = look.look(self.browser, page, DOCUMENT, Path(self.folder.name))
        return {check.name: check.wrong for check in checks}

    def test_nothing_is_wrong_with_a_sound_page(self) -> None:
        for name, wrong in self.looked_at(SOUND).items():
            self.assertEqual(wrong, [], name)
        for shot in ("phone-light", "phone-dark", "desktop-light", "desktop-dark"):
            self.assertTrue((Path(self.folder.name) / f"{shot}.png").read_bytes().startswith(b"\x89PNG"))

    def test_what_is_wrong_is_said(self) -> None:
        for old, new, check, complaint, *more in BROKEN:
            with self.subTest(check=check, complaint=complaint):
                html = SOUND
                for before, after in [(old, new), *more]:
                    self.assertIn(before, html)
                    html = html.replace(before, after)
                wrong = self.looked_at(html)[check]
                self.assertTrue(any(complaint in one for one in wrong), f"{complaint!r} is not in {wrong}")

    def test_every_check_is_broken_once(self) -> None:
        self.assertEqual({check for _, _, check, *_ in BROKEN}, set(self.looked_at(SOUND)))

    def test_durations_have_two_units_at_most(self) -> None:
        for seconds, text in ((0, "0 s"), (59, "59 s"), (60, "1 min"), (3_661, "1 h 1 min"), (180_000, "2 d 2 h")):
            self.assertEqual(look.duration(seconds), text)


if __name__ == "__main__":
    unittest.main()
