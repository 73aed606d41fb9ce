//! Leads what a cluster of Redshift copies and unloads through its VPC, after asking.

use remedy::{Case, Plan, Remediation, Risk, Settings, Severity, Spec, Swap, Trigger, Undo, Wrong};

use super::{RedshiftCluster, RedshiftSetting};

/// See the [module](self).
#[derive(Debug)]
pub struct RouteRedshiftCluster;

impl Remediation for RouteRedshiftCluster {
    type Facet = RedshiftCluster;

    const SPEC: Spec = Spec {
        id: "data/route_redshift_cluster",
        title: "Turn on enhanced VPC routing of a Redshift cluster, after asking",
        triggers: &[
            Trigger::control("Redshift.7"),
            Trigger::config_rule("REDSHIFT_ENHANCED_VPC_ROUTING_ENABLED"),
        ],
        severity: Severity::High,
        risk: Risk::Interrupts,
        parameters: &[],
        undo: Undo::Yes,
        care: "A person is told first what stops: the cluster for some minutes, and each COPY and UNLOAD that finds no way out of the VPC.",
        since: "0.4.0",
    };

    fn configured(_: &Settings) -> Result<Self, Wrong> {
        Ok(Self)
    }

    fn plan(&self, cluster: &RedshiftCluster, _: &Case<'_>) -> Plan<Swap<RedshiftSetting>> {
        let is = RedshiftSetting::VpcRouting(cluster.vpc_routing);
        let plan: Plan<_> = Swap::of(is, RedshiftSetting::VpcRouting(true)).into_iter().collect();
        plan.asking(
            "the cluster restarts, and each COPY and UNLOAD whose bucket or service its VPC has no endpoint, \
             NAT or internet gateway for fails from then on",
        )
    }
}

#[cfg(test)]
mod tests {
    use remedy::check::{check, now, signal};

    use super::*;

    #[test]
    fn a_person_is_asked_first() {
        let expected = ["set enhanced VPC routing on (it is enhanced VPC routing off)"];
        check(&RouteRedshiftCluster, &RedshiftCluster::default(), &signal("warehouse"), &expected);
        let case = Case { signal: &signal("warehouse"), now: now() };
        assert!(
            RouteRedshiftCluster
                .plan(&RedshiftCluster::default(), &case)
                .ask
                .unwrap()
                .contains("UNLOAD")
        );
        let on = RedshiftCluster { vpc_routing: true, ..RedshiftCluster::default() };
        assert_eq!(RouteRedshiftCluster.plan(&on, &case), Plan::none());
    }
}
