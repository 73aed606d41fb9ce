//! Facet: who is told of what happens to a bucket's objects.

use std::fmt;

use remedy::{Action, Facet, Place, Setting, Swap, Tags};
use serde::{Deserialize, Serialize};

use super::{
    BucketId,
    bucket::{READ_TAGS, on_buckets},
};

/// A bucket, as far as its events are told.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct BucketEvents {
    /// Whether all of them go to `EventBridge`.
    pub event_bridge: bool,
    /// What topics, queues and functions are told, such as `s3:ObjectCreated:*`.
    pub told: Vec<String>,
    /// The bucket's tags.
    pub tags: Tags,
}

/// What the delivery of a bucket's events to `EventBridge` is set to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum EventDelivery {
    /// All are delivered.
    On,
    /// None is.
    Off,
}

const NOTIFICATION: &[Action] = &[on_buckets("s3:PutBucketNotification")];

impl Facet for BucketEvents {
    type Id = BucketId;
    type Change = Swap<EventDelivery>;

    const NAME: &'static str = "event notifications of a bucket";
    const READS: &'static [Action] = &[on_buckets("s3:GetBucketNotification"), READ_TAGS];

    fn tags(&self) -> Option<&Tags> {
        Some(&self.tags)
    }

    fn after(self, change: &Swap<EventDelivery>) -> Self {
        Self { event_bridge: change.to == EventDelivery::On, ..self }
    }

    fn commands(place: &Place, id: &BucketId, changes: &[Swap<EventDelivery>]) -> Vec<String> {
        let command = |change: &Swap<EventDelivery>| {
            let get = id.command(place, "get-bucket-notification-configuration");
            let put = id.command(place, "put-bucket-notification-configuration");
            let edit = match change.to {
                EventDelivery::On => "(.[0] // {}) + {EventBridgeConfiguration: {}}",
                EventDelivery::Off => "(.[0] // {}) | del(.EventBridgeConfiguration)",
            };
            format!(
                "notifications=$({get} --output json | jq -cs '{edit}') && {put} \
                 --skip-destination-validation --notification-configuration \"$notifications\""
            )
        };
        changes.iter().map(command).collect()
    }
}

impl Setting for EventDelivery {
    const MAKE: &'static [Action] = NOTIFICATION;
    const UNDO: &'static [Action] = NOTIFICATION;

    fn needs(&self) -> &'static [Action] {
        NOTIFICATION
    }
}

impl fmt::Display for EventDelivery {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::On => "delivery of events to EventBridge on",
            Self::Off => "delivery of events to EventBridge off",
        })
    }
}
