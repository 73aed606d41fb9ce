"""What moto lacks of EC2 beside security groups.

Whom snapshots are restorable by, and the block of public ones; the block of internet gateways; versions of launch
templates that are made of another one, once for each token.
"""

from __future__ import annotations

from typing import Any

from moto.core.responses import ActionResult
from moto.ec2.exceptions import EC2ClientError
from moto.ec2.models.launch_templates import LaunchTemplate
from moto.ec2.responses import EC2Response
from moto.ec2.responses.elastic_block_store import ElasticBlockStore
from moto.ec2.responses.launch_templates import LaunchTemplates

Shape = dict[str, Any]
UNBLOCKED = "unblocked"
# By account and Region.
sharing: dict[tuple[str, str], str] = {}
gateways: dict[tuple[str, str], str] = {}
versions: dict[str, Any] = {}


def place(response: Any) -> tuple[str, str]:
    return response.current_account, response.region


class Snapshots:
    """Only those of the owners asked for, which those asked for may restore."""

    def describe_snapshots(self: Any) -> ActionResult:
        owners, users = self._get_param("OwnerIds", []), self._get_param("RestorableByUserIds", [])
        found = self.ec2_backend.describe_snapshots(
            snapshot_ids=self._get_param("SnapshotIds", []), filters=self._filters_from_querystring()
        )
        if owners:
            ids = [self.current_account if owner == "self" else owner for owner in owners]
            found = [snapshot for snapshot in found if snapshot.owner_id in ids]
        if "all" in users:
            found = [snapshot for snapshot in found if "all" in snapshot.create_volume_permission_groups]
        return ActionResult({"Snapshots": found})


class Settings:
    """Settings of a Region of an account."""

    def get_snapshot_block_public_access_state(self: Any) -> ActionResult:
        return ActionResult({"State": sharing.get(place(self), UNBLOCKED), "ManagedBy": "account"})

    def enable_snapshot_block_public_access(self: Any) -> ActionResult:
        state = self._get_param("State")
        if state not in ("block-all-sharing", "block-new-sharing"):
            raise EC2ClientError("InvalidParameterValue", f"Value ({state}) for parameter State is invalid.")
        sharing[place(self)] = state
        return ActionResult({"State": state})

    def disable_snapshot_block_public_access(self: Any) -> ActionResult:
        sharing[place(self)] = UNBLOCKED
        return ActionResult({"State": UNBLOCKED})

    def describe_vpc_block_public_access_options(self: Any) -> ActionResult:
        return ActionResult({"VpcBlockPublicAccessOptions": self._block_of_gateways()})

    def modify_vpc_block_public_access_options(self: Any) -> ActionResult:
        mode = self._get_param("InternetGatewayBlockMode")
        if mode not in ("off", "block-ingress", "block-bidirectional"):
            raise EC2ClientError("InvalidParameterValue", f"Value ({mode}) is no block mode.")
        gateways[place(self)] = mode
        return ActionResult({"VpcBlockPublicAccessOptions": self._block_of_gateways()})

    def _block_of_gateways(self: Any) -> Shape:
        account, region = place(self)
        mode = gateways.get((account, region), "off")
        about = {"AwsAccountId": account, "AwsRegion": region, "State": "update-complete"}
        return {**about, "InternetGatewayBlockMode": mode, "ManagedBy": "account", "ExclusionsAllowed": "allowed"}


class Versions:
    """A part that is given stands for the whole part of the version that the new one is made of."""

    def create_launch_template_version(self: Any) -> ActionResult:
        token = self._get_param("ClientToken")
        if token not in versions or token is None:
            made = plain_version(self)
            template = self.ec2_backend.get_launch_template(made.result["LaunchTemplateVersion"]["LaunchTemplateId"])
            self._take_over(template, self._get_param("SourceVersion"))
            versions[token] = made
        return versions[token]

    def _take_over(self: Any, template: LaunchTemplate, source: str | None) -> None:
        if source:
            new = template.versions[-1]
            new.data = {**template.get_version(source).data, **new.data}


plain_version = LaunchTemplates.create_launch_template_version


def extend() -> None:
    for owner, kept in ((ElasticBlockStore, Snapshots), (EC2Response, Settings), (LaunchTemplates, Versions)):
        for name, method in vars(kept).items():
            if not name.startswith("__"):
                setattr(owner, name, method)
