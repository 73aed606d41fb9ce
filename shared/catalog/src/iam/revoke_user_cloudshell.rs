//! Takes the right to use AWS `CloudShell` in full from a user, once a person agrees.
//!
//! Files can be sent out through `CloudShell`; who works there loses it at once.

use remedy::{
    Case, Plan, Remediation, Risk, Settings, Severity, Signal, Spec, Trigger, Undo, Wrong,
};

use super::{UserPolicies, UserPolicyChange, user_policies::is_cloudshell};

/// See the [module](self).
#[derive(Debug)]
pub struct RevokeUserCloudshell;

impl Remediation for RevokeUserCloudshell {
    type Facet = UserPolicies;

    const SPEC: Spec = Spec {
        id: "iam/revoke_user_cloudshell",
        title: "Detach AWSCloudShellFullAccess from a user",
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

    fn plan(&self, user: &UserPolicies, _: &Case<'_>) -> Plan<UserPolicyChange> {
        let found = user.attached.iter().filter(|arn| is_cloudshell(arn)).cloned();
        let plan: Plan<_> = found.map(UserPolicyChange::Detach).collect();
        plan.asking("who works in AWS CloudShell as this user can do so no longer")
    }
}

#[cfg(test)]
mod tests {
    use remedy::check::{check, now, signal};

    use super::*;

    const WEB: &str = "arn:aws:iam::111122223333:user/web";
    const FULL: &str = "arn:aws:iam::aws:policy/AWSCloudShellFullAccess";

    fn web(attached: &[&str]) -> UserPolicies {
        let attached = attached.iter().map(|arn| (*arn).to_owned()).collect();
        UserPolicies { attached, ..UserPolicies::default() }
    }

    #[test]
    fn only_this_policy_goes_and_a_person_agrees_first() {
        let web = web(&[FULL, "arn:aws:iam::aws:policy/ReadOnlyAccess"]);
        let expected = ["detach policy arn:aws:iam::aws:policy/AWSCloudShellFullAccess"];
        check(&RevokeUserCloudshell, &web, &signal(WEB), &expected);
        let plan = RevokeUserCloudshell.plan(&web, &Case { signal: &signal(WEB), now: now() });
        assert!(plan.ask.is_some());
    }

    #[test]
    fn another_of_that_name_stays() {
        let own = "arn:aws:iam::111122223333:policy/AWSCloudShellFullAccess";
        check(&RevokeUserCloudshell, &web(&[own]), &signal(WEB), &[]);
        check(&RevokeUserCloudshell, &web(&[]), &signal(WEB), &[]);
    }

    #[test]
    fn what_is_no_user_is_not_answered() {
        let by = |resource| Signal { trigger: Trigger::control("IAM.27"), ..signal(resource) };
        assert!(RevokeUserCloudshell.answers(&by(WEB)));
        assert!(!RevokeUserCloudshell.answers(&by("arn:aws:iam::111122223333:group/web")));
        assert!(!RevokeUserCloudshell.answers(&signal(WEB)));
    }
}
