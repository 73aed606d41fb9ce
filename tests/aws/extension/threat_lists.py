"""GuardDuty's lists of addresses: what they are, how long they take to activate, and what they read from S3.

Time is judged at the next look, without threads: a list whose (de)activation should be over by then is settled first.
So GuardDuty reads the object as it is at that look, and never by itself.
"""

from __future__ import annotations

import functools
import ipaddress
import os
import re
import secrets
import threading
import time
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timezone
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from moto.guardduty.models import guardduty_backends

Shape = dict[str, Any]
LARGEST_FILE = 35 << 20
UNDERWAY = ("ACTIVATING", "DEACTIVATING", "DELETE_PENDING")
ADDRESS = re.compile(r"\d+\.\d+\.\d+\.\d+(/\d+)?")
DOMAIN = re.compile(r"(?!-)([a-z0-9-]{1,63}\.)+[a-z][a-z0-9-]{1,62}", re.IGNORECASE)
LOCATIONS = [
    re.compile(rf"{form}/(?P<key>.+)")
    for form in (
        r"s3://(?P<bucket>[a-z0-9.-]+)",
        r"https://s3(\.[a-z]+(-[a-z]+)+-\d)?\.amazonaws\.com/(?P<bucket>[a-z0-9.-]+)",
        r"https://(?P<bucket>[a-z0-9.-]+?)\.s3(\.[a-z]+(-[a-z]+)+-\d)?\.amazonaws\.com",
    )
]
lock = threading.RLock()
Place = tuple[str, str]  # account and region


@dataclass(frozen=True)
class Kind:
    """One of the four kinds of lists, and its limits."""

    name: str  # as in the operations' names
    id_field: str
    most_lists: int  # in one account and region
    most_entries: int
    entities: bool  # holds domains too, keeps dates, and tells why it failed

    @property
    def part(self) -> str:
        """As in paths and ARNs."""
        return self.name.lower()


KINDS = (
    Kind("ThreatIntelSet", "ThreatIntelSetId", 6, 250_000, False),
    Kind("ThreatEntitySet", "ThreatEntitySetId", 6, 1_000, True),
    Kind("IPSet", "IpSetId", 1, 2_000, False),
    Kind("TrustedEntitySet", "TrustedEntitySetId", 1, 1_000, True),
)


class Unreadable(Exception):
    """Why GuardDuty cannot use an object."""


@dataclass
class ThreatList:
    """A list, and what GuardDuty has loaded of it."""

    kind: Kind
    place: Place
    detector: str
    name: str
    format: str
    location: str
    owner: str | None
    tags: dict[str, str]
    token: str | None
    id: str = field(default_factory=lambda: secrets.token_hex(16))
    status: str = "INACTIVE"
    since: float = field(default_factory=time.monotonic)
    created: datetime = field(default_factory=lambda: datetime.now(timezone.utc))
    updated: datetime = field(default_factory=lambda: datetime.now(timezone.utc))
    error: str | None = None
    lines: list[str] = field(default_factory=list)  # of the last activation that succeeded
    activations: int = 0  # those that succeeded

    @property
    def arn(self) -> str:
        account, region = self.place
        return f"arn:aws:guardduty:{region}:{account}:detector/{self.detector}/{self.kind.part}/{self.id}"

    def turn(self, status: str) -> None:
        self.status, self.since = status, time.monotonic()

    def settle(self) -> None:
        """End what should be over by now."""
        if self.status not in UNDERWAY or activation.seconds < 0:
            return
        if time.monotonic() < self.since + activation.seconds:
            return
        if self.status == "ACTIVATING":
            try:
                self.lines, self.error = read(self), None
                self.activations += 1
                self.turn("ACTIVE")
            except Unreadable as why:
                self.error = str(why)
                self.turn("ERROR")
        else:
            self.lines = []
            self.turn("INACTIVE" if self.status == "DEACTIVATING" else "DELETED")


@dataclass
class Activation:
    """How long (de)activations and deletions take; a negative number: for ever, until it is set again."""

    seconds: float = 0.5


activation = Activation()
members: set[Place] = set()
_lists: dict[Place, list[ThreatList]] = defaultdict(list)


def lists_at(place: Place) -> list[ThreatList]:
    """The lists there, settled; those that are gone, and those of detectors that are gone, left out."""
    account, region = place
    detectors = guardduty_backends[account][region].detectors
    for one in _lists[place]:
        one.settle()
    _lists[place] = [one for one in _lists[place] if one.status != "DELETED" and one.detector in detectors]
    return _lists[place]


def bucket_and_key(location: str) -> tuple[str, str] | None:
    for form in LOCATIONS:
        if found := form.fullmatch(location):
            return found["bucket"], found["key"]
    return None


@functools.cache
def s3_of(account: str, region: str) -> Any:
    """S3 is the platform's. The calls count as the test's own: AWS's services are not what faults are for."""
    config = Config(user_agent_appid="stage", s3={"addressing_style": "path"}, retries={"max_attempts": 1})
    session = boto3.Session(account, "test", region_name=region)
    return session.client("s3", endpoint_url=os.environ["AWS_ENDPOINT_URL"], config=config)


def read(one: ThreatList) -> list[str]:
    """The lines of the list's object, or why it is none that GuardDuty takes.

    The entity kinds check that the detector's account owns the bucket where no owner is given; the others do not.
    """
    account, region = one.place
    owner = one.owner or (account if one.kind.entities else None)
    bucket, key = bucket_and_key(one.location) or ("", "")
    expected = {"ExpectedBucketOwner": owner} if owner else {}
    try:
        found = s3_of(owner or account, region).get_object(Bucket=bucket, Key=key, **expected)
        if found["ContentLength"] > LARGEST_FILE:
            raise Unreadable(f"The file has {found['ContentLength']} bytes, more than 35 MB.")
        text = found["Body"].read().decode()
    except UnicodeDecodeError as why:
        raise Unreadable(f"The file is not UTF-8: {why}.") from why
    except (BotoCoreError, ClientError) as why:
        raise Unreadable(f"The object at {one.location} cannot be read: {why}") from why
    lines = [line for line in (raw.removesuffix("\r") for raw in text.split("\n")) if line]
    if one.format == "TXT":
        check(lines, one.kind)
    return lines


def check(lines: Iterable[str], kind: Kind) -> None:
    """Refuse what GuardDuty does not take in a plain text list."""
    for count, line in enumerate(lines, 1):
        if count > kind.most_entries:
            raise Unreadable(f"The list has more than {kind.most_entries} entries.")
        if not (is_network(line) or (kind.entities and not ADDRESS.fullmatch(line) and DOMAIN.fullmatch(line))):
            raise Unreadable(f"Entry {count} is invalid: {line[:100]!r}.")


def is_network(line: str) -> bool:
    """An IPv4 address or CIDR, without host bits."""
    try:
        return bool(ADDRESS.fullmatch(line)) and bool(ipaddress.IPv4Network(line))
    except ValueError:
        return False
