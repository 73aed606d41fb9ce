//! Has the control plane of an EKS cluster keep its audit log.
//!
//! Only what is missing is turned on; no kind of log is turned off.

use std::collections::BTreeSet;

use remedy::{
    Case, Plan, Remediation, Risk, Settings, Severity, Signal, Spec, Swap, Trigger, Undo, Wrong,
};

use super::{EksCluster, EksSetting};

/// See the [module](self).
#[derive(Debug)]
pub struct LogCluster;

/// All kinds of log that there are.
const KINDS: [&str; 5] = ["api", "audit", "authenticator", "controllerManager", "scheduler"];

impl Remediation for LogCluster {
    type Facet = EksCluster;

    const SPEC: Spec = Spec {
        id: "compute/log_cluster",
        title: "Keep the audit log of an EKS cluster",
        triggers: &[Trigger::control("EKS.8"), Trigger::config_rule("EKS_CLUSTER_LOG_ENABLED")],
        severity: Severity::Medium,
        risk: Risk::Safe,
        parameters: &[],
        undo: Undo::Yes,
        care: "The kinds of log that are kept already stay; the kinds that Security Hub passes are honoured.",
        since: "0.4.0",
    };

    fn configured(_: &Settings) -> Result<Self, Wrong> {
        Ok(Self)
    }

    fn plan(&self, cluster: &EksCluster, case: &Case<'_>) -> Plan<Swap<EksSetting>> {
        let to = cluster.logs.union(&wanted(case.signal)).cloned().collect();
        Swap::of(EksSetting::Logs(cluster.logs.clone()), EksSetting::Logs(to)).into_iter().collect()
    }
}

/// What Security Hub says is to be kept, else the audit log.
fn wanted(signal: &Signal) -> BTreeSet<String> {
    let given = signal.parameters.iter().find(|(key, _)| key.eq_ignore_ascii_case("logTypes"));
    let names = given.map(|(_, values)| values.as_slice()).unwrap_or_default();
    let known = |name: &str| KINDS.iter().find(|kind| kind.eq_ignore_ascii_case(name.trim()));
    let kinds: BTreeSet<_> = (names.iter().flat_map(|value| value.split(',')))
        .filter_map(known)
        .map(|kind| (*kind).to_owned())
        .collect();
    if kinds.is_empty() { ["audit".to_owned()].into() } else { kinds }
}

#[cfg(test)]
mod tests {
    use remedy::{
        Facet,
        check::{check, now, signal},
    };

    use super::*;
    use crate::compute::EksClusterName;

    const ARN: &str = "arn:aws:eks:eu-west-1:111122223333:cluster/prod";

    fn cluster(logs: &[&str]) -> EksCluster {
        EksCluster {
            logs: logs.iter().map(|kind| (*kind).into()).collect(),
            ..EksCluster::default()
        }
    }

    #[test]
    fn the_audit_log_is_kept_beside_what_is_kept_already() {
        for (logs, expected) in [
            (&[][..], "set control plane logs audit (it is no control plane logs)"),
            (
                &["api", "scheduler"][..],
                "set control plane logs api, audit, scheduler (it is control plane logs api, scheduler)",
            ),
        ] {
            check(&LogCluster, &cluster(logs), &signal(ARN), &[expected]);
        }
        check(&LogCluster, &cluster(&["api", "audit"]), &signal(ARN), &[]);
    }

    #[test]
    fn kinds_come_with_the_finding_where_they_can_be_read() {
        let mut signal = signal(ARN);
        signal.parameters =
            [("logTypes".to_owned(), vec!["audit, authenticator".to_owned()])].into();
        let expected =
            ["set control plane logs audit, authenticator (it is control plane logs audit)"];
        check(&LogCluster, &cluster(&["audit"]), &signal, &expected);
        signal.parameters = [("logTypes".to_owned(), vec!["everything".to_owned()])].into();
        check(&LogCluster, &cluster(&["audit"]), &signal, &[]);
    }

    #[test]
    fn only_an_undo_turns_a_log_off_by_command() {
        let signal = signal(ARN);
        let plan = LogCluster.plan(&cluster(&["api"]), &Case { signal: &signal, now: now() });
        let id = EksClusterName("prod".into());
        let update = "aws eks update-cluster-config --region eu-west-1 --name prod --logging";
        assert_eq!(
            EksCluster::commands(&signal.place, &id, &plan.changes),
            [format!(
                r#"{update} '{{"clusterLogging":[{{"types":["api","audit"],"enabled":true}}]}}'"#
            )]
        );
        assert_eq!(
            EksCluster::commands(&signal.place, &id, &plan.inverse().unwrap()),
            [format!(
                r#"{update} '{{"clusterLogging":[{{"types":["api"],"enabled":true}},{{"types":["audit"],"enabled":false}}]}}'"#
            )]
        );
    }
}
