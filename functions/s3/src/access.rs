//! Facet: what a bucket refuses the public.

use aws_sdk_s3::types::PublicAccessBlockConfiguration;
use catalog::s3::{AccessBlock, BucketAccess, BucketBlock};
use futures_util::future;
use remedy::Swap;
use runtime::Error;

use crate::bucket::{Bucket, Makes, Reads, Unread};

impl Reads<BucketAccess> for Bucket {
    async fn read(&self) -> Result<BucketAccess, Unread> {
        let (block, website, public_policy, tags) = future::try_join4(
            Box::pin(self.block()),
            Box::pin(self.website()),
            Box::pin(self.public_policy()),
            Box::pin(self.tags()),
        )
        .await?;
        Ok(BucketAccess { block, website, public_policy, tags })
    }
}

impl Bucket {
    async fn block(&self) -> Result<AccessBlock, Unread> {
        let call = self.s3.client.get_public_access_block().bucket(&self.name);
        let answer = call.expected_bucket_owner(&self.owner).send().await;
        let none = "NoSuchPublicAccessBlockConfiguration";
        let part = "public access block";
        let found = self.found(part, "s3:GetBucketPublicAccessBlock", none, answer)?;
        let block = found.and_then(|found| found.public_access_block_configuration);
        Ok(block.as_ref().map(read).unwrap_or_default())
    }

    async fn public_policy(&self) -> Result<bool, Unread> {
        let call = self.s3.client.get_bucket_policy_status().bucket(&self.name);
        let answer = call.expected_bucket_owner(&self.owner).send().await;
        let part = "policy status";
        let needs = "s3:GetBucketPolicyStatus";
        let Some(found) = self.found(part, needs, "NoSuchBucketPolicy", answer)? else {
            return Ok(false);
        };
        let is_public = found.policy_status.and_then(|status| status.is_public);
        is_public.ok_or_else(|| self.odd(part, "it does not say whether the policy is public"))
    }
}

fn read(block: &PublicAccessBlockConfiguration) -> AccessBlock {
    AccessBlock {
        block_public_acls: block.block_public_acls == Some(true),
        ignore_public_acls: block.ignore_public_acls == Some(true),
        block_public_policy: block.block_public_policy == Some(true),
        restrict_public_buckets: block.restrict_public_buckets == Some(true),
    }
}

impl Makes<Swap<BucketBlock>> for Bucket {
    async fn make(&self, change: &Swap<BucketBlock>) -> Result<(), Error> {
        let BucketBlock(to) = change.to;
        let block = PublicAccessBlockConfiguration::builder()
            .block_public_acls(to.block_public_acls)
            .ignore_public_acls(to.ignore_public_acls)
            .block_public_policy(to.block_public_policy)
            .restrict_public_buckets(to.restrict_public_buckets)
            .build();
        let call = self.s3.client.put_public_access_block().bucket(&self.name);
        let call = call.expected_bucket_owner(&self.owner).public_access_block_configuration(block);
        self.set(&format!("set {to}"), "s3:PutBucketPublicAccessBlock", call.send().await)
    }
}
