//! Tells how a topic's deliveries can be logged: that needs a role for SNS, and a choice of protocols.

use remedy::{Case, Plan, Remediation, Risk, Settings, Severity, Spec, Swap, Trigger, Undo, Wrong};

use super::{Topic, TopicId, TopicSetting, topic::set};

/// See the [module](self).
#[derive(Debug)]
pub struct LogDeliveries;

/// What deliveries can be logged of.
const PROTOCOLS: [&str; 5] = ["HTTP", "Firehose", "Lambda", "Application", "SQS"];

impl Remediation for LogDeliveries {
    type Facet = Topic;

    const SPEC: Spec = Spec {
        id: "messages/log_deliveries",
        title: "Log what became of a topic's messages, by hand",
        triggers: &[
            Trigger::control("SNS.2"),
            Trigger::config_rule("SNS_TOPIC_MESSAGE_DELIVERY_NOTIFICATION_ENABLED"),
        ],
        severity: Severity::Medium,
        risk: Risk::Safe,
        parameters: &[],
        undo: Undo::Nothing,
        care: "No role is handed to SNS unasked, and Security Hub has retired the control: the commands are told.",
        since: "0.4.0",
    };

    fn configured(_: &Settings) -> Result<Self, Wrong> {
        Ok(Self)
    }

    fn plan(&self, topic: &Topic, case: &Case<'_>) -> Plan<Swap<TopicSetting>> {
        let id = <TopicId as remedy::Id>::locate(&case.signal.resource);
        let Some(id) = id.filter(|_| topic.feedback.is_empty()) else { return Plan::none() };
        let commands = PROTOCOLS.iter().flat_map(|protocol| {
            ["Success", "Failure"].map(|outcome| {
                set(
                    &case.signal.place,
                    &id,
                    &format!("{protocol}{outcome}FeedbackRoleArn"),
                    "ROLE_ARN",
                )
            })
        });
        Plan::by_hand(
            "what became of its messages is not logged",
            "that needs a role that SNS may write logs as (ROLE_ARN), for the protocols of its subscriptions",
            commands,
        )
    }
}

#[cfg(test)]
mod tests {
    use remedy::check::{check, now, signal};

    use super::*;

    const ORDERS: &str = "arn:aws:sns:eu-west-1:111122223333:orders";

    #[test]
    fn the_commands_are_told_where_nothing_is_logged() {
        let signal = signal(ORDERS);
        check(&LogDeliveries, &Topic::default(), &signal, &[]);
        let plan = LogDeliveries.plan(&Topic::default(), &Case { signal: &signal, now: now() });
        assert_eq!((plan.left.len(), plan.by_hand.len()), (1, 10));
        let logs =
            Topic { feedback: ["SQSSuccessFeedbackRoleArn".into()].into(), ..Topic::default() };
        assert_eq!(LogDeliveries.plan(&logs, &Case { signal: &signal, now: now() }), Plan::none());
    }
}
