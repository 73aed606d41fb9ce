//! Facet: what an ECS task definition says of its containers.

use aws_sdk_ecs::{
    error::ProvideErrorMetadata,
    types::{
        self, ContainerDefinition, EfsTransitEncryption, TaskDefinitionField, TaskDefinitionStatus,
    },
};
use catalog::compute::{Container, TaskDefinition, TaskDefinitionId};
use remedy::{Never, Place, Signal};
use runtime::{Cloud, Error};

use crate::{Compute, ecs::tags, never};

impl Cloud<TaskDefinition> for Compute {
    async fn load(
        &self,
        place: &Place,
        id: &TaskDefinitionId,
        _: &[&Signal],
    ) -> Result<Option<TaskDefinition>, Error> {
        let ecs = self.ecs.at(place).await?;
        let what = format!("read task definition {id}");
        let call = ecs.client.describe_task_definition().task_definition(id.to_string());
        let answer = match call.include(TaskDefinitionField::Tags).send().await {
            Ok(answer) => answer,
            Err(error) if is_gone(error.code(), error.message()) => return Ok(None),
            Err(error) => return Err(ecs.failed(&what, "ecs:DescribeTaskDefinition", &error)),
        };
        let Some(found) = answer.task_definition else { return Ok(None) };
        let status = found.status.as_ref();
        let status =
            status.ok_or_else(|| ecs.odd(&what, "it does not say whether it is active"))?;
        Ok(Some(TaskDefinition {
            family: id.family.clone(),
            revision: id.revision,
            is_active: *status == TaskDefinitionStatus::Active,
            is_windows: is_windows(&found),
            network: found.network_mode.map(|mode| mode.as_str().to_owned()).unwrap_or_default(),
            processes: found.pid_mode.map(|mode| mode.as_str().to_owned()),
            clear_volumes: found
                .volumes
                .unwrap_or_default()
                .into_iter()
                .filter_map(clear)
                .collect(),
            containers: found
                .container_definitions
                .unwrap_or_default()
                .into_iter()
                .map(of)
                .collect(),
            tags: tags(answer.tags),
        }))
    }

    async fn apply(
        &self,
        _: &Place,
        _: &TaskDefinitionId,
        changes: &[Never],
    ) -> Vec<Result<(), Error>> {
        never(changes)
    }
}

fn is_gone(code: Option<&str>, message: Option<&str>) -> bool {
    code == Some("ClientException")
        && message.is_some_and(|message| message.starts_with("Unable to describe task definition"))
}

fn is_windows(found: &types::TaskDefinition) -> bool {
    let family = found.runtime_platform.as_ref().and_then(|of| of.operating_system_family.as_ref());
    family.is_some_and(|family| family.as_str().starts_with("WINDOWS"))
}

/// The name of a volume on EFS that is reached in the clear.
fn clear(volume: types::Volume) -> Option<String> {
    let efs = volume.efs_volume_configuration?;
    let is_clear = efs.transit_encryption != Some(EfsTransitEncryption::Enabled);
    is_clear.then(|| volume.name.unwrap_or_default())
}

/// Of variables, the names alone.
fn of(found: ContainerDefinition) -> Container {
    let variables = found.environment.unwrap_or_default();
    Container {
        name: found.name.unwrap_or_default(),
        is_privileged: found.privileged.unwrap_or_default(),
        is_read_only: found.readonly_root_filesystem.unwrap_or_default(),
        user: found.user,
        variables: variables.into_iter().filter_map(|variable| variable.name).collect(),
        logs: found.log_configuration.map(|logs| logs.log_driver.as_str().to_owned()),
    }
}
