//! Has a file system of EFS backed up every day, by the plan that EFS keeps for that.

use remedy::{Case, Plan, Remediation, Risk, Settings, Severity, Spec, Swap, Trigger, Undo, Wrong};

use super::{FileSystem, FileSystemSetting};

/// See the [module](self).
#[derive(Debug)]
pub struct BackUpFileSystem;

impl Remediation for BackUpFileSystem {
    type Facet = FileSystem;

    const SPEC: Spec = Spec {
        id: "data/back_up_file_system",
        title: "Turn on automatic backups of an EFS file system",
        triggers: &[
            Trigger::control("EFS.2"),
            Trigger::control("EFS.7"),
            Trigger::config_rule("EFS_AUTOMATIC_BACKUPS_ENABLED"),
            Trigger::config_rule("EFS_IN_BACKUP_PLAN"),
        ],
        severity: Severity::Medium,
        risk: Risk::Safe,
        parameters: &[],
        undo: Undo::Yes,
        care: "Backups that were made stay when it is taken back.",
        since: "0.4.0",
    };

    fn configured(_: &Settings) -> Result<Self, Wrong> {
        Ok(Self)
    }

    fn plan(&self, files: &FileSystem, _: &Case<'_>) -> Plan<Swap<FileSystemSetting>> {
        let is = FileSystemSetting::Backups(files.backups);
        Swap::of(is, FileSystemSetting::Backups(true)).into_iter().collect()
    }
}

#[cfg(test)]
mod tests {
    use remedy::check::{check, signal};

    use super::*;

    #[test]
    fn files_that_nobody_backs_up_are_backed_up() {
        let expected = ["set automatic backups on (it is automatic backups off)"];
        check(&BackUpFileSystem, &FileSystem::default(), &signal("fs-0a1b"), &expected);
        let backed_up = FileSystem { backups: true, ..FileSystem::default() };
        check(&BackUpFileSystem, &backed_up, &signal("fs-0a1b"), &[]);
    }
}
