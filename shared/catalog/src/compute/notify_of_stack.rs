//! Tells which `CloudFormation` stack tells nobody what happens to it.
//!
//! Left to a person: it takes an update of the whole stack, and that may change what its template makes.

use remedy::{Case, Plan, Remediation, Risk, Settings, Severity, Spec, Swap, Trigger, Undo, Wrong};

use super::{Stack, StackSetting};

/// See the [module](self).
#[derive(Debug)]
pub struct NotifyOfStack;

impl Remediation for NotifyOfStack {
    type Facet = Stack;

    const SPEC: Spec = Spec {
        id: "compute/notify_of_stack",
        title: "Tell which CloudFormation stack tells nobody what happens to it",
        triggers: &[
            Trigger::control("CloudFormation.1"),
            Trigger::config_rule("CLOUDFORMATION_STACK_NOTIFICATION_CHECK"),
        ],
        severity: Severity::Low,
        risk: Risk::MayInterrupt,
        parameters: &[],
        undo: Undo::Nothing,
        care: "No stack is updated by itself, and topics that are told already are never replaced.",
        since: "0.4.0",
    };

    fn configured(_: &Settings) -> Result<Self, Wrong> {
        Ok(Self)
    }

    fn plan(&self, stack: &Stack, case: &Case<'_>) -> Plan<Swap<StackSetting>> {
        if !stack.topics.is_empty() || stack.is_nested || stack.is_going {
            return Plan::none();
        }
        Plan::by_hand(
            "no topic is told",
            "it takes an update of the stack with its present template, which may also change what has drifted: best set where the stack is deployed from",
            [stack.telling(&case.signal.place, "TOPIC_ARN")],
        )
    }
}

#[cfg(test)]
mod tests {
    use remedy::check::{check, now, signal};

    use super::{super::testing::left, *};

    const ARN: &str = "arn:aws:cloudformation:eu-west-1:111122223333:stack/shop/5b6f-1";

    #[test]
    fn a_stack_that_tells_nobody_is_told_with_the_way_there() {
        let stack = Stack {
            name: "shop".into(),
            parameters: vec!["Size".into(), "Zone".into()],
            capabilities: vec!["CAPABILITY_IAM".into()],
            ..Stack::default()
        };
        let signal = signal(ARN);
        check(&NotifyOfStack, &stack, &signal, &[]);
        assert_eq!(left(&NotifyOfStack, &stack, &signal).len(), 1);
        let plan = NotifyOfStack.plan(&stack, &Case { signal: &signal, now: now() });
        assert_eq!(
            plan.by_hand,
            [
                "aws cloudformation update-stack --region eu-west-1 --stack-name shop --use-previous-template --notification-arns TOPIC_ARN --parameters ParameterKey=Size,UsePreviousValue=true ParameterKey=Zone,UsePreviousValue=true --capabilities CAPABILITY_IAM"
            ]
        );
    }

    #[test]
    fn one_that_tells_somebody_or_is_nested_is_left_alone() {
        for stack in [
            Stack {
                topics: vec!["arn:aws:sns:eu-west-1:111122223333:ops".into()],
                ..Stack::default()
            },
            Stack { is_nested: true, ..Stack::default() },
        ] {
            check(&NotifyOfStack, &stack, &signal(ARN), &[]);
            assert_eq!(left(&NotifyOfStack, &stack, &signal(ARN)), [""; 0]);
        }
    }
}
