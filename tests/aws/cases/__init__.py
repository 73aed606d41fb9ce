"""Repairs in the embedded AWS: what is made there, what is said of it, and what must have become of it.

One module a function; one case a problem. A case makes a resource, lets Security Hub say that a control failed, and
looks at the resource again: after the repair, and after it was taken back.

    @case("rds/protect_instance", "RDS.8")
    def an_instance_that_anybody_can_delete_is_protected(aws: Aws) -> None:
        rds = aws.client("rds")
        ...
        record = aws.mend(arn)
        assert protected()
        aws.undo(record)
        assert not protected()
"""

from __future__ import annotations

import json
import threading
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timezone
from typing import Any

import boto3
from botocore.config import Config

Shape = dict[str, Any]
ACCOUNT = "111122223333"
REGION = "eu-west-1"
# What functions use for themselves is with the platform, and so is what they repair there.
OF_PLATFORM = ("dynamodb", "events", "s3", "sns", "sqs")
WAIT_SECONDS = 90


@dataclass(frozen=True)
class Case:
    """One problem of one remediation."""

    remediation: str
    control: str
    play: Callable[[Aws], None]
    region: str = REGION

    @property
    def name(self) -> str:
        return f"{self.remediation} {self.control} {self.play.__name__}"


CASES: list[Case] = []


def case(
    remediation: str, control: str, region: str = REGION
) -> Callable[[Callable[[Aws], None]], Callable[[Aws], None]]:
    """Marks a function that plays a problem. Settings of an account need a Region of their own for each case."""

    def mark(play: Callable[[Aws], None]) -> Callable[[Aws], None]:
        CASES.append(Case(remediation, control, play, region))
        return play

    return mark


@dataclass
class Stack:
    """The deployed stack, and the emulators that it is in."""

    platform: str
    estate: str
    outputs: dict[str, str]
    records: Records = field(init=False)

    def __post_init__(self) -> None:
        self.records = Records(self.client("dynamodb", REGION, platform=True), self.outputs["TableName"])

    def client(self, service: str, region: str, platform: bool = False) -> Any:
        session = boto3.Session(ACCOUNT, "test", region_name=region)
        url = self.platform if platform or service in OF_PLATFORM else self.estate
        # `stage` marks the calls as the test's own (see faults.py).
        config = Config(user_agent_appid="stage", s3={"addressing_style": "path"}, retries={"max_attempts": 3})
        if service == "s3control":
            config = config.merge(Config(inject_host_prefix=False))
        return session.client(service, endpoint_url=url, config=config)


class Records:
    """The records of the stack's table, read by one thread for all cases."""

    def __init__(self, dynamodb: Any, table: str) -> None:
        self._dynamodb, self._table = dynamodb, table
        self._lock: threading.Condition = threading.Condition()
        self._pages: list[Shape] = []
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        while True:
            pages = self._dynamodb.get_paginator("scan").paginate(
                TableName=self._table,
                FilterExpression="sk = :record",
                ExpressionAttributeValues={":record": {"S": "record"}},
                ConsistentRead=True,
            )
            found = [json.loads(item["record"]["S"]) for page in pages for item in page["Items"]]
            with self._lock:
                self._pages = found
                self._lock.notify_all()
            time.sleep(0.2)

    def wait(self, is_it: Callable[[Shape], bool], what: str) -> Shape:
        """The first record that is it and is closed."""
        late = time.monotonic() + WAIT_SECONDS
        with self._lock:
            while True:
                for page in self._pages:
                    if outcome(page) != "open" and is_it(page):
                        return page
                if time.monotonic() > late:
                    raise AssertionError(f"no record {what} within {WAIT_SECONDS} s")
                self._lock.wait(1.0)


def outcome(page: Shape) -> str:
    """How a record ended, as one word."""
    return str(page["outcome"]["kind"])


def told(page: Shape) -> str:
    """A record, for who reads that it is not as it should be."""
    steps = [f"{step['what']}: {step['state']}" for step in page.get("steps", [])]
    return json.dumps({"outcome": page["outcome"], "steps": steps, "left": page.get("left")}, indent=1)


class Aws:
    """What a case sees of AWS."""

    def __init__(self, stack: Stack, of: Case, number: int) -> None:
        self._stack, self._case = stack, of
        self.account, self.region = ACCOUNT, of.region
        # A name that no other case has.
        self.name = f"case-{number}"

    @property
    def tag_map(self) -> dict[str, str]:
        """The tags that bring a resource in scope."""
        return {"AutoRemediate": "True", "team": "web"}

    @property
    def tags(self) -> list[dict[str, str]]:
        """The same as most services want them."""
        return [{"Key": key, "Value": value} for key, value in self.tag_map.items()]

    def client(self, service: str) -> Any:
        """boto3's client, at the emulator that the function reaches for this service."""
        return self._stack.client(service, self.region)

    def mend(
        self,
        resource: str,
        *,
        outcome: str = "fixed",
        control: str | None = None,
        parameters: dict[str, list[str]] | None = None,
        kind: str = "Other",
    ) -> Shape:
        """Lets Security Hub say that the control failed for `resource`; the record of what was done about it."""
        finding = f"arn:aws:securityhub:{self.region}:{ACCOUNT}:security-control/x/finding/{uuid.uuid4()}"
        self._send(finding, resource, control or self._case.control, parameters or {}, kind)

        def is_it(page: Shape) -> bool:
            return finding in json.dumps(page.get("signal")) and page["remediation"] == self._case.remediation

        return self._ended(is_it, outcome, f"of {self._case.remediation} about {resource}")

    def undo(self, record: Shape, *, outcome: str = "fixed") -> Shape:
        """Has what was done under `record` taken back."""
        self._order({"undo": {"record": record["id"]}})
        return self._ended(lambda page: page.get("undoes") == record["id"], outcome, f"that undoes {record['id']}")

    def approve(self, record: Shape, *, outcome: str = "fixed") -> Shape:
        """Has what `record` asks for done."""
        self._order({"approve": {"record": record["id"]}})

        def is_it(page: Shape) -> bool:
            approves = (page.get("signal") or {}).get("approves") or {}
            return bool(approves.get("record") == record["id"])

        return self._ended(is_it, outcome, f"that {record['id']} was approved for")

    def _ended(self, is_it: Callable[[Shape], bool], wanted: str, what: str) -> Shape:
        page = self._stack.records.wait(is_it, what)
        assert outcome(page) == wanted, f"{what}: {wanted} was expected: {told(page)}"
        return page

    def _send(self, finding: str, resource: str, control: str, parameters: dict[str, list[str]], kind: str) -> None:
        now = datetime.now(timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        detail = {
            "SchemaVersion": "2018-10-08",
            "Id": finding,
            "ProductArn": f"arn:aws:securityhub:{self.region}::product/aws/securityhub",
            "ProductName": "Security Hub",
            "GeneratorId": f"security-control/{control}",
            "AwsAccountId": ACCOUNT,
            "Region": self.region,
            "Title": control,
            "CreatedAt": now,
            "UpdatedAt": now,
            "Severity": {"Label": "MEDIUM"},
            "Resources": [{"Type": kind, "Id": resource, "Partition": "aws", "Region": self.region}],
            "Compliance": {
                "Status": "FAILED",
                "SecurityControlId": control,
                "SecurityControlParameters": [{"Name": name, "Value": value} for name, value in parameters.items()],
            },
            "Workflow": {"Status": "NEW"},
            "RecordState": "ACTIVE",
        }
        entry = {
            "Source": "aws.securityhub",
            "DetailType": "Security Hub Findings - Imported",
            "Resources": [f"{detail['ProductArn']}/{finding}"],
            "Detail": json.dumps({"findings": [detail]}),
        }
        answer = self._stack.client("events", REGION).put_events(Entries=[entry])
        assert answer["FailedEntryCount"] == 0, answer

    def _order(self, what: Shape) -> None:
        lambdas = self._stack.client("lambda", REGION, platform=True)
        order = json.dumps({"by": f"arn:aws:iam::{ACCOUNT}:user/ada", "what": what})
        answer = lambdas.invoke(FunctionName=self._stack.outputs["RespondFunctionName"], Payload=order)
        reply = json.loads(answer["Payload"].read())
        assert "FunctionError" not in answer and "done" in reply, f"{what}: {reply}"
