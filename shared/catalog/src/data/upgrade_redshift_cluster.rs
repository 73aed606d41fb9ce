//! Lets versions of the engine come to a cluster of Redshift by themselves, in its maintenance window.

use remedy::{Case, Plan, Remediation, Risk, Settings, Severity, Spec, Swap, Trigger, Undo, Wrong};

use super::{RedshiftCluster, RedshiftSetting};

/// See the [module](self).
#[derive(Debug)]
pub struct UpgradeRedshiftCluster;

impl Remediation for UpgradeRedshiftCluster {
    type Facet = RedshiftCluster;

    const SPEC: Spec = Spec {
        id: "data/upgrade_redshift_cluster",
        title: "Turn on automatic version upgrades of a Redshift cluster",
        triggers: &[
            Trigger::control("Redshift.6"),
            Trigger::config_rule("REDSHIFT_CLUSTER_MAINTENANCESETTINGS_CHECK"),
        ],
        severity: Severity::Medium,
        risk: Risk::Safe,
        parameters: &[],
        undo: Undo::Yes,
        care: "Its maintenance window stays: an upgrade restarts it then and at no other time.",
        since: "0.4.0",
    };

    fn configured(_: &Settings) -> Result<Self, Wrong> {
        Ok(Self)
    }

    fn plan(&self, cluster: &RedshiftCluster, _: &Case<'_>) -> Plan<Swap<RedshiftSetting>> {
        let is = RedshiftSetting::VersionUpgrades(cluster.version_upgrades);
        Swap::of(is, RedshiftSetting::VersionUpgrades(true)).into_iter().collect()
    }
}

#[cfg(test)]
mod tests {
    use remedy::check::{check, signal};

    use super::*;

    #[test]
    fn a_cluster_that_grows_old_is_upgraded() {
        let expected = ["set automatic version upgrades on (it is automatic version upgrades off)"];
        check(
            &UpgradeRedshiftCluster,
            &RedshiftCluster::default(),
            &signal("warehouse"),
            &expected,
        );
        let on = RedshiftCluster { version_upgrades: true, ..RedshiftCluster::default() };
        check(&UpgradeRedshiftCluster, &on, &signal("warehouse"), &[]);
    }
}
