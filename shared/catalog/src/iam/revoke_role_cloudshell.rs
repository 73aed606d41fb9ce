//! Takes the right to use AWS `CloudShell` in full from a role, once a person agrees.
//!
//! Files can be sent out through `CloudShell`; who works there loses it at once. Roles that IAM Identity
//! Center or another service keeps are left to a person: they come back.

use remedy::{
    Case, Plan, Remediation, Risk, Settings, Severity, Signal, Spec, Trigger, Undo, Wrong,
};

use super::{RolePolicies, RolePolicyChange, user_policies::is_cloudshell};

/// See the [module](self).
#[derive(Debug)]
pub struct RevokeRoleCloudshell;

impl Remediation for RevokeRoleCloudshell {
    type Facet = RolePolicies;

    const SPEC: Spec = Spec {
        id: "iam/revoke_role_cloudshell",
        title: "Detach AWSCloudShellFullAccess from a role",
        triggers: &[
            Trigger::control("IAM.27"),
            Trigger::config_rule("IAM_POLICY_BLACKLISTED_CHECK"),
        ],
        severity: Severity::Medium,
        risk: Risk::MayInterrupt,
        parameters: &[],
        undo: Undo::Yes,
        care: "A person agrees first; no other policy is touched, and IAM lets this function detach no other.",
        since: "0.4.0",
    };

    fn configured(_: &Settings) -> Result<Self, Wrong> {
        Ok(Self)
    }

    /// The control is about users, groups and roles.
    fn answers(&self, signal: &Signal) -> bool {
        Self::SPEC.triggers.iter().any(|trigger| trigger.is(&signal.trigger))
            && self.target(signal).is_some()
    }

    fn plan(&self, role: &RolePolicies, case: &Case<'_>) -> Plan<RolePolicyChange> {
        let found: Vec<_> = role.attached.iter().filter(|arn| is_cloudshell(arn)).collect();
        let path = self.target(case.signal).map(|id| id.path).unwrap_or_default();
        if !found.is_empty() && path.starts_with("/aws-") {
            return Plan::by_hand(
                "policy AWSCloudShellFullAccess is attached",
                "a service of AWS keeps this role: take the policy from the permission set there",
                [],
            );
        }
        let plan: Plan<_> = found.into_iter().cloned().map(RolePolicyChange::Detach).collect();
        plan.asking("who works in AWS CloudShell as this role can do so no longer")
    }
}

#[cfg(test)]
mod tests {
    use remedy::check::{check, now, signal};

    use super::*;

    const WEB: &str = "arn:aws:iam::111122223333:role/web";
    const FULL: &str = "arn:aws:iam::aws:policy/AWSCloudShellFullAccess";

    fn web(attached: &[&str]) -> RolePolicies {
        let attached = attached.iter().map(|arn| (*arn).to_owned()).collect();
        RolePolicies { attached, ..RolePolicies::default() }
    }

    #[test]
    fn only_this_policy_goes_and_a_person_agrees_first() {
        let web = web(&[FULL, "arn:aws:iam::aws:policy/ReadOnlyAccess"]);
        let expected = ["detach policy arn:aws:iam::aws:policy/AWSCloudShellFullAccess"];
        check(&RevokeRoleCloudshell, &web, &signal(WEB), &expected);
        let plan = RevokeRoleCloudshell.plan(&web, &Case { signal: &signal(WEB), now: now() });
        assert!(plan.ask.is_some());
    }

    #[test]
    fn another_of_that_name_stays() {
        let own = "arn:aws:iam::111122223333:policy/AWSCloudShellFullAccess";
        check(&RevokeRoleCloudshell, &web(&[own]), &signal(WEB), &[]);
        check(&RevokeRoleCloudshell, &web(&[]), &signal(WEB), &[]);
    }

    #[test]
    fn what_is_no_role_is_not_answered() {
        let by = |resource| Signal { trigger: Trigger::control("IAM.27"), ..signal(resource) };
        assert!(RevokeRoleCloudshell.answers(&by(WEB)));
        assert!(!RevokeRoleCloudshell.answers(&by("arn:aws:iam::111122223333:group/web")));
        assert!(!RevokeRoleCloudshell.answers(&signal(WEB)));
    }

    #[test]
    fn roles_that_aws_keeps_are_left_to_a_person() {
        let kept = signal(
            "arn:aws:iam::111122223333:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_x",
        );
        check(&RevokeRoleCloudshell, &web(&[FULL]), &kept, &[]);
        let plan = RevokeRoleCloudshell.plan(&web(&[FULL]), &Case { signal: &kept, now: now() });
        assert_eq!(plan.left.len(), 1);
    }
}
