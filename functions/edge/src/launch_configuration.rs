//! Facet: a launch configuration, and the Auto Scaling groups that use it.

use aws_sdk_autoscaling::{
    Client,
    types::{AutoScalingGroup as Found, LaunchConfiguration as Configuration, TagDescription},
};
use catalog::edge::{Launch, LaunchConfiguration, LaunchConfigurationId};
use futures_util::future;
use lambda::Local;
use remedy::{Never, Place, Signal, Tags};
use runtime::{Cloud, Error};

use crate::Edge;

impl Cloud<LaunchConfiguration> for Edge {
    async fn load(
        &self,
        place: &Place,
        id: &LaunchConfigurationId,
        _: &[&Signal],
    ) -> Result<Option<LaunchConfiguration>, Error> {
        let scaling = self.autoscaling.at(place).await?;
        let what = format!("read launch configuration {id}");
        let (launch, users) = future::join(
            Box::pin(launch(&scaling, &id.name, &what)),
            Box::pin(users(&scaling, &id.name, &what)),
        )
        .await;
        let Some(launch) = launch? else { return Ok(None) };
        let (mut groups, mut all): (Vec<String>, Vec<Tags>) = users?.into_iter().unzip();
        groups.sort();
        let mut alike = all.pop().unwrap_or_default();
        alike.retain(|key, value| all.iter().all(|tags| tags.get(key) == Some(value)));
        Ok(Some(LaunchConfiguration { launch, groups, tags: alike }))
    }

    async fn apply(
        &self,
        _: &Place,
        _: &LaunchConfigurationId,
        changes: &[Never],
    ) -> Vec<Result<(), Error>> {
        changes.iter().map(|change| match *change {}).collect()
    }
}

/// What the launch configuration of this name launches, if there is one.
pub(crate) async fn launch(
    scaling: &Local<Client>,
    name: &str,
    what: &str,
) -> Result<Option<Launch>, Error> {
    let call = scaling.client.describe_launch_configurations().launch_configuration_names(name);
    let answer = call.send().await.map_err(|error| {
        scaling.failed(what, "autoscaling:DescribeLaunchConfigurations", &error)
    })?;
    let found = answer.launch_configurations.unwrap_or_default();
    let is_its = |found: &Configuration| found.launch_configuration_name.as_deref() == Some(name);
    Ok(found.into_iter().find(is_its).map(read))
}

fn read(found: Configuration) -> Launch {
    let said = |text: &Option<String>| text.as_deref().is_some_and(|text| !text.is_empty());
    let has = |part: &str| match part {
        "ImageId" => said(&found.image_id),
        "InstanceType" => said(&found.instance_type),
        "KeyName" => said(&found.key_name),
        "UserData" => said(&found.user_data),
        "BlockDeviceMappings" => {
            found.block_device_mappings.as_ref().is_some_and(|d| !d.is_empty())
        }
        "EbsOptimized" => found.ebs_optimized.is_some(),
        "InstanceMonitoring" => found.instance_monitoring.is_some(),
        "KernelId" => said(&found.kernel_id),
        "RamdiskId" => said(&found.ramdisk_id),
        "PlacementTenancy" => said(&found.placement_tenancy),
        "SecurityGroups" => found.security_groups.as_ref().is_some_and(|groups| !groups.is_empty()),
        _ => false,
    };
    let parts = Launch::PARTS.iter().map(|(part, _)| *part).chain(["SecurityGroups"]);
    let parts = parts.filter(|part| has(part)).map(str::to_owned).collect();
    let metadata = found.metadata_options.as_ref();
    let tokens = metadata.and_then(|options| options.http_tokens.as_ref());
    Launch {
        tokens: tokens.map(|state| state.as_str().to_owned()),
        hops: metadata.and_then(|options| options.http_put_response_hop_limit),
        public_address: found.associate_public_ip_address,
        parts,
        name: found.launch_configuration_name.unwrap_or_default(),
        profile: found.iam_instance_profile,
    }
}

/// The groups that use the launch configuration of this name, and their tags. Those that use a launch
/// template have none.
async fn users(
    scaling: &Local<Client>,
    name: &str,
    what: &str,
) -> Result<Vec<(String, Tags)>, Error> {
    let (mut users, mut token) = (Vec::new(), None);
    loop {
        let call = scaling.client.describe_auto_scaling_groups().max_records(100);
        let answer = call.set_next_token(token).send().await.map_err(|error| {
            scaling.failed(what, "autoscaling:DescribeAutoScalingGroups", &error)
        })?;
        let is_user = |group: &Found| group.launch_configuration_name.as_deref() == Some(name);
        let found = answer.auto_scaling_groups.unwrap_or_default().into_iter().filter(is_user);
        users.extend(
            found.filter_map(|group| Some((group.auto_scaling_group_name?, tags(group.tags)))),
        );
        token = answer.next_token.filter(|token| !token.is_empty());
        if token.is_none() {
            return Ok(users);
        }
    }
}

pub(crate) fn tags(tags: Option<Vec<TagDescription>>) -> Tags {
    let pair = |tag: TagDescription| Some((tag.key?, tag.value.unwrap_or_default()));
    tags.unwrap_or_default().into_iter().filter_map(pair).collect()
}
