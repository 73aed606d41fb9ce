//! Facet: who may use a queue.

use std::fmt;

use remedy::{Action, Change, Facet, Place, Tags};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{
    Policy, PolicyEdit, QueueId, Statement, edit,
    queue::{READ, SET, set},
};

/// A queue's policy.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct QueuePolicy {
    /// The queue's ARN.
    pub arn: String,
    /// Who may do what.
    pub policy: Policy,
    /// The queue's tags.
    pub tags: Tags,
}

/// An edit of a queue's policy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct QueuePolicyEdit(pub PolicyEdit);

impl QueuePolicy {
    /// The statement that the console gives to new queues: its own account may use it.
    pub(super) fn owners(&self) -> Option<Statement> {
        let mut parts = self.arn.split(':').skip(1);
        let (partition, account) = (parts.next()?, parts.nth(2)?);
        let statement = json!({
            "Sid": "__owner_statement",
            "Effect": "Allow",
            "Principal": { "AWS": format!("arn:{partition}:iam::{account}:root") },
            "Action": "SQS:*",
            "Resource": self.arn,
        });
        Statement::parse(&statement.to_string()).ok()
    }
}

impl Facet for QueuePolicy {
    type Id = QueueId;
    type Change = QueuePolicyEdit;

    const NAME: &'static str = "queue's policy";
    const READS: &'static [Action] = READ;

    fn tags(&self) -> Option<&Tags> {
        Some(&self.tags)
    }

    fn after(mut self, change: &QueuePolicyEdit) -> Self {
        self.policy = change.0.on(self.policy);
        self
    }

    fn commands(place: &Place, id: &QueueId, changes: &[QueuePolicyEdit]) -> Vec<String> {
        if changes.is_empty() {
            return Vec::new();
        }
        let edit = edit::command(changes.iter().map(|change| &change.0));
        let policy = "\"$(jq -c '{Policy: tostring}' edited.json)\"";
        vec![read(place, id), edit, set(place, id, policy)]
    }
}

/// The command that writes a queue's policy into `policy.json`.
pub(super) fn read(place: &Place, id: &QueueId) -> String {
    format!(
        "aws sqs get-queue-attributes --region {} --queue-url {} --attribute-names Policy \
         --query Attributes.Policy --output text > policy.json",
        place.region,
        id.url(place)
    )
}

impl Change for QueuePolicyEdit {
    const MAKE: &'static [Action] = SET;
    const UNDO: &'static [Action] = SET;

    fn needs(&self) -> &'static [Action] {
        SET
    }
    fn inverse(&self) -> Option<Self> {
        Some(Self(self.0.inverse()))
    }
}

impl fmt::Display for QueuePolicyEdit {
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
        let open = Statement::parse(r#"{"Sid":"open"}"#).unwrap();
        let changes = [QueuePolicyEdit(PolicyEdit::PutIn(open))];
        let url = "--region eu-west-1 --queue-url https://sqs.eu-west-1.amazonaws.com/111122223333/orders";
        assert_eq!(
            QueuePolicy::commands(&place, &QueueId("orders".into()), &changes),
            [
                format!(
                    "aws sqs get-queue-attributes {url} --attribute-names Policy --query Attributes.Policy --output text > policy.json"
                ),
                r#"jq -c '.Statement += [{"Sid":"open"}]' policy.json > edited.json"#.into(),
                format!(
                    "aws sqs set-queue-attributes {url} --attributes \"$(jq -c '{{Policy: tostring}}' edited.json)\""
                ),
            ]
        );
    }
}
