//! Facet: how a topic is set up.

use std::{collections::BTreeSet, fmt};

use remedy::{Action, Arn, Facet, Id, Place, Setting, Swap, Tags, quoted};
use serde::{Deserialize, Serialize};

use super::Policy;

/// The name of a topic, such as `orders`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TopicId(pub String);

impl Id for TopicId {
    const TYPE: &'static str = "AWS::SNS::Topic";

    fn locate(resource: &str) -> Option<Self> {
        let arn = Arn::parse(resource).filter(|arn| arn.service == "sns")?;
        is_name(arn.resource).then(|| Self(arn.resource.to_owned()))
    }

    fn arn(&self, Place { partition, account, region }: &Place) -> String {
        format!("arn:{partition}:sns:{region}:{account}:{self}")
    }

    fn link(&self, place: &Place) -> String {
        let region = &place.region;
        format!("{}/sns/v3/home?region={region}#/topic/{}", place.console(), self.arn(place))
    }
}

/// Whether topics and queues can be called so.
pub(super) fn is_name(name: &str) -> bool {
    let stem = name.strip_suffix(".fifo").unwrap_or(name);
    !stem.is_empty() && stem.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
}

impl fmt::Display for TopicId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A topic, as far as its messages are concerned.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Topic {
    /// The key that its messages are encrypted with, if they are.
    pub key: Option<String>,
    /// The attributes by which it logs what was delivered, such as `LambdaSuccessFeedbackRoleArn`.
    pub feedback: BTreeSet<String>,
    /// Who may use it.
    pub policy: Policy,
    /// The topic's tags.
    pub tags: Tags,
}

/// What a topic is set to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TopicSetting {
    /// The key that its messages are encrypted with.
    Key(Option<String>),
}

pub(super) const TOPICS: &str = "arn:${AWS::Partition}:sns:*:${AWS::AccountId}:*";
pub(super) const READ: &[Action] =
    &[Action::on(TOPICS, "sns:GetTopicAttributes"), Action::on(TOPICS, "sns:ListTagsForResource")];
pub(super) const SET: &[Action] = &[Action::on(TOPICS, "sns:SetTopicAttributes").tagged()];

impl Facet for Topic {
    type Id = TopicId;
    type Change = Swap<TopicSetting>;

    const NAME: &'static str = "topic";
    const READS: &'static [Action] = READ;

    fn tags(&self) -> Option<&Tags> {
        Some(&self.tags)
    }

    fn after(mut self, change: &Swap<TopicSetting>) -> Self {
        match &change.to {
            TopicSetting::Key(key) => self.key.clone_from(key),
        }
        self
    }

    fn commands(place: &Place, id: &TopicId, changes: &[Swap<TopicSetting>]) -> Vec<String> {
        let command = |change: &Swap<TopicSetting>| match &change.to {
            TopicSetting::Key(key) => {
                let key = quoted(key.as_deref().unwrap_or_default());
                set(place, id, "KmsMasterKeyId", &key)
            }
        };
        changes.iter().map(command).collect()
    }
}

/// The command that sets an attribute of a topic to `value`, which is quoted already.
pub(super) fn set(place: &Place, id: &TopicId, attribute: &str, value: &str) -> String {
    format!(
        "aws sns set-topic-attributes --region {} --topic-arn {} --attribute-name {attribute} \
         --attribute-value {value}",
        place.region,
        id.arn(place)
    )
}

impl Setting for TopicSetting {
    const MAKE: &'static [Action] = SET;
    const UNDO: &'static [Action] = SET;

    fn needs(&self) -> &'static [Action] {
        SET
    }
}

impl fmt::Display for TopicSetting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Key(Some(key)) => write!(f, "encryption with {key}"),
            Self::Key(None) => f.write_str("encryption off"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_topic_is_located() {
        for name in ["orders", "orders.fifo", "a_b-C"] {
            let arn = format!("arn:aws-cn:sns:cn-north-1:111122223333:{name}");
            assert_eq!(TopicId::locate(&arn), Some(TopicId(name.into())));
        }
        for other in [
            "orders",
            "arn:aws:sns:eu-west-1:111122223333:orders:0a1b",
            "arn:aws:sns:eu-west-1:111122223333:a b",
            "arn:aws:sns:eu-west-1:111122223333:.fifo",
            "arn:aws:sqs:eu-west-1:111122223333:orders",
            "",
        ] {
            assert_eq!(TopicId::locate(other), None, "{other}");
        }
    }

    #[test]
    fn a_key_is_set_and_taken_away_by_command() {
        let place = Place::new("111122223333", "eu-west-1");
        let (on, off) = (TopicSetting::Key(Some("alias/aws/sns".into())), TopicSetting::Key(None));
        let changes = [Swap { from: off.clone(), to: on.clone() }, Swap { from: on, to: off }];
        let set = "aws sns set-topic-attributes --region eu-west-1 --topic-arn arn:aws:sns:eu-west-1:111122223333:orders --attribute-name KmsMasterKeyId --attribute-value";
        assert_eq!(
            Topic::commands(&place, &TopicId("orders".into()), &changes),
            [format!("{set} alias/aws/sns"), format!("{set} ''")]
        );
    }
}
