//! Facet: where a bucket's access logs go.

use aws_sdk_s3::types::{BucketLoggingStatus, LoggingEnabled};
use catalog::s3::{AccessLog, BucketLogging};
use futures_util::future;
use remedy::Swap;
use runtime::Error;

use crate::bucket::{Bucket, Makes, Reads, Unread};

impl Reads<BucketLogging> for Bucket {
    async fn read(&self) -> Result<BucketLogging, Unread> {
        let logging = async {
            let call = self.s3.client.get_bucket_logging().bucket(&self.name);
            let answer = call.expected_bucket_owner(&self.owner).send().await;
            self.all("access log", "s3:GetBucketLogging", answer)
        };
        let (found, tags) = future::try_join(Box::pin(logging), Box::pin(self.tags())).await?;
        let to = found.logging_enabled.map_or(AccessLog::Off, |enabled| AccessLog::To {
            bucket: enabled.target_bucket,
            prefix: enabled.target_prefix,
        });
        Ok(BucketLogging { to, tags })
    }
}

impl Makes<Swap<AccessLog>> for Bucket {
    async fn make(&self, change: &Swap<AccessLog>) -> Result<(), Error> {
        let to = &change.to;
        let what = format!("set {to}");
        let enabled = match to {
            AccessLog::Off => None,
            AccessLog::To { bucket, prefix } => {
                let enabled = LoggingEnabled::builder().target_bucket(bucket).target_prefix(prefix);
                let enabled = enabled.build().map_err(|why| self.s3.odd(&what, &why.to_string()));
                Some(enabled?)
            }
        };
        let status = BucketLoggingStatus::builder().set_logging_enabled(enabled).build();
        let call = self.s3.client.put_bucket_logging().bucket(&self.name);
        let call = call.expected_bucket_owner(&self.owner).bucket_logging_status(status);
        self.set(&what, "s3:PutBucketLogging", call.send().await)
    }
}
