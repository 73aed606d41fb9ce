//! Takes out of a queue's policy the statements that let everybody in.
//!
//! Statements that a condition narrows stay, also for `"*"`: what lets a topic or a bucket send by
//! `aws:SourceArn`, above all. [`Statement::reach`](super::Statement::reach) tells how that is judged.

use remedy::{Case, Id, Plan, Remediation, Risk, Settings, Severity, Spec, Trigger, Undo, Wrong};

use super::{QueueId, QueuePolicy, QueuePolicyEdit, edit::close, queue, queue_policy};

/// See the [module](self).
#[derive(Debug)]
pub struct CloseQueuePolicy;

impl Remediation for CloseQueuePolicy {
    type Facet = QueuePolicy;

    const SPEC: Spec = Spec {
        id: "messages/close_queue_policy",
        title: "Take what lets everybody in out of a queue's policy",
        triggers: &[Trigger::control("SQS.3"), Trigger::config_rule("SQS_QUEUE_NO_PUBLIC_ACCESS")],
        severity: Severity::High,
        risk: Risk::MayInterrupt,
        parameters: &[],
        undo: Undo::Yes,
        care: "Statements that a condition narrows stay, and so do principals named beside the star; what cannot be judged is left to a person.",
        since: "0.4.0",
    };

    fn configured(_: &Settings) -> Result<Self, Wrong> {
        Ok(Self)
    }

    fn plan(&self, queue: &QueuePolicy, case: &Case<'_>) -> Plan<QueuePolicyEdit> {
        let place = &case.signal.place;
        let commands = QueueId::locate(&queue.arn).map(|id| {
            let policy = "\"$(jq -c '{Policy: tostring}' policy.json)\"";
            [queue_policy::read(place, &id), queue::set(place, &id, policy)]
        });
        close(&queue.policy, queue.owners(), QueuePolicyEdit, commands.into_iter().flatten())
    }
}

#[cfg(test)]
mod tests {
    use remedy::check::{check, signal};

    use super::*;
    use crate::messages::Policy;

    const ORDERS: &str = "arn:aws:sqs:eu-west-1:111122223333:orders";
    const OPEN: &str = r#"{"Sid":"open","Effect":"Allow","Principal":{"AWS":["*"]},"Action":["SQS:SendMessage","SQS:ReceiveMessage"],"Resource":"arn:aws:sqs:eu-west-1:111122223333:orders"}"#;
    const FAN_OUT: &str = r#"{"Effect":"Allow","Principal":"*","Action":"SQS:SendMessage","Resource":"arn:aws:sqs:eu-west-1:111122223333:orders","Condition":{"ArnEquals":{"aws:SourceArn":"arn:aws:sns:eu-west-1:111122223333:orders"}}}"#;

    fn queue(text: &str) -> QueuePolicy {
        QueuePolicy {
            arn: ORDERS.into(),
            policy: Policy::parse(text).unwrap(),
            ..QueuePolicy::default()
        }
    }

    #[test]
    fn what_lets_everybody_in_goes_and_a_fan_out_stays() {
        let take = "take out of its policy open: anybody may sqs:receivemessage, sqs:sendmessage";
        let put = "put into its policy __owner_statement: arn:aws:iam::111122223333:root may sqs:*";
        for (text, expected) in [
            (format!(r#"{{"Statement":[{FAN_OUT},{OPEN}]}}"#), &[take][..]),
            (format!(r#"{{"Version":"2012-10-17","Id":"x","Statement":{OPEN}}}"#), &[put, take]),
            (format!(r#"{{"Statement":[{FAN_OUT}]}}"#), &[]),
            (String::new(), &[]),
        ] {
            check(&CloseQueuePolicy, &queue(&text), &signal(ORDERS), expected);
        }
    }
}
