"""What moto lacks of Athena, EFS and ElastiCache: the calls that change what it can make and describe."""

from __future__ import annotations

import json
from typing import Any

from moto.athena.responses import AthenaResponse
from moto.core.responses import ActionResult
from moto.efs.responses import EFSResponse
from moto.elasticache.responses import ElastiCacheResponse


def update_work_group(self: AthenaResponse) -> str:
    """What is given is merged into the configuration, as on AWS."""
    group = self.athena_backend.work_groups[self._get_param("WorkGroup")]
    group.configuration = {**(group.configuration or {}), **(self._get_param("ConfigurationUpdates") or {})}
    return "{}"


def put_backup_policy(self: EFSResponse) -> tuple[str, dict[str, Any]]:
    files = self.efs_backend.file_systems_by_id[self._get_param("FileSystemId")]
    policy = self._get_param("BackupPolicy")
    files._backup = policy["Status"] == "ENABLED"
    return json.dumps({"BackupPolicy": policy}), {"Content-Type": "application/json"}


def modify_cache_cluster(self: ElastiCacheResponse) -> ActionResult:
    [cluster] = self.elasticache_backend.describe_cache_clusters(self._get_param("CacheClusterId"))
    days = self._get_int_param("SnapshotRetentionLimit")
    upgrades = self._get_bool_param("AutoMinorVersionUpgrade")
    cluster.snapshot_retention_limit = cluster.snapshot_retention_limit if days is None else days
    cluster.auto_minor_version_upgrade = cluster.auto_minor_version_upgrade if upgrades is None else upgrades
    return ActionResult({"CacheCluster": cluster})


def extend() -> None:
    AthenaResponse.update_work_group = update_work_group
    EFSResponse.put_backup_policy = put_backup_policy
    ElastiCacheResponse.modify_cache_cluster = modify_cache_cluster
