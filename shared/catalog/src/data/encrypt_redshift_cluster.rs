//! Tells how the data of a cluster of Redshift is encrypted: it takes hours, in which much of it is read-only.

use remedy::{
    Case, Id, Plan, Remediation, Risk, Settings, Severity, Spec, Swap, Trigger, Undo, Wrong,
};

use super::{RedshiftCluster, RedshiftClusterId, RedshiftSetting, redshift_cluster::modify};

/// See the [module](self).
#[derive(Debug)]
pub struct EncryptRedshiftCluster;

impl Remediation for EncryptRedshiftCluster {
    type Facet = RedshiftCluster;

    const SPEC: Spec = Spec {
        id: "data/encrypt_redshift_cluster",
        title: "Encrypt the data of a Redshift cluster, by hand",
        triggers: &[
            Trigger::control("Redshift.10"),
            Trigger::config_rule("REDSHIFT_CLUSTER_KMS_ENABLED"),
        ],
        severity: Severity::Medium,
        risk: Risk::Safe,
        parameters: &[],
        undo: Undo::Nothing,
        care: "The cluster is not stopped for it unasked: the command for a quiet hour is told.",
        since: "0.4.0",
    };

    fn configured(_: &Settings) -> Result<Self, Wrong> {
        Ok(Self)
    }

    fn plan(&self, cluster: &RedshiftCluster, case: &Case<'_>) -> Plan<Swap<RedshiftSetting>> {
        let id = RedshiftClusterId::locate(&case.signal.resource);
        let Some(id) = id.filter(|_| !cluster.encrypted) else { return Plan::none() };
        Plan::by_hand(
            "its data is not encrypted at rest",
            "the cluster restarts and may be read-only or slow while its data is encrypted, which takes hours",
            [modify(&case.signal.place, &id, "--encrypted --kms-key-id KEY_ARN")],
        )
    }
}

#[cfg(test)]
mod tests {
    use remedy::check::{check, now, signal};

    use super::*;

    #[test]
    fn the_command_for_a_quiet_hour_is_told() {
        let case = Case { signal: &signal("warehouse"), now: now() };
        check(&EncryptRedshiftCluster, &RedshiftCluster::default(), &signal("warehouse"), &[]);
        let plan = EncryptRedshiftCluster.plan(&RedshiftCluster::default(), &case);
        assert!(
            plan.by_hand[0]
                .ends_with("--cluster-identifier warehouse --encrypted --kms-key-id KEY_ARN")
        );
        let encrypted = RedshiftCluster { encrypted: true, ..RedshiftCluster::default() };
        assert_eq!(EncryptRedshiftCluster.plan(&encrypted, &case), Plan::none());
    }
}
