//! Facet: how an ECS cluster is set up.

use std::fmt;

use remedy::{Action, Arn, Facet, Id, Place, Setting, Swap, Tags, quoted};
use serde::{Deserialize, Serialize};

/// The name of an ECS cluster, such as `shop`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EcsClusterName(pub String);

impl Id for EcsClusterName {
    const TYPE: &'static str = "AWS::ECS::Cluster";

    fn locate(resource: &str) -> Option<Self> {
        let arn = Arn::parse(resource).filter(|arn| arn.service == "ecs")?;
        let name = arn.resource.strip_prefix("cluster/")?;
        is_name(name).then(|| Self(name.to_owned()))
    }

    fn arn(&self, Place { partition, account, region }: &Place) -> String {
        format!("arn:{partition}:ecs:{region}:{account}:cluster/{self}")
    }

    fn link(&self, place: &Place) -> String {
        format!("{}/ecs/v2/clusters/{self}?region={}", place.console(), place.region)
    }
}

/// Whether ECS lets something be called so.
pub(super) fn is_name(name: &str) -> bool {
    let is_part = |b: u8| b.is_ascii_alphanumeric() || b == b'-' || b == b'_';
    (1..=255).contains(&name.len()) && name.bytes().all(is_part)
}

impl fmt::Display for EcsClusterName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A cluster, as far as it is watched.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct EcsCluster {
    /// How closely it is watched.
    pub insights: Insights,
    /// The cluster's tags.
    pub tags: Tags,
}

/// How closely `CloudWatch` Container Insights watches a cluster.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Insights {
    /// Not at all.
    #[default]
    Disabled,
    /// Its tasks and services.
    Enabled,
    /// Its containers, too.
    Enhanced,
}

impl Insights {
    /// As ECS calls it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Disabled => "disabled",
            Self::Enabled => "enabled",
            Self::Enhanced => "enhanced",
        }
    }
}

/// What a cluster is set to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum EcsClusterSetting {
    /// How closely it is watched.
    Insights(Insights),
}

const CLUSTERS: &str = "arn:${AWS::Partition}:ecs:*:${AWS::AccountId}:cluster/*";
const UPDATE: &[Action] = &[Action::on(CLUSTERS, "ecs:UpdateClusterSettings").tagged()];

impl Facet for EcsCluster {
    type Id = EcsClusterName;
    type Change = Swap<EcsClusterSetting>;

    const NAME: &'static str = "ECS cluster";
    const READS: &'static [Action] = &[Action::on(CLUSTERS, "ecs:DescribeClusters")];

    fn tags(&self) -> Option<&Tags> {
        Some(&self.tags)
    }

    fn after(mut self, change: &Swap<EcsClusterSetting>) -> Self {
        let EcsClusterSetting::Insights(insights) = change.to;
        self.insights = insights;
        self
    }

    fn commands(
        place: &Place,
        id: &EcsClusterName,
        changes: &[Swap<EcsClusterSetting>],
    ) -> Vec<String> {
        let command = |change: &Swap<EcsClusterSetting>| {
            let EcsClusterSetting::Insights(insights) = change.to;
            format!(
                "aws ecs update-cluster-settings --region {} --cluster {} --settings name=containerInsights,value={}",
                place.region,
                quoted(&id.0),
                insights.word()
            )
        };
        changes.iter().map(command).collect()
    }
}

impl Setting for EcsClusterSetting {
    const MAKE: &'static [Action] = UPDATE;
    const UNDO: &'static [Action] = UPDATE;

    fn needs(&self) -> &'static [Action] {
        UPDATE
    }
}

impl fmt::Display for EcsClusterSetting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self::Insights(insights) = self;
        write!(f, "container insights {}", insights.word())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_cluster_is_located() {
        let arn = "arn:aws-cn:ecs:cn-north-1:111122223333:cluster/shop";
        assert_eq!(EcsClusterName::locate(arn), Some(EcsClusterName("shop".into())));
        for other in [
            "shop",
            "arn:aws:ecs:eu-west-1:1:service/shop/web",
            "arn:aws:eks:eu-west-1:1:cluster/shop",
            "arn:aws:ecs:eu-west-1:1:cluster/",
            "",
        ] {
            assert_eq!(EcsClusterName::locate(other), None, "{other}");
        }
    }
}
