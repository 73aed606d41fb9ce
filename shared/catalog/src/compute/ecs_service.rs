//! Facet: how an ECS service is set up.

use std::fmt;

use remedy::{Action, Arn, Facet, Id, Place, Setting, Swap, Tags, quoted};
use serde::{Deserialize, Serialize};

use super::ecs_cluster::is_name;

/// An ECS service: the names of its cluster and of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EcsServiceId {
    /// Such as `shop`.
    pub cluster: String,
    /// Such as `web`.
    pub service: String,
}

impl Id for EcsServiceId {
    const TYPE: &'static str = "AWS::ECS::Service";

    /// ARNs of the old kind, without the cluster, do not say where to look.
    fn locate(resource: &str) -> Option<Self> {
        let arn = Arn::parse(resource).filter(|arn| arn.service == "ecs")?;
        let (cluster, service) = arn.resource.strip_prefix("service/")?.split_once('/')?;
        let named = is_name(cluster) && is_name(service);
        named.then(|| Self { cluster: cluster.to_owned(), service: service.to_owned() })
    }

    fn arn(&self, Place { partition, account, region }: &Place) -> String {
        format!("arn:{partition}:ecs:{region}:{account}:service/{self}")
    }

    fn link(&self, place: &Place) -> String {
        let Self { cluster, service } = self;
        let region = &place.region;
        format!("{}/ecs/v2/clusters/{cluster}/services/{service}?region={region}", place.console())
    }
}

impl fmt::Display for EcsServiceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.cluster, self.service)
    }
}

/// A service, as far as where its tasks run goes.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct EcsService {
    /// Its cluster and name, such as `shop/web`.
    pub name: String,
    /// Whether it is there to run tasks; one that is on its way out is not.
    pub is_active: bool,
    /// What rolls out new tasks: `ECS`, `CODE_DEPLOY` or `EXTERNAL`.
    pub controller: String,
    /// The network of its tasks, if it is the service that says so.
    pub network: Option<Network>,
    /// The version of Fargate it asks for, such as `LATEST` or `1.3.0`; none if it does not run there.
    pub platform: Option<String>,
    /// The family of operating systems that its tasks run on, such as `Linux`.
    pub family: String,
    /// The service's tags.
    pub tags: Tags,
}

/// The network of a service's tasks.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Network {
    /// In these subnets.
    pub subnets: Vec<String>,
    /// In these security groups.
    pub groups: Vec<String>,
    /// Whether each task gets a public address.
    pub is_public: bool,
}

/// What a service is set to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum EcsServiceSetting {
    /// The network of its tasks.
    Network(Network),
    /// The version of Fargate.
    Platform(String),
}

const SERVICES: &str = "arn:${AWS::Partition}:ecs:*:${AWS::AccountId}:service/*";
const UPDATE: &[Action] = &[Action::on(SERVICES, "ecs:UpdateService").tagged()];

impl Facet for EcsService {
    type Id = EcsServiceId;
    type Change = Swap<EcsServiceSetting>;

    const NAME: &'static str = "ECS service";
    const READS: &'static [Action] = &[Action::on(SERVICES, "ecs:DescribeServices")];

    fn tags(&self) -> Option<&Tags> {
        Some(&self.tags)
    }

    fn after(mut self, change: &Swap<EcsServiceSetting>) -> Self {
        match &change.to {
            EcsServiceSetting::Network(network) => self.network = Some(network.clone()),
            EcsServiceSetting::Platform(version) => self.platform = Some(version.clone()),
        }
        self
    }

    fn commands(
        place: &Place,
        id: &EcsServiceId,
        changes: &[Swap<EcsServiceSetting>],
    ) -> Vec<String> {
        changes.iter().map(|change| change.to.command(place, id)).collect()
    }
}

impl EcsServiceSetting {
    /// The command that sets it.
    fn command(&self, place: &Place, id: &EcsServiceId) -> String {
        let flag = match self {
            Self::Network(network) => {
                let list = |ids: &[String]| ids.join(",");
                let public = if network.is_public { "ENABLED" } else { "DISABLED" };
                let network = format!(
                    "awsvpcConfiguration={{subnets=[{}],securityGroups=[{}],assignPublicIp={public}}}",
                    list(&network.subnets),
                    list(&network.groups)
                );
                format!("--network-configuration {}", quoted(&network))
            }
            Self::Platform(version) => format!("--platform-version {}", quoted(version)),
        };
        format!(
            "aws ecs update-service --region {} --cluster {} --service {} {flag}",
            place.region,
            quoted(&id.cluster),
            quoted(&id.service)
        )
    }
}

impl Setting for EcsServiceSetting {
    const MAKE: &'static [Action] = UPDATE;
    const UNDO: &'static [Action] = UPDATE;

    fn needs(&self) -> &'static [Action] {
        UPDATE
    }
}

impl fmt::Display for EcsServiceSetting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Network(network) => {
                write!(
                    f,
                    "public addresses of tasks {}",
                    if network.is_public { "on" } else { "off" }
                )
            }
            Self::Platform(version) => write!(f, "platform version {version}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_service_of_a_known_cluster_is_located() {
        let arn = "arn:aws-cn:ecs:cn-north-1:111122223333:service/shop/web";
        let id = EcsServiceId { cluster: "shop".into(), service: "web".into() };
        assert_eq!(EcsServiceId::locate(arn), Some(id));
        for other in [
            "web",
            "arn:aws:ecs:eu-west-1:1:service/web",
            "arn:aws:ecs:eu-west-1:1:service/shop/web/1",
            "arn:aws:ecs:eu-west-1:1:cluster/shop",
            "",
        ] {
            assert_eq!(EcsServiceId::locate(other), None, "{other}");
        }
    }
}
