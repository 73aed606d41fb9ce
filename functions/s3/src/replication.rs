//! Facet: where else the objects of a bucket are kept.

use aws_sdk_s3::types::{BucketLocationConstraint, ReplicationRuleStatus};
use catalog::s3::{BucketReplication, Replica};
use futures_util::future;

use crate::bucket::{Bucket, Reads, Unread, region_told};

impl Reads<BucketReplication> for Bucket {
    async fn read(&self) -> Result<BucketReplication, Unread> {
        let (to, tags) = future::try_join(Box::pin(self.replicas()), Box::pin(self.tags())).await?;
        let to = to.into_iter().map(|bucket| Box::pin(self.replica(bucket)));
        Ok(BucketReplication { to: future::join_all(to).await, tags })
    }
}

impl Bucket {
    async fn replicas(&self) -> Result<Vec<String>, Unread> {
        let call = self.s3.client.get_bucket_replication().bucket(&self.name);
        let answer = call.expected_bucket_owner(&self.owner).send().await;
        let none = "ReplicationConfigurationNotFoundError";
        let found = self.found("replication", "s3:GetReplicationConfiguration", none, answer)?;
        let rules = found.and_then(|found| found.replication_configuration);
        let rules = rules.map(|rules| rules.rules).unwrap_or_default();
        let enabled = rules.into_iter().filter(|r| r.status == ReplicationRuleStatus::Enabled);
        let name = |arn: String| arn.rsplit(':').next().map(str::to_owned);
        Ok(enabled.filter_map(|rule| name(rule.destination?.bucket)).collect())
    }

    /// S3 tells where a bucket is even to who may not ask; if it does not, that is not known.
    async fn replica(&self, bucket: String) -> Replica {
        let region = match self.s3.client.get_bucket_location().bucket(&bucket).send().await {
            Ok(found) => Some(
                match found.location_constraint.as_ref().map(BucketLocationConstraint::as_str) {
                    None | Some("") => "us-east-1".to_owned(),
                    Some("EU") => "eu-west-1".to_owned(),
                    Some(region) => region.to_owned(),
                },
            ),
            Err(error) => region_told(&error).map(str::to_owned),
        };
        Replica { bucket, region }
    }
}
