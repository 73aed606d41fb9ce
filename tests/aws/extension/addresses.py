"""Public addresses as EC2 has them: elastic ones are public, and interfaces are found by theirs."""

from __future__ import annotations

from typing import Any

from moto.ec2.models import elastic_ip_addresses
from moto.ec2.models.elastic_network_interfaces import NetworkInterface
from moto.ec2.utils import random_public_ip

plain_value = NetworkInterface.get_filter_value


def filter_value(self: NetworkInterface, name: str, method: str | None = None) -> Any:
    return self.public_ip if name == "association.public-ip" else plain_value(self, name, method)


def extend() -> None:
    # moto's come from 127.0.0.0/8.
    elastic_ip_addresses.random_ip = random_public_ip
    NetworkInterface.get_filter_value = filter_value
