//! Facet: whether a bucket keeps what is overwritten and deleted.

use aws_sdk_s3::types::{BucketVersioningStatus, MfaDeleteStatus, VersioningConfiguration};
use catalog::s3::{BucketVersioning, BucketVersions};
use futures_util::future;
use remedy::Swap;
use runtime::Error;

use crate::bucket::{Bucket, Makes, Reads, Unread};

impl Reads<BucketVersioning> for Bucket {
    async fn read(&self) -> Result<BucketVersioning, Unread> {
        let versioning = async {
            let call = self.s3.client.get_bucket_versioning().bucket(&self.name);
            let answer = call.expected_bucket_owner(&self.owner).send().await;
            self.all("versioning", "s3:GetBucketVersioning", answer)
        };
        let (found, tags) = future::try_join(Box::pin(versioning), Box::pin(self.tags())).await?;
        Ok(BucketVersioning {
            enabled: found.status == Some(BucketVersioningStatus::Enabled),
            mfa_delete: found.mfa_delete == Some(MfaDeleteStatus::Enabled),
            tags,
        })
    }
}

impl Makes<Swap<BucketVersions>> for Bucket {
    async fn make(&self, change: &Swap<BucketVersions>) -> Result<(), Error> {
        let to = &change.to;
        let versioning = VersioningConfiguration::builder().status(to.status().into()).build();
        let call = self.s3.client.put_bucket_versioning().bucket(&self.name);
        let call = call.expected_bucket_owner(&self.owner).versioning_configuration(versioning);
        self.set(&format!("set {to}"), "s3:PutBucketVersioning", call.send().await)
    }
}
