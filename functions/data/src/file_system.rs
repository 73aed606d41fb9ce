//! Facet: how a file system of EFS is set up.

use aws_sdk_efs::{
    Client,
    error::ProvideErrorMetadata,
    types::{BackupPolicy, LifeCycleState, Status, Tag},
};
use catalog::data::{FileSystem, FileSystemId, FileSystemSetting};
use futures_util::future;
use lambda::Local;
use remedy::{Place, Signal, Swap, Tags};
use runtime::{Cloud, Error};

use crate::{Data, later};

impl Cloud<FileSystem> for Data {
    async fn load(
        &self,
        place: &Place,
        id: &FileSystemId,
        _: &[&Signal],
    ) -> Result<Option<FileSystem>, Error> {
        let efs = self.efs.at(place).await?;
        let what = format!("read file system {id}");
        let call = efs.client.describe_file_systems().file_system_id(&id.0);
        let (found, backups) =
            future::join(Box::pin(call.send()), Box::pin(backups(&efs, &what, id))).await;
        let found = match found {
            Ok(answer) => answer.file_systems.unwrap_or_default().into_iter().next(),
            Err(error) if error.code() == Some("FileSystemNotFound") => None,
            Err(error) => {
                return Err(efs.failed(&what, "elasticfilesystem:DescribeFileSystems", &error));
            }
        };
        let Some(found) = found.filter(|found| !is_going(&found.life_cycle_state)) else {
            return Ok(None);
        };
        let why = "EFS does not tell whether it is encrypted";
        Ok(Some(FileSystem {
            name: found.name.unwrap_or_default(),
            encrypted: found.encrypted.ok_or_else(|| efs.odd(&what, why))?,
            backups: backups?,
            tags: tags(found.tags),
        }))
    }

    async fn apply(
        &self,
        place: &Place,
        id: &FileSystemId,
        changes: &[Swap<FileSystemSetting>],
    ) -> Vec<Result<(), Error>> {
        let efs = match self.efs.at(place).await {
            Ok(efs) => efs,
            Err(error) => return vec![Err(error); changes.len()],
        };
        let mut results = Vec::with_capacity(changes.len());
        for change in changes {
            results.push(set(&efs, id, &change.to).await);
        }
        results
    }
}

pub(crate) fn is_going(state: &LifeCycleState) -> bool {
    matches!(state, LifeCycleState::Deleted | LifeCycleState::Deleting)
}

pub(crate) fn tags(tags: Vec<Tag>) -> Tags {
    tags.into_iter().map(|tag| (tag.key, tag.value)).collect()
}

/// Whether it is backed up, or about to be.
async fn backups(efs: &Local<Client>, what: &str, id: &FileSystemId) -> Result<bool, Error> {
    match efs.client.describe_backup_policy().file_system_id(&id.0).send().await {
        Ok(answer) => match answer.backup_policy {
            Some(policy) => Ok(matches!(policy.status, Status::Enabled | Status::Enabling)),
            None => Err(efs.odd(what, "EFS does not tell whether it is backed up")),
        },
        Err(error) if matches!(error.code(), Some("PolicyNotFound" | "FileSystemNotFound")) => {
            Ok(false)
        }
        Err(error) => Err(efs.failed(what, "elasticfilesystem:DescribeBackupPolicy", &error)),
    }
}

async fn set(efs: &Local<Client>, id: &FileSystemId, to: &FileSystemSetting) -> Result<(), Error> {
    let what = format!("set {to} of file system {id}");
    let status = match to {
        FileSystemSetting::Backups(true) => Status::Enabled,
        FileSystemSetting::Backups(false) => Status::Disabled,
    };
    let policy = BackupPolicy::builder().status(status).build();
    let policy = policy.map_err(|error| efs.odd(&what, &error.to_string()))?;
    let call = efs.client.put_backup_policy().file_system_id(&id.0).backup_policy(policy);
    let needs = "elasticfilesystem:PutBackupPolicy";
    let answer = call.send().await;
    answer.map(drop).map_err(|error| later(error.code(), efs.failed(&what, needs, &error)))
}
