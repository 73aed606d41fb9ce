//! Reports a cluster with members in one Availability Zone only, with the commands that add one in another.
//!
//! A member more costs as much as one that is there, and of which size it should be a person says.

use remedy::{
    Case, Id, Plan, Remediation, Risk, Settings, Severity, Spec, Swap, Trigger, Undo, Wrong, quoted,
};

use super::{DbCluster, DbClusterId, DbClusterSetting};

/// See the [module](self).
#[derive(Debug)]
pub struct SpreadCluster;

impl Remediation for SpreadCluster {
    type Facet = DbCluster;

    const SPEC: Spec = Spec {
        id: "rds/spread_cluster",
        title: "Report a database cluster that is in one Availability Zone only",
        triggers: &[
            Trigger::control("RDS.15"),
            Trigger::control("Neptune.9"),
            Trigger::config_rule("RDS_CLUSTER_MULTI_AZ_ENABLED"),
            Trigger::config_rule("NEPTUNE_CLUSTER_MULTI_AZ_ENABLED"),
        ],
        severity: Severity::Medium,
        risk: Risk::Safe,
        parameters: &[],
        undo: Undo::Nothing,
        care: "No member is added unasked: it would cost as much as the one that is there.",
        since: "0.4.0",
    };

    fn configured(_: &Settings) -> Result<Self, Wrong> {
        Ok(Self)
    }

    fn plan(&self, cluster: &DbCluster, case: &Case<'_>) -> Plan<Swap<DbClusterSetting>> {
        if cluster.spread {
            return Plan::none();
        }
        let region = &case.signal.place.region;
        let steps = |id: DbClusterId| {
            vec![
                format!(
                    "aws rds describe-db-instances --region {region} \
 --filters Name=db-cluster-id,Values={} \
                     --query DBInstances[].[DBInstanceClass,AvailabilityZone]",
                    id.in_command(&case.signal.place)
                ),
                format!(
                    "aws rds create-db-instance --region {region} --db-cluster-identifier {} \
                     --db-instance-identifier {} --engine {} --db-instance-class CLASS \
 --availability-zone ZONE",
                    id.in_command(&case.signal.place),
                    quoted(&format!("{id}-reader")),
                    quoted(&cluster.engine)
                ),
            ]
        };
        Plan::by_hand(
            "members in one Availability Zone only",
            "add one of the same class in another zone; it costs as much as the one that is there",
            DbClusterId::locate(&case.signal.resource).map(steps).unwrap_or_default(),
        )
    }
}

#[cfg(test)]
mod tests {
    use remedy::check::{check, signal};

    use super::{super::tests::hand, *};

    const MAIN: &str = "arn:aws:rds:eu-west-1:111122223333:cluster:main";

    #[test]
    fn another_member_is_left_to_a_person() {
        let single = DbCluster { engine: "neptune".into(), ..DbCluster::default() };
        check(&SpreadCluster, &single, &signal(MAIN), &[]);
        let (_, commands) = hand(&SpreadCluster, &single, &signal(MAIN));
        assert_eq!(
            commands[1],
            "aws rds create-db-instance --region eu-west-1 --db-cluster-identifier main \
             --db-instance-identifier main-reader --engine neptune --db-instance-class CLASS \
             --availability-zone ZONE"
        );
    }

    #[test]
    fn one_that_is_in_several_is_right() {
        let done = DbCluster { spread: true, ..DbCluster::default() };
        assert!(hand(&SpreadCluster, &done, &signal(MAIN)).0.is_empty());
    }
}
