//! Facet: whether what is in a bucket can be locked.

use aws_sdk_s3::types::ObjectLockEnabled;
use catalog::s3::BucketLock;
use futures_util::future;

use crate::bucket::{Bucket, Reads, Unread};

impl Reads<BucketLock> for Bucket {
    async fn read(&self) -> Result<BucketLock, Unread> {
        let lock = async {
            let call = self.s3.client.get_object_lock_configuration().bucket(&self.name);
            let answer = call.expected_bucket_owner(&self.owner).send().await;
            let none = "ObjectLockConfigurationNotFoundError";
            self.found("Object Lock", "s3:GetBucketObjectLockConfiguration", none, answer)
        };
        let (found, tags) = future::try_join(Box::pin(lock), Box::pin(self.tags())).await?;
        let lock = found.and_then(|found| found.object_lock_configuration);
        let is_on = |on: &ObjectLockEnabled| *on == ObjectLockEnabled::Enabled;
        let enabled = lock.as_ref().and_then(|lock| lock.object_lock_enabled.as_ref());
        let enabled = enabled.is_some_and(is_on);
        let retention = lock.and_then(|lock| lock.rule).and_then(|rule| rule.default_retention);
        let mode = retention.and_then(|retention| retention.mode);
        Ok(BucketLock { enabled, mode: mode.map(|mode| mode.as_str().to_owned()), tags })
    }
}
