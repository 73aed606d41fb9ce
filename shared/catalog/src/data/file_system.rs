//! Facet: how a file system of EFS is set up.

use std::fmt;

use remedy::{Action, Arn, Facet, Id, Place, Setting, Swap, Tags};
use serde::{Deserialize, Serialize};

/// `fs-...`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileSystemId(pub String);

/// The id that `resource` names: an ARN, or the bare id.
pub(super) fn id(resource: &str, kind: &str, prefix: &str) -> Option<String> {
    let id = match Arn::parse(resource) {
        Some(arn) if arn.service == "elasticfilesystem" => {
            arn.resource.strip_prefix(kind)?.strip_prefix('/')?
        }
        Some(_) => return None,
        None => resource,
    };
    let rest = id.strip_prefix(prefix)?;
    let named = !rest.is_empty() && rest.bytes().all(|b| b.is_ascii_hexdigit());
    named.then(|| id.to_owned())
}

impl Id for FileSystemId {
    const TYPE: &'static str = "AWS::EFS::FileSystem";

    fn locate(resource: &str) -> Option<Self> {
        id(resource, "file-system", "fs-").map(Self)
    }

    fn arn(&self, Place { partition, account, region }: &Place) -> String {
        format!("arn:{partition}:elasticfilesystem:{region}:{account}:file-system/{self}")
    }

    fn link(&self, place: &Place) -> String {
        let region = &place.region;
        format!("{}/efs/home?region={region}#/file-systems/{self}", place.console())
    }
}

impl fmt::Display for FileSystemId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A file system, as far as its safety goes.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct FileSystem {
    /// The file system's name.
    pub name: String,
    /// Whether its data is encrypted at rest.
    pub encrypted: bool,
    /// Whether it is backed up every day.
    pub backups: bool,
    /// The file system's tags.
    pub tags: Tags,
}

/// What a file system is set to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FileSystemSetting {
    /// Whether it is backed up every day.
    Backups(bool),
}

const FILE_SYSTEMS: &str =
    "arn:${AWS::Partition}:elasticfilesystem:*:${AWS::AccountId}:file-system/*";
const PUT: &[Action] = &[Action::on(FILE_SYSTEMS, "elasticfilesystem:PutBackupPolicy").tagged()];

impl Facet for FileSystem {
    type Id = FileSystemId;
    type Change = Swap<FileSystemSetting>;

    const NAME: &'static str = "file system";
    const READS: &'static [Action] = &[
        Action::on(FILE_SYSTEMS, "elasticfilesystem:DescribeBackupPolicy"),
        Action::on(FILE_SYSTEMS, "elasticfilesystem:DescribeFileSystems"),
    ];

    fn label(&self) -> Option<&str> {
        Some(self.name.as_str()).filter(|name| !name.is_empty())
    }

    fn tags(&self) -> Option<&Tags> {
        Some(&self.tags)
    }

    fn after(mut self, change: &Swap<FileSystemSetting>) -> Self {
        match change.to {
            FileSystemSetting::Backups(on) => self.backups = on,
        }
        self
    }

    fn commands(
        place: &Place,
        id: &FileSystemId,
        changes: &[Swap<FileSystemSetting>],
    ) -> Vec<String> {
        let command = |change: &Swap<FileSystemSetting>| {
            let status = match change.to {
                FileSystemSetting::Backups(true) => "ENABLED",
                FileSystemSetting::Backups(false) => "DISABLED",
            };
            format!(
                "aws efs put-backup-policy --region {} --file-system-id {id} --backup-policy Status={status}",
                place.region
            )
        };
        changes.iter().map(command).collect()
    }
}

impl Setting for FileSystemSetting {
    const MAKE: &'static [Action] = PUT;
    const UNDO: &'static [Action] = PUT;

    fn needs(&self) -> &'static [Action] {
        PUT
    }
}

impl fmt::Display for FileSystemSetting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Backups(true) => f.write_str("automatic backups on"),
            Self::Backups(false) => f.write_str("automatic backups off"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_file_system_is_located() {
        for known in [
            "fs-0a1b2c3d",
            "arn:aws:elasticfilesystem:eu-west-1:111122223333:file-system/fs-0a1b2c3d",
        ] {
            assert_eq!(FileSystemId::locate(known), Some(FileSystemId("fs-0a1b2c3d".into())));
        }
        for other in [
            "fs-",
            "fs-xyz",
            "arn:aws:elasticfilesystem:eu-west-1:111122223333:access-point/fsap-0a1b2c3d",
            "arn:aws:fsx:eu-west-1:111122223333:file-system/fs-0a1b2c3d",
            "",
        ] {
            assert_eq!(FileSystemId::locate(other), None, "{other}");
        }
    }
}
