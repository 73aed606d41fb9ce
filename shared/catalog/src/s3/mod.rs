//! S3: buckets, and the settings of the account.

mod access_block;
mod access_point;
mod account_access;
mod bucket;
mod bucket_access;
mod bucket_encryption;
mod bucket_events;
mod bucket_lifecycle;
mod bucket_lock;
mod bucket_logging;
mod bucket_ownership;
mod bucket_policy;
mod bucket_replication;
mod bucket_versioning;
mod denial;
mod document;
mod statement;
mod wildcard;

pub use access_block::AccessBlock;
pub use access_point::{AccessPoint, AccessPointId};
pub use account_access::{AccountAccess, AccountAccessId, AccountBlock};
pub use bucket::BucketId;
pub use bucket_access::{BucketAccess, BucketBlock};
pub use bucket_encryption::{BucketEncryption, Encryption, Layers};
pub use bucket_events::{BucketEvents, EventDelivery};
pub use bucket_lifecycle::{AbortRule, BucketLifecycle, LifecycleChange, LifecycleRule};
pub use bucket_lock::BucketLock;
pub use bucket_logging::{AccessLog, BucketLogging};
pub use bucket_ownership::{BucketOwnership, Ownership};
pub use bucket_policy::{BucketPolicy, Denial, PolicyChange};
pub use bucket_replication::{BucketReplication, Replica};
pub use bucket_versioning::{BucketVersioning, BucketVersions};
pub use document::Document;

crate::remediations! {
    abort_stale_uploads::AbortStaleUploads,
    block_account_access::BlockAccountAccess,
    block_public_access::BlockPublicAccess,
    close_access_point::CloseAccessPoint,
    deliver_events::DeliverEvents,
    deny_foreign_admin::DenyForeignAdmin,
    disable_acls::DisableAcls,
    encrypt_by_default::EncryptByDefault,
    encrypt_with_kms::EncryptWithKms,
    keep_versions::KeepVersions,
    lock_objects::LockObjects,
    log_access::LogAccess,
    refuse_plain_http::RefusePlainHttp,
    replicate_elsewhere::ReplicateElsewhere,
    require_mfa_delete::RequireMfaDelete,
}
