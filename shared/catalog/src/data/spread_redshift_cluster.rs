//! Tells how a cluster of Redshift comes to stand in two zones: that is a second cluster to be paid for.

use remedy::{
    Case, Id, Plan, Remediation, Risk, Settings, Severity, Spec, Swap, Trigger, Undo, Wrong,
};

use super::{RedshiftCluster, RedshiftClusterId, RedshiftSetting, redshift_cluster::modify};

/// See the [module](self).
#[derive(Debug)]
pub struct SpreadRedshiftCluster;

impl Remediation for SpreadRedshiftCluster {
    type Facet = RedshiftCluster;

    const SPEC: Spec = Spec {
        id: "data/spread_redshift_cluster",
        title: "Spread a Redshift cluster over two zones, by hand",
        triggers: &[
            Trigger::control("Redshift.18"),
            Trigger::config_rule("REDSHIFT_CLUSTER_MULTI_AZ_ENABLED"),
        ],
        severity: Severity::Medium,
        risk: Risk::Safe,
        parameters: &[],
        undo: Undo::Nothing,
        care: "Nothing is bought unasked: the command is told, and what it costs.",
        since: "0.4.0",
    };

    fn configured(_: &Settings) -> Result<Self, Wrong> {
        Ok(Self)
    }

    fn plan(&self, cluster: &RedshiftCluster, case: &Case<'_>) -> Plan<Swap<RedshiftSetting>> {
        let id = RedshiftClusterId::locate(&case.signal.resource);
        let Some(id) = id.filter(|_| !cluster.multi_az) else { return Plan::none() };
        Plan::by_hand(
            "it stands in one zone",
            "it costs twice as much then; its subnets must span three zones, and it must be encrypted and of \
             nodes that keep their data apart (RA3)",
            [modify(&case.signal.place, &id, "--multi-az")],
        )
    }
}

#[cfg(test)]
mod tests {
    use remedy::check::{check, now, signal};

    use super::*;

    #[test]
    fn the_command_and_the_cost_are_told() {
        let case = Case { signal: &signal("warehouse"), now: now() };
        check(&SpreadRedshiftCluster, &RedshiftCluster::default(), &signal("warehouse"), &[]);
        let plan = SpreadRedshiftCluster.plan(&RedshiftCluster::default(), &case);
        assert!(plan.by_hand[0].ends_with("--multi-az"));
        let spread = RedshiftCluster { multi_az: true, ..RedshiftCluster::default() };
        assert_eq!(SpreadRedshiftCluster.plan(&spread, &case), Plan::none());
    }
}
