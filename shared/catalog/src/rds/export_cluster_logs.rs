//! Sends the log of a cluster that tells who did what to `CloudWatch`, beside what goes there already: the
//! audit log of Aurora `MySQL`, Neptune and `DocumentDB`, the one log of Aurora `PostgreSQL`.
//!
//! What is in it, its parameter group decides: audit logs stay empty until a parameter there turns them on.

use remedy::{Case, Plan, Remediation, Risk, Settings, Severity, Spec, Swap, Trigger, Undo, Wrong};

use super::{DbCluster, DbClusterSetting, Value, engine};

/// See the [module](self).
#[derive(Debug)]
pub struct ExportClusterLogs;

impl Remediation for ExportClusterLogs {
    type Facet = DbCluster;

    const SPEC: Spec = Spec {
        id: "rds/export_cluster_logs",
        title: "Send the audit log of a database cluster to CloudWatch",
        triggers: &[
            Trigger::control("RDS.34"),
            Trigger::control("RDS.37"),
            Trigger::control("Neptune.2"),
            Trigger::control("DocumentDB.4"),
            Trigger::config_rule("RDS_AURORA_MYSQL_AUDIT_LOGGING_ENABLED"),
            Trigger::config_rule("RDS_AURORA_POSTGRESQL_LOGS_TO_CLOUDWATCH"),
            Trigger::config_rule("NEPTUNE_CLUSTER_CLOUDWATCH_LOG_EXPORT_ENABLED"),
            Trigger::config_rule("DOCDB_CLUSTER_AUDIT_LOGGING_ENABLED"),
        ],
        severity: Severity::Medium,
        risk: Risk::Safe,
        parameters: &[],
        undo: Undo::Yes,
        care: "Only the log that is missing is added; the parameter group, which may want a restart, is left alone.",
        since: "0.4.0",
    };

    fn configured(_: &Settings) -> Result<Self, Wrong> {
        Ok(Self)
    }

    fn plan(&self, cluster: &DbCluster, case: &Case<'_>) -> Plan<Swap<DbClusterSetting>> {
        match engine::cluster_log(&cluster.engine) {
            Some(log) => cluster.set(Value::Log(log.into(), true), case),
            None => Plan::none(),
        }
    }
}

#[cfg(test)]
mod tests {
    use remedy::check::{check, signal};

    use super::*;

    const MAIN: &str = "arn:aws:rds:eu-west-1:111122223333:cluster:main";

    fn sends(engine: &str, logs: &[&str]) -> DbCluster {
        let mut cluster = DbCluster { engine: engine.into(), ..DbCluster::default() };
        cluster.setup.logs = logs.iter().map(|log| (*log).into()).collect();
        cluster
    }

    #[test]
    fn the_log_that_tells_who_did_what_is_added_to_the_others() {
        let audit = ["set export of the audit log on (it is export of the audit log off)"];
        check(&ExportClusterLogs, &sends("aurora-mysql", &["error"]), &signal(MAIN), &audit);
        check(&ExportClusterLogs, &sends("neptune", &["slowquery"]), &signal(MAIN), &audit);
        check(&ExportClusterLogs, &sends("docdb", &["profiler"]), &signal(MAIN), &audit);
        let only = ["set export of the postgresql log on (it is export of the postgresql log off)"];
        check(&ExportClusterLogs, &sends("aurora-postgresql", &[]), &signal(MAIN), &only);
    }

    #[test]
    fn where_it_goes_or_where_nobody_asks_for_it_nothing_is_done() {
        for cluster in [sends("neptune", &["audit"]), sends("mysql", &[]), sends("", &[])] {
            check(&ExportClusterLogs, &cluster, &signal(MAIN), &[]);
        }
    }
}
