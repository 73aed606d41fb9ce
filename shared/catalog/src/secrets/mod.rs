//! What is kept secret: KMS, Secrets Manager, Systems Manager.

mod automation_logs;
mod document;
mod document_sharing;
mod key;
mod key_policy;
mod managed_instance;
mod secret;

use crate::days;

pub use automation_logs::{AutomationLogs, AutomationLogsId, AutomationLogsSetting};
pub use document::{Document, DocumentChange, DocumentId};
pub use document_sharing::{DocumentSharing, DocumentSharingId, DocumentSharingSetting};
pub use key::{Key, KeyId, KeySetting};
pub use key_policy::{KeyPolicy, PublicStatement};
pub use managed_instance::{ManagedInstance, ManagedInstanceId};
pub use secret::{RotationRule, Secret, SecretId, SecretSetting};

crate::remediations! {
    block_document_sharing::BlockDocumentSharing,
    close_key_policy::CloseKeyPolicy,
    delete_unused_secret::DeleteUnusedSecret,
    keep_key::KeepKey,
    log_automation::LogAutomation,
    manage_instance::ManageInstance,
    mend_rotation::MendRotation,
    rotate_key::RotateKey,
    rotate_secret::RotateSecret,
    shorten_rotation::ShortenRotation,
    unshare_document::UnshareDocument,
}
