//! Tells which EKS cluster runs a version of Kubernetes that is out of standard support.
//!
//! Left to a person: the way goes by one minor version at a time, and never back.

use remedy::{
    Case, Never, Plan, Remediation, Risk, Settings, Severity, Signal, Spec, Trigger, Undo, Wrong,
    quoted,
};

use super::KubernetesVersion;

/// See the [module](self).
#[derive(Debug)]
pub struct RenewKubernetes;

impl Remediation for RenewKubernetes {
    type Facet = KubernetesVersion;

    const SPEC: Spec = Spec {
        id: "compute/renew_kubernetes",
        title: "Tell which EKS cluster runs an old version of Kubernetes",
        triggers: &[
            Trigger::control("EKS.2"),
            Trigger::config_rule("EKS_CLUSTER_SUPPORTED_VERSION"),
            Trigger::config_rule("EKS_CLUSTER_OLDEST_SUPPORTED_VERSION"),
        ],
        severity: Severity::High,
        risk: Risk::Interrupts,
        parameters: &[],
        undo: Undo::Nothing,
        care: "A cluster is not upgraded by itself, as that cannot be taken back; whether a version is supported is asked of EKS.",
        since: "0.4.0",
    };

    fn configured(_: &Settings) -> Result<Self, Wrong> {
        Ok(Self)
    }

    fn plan(&self, cluster: &KubernetesVersion, case: &Case<'_>) -> Plan<Never> {
        let is_supported = match (oldest(case.signal), version(&cluster.version)) {
            (Some(oldest), Some(version)) => version >= oldest,
            _ => cluster.support.as_deref() == Some("STANDARD_SUPPORT"),
        };
        let Some((major, minor)) = version(&cluster.version).filter(|_| !is_supported) else {
            return Plan::none();
        };
        let next = format!("{major}.{}", minor + 1);
        let of = format!("--region {} --name {}", case.signal.place.region, quoted(&cluster.name));
        let cluster_name = format!(
            "--region {} --cluster-name {}",
            case.signal.place.region,
            quoted(&cluster.name)
        );
        Plan::by_hand(
            format!("Kubernetes {}", cluster.version),
            "it is out of standard support. An upgrade cannot be taken back and goes by one minor version: first read what it says against it, then upgrade the control plane, then nodes and add-ons",
            [
                format!("aws eks list-insights {cluster_name}"),
                format!("aws eks update-cluster-version {of} --kubernetes-version {next}"),
                format!("aws eks list-nodegroups {cluster_name}"),
                format!(
                    "aws eks update-nodegroup-version {cluster_name} --nodegroup-name NODEGROUP --kubernetes-version {next}"
                ),
                format!("aws eks list-addons {cluster_name}"),
            ],
        )
    }
}

fn version(text: &str) -> Option<(u32, u32)> {
    let (major, minor) = text.trim().split_once('.')?;
    Some((major.parse().ok()?, minor.parse().ok()?))
}

/// The oldest version that counts as supported, if Security Hub says so.
fn oldest(signal: &Signal) -> Option<(u32, u32)> {
    let names = ["oldestVersionSupported", "version"];
    let is_named = |key: &str| names.iter().any(|name| key.eq_ignore_ascii_case(name));
    let (_, values) = signal.parameters.iter().find(|(key, _)| is_named(key))?;
    version(values.first()?)
}

#[cfg(test)]
mod tests {
    use remedy::check::{check, now, signal};

    use super::{super::testing::left, *};

    const ARN: &str = "arn:aws:eks:eu-west-1:111122223333:cluster/prod";

    fn cluster(version: &str, support: Option<&str>) -> KubernetesVersion {
        KubernetesVersion {
            name: "prod".into(),
            version: version.into(),
            support: support.map(Into::into),
            ..KubernetesVersion::default()
        }
    }

    #[test]
    fn an_old_version_is_told_with_the_next_one() {
        let signal = signal(ARN);
        for support in [Some("EXTENDED_SUPPORT"), Some("UNSUPPORTED"), None] {
            let cluster = cluster("1.29", support);
            check(&RenewKubernetes, &cluster, &signal, &[]);
            assert!(
                left(&RenewKubernetes, &cluster, &signal)[0]
                    .starts_with("Kubernetes 1.29: it is out of")
            );
            let plan = RenewKubernetes.plan(&cluster, &Case { signal: &signal, now: now() });
            assert_eq!(
                plan.by_hand[1],
                "aws eks update-cluster-version --region eu-west-1 --name prod --kubernetes-version 1.30"
            );
        }
    }

    #[test]
    fn a_supported_one_is_left_alone_also_if_only_the_finding_says_so() {
        let mut signal = signal(ARN);
        let fine = |cluster: &KubernetesVersion, signal: &Signal| {
            check(&RenewKubernetes, cluster, signal, &[]);
            assert_eq!(left(&RenewKubernetes, cluster, signal), [""; 0]);
        };
        fine(&cluster("1.34", Some("STANDARD_SUPPORT")), &signal);
        signal.parameters = [("oldestVersionSupported".to_owned(), vec!["1.9".to_owned()])].into();
        fine(&cluster("1.10", None), &signal);
    }
}
