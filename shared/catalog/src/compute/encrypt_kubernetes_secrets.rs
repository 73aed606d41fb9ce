//! Tells which EKS cluster keeps its secrets without a key of its owner.
//!
//! Left to a person: it cannot be taken back, and a cluster whose key is lost is lost.

use remedy::{
    Case, Plan, Remediation, Risk, Settings, Severity, Spec, Swap, Trigger, Undo, Wrong, quoted,
};

use super::{EksCluster, EksSetting};

/// See the [module](self).
#[derive(Debug)]
pub struct EncryptKubernetesSecrets;

impl Remediation for EncryptKubernetesSecrets {
    type Facet = EksCluster;

    const SPEC: Spec = Spec {
        id: "compute/encrypt_kubernetes_secrets",
        title: "Tell which EKS cluster keeps its secrets without a key of its own",
        triggers: &[
            Trigger::control("EKS.3"),
            Trigger::config_rule("EKS_CLUSTER_SECRETS_ENCRYPTED"),
            Trigger::config_rule("EKS_SECRETS_ENCRYPTED"),
        ],
        severity: Severity::Medium,
        risk: Risk::MayInterrupt,
        parameters: &[],
        undo: Undo::Nothing,
        care: "A key is neither made nor chosen, as a cluster cannot part with it again.",
        since: "0.4.0",
    };

    fn configured(_: &Settings) -> Result<Self, Wrong> {
        Ok(Self)
    }

    fn plan(&self, cluster: &EksCluster, case: &Case<'_>) -> Plan<Swap<EksSetting>> {
        if cluster.encrypts_secrets {
            return Plan::none();
        }
        let (region, name) = (&case.signal.place.region, quoted(&cluster.name));
        Plan::by_hand(
            "secrets without a key of its own",
            "a key cannot be taken from a cluster again, and a cluster whose key is deleted is lost: choose one that is kept",
            [
                format!(
                    r#"aws eks associate-encryption-config --region {region} --cluster-name {name} --encryption-config '[{{"resources":["secrets"],"provider":{{"keyArn":"KEY_ARN"}}}}]'"#
                ),
                "kubectl get secrets --all-namespaces -o json | kubectl annotate --overwrite -f - kms-encryption-timestamp=\"$(date +%s)\"".to_owned(),
            ],
        )
    }
}

#[cfg(test)]
mod tests {
    use remedy::check::{check, signal};

    use super::{super::testing::left, *};

    const ARN: &str = "arn:aws:eks:eu-west-1:111122223333:cluster/prod";

    #[test]
    fn secrets_without_a_key_are_told_and_others_left_alone() {
        for (encrypts_secrets, told) in [(false, 1), (true, 0)] {
            let cluster =
                EksCluster { name: "prod".into(), encrypts_secrets, ..EksCluster::default() };
            check(&EncryptKubernetesSecrets, &cluster, &signal(ARN), &[]);
            assert_eq!(left(&EncryptKubernetesSecrets, &cluster, &signal(ARN)).len(), told);
        }
    }
}
