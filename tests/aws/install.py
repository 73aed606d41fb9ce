#!/usr/bin/env python3
"""Make the Python environments that the demo and the tests run the emulators from.

    python3 tests/aws/install.py [venv] [tools] [build]

`venv` (the default): the emulators, from requirements.lock, into .local/venv.
`tools`: the SAM CLI and cfn-lint, from tools.lock, into .local/tools.
`build`: cargo-lambda and zig, from build.lock, into .local/build.
Does nothing when they are there and in step with their lock. May run twice at once.
"""

from __future__ import annotations

import hashlib
import subprocess
import sys
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
LOCAL = HERE.parent.parent / ".local"
LOCKS = {"venv": "requirements.lock", "tools": "tools.lock", "build": "build.lock"}
OLDEST = (3, 10)


def stamp_of(lock: Path, target: Path) -> str:
    """What the environment depends on: the versions, the interpreter, and the path (it is not movable)."""
    parts = [lock.read_text(), sys.version, sys.executable, str(target)]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def check_python() -> str | None:
    """Why this Python cannot make the environments, if it cannot."""
    if sys.version_info[:2] < OLDEST:
        return (
            f"{sys.executable} is Python {sys.version.split()[0]}; the emulators need 3.10 or newer. "
            "Install one, or put it first on PATH."
        )
    if sys.platform == "win32":
        return "The emulators run on Linux and macOS only (on Windows: inside WSL)."
    try:
        import ensurepip  # noqa: F401
        import venv  # noqa: F401
    except ImportError as missing:
        return (
            f"{sys.executable} cannot make a venv ({missing}). "
            "Install its venv module: on Debian or Ubuntu `apt-get install python3-venv`."
        )
    return None


def install(name: str) -> None:
    """Make .local/NAME unless it is already in step with its lock."""
    import fcntl

    lock = HERE / LOCKS[name]
    target = LOCAL / name
    stamp = target / "stamp"
    want = stamp_of(lock, target)
    LOCAL.mkdir(exist_ok=True)
    with open(LOCAL / f"{name}.lock", "w", encoding="utf-8") as guard:
        try:
            fcntl.flock(guard, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            print(f"Waiting for another run that is making {target} ...", file=sys.stderr, flush=True)
            fcntl.flock(guard, fcntl.LOCK_EX)
        if stamp.exists() and stamp.read_text() == want:
            return
        started = time.monotonic()
        print(f"Making {target} from {lock.name} (once; about a minute) ...", file=sys.stderr, flush=True)
        subprocess.run([sys.executable, "-m", "venv", "--clear", str(target)], check=True)
        # The lock names every package, so pip has nothing left to resolve; `check` proves it.
        pip = [str(target / "bin" / "python"), "-m", "pip", "--disable-pip-version-check"]
        subprocess.run([*pip, "install", "--quiet", "--no-deps", "-r", str(lock)], check=True)
        subprocess.run([*pip, "check"], check=True, stdout=sys.stderr)
        stamp.write_text(want)
        print(f"Made {target} in {time.monotonic() - started:.0f} s.", file=sys.stderr, flush=True)


def main() -> int:
    names = sys.argv[1:] or ["venv"]
    unknown = [name for name in names if name not in LOCKS]
    trouble = f"unknown environment {unknown[0]!r}; there are {', '.join(LOCKS)}" if unknown else check_python()
    if trouble:
        print(f"install.py: {trouble}", file=sys.stderr)
        return 2
    for name in names:
        try:
            install(name)
        except subprocess.CalledProcessError as failed:
            command = " ".join(failed.cmd)
            print(
                f"install.py: `{command}` ended with {failed.returncode}; what it said is above. "
                "Nothing was kept: run this again once its cause (network, disk, pip settings) is mended.",
                file=sys.stderr,
            )
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
