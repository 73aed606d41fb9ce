#!/usr/bin/env python3
"""Find a Chromium that the report can be looked at with, or bring Debian's into .local/chromium.

    python3 tests/browser/install.py

Prints the path of the program. One on PATH is taken as it is. Else apt gets the package `chromium-headless-shell`
(or `chromium`), the libraries that this machine lacks and a font, and they are unpacked, not installed: no root is
needed and nothing outside .local changes. They come from the release of Debian that apt is set up for. Their versions
are not pinned, since Debian keeps only the newest of a browser; `versions` says which ones came.
Does nothing when it is there. May run twice at once.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import sys
import threading
import time
from pathlib import Path

TARGET = Path(__file__).resolve().parent.parent.parent / ".local" / "chromium"
ON_PATH = ("chromium", "chromium-headless-shell", "chromium-browser", "google-chrome", "google-chrome-stable")
PACKAGES = ("chromium-headless-shell", "chromium")
PROGRAMS = ("usr/lib/chromium/headless_shell", "usr/lib/chromium/chromium-headless-shell", "usr/lib/chromium/chromium")
# Fonts that are wanted: the first for looks, the second because the first knows few scripts.
FONTS = ("fonts-inter", "fonts-dejavu-core")
# The machine's own must stay: a C library only works with the loader that it came with.
KEPT = ("libc6", "libc-bin", "libgcc-s1", "gcc-12-base", "gcc-14-base", "libcrypt1")

FONTCONFIG = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>{root}/usr/share/fonts</dir>
  <cachedir>{target}/fonts</cachedir>
  <alias><family>system-ui</family><prefer><family>Inter</family><family>DejaVu Sans</family></prefer></alias>
  <alias><family>sans-serif</family><prefer><family>Inter</family><family>DejaVu Sans</family></prefer></alias>
  <alias><family>monospace</family><prefer><family>DejaVu Sans Mono</family></prefer></alias>
</fontconfig>
"""

WRAPPER = """#!/bin/sh
export LD_LIBRARY_PATH='{libraries}'"${{LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}}"
export FONTCONFIG_FILE='{target}/fonts.conf'
exec '{program}' "$@"
"""


class Missing(Exception):
    """There is no browser, and why none could be had."""


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def answers(program: str | Path) -> bool:
    """Whether it starts at all: some distributions have a `chromium` that only says how to get another."""
    try:
        run = subprocess.run([str(program), "--version"], capture_output=True, timeout=60, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return run.returncode == 0 and bool(run.stdout.strip())


def found() -> str | None:
    """The one on PATH, if there is one that works."""
    for name in ON_PATH:
        path = shutil.which(name)
        if path and answers(path):
            return path
    return None


def apt(scratch: Path, *command: str) -> subprocess.CompletedProcess[str]:
    """apt-get with lists and downloads of its own; what is installed here it only reads."""
    own = [
        f"Dir::State={scratch}/state",
        "Dir::State::status=/var/lib/dpkg/status",
        f"Dir::Cache={scratch}/cache",
        "APT::Sandbox::User=",
        # Its locks are root's; whoever runs this at the same time waits for our own.
        "Debug::NoLocking=true",
        "APT::Install-Recommends=false",
        "Acquire::Languages=none",
        "Acquire::Retries=3",
    ]
    options = [part for option in own for part in ("-o", option)]
    return subprocess.run(
        ["apt-get", "-q", "-y", *options, *command], text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False
    )


def watched(scratch: Path, done: threading.Event) -> None:
    """Says every ten seconds how much is there."""
    while not done.wait(10):
        size = sum(file.stat().st_size for file in scratch.rglob("*") if file.is_file())
        say(f"  ... {size / 1e6:.0f} MB so far")


def download(scratch: Path) -> list[Path]:
    """The packages that this machine lacks, as files."""
    for folder in ("state/lists/partial", "cache/archives/partial"):
        (scratch / folder).mkdir(parents=True)
    update = apt(scratch, "update")
    if update.returncode != 0:
        raise Missing(f"apt-get could not read the lists of packages:\n{last_lines(update.stdout)}")
    got = None
    for package in PACKAGES:
        got = apt(scratch, "install", "--download-only", "--no-remove", package)
        if got.returncode == 0:
            break
    if got is None or got.returncode != 0:
        raise Missing(f"apt-get has no browser that can be unpacked:\n{last_lines(got.stdout if got else '')}")
    for font in FONTS:
        # Also if it is installed: only what is unpacked here is looked for.
        one = apt(scratch, "install", "--download-only", "--reinstall", font)
        if one.returncode != 0:
            one = apt(scratch, "install", "--download-only", font)
        if one.returncode != 0:
            say(f"  left out {font}: apt-get does not get it")
    return sorted((scratch / "cache" / "archives").glob("*.deb"))


def last_lines(text: str) -> str:
    return "\n".join(f"  {line}" for line in text.strip().splitlines()[-6:])


def bring() -> Path:
    """Get and unpack everything; the wrapper's path."""
    lacking = [tool for tool in ("apt-get", "dpkg-deb") if shutil.which(tool) is None]
    if lacking:
        raise Missing(f"this machine has no {lacking[0]}, so Debian's chromium cannot be fetched here")
    started = time.monotonic()
    say(f"Bringing Debian's chromium into {TARGET} (once; about 100 MB, a minute or two) ...")
    shutil.rmtree(TARGET, ignore_errors=True)
    root, scratch = TARGET / "root", TARGET / "scratch"
    root.mkdir(parents=True)
    done = threading.Event()
    watch = threading.Thread(target=watched, args=(scratch, done), daemon=True)
    watch.start()
    try:
        packages = download(scratch)
    finally:
        done.set()
    say(f"  unpacking {len(packages)} packages ...")
    versions = []
    for package in packages:
        name, version = package.name.split("_")[:2]
        if name in KEPT:
            continue
        subprocess.run(["dpkg-deb", "-x", str(package), str(root)], check=True)
        versions.append(f"{name} {version}")
    shutil.rmtree(scratch)
    program = next((root / path for path in PROGRAMS if (root / path).is_file()), None)
    if program is None:
        raise Missing("the package that apt-get got holds no browser (on Ubuntu it only names a snap)")
    folders = [*sorted((root / "usr" / "lib").glob("*-linux-gnu*")), *sorted((root / "lib").glob("*-linux-gnu*"))]
    folders += [folder / "pulseaudio" for folder in folders if (folder / "pulseaudio").is_dir()]
    (TARGET / "fonts.conf").write_text(FONTCONFIG.format(root=root, target=TARGET))
    (TARGET / "versions").write_text("\n".join(versions) + "\n")
    wrapper = TARGET / "chromium"
    text = WRAPPER.format(libraries=":".join(map(str, folders)), target=TARGET, program=program)
    half = TARGET / "chromium.half"
    half.write_text(text)
    half.chmod(0o755)
    if not answers(half):
        run = subprocess.run([str(half), "--version"], capture_output=True, text=True, check=False)
        raise Missing(f"the browser that apt-get got does not start:\n{last_lines(run.stdout + run.stderr)}")
    # Only a whole one has the name that the next run looks for.
    os.replace(half, wrapper)
    say(f"Brought it in {time.monotonic() - started:.0f} s.")
    return wrapper


def browser() -> str:
    """The path of a Chromium that works."""
    path = found()
    if path:
        return path
    TARGET.parent.mkdir(exist_ok=True)
    with open(TARGET.parent / "chromium.lock", "w", encoding="utf-8") as guard:
        try:
            fcntl.flock(guard, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            say(f"Waiting for another run that is making {TARGET} ...")
            fcntl.flock(guard, fcntl.LOCK_EX)
        wrapper = TARGET / "chromium"
        if wrapper.exists() and answers(wrapper):
            return str(wrapper)
        return str(bring())


def main() -> int:
    try:
        print(browser())
    except Missing as missing:
        say(
            f"install.py: {missing}\nThe report is looked at in Chromium. Install it: on Debian `apt-get install chromium`, "
            "elsewhere any Chromium or Chrome whose program is on PATH as `chromium` or `google-chrome`."
        )
        return 1
    except (OSError, subprocess.CalledProcessError) as failed:
        say(f"install.py: could not unpack the browser: {failed}. Run this again once its cause (network, disk) is mended.")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
