//! Closes the API of an EKS cluster to the internet, and lets its VPC reach it.
//!
//! A person is asked first: whoever works with the cluster from elsewhere is locked out.

use remedy::{Case, Plan, Remediation, Risk, Settings, Severity, Spec, Swap, Trigger, Undo, Wrong};

use super::{EksCluster, EksSetting, Endpoint};

/// See the [module](self).
#[derive(Debug)]
pub struct CloseEndpoint;

impl Remediation for CloseEndpoint {
    type Facet = EksCluster;

    const SPEC: Spec = Spec {
        id: "compute/close_endpoint",
        title: "Close the API of an EKS cluster to the internet",
        triggers: &[
            Trigger::control("EKS.1"),
            Trigger::config_rule("EKS_ENDPOINT_NO_PUBLIC_ACCESS"),
        ],
        severity: Severity::High,
        risk: Risk::Interrupts,
        parameters: &[],
        undo: Undo::Yes,
        care: "A person is asked first; the VPC gets its own way in by the same change, so that nodes are not cut off.",
        since: "0.4.0",
    };

    fn configured(_: &Settings) -> Result<Self, Wrong> {
        Ok(Self)
    }

    fn plan(&self, cluster: &EksCluster, _: &Case<'_>) -> Plan<Swap<EksSetting>> {
        if !cluster.endpoint.is_public {
            return Plan::none();
        }
        let to = Endpoint { is_public: false, is_private: true, ..cluster.endpoint.clone() };
        let swap =
            Swap::of(EksSetting::Endpoint(cluster.endpoint.clone()), EksSetting::Endpoint(to));
        let plan: Plan<_> = swap.into_iter().collect();
        let is_narrow = !cluster
            .endpoint
            .sources
            .iter()
            .any(|source| ["0.0.0.0/0", "::/0"].contains(&source.as_str()));
        let now = match is_narrow && !cluster.endpoint.sources.is_empty() {
            true => "it is narrowed to chosen addresses already: those",
            false => "those outside",
        };
        plan.asking(format!(
            "{now} who do not come by the VPC, pipelines and kubectl included, are locked out"
        ))
    }
}

#[cfg(test)]
mod tests {
    use remedy::check::{check, now, signal};

    use super::*;

    const ARN: &str = "arn:aws:eks:eu-west-1:111122223333:cluster/prod";

    fn cluster(is_public: bool, is_private: bool, source: &str) -> EksCluster {
        let endpoint = Endpoint { is_public, is_private, sources: [source.to_owned()].into() };
        EksCluster { endpoint, ..EksCluster::default() }
    }

    #[test]
    fn a_public_endpoint_is_made_private_if_a_person_agrees() {
        let signal = signal(ARN);
        for (is_private, source, why) in [
            (false, "0.0.0.0/0", "those outside who"),
            (true, "192.0.2.0/24", "it is narrowed to chosen addresses already"),
        ] {
            let cluster = cluster(true, is_private, source);
            let expected = format!("set endpoint private (it is endpoint public to {source})");
            check(&CloseEndpoint, &cluster, &signal, &[expected.as_str()]);
            let plan = CloseEndpoint.plan(&cluster, &Case { signal: &signal, now: now() });
            assert!(plan.ask.as_deref().unwrap().starts_with(why), "{:?}", plan.ask);
        }
    }

    #[test]
    fn a_private_one_is_left_alone() {
        check(&CloseEndpoint, &cluster(false, true, "0.0.0.0/0"), &signal(ARN), &[]);
    }
}
