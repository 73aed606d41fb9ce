#!/usr/bin/env python3
"""Deploy a SAM template to the embedded platform, as `sam deploy` would to AWS.

    .local/venv/bin/python tests/aws/deploy.py --platform URL --stack NAME --template template.yaml \
        --bootstrap ec2=target/debug/ec2 [--param Key=Value ...] [--account 111122223333] [--region us-east-1]

A function is given the binary that its CodeUri names (`dist/x86_64/ec2.zip`: ec2), or its logical id. Prints
the stack's outputs as one JSON object. Ends with 1, and says why, when the stack cannot be made.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import json
import os
import shlex
import sys
import time
import zipfile
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from samtranslator.yaml_helper import yaml_parse
from yaml import YAMLError

BUCKET = "kintsugi-artifacts"
WAIT_SECONDS = 120
# Larger templates are given to CloudFormation through S3, as on AWS.
BODY_LIMIT = 51_200


class Failed(Exception):
    """Why nothing could be deployed, for people."""


def pairs(given: list[str], option: str) -> dict[str, str]:
    """`Name=value` arguments."""
    for pair in given:
        if "=" not in pair:
            raise Failed(f"{option} {pair!r} is not of the form Name=value")
    return {name: value for name, value in (pair.split("=", 1) for pair in given)}


def package(path: Path) -> bytes:
    """The zip that Lambda takes, with `bootstrap`, executable. It runs the binary where that lies: unlike on AWS both are
    on this machine, and a dozen binaries of debug builds are more than a gigabyte."""
    entry = zipfile.ZipInfo("bootstrap")
    entry.external_attr = 0o755 << 16
    with io.BytesIO() as out:
        with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as zipped:
            zipped.writestr(entry, f"#!/bin/sh\nexec {shlex.quote(str(path.resolve()))}\n")
        return out.getvalue()


def bind_code(template: dict[str, Any], binaries: dict[str, str], s3: Any) -> None:
    """Upload each function's binary and point its CodeUri there."""
    unused = set(binaries)
    for logical, resource in template.get("Resources", {}).items():
        if resource["Type"] != "AWS::Serverless::Function":
            continue
        properties = resource["Properties"]
        name = Path(str(properties.get("CodeUri", ""))).stem
        name = name if name in binaries else logical
        if name not in binaries:
            raise Failed(f"function {logical} (CodeUri {properties.get('CodeUri')}) has no --bootstrap")
        if not Path(binaries[name]).is_file():
            raise Failed(f"--bootstrap {name}={binaries[name]}: there is no such file; build it first")
        zipped = package(Path(binaries[name]))
        key = f"{name}/{hashlib.sha256(zipped).hexdigest()}.zip"
        s3.put_object(Bucket=BUCKET, Key=key, Body=zipped)
        properties["CodeUri"] = {"Bucket": BUCKET, "Key": key}
        unused.discard(name)
    if unused:
        raise Failed(f"no function of the template takes --bootstrap {', '.join(sorted(unused))}")


def settle(cloudformation: Any, stack: str) -> dict[str, Any]:
    """Wait until the stack rests, and return it."""
    late = time.monotonic() + WAIT_SECONDS
    while time.monotonic() < late:
        found: dict[str, Any] = cloudformation.describe_stacks(StackName=stack)["Stacks"][0]
        if not found["StackStatus"].endswith("_IN_PROGRESS"):
            return found
        time.sleep(0.05)
    raise Failed(f"stack {stack} is still {found['StackStatus']} after {WAIT_SECONDS} s")


def deploy(args: argparse.Namespace) -> dict[str, str]:
    """Create or update the stack; its outputs."""
    session = boto3.Session(args.account, "test", region_name=args.region)
    # `stage` marks the calls as the test's own (see faults.py).
    config = Config(user_agent_appid="stage", s3={"addressing_style": "path"}, retries={"max_attempts": 1})
    to = {"endpoint_url": args.platform, "config": config}
    s3, cloudformation = session.client("s3", **to), session.client("cloudformation", **to)
    template = yaml_parse(Path(args.template).read_text())
    parameters = pairs(args.param, "--param")
    unknown = sorted(set(parameters) - set(template.get("Parameters", {})))
    if unknown:
        raise Failed(f"the template has no parameter {', '.join(unknown)}; it has {', '.join(template['Parameters'])}")

    where = {} if args.region == "us-east-1" else {"CreateBucketConfiguration": {"LocationConstraint": args.region}}
    try:
        s3.create_bucket(Bucket=BUCKET, **where)
    except ClientError as error:
        if error.response["Error"]["Code"] != "BucketAlreadyOwnedByYou":
            raise
    bind_code(template, pairs(args.bootstrap, "--bootstrap"), s3)
    body = json.dumps(template)
    source = {"TemplateBody": body}
    if len(body) > BODY_LIMIT:
        s3.put_object(Bucket=BUCKET, Key=f"{args.stack}.json", Body=body.encode())
        source = {"TemplateURL": f"{args.platform}/{BUCKET}/{args.stack}.json"}
    request = source | {
        "StackName": args.stack,
        "Parameters": [{"ParameterKey": k, "ParameterValue": v} for k, v in parameters.items()],
        "Capabilities": ["CAPABILITY_IAM", "CAPABILITY_NAMED_IAM", "CAPABILITY_AUTO_EXPAND"],
    }
    try:
        cloudformation.describe_stacks(StackName=args.stack)
    except ClientError:
        cloudformation.create_stack(**request)
    else:
        try:
            cloudformation.update_stack(**request)
        except ClientError as error:
            if "No updates are to be performed" not in str(error):
                raise
    stack = settle(cloudformation, args.stack)
    if stack["StackStatus"] not in ("CREATE_COMPLETE", "UPDATE_COMPLETE"):
        pages = cloudformation.get_paginator("describe_stack_events").paginate(StackName=args.stack)
        events = [event for page in pages for event in page["StackEvents"]]
        reasons = [
            f"  {event['LogicalResourceId']} ({event['ResourceType']}): {event.get('ResourceStatusReason')}"
            for event in reversed(events)
            if event["ResourceStatus"].endswith("_FAILED")
        ]
        raise Failed("\n".join([f"stack {args.stack} is {stack['StackStatus']}:", *reasons]))
    return {output["OutputKey"]: output["OutputValue"] for output in stack.get("Outputs", [])}


def main() -> int:
    parser = argparse.ArgumentParser(description="Deploy a SAM template to the embedded platform.")
    parser.add_argument("--platform", required=True, help="URL that up.py printed")
    parser.add_argument("--stack", required=True)
    parser.add_argument("--template", required=True)
    parser.add_argument("--bootstrap", action="append", default=[], metavar="NAME=BINARY")
    parser.add_argument("--param", action="append", default=[], metavar="KEY=VALUE")
    parser.add_argument("--account", default="111122223333")
    parser.add_argument("--region", default="us-east-1")
    args = parser.parse_args()
    # Nothing of the user's own AWS settings and proxies: all of this goes to the loopback.
    for name in [name for name in os.environ if name.upper().startswith("AWS_") or name.upper().endswith("_PROXY")]:
        del os.environ[name]
    os.environ["AWS_CONFIG_FILE"] = os.environ["AWS_SHARED_CREDENTIALS_FILE"] = os.devnull
    try:
        print(json.dumps(deploy(args)))
    except (Failed, BotoCoreError, ClientError, OSError, YAMLError) as why:
        print(f"deploy.py: {args.stack}: {why}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
