//! Facet: who is told of what happens to a bucket's objects.

use aws_sdk_s3::{
    operation::get_bucket_notification_configuration::GetBucketNotificationConfigurationOutput as Found,
    types::{
        Event, EventBridgeConfiguration, LambdaFunctionConfiguration, NotificationConfiguration,
        QueueConfiguration, TopicConfiguration,
    },
};
use catalog::s3::{BucketEvents, EventDelivery};
use futures_util::future;
use remedy::Swap;
use runtime::Error;

use crate::bucket::{Bucket, Makes, Reads, Unread};

impl Reads<BucketEvents> for Bucket {
    async fn read(&self) -> Result<BucketEvents, Unread> {
        let (found, tags) =
            future::try_join(Box::pin(self.notifications()), Box::pin(self.tags())).await?;
        let topics = found.topic_configurations().iter().flat_map(TopicConfiguration::events);
        let queues = found.queue_configurations().iter().flat_map(QueueConfiguration::events);
        let functions = found
            .lambda_function_configurations()
            .iter()
            .flat_map(LambdaFunctionConfiguration::events);
        let told = topics.chain(queues).chain(functions).map(Event::as_str).map(str::to_owned);
        Ok(BucketEvents {
            told: told.collect(),
            event_bridge: found.event_bridge_configuration.is_some(),
            tags,
        })
    }
}

impl Bucket {
    async fn notifications(&self) -> Result<Found, Unread> {
        let call = self.s3.client.get_bucket_notification_configuration().bucket(&self.name);
        let answer = call.expected_bucket_owner(&self.owner).send().await;
        self.all("event notifications", "s3:GetBucketNotification", answer)
    }
}

impl Makes<Swap<EventDelivery>> for Bucket {
    /// The whole configuration is written: what is there is read, and written back with it.
    async fn make(&self, change: &Swap<EventDelivery>) -> Result<(), Error> {
        let to = &change.to;
        let found = self.there(self.notifications().await)?;
        let event_bridge = match to {
            EventDelivery::On => Some(EventBridgeConfiguration::builder().build()),
            EventDelivery::Off => None,
        };
        let merged = NotificationConfiguration::builder()
            .set_topic_configurations(found.topic_configurations)
            .set_queue_configurations(found.queue_configurations)
            .set_lambda_function_configurations(found.lambda_function_configurations)
            .set_event_bridge_configuration(event_bridge)
            .build();
        let call = self.s3.client.put_bucket_notification_configuration().bucket(&self.name);
        let call = call.expected_bucket_owner(&self.owner).notification_configuration(merged);
        // Those that are there are not ours to test: one that is gone must not keep us from this.
        let answer = call.skip_destination_validation(true).send().await;
        self.set(&format!("set {to}"), "s3:PutBucketNotification", answer)
    }
}
