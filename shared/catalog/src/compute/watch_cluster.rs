//! Turns on Container Insights of an ECS cluster.
//!
//! A person is asked first: the metrics cost. A cluster that is watched more closely stays so.

use remedy::{Case, Plan, Remediation, Risk, Settings, Severity, Spec, Swap, Trigger, Undo, Wrong};

use super::{EcsCluster, EcsClusterSetting, Insights};

/// See the [module](self).
#[derive(Debug)]
pub struct WatchCluster;

impl Remediation for WatchCluster {
    type Facet = EcsCluster;

    const SPEC: Spec = Spec {
        id: "compute/watch_cluster",
        title: "Turn on Container Insights of an ECS cluster",
        triggers: &[
            Trigger::control("ECS.12"),
            Trigger::config_rule("ECS_CONTAINER_INSIGHTS_ENABLED"),
        ],
        severity: Severity::Medium,
        risk: Risk::Safe,
        parameters: &[],
        undo: Undo::Yes,
        care: "A person is asked first, as metrics cost; enhanced observability is never lowered to the plain kind.",
        since: "0.4.0",
    };

    fn configured(_: &Settings) -> Result<Self, Wrong> {
        Ok(Self)
    }

    fn plan(&self, cluster: &EcsCluster, _: &Case<'_>) -> Plan<Swap<EcsClusterSetting>> {
        match cluster.insights {
            Insights::Enabled | Insights::Enhanced => Plan::none(),
            Insights::Disabled => {
                let (is, to) = (Insights::Disabled, Insights::Enabled);
                let swap =
                    Swap::of(EcsClusterSetting::Insights(is), EcsClusterSetting::Insights(to));
                let plan: Plan<_> = swap.into_iter().collect();
                plan.asking("CloudWatch charges for the metrics and logs of every task and service")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use remedy::check::{check, now, signal};

    use super::*;

    const ARN: &str = "arn:aws:ecs:eu-west-1:111122223333:cluster/shop";

    #[test]
    fn a_cluster_that_nobody_watches_is_watched_if_a_person_agrees() {
        let signal = signal(ARN);
        let expected = ["set container insights enabled (it is container insights disabled)"];
        check(&WatchCluster, &EcsCluster::default(), &signal, &expected);
        let plan = WatchCluster.plan(&EcsCluster::default(), &Case { signal: &signal, now: now() });
        assert!(plan.ask.is_some());
    }

    #[test]
    fn one_that_is_watched_stays_as_it_is() {
        for insights in [Insights::Enabled, Insights::Enhanced] {
            check(
                &WatchCluster,
                &EcsCluster { insights, ..EcsCluster::default() },
                &signal(ARN),
                &[],
            );
        }
    }
}
