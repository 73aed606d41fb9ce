//! Facet: who may use a topic.

use std::fmt;

use remedy::{Action, Change, Facet, Id, Place, Tags};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{
    Policy, PolicyEdit, Statement, TopicId, edit,
    topic::{READ, SET, set},
};

/// A topic's policy.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TopicPolicy {
    /// The topic's ARN.
    pub arn: String,
    /// Who may do what.
    pub policy: Policy,
    /// The topic's tags.
    pub tags: Tags,
}

/// An edit of a topic's policy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct TopicPolicyEdit(pub PolicyEdit);

impl TopicPolicy {
    /// The statement that SNS itself gives to every topic: its own account may use it.
    pub(super) fn owners(&self) -> Option<Statement> {
        let account = self.arn.split(':').nth(4)?;
        let actions = [
            "GetTopicAttributes",
            "SetTopicAttributes",
            "AddPermission",
            "RemovePermission",
            "DeleteTopic",
            "Subscribe",
            "ListSubscriptionsByTopic",
            "Publish",
        ];
        let statement = json!({
            "Sid": "__default_statement_ID",
            "Effect": "Allow",
            "Principal": { "AWS": "*" },
            "Action": actions.map(|action| format!("SNS:{action}")),
            "Resource": self.arn,
            "Condition": { "StringEquals": { "AWS:SourceOwner": account } },
        });
        Statement::parse(&statement.to_string()).ok()
    }
}

impl Facet for TopicPolicy {
    type Id = TopicId;
    type Change = TopicPolicyEdit;

    const NAME: &'static str = "topic's policy";
    const READS: &'static [Action] = READ;

    fn tags(&self) -> Option<&Tags> {
        Some(&self.tags)
    }

    fn after(mut self, change: &TopicPolicyEdit) -> Self {
        self.policy = change.0.on(self.policy);
        self
    }

    fn commands(place: &Place, id: &TopicId, changes: &[TopicPolicyEdit]) -> Vec<String> {
        if changes.is_empty() {
            return Vec::new();
        }
        let edit = edit::command(changes.iter().map(|change| &change.0));
        vec![read(place, id), edit, set(place, id, "Policy", "file://edited.json")]
    }
}

/// The command that writes a topic's policy into `policy.json`.
pub(super) fn read(place: &Place, id: &TopicId) -> String {
    format!(
        "aws sns get-topic-attributes --region {} --topic-arn {} --query Attributes.Policy \
         --output text > policy.json",
        place.region,
        id.arn(place)
    )
}

impl Change for TopicPolicyEdit {
    const MAKE: &'static [Action] = SET;
    const UNDO: &'static [Action] = SET;

    fn needs(&self) -> &'static [Action] {
        SET
    }
    fn inverse(&self) -> Option<Self> {
        Some(Self(self.0.inverse()))
    }
}

impl fmt::Display for TopicPolicyEdit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_policy_is_edited_by_command() {
        let place = Place::new("111122223333", "eu-west-1");
        let open = Statement::parse(r#"{"Sid":"it's open"}"#).unwrap();
        let changes = [TopicPolicyEdit(PolicyEdit::TakeOut(open))];
        assert_eq!(
            TopicPolicy::commands(&place, &TopicId("orders".into()), &changes),
            [
                "aws sns get-topic-attributes --region eu-west-1 --topic-arn arn:aws:sns:eu-west-1:111122223333:orders --query Attributes.Policy --output text > policy.json",
                r#"jq -c '.Statement -= [{"Sid":"it'\''s open"}]' policy.json > edited.json"#,
                "aws sns set-topic-attributes --region eu-west-1 --topic-arn arn:aws:sns:eu-west-1:111122223333:orders --attribute-name Policy --attribute-value file://edited.json",
            ]
        );
        assert_eq!(TopicPolicy::commands(&place, &TopicId("orders".into()), &[]), [""; 0]);
    }
}
