use catalog::s3::{
    AccessLog, BucketEncryption, BucketLock, BucketLogging, BucketOwnership, BucketVersioning,
    BucketVersions, Encryption, Layers, Ownership,
};
use remedy::Swap;

use super::{apply, asked, body, bucket, load, no, yes};

#[tokio::test]
async fn versioning_is_read_and_set() {
    let status =
        |status: &str| format!("<VersioningConfiguration>{status}</VersioningConfiguration>");
    for (says, enabled, mfa_delete) in [
        ("", false, false),
        ("<Status>Suspended</Status><MfaDelete>Enabled</MfaDelete>", false, true),
        ("<Status>Enabled</Status><MfaDelete>Disabled</MfaDelete>", true, false),
    ] {
        let script = bucket(&[("GET versioning", yes(&status(says)))]);
        let found = load::<BucketVersioning>(&script).await.unwrap().unwrap();
        assert_eq!((found.enabled, found.mfa_delete), (enabled, mfa_delete), "{says}");
    }
    let (on, off) = (BucketVersions::Enabled, BucketVersions::Suspended);
    for (from, to, name) in [(off.clone(), on.clone(), "Enabled"), (on, off, "Suspended")] {
        let script = bucket(&[("PUT versioning", yes(""))]);
        assert_eq!(apply::<BucketVersioning>(&script, Swap { from, to }).await, [Ok(())]);
        assert_eq!(body(&script, "PUT versioning"), status(&format!("<Status>{name}</Status>")));
    }
}

#[tokio::test]
async fn the_access_log_is_read_and_set() {
    let status = |to: &str| format!("<BucketLoggingStatus>{to}</BucketLoggingStatus>");
    let enabled = "<LoggingEnabled><TargetBucket>logs</TargetBucket><TargetPrefix>web/</TargetPrefix>\
                   </LoggingEnabled>";
    let log = AccessLog::To { bucket: "logs".into(), prefix: "web/".into() };
    for (says, to) in [("", AccessLog::Off), (enabled, log)] {
        let script = bucket(&[("GET logging", yes(&status(says)))]);
        assert_eq!(load::<BucketLogging>(&script).await.unwrap().unwrap().to, to);
        let script = bucket(&[("PUT logging", yes(""))]);
        let change = Swap { from: AccessLog::Off, to };
        assert_eq!(apply::<BucketLogging>(&script, change).await, [Ok(())]);
        assert_eq!(body(&script, "PUT logging"), status(says));
    }
}

fn encrypted(by: &str) -> String {
    format!(
        "<ServerSideEncryptionConfiguration><Rule>{by}</Rule></ServerSideEncryptionConfiguration>"
    )
}

const WITH_S3: &str = "<ApplyServerSideEncryptionByDefault><SSEAlgorithm>AES256</SSEAlgorithm>\
    </ApplyServerSideEncryptionByDefault><BucketKeyEnabled>false</BucketKeyEnabled>";
const WITH_KMS: &str = "<ApplyServerSideEncryptionByDefault><SSEAlgorithm>aws:kms</SSEAlgorithm>\
    <KMSMasterKeyID>k</KMSMasterKeyID></ApplyServerSideEncryptionByDefault>\
    <BucketKeyEnabled>true</BucketKeyEnabled>";
const REFUSED: &str = "<BlockedEncryptionTypes><EncryptionType>SSE-C</EncryptionType>\
    </BlockedEncryptionTypes>";

fn kms(layers: Layers) -> Encryption {
    Encryption::Kms { layers, key: Some("k".into()), bucket_key: true }
}

#[tokio::test]
async fn default_encryption_is_read() {
    let none = no(404, "ServerSideEncryptionConfigurationNotFoundError");
    for (says, default) in [
        (none, Encryption::Off),
        (yes(&encrypted(WITH_S3)), Encryption::S3 { bucket_key: false }),
        (yes(&encrypted(WITH_KMS)), kms(Layers::One)),
        (yes(&encrypted(&WITH_KMS.replace("aws:kms", "aws:kms:dsse"))), kms(Layers::Two)),
    ] {
        let script = bucket(&[("GET encryption", says)]);
        let found = load::<BucketEncryption>(&script).await.unwrap().unwrap();
        assert_eq!(found.default, default);
    }
    let odd = yes(&encrypted(&WITH_S3.replace("AES256", "rot13")));
    let error = load::<BucketEncryption>(&bucket(&[("GET encryption", odd)])).await.unwrap_err();
    assert!(error.to_string().contains("`rot13` is not known here"), "{error}");
}

#[tokio::test]
async fn default_encryption_is_set_and_what_is_refused_stays_refused() {
    let none = no(404, "ServerSideEncryptionConfigurationNotFoundError");
    let with_more = yes(&encrypted(&format!("{WITH_S3}{REFUSED}")));
    let plain = Encryption::S3 { bucket_key: false };
    for (found, to, written) in [
        (none, plain.clone(), encrypted(WITH_S3)),
        (with_more, kms(Layers::One), encrypted(&format!("{WITH_KMS}{REFUSED}"))),
    ] {
        let script = bucket(&[("GET encryption", found), ("PUT encryption", yes(""))]);
        let change = Swap { from: Encryption::Off, to };
        assert_eq!(apply::<BucketEncryption>(&script, change).await, [Ok(())]);
        assert_eq!(body(&script, "PUT encryption"), written);
    }
    let script = bucket(&[("DELETE encryption", yes(""))]);
    let change = Swap { from: plain, to: Encryption::Off };
    assert_eq!(apply::<BucketEncryption>(&script, change).await, [Ok(())]);
    assert_eq!(asked(&script.requests()[0]), "DELETE encryption");
}

fn list(grants: &str) -> String {
    let own = "<Grant><Grantee><ID>me</ID></Grantee><Permission>FULL_CONTROL</Permission></Grant>";
    format!(
        "<AccessControlPolicy><Owner><ID>me</ID></Owner><AccessControlList>{own}{grants}\
         </AccessControlList></AccessControlPolicy>"
    )
}

fn controls(name: &str) -> String {
    format!(
        "<OwnershipControls><Rule><ObjectOwnership>{name}</ObjectOwnership></Rule></OwnershipControls>"
    )
}

#[tokio::test]
async fn object_ownership_is_read_with_whom_the_list_lets_in() {
    let group = "<Grant><Grantee><URI>http://acs.amazonaws.com/groups/s3/LogDelivery</URI></Grantee>\
                 <Permission>WRITE</Permission></Grant>";
    let other = "<Grant><Grantee><ID>you</ID></Grantee><Permission>READ</Permission></Grant>";
    let script = bucket(&[
        ("GET ownershipControls", no(404, "OwnershipControlsNotFoundError")),
        ("GET acl", yes(&list(&format!("{group}{other}")))),
    ]);
    let found = load::<BucketOwnership>(&script).await.unwrap().unwrap();
    assert_eq!(found.ownership, Ownership::Unset);
    assert_eq!(found.granted, ["WRITE to the group LogDelivery", "READ to the account you"]);

    let script = bucket(&[
        ("GET ownershipControls", yes(&controls("BucketOwnerEnforced"))),
        ("GET acl", yes(&list(""))),
    ]);
    let found = load::<BucketOwnership>(&script).await.unwrap().unwrap();
    assert_eq!((found.ownership, found.granted.len()), (Ownership::BucketOwnerEnforced, 0));

    let script = bucket(&[
        ("GET ownershipControls", yes(&controls("BucketOwnerEnforced"))),
        ("GET acl", yes("<AccessControlPolicy/>")),
    ]);
    let error = load::<BucketOwnership>(&script).await.unwrap_err().to_string();
    assert!(error.contains("it does not say who owns the bucket"), "{error}");
}

#[tokio::test]
async fn object_ownership_is_set_and_put_back() {
    let (was, to) = (Ownership::ObjectWriter, Ownership::BucketOwnerEnforced);
    let script = bucket(&[("PUT ownershipControls", yes(""))]);
    assert_eq!(apply::<BucketOwnership>(&script, Swap { from: was, to }).await, [Ok(())]);
    assert_eq!(body(&script, "PUT ownershipControls"), controls("BucketOwnerEnforced"));

    let script = bucket(&[("DELETE ownershipControls", yes(""))]);
    let change = Swap { from: to, to: Ownership::Unset };
    assert_eq!(apply::<BucketOwnership>(&script, change).await, [Ok(())]);
    assert_eq!(asked(&script.requests()[0]), "DELETE ownershipControls");
}

#[tokio::test]
async fn object_lock_is_read() {
    let rule =
        "<Rule><DefaultRetention><Mode>GOVERNANCE</Mode><Days>1</Days></DefaultRetention></Rule>";
    let lock = |more: &str| {
        yes(&format!(
            "<ObjectLockConfiguration><ObjectLockEnabled>Enabled</ObjectLockEnabled>{more}\
             </ObjectLockConfiguration>"
        ))
    };
    for (says, enabled, mode) in [
        (no(404, "ObjectLockConfigurationNotFoundError"), false, None),
        (lock(""), true, None),
        (lock(rule), true, Some("GOVERNANCE")),
    ] {
        let script = bucket(&[("GET object-lock", says)]);
        let found = load::<BucketLock>(&script).await.unwrap().unwrap();
        assert_eq!((found.enabled, found.mode.as_deref()), (enabled, mode));
    }
}
