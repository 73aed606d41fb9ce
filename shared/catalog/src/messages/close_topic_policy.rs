//! Takes out of a topic's policy the statements that let everybody in.
//!
//! Statements that a condition narrows stay, also for `"*"`: `aws:SourceOwner`, `aws:PrincipalOrgID`,
//! `aws:SourceArn` and the like. [`Statement::reach`](super::Statement::reach) tells how that is judged.

use remedy::{Case, Id, Plan, Remediation, Risk, Settings, Severity, Spec, Trigger, Undo, Wrong};

use super::{TopicId, TopicPolicy, TopicPolicyEdit, edit::close, topic, topic_policy};

/// See the [module](self).
#[derive(Debug)]
pub struct CloseTopicPolicy;

impl Remediation for CloseTopicPolicy {
    type Facet = TopicPolicy;

    const SPEC: Spec = Spec {
        id: "messages/close_topic_policy",
        title: "Take what lets everybody in out of a topic's policy",
        triggers: &[Trigger::control("SNS.4"), Trigger::config_rule("SNS_TOPIC_NO_PUBLIC_ACCESS")],
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

    fn plan(&self, topic: &TopicPolicy, case: &Case<'_>) -> Plan<TopicPolicyEdit> {
        let place = &case.signal.place;
        let commands = TopicId::locate(&topic.arn).map(|id| {
            let set = topic::set(place, &id, "Policy", "file://policy.json");
            [topic_policy::read(place, &id), set]
        });
        close(&topic.policy, topic.owners(), TopicPolicyEdit, commands.into_iter().flatten())
    }
}

#[cfg(test)]
mod tests {
    use remedy::check::{check, now, signal};

    use super::*;
    use crate::messages::Policy;

    const ORDERS: &str = "arn:aws:sns:eu-west-1:111122223333:orders";
    const OPEN: &str = r#"{"Sid":"open","Effect":"Allow","Principal":"*","Action":"SNS:Publish","Resource":"arn:aws:sns:eu-west-1:111122223333:orders"}"#;
    const OURS: &str = r#"{"Sid":"ours","Effect":"Allow","Principal":{"AWS":"*"},"Action":"SNS:Publish","Resource":"arn:aws:sns:eu-west-1:111122223333:orders","Condition":{"StringEquals":{"AWS:SourceOwner":"111122223333"}}}"#;
    const UNCLEAR: &str = r#"{"Sid":"mail","Effect":"Allow","Principal":"*","Action":"SNS:Subscribe","Resource":"arn:aws:sns:eu-west-1:111122223333:orders","Condition":{"StringLike":{"sns:Endpoint":"*@example.com"}}}"#;
    const SHIELD: &str = r#"{"Sid":"shield","Effect":"Deny","Principal":"*","Action":"SNS:Publish","Resource":"arn:aws:sns:eu-west-1:111122223333:orders","Condition":{"StringNotEquals":{"aws:PrincipalOrgID":"o-a1b2c3d4e5"}}}"#;

    fn topic(statements: &[&str]) -> TopicPolicy {
        let text = format!(r#"{{"Version":"2008-10-17","Statement":[{}]}}"#, statements.join(","));
        TopicPolicy {
            arn: ORDERS.into(),
            policy: Policy::parse(&text).unwrap(),
            ..TopicPolicy::default()
        }
    }

    fn plan(statements: &[&str]) -> Plan<TopicPolicyEdit> {
        CloseTopicPolicy.plan(&topic(statements), &Case { signal: &signal(ORDERS), now: now() })
    }

    #[test]
    fn what_lets_everybody_in_goes_and_the_rest_stays() {
        let take = "take out of its policy open: anybody may sns:publish";
        for (statements, expected) in [
            (&[OURS, OPEN][..], &[take][..]),
            (&[OPEN, OURS, OPEN], &[take]),
            (&[OPEN, UNCLEAR], &[take]),
            (&[OPEN, SHIELD], &[take]),
            (&[OURS], &[]),
            (&[UNCLEAR], &[]),
            (&[SHIELD], &[]),
        ] {
            check(&CloseTopicPolicy, &topic(statements), &signal(ORDERS), expected);
        }
    }

    #[test]
    fn a_topic_that_would_be_left_without_a_policy_gets_the_one_that_topics_begin_with() {
        let expected = [
            "put into its policy __default_statement_ID: anybody may sns:addpermission, sns:deletetopic, sns:gettopicattributes, sns:listsubscriptionsbytopic, sns:publish, sns:removepermission, sns:settopicattributes, sns:subscribe under conditions",
            "take out of its policy open: anybody may sns:publish",
        ];
        check(&CloseTopicPolicy, &topic(&[OPEN]), &signal(ORDERS), &expected);
    }

    #[test]
    fn who_is_named_beside_everybody_stays() {
        let mixed = OPEN.replace(r#""*""#, r#"{"AWS":["*","444455556666"]}"#);
        let expected = [
            "put into its policy open: 444455556666 may sns:publish",
            "take out of its policy open: anybody, 444455556666 may sns:publish",
        ];
        check(&CloseTopicPolicy, &topic(&[&mixed]), &signal(ORDERS), &expected);
    }

    #[test]
    fn what_cannot_be_judged_is_left_to_a_person() {
        let plan = plan(&[UNCLEAR]);
        assert_eq!(plan.left[0].what, "mail: anybody may sns:subscribe under conditions");
        assert_eq!(plan.by_hand.len(), 2);
        assert!(plan.left[0].why.to_string().contains("StringLike sns:Endpoint"));
    }

    #[test]
    fn a_person_looks_where_a_deny_may_keep_everybody_out_already() {
        assert!(
            plan(&[OPEN, SHIELD]).ask.unwrap().contains("shield: anybody must not sns:publish")
        );
        assert_eq!(plan(&[OPEN, OURS]).ask, None);
        assert_eq!(plan(&[OURS, SHIELD]).ask, None);
    }
}
