//! Facet: what an event subscription tells of.

use std::{collections::BTreeSet, fmt};

use remedy::{Action, Facet, Place, Setting, Swap, Tags, quoted};
use serde::{Deserialize, Serialize};

use super::id::rds_id;

rds_id!(
    /// The name of an event subscription, such as `databases`.
    EventSubscriptionId, "AWS::RDS::EventSubscription", "es", "event-subscriptions:"
);

/// An event subscription: what RDS tells a topic of.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct EventSubscription {
    /// What it tells of, such as `db-instance`; none: everything.
    pub source: Option<String>,
    /// The kinds of event it tells of, such as `failure`; none: all.
    pub categories: BTreeSet<String>,
    /// Whether it tells at all.
    pub enabled: bool,
    /// The subscription's tags.
    pub tags: Tags,
}

/// What an event subscription is set to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum EventSubscriptionSetting {
    /// Whether it tells at all.
    Enabled(bool),
    /// The kinds of event of one kind of source that it tells of.
    Categories {
        /// Such as `db-instance`: RDS wants it beside the list.
        source: String,
        /// All of them: RDS replaces the list.
        list: BTreeSet<String>,
    },
}

const SUBSCRIPTIONS: &str = "arn:${AWS::Partition}:rds:*:${AWS::AccountId}:es:*";

impl Facet for EventSubscription {
    type Id = EventSubscriptionId;
    type Change = Swap<EventSubscriptionSetting>;

    const NAME: &'static str = "event subscription";
    const READS: &'static [Action] = &[
        Action::on(SUBSCRIPTIONS, "rds:DescribeEventSubscriptions"),
        Action::on(SUBSCRIPTIONS, "rds:ListTagsForResource"),
    ];

    fn tags(&self) -> Option<&Tags> {
        Some(&self.tags)
    }

    fn after(mut self, change: &Swap<EventSubscriptionSetting>) -> Self {
        match &change.to {
            EventSubscriptionSetting::Enabled(on) => self.enabled = *on,
            EventSubscriptionSetting::Categories { list, .. } => self.categories.clone_from(list),
        }
        self
    }

    fn commands(
        place: &Place,
        id: &EventSubscriptionId,
        changes: &[Swap<EventSubscriptionSetting>],
    ) -> Vec<String> {
        let command = |change: &Swap<EventSubscriptionSetting>| {
            let options = match &change.to {
                EventSubscriptionSetting::Enabled(true) => "--enabled".into(),
                EventSubscriptionSetting::Enabled(false) => "--no-enabled".into(),
                EventSubscriptionSetting::Categories { source, list } => {
                    let list: Vec<_> = list.iter().map(|category| quoted(category)).collect();
                    format!(
                        "--source-type {} --event-categories {}",
                        quoted(source),
                        list.join(" ")
                    )
                }
            };
            format!(
                "aws rds modify-event-subscription --region {} --subscription-name {} {options}",
                place.region,
                quoted(&id.0)
            )
        };
        changes.iter().map(command).collect()
    }
}

impl Setting for EventSubscriptionSetting {
    const MAKE: &'static [Action] =
        &[Action::on(SUBSCRIPTIONS, "rds:ModifyEventSubscription").tagged()];
    const UNDO: &'static [Action] = Self::MAKE;

    fn needs(&self) -> &'static [Action] {
        Self::MAKE
    }
}

impl fmt::Display for EventSubscriptionSetting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Enabled(true) => f.write_str("notifications on"),
            Self::Enabled(false) => f.write_str("notifications off"),
            Self::Categories { list, .. } => {
                let list: Vec<_> = list.iter().map(String::as_str).collect();
                write!(f, "notifications of {}", list.join(", "))
            }
        }
    }
}
