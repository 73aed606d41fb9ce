//! Takes a cluster of Redshift off the internet. It stays reachable from its VPC and what is connected to that.

use remedy::{Case, Plan, Remediation, Risk, Settings, Severity, Spec, Swap, Trigger, Undo, Wrong};

use super::{RedshiftCluster, RedshiftSetting};

/// See the [module](self).
#[derive(Debug)]
pub struct HideRedshiftCluster;

impl Remediation for HideRedshiftCluster {
    type Facet = RedshiftCluster;

    const SPEC: Spec = Spec {
        id: "data/hide_redshift_cluster",
        title: "Take a Redshift cluster off the internet",
        triggers: &[
            Trigger::control("Redshift.1"),
            Trigger::config_rule("REDSHIFT_CLUSTER_PUBLIC_ACCESS_CHECK"),
        ],
        severity: Severity::Critical,
        risk: Risk::MayInterrupt,
        parameters: &[],
        undo: Undo::Yes,
        care: "Its elastic address is remembered and given back when it is taken back.",
        since: "0.4.0",
    };

    fn configured(_: &Settings) -> Result<Self, Wrong> {
        Ok(Self)
    }

    fn plan(&self, cluster: &RedshiftCluster, _: &Case<'_>) -> Plan<Swap<RedshiftSetting>> {
        if !cluster.public {
            return Plan::none();
        }
        let is = RedshiftSetting::Public { on: true, elastic_ip: cluster.elastic_ip.clone() };
        Swap::of(is, RedshiftSetting::Public { on: false, elastic_ip: None }).into_iter().collect()
    }
}

#[cfg(test)]
mod tests {
    use remedy::check::{check, signal};

    use super::*;

    #[test]
    fn a_cluster_on_the_internet_is_taken_off_it() {
        let public = RedshiftCluster { public: true, ..RedshiftCluster::default() };
        let at = RedshiftCluster { elastic_ip: Some("203.0.113.7".into()), ..public.clone() };
        for (cluster, expected) in [
            (public, &["set public access off (it is public access on)"][..]),
            (at, &["set public access off (it is public access on, at 203.0.113.7)"]),
            (RedshiftCluster::default(), &[]),
        ] {
            check(&HideRedshiftCluster, &cluster, &signal("warehouse"), expected);
        }
    }
}
