"""RDS where moto differs from it: what waits for the maintenance window, what clusters are set to, and the two calls
that moto lacks; and what they are called for good.
"""

from __future__ import annotations

import uuid
from typing import Any

from moto.core.responses import ActionResult
from moto.rds.exceptions import DBProxyNotFoundFault, SubscriptionNotFoundError
from moto.rds.models import DBCluster, DBInstance, RDSBackend
from moto.rds.responses import RDSResponse
from moto.rds.utils import FilterDef

Shape = dict[str, Any]
# What RDS leaves for the maintenance window unless it is to be applied at once: as called, as kept, as shown.
WAITING = (
    ("multi_az", "multi_az", "MultiAZ"),
    ("enable_iam_database_authentication", "enable_iam_database_authentication", "IAMDatabaseAuthenticationEnabled"),
)

_made = DBInstance.__init__
_updated = DBInstance.update
_cluster_modified = RDSBackend.modify_db_cluster


def made(self: DBInstance, *args: Any, **kwargs: Any) -> None:
    _made(self, *args, **kwargs)
    # RDS always says whether it is.
    self.publicly_accessible = bool(self.publicly_accessible)
    self.pending_modified_values: Shape = {}
    # moto gives the same to all.
    self.dbi_resource_id = f"db-{uuid.uuid4().hex[:26].upper()}"


def updated(self: DBInstance, **kwargs: Any) -> None:
    # Backups that are turned on wait too.
    days = kwargs.get("backup_retention_period")
    waiting = [*WAITING, ("backup_retention_period", "backup_retention_period", "BackupRetentionPeriod")]
    for called, kept, shown in waiting:
        value, is_at_once = kwargs.get(called), bool(kwargs.get("apply_immediately"))
        if called == "backup_retention_period" and days is not None:
            is_at_once |= bool(days) and bool(self.backup_retention_period)
        if value is None or is_at_once:
            continue
        del kwargs[called]
        if value == getattr(self, kept):
            self.pending_modified_values.pop(shown, None)
        else:
            self.pending_modified_values[shown] = value
    _updated(self, **kwargs)


def cluster_modified(self: RDSBackend, kwargs: Any) -> DBCluster:
    given = dict(kwargs)
    name = given["db_cluster_identifier"]
    # moto keeps it under a name of its own, and does not look for the logs where they are.
    iam = given.pop("enable_iam_database_authentication", None)
    logs = given.pop("cloudwatch_logs_export_configuration", None) or {}
    _cluster_modified(self, given)
    cluster = self.clusters[given.get("new_db_cluster_identifier") or name]
    if iam is not None and given.get("apply_immediately"):
        cluster.iam_auth = iam
    elif iam is not None:
        waits = iam != bool(cluster.iam_auth)
        cluster.pending_modified_values = {"IAMDatabaseAuthenticationEnabled": iam} if waits else {}
    kept = [log for log in cluster.enabled_cloudwatch_logs_exports if log not in logs.get("DisableLogTypes", [])]
    cluster.enabled_cloudwatch_logs_exports = [*kept, *(x for x in logs.get("EnableLogTypes", []) if x not in kept)]
    return cluster


def modify_event_subscription(self: RDSResponse) -> ActionResult:
    name = self.params["SubscriptionName"]
    subscription = self.backend.event_subscriptions.get(name)
    if subscription is None:
        raise SubscriptionNotFoundError(name)
    for called, kept in (("SourceType", "source_type"), ("EventCategories", "event_categories"), ("Enabled", "enabled")):
        if self.params.get(called) is not None:
            setattr(subscription, kept, self.params[called])
    return ActionResult({"EventSubscription": subscription})


def modify_db_proxy(self: RDSResponse) -> ActionResult:
    name = self.params["DBProxyName"]
    proxy = self.backend.db_proxies.get(name)
    if proxy is None:
        raise DBProxyNotFoundFault(name)
    if self.params.get("RequireTLS") is not None:
        proxy.require_tls = self.params["RequireTLS"]
    return ActionResult({"DBProxy": proxy})


def extend() -> None:
    """Puts it into moto."""
    DBInstance.__init__ = made  # type: ignore[method-assign]
    DBInstance.update = updated  # type: ignore[method-assign]
    DBCluster.SUPPORTED_FILTERS["db-cluster-resource-id"] = FilterDef(["db_cluster_resource_id"], "")
    RDSBackend.modify_db_cluster = cluster_modified  # type: ignore[method-assign]
    RDSResponse.modify_event_subscription = modify_event_subscription
    RDSResponse.modify_db_proxy = modify_db_proxy
