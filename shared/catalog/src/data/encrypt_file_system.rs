//! Tells how the data of a file system of EFS is encrypted: only a new one can be.

use remedy::{
    Case, Id, Plan, Remediation, Risk, Settings, Severity, Spec, Swap, Trigger, Undo, Wrong,
};

use super::{FileSystem, FileSystemId, FileSystemSetting};

/// See the [module](self).
#[derive(Debug)]
pub struct EncryptFileSystem;

impl Remediation for EncryptFileSystem {
    type Facet = FileSystem;

    const SPEC: Spec = Spec {
        id: "data/encrypt_file_system",
        title: "Move an EFS file system to an encrypted one, by hand",
        triggers: &[
            Trigger::control("EFS.1"),
            Trigger::control("EFS.8"),
            Trigger::config_rule("EFS_ENCRYPTED_CHECK"),
            Trigger::config_rule("EFS_FILESYSTEM_CT_ENCRYPTED"),
        ],
        severity: Severity::Medium,
        risk: Risk::Safe,
        parameters: &[],
        undo: Undo::Nothing,
        care: "Nothing is copied or deleted: the way to an encrypted one is told.",
        since: "0.4.0",
    };

    fn configured(_: &Settings) -> Result<Self, Wrong> {
        Ok(Self)
    }

    fn plan(&self, files: &FileSystem, case: &Case<'_>) -> Plan<Swap<FileSystemSetting>> {
        let Some(id) = FileSystemId::locate(&case.signal.resource).filter(|_| !files.encrypted)
        else {
            return Plan::none();
        };
        let region = &case.signal.place.region;
        Plan::by_hand(
            "its data is not encrypted at rest",
            "EFS encrypts new file systems only: make an encrypted one, replicate into it, mount it in place \
             of this one, and then end the replication",
            [
                format!(
                    "aws efs create-file-system --region {region} --creation-token {id}-encrypted --encrypted"
                ),
                format!(
                    "aws efs update-file-system-protection --region {region} --file-system-id NEW_ID \
                     --replication-overwrite-protection DISABLED"
                ),
                format!(
                    "aws efs create-replication-configuration --region {region} --source-file-system-id {id} \
                     --destinations FileSystemId=NEW_ID,Region={region}"
                ),
                format!(
                    "aws efs describe-replication-configurations --region {region} --file-system-id {id}"
                ),
                format!(
                    "aws efs delete-replication-configuration --region {region} --source-file-system-id {id}"
                ),
            ],
        )
    }
}

#[cfg(test)]
mod tests {
    use remedy::check::{check, now, signal};

    use super::*;

    #[test]
    fn the_way_to_an_encrypted_one_is_told() {
        let signal = signal("fs-0a1b");
        let case = Case { signal: &signal, now: now() };
        check(&EncryptFileSystem, &FileSystem::default(), &signal, &[]);
        assert_eq!(EncryptFileSystem.plan(&FileSystem::default(), &case).by_hand.len(), 5);
        let encrypted = FileSystem { encrypted: true, ..FileSystem::default() };
        assert_eq!(EncryptFileSystem.plan(&encrypted, &case), Plan::none());
    }
}
