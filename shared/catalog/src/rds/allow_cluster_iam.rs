//! Lets people log in to a cluster with credentials of IAM, beside those they have.
//!
//! Nobody's password stops working by that. It is applied in the maintenance window, without an interruption.
//! Neptune is another matter and has a remediation of its own; `DocumentDB` cannot be told this way.

use remedy::{Case, Plan, Remediation, Risk, Settings, Severity, Spec, Swap, Trigger, Undo, Wrong};

use super::{DbCluster, DbClusterSetting, Switch};

/// See the [module](self).
#[derive(Debug)]
pub struct AllowClusterIam;

impl Remediation for AllowClusterIam {
    type Facet = DbCluster;

    const SPEC: Spec = Spec {
        id: "rds/allow_cluster_iam",
        title: "Turn on IAM authentication of a database cluster",
        triggers: &[
            Trigger::control("RDS.12"),
            Trigger::config_rule("RDS_CLUSTER_IAM_AUTHENTICATION_ENABLED"),
        ],
        severity: Severity::Medium,
        risk: Risk::Safe,
        parameters: &[],
        undo: Undo::Yes,
        care: "Neptune, where every request that is not signed would be refused from then on, is left alone.",
        since: "0.4.0",
    };

    fn configured(_: &Settings) -> Result<Self, Wrong> {
        Ok(Self)
    }

    fn plan(&self, cluster: &DbCluster, case: &Case<'_>) -> Plan<Swap<DbClusterSetting>> {
        if cluster.engine == "neptune" {
            return Plan::none();
        }
        cluster.turn_on(Switch::IamAuthentication, case)
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
    fn a_cluster_takes_credentials_of_iam_too() {
        let expected = ["set IAM authentication on (it is IAM authentication off)"];
        for engine in ["aurora-mysql", "aurora-postgresql", "postgres"] {
            check(&AllowClusterIam, &of(engine), &signal(MAIN), &expected);
        }
    }

    #[test]
    fn one_that_does_is_left_alone_and_so_are_other_services() {
        let done = DbCluster { setup: [Switch::IamAuthentication].into(), ..of("aurora-mysql") };
        for cluster in [done, of("neptune"), of("docdb")] {
            check(&AllowClusterIam, &cluster, &signal(MAIN), &[]);
        }
    }
}
