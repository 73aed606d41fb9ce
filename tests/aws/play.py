#!/usr/bin/env python3
"""Play the cases of tests/aws/cases in the embedded AWS, all at once, and say what became of each.

    .local/venv/bin/python tests/aws/play.py --platform URL --estate URL --outputs JSON [--only rds]

Prints a line a case (`ok NAME` or `FAILED NAME` and why) and ends with 1 if one failed. With `--list` it only prints
which remediation and control each case plays.
"""

from __future__ import annotations

import argparse
import importlib
import json
import os
import pkgutil
import sys
import threading
import traceback
from concurrent.futures import ThreadPoolExecutor, as_completed

import cases
from cases import CASES, Aws, Case, Stack

AT_ONCE = 16


def played(stack: Stack, case: Case, number: int) -> str | None:
    """Why a case failed, if it did."""
    try:
        case.play(Aws(stack, case, number))
    except Exception as why:  # noqa: BLE001  whatever it is, the others go on
        where = traceback.extract_tb(why.__traceback__)
        lines = [f"{frame.filename.rsplit('/', 1)[-1]}:{frame.lineno}" for frame in where[1:]]
        return f"{type(why).__name__}: {why} ({' < '.join(lines[-3:])})"
    return None


def main() -> int:
    parser = argparse.ArgumentParser(description="Play repairs in the embedded AWS.")
    parser.add_argument("--platform")
    parser.add_argument("--estate")
    parser.add_argument("--outputs", help="of the stack, as deploy.py prints them")
    parser.add_argument("--only", default="", help="a function, or the beginning of a remediation's id")
    parser.add_argument("--list", action="store_true")
    args = parser.parse_args()
    # Nothing of the user's own AWS settings and proxies: all of this goes to the loopback.
    for name in [name for name in os.environ if name.upper().startswith("AWS_") or name.upper().endswith("_PROXY")]:
        del os.environ[name]
    os.environ["AWS_CONFIG_FILE"] = os.environ["AWS_SHARED_CREDENTIALS_FILE"] = os.devnull
    for module in pkgutil.iter_modules(cases.__path__):
        importlib.import_module(f"cases.{module.name}")
    chosen = [case for case in CASES if case.remediation.startswith(args.only)]
    if args.list:
        for case in chosen:
            print(case.name)
        return 0
    stack = Stack(args.platform, args.estate, json.loads(args.outputs))
    failed = 0
    with ThreadPoolExecutor(AT_ONCE) as pool:
        work = {pool.submit(played, stack, case, number): case for number, case in enumerate(chosen)}
        for done in as_completed(work):
            why = done.result()
            failed += why is not None
            print(f"ok {work[done].name}" if why is None else f"FAILED {work[done].name}\n    {why}", flush=True)
    print(f"{len(chosen) - failed} passed, {failed} failed")
    return 1 if failed or not chosen else 0


if __name__ == "__main__":
    code = main()
    # The reader of records would keep it alive.
    sys.stdout.flush()
    os._exit(code) if threading.active_count() > 1 else sys.exit(code)
