//! Encrypts a queue's messages with a key that SQS keeps, which nobody needs rights to.
//!
//! A queue with a key of KMS keeps it. SQS takes no anonymous messages for an encrypted queue, so one whose
//! policy lets everybody in waits for a person.

use remedy::{Case, Plan, Remediation, Risk, Settings, Severity, Spec, Swap, Trigger, Undo, Wrong};

use super::{Queue, QueueSetting, Reach};

/// See the [module](self).
#[derive(Debug)]
pub struct EncryptQueue;

impl Remediation for EncryptQueue {
    type Facet = Queue;

    const SPEC: Spec = Spec {
        id: "messages/encrypt_queue",
        title: "Encrypt a queue's messages with a key that SQS keeps",
        triggers: &[Trigger::control("SQS.1")],
        severity: Severity::Medium,
        risk: Risk::Safe,
        parameters: &[],
        undo: Undo::Yes,
        care: "A key of KMS that is there stays; none is brought in, so nobody loses messages for lack of rights to it.",
        since: "0.4.0",
    };

    fn configured(_: &Settings) -> Result<Self, Wrong> {
        Ok(Self)
    }

    fn plan(&self, queue: &Queue, _: &Case<'_>) -> Plan<Swap<QueueSetting>> {
        if queue.key.is_some() {
            return Plan::none();
        }
        let is = QueueSetting::ManagedEncryption(queue.managed);
        let plan: Plan<_> =
            Swap::of(is, QueueSetting::ManagedEncryption(true)).into_iter().collect();
        let lets_in = |reach| matches!(reach, Reach::Anybody | Reach::Unclear(_));
        match queue.policy.statements().iter().find(|one| lets_in(one.reach())) {
            Some(open) => plan.asking(format!(
                "SQS takes no anonymous messages for an encrypted queue, and its policy may let them in: {open}"
            )),
            None => plan,
        }
    }
}

#[cfg(test)]
mod tests {
    use remedy::check::{check, now, signal};

    use super::*;
    use crate::messages::Policy;

    const ORDERS: &str = "arn:aws:sqs:eu-west-1:111122223333:orders";

    #[test]
    fn a_queue_in_the_clear_is_encrypted() {
        let expected =
            ["set encryption with a key of SQS on (it is encryption with a key of SQS off)"];
        check(&EncryptQueue, &Queue::default(), &signal(ORDERS), &expected);
    }

    #[test]
    fn one_that_is_encrypted_keeps_its_key() {
        for queue in [
            Queue { managed: true, ..Queue::default() },
            Queue { key: Some("alias/ours".into()), ..Queue::default() },
            Queue { key: Some("alias/aws/sqs".into()), ..Queue::default() },
        ] {
            check(&EncryptQueue, &queue, &signal(ORDERS), &[]);
        }
    }

    #[test]
    fn a_person_looks_where_anonymous_messages_may_come() {
        let open = r#"{"Statement":[{"Sid":"open","Effect":"Allow","Principal":"*","Action":"SQS:SendMessage"}]}"#;
        let queue = Queue { policy: Policy::parse(open).unwrap(), ..Queue::default() };
        let case = Case { signal: &signal(ORDERS), now: now() };
        assert!(
            EncryptQueue
                .plan(&queue, &case)
                .ask
                .unwrap()
                .ends_with("open: anybody may sqs:sendmessage")
        );
        assert_eq!(EncryptQueue.plan(&Queue::default(), &case).ask, None);
    }
}
