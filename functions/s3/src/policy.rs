//! Facet: the policy of a bucket.

use catalog::s3::{BucketPolicy, Document, PolicyChange};
use futures_util::future;
use runtime::Error;

use crate::bucket::{Bucket, Makes, Reads, Unread};

impl Reads<BucketPolicy> for Bucket {
    async fn read(&self) -> Result<BucketPolicy, Unread> {
        let (document, website, tags) = future::try_join3(
            Box::pin(self.policy()),
            Box::pin(self.website()),
            Box::pin(self.tags()),
        )
        .await?;
        Ok(BucketPolicy { document, website, tags })
    }
}

impl Bucket {
    async fn policy(&self) -> Result<Option<Document>, Unread> {
        let call = self.s3.client.get_bucket_policy().bucket(&self.name);
        let answer = call.expected_bucket_owner(&self.owner).send().await;
        let found = self.found("policy", "s3:GetBucketPolicy", "NoSuchBucketPolicy", answer)?;
        let text = found.map(|found| found.policy.unwrap_or_default());
        let read = |text: String| Document::read(&text).map_err(|why| self.odd("policy", &why));
        text.map(read).transpose()
    }
}

impl Makes<PolicyChange> for Bucket {
    /// The whole policy is written: what is there is read, and written back with it.
    async fn make(&self, change: &PolicyChange) -> Result<(), Error> {
        let found = self.there(self.policy().await)?;
        let after = change.to(found.clone());
        if after == found {
            return Ok(());
        }
        let what = "change the policy";
        if let Some(policy) = after {
            let call = self.s3.client.put_bucket_policy().bucket(&self.name);
            let call = call.expected_bucket_owner(&self.owner).policy(policy.to_string());
            return self.set(what, "s3:PutBucketPolicy", call.send().await);
        }
        let call = self.s3.client.delete_bucket_policy().bucket(&self.name);
        let answer = call.expected_bucket_owner(&self.owner).send().await;
        self.set(what, "s3:DeleteBucketPolicy", answer)
    }
}
