//! Reports a database cluster whose administrator has the name that everybody tries first.
//!
//! The name is given when it is made, and a snapshot brings it back: only moving the data to a new one
//! changes it.

use remedy::{
    Case, Id, Plan, Remediation, Risk, Settings, Severity, Spec, Swap, Trigger, Undo, Wrong, quoted,
};

use super::{DbCluster, DbClusterId, DbClusterSetting, engine};

/// See the [module](self).
#[derive(Debug)]
pub struct RenameClusterAdmin;

impl Remediation for RenameClusterAdmin {
    type Facet = DbCluster;

    const SPEC: Spec = Spec {
        id: "rds/rename_cluster_admin",
        title: "Report a database cluster whose administrator has the usual name",
        triggers: &[
            Trigger::control("RDS.24"),
            Trigger::config_rule("RDS_CLUSTER_DEFAULT_ADMIN_CHECK"),
        ],
        severity: Severity::Medium,
        risk: Risk::Safe,
        parameters: &[],
        undo: Undo::Nothing,
        care: "Nothing is made, moved or deleted: the way to another name is left to a person.",
        since: "0.4.0",
    };

    fn configured(_: &Settings) -> Result<Self, Wrong> {
        Ok(Self)
    }

    fn plan(&self, cluster: &DbCluster, case: &Case<'_>) -> Plan<Swap<DbClusterSetting>> {
        if engine::default_admin(&cluster.engine) != Some(cluster.admin.as_str()) {
            return Plan::none();
        }
        let make = |id: DbClusterId| {
            format!(
                "aws rds create-db-cluster --region {} --db-cluster-identifier {} --engine {} \
 --master-username NAME \
                 --manage-master-user-password --storage-encrypted",
                case.signal.place.region,
                quoted(&format!("{id}-new")),
                quoted(&cluster.engine)
            )
        };
        Plan::by_hand(
            format!("its administrator has the usual name {}", cluster.admin),
            "that name is given when it is made, and a snapshot brings it back: make a new one, \
             move the data over, and delete this one",
            DbClusterId::locate(&case.signal.resource).map(make),
        )
    }
}

#[cfg(test)]
mod tests {
    use remedy::check::{check, signal};

    use super::{super::tests::hand, *};

    const MAIN: &str = "arn:aws:rds:eu-west-1:111122223333:cluster:main";

    fn of(engine: &str, admin: &str) -> DbCluster {
        DbCluster { engine: engine.into(), admin: admin.into(), ..DbCluster::default() }
    }

    #[test]
    fn the_usual_name_is_reported_by_engine() {
        for usual in [of("aurora-mysql", "admin"), of("postgres", "postgres")] {
            check(&RenameClusterAdmin, &usual, &signal(MAIN), &[]);
            let (what, commands) = hand(&RenameClusterAdmin, &usual, &signal(MAIN));
            assert!(what.starts_with("its administrator has the usual name"), "{what}");
            assert_eq!(commands.len(), 1);
        }
    }

    #[test]
    fn another_name_is_right() {
        for other in [of("postgres", "ada"), of("postgres", "admin"), of("neptune", "admin")] {
            assert!(hand(&RenameClusterAdmin, &other, &signal(MAIN)).0.is_empty());
        }
    }
}
