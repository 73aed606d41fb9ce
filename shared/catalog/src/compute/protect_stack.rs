//! Keeps a `CloudFormation` stack from being deleted by mistake.
//!
//! A nested stack is left alone: there the protection of the outermost counts. So is one that is being deleted.

use remedy::{Case, Plan, Remediation, Risk, Settings, Severity, Spec, Swap, Trigger, Undo, Wrong};

use super::{Stack, StackSetting};

/// See the [module](self).
#[derive(Debug)]
pub struct ProtectStack;

impl Remediation for ProtectStack {
    type Facet = Stack;

    const SPEC: Spec = Spec {
        id: "compute/protect_stack",
        title: "Turn on termination protection of a CloudFormation stack",
        triggers: &[
            Trigger::control("CloudFormation.3"),
            Trigger::config_rule("CLOUDFORMATION_TERMINATION_PROTECTION_CHECK"),
        ],
        severity: Severity::Medium,
        risk: Risk::Safe,
        parameters: &[],
        undo: Undo::Yes,
        care: "Nested stacks are left to the outermost one, and stacks of a stack set to the set, which could not delete them any more.",
        since: "0.4.0",
    };

    fn configured(_: &Settings) -> Result<Self, Wrong> {
        Ok(Self)
    }

    fn plan(&self, stack: &Stack, _: &Case<'_>) -> Plan<Swap<StackSetting>> {
        if stack.is_nested || stack.is_going {
            return Plan::none();
        }
        let is = StackSetting::Protection(stack.is_protected);
        Swap::of(is, StackSetting::Protection(true)).into_iter().collect()
    }
}

#[cfg(test)]
mod tests {
    use remedy::check::{check, signal};

    use super::*;

    const ARN: &str = "arn:aws:cloudformation:eu-west-1:111122223333:stack/shop/5b6f-1";

    #[test]
    fn a_stack_that_anybody_can_delete_is_protected() {
        let expected = ["set termination protection on (it is termination protection off)"];
        check(&ProtectStack, &Stack::default(), &signal(ARN), &expected);
    }

    #[test]
    fn one_that_is_protected_or_nested_or_going_is_left_alone() {
        for stack in [
            Stack { is_protected: true, ..Stack::default() },
            Stack { is_nested: true, ..Stack::default() },
            Stack { is_going: true, ..Stack::default() },
        ] {
            check(&ProtectStack, &stack, &signal(ARN), &[]);
        }
    }
}
