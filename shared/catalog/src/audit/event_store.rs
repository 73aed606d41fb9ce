//! Facet: the key of an event data store of CloudTrail Lake.

use std::fmt;

use remedy::{Action, Arn, Facet, Id, Place, Setting, Swap, Tags, quoted};
use serde::{Deserialize, Serialize};

/// The id of an event data store, a UUID.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventStoreId(pub String);

impl Id for EventStoreId {
    const TYPE: &'static str = "AWS::CloudTrail::EventDataStore";

    fn locate(resource: &str) -> Option<Self> {
        let arn = Arn::parse(resource).filter(|arn| arn.service == "cloudtrail")?;
        let id = arn.resource.strip_prefix("eventdatastore/")?;
        let named = !id.is_empty() && id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
        named.then(|| Self(id.to_owned()))
    }

    fn arn(&self, Place { partition, account, region }: &Place) -> String {
        format!("arn:{partition}:cloudtrail:{region}:{account}:eventdatastore/{self}")
    }

    fn link(&self, place: &Place) -> String {
        let region = &place.region;
        format!(
            "{}/cloudtrailv2/home?region={region}#/lake/event-data-stores/{self}",
            place.console()
        )
    }
}

impl fmt::Display for EventStoreId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// An event data store, as far as its encryption goes.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct EventStore {
    /// The name people gave it.
    pub name: String,
    /// Whether it holds the events of all accounts of an organization.
    pub organization: bool,
    /// Whether it waits to be deleted.
    pub deleted: bool,
    /// The ARN of its KMS key, if it is not CloudTrail's own.
    pub key: Option<String>,
    /// The store's tags.
    pub tags: Tags,
}

/// The key of an event data store; none: CloudTrail's own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EventStoreKey(pub Option<String>);

const STORES: &str = "arn:${AWS::Partition}:cloudtrail:*:${AWS::AccountId}:eventdatastore/*";
const UPDATE: &[Action] = &[Action::on(STORES, "cloudtrail:UpdateEventDataStore").tagged()];

impl Facet for EventStore {
    type Id = EventStoreId;
    type Change = Swap<EventStoreKey>;

    const NAME: &'static str = "event data store";
    const READS: &'static [Action] = &[
        Action::on(STORES, "cloudtrail:GetEventDataStore"),
        Action::on(STORES, "cloudtrail:ListTags"),
    ];

    fn label(&self) -> Option<&str> {
        Some(&self.name).filter(|name| !name.is_empty()).map(String::as_str)
    }

    fn tags(&self) -> Option<&Tags> {
        Some(&self.tags)
    }

    fn after(mut self, change: &Swap<EventStoreKey>) -> Self {
        self.key.clone_from(&change.to.0);
        self
    }

    fn commands(place: &Place, id: &EventStoreId, changes: &[Swap<EventStoreKey>]) -> Vec<String> {
        let command = |change: &Swap<EventStoreKey>| {
            format!(
                "aws cloudtrail update-event-data-store --region {} --event-data-store {} --kms-key-id {}",
                place.region,
                quoted(&id.arn(place)),
                quoted(change.to.0.as_deref().unwrap_or_default())
            )
        };
        changes.iter().map(command).collect()
    }
}

impl Setting for EventStoreKey {
    const MAKE: &'static [Action] = UPDATE;
    const UNDO: &'static [Action] = UPDATE;

    fn needs(&self) -> &'static [Action] {
        UPDATE
    }

    /// A key can be neither removed nor changed.
    fn comes_back(&self, _: &Self) -> bool {
        false
    }
}

impl fmt::Display for EventStoreKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Some(key) => write!(f, "encryption with {key}"),
            None => f.write_str("encryption with CloudTrail's own key"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_an_event_data_store_is_located() {
        let arn = "arn:aws:cloudtrail:eu-west-1:111122223333:eventdatastore/a1b2-c3";
        assert_eq!(EventStoreId::locate(arn), Some(EventStoreId("a1b2-c3".into())));
        for other in [
            "a1b2-c3",
            "arn:aws:cloudtrail:eu-west-1:111122223333:trail/main",
            "arn:aws:cloudtrail:eu-west-1:111122223333:eventdatastore/",
            "arn:aws:cloudtrail:eu-west-1:111122223333:eventdatastore/a/b",
            "",
        ] {
            assert_eq!(EventStoreId::locate(other), None, "{other}");
        }
    }
}
