//! Lets RDS install minor versions on a Multi-AZ cluster by itself, in its maintenance window.
//!
//! Members of Aurora, Neptune and `DocumentDB` clusters decide that each for themselves.

use remedy::{Case, Plan, Remediation, Risk, Settings, Severity, Spec, Swap, Trigger, Undo, Wrong};

use super::{DbCluster, DbClusterSetting, Switch};

/// See the [module](self).
#[derive(Debug)]
pub struct UpgradeCluster;

impl Remediation for UpgradeCluster {
    type Facet = DbCluster;

    const SPEC: Spec = Spec {
        id: "rds/upgrade_cluster",
        title: "Turn on automatic minor upgrades of a Multi-AZ database cluster",
        triggers: &[
            Trigger::control("RDS.35"),
            Trigger::config_rule("RDS_CLUSTER_AUTO_MINOR_VERSION_UPGRADE_ENABLE"),
        ],
        severity: Severity::Medium,
        risk: Risk::MayInterrupt,
        parameters: &[],
        undo: Undo::Yes,
        care: "Nothing is upgraded at once: the cluster restarts in its maintenance window when there is a new version.",
        since: "0.4.0",
    };

    fn configured(_: &Settings) -> Result<Self, Wrong> {
        Ok(Self)
    }

    fn plan(&self, cluster: &DbCluster, case: &Case<'_>) -> Plan<Swap<DbClusterSetting>> {
        cluster.turn_on(Switch::MinorUpgrades, case)
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
    fn a_multi_az_cluster_is_upgraded() {
        let expected = ["set automatic minor upgrades on (it is automatic minor upgrades off)"];
        check(&UpgradeCluster, &of("postgres"), &signal(MAIN), &expected);
    }

    #[test]
    fn one_that_is_and_one_whose_members_decide_are_left_alone() {
        let done = DbCluster { setup: [Switch::MinorUpgrades].into(), ..of("mysql") };
        for cluster in [done, of("aurora-mysql"), of("neptune"), of("docdb")] {
            check(&UpgradeCluster, &cluster, &signal(MAIN), &[]);
        }
    }
}
