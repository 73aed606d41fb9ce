//! Tells how a cluster of Redshift gets rid of the names that everybody knows: only a new one has others.

use remedy::{
    Case, Id, Plan, Remediation, Risk, Settings, Severity, Spec, Swap, Trigger, Undo, Wrong,
};

use super::{RedshiftCluster, RedshiftClusterId, RedshiftSetting};

/// See the [module](self).
#[derive(Debug)]
pub struct RebuildRedshiftCluster;

impl Remediation for RebuildRedshiftCluster {
    type Facet = RedshiftCluster;

    const SPEC: Spec = Spec {
        id: "data/rebuild_redshift_cluster",
        title: "Move a Redshift cluster to one without default names, by hand",
        triggers: &[
            Trigger::control("Redshift.8"),
            Trigger::control("Redshift.9"),
            Trigger::config_rule("REDSHIFT_DEFAULT_ADMIN_CHECK"),
            Trigger::config_rule("REDSHIFT_DEFAULT_DB_NAME_CHECK"),
        ],
        severity: Severity::Medium,
        risk: Risk::Safe,
        parameters: &[],
        undo: Undo::Nothing,
        care: "No cluster is made, paid for or deleted: the way to another one is told.",
        since: "0.4.0",
    };

    fn configured(_: &Settings) -> Result<Self, Wrong> {
        Ok(Self)
    }

    fn plan(&self, cluster: &RedshiftCluster, case: &Case<'_>) -> Plan<Swap<RedshiftSetting>> {
        let known = match (cluster.admin == "awsuser", cluster.database == "dev") {
            (true, true) => "its user awsuser and its database dev are",
            (true, false) => "its user awsuser is",
            (false, true) => "its database dev is",
            (false, false) => return Plan::none(),
        };
        let Some(id) = RedshiftClusterId::locate(&case.signal.resource) else {
            return Plan::none();
        };
        let region = &case.signal.place.region;
        Plan::by_hand(
            format!("{known} what everybody tries first"),
            "Redshift renames neither: make a cluster with other names, unload the data of this one and copy \
             it there, lead the clients to it, and then delete this one",
            [format!(
                "aws redshift create-cluster --region {region} --cluster-identifier {id}-2 --node-type NODE_TYPE \
                 --master-username USER --manage-master-password --db-name DATABASE --encrypted \
                 --no-publicly-accessible"
            )],
        )
    }
}

#[cfg(test)]
mod tests {
    use remedy::check::{check, now, signal};

    use super::*;

    #[test]
    fn the_names_that_everybody_knows_are_told() {
        let case = Case { signal: &signal("warehouse"), now: now() };
        for (admin, database, told) in [
            (
                "awsuser",
                "dev",
                Some("its user awsuser and its database dev are what everybody tries first"),
            ),
            ("awsuser", "sales", Some("its user awsuser is what everybody tries first")),
            ("root7", "dev", Some("its database dev is what everybody tries first")),
            ("root7", "sales", None),
        ] {
            let cluster = RedshiftCluster {
                admin: admin.into(),
                database: database.into(),
                ..RedshiftCluster::default()
            };
            check(&RebuildRedshiftCluster, &cluster, &signal("warehouse"), &[]);
            let plan = RebuildRedshiftCluster.plan(&cluster, &case);
            assert_eq!(plan.left.first().map(|left| left.what.as_str()), told);
        }
    }
}
