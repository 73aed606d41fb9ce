//! Makes a Neptune cluster want every request signed by a principal of IAM, in its next maintenance window.
//!
//! There is no password beside it: whoever does not sign is refused from then on. A person is asked.

use remedy::{Case, Plan, Remediation, Risk, Settings, Severity, Spec, Swap, Trigger, Undo, Wrong};

use super::{DbCluster, DbClusterSetting, Switch};

/// See the [module](self).
#[derive(Debug)]
pub struct SignNeptuneRequests;

impl Remediation for SignNeptuneRequests {
    type Facet = DbCluster;

    const SPEC: Spec = Spec {
        id: "rds/sign_neptune_requests",
        title: "Make a Neptune cluster want signed requests",
        triggers: &[
            Trigger::control("Neptune.7"),
            Trigger::config_rule("NEPTUNE_CLUSTER_IAM_DATABASE_AUTHENTICATION"),
        ],
        severity: Severity::Medium,
        risk: Risk::Interrupts,
        parameters: &[],
        undo: Undo::Yes,
        care: "A person is asked, since clients that do not sign their requests are refused from then on.",
        since: "0.4.0",
    };

    fn configured(_: &Settings) -> Result<Self, Wrong> {
        Ok(Self)
    }

    fn plan(&self, cluster: &DbCluster, case: &Case<'_>) -> Plan<Swap<DbClusterSetting>> {
        if cluster.engine != "neptune" {
            return Plan::none();
        }
        cluster
            .turn_on(Switch::IamAuthentication, case)
            .asking("requests that are not signed with credentials of IAM are refused from then on")
    }
}

#[cfg(test)]
mod tests {
    use remedy::check::{check, now, signal};

    use super::*;

    const MAIN: &str = "arn:aws:rds:eu-west-1:111122223333:cluster:main";

    fn of(engine: &str) -> DbCluster {
        DbCluster { engine: engine.into(), ..DbCluster::default() }
    }

    #[test]
    fn a_person_is_asked_before_requests_must_be_signed() {
        let expected = ["set IAM authentication on (it is IAM authentication off)"];
        check(&SignNeptuneRequests, &of("neptune"), &signal(MAIN), &expected);
        let plan =
            SignNeptuneRequests.plan(&of("neptune"), &Case { signal: &signal(MAIN), now: now() });
        assert!(plan.ask.is_some_and(|why| why.contains("not signed")));
    }

    #[test]
    fn one_that_wants_it_is_left_alone_and_so_are_other_engines() {
        let done = DbCluster { setup: [Switch::IamAuthentication].into(), ..of("neptune") };
        check(&SignNeptuneRequests, &done, &signal(MAIN), &[]);
        check(&SignNeptuneRequests, &of("aurora-mysql"), &signal(MAIN), &[]);
    }
}
