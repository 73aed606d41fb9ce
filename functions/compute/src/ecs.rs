//! Facets: how an ECS cluster, and how an ECS service, is set up.

use aws_sdk_ecs::{
    Client,
    error::{BuildError, ProvideErrorMetadata},
    types::{
        self, AssignPublicIp, AwsVpcConfiguration, ClusterField, ClusterSetting,
        ClusterSettingName, NetworkConfiguration, ServiceField, Tag,
    },
};
use catalog::compute::{
    EcsCluster, EcsClusterName, EcsClusterSetting, EcsService, EcsServiceId, EcsServiceSetting,
    Insights, Network,
};
use lambda::Local;
use remedy::{Place, Signal, Swap, Tags};
use runtime::{Cloud, Error};

use crate::Compute;

impl Cloud<EcsCluster> for Compute {
    async fn load(
        &self,
        place: &Place,
        id: &EcsClusterName,
        _: &[&Signal],
    ) -> Result<Option<EcsCluster>, Error> {
        let ecs = self.ecs.at(place).await?;
        let what = format!("read ECS cluster {id}");
        let call = ecs.client.describe_clusters().clusters(&id.0);
        let call = call.include(ClusterField::Settings).include(ClusterField::Tags);
        let answer = call.send().await;
        let answer = answer.map_err(|error| ecs.failed(&what, "ecs:DescribeClusters", &error))?;
        let found = answer.clusters.unwrap_or_default().into_iter().next();
        let is_there = |status: Option<&str>| status != Some("INACTIVE");
        let Some(found) = found.filter(|found| is_there(found.status.as_deref())) else {
            return Ok(None);
        };
        let insights = insights(&found)
            .ok_or_else(|| ecs.odd(&what, "it does not say how closely it is watched"))?;
        Ok(Some(EcsCluster { insights, tags: tags(found.tags) }))
    }

    async fn apply(
        &self,
        place: &Place,
        id: &EcsClusterName,
        changes: &[Swap<EcsClusterSetting>],
    ) -> Vec<Result<(), Error>> {
        let ecs = match self.ecs.at(place).await {
            Ok(ecs) => ecs,
            Err(error) => return vec![Err(error); changes.len()],
        };
        let mut results = Vec::with_capacity(changes.len());
        for Swap { to, .. } in changes {
            let EcsClusterSetting::Insights(insights) = to;
            let setting = ClusterSetting::builder().name(ClusterSettingName::ContainerInsights);
            let setting = setting.value(insights.word()).build();
            let call = ecs.client.update_cluster_settings().cluster(&id.0).settings(setting);
            let what = format!("set {to} of ECS cluster {id}");
            let needs = "ecs:UpdateClusterSettings";
            let made = call.send().await;
            results.push(made.map(drop).map_err(|error| ecs.failed(&what, needs, &error)));
        }
        results
    }
}

fn insights(found: &types::Cluster) -> Option<Insights> {
    let settings = found.settings.as_deref().unwrap_or_default();
    let name = Some(ClusterSettingName::ContainerInsights);
    let value = settings.iter().find(|setting| setting.name == name)?.value.as_deref()?;
    let all = [Insights::Disabled, Insights::Enabled, Insights::Enhanced];
    all.into_iter().find(|insights| insights.word() == value)
}

pub(crate) fn tags(tags: Option<Vec<Tag>>) -> Tags {
    let pair = |tag: Tag| Some((tag.key?, tag.value.unwrap_or_default()));
    tags.unwrap_or_default().into_iter().filter_map(pair).collect()
}

impl Cloud<EcsService> for Compute {
    async fn load(
        &self,
        place: &Place,
        id: &EcsServiceId,
        _: &[&Signal],
    ) -> Result<Option<EcsService>, Error> {
        let ecs = self.ecs.at(place).await?;
        let what = format!("read ECS service {id}");
        let call = ecs.client.describe_services().cluster(&id.cluster).services(&id.service);
        let found = match call.include(ServiceField::Tags).send().await {
            Ok(answer) => answer.services.unwrap_or_default().into_iter().next(),
            Err(error) if error.code() == Some("ClusterNotFoundException") => None,
            Err(error) => return Err(ecs.failed(&what, "ecs:DescribeServices", &error)),
        };
        let Some(found) = found else { return Ok(None) };
        let is_active = match found.status.as_deref() {
            Some("INACTIVE") => return Ok(None),
            Some(status) => status == "ACTIVE",
            None => return Err(ecs.odd(&what, "it does not say whether it is active")),
        };
        let controller = found.deployment_controller.map(|controller| controller.r#type);
        let network = found.network_configuration.and_then(|network| network.awsvpc_configuration);
        Ok(Some(EcsService {
            name: id.to_string(),
            is_active,
            controller: controller.map_or("ECS".into(), |kind| kind.as_str().to_owned()),
            network: network.map(of),
            platform: found.platform_version,
            family: found.platform_family.unwrap_or_default(),
            tags: tags(found.tags),
        }))
    }

    async fn apply(
        &self,
        place: &Place,
        id: &EcsServiceId,
        changes: &[Swap<EcsServiceSetting>],
    ) -> Vec<Result<(), Error>> {
        let ecs = match self.ecs.at(place).await {
            Ok(ecs) => ecs,
            Err(error) => return vec![Err(error); changes.len()],
        };
        let mut results = Vec::with_capacity(changes.len());
        for change in changes {
            results.push(set(&ecs, id, &change.to).await);
        }
        results
    }
}

fn of(found: AwsVpcConfiguration) -> Network {
    Network {
        subnets: found.subnets,
        groups: found.security_groups.unwrap_or_default(),
        is_public: found.assign_public_ip == Some(AssignPublicIp::Enabled),
    }
}

fn to(network: &Network) -> Result<NetworkConfiguration, BuildError> {
    let public = if network.is_public { AssignPublicIp::Enabled } else { AssignPublicIp::Disabled };
    let groups = Some(network.groups.clone()).filter(|groups| !groups.is_empty());
    let vpc = AwsVpcConfiguration::builder().set_subnets(Some(network.subnets.clone()));
    let vpc = vpc.set_security_groups(groups).assign_public_ip(public).build()?;
    Ok(NetworkConfiguration::builder().awsvpc_configuration(vpc).build())
}

async fn set(
    ecs: &Local<Client>,
    id: &EcsServiceId,
    setting: &EcsServiceSetting,
) -> Result<(), Error> {
    let what = format!("set {setting} of ECS service {id}");
    let call = ecs.client.update_service().cluster(&id.cluster).service(&id.service);
    let call = match setting {
        EcsServiceSetting::Network(network) => {
            let network = to(network).map_err(|error| ecs.odd(&what, &error.to_string()))?;
            call.network_configuration(network)
        }
        EcsServiceSetting::Platform(version) => call.platform_version(version),
    };
    call.send().await.map(drop).map_err(|error| ecs.failed(&what, "ecs:UpdateService", &error))
}
