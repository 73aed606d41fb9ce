//! SNS and SQS.

mod edit;
mod policy;
mod queue;
mod queue_policy;
mod reach;
mod topic;
mod topic_policy;

pub use edit::PolicyEdit;
pub use policy::{NoPolicy, Policy, Statement};
pub use queue::{Queue, QueueId, QueueSetting};
pub use queue_policy::{QueuePolicy, QueuePolicyEdit};
pub use reach::Reach;
pub use topic::{Topic, TopicId, TopicSetting};
pub use topic_policy::{TopicPolicy, TopicPolicyEdit};

crate::remediations! {
    close_queue_policy::CloseQueuePolicy,
    close_topic_policy::CloseTopicPolicy,
    encrypt_queue::EncryptQueue,
    encrypt_topic::EncryptTopic,
    log_deliveries::LogDeliveries,
}
