"""Macie: the times of its session in the zone that AWS says them in, which moto leaves out."""

from __future__ import annotations

from typing import Any

from moto.macie2.models import MacieBackend

session = MacieBackend.get_macie_session


def get_macie_session(self: MacieBackend) -> dict[str, Any]:
    found: dict[str, Any] = session(self)
    times = {name: found[name].split("+")[0] + "Z" for name in ("createdAt", "updatedAt")}
    return {**found, **times}


def extend() -> None:
    MacieBackend.get_macie_session = get_macie_session
