//! Facet: how an EKS cluster is set up.

use std::{collections::BTreeSet, fmt};

use remedy::{Action, Arn, Facet, Id, Place, Setting, Swap, Tags, quoted};
use serde::{Deserialize, Serialize};

use super::ecs_cluster::is_name;

/// The name of an EKS cluster, such as `prod`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EksClusterName(pub String);

impl Id for EksClusterName {
    const TYPE: &'static str = "AWS::EKS::Cluster";

    fn locate(resource: &str) -> Option<Self> {
        let name = match Arn::parse(resource) {
            Some(arn) if arn.service == "eks" => arn.resource.strip_prefix("cluster/")?,
            Some(_) => return None,
            None => resource,
        };
        is_name(name).then(|| Self(name.to_owned()))
    }

    fn arn(&self, Place { partition, account, region }: &Place) -> String {
        format!("arn:{partition}:eks:{region}:{account}:cluster/{self}")
    }

    fn link(&self, place: &Place) -> String {
        format!("{}/eks/clusters/{self}?region={}", place.console(), place.region)
    }
}

impl fmt::Display for EksClusterName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A cluster, as far as its control plane goes.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct EksCluster {
    /// The cluster's name.
    pub name: String,
    /// Who reaches its API, and from where.
    pub endpoint: Endpoint,
    /// The kinds of log of its control plane that are kept, such as `audit`.
    pub logs: BTreeSet<String>,
    /// Whether its secrets are encrypted with a key of its owner.
    pub encrypts_secrets: bool,
    /// The cluster's tags.
    pub tags: Tags,
}

/// Who reaches the API of a cluster.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Endpoint {
    /// Whether it can be reached from the internet.
    pub is_public: bool,
    /// Whether it can be reached from the VPC without leaving it.
    pub is_private: bool,
    /// From where in the internet.
    pub sources: BTreeSet<String>,
}

/// What a cluster is set to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum EksSetting {
    /// Who reaches its API.
    Endpoint(Endpoint),
    /// The kinds of log that are kept.
    Logs(BTreeSet<String>),
}

/// All clusters of the account.
pub(super) const CLUSTERS: &str = "arn:${AWS::Partition}:eks:*:${AWS::AccountId}:cluster/*";
const UPDATE: &[Action] = &[Action::on(CLUSTERS, "eks:UpdateClusterConfig").tagged()];

impl Facet for EksCluster {
    type Id = EksClusterName;
    type Change = Swap<EksSetting>;

    const NAME: &'static str = "EKS cluster";
    const READS: &'static [Action] = &[
        Action::on(CLUSTERS, "eks:DescribeCluster"),
        Action::on(CLUSTERS, "eks:DescribeUpdate"),
        Action::on(CLUSTERS, "eks:ListUpdates"),
    ];

    fn tags(&self) -> Option<&Tags> {
        Some(&self.tags)
    }

    fn after(mut self, change: &Swap<EksSetting>) -> Self {
        match &change.to {
            EksSetting::Endpoint(endpoint) => self.endpoint = endpoint.clone(),
            EksSetting::Logs(logs) => self.logs.clone_from(logs),
        }
        self
    }

    fn commands(place: &Place, id: &EksClusterName, changes: &[Swap<EksSetting>]) -> Vec<String> {
        let update = format!(
            "aws eks update-cluster-config --region {} --name {}",
            place.region,
            quoted(&id.0)
        );
        let command = |change: &Swap<EksSetting>| match (&change.from, &change.to) {
            (_, EksSetting::Endpoint(endpoint)) => {
                let mut access = format!(
                    "endpointPublicAccess={},endpointPrivateAccess={}",
                    endpoint.is_public, endpoint.is_private
                );
                if endpoint.is_public && !endpoint.sources.is_empty() {
                    let sources: Vec<_> = endpoint.sources.iter().map(String::as_str).collect();
                    access = format!("{access},publicAccessCidrs={}", sources.join(","));
                }
                format!("{update} --resources-vpc-config {}", quoted(&access))
            }
            (from, EksSetting::Logs(logs)) => {
                let types = |kinds: &BTreeSet<String>| {
                    kinds.iter().map(|kind| format!("{kind:?}")).collect::<Vec<_>>().join(",")
                };
                let mut parts = Vec::new();
                if !logs.is_empty() {
                    parts.push(format!(r#"{{"types":[{}],"enabled":true}}"#, types(logs)));
                }
                let ended = ended(from, logs);
                if !ended.is_empty() {
                    parts.push(format!(r#"{{"types":[{}],"enabled":false}}"#, types(&ended)));
                }
                format!(
                    "{update} --logging {}",
                    quoted(&format!(r#"{{"clusterLogging":[{}]}}"#, parts.join(",")))
                )
            }
        };
        changes.iter().map(command).collect()
    }
}

/// What an update that is under way makes of a cluster: EKS shows it only once it is done, minutes later.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pending<'a> {
    /// The logs that it turns on and off, as EKS writes them down.
    Logs(&'a str),
    /// Whether the endpoint becomes public.
    Public(bool),
    /// Whether the endpoint becomes private.
    Private(bool),
    /// From where the public endpoint will be reached, as EKS writes it down.
    Sources(&'a str),
}

impl EksCluster {
    /// This cluster once the update is done; `None` if what EKS has written down cannot be read.
    pub fn once(mut self, pending: Pending<'_>) -> Option<Self> {
        match pending {
            Pending::Public(is) => self.endpoint.is_public = is,
            Pending::Private(is) => self.endpoint.is_private = is,
            Pending::Sources(written) => {
                self.endpoint.sources = serde_json::from_str(written).ok()?;
            }
            Pending::Logs(written) => {
                let setups: ClusterLogging = serde_json::from_str(written).ok()?;
                for LogSetup { types, enabled } in setups.cluster_logging {
                    for kind in types {
                        match enabled {
                            true => drop(self.logs.insert(kind)),
                            false => drop(self.logs.remove(&kind)),
                        }
                    }
                }
            }
        }
        Some(self)
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ClusterLogging {
    cluster_logging: Vec<LogSetup>,
}

#[derive(Deserialize)]
struct LogSetup {
    types: Vec<String>,
    enabled: bool,
}

/// The kinds of log that are kept no longer once it is `logs`: only an undo has some.
pub fn ended(from: &EksSetting, logs: &BTreeSet<String>) -> BTreeSet<String> {
    match from {
        EksSetting::Logs(were) => were.difference(logs).cloned().collect(),
        EksSetting::Endpoint(_) => BTreeSet::new(),
    }
}

impl Setting for EksSetting {
    const MAKE: &'static [Action] = UPDATE;
    const UNDO: &'static [Action] = UPDATE;

    fn needs(&self) -> &'static [Action] {
        UPDATE
    }
}

impl fmt::Display for EksSetting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let list = |all: &BTreeSet<String>| all.iter().cloned().collect::<Vec<_>>().join(", ");
        match self {
            Self::Endpoint(Endpoint { is_public, is_private, sources }) => {
                match (is_public, is_private) {
                    (true, _) if sources.is_empty() => f.write_str("endpoint public"),
                    (true, _) => write!(f, "endpoint public to {}", list(sources)),
                    (false, true) => f.write_str("endpoint private"),
                    (false, false) => f.write_str("endpoint closed"),
                }
            }
            Self::Logs(logs) if logs.is_empty() => f.write_str("no control plane logs"),
            Self::Logs(logs) => write!(f, "control plane logs {}", list(logs)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_cluster_is_located() {
        for own in ["prod", "arn:aws-cn:eks:cn-north-1:111122223333:cluster/prod"] {
            assert_eq!(EksClusterName::locate(own), Some(EksClusterName("prod".into())), "{own}");
        }
        for other in [
            "arn:aws:eks:eu-west-1:1:nodegroup/prod/a/b",
            "arn:aws:ecs:eu-west-1:1:cluster/prod",
            "arn:aws:eks:eu-west-1:1:cluster/",
            "a b",
            "",
        ] {
            assert_eq!(EksClusterName::locate(other), None, "{other}");
        }
    }

    #[test]
    fn what_is_under_way_counts_as_done() {
        let cluster = EksCluster { logs: ["api".into()].into(), ..EksCluster::default() };
        let written = r#"{"clusterLogging":[{"types":["audit"],"enabled":true},{"types":["api"],"enabled":false}]}"#;
        let after = [
            Pending::Logs(written),
            Pending::Private(true),
            Pending::Sources(r#"["192.0.2.0/24"]"#),
        ];
        let cluster = after.into_iter().try_fold(cluster, EksCluster::once).unwrap();
        assert_eq!(cluster.logs, ["audit".to_owned()].into());
        assert!(cluster.endpoint.is_private && cluster.endpoint.sources.contains("192.0.2.0/24"));
        assert_eq!(cluster.once(Pending::Logs("?")), None);
    }
}
