//! Lets snapshots of a cluster have its tags.
//!
//! `DocumentDB` has no such setting, and is left alone.

use remedy::{Case, Plan, Remediation, Risk, Settings, Severity, Spec, Swap, Trigger, Undo, Wrong};

use super::{DbCluster, DbClusterSetting, Switch};

/// See the [module](self).
#[derive(Debug)]
pub struct TagClusterSnapshots;

impl Remediation for TagClusterSnapshots {
    type Facet = DbCluster;

    const SPEC: Spec = Spec {
        id: "rds/tag_cluster_snapshots",
        title: "Copy the tags of a database cluster to its snapshots",
        triggers: &[
            Trigger::control("RDS.16"),
            Trigger::control("RDS.47"),
            Trigger::control("RDS.48"),
            Trigger::control("Neptune.8"),
            Trigger::config_rule("RDS_PGSQL_CLUSTER_COPY_TAGS_TO_SNAPSHOT_CHECK"),
            Trigger::config_rule("RDS_MYSQL_CLUSTER_COPY_TAGS_TO_SNAPSHOT_CHECK"),
            Trigger::config_rule("NEPTUNE_CLUSTER_COPY_TAGS_TO_SNAPSHOT_ENABLED"),
        ],
        severity: Severity::Low,
        risk: Risk::Safe,
        parameters: &[],
        undo: Undo::Yes,
        care: "Snapshots that are there keep the tags they have.",
        since: "0.4.0",
    };

    fn configured(_: &Settings) -> Result<Self, Wrong> {
        Ok(Self)
    }

    fn plan(&self, cluster: &DbCluster, case: &Case<'_>) -> Plan<Swap<DbClusterSetting>> {
        cluster.turn_on(Switch::SnapshotTags, case)
    }
}

#[cfg(test)]
mod tests {
    use remedy::check::{check, signal};

    use super::*;

    const MAIN: &str = "arn:aws:rds:eu-west-1:111122223333:cluster:main";

    fn of(engine: &str) -> DbCluster {
        DbCluster { engine: engine.into(), ..DbCluster::default() }
    }

    #[test]
    fn tags_are_copied_from_now_on() {
        let expected =
            ["set copying of tags to snapshots on (it is copying of tags to snapshots off)"];
        for engine in ["aurora-mysql", "neptune", "postgres"] {
            check(&TagClusterSnapshots, &of(engine), &signal(MAIN), &expected);
        }
    }

    #[test]
    fn where_they_are_or_cannot_be_nothing_is_done() {
        let done = DbCluster { setup: [Switch::SnapshotTags].into(), ..of("neptune") };
        check(&TagClusterSnapshots, &done, &signal(MAIN), &[]);
        check(&TagClusterSnapshots, &of("docdb"), &signal(MAIN), &[]);
    }
}
