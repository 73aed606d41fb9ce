//! Keeps the automatic backups of a cluster of RDS, Neptune or `DocumentDB` for as long as the control asks:
//! a week, if it does not say.
//!
//! Clusters always have backups, so nothing stops by that. What AWS Backup looks after is left to its plan.

use remedy::{Case, Plan, Remediation, Risk, Settings, Severity, Spec, Swap, Trigger, Undo, Wrong};

use super::{DbCluster, DbClusterSetting, Value, asked};

/// See the [module](self).
#[derive(Debug)]
pub struct KeepClusterBackups;

impl Remediation for KeepClusterBackups {
    type Facet = DbCluster;

    const SPEC: Spec = Spec {
        id: "rds/keep_cluster_backups",
        title: "Keep the backups of a database cluster for a week or longer",
        triggers: &[
            Trigger::control("RDS.50"),
            Trigger::control("Neptune.5"),
            Trigger::control("DocumentDB.2"),
            Trigger::config_rule("RDS_CLUSTER_BACKUP_RETENTION_CHECK"),
            Trigger::config_rule("NEPTUNE_CLUSTER_BACKUP_RETENTION_CHECK"),
            Trigger::config_rule("DOCDB_CLUSTER_BACKUP_RETENTION_CHECK"),
        ],
        severity: Severity::Medium,
        risk: Risk::Safe,
        parameters: &[],
        undo: Undo::Yes,
        care: "Longer retention is kept, and the one that Security Hub passes is honoured.",
        since: "0.4.0",
    };

    fn configured(_: &Settings) -> Result<Self, Wrong> {
        Ok(Self)
    }

    fn plan(&self, cluster: &DbCluster, case: &Case<'_>) -> Plan<Swap<DbClusterSetting>> {
        let days = asked::backup_days(case.signal, "minimumBackupRetentionPeriod");
        if cluster.setup.backup_days >= days {
            return Plan::none();
        }
        if cluster.in_aws_backup {
            return Plan::by_hand(
                Value::BackupDays(cluster.setup.backup_days).to_string(),
                "AWS Backup keeps its backups: the plan there decides for how long",
                [],
            );
        }
        cluster.set(Value::BackupDays(days), case)
    }
}

#[cfg(test)]
mod tests {
    use remedy::{
        Signal,
        check::{check, signal},
    };

    use super::{
        super::{Setup, tests::hand},
        *,
    };

    const MAIN: &str = "arn:aws:rds:eu-west-1:111122223333:cluster:main";

    fn keeps(days: u32) -> DbCluster {
        let setup = Setup { backup_days: days, ..Setup::default() };
        DbCluster { engine: "docdb".into(), setup, ..DbCluster::default() }
    }

    #[test]
    fn a_short_retention_becomes_a_week_or_what_the_control_says() {
        let expected = ["set backup retention 7 days (it is backup retention 1 day)"];
        check(&KeepClusterBackups, &keeps(1), &signal(MAIN), &expected);
        let given = Signal {
            parameters: [("minimumBackupRetentionPeriod".into(), vec!["35".into()])].into(),
            ..signal(MAIN)
        };
        let expected = ["set backup retention 35 days (it is backup retention 7 days)"];
        check(&KeepClusterBackups, &keeps(7), &given, &expected);
    }

    #[test]
    fn longer_ones_stay_and_aws_backup_is_asked() {
        check(&KeepClusterBackups, &keeps(30), &signal(MAIN), &[]);
        let elsewhere = DbCluster { in_aws_backup: true, ..keeps(1) };
        check(&KeepClusterBackups, &elsewhere, &signal(MAIN), &[]);
        assert!(!hand(&KeepClusterBackups, &elsewhere, &signal(MAIN)).0.is_empty());
    }
}
