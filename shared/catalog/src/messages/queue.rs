//! Facet: how a queue is set up.

use std::fmt;

use remedy::{Action, Arn, Facet, Id, Place, Setting, Swap, Tags};
use serde::{Deserialize, Serialize};

use super::{Policy, topic::is_name};

/// The name of a queue, such as `orders`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueueId(pub String);

impl QueueId {
    /// Its address, as the calls want it.
    pub(super) fn url(&self, place: &Place) -> String {
        let Place { partition, account, region } = place;
        let domain = match partition.as_str() {
            "aws-cn" => "amazonaws.com.cn",
            "aws-eusc" => "amazonaws.eu",
            _ => "amazonaws.com",
        };
        format!("https://sqs.{region}.{domain}/{account}/{self}")
    }
}

impl Id for QueueId {
    const TYPE: &'static str = "AWS::SQS::Queue";

    /// AWS Config knows a queue by its address, Security Hub by its ARN.
    fn locate(resource: &str) -> Option<Self> {
        let name = match Arn::parse(resource) {
            Some(arn) if arn.service == "sqs" => arn.resource,
            Some(_) => return None,
            None => {
                let mut parts = resource.strip_prefix("https://")?.split('/');
                let (host, account, name) = (parts.next()?, parts.next()?, parts.next()?);
                let is_sqs = host.starts_with("sqs.") || host.contains("queue.amazonaws.");
                let is_account = account.len() == 12 && account.bytes().all(|b| b.is_ascii_digit());
                (is_sqs && is_account && parts.next().is_none()).then_some(name)?
            }
        };
        is_name(name).then(|| Self(name.to_owned()))
    }

    fn arn(&self, Place { partition, account, region }: &Place) -> String {
        format!("arn:{partition}:sqs:{region}:{account}:{self}")
    }

    fn link(&self, place: &Place) -> String {
        let region = &place.region;
        let url = self.url(place).replace(':', "%3A").replace('/', "%2F");
        format!("{}/sqs/v3/home?region={region}#/queues/{url}", place.console())
    }
}

impl fmt::Display for QueueId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A queue, as far as its messages are concerned.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Queue {
    /// The key of KMS that its messages are encrypted with, if they are.
    pub key: Option<String>,
    /// Whether they are encrypted with a key that SQS keeps.
    pub managed: bool,
    /// Who may use it.
    pub policy: Policy,
    /// The queue's tags.
    pub tags: Tags,
}

/// What a queue is set to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum QueueSetting {
    /// Whether its messages are encrypted with a key that SQS keeps.
    ManagedEncryption(bool),
}

const QUEUES: &str = "arn:${AWS::Partition}:sqs:*:${AWS::AccountId}:*";
pub(super) const READ: &[Action] = &[
    Action::on(QUEUES, "sqs:GetQueueAttributes"),
    Action::on(QUEUES, "sqs:GetQueueUrl"),
    Action::on(QUEUES, "sqs:ListQueueTags"),
];
pub(super) const SET: &[Action] = &[Action::on(QUEUES, "sqs:SetQueueAttributes").tagged()];

impl Facet for Queue {
    type Id = QueueId;
    type Change = Swap<QueueSetting>;

    const NAME: &'static str = "queue";
    const READS: &'static [Action] = READ;

    fn tags(&self) -> Option<&Tags> {
        Some(&self.tags)
    }

    fn after(mut self, change: &Swap<QueueSetting>) -> Self {
        match change.to {
            QueueSetting::ManagedEncryption(on) => self.managed = on,
        }
        self
    }

    fn commands(place: &Place, id: &QueueId, changes: &[Swap<QueueSetting>]) -> Vec<String> {
        let command = |change: &Swap<QueueSetting>| match change.to {
            QueueSetting::ManagedEncryption(on) => {
                set(place, id, &format!("SqsManagedSseEnabled={on}"))
            }
        };
        changes.iter().map(command).collect()
    }
}

/// The command that sets attributes of a queue.
pub(super) fn set(place: &Place, id: &QueueId, attributes: &str) -> String {
    let (region, url) = (&place.region, id.url(place));
    format!(
        "aws sqs set-queue-attributes --region {region} --queue-url {url} --attributes {attributes}"
    )
}

impl Setting for QueueSetting {
    const MAKE: &'static [Action] = SET;
    const UNDO: &'static [Action] = SET;

    fn needs(&self) -> &'static [Action] {
        SET
    }
}

impl fmt::Display for QueueSetting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ManagedEncryption(true) => f.write_str("encryption with a key of SQS on"),
            Self::ManagedEncryption(false) => f.write_str("encryption with a key of SQS off"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_queue_is_located() {
        for orders in [
            "arn:aws:sqs:eu-west-1:111122223333:orders",
            "https://sqs.eu-west-1.amazonaws.com/111122223333/orders",
            "https://eu-west-1.queue.amazonaws.com/111122223333/orders",
        ] {
            assert_eq!(QueueId::locate(orders), Some(QueueId("orders".into())), "{orders}");
        }
        for other in [
            "orders",
            "arn:aws:sns:eu-west-1:111122223333:orders",
            "arn:aws:sqs:eu-west-1:111122223333:a/b",
            "https://example.com/111122223333/orders",
            "https://sqs.eu-west-1.amazonaws.com/orders",
            "https://sqs.eu-west-1.amazonaws.com/111122223333/orders/1",
            "",
        ] {
            assert_eq!(QueueId::locate(other), None, "{other}");
        }
    }

    #[test]
    fn a_queue_has_an_address_in_its_partition() {
        let place = Place::new("111122223333", "cn-north-1");
        let changes = [Swap {
            from: QueueSetting::ManagedEncryption(false),
            to: QueueSetting::ManagedEncryption(true),
        }];
        assert_eq!(
            Queue::commands(&place, &QueueId("orders".into()), &changes),
            [
                "aws sqs set-queue-attributes --region cn-north-1 --queue-url https://sqs.cn-north-1.amazonaws.com.cn/111122223333/orders --attributes SqsManagedSseEnabled=true"
            ]
        );
    }
}
